# What terraform-aws-modules/dynamodb-table declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }

variable "create_table" { default = true }
variable "autoscaling_enabled" { default = false }
variable "ignore_changes_global_secondary_index" { default = false }
variable "name" { default = null }
variable "hash_key" { default = null }
variable "range_key" { default = null }
variable "billing_mode" { default = "PAY_PER_REQUEST" }
variable "table_class" { default = null }
variable "stream_enabled" { default = false }
variable "stream_view_type" { default = null }
variable "deletion_protection_enabled" { default = null }
variable "point_in_time_recovery_enabled" { default = false }
variable "server_side_encryption_enabled" { default = false }
variable "server_side_encryption_kms_key_arn" { default = null }
variable "tags" {
  type    = map(string)
  default = {}
}

# Which of three resources the table is depends on what is to be left alone when somebody else has changed it.
resource "aws_dynamodb_table" "this" {
  count = var.create_table && !var.autoscaling_enabled ? 1 : 0

  name                        = var.name
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  billing_mode                = var.billing_mode
  table_class                 = var.table_class
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = merge(var.tags, { Name = var.name })

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
}

resource "aws_dynamodb_table" "autoscaled" {
  count = var.create_table && var.autoscaling_enabled && !var.ignore_changes_global_secondary_index ? 1 : 0

  name                        = var.name
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  billing_mode                = var.billing_mode
  table_class                 = var.table_class
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = merge(var.tags, { Name = var.name })

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
}

resource "aws_dynamodb_table" "autoscaled_gsi_ignore" {
  count = var.create_table && var.autoscaling_enabled && var.ignore_changes_global_secondary_index ? 1 : 0

  name                        = var.name
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  billing_mode                = var.billing_mode
  table_class                 = var.table_class
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = merge(var.tags, { Name = var.name })

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
}

variable "resource_policy" { default = null }

resource "aws_dynamodb_resource_policy" "this" {
  count        = var.create_table && var.given.resource_policy ? 1 : 0
  resource_arn = try(aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].arn)
  # The module writes the table's own ARN where the document says `__DYNAMODB_TABLE_ARN__`.
  policy = replace(var.resource_policy, "__DYNAMODB_TABLE_ARN__", try(aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].arn))
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "dynamodb_table_arn" { value = try(aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].arn, "") }
output "dynamodb_table_id" { value = try(aws_dynamodb_table.this[0].id, aws_dynamodb_table.autoscaled[0].id, aws_dynamodb_table.autoscaled_gsi_ignore[0].id, "") }
output "dynamodb_table_stream_arn" { value = var.stream_enabled ? try(aws_dynamodb_table.this[0].stream_arn, aws_dynamodb_table.autoscaled[0].stream_arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].stream_arn, "") : null }
output "dynamodb_table_stream_label" { value = var.stream_enabled ? try(aws_dynamodb_table.this[0].stream_label, aws_dynamodb_table.autoscaled[0].stream_label, aws_dynamodb_table.autoscaled_gsi_ignore[0].stream_label, "") : null }
