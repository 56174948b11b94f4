# What terraform-aws-modules/step-functions declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }
variable "decides" { type = any }

variable "create" { default = true }
variable "name" { default = "" }
variable "type" { default = "STANDARD" }
variable "definition" { default = "" }
variable "publish" { default = false }
variable "encryption_configuration" {
  type    = any
  default = {}
}
variable "logging_configuration" {
  type    = any
  default = {}
}
variable "service_integrations" {
  type    = any
  default = {}
}
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  logs   = var.create && try(var.logging_configuration.level, "OFF") != "OFF"
  role   = var.create && var.create_role && !var.use_existing_role
  traces = try(var.service_integrations["xray"]["xray"] == true, false)
  group  = var.given.cloudwatch_log_group_name ? var.cloudwatch_log_group_name : local.own_group
}

resource "aws_sfn_state_machine" "this" {
  count      = var.create ? 1 : 0
  name       = var.name
  type       = upper(var.type)
  definition = var.definition
  role_arn   = var.use_existing_role ? var.role_arn : try(aws_iam_role.this[0].arn, var.role_arn)
  publish    = var.publish
  tags       = merge({ Name = var.name }, var.tags)

  logging_configuration {
    level                  = local.logs ? var.logging_configuration.level : null
    include_execution_data = local.logs ? try(var.logging_configuration.include_execution_data, null) : null
    log_destination        = local.logs ? try(var.logging_configuration.log_destination, "${aws_cloudwatch_log_group.sfn[0].arn}:*", null) : null
  }

  tracing_configuration {
    enabled = local.traces ? true : null
  }

  encryption_configuration {
    type       = try(var.encryption_configuration.type, null)
    kms_key_id = try(var.encryption_configuration.kms_key_id, null)
  }
}

# ---------------------------------------------------------------------------------------------------------------- logs

variable "use_existing_cloudwatch_log_group" { default = false }
variable "cloudwatch_log_group_name" { default = null }
variable "cloudwatch_log_group_retention_in_days" { default = null }
variable "cloudwatch_log_group_kms_key_id" { default = null }
variable "cloudwatch_log_group_tags" {
  type    = map(string)
  default = {}
}

resource "aws_cloudwatch_log_group" "sfn" {
  count             = local.logs && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = local.group
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags              = merge(var.tags, var.cloudwatch_log_group_tags)
}

# ---------------------------------------------------------------------------------------------------------------- role

variable "create_role" { default = true }
variable "use_existing_role" { default = false }
variable "role_arn" { default = "" }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "aws_region_assume_role" { default = "" }
variable "trusted_entities" { default = [] }
variable "role_tags" {
  type    = map(string)
  default = {}
}

data "aws_region" "current" {}

data "aws_iam_policy_document" "assume_role" {
  count = local.role ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type = "Service"
      identifiers = concat(
        ["states.${var.given.aws_region_assume_role ? var.aws_region_assume_role : data.aws_region.current.name}.amazonaws.com"],
        var.trusted_entities,
      )
    }
  }
}

resource "aws_iam_role" "this" {
  count                = local.role ? 1 : 0
  name                 = var.given.role_name ? var.role_name : var.name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role[0].json
  tags                 = merge(var.tags, var.role_tags)
}

variable "policy_path" { default = null }
variable "attach_policies_for_integrations" { default = true }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy_statements" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "number_of_policy_jsons" { default = 0 }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "number_of_policies" { default = 0 }
variable "policy_statements" {
  type    = any
  default = {}
}

locals {
  role_name = var.given.role_name ? var.role_name : var.name
  functions = try(flatten([var.service_integrations.lambda.lambda]), [])
  # What each of the other integrations lets the role do is a table of the module's.
  others = [for service, wanted in var.service_integrations : service if service != "lambda"]
}

data "aws_iam_policy_document" "lambda" {
  statement {
    sid       = "lambda"
    actions   = ["lambda:InvokeFunction"]
    resources = local.functions
  }
}

data "aws_iam_policy_document" "service" {
  source_policy_documents = concat(
    length(local.functions) > 0 ? [data.aws_iam_policy_document.lambda.json] : [],
    length(local.others) > 0 ? [var.decides.statements] : [],
  )
}

resource "aws_iam_policy" "service" {
  count  = local.role && var.attach_policies_for_integrations && length(var.service_integrations) > 0 ? 1 : 0
  name   = "${local.role_name}-services"
  path   = var.policy_path
  policy = data.aws_iam_policy_document.service.json
}

resource "aws_iam_role_policy_attachment" "service" {
  count      = local.role && var.attach_policies_for_integrations && length(var.service_integrations) > 0 ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.service[0].arn
}

# The delivery of logs wants rights on every log group: there are none for a single one.
data "aws_iam_policy_document" "logs" {
  statement {
    actions = [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "logs" {
  count  = local.role && local.logs && var.attach_cloudwatch_logs_policy ? 1 : 0
  name   = "${local.role_name}-logs"
  path   = var.policy_path
  policy = data.aws_iam_policy_document.logs.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  count      = local.role && local.logs && var.attach_cloudwatch_logs_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.logs[0].arn
}

resource "aws_iam_policy" "additional_json" {
  count  = local.role && var.attach_policy_json ? 1 : 0
  name   = local.role_name
  path   = var.policy_path
  policy = var.policy_json
}

resource "aws_iam_role_policy_attachment" "additional_json" {
  count      = local.role && var.attach_policy_json ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.additional_json[0].arn
}

resource "aws_iam_policy" "additional_jsons" {
  count  = local.role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name   = "${local.role_name}-${count.index}"
  path   = var.policy_path
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "additional_jsons" {
  count      = local.role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.additional_jsons[count.index].arn
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policies[count.index]
}

data "aws_iam_policy_document" "additional_inline" {
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "additional_inline" {
  count  = local.role && var.attach_policy_statements ? 1 : 0
  name   = "${local.role_name}-inline"
  path   = var.policy_path
  policy = data.aws_iam_policy_document.additional_inline.json
}

resource "aws_iam_role_policy_attachment" "additional_inline" {
  count      = local.role && var.attach_policy_statements ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = aws_iam_policy.additional_inline[0].arn
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "state_machine_arn" { value = try(aws_sfn_state_machine.this[0].arn, "") }
output "state_machine_id" { value = try(aws_sfn_state_machine.this[0].id, "") }
output "state_machine_name" { value = try(aws_sfn_state_machine.this[0].name, "") }
output "role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "role_name" { value = try(aws_iam_role.this[0].name, "") }
output "cloudwatch_log_group_arn" { value = try(aws_cloudwatch_log_group.sfn[0].arn, "") }
output "cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.sfn[0].name, "") }
