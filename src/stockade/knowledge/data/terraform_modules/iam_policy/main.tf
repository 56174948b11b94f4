# What terraform-aws-modules/iam//modules/iam-policy declares, in our own words; see `../../terraform_modules.json`.

variable "create_policy" { default = true } # until version 6
variable "create" { default = true }        # since
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = null }
variable "policy" { default = "" }
variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_iam_policy" "policy" {
  count       = var.create && var.create_policy ? 1 : 0
  name        = var.name
  name_prefix = var.name_prefix
  path        = var.path
  policy      = var.policy
  tags        = var.tags
}

output "id" { value = try(aws_iam_policy.policy[0].id, "") }
output "arn" { value = try(aws_iam_policy.policy[0].arn, "") }
output "name" { value = try(aws_iam_policy.policy[0].name, "") }
output "path" { value = var.path }
output "policy" { value = var.policy }
