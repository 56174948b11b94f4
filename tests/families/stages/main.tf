# scene: {"stage": "dev"}
# A page that anyone may see in the stage dev, and whose visits are counted by night in prod only.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

variable "stage" {
  type = string
}

locals {
  is_prod = var.stage == "prod"
  sizes = {
    dev  = { memory = 256, retention = 7 }
    prod = { memory = 1024, retention = 365 }
  }
}

resource "aws_iam_role" "page" {
  name               = "visit-page"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "page" {
  role       = aws_iam_role.page.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "page" {
  function_name = "visit-page"
  runtime       = "python3.13"
  handler       = "page.handler"
  filename      = "function.zip"
  memory_size   = local.sizes[var.stage].memory
  timeout       = 10
  role          = aws_iam_role.page.arn
  environment {
    variables = { STAGE = var.stage, VISITS = aws_dynamodb_table.visits.name }
  }
}

resource "aws_lambda_function_url" "page" {
  function_name      = aws_lambda_function.page.function_name
  authorization_type = local.is_prod ? "AWS_IAM" : "NONE"
}

resource "aws_lambda_permission" "page" {
  count                  = local.is_prod ? 0 : 1
  function_name          = aws_lambda_function.page.function_name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_cloudwatch_log_group" "page" {
  name              = "/aws/lambda/visit-page"
  retention_in_days = local.sizes[var.stage].retention
}

resource "aws_iam_role" "counter" {
  count              = local.is_prod ? 1 : 0
  name               = "visit-counter"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "counter" {
  count      = local.is_prod ? 1 : 0
  role       = aws_iam_role.counter[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "counter" {
  count         = local.is_prod ? 1 : 0
  function_name = "visit-counter"
  runtime       = "python3.13"
  handler       = "count.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.counter[0].arn
  environment {
    variables = { VISITS = aws_dynamodb_table.visits.name }
  }
}

resource "aws_cloudwatch_event_rule" "night" {
  count               = local.is_prod ? 1 : 0
  name                = "count-visits"
  schedule_expression = "cron(0 1 * * ? *)"
}

resource "aws_cloudwatch_event_target" "night" {
  count = local.is_prod ? 1 : 0
  rule  = aws_cloudwatch_event_rule.night[0].name
  arn   = aws_lambda_function.counter[0].arn
}

resource "aws_lambda_permission" "night" {
  count         = local.is_prod ? 1 : 0
  function_name = aws_lambda_function.counter[0].function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.night[0].arn
}

resource "aws_cloudwatch_log_group" "counter" {
  count             = local.is_prod ? 1 : 0
  name              = "/aws/lambda/visit-counter"
  retention_in_days = local.sizes[var.stage].retention
}

resource "aws_dynamodb_table" "visits" {
  name                        = "visits-${var.stage}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = local.is_prod
  attribute {
    name = "id"
    type = "S"
  }
}
