# What terraform-aws-modules/lambda//modules/docker-build declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }

variable "create_ecr_repo" { default = false }
variable "ecr_address" { default = null }
variable "ecr_repo" { default = null }
variable "ecr_repo_tags" {
  type    = map(string)
  default = {}
}
variable "ecr_repo_lifecycle_policy" { default = null }
variable "image_tag_mutability" { default = "MUTABLE" }
variable "scan_on_push" { default = false }
variable "use_image_tag" { default = true }
variable "image_tag" { default = null }

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  registry   = var.given.ecr_address ? var.ecr_address : "${data.aws_caller_identity.current.account_id}.dkr.ecr.${data.aws_region.current.name}.amazonaws.com"
  repository = var.create_ecr_repo ? aws_ecr_repository.this[0].id : var.ecr_repo
  # Without a tag of the caller's, the tag is the time at which the image is built.
  tag    = var.given.image_tag ? var.image_tag : formatdate("YYYYMMDDhhmmss", timestamp())
  named  = "${local.registry}/${local.repository}"
  digest = var.decides.digest
}

variable "decides" { type = any }

resource "aws_ecr_repository" "this" {
  count                = var.create_ecr_repo ? 1 : 0
  name                 = var.ecr_repo
  image_tag_mutability = var.image_tag_mutability
  tags                 = var.ecr_repo_tags

  image_scanning_configuration {
    scan_on_push = var.scan_on_push
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  count      = var.given.ecr_repo_lifecycle_policy ? 1 : 0
  repository = local.repository
  policy     = var.ecr_repo_lifecycle_policy
}

output "image_uri" { value = var.use_image_tag ? "${local.named}:${local.tag}" : "${local.named}@${local.digest}" }
output "image_id" { value = local.digest }
