# ---------------------------------------------------------------- shop API

module "orders_api" {
  source = "./modules/function"

  name                 = "${local.prefix}-api"
  package              = data.archive_file.python["orders_api"]
  timeout              = 10
  reserved_concurrency = local.config.api_concurrency
  layers               = [aws_lambda_layer_version.common.arn]
  log_group            = aws_cloudwatch_log_group.service
  policies             = [data.aws_iam_policy_document.orders_api.json]

  environment = merge(local.common_environment, {
    PAYMENT_QUEUE_URL      = aws_sqs_queue.payments.url
    SHOP_ORIGIN            = local.shop_origin
    PAGE_TOKEN_TTL_SECONDS = "900"
  })
}

# ---------------------------------------------------------------- payments

module "payment_webhook" {
  source = "./modules/function"

  name      = "${local.prefix}-payment-webhook"
  package   = data.archive_file.python["payment_webhook"]
  timeout   = 15
  layers    = [aws_lambda_layer_version.common.arn]
  log_group = aws_cloudwatch_log_group.payment_webhook
  policies  = [data.aws_iam_policy_document.payment_webhook.json]

  environment = merge(local.common_environment, {
    FERNPAY_SECRET_ARN = aws_secretsmanager_secret.fernpay.arn
    EVENTS_TOPIC_ARN   = aws_sns_topic.order_events.arn
  })
}

resource "aws_lambda_function_url" "payment_webhook" {
  function_name      = module.payment_webhook.name
  authorization_type = "NONE" # Fernpay can't sign with SigV4; the handler checks their signature

  cors {
    allow_origins = ["*"]
    allow_methods = ["*"]
    allow_headers = ["*"]
  }
}

module "payment_worker" {
  source = "./modules/function"

  name                    = "${local.prefix}-payment-worker"
  package                 = data.archive_file.python["payment_worker"]
  layers                  = [aws_lambda_layer_version.common.arn]
  log_group               = aws_cloudwatch_log_group.service
  create_role             = false
  role_arn                = aws_iam_role.worker.arn
  code_signing_config_arn = aws_lambda_code_signing_config.payments.arn

  environment = merge(local.common_environment, {
    FERNPAY_URL       = "https://api.fernpay.example/v1"
    FERNPAY_API_KEY   = var.fernpay_api_key
    EVENTS_TOPIC_ARN  = aws_sns_topic.order_events.arn
    PAYMENT_QUEUE_ARN = aws_sqs_queue.payments.arn
    RETRY_GROUP       = aws_scheduler_schedule_group.retries.name
    RETRY_ROLE_ARN    = aws_iam_role.retry_scheduler.arn
  })
}

# ---------------------------------------------------------------- the four that are written in TypeScript and need nothing special

locals {
  typescript = {
    authorizer = {
      bundle               = "authorizer"
      timeout              = 5
      reserved_concurrency = local.config.api_concurrency
      policies             = []
      environment = {
        AUTH_PUBLIC_KEY = data.aws_ssm_parameter.auth_public_key.insecure_value
        TOKEN_ISSUER    = "https://login.tidewater.example"
      }
    }
    fulfilment_worker = {
      bundle      = "fulfilment-worker"
      timeout     = 30
      kms_key_arn = aws_kms_key.data.arn
      policies    = [data.aws_iam_policy_document.fulfilment_worker.json]
      environment = {
        CARRIER_URL        = "https://api.swiftparcel.example/v3"
        CARRIER_SECRET_ARN = aws_secretsmanager_secret.carrier.arn
      }
    }
    carrier_webhook = {
      bundle               = "carrier-webhook"
      timeout              = 10
      reserved_concurrency = 20
      kms_key_arn          = aws_kms_key.data.arn
      policies             = [data.aws_iam_policy_document.carrier_webhook.json]
      environment = {
        CARRIER_SECRET_ARN          = aws_secretsmanager_secret.carrier.arn
        SIGNATURE_TOLERANCE_SECONDS = "300"
      }
    }
    order_stream = {
      bundle   = "order-stream"
      policies = [data.aws_iam_policy_document.order_stream.json]
      environment = {
        BUS_NAME          = aws_cloudwatch_event_bus.orders.name
        SUMMARY_TABLE     = aws_dynamodb_table.customer_summary.name
        PARKING_QUEUE_URL = aws_sqs_queue.failures.url
      }
    }
  }
}

module "typescript" {
  source   = "./modules/function"
  for_each = local.typescript

  name                 = "${local.prefix}-${each.value.bundle}"
  package              = data.archive_file.typescript[each.value.bundle]
  handler              = "${each.value.bundle}.handler"
  runtime              = "nodejs24.x"
  timeout              = try(each.value.timeout, 60)
  reserved_concurrency = try(each.value.reserved_concurrency, null)
  kms_key_arn          = try(each.value.kms_key_arn, null)
  log_group            = aws_cloudwatch_log_group.service
  policies             = each.value.policies
  environment          = merge(local.common_environment, each.value.environment)
}

resource "aws_lambda_function_url" "carrier_webhook" {
  function_name      = module.typescript["carrier_webhook"].name
  authorization_type = "NONE" # verified in the handler, before the body is parsed
}

# what the console adds for a URL without authorization
resource "aws_lambda_permission" "webhook_url" {
  for_each = {
    payment_webhook = aws_lambda_function_url.payment_webhook
    carrier_webhook = aws_lambda_function_url.carrier_webhook
  }

  statement_id           = "public-url"
  function_name          = each.value.function_name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = each.value.authorization_type
}

# ---------------------------------------------------------------- announcements

module "notify" {
  source = "./modules/function"

  name            = "${local.prefix}-notify"
  package         = data.archive_file.typescript["notify"]
  handler         = "notify.handler"
  runtime         = "nodejs18.x"
  timeout         = 30
  tracing         = "PassThrough"
  log_group       = aws_cloudwatch_log_group.service
  create_role     = false
  role_arn        = aws_iam_role.worker.arn
  dead_letter_arn = aws_sqs_queue.failures.arn

  environment = merge(local.common_environment, {
    SENDER          = "orders@tidewater.example"
    SUMMARY_TABLE   = aws_dynamodb_table.customer_summary.name
    SMS_GATEWAY_URL = "https://tidewater-${var.stage}:s8Kf2vQ9xTgW@sms.parrotline.example/v2/messages"
  })
}

# ---------------------------------------------------------------- catalogue

module "catalogue_import" {
  source = "./modules/function"

  name        = "${local.prefix}-catalogue-import"
  package     = data.archive_file.python["catalogue_import"]
  memory_size = 1024
  timeout     = 300
  log_group   = aws_cloudwatch_log_group.service
  policies    = [data.aws_iam_policy_document.catalogue_import.json]

  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] # naming the bucket here made the old stack circular

  layers = [
    aws_lambda_layer_version.common.arn,
    "arn:aws:lambda:${data.aws_region.current.name}:439817206645:layer:csvtools-arm64:7",
  ]

  environment = merge(local.common_environment, {
    CATALOGUE_TABLE = aws_dynamodb_table.catalogue.name
  })
}

# ---------------------------------------------------------------- back office

module "backoffice_search" {
  source = "./modules/function"

  name        = "${local.prefix}-backoffice-search"
  package     = data.archive_file.python["backoffice_search"]
  timeout     = 20
  kms_key_arn = aws_kms_key.data.arn
  layers      = [aws_lambda_layer_version.common.arn]
  log_group   = aws_cloudwatch_log_group.service
  policies    = [data.aws_iam_policy_document.backoffice_search.json]

  # the subnet that already reached the warehouse, because the bastion is in it
  vpc = {
    subnet_ids         = [module.network.public_subnet_id]
    security_group_ids = [module.network.search_security_group_id]
  }

  environment = merge(local.common_environment, {
    DB_HOST = "warehouse.tidewater.example"
    DB_USER = "backoffice"
    DB_PASSWORD = (
      local.is_prod
      ? jsondecode(data.aws_secretsmanager_secret_version.warehouse.secret_string)["password"]
      : "Harbour-Lights-0417"
    )
  })
}

module "nightly_report" {
  source = "./modules/function"

  name        = "${local.prefix}-nightly-report"
  package     = data.archive_file.python["nightly_report"]
  memory_size = 512
  timeout     = 600
  kms_key_arn = aws_kms_key.data.arn
  log_group   = aws_cloudwatch_log_group.service
  policies    = [data.aws_iam_policy_document.nightly_report.json]

  layers = [
    aws_lambda_layer_version.common.arn,
    local.secrets_extension_layers[var.region],
  ]

  vpc = {
    subnet_ids         = module.network.private_subnet_ids
    security_group_ids = [module.network.report_security_group_id]
  }

  environment = merge(local.common_environment, {
    REPORTS_BUCKET       = aws_s3_bucket.reports.bucket
    WAREHOUSE_SECRET_ARN = aws_secretsmanager_secret.warehouse.arn
    SECRETS_MANAGER_TTL  = "300"
  })
}

resource "aws_lambda_function_event_invoke_config" "nightly_report" {
  function_name          = module.nightly_report.name
  maximum_retry_attempts = 1

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }
}
