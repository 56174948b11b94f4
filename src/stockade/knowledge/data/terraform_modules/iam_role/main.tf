# What terraform-aws-modules/iam//modules/iam-role declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }
variable "decides" { type = any }

variable "create" { default = true }
variable "create_instance_profile" { default = false }
variable "name" { default = null }
variable "use_name_prefix" { default = true }
variable "path" { default = "/" }
variable "permissions_boundary" { default = null }
variable "max_session_duration" { default = null }
variable "tags" {
  type    = map(string)
  default = {}
}

# -------------------------------------------------------------------------------------------------------- who may assume

variable "source_trust_policy_documents" { default = [] }
variable "override_trust_policy_documents" { default = [] }
variable "trust_policy_permissions" {
  type    = any
  default = {}
}
variable "enable_oidc" { default = false }
variable "enable_github_oidc" { default = false }
variable "enable_bitbucket_oidc" { default = false }
variable "enable_saml" { default = false }

locals {
  # The statements for identities from outside are the module's.
  federated = var.enable_oidc || var.enable_github_oidc || var.enable_bitbucket_oidc || var.enable_saml
}

data "aws_iam_policy_document" "trust" {
  source_policy_documents   = concat(var.source_trust_policy_documents, local.federated ? [var.decides.trust] : [])
  override_policy_documents = var.override_trust_policy_documents

  dynamic "statement" {
    for_each = var.given.trust_policy_permissions ? var.trust_policy_permissions : {}
    content {
      sid         = try(statement.value.sid, null)
      effect      = try(statement.value.effect, null)
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)

      dynamic "principals" {
        for_each = try(flatten([statement.value.principals]), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(flatten([statement.value.not_principals]), [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(flatten([statement.value.condition]), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.use_name_prefix ? null : var.name
  name_prefix          = var.use_name_prefix ? "${var.name}-" : null
  path                 = var.path
  permissions_boundary = var.permissions_boundary
  max_session_duration = var.max_session_duration
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

# ------------------------------------------------------------------------------------------------------------- policies

variable "policies" {
  type    = any
  default = {}
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for name, arn in var.policies : name => arn if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

variable "create_inline_policy" { default = false }
variable "source_inline_policy_documents" { default = [] }
variable "override_inline_policy_documents" { default = [] }
variable "inline_policy_permissions" {
  type    = any
  default = {}
}

data "aws_iam_policy_document" "inline" {
  source_policy_documents   = var.source_inline_policy_documents
  override_policy_documents = var.override_inline_policy_documents

  dynamic "statement" {
    for_each = var.given.inline_policy_permissions ? var.inline_policy_permissions : {}
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(flatten([statement.value.condition]), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create && var.create_inline_policy ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.inline.json
}

resource "aws_iam_instance_profile" "this" {
  count = var.create && var.create_instance_profile ? 1 : 0
  name  = var.use_name_prefix ? null : var.name
  role  = aws_iam_role.this[0].name
}

output "arn" { value = try(aws_iam_role.this[0].arn, null) }
output "name" { value = try(aws_iam_role.this[0].name, null) }
output "unique_id" { value = try(aws_iam_role.this[0].unique_id, null) }
output "instance_profile_arn" { value = try(aws_iam_instance_profile.this[0].arn, null) }
output "instance_profile_name" { value = try(aws_iam_instance_profile.this[0].name, null) }
