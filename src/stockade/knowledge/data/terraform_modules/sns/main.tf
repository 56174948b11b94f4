# What terraform-aws-modules/sns declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }

variable "create" { default = true }
variable "name" { default = null }
variable "use_name_prefix" { default = false }
variable "fifo_topic" { default = false }
variable "kms_master_key_id" { default = null }
variable "tracing_config" { default = null }
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  stem = trimsuffix(var.given.name ? var.name : "", ".fifo")
}

resource "aws_sns_topic" "this" {
  count = var.create ? 1 : 0

  name              = var.use_name_prefix ? null : var.fifo_topic ? "${local.stem}.fifo" : local.stem
  name_prefix       = var.use_name_prefix ? "${local.stem}-" : null
  fifo_topic        = var.fifo_topic
  kms_master_key_id = var.kms_master_key_id
  tracing_config    = var.tracing_config
  policy            = var.create_topic_policy ? null : var.topic_policy # only where the module makes none itself
  tags              = var.tags
}

# ------------------------------------------------------------------------------------------------------- topic's policy

variable "create_topic_policy" { default = true }
variable "topic_policy" { default = null }
variable "enable_default_topic_policy" { default = true }
variable "source_topic_policy_documents" { default = [] }
variable "override_topic_policy_documents" { default = [] }
variable "topic_policy_statements" {
  type    = any
  default = {}
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "this" {
  count                     = var.create && var.create_topic_policy ? 1 : 0
  source_policy_documents   = var.source_topic_policy_documents
  override_policy_documents = var.override_topic_policy_documents

  # What SNS gives a topic by itself: everything, to principals of the topic's own account.
  dynamic "statement" {
    for_each = var.enable_default_topic_policy ? [true] : []
    content {
      sid = "__default_statement_ID"
      actions = [
        "sns:Subscribe",
        "sns:SetTopicAttributes",
        "sns:RemovePermission",
        "sns:Publish",
        "sns:ListSubscriptionsByTopic",
        "sns:GetTopicAttributes",
        "sns:DeleteTopic",
        "sns:AddPermission",
      ]
      resources = [aws_sns_topic.this[0].arn]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = "StringEquals"
        variable = "AWS:SourceOwner"
        values   = [data.aws_caller_identity.current.account_id]
      }
    }
  }

  dynamic "statement" {
    for_each = var.given.topic_policy_statements ? var.topic_policy_statements : {}
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(coalescelist(statement.value.resources), [aws_sns_topic.this[0].arn])
      not_resources = try(statement.value.not_resources, null)

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

      # `conditions` until version 7, `condition` since.
      dynamic "condition" {
        for_each = try(flatten([statement.value.condition]), flatten([statement.value.conditions]), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  count  = var.create && var.create_topic_policy ? 1 : 0
  arn    = aws_sns_topic.this[0].arn
  policy = data.aws_iam_policy_document.this[0].json
}

# -------------------------------------------------------------------------------------------------------- subscriptions

variable "create_subscription" { default = true }
variable "subscriptions" {
  type    = any
  default = {}
}

resource "aws_sns_topic_subscription" "this" {
  for_each = { for name, subscription in var.subscriptions : name => subscription if var.create && var.create_subscription }

  topic_arn             = aws_sns_topic.this[0].arn
  protocol              = each.value.protocol
  endpoint              = each.value.endpoint
  filter_policy         = try(each.value.filter_policy, null)
  filter_policy_scope   = try(each.value.filter_policy_scope, null)
  raw_message_delivery  = try(each.value.raw_message_delivery, null)
  redrive_policy        = try(each.value.redrive_policy, null)
  subscription_role_arn = try(each.value.subscription_role_arn, null)
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "topic_name" { value = try(aws_sns_topic.this[0].name, null) }
output "subscriptions" { value = aws_sns_topic_subscription.this }
