# What terraform-aws-modules/lambda//modules/alias declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }

variable "create" { default = true }
variable "use_existing_alias" { default = false }
variable "refresh_alias" { default = true }
variable "name" { default = "" }
variable "description" { default = "" }
variable "function_name" { default = "" }
variable "function_version" { default = "" }
variable "routing_additional_version_weights" {
  type    = map(number)
  default = {}
}

locals {
  made    = var.create && !var.use_existing_alias
  version = var.given.function_version ? var.function_version : "$LATEST"
  alias   = try(data.aws_lambda_alias.existing[0].arn, aws_lambda_alias.with_refresh[0].arn, aws_lambda_alias.no_refresh[0].arn, "")
}

data "aws_lambda_alias" "existing" {
  count         = var.create && var.use_existing_alias ? 1 : 0
  function_name = var.function_name
  name          = var.name
}

resource "aws_lambda_alias" "no_refresh" {
  count            = local.made && !var.refresh_alias ? 1 : 0
  name             = var.name
  description      = var.description
  function_name    = var.function_name
  function_version = local.version

  routing_config {
    additional_version_weights = var.routing_additional_version_weights
  }
}

resource "aws_lambda_alias" "with_refresh" {
  count            = local.made && var.refresh_alias ? 1 : 0
  name             = var.name
  description      = var.description
  function_name    = var.function_name
  function_version = local.version

  routing_config {
    additional_version_weights = var.routing_additional_version_weights
  }
}

variable "allowed_triggers" {
  type    = any
  default = {}
}
variable "create_version_allowed_triggers" { default = true }
variable "create_qualified_alias_allowed_triggers" { default = true }

resource "aws_lambda_permission" "version_triggers" {
  for_each = { for name, trigger in var.allowed_triggers : name => trigger if var.create && var.create_version_allowed_triggers }

  function_name      = var.function_name
  qualifier          = var.use_existing_alias ? data.aws_lambda_alias.existing[0].function_version : local.version == "$LATEST" ? null : local.version
  action             = try(each.value.action, "lambda:InvokeFunction")
  principal          = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  principal_org_id   = try(each.value.principal_org_id, null)
  source_arn         = try(each.value.source_arn, null)
  source_account     = try(each.value.source_account, null)
  event_source_token = try(each.value.event_source_token, null)
}

resource "aws_lambda_permission" "qualified_alias_triggers" {
  for_each = { for name, trigger in var.allowed_triggers : name => trigger if var.create && var.create_qualified_alias_allowed_triggers }

  function_name      = var.function_name
  qualifier          = var.name
  action             = try(each.value.action, "lambda:InvokeFunction")
  principal          = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  principal_org_id   = try(each.value.principal_org_id, null)
  source_arn         = try(each.value.source_arn, null)
  source_account     = try(each.value.source_account, null)
  event_source_token = try(each.value.event_source_token, null)
}

variable "event_source_mapping" {
  type    = any
  default = {}
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = { for name, source in var.event_source_mapping : name => source if var.create }

  function_name                      = local.alias
  event_source_arn                   = try(each.value.event_source_arn, null)
  enabled                            = try(each.value.enabled, null)
  batch_size                         = try(each.value.batch_size, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  bisect_batch_on_function_error     = try(each.value.bisect_batch_on_function_error, null)
  maximum_retry_attempts             = try(each.value.maximum_retry_attempts, null)
  maximum_record_age_in_seconds      = try(each.value.maximum_record_age_in_seconds, null)
  function_response_types            = try(each.value.function_response_types, null)
  starting_position                  = try(each.value.starting_position, null)
  parallelization_factor             = try(each.value.parallelization_factor, null)
  topics                             = try(each.value.topics, null)
  queues                             = try(each.value.queues, null)

  destination_config {
    on_failure {
      destination_arn = try(each.value.destination_arn_on_failure, null)
    }
  }

  # Each of these blocks tells what is read, so that none may stand there empty.
  dynamic "scaling_config" {
    for_each = try([each.value.scaling_config], [])
    content {
      maximum_concurrency = try(scaling_config.value.maximum_concurrency, null)
    }
  }

  dynamic "self_managed_event_source" {
    for_each = try(each.value.self_managed_event_source, [])
    content {
      endpoints = self_managed_event_source.value.endpoints
    }
  }

  dynamic "self_managed_kafka_event_source_config" {
    for_each = try(each.value.self_managed_kafka_event_source_config, [])
    content {
      consumer_group_id = try(self_managed_kafka_event_source_config.value.consumer_group_id, null)
    }
  }

  dynamic "amazon_managed_kafka_event_source_config" {
    for_each = try(each.value.amazon_managed_kafka_event_source_config, [])
    content {
      consumer_group_id = try(amazon_managed_kafka_event_source_config.value.consumer_group_id, null)
    }
  }

  dynamic "source_access_configuration" {
    for_each = try(each.value.source_access_configuration, [])
    content {
      type = source_access_configuration.value.type
      uri  = source_access_configuration.value.uri
    }
  }

  dynamic "filter_criteria" {
    for_each = try([each.value.filter_criteria], [])
    content {
      dynamic "filter" {
        for_each = flatten([filter_criteria.value])
        content {
          pattern = try(filter.value.pattern, null)
        }
      }
    }
  }
}

variable "create_async_event_config" { default = false }
variable "maximum_event_age_in_seconds" { default = null }
variable "maximum_retry_attempts" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }

# Both are made: the module's two switches for one of them alone take nothing away.
resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = { for qualifier in ["version", "qualified_alias"] : qualifier => qualifier if var.create && var.create_async_event_config }

  function_name                = var.function_name
  qualifier                    = each.key == "qualified_alias" ? var.name : var.use_existing_alias ? data.aws_lambda_alias.existing[0].function_version : local.version
  maximum_event_age_in_seconds = var.maximum_event_age_in_seconds
  maximum_retry_attempts       = var.maximum_retry_attempts

  destination_config {
    on_failure {
      destination = var.destination_on_failure
    }
    on_success {
      destination = var.destination_on_success
    }
  }
}

output "lambda_alias_name" { value = var.use_existing_alias ? data.aws_lambda_alias.existing[0].name : try(aws_lambda_alias.with_refresh[0].name, aws_lambda_alias.no_refresh[0].name, "") }
output "lambda_alias_arn" { value = local.alias }
output "lambda_alias_invoke_arn" { value = try(data.aws_lambda_alias.existing[0].invoke_arn, aws_lambda_alias.with_refresh[0].invoke_arn, aws_lambda_alias.no_refresh[0].invoke_arn, "") }
output "lambda_alias_description" { value = var.description }
output "lambda_alias_function_version" { value = var.use_existing_alias ? data.aws_lambda_alias.existing[0].function_version : local.version }
output "lambda_alias_event_source_mapping_uuid" { value = { for name, mapping in aws_lambda_event_source_mapping.this : name => mapping.uuid } }
