# What terraform-aws-modules/sqs declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }

variable "create" { default = true }
variable "name" { default = null }
variable "use_name_prefix" { default = false }
variable "fifo_queue" { default = false }
variable "visibility_timeout_seconds" { default = null }
variable "message_retention_seconds" { default = null }
variable "kms_master_key_id" { default = null }
variable "sqs_managed_sse_enabled" { default = true }
variable "redrive_policy" {
  type    = any
  default = {}
}
variable "redrive_allow_policy" {
  type    = any
  default = {}
}
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  stem   = trimsuffix(var.given.name ? var.name : "", ".fifo")
  suffix = var.fifo_queue ? ".fifo" : ""
  queue  = var.create
  dlq    = var.create && var.create_dlq
}

resource "aws_sqs_queue" "this" {
  count = local.queue ? 1 : 0

  name                       = var.use_name_prefix ? null : "${local.stem}${local.suffix}"
  name_prefix                = var.use_name_prefix ? "${local.stem}-" : null
  fifo_queue                 = var.fifo_queue
  visibility_timeout_seconds = var.visibility_timeout_seconds
  message_retention_seconds  = var.message_retention_seconds
  kms_master_key_id          = var.kms_master_key_id
  sqs_managed_sse_enabled    = var.given.kms_master_key_id ? null : var.sqs_managed_sse_enabled
  tags                       = var.tags
}

# The caller's redrive policy, unless the module makes the dead-letter queue itself.
resource "aws_sqs_queue_redrive_policy" "this" {
  count          = local.queue && !var.create_dlq && length(var.redrive_policy) > 0 ? 1 : 0
  queue_url      = aws_sqs_queue.this[0].url
  redrive_policy = jsonencode(var.redrive_policy)
}

resource "aws_sqs_queue_redrive_policy" "dlq" {
  count     = local.dlq ? 1 : 0
  queue_url = aws_sqs_queue.this[0].url
  redrive_policy = jsonencode(merge(
    { deadLetterTargetArn = aws_sqs_queue.dlq[0].arn, maxReceiveCount = 5 },
    var.redrive_policy,
  ))
}

resource "aws_sqs_queue_redrive_allow_policy" "this" {
  count                = local.queue && length(var.redrive_allow_policy) > 0 ? 1 : 0
  queue_url            = aws_sqs_queue.this[0].url
  redrive_allow_policy = jsonencode(var.redrive_allow_policy)
}

# ------------------------------------------------------------------------------------------------------- queue's policy

variable "create_queue_policy" { default = false }
variable "source_queue_policy_documents" { default = [] }
variable "override_queue_policy_documents" { default = [] }
variable "queue_policy_statements" {
  type    = any
  default = {}
}

data "aws_iam_policy_document" "this" {
  count                     = local.queue && var.create_queue_policy ? 1 : 0
  source_policy_documents   = var.source_queue_policy_documents
  override_policy_documents = var.override_queue_policy_documents

  dynamic "statement" {
    for_each = var.given.queue_policy_statements ? var.queue_policy_statements : {}
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(coalescelist(statement.value.resources), [aws_sqs_queue.this[0].arn])
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

      # `conditions` until version 5, `condition` since.
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

resource "aws_sqs_queue_policy" "this" {
  count     = local.queue && var.create_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.this[0].url
  policy    = data.aws_iam_policy_document.this[0].json
}

# ---------------------------------------------------------------------------------------------------- dead-letter queue

variable "create_dlq" { default = false }
variable "dlq_name" { default = null }
variable "dlq_visibility_timeout_seconds" { default = null }
variable "dlq_message_retention_seconds" { default = null }
variable "dlq_kms_master_key_id" { default = null }
variable "dlq_sqs_managed_sse_enabled" { default = true }
variable "create_dlq_redrive_allow_policy" { default = true }
variable "dlq_redrive_allow_policy" {
  type    = any
  default = {}
}
variable "dlq_tags" {
  type    = map(string)
  default = {}
}

locals {
  dlq_stem = var.given.dlq_name ? trimsuffix(var.dlq_name, ".fifo") : "${local.stem}-dlq"
  dlq_key  = var.given.dlq_kms_master_key_id ? var.dlq_kms_master_key_id : var.given.kms_master_key_id ? var.kms_master_key_id : null
}

# What is not said of it is as it is of the queue.
resource "aws_sqs_queue" "dlq" {
  count = local.dlq ? 1 : 0

  name                       = var.use_name_prefix ? null : "${local.dlq_stem}${local.suffix}"
  name_prefix                = var.use_name_prefix ? "${local.dlq_stem}-" : null
  fifo_queue                 = var.fifo_queue
  visibility_timeout_seconds = var.given.dlq_visibility_timeout_seconds ? var.dlq_visibility_timeout_seconds : var.visibility_timeout_seconds
  message_retention_seconds  = var.given.dlq_message_retention_seconds ? var.dlq_message_retention_seconds : var.message_retention_seconds
  kms_master_key_id          = local.dlq_key
  sqs_managed_sse_enabled    = var.given.dlq_kms_master_key_id || var.given.kms_master_key_id ? null : var.dlq_sqs_managed_sse_enabled
  tags                       = merge(var.tags, var.dlq_tags)
}

resource "aws_sqs_queue_redrive_allow_policy" "dlq" {
  count     = local.dlq && var.create_dlq_redrive_allow_policy ? 1 : 0
  queue_url = aws_sqs_queue.dlq[0].url
  redrive_allow_policy = jsonencode(merge(
    { redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this[0].arn] },
    var.dlq_redrive_allow_policy,
  ))
}

variable "create_dlq_queue_policy" { default = false }
variable "source_dlq_queue_policy_documents" { default = [] }
variable "override_dlq_queue_policy_documents" { default = [] }
variable "dlq_queue_policy_statements" {
  type    = any
  default = {}
}

data "aws_iam_policy_document" "dlq" {
  count                     = local.dlq && var.create_dlq_queue_policy ? 1 : 0
  source_policy_documents   = var.source_dlq_queue_policy_documents
  override_policy_documents = var.override_dlq_queue_policy_documents

  dynamic "statement" {
    for_each = var.given.dlq_queue_policy_statements ? var.dlq_queue_policy_statements : {}
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(coalescelist(statement.value.resources), [aws_sqs_queue.dlq[0].arn])
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

resource "aws_sqs_queue_policy" "dlq" {
  count     = local.dlq && var.create_dlq_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.dlq[0].url
  policy    = data.aws_iam_policy_document.dlq[0].json
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_arn_static" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_url" { value = try(aws_sqs_queue.this[0].url, null) }
output "queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
output "dead_letter_queue_id" { value = try(aws_sqs_queue.dlq[0].id, null) }
output "dead_letter_queue_arn" { value = try(aws_sqs_queue.dlq[0].arn, null) }
output "dead_letter_queue_arn_static" { value = try(aws_sqs_queue.dlq[0].arn, null) }
output "dead_letter_queue_url" { value = try(aws_sqs_queue.dlq[0].url, null) }
output "dead_letter_queue_name" { value = try(aws_sqs_queue.dlq[0].name, null) }
