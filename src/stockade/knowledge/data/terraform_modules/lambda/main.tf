# What terraform-aws-modules/lambda declares, in our own words; `../../terraform_modules.json` says as of when and how sure.
# `var.given` and `var.decides` are no arguments of the module: stockade.knowledge.terraform says what they are.

variable "given" { type = any }
variable "decides" { type = any }

variable "create" { default = true }
variable "putin_khuylo" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "create_package" { default = true }
variable "create_lambda_function_url" { default = false }

locals {
  on       = var.create && var.putin_khuylo
  function = local.on && var.create_function && !var.create_layer
  layer    = local.on && var.create_layer
  role     = local.function && var.create_role
}

# ---------------------------------------------------------------------------------------------------------------- code

variable "source_path" {
  type    = any
  default = null
}
variable "local_existing_package" { default = null }
variable "s3_existing_package" {
  type    = any
  default = null
}
variable "store_on_s3" { default = false }
variable "s3_bucket" { default = null }

locals {
  # The module packs `source_path` (a path, or a list of paths and of objects with a `path`) into an archive of its own.
  sources = try(tostring(var.source_path), var.source_path[0].path, tostring(var.source_path[0]), var.source_path.path, null)
  archive = var.create_package && !var.store_on_s3 ? local.sources : null
  package = var.given.local_existing_package ? var.local_existing_package : local.archive
  bucket  = var.given.s3_existing_package ? try(var.s3_existing_package.bucket, null) : var.store_on_s3 ? var.s3_bucket : null
  key     = var.given.s3_existing_package ? try(var.s3_existing_package.key, null) : var.store_on_s3 ? var.decides.key : null
}

resource "aws_s3_object" "lambda_package" {
  count  = local.on && var.store_on_s3 && var.create_package ? 1 : 0
  bucket = var.s3_bucket
  key    = local.key
  source = local.sources
  tags   = var.tags
}

# ------------------------------------------------------------------------------------------------------------ function

variable "function_name" { default = "" }
variable "description" { default = "" }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "architectures" { default = null }
variable "memory_size" { default = 128 }
variable "timeout" { default = 3 }
variable "ephemeral_storage_size" { default = 512 }
variable "publish" { default = false }
variable "lambda_at_edge" { default = false }
variable "lambda_at_edge_logs_all_regions" { default = true }
variable "snap_start" { default = false }
variable "reserved_concurrent_executions" { default = -1 }
variable "provisioned_concurrent_executions" { default = -1 }
variable "layers" { default = null }
variable "kms_key_arn" { default = null }
variable "code_signing_config_arn" { default = null }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "environment_variables" {
  type    = map(string)
  default = {}
}
variable "dead_letter_target_arn" { default = null }
variable "tracing_mode" { default = null }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "ipv6_allowed_for_dual_stack" { default = null }
variable "file_system_arn" { default = null }
variable "file_system_local_mount_path" { default = null }
variable "durable_config_execution_timeout" { default = null }
variable "logging_log_format" { default = "Text" }
variable "logging_application_log_level" { default = "INFO" }
variable "logging_system_log_level" { default = "INFO" }
variable "logging_log_group" { default = null }
variable "recursive_loop" { default = null }
variable "tags" {
  type    = map(string)
  default = {}
}
variable "function_tags" {
  type    = map(string)
  default = {}
}

locals {
  packed    = var.package_type == "Zip"
  in_vpc    = var.given.vpc_subnet_ids && var.given.vpc_security_group_ids
  plain_log = var.logging_log_format == "Text"
}

resource "aws_lambda_function" "this" {
  count = local.function ? 1 : 0

  function_name = var.function_name
  description   = var.description
  role          = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role

  package_type = var.package_type
  handler      = local.packed ? var.handler : null
  runtime      = local.packed ? var.runtime : null
  image_uri    = var.image_uri
  filename     = local.package
  s3_bucket    = local.bucket
  s3_key       = local.key

  architectures                  = var.architectures
  memory_size                    = var.memory_size
  timeout                        = var.lambda_at_edge ? min(var.timeout, 30) : var.timeout
  reserved_concurrent_executions = var.reserved_concurrent_executions
  layers                         = var.layers
  publish                        = var.lambda_at_edge || var.snap_start ? true : var.publish
  kms_key_arn                    = var.kms_key_arn
  code_signing_config_arn        = var.code_signing_config_arn
  tags                           = merge(var.tags, var.function_tags)

  ephemeral_storage {
    size = var.ephemeral_storage_size
  }

  environment {
    variables = var.environment_variables
  }

  dead_letter_config {
    target_arn = var.dead_letter_target_arn
  }

  tracing_config {
    mode = var.tracing_mode
  }

  vpc_config {
    subnet_ids                  = local.in_vpc ? var.vpc_subnet_ids : null
    security_group_ids          = local.in_vpc ? var.vpc_security_group_ids : null
    ipv6_allowed_for_dual_stack = local.in_vpc ? var.ipv6_allowed_for_dual_stack : null
  }

  file_system_config {
    arn              = var.given.file_system_local_mount_path ? var.file_system_arn : null
    local_mount_path = var.file_system_local_mount_path
  }

  snap_start {
    apply_on = var.snap_start ? "PublishedVersions" : null
  }

  # Left out in partitions other than `aws`, where it is what holds anyway.
  logging_config {
    log_group             = var.logging_log_group
    log_format            = var.logging_log_format
    application_log_level = local.plain_log ? null : var.logging_application_log_level
    system_log_level      = local.plain_log ? null : var.logging_system_log_level
  }

  durable_config {
    execution_timeout = var.durable_config_execution_timeout
  }
}

resource "aws_lambda_provisioned_concurrency_config" "current_version" {
  count                             = local.function && var.provisioned_concurrent_executions > -1 ? 1 : 0
  function_name                     = aws_lambda_function.this[0].function_name
  qualifier                         = aws_lambda_function.this[0].version
  provisioned_concurrent_executions = var.provisioned_concurrent_executions
}

resource "aws_lambda_function_recursion_config" "this" {
  count          = local.function && var.recursive_loop == "Allow" ? 1 : 0
  function_name  = aws_lambda_function.this[0].function_name
  recursive_loop = var.recursive_loop
}

# --------------------------------------------------------------------------------------------------------------- layer

variable "layer_name" { default = "" }
variable "license_info" { default = "" }
variable "compatible_runtimes" { default = [] }

resource "aws_lambda_layer_version" "this" {
  count               = local.layer ? 1 : 0
  layer_name          = var.layer_name
  description         = var.description
  license_info        = var.license_info
  compatible_runtimes = length(var.compatible_runtimes) > 0 ? var.compatible_runtimes : var.runtime == "" ? null : [var.runtime]
  filename            = local.package
  s3_bucket           = local.bucket
  s3_key              = local.key
}

# ------------------------------------------------------------------------------------------------ who may call, and how

variable "create_unqualified_alias_lambda_function_url" { default = true }
variable "authorization_type" { default = "NONE" }
variable "invoke_mode" { default = null }
variable "cors" {
  type    = any
  default = {}
}

resource "aws_lambda_function_url" "this" {
  count              = local.function && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  qualifier          = var.create_unqualified_alias_lambda_function_url ? null : aws_lambda_function.this[0].version
  authorization_type = var.authorization_type
  invoke_mode        = var.invoke_mode

  cors {
    allow_origins     = try(var.cors.allow_origins, null)
    allow_methods     = try(var.cors.allow_methods, null)
    allow_headers     = try(var.cors.allow_headers, null)
    expose_headers    = try(var.cors.expose_headers, null)
    allow_credentials = try(var.cors.allow_credentials, null)
    max_age           = try(var.cors.max_age, null)
  }
}

variable "allowed_triggers" {
  type    = any
  default = {}
}
variable "create_current_version_allowed_triggers" { default = true }
variable "create_unqualified_alias_allowed_triggers" { default = true }

resource "aws_lambda_permission" "current_version_triggers" {
  for_each = { for name, trigger in var.allowed_triggers : name => trigger if local.function && var.create_current_version_allowed_triggers }

  function_name          = aws_lambda_function.this[0].function_name
  qualifier              = aws_lambda_function.this[0].version
  action                 = try(each.value.action, "lambda:InvokeFunction")
  principal              = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  principal_org_id       = try(each.value.principal_org_id, null)
  source_arn             = try(each.value.source_arn, null)
  source_account         = try(each.value.source_account, null)
  event_source_token     = try(each.value.event_source_token, null)
  function_url_auth_type = try(each.value.function_url_auth_type, null)
}

resource "aws_lambda_permission" "unqualified_alias_triggers" {
  for_each = { for name, trigger in var.allowed_triggers : name => trigger if local.function && var.create_unqualified_alias_allowed_triggers }

  function_name          = aws_lambda_function.this[0].function_name
  action                 = try(each.value.action, "lambda:InvokeFunction")
  principal              = try(each.value.principal, "${each.value.service}.amazonaws.com", ".amazonaws.com")
  principal_org_id       = try(each.value.principal_org_id, null)
  source_arn             = try(each.value.source_arn, null)
  source_account         = try(each.value.source_account, null)
  event_source_token     = try(each.value.event_source_token, null)
  function_url_auth_type = try(each.value.function_url_auth_type, null)
}

variable "event_source_mapping" {
  type    = any
  default = {}
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = { for name, source in var.event_source_mapping : name => source if local.function && var.create_unqualified_alias_allowed_triggers }

  function_name                      = aws_lambda_function.this[0].arn
  event_source_arn                   = try(each.value.event_source_arn, null)
  enabled                            = try(each.value.enabled, true)
  batch_size                         = try(each.value.batch_size, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  bisect_batch_on_function_error     = try(each.value.bisect_batch_on_function_error, null)
  maximum_retry_attempts             = try(each.value.maximum_retry_attempts, null)
  maximum_record_age_in_seconds      = try(each.value.maximum_record_age_in_seconds, null)
  function_response_types            = try(each.value.function_response_types, null)
  starting_position                  = try(each.value.starting_position, null)
  parallelization_factor             = try(each.value.parallelization_factor, null)
  tumbling_window_in_seconds         = try(each.value.tumbling_window_in_seconds, null)
  topics                             = try(each.value.topics, null)
  queues                             = try(each.value.queues, null)
  tags                               = merge(var.tags, try(each.value.tags, {}))

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
      consumer_group_id = self_managed_kafka_event_source_config.value.consumer_group_id
    }
  }

  dynamic "amazon_managed_kafka_event_source_config" {
    for_each = try(each.value.amazon_managed_kafka_event_source_config, [])
    content {
      consumer_group_id = amazon_managed_kafka_event_source_config.value.consumer_group_id
    }
  }

  dynamic "document_db_event_source_config" {
    for_each = try(each.value.document_db_event_source_config, [])
    content {
      database_name = document_db_event_source_config.value.database_name
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

# ------------------------------------------------------------------------------------------------ asynchronous invocation

variable "create_async_event_config" { default = false }
variable "create_current_version_async_event_config" { default = true }
variable "create_unqualified_alias_async_event_config" { default = true }
variable "maximum_event_age_in_seconds" { default = null }
variable "maximum_retry_attempts" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }

locals {
  async = {
    current_version   = var.create_current_version_async_event_config
    unqualified_alias = var.create_unqualified_alias_async_event_config
  }
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = { for qualifier, wanted in local.async : qualifier => wanted if wanted && local.function && var.create_async_event_config }

  function_name                = aws_lambda_function.this[0].function_name
  qualifier                    = each.key == "current_version" ? aws_lambda_function.this[0].version : null
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

# ---------------------------------------------------------------------------------------------------------------- logs

variable "use_existing_cloudwatch_log_group" { default = false }
variable "cloudwatch_logs_retention_in_days" { default = null }
variable "cloudwatch_logs_kms_key_id" { default = null }
variable "cloudwatch_logs_tags" {
  type    = map(string)
  default = {}
}

locals {
  own_log_group  = var.lambda_at_edge ? "/aws/lambda/us-east-1.${var.function_name}" : "/aws/lambda/${var.function_name}"
  log_group_name = var.given.logging_log_group ? var.logging_log_group : local.own_log_group
}

data "aws_cloudwatch_log_group" "lambda" {
  count = local.function && var.use_existing_cloudwatch_log_group ? 1 : 0
  name  = local.log_group_name
}

resource "aws_cloudwatch_log_group" "lambda" {
  count             = local.function && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = local.log_group_name
  retention_in_days = var.cloudwatch_logs_retention_in_days
  kms_key_id        = var.cloudwatch_logs_kms_key_id
  tags              = merge(var.tags, var.cloudwatch_logs_tags)
}

# ---------------------------------------------------------------------------------------------------------------- role

variable "lambda_role" { default = "" }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "role_maximum_session_duration" { default = 3600 }
variable "role_tags" {
  type    = map(string)
  default = {}
}
variable "trusted_entities" {
  type    = any
  default = []
}
variable "assume_role_policy_statements" {
  type    = any
  default = {}
}

locals {
  role_name = var.given.role_name ? var.role_name : var.given.function_name ? var.function_name : "*"
}

data "aws_iam_policy_document" "assume_role" {
  count = local.role ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type = "Service"
      identifiers = concat(
        ["lambda.amazonaws.com"],
        var.lambda_at_edge ? ["edgelambda.amazonaws.com"] : [],
        [for entity in var.trusted_entities : entity if can(tostring(entity))],
      )
    }

    dynamic "principals" {
      for_each = [for entity in var.trusted_entities : entity if !can(tostring(entity))]
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }

  dynamic "statement" {
    for_each = var.assume_role_policy_statements
    content {
      sid         = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect      = try(statement.value.effect, null)
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

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

resource "aws_iam_role" "lambda" {
  count                = local.role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  max_session_duration = var.role_maximum_session_duration
  assume_role_policy   = data.aws_iam_policy_document.assume_role[0].json
  tags                 = merge(var.tags, var.role_tags)
}

# ------------------------------------------------------------------------------------------------------------- policies
# How the role gets them is in `inline.tf` (since 7.20) and `managed.tf` (before).

variable "policy_name" { default = null }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "attach_create_log_group_permission" { default = true }
variable "attach_dead_letter_policy" { default = false }
variable "attach_network_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "attach_async_event_policy" { default = false }
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

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  policy_name = var.given.policy_name ? var.policy_name : local.role_name

  here          = try(data.aws_cloudwatch_log_group.lambda[0].arn, aws_cloudwatch_log_group.lambda[0].arn, "")
  edge_region   = var.lambda_at_edge_logs_all_regions ? "*" : "us-east-1"
  edge          = "arn:${data.aws_partition.current.partition}:logs:${local.edge_region}:${data.aws_caller_identity.current.account_id}:log-group:${local.log_group_name}"
  log_group_arn = local.role && var.lambda_at_edge ? local.edge : local.here
}

data "aws_iam_policy_document" "logs" {
  count = local.role && var.attach_cloudwatch_logs_policy ? 1 : 0

  statement {
    actions = concat(
      var.attach_create_log_group_permission && !var.use_existing_cloudwatch_log_group ? ["logs:CreateLogGroup"] : [],
      ["logs:CreateLogStream", "logs:PutLogEvents"],
    )
    resources = ["${local.log_group_arn}:*", "${local.log_group_arn}:*:*"]
  }
}

data "aws_iam_policy_document" "dead_letter" {
  count = local.role && var.attach_dead_letter_policy ? 1 : 0

  statement {
    actions   = ["sns:Publish", "sqs:SendMessage"]
    resources = [var.dead_letter_target_arn]
  }
}

# A copy of AWS's managed policy AWSLambdaENIManagementAccess.
data "aws_iam_policy" "vpc" {
  count = local.role && var.attach_network_policy ? 1 : 0
  arn   = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

# A copy of AWS's managed policy AWSXRayDaemonWriteAccess.
data "aws_iam_policy" "tracing" {
  count = local.role && var.attach_tracing_policy ? 1 : 0
  arn   = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

data "aws_iam_policy_document" "async" {
  count = local.role && var.attach_async_event_policy ? 1 : 0

  statement {
    actions   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
    resources = concat(var.given.destination_on_failure ? [var.destination_on_failure] : [], var.given.destination_on_success ? [var.destination_on_success] : [])
  }
}

data "aws_iam_policy_document" "additional_inline" {
  count = local.role && var.attach_policy_statements ? 1 : 0

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

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policies[count.index]
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = local.function ? "arn:${data.aws_partition.current.partition}:lambda:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:function:${var.function_name}" : "" }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_qualified_invoke_arn" { value = try(aws_lambda_function.this[0].qualified_invoke_arn, "") }
output "lambda_function_version" { value = try(aws_lambda_function.this[0].version, "") }
output "lambda_function_kms_key_arn" { value = try(aws_lambda_function.this[0].kms_key_arn, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_function_url_id" { value = try(aws_lambda_function_url.this[0].url_id, "") }
output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_layer_layer_arn" { value = try(aws_lambda_layer_version.this[0].layer_arn, "") }
output "lambda_layer_version" { value = try(aws_lambda_layer_version.this[0].version, "") }
output "lambda_event_source_mapping_arn" { value = { for name, mapping in aws_lambda_event_source_mapping.this : name => mapping.arn } }
output "lambda_event_source_mapping_uuid" { value = { for name, mapping in aws_lambda_event_source_mapping.this : name => mapping.uuid } }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_role_unique_id" { value = try(aws_iam_role.lambda[0].unique_id, "") }
output "lambda_cloudwatch_log_group_arn" { value = local.log_group_arn }
output "lambda_cloudwatch_log_group_name" { value = try(data.aws_cloudwatch_log_group.lambda[0].name, aws_cloudwatch_log_group.lambda[0].name, "") }
output "local_filename" { value = local.package }
