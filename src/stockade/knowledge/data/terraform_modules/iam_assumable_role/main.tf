# What terraform-aws-modules/iam//modules/iam-assumable-role declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }

variable "create_role" { default = false }
variable "create_instance_profile" { default = false }
variable "role_name" { default = null }
variable "role_name_prefix" { default = null }
variable "role_path" { default = "/" }
variable "role_permissions_boundary_arn" { default = "" }
variable "max_session_duration" { default = 3600 }
variable "tags" {
  type    = map(string)
  default = {}
}

# -------------------------------------------------------------------------------------------------------- who may assume

variable "trusted_role_actions" { default = ["sts:AssumeRole", "sts:TagSession"] }
variable "trusted_role_arns" { default = [] }
variable "trusted_role_services" { default = [] }
variable "role_requires_mfa" { default = true }
variable "mfa_age" { default = 86400 }
variable "role_sts_externalid" {
  type    = any
  default = []
}
variable "allow_self_assume_role" { default = false }
variable "trust_policy_conditions" {
  type    = any
  default = []
}
variable "custom_role_trust_policy" { default = "" }
variable "create_custom_role_trust_policy" { default = false }
variable "decides" { type = any }

data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = var.trusted_role_actions

    principals {
      type        = "AWS"
      identifiers = var.trusted_role_arns
    }

    principals {
      type        = "Service"
      identifiers = var.trusted_role_services
    }

    dynamic "condition" {
      for_each = length(try(flatten([var.role_sts_externalid]), [])) > 0 ? [true] : []
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = flatten([var.role_sts_externalid])
      }
    }

    dynamic "condition" {
      for_each = var.role_requires_mfa ? [true] : []
      content {
        test     = "Bool"
        variable = "aws:MultiFactorAuthPresent"
        values   = ["true"]
      }
    }

    dynamic "condition" {
      for_each = var.role_requires_mfa ? [true] : []
      content {
        test     = "NumericLessThan"
        variable = "aws:MultiFactorAuthAge"
        values   = [tostring(var.mfa_age)]
      }
    }

    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary_arn
  max_session_duration = var.max_session_duration
  # Of a role that may assume itself the module writes a further statement.
  assume_role_policy = var.create_custom_role_trust_policy || var.given.custom_role_trust_policy ? var.custom_role_trust_policy : var.allow_self_assume_role ? var.decides.trust : data.aws_iam_policy_document.assume_role.json
  tags               = var.tags
}

resource "aws_iam_instance_profile" "this" {
  count = var.create_role && var.create_instance_profile ? 1 : 0
  name  = var.role_name
  role  = aws_iam_role.this[0].name
}

# ------------------------------------------------------------------------------------------------------------- policies

variable "custom_role_policy_arns" { default = [] }
variable "number_of_custom_role_policy_arns" { default = null }
variable "attach_admin_policy" { default = false }
variable "attach_poweruser_policy" { default = false }
variable "attach_readonly_policy" { default = false }
variable "admin_role_policy_arn" { default = "arn:aws:iam::aws:policy/AdministratorAccess" }
variable "poweruser_role_policy_arn" { default = "arn:aws:iam::aws:policy/PowerUserAccess" }
variable "readonly_role_policy_arn" { default = "arn:aws:iam::aws:policy/ReadOnlyAccess" }

locals {
  wanted = var.given.number_of_custom_role_policy_arns ? var.number_of_custom_role_policy_arns : length(var.custom_role_policy_arns)
}

resource "aws_iam_role_policy_attachment" "custom" {
  count      = var.create_role ? local.wanted : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.custom_role_policy_arns[count.index]
}

resource "aws_iam_role_policy_attachment" "admin" {
  count      = var.create_role && var.attach_admin_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.admin_role_policy_arn
}

resource "aws_iam_role_policy_attachment" "poweruser" {
  count      = var.create_role && var.attach_poweruser_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.poweruser_role_policy_arn
}

resource "aws_iam_role_policy_attachment" "readonly" {
  count      = var.create_role && var.attach_readonly_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.readonly_role_policy_arn
}

variable "inline_policy_statements" {
  type    = any
  default = []
}

data "aws_iam_policy_document" "inline" {
  dynamic "statement" {
    for_each = var.inline_policy_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, statement.value.conditions, [])
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
  count  = var.create_role && length(var.inline_policy_statements) > 0 ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.inline.json
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
output "iam_role_path" { value = var.role_path }
output "iam_role_unique_id" { value = try(aws_iam_role.this[0].unique_id, "") }
output "iam_instance_profile_arn" { value = try(aws_iam_instance_profile.this[0].arn, "") }
output "iam_instance_profile_name" { value = try(aws_iam_instance_profile.this[0].name, "") }
