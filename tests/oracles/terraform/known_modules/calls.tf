# Calls of the Lambda module in many ways. `known_modules.json` beside this folder holds what the module itself makes of them.

variable "own_role" {
  type = bool
}

variable "stage" {
  type = string
}

locals {
  queue = "arn:aws:sqs:eu-west-1:123456789012:orders"
  topic = "arn:aws:sns:eu-west-1:123456789012:orders"
  sizes = { small = 128, large = 1024 }
}

module "least" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name = "least"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "${path.module}/src"
}

module "most" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name                     = "most"
  description                       = "With all that rules ask for"
  handler                           = "app.handler"
  runtime                           = "nodejs22.x"
  architectures                     = ["arm64"]
  memory_size                       = 512
  timeout                           = 29
  ephemeral_storage_size            = 1024
  publish                           = true
  reserved_concurrent_executions    = 10
  provisioned_concurrent_executions = 2
  layers                            = ["arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"]
  kms_key_arn                       = "arn:aws:kms:eu-west-1:123456789012:key/0a1b"
  code_signing_config_arn           = "arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0f6c334abcdea4d8b"
  create_package                    = false
  local_existing_package            = "build/most.zip"
  recursive_loop                    = "Allow"
  tags                              = { team = "shop" }
  function_tags                     = { part = "api" }

  environment_variables = {
    STAGE = var.stage
    TABLE = "orders-${var.stage}"
  }

  vpc_subnet_ids              = ["subnet-1", "subnet-2"]
  vpc_security_group_ids      = ["sg-1"]
  ipv6_allowed_for_dual_stack = true
  attach_network_policy       = true

  dead_letter_target_arn    = local.queue
  attach_dead_letter_policy = true
  tracing_mode              = "Active"
  attach_tracing_policy     = true

  file_system_arn              = "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1"
  file_system_local_mount_path = "/mnt/shared"

  logging_log_format            = "JSON"
  logging_application_log_level = "DEBUG"
  logging_system_log_level      = "WARN"
  logging_log_group             = "/shop/most"

  cloudwatch_logs_retention_in_days = 30
  cloudwatch_logs_kms_key_id        = "arn:aws:kms:eu-west-1:123456789012:key/0a1b"
  cloudwatch_logs_tags              = { kept = "yes" }

  create_async_event_config    = true
  maximum_event_age_in_seconds = 600
  maximum_retry_attempts       = 0
  destination_on_failure       = local.queue
  destination_on_success       = local.topic
  attach_async_event_policy    = true
}

module "role" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name                      = "role"
  handler                            = "app.handler"
  runtime                            = "python3.13"
  source_path                        = "${path.module}/src"
  role_name                          = "role-of-its-own"
  role_path                          = "/shop/"
  role_permissions_boundary          = "arn:aws:iam::123456789012:policy/boundary"
  role_maximum_session_duration      = 7200
  role_tags                          = { kind = "execution" }
  policy_name                        = "own"
  attach_create_log_group_permission = false

  trusted_entities = [
    "apigateway.amazonaws.com",
    { type = "AWS", identifiers = ["arn:aws:iam::123456789012:root"] },
  ]

  assume_role_policy_statements = {
    other = {
      effect     = "Allow"
      actions    = ["sts:AssumeRole", "sts:TagSession"]
      principals = { account = { type = "AWS", identifiers = ["arn:aws:iam::210987654321:root"] } }
      condition  = { id = { test = "StringEquals", variable = "sts:ExternalId", values = ["x"] } }
    }
  }

  attach_policy_json = true
  policy_json        = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })

  attach_policy_jsons    = true
  number_of_policy_jsons = 2
  policy_jsons = [
    jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:*"], Resource = local.queue }] }),
    jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", NotAction = "sns:*", Resource = "*" }] }),
  ]

  attach_policy      = true
  policy             = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  attach_policies    = true
  number_of_policies = 1
  policies           = ["arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole", "arn:aws:iam::aws:policy/PowerUserAccess"]

  attach_policy_statements = true
  policy_statements = {
    read-table = {
      effect    = "Allow"
      actions   = ["dynamodb:GetItem", "dynamodb:Query"]
      resources = ["arn:aws:dynamodb:eu-west-1:123456789012:table/orders-${var.stage}"]
    }
    not_these = {
      sid           = "NotThese"
      effect        = "Deny"
      not_actions   = ["dynamodb:*"]
      not_resources = ["arn:aws:s3:::public/*"]
      condition = {
        secure = { test = "Bool", variable = "aws:SecureTransport", values = ["false"] }
      }
    }
  }
}

module "statements_in_a_list" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name            = "listed"
  handler                  = "app.handler"
  runtime                  = "python3.13"
  source_path              = ["${path.module}/src", { path = "${path.module}/more", prefix_in_zip = "lib" }]
  attach_policy_statements = true
  policy_statements        = [{ effect = "Allow", actions = ["s3:*"], resources = ["*"] }]
}

module "callers" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name = "callers"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "${path.module}/src"

  create_lambda_function_url = true
  authorization_type         = "AWS_IAM"
  invoke_mode                = "RESPONSE_STREAM"
  cors = {
    allow_credentials = true
    allow_headers     = ["date"]
    allow_methods     = ["GET"]
    allow_origins     = ["https://example.com"]
    expose_headers    = ["date"]
    max_age           = 86400
  }

  allowed_triggers = {
    rule = {
      principal  = "events.amazonaws.com"
      source_arn = "arn:aws:events:eu-west-1:123456789012:rule/nightly"
    }
    topic = {
      service        = "sns"
      source_account = "123456789012"
      action         = "lambda:InvokeFunction"
    }
    organisation = {
      principal        = "*"
      principal_org_id = "o-abcdefghij"
    }
    skill = {
      principal          = "alexa-appkit.amazon.com"
      event_source_token = "amzn1.ask.skill.1"
    }
  }

  event_source_mapping = {
    queue = {
      event_source_arn        = local.queue
      batch_size              = 5
      function_response_types = ["ReportBatchItemFailures"]
      scaling_config          = { maximum_concurrency = 20 }
      filter_criteria         = { pattern = jsonencode({ body = { kind = ["order"] } }) }
    }
    stream = {
      event_source_arn                   = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
      starting_position                  = "LATEST"
      enabled                            = false
      maximum_batching_window_in_seconds = 10
      parallelization_factor             = 2
      maximum_retry_attempts             = 3
      maximum_record_age_in_seconds      = 3600
      bisect_batch_on_function_error     = true
      tumbling_window_in_seconds         = 30
      destination_arn_on_failure         = local.topic
      filter_criteria                    = [{ pattern = "{}" }, { pattern = jsonencode({ a = [1] }) }]
    }
    broker = {
      event_source_arn = "arn:aws:mq:eu-west-1:123456789012:broker:b:b-1"
      queues           = ["orders"]
      source_access_configuration = [
        { type = "BASIC_AUTH", uri = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:b" },
        { type = "VIRTUAL_HOST", uri = "/" },
      ]
    }
    kafka = {
      topics                    = ["orders"]
      starting_position         = "TRIM_HORIZON"
      self_managed_event_source = [{ endpoints = { KAFKA_BOOTSTRAP_SERVERS = "kafka.example.com:9092" } }]
    }
  }
}

module "version_only" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name                                = "version"
  handler                                      = "app.handler"
  runtime                                      = "java21"
  source_path                                  = "${path.module}/src"
  snap_start                                   = true
  create_lambda_function_url                   = true
  create_unqualified_alias_lambda_function_url = false
  create_unqualified_alias_allowed_triggers    = false
  create_async_event_config                    = true
  create_unqualified_alias_async_event_config  = false
  allowed_triggers                             = { topic = { service = "sns", source_arn = local.topic } }
  event_source_mapping                         = { queue = { event_source_arn = local.queue } }
}

module "edge" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name                 = "edge"
  handler                       = "index.handler"
  runtime                       = "nodejs22.x"
  source_path                   = "${path.module}/src"
  lambda_at_edge                = true
  timeout                       = 60
  attach_cloudwatch_logs_policy = false
}

module "image" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name                     = "image"
  package_type                      = "Image"
  image_uri                         = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:0123"
  create_package                    = false
  use_existing_cloudwatch_log_group = true
}

module "from_bucket" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name       = "bucket"
  handler             = "app.handler"
  runtime             = "python3.13"
  create_package      = false
  s3_existing_package = { bucket = "builds", key = "app.zip", version_id = "v1" }
  create_role         = false
  lambda_role         = "arn:aws:iam::123456789012:role/shared"
}

module "to_bucket" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name = "stored"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "${path.module}/src"
  store_on_s3   = true
  s3_bucket     = "builds"
  s3_prefix     = "lambda/"
}

module "layer" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  create_layer        = true
  layer_name          = "tools"
  license_info        = "MIT"
  compatible_runtimes = ["python3.12", "python3.13"]
  source_path         = "${path.module}/layer"
}

module "nothing" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  create        = false
  function_name = "nothing"
}

module "only_a_package" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  create_function = false
  source_path     = "${path.module}/src"
  runtime         = "python3.13"
}

module "sized" {
  source   = "terraform-aws-modules/lambda/aws"
  version  = "~> 8.0"
  for_each = local.sizes

  function_name = "sized-${each.key}"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "${path.module}/src"
  memory_size   = each.value
  attach_policy = each.key == "large"
  policy        = "arn:aws:iam::aws:policy/AdministratorAccess"
}

module "perhaps" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 8.0"

  function_name              = "perhaps-${var.stage}"
  handler                    = "app.handler"
  runtime                    = "python3.13"
  source_path                = "${path.module}/src"
  create_role                = var.own_role
  lambda_role                = "arn:aws:iam::123456789012:role/shared"
  create_lambda_function_url = var.stage != "prod"
  authorization_type         = var.stage == "dev" ? "NONE" : "AWS_IAM"
}

module "live" {
  source  = "terraform-aws-modules/lambda/aws//modules/alias"
  version = "~> 8.0"

  name             = "live"
  description      = "What callers use"
  function_name    = module.callers.lambda_function_name
  function_version = module.callers.lambda_function_version

  routing_additional_version_weights = { "7" = 0.1 }

  create_async_event_config = true
  maximum_retry_attempts    = 1
  destination_on_failure    = local.queue

  allowed_triggers = {
    api = { service = "apigateway", source_arn = "arn:aws:execute-api:eu-west-1:123456789012:abc/*/*/*" }
  }

  event_source_mapping = {
    queue = { event_source_arn = local.queue, scaling_config = { maximum_concurrency = 5 } }
  }
}

module "fixed" {
  source  = "terraform-aws-modules/lambda/aws//modules/alias"
  version = "~> 8.0"

  name                            = "fixed"
  refresh_alias                   = false
  function_name                   = module.callers.lambda_function_name
  create_version_allowed_triggers = false
  allowed_triggers                = { topic = { service = "sns" } }
}

resource "aws_iam_role_policy" "beside" {
  name   = "beside"
  role   = module.least.lambda_role_name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_lambda_permission" "beside" {
  function_name = module.least.lambda_function_arn
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}

resource "aws_cloudwatch_log_subscription_filter" "beside" {
  name            = "beside"
  log_group_name  = module.least.lambda_cloudwatch_log_group_name
  destination_arn = module.callers.lambda_function_arn
  filter_pattern  = ""
}
