# An application whose plan is beside it: instances by keys, modules, values that are known only after apply.

variable "stage" {
  type = string
}

variable "workers" {
  type = map(object({ memory = number, tracing = string }))
}

variable "token" {
  type      = string
  sensitive = true
}

variable "retention" {
  type    = number
  default = 14
}

locals {
  name = "orders-${var.stage}"
}

resource "aws_sqs_queue" "jobs" {
  for_each                   = var.workers
  name                       = "${local.name}-${each.key}"
  visibility_timeout_seconds = 30

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 4
  })
}

resource "aws_sqs_queue" "dead" {
  name = "${local.name}-dead"
}

resource "aws_dynamodb_table" "orders" {
  name         = local.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_s3_bucket" "archive" {
  bucket_prefix = "orders-"
}

resource "aws_lambda_function_url" "api" {
  count              = var.stage == "prod" ? 0 : 1
  function_name      = aws_lambda_function.api.function_name
  authorization_type = "NONE" # stockade: ignore[public-function-url] reason="the handler verifies signatures"
}

resource "aws_lambda_function_url" "admin" {
  count              = var.stage == "prod" ? 1 : 0
  function_name      = aws_lambda_function.api.function_name
  authorization_type = "NONE"
}

resource "aws_lambda_function" "api" {
  function_name = "${local.name}-api"
  role          = aws_iam_role.api.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "app.zip"
  layers        = [aws_lambda_layer_version.shared.arn]

  environment {
    variables = {
      TABLE = aws_dynamodb_table.orders.name
      TOKEN = var.token
      QUEUE = aws_sqs_queue.jobs["fast"].url
    }
  }

  dynamic "dead_letter_config" {
    for_each = aws_sqs_queue.dead.arn == "" ? [] : [aws_sqs_queue.dead.arn]

    content {
      target_arn = dead_letter_config.value
    }
  }
}

resource "aws_lambda_layer_version" "shared" {
  layer_name = "shared"
  filename   = "shared.zip"
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/lambda/${aws_lambda_function.api.function_name}"
  retention_in_days = var.retention
}

resource "aws_iam_role" "api" {
  name = "${local.name}-api"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

data "aws_iam_policy_document" "api" {
  statement {
    actions   = ["dynamodb:*"]
    resources = [aws_dynamodb_table.orders.arn]
  }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "api" {
  name   = "orders"
  role   = aws_iam_role.api.id
  policy = data.aws_iam_policy_document.api.json
}

data "aws_iam_policy_document" "archive" {
  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::orders-${var.stage}-archive/*"]
  }
}

resource "aws_iam_role_policy" "archive" {
  name   = "archive"
  role   = aws_iam_role.api.name
  policy = data.aws_iam_policy_document.archive.json
}

module "worker" {
  source   = "./modules/worker"
  for_each = var.workers

  name      = "${local.name}-${each.key}"
  memory    = each.value.memory
  tracing   = each.value.tracing
  queue_arn = aws_sqs_queue.jobs[each.key].arn
  table_arn = aws_dynamodb_table.orders.arn
}

resource "aws_lambda_permission" "events" {
  action        = "lambda:InvokeFunction"
  function_name = module.worker["slow"].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.orders.execution_arn}/*/*"
}

resource "aws_apigatewayv2_api" "orders" {
  name          = local.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "orders" {
  api_id = aws_apigatewayv2_api.orders.id
  name   = "$default"

  default_route_settings {
    detailed_metrics_enabled = true
  }
}

data "aws_iam_policy_document" "both" {
  source_policy_documents = [data.aws_iam_policy_document.api.json]

  statement {
    actions   = ["sns:Publish"]
    resources = [aws_dynamodb_table.orders.arn, "arn:aws:sns:eu-west-1:111122223333:known"]
  }
}

resource "aws_iam_policy" "both" {
  name   = "${local.name}-both"
  policy = data.aws_iam_policy_document.both.json
}
