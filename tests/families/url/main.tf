# A hook that partners call, and a page that our own people call.

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

locals {
  basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role" "hook" {
  name               = "partner-hook"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "hook" {
  role       = aws_iam_role.hook.name
  policy_arn = local.basic
}

resource "aws_lambda_function" "hook" {
  function_name = "partner-hook"
  runtime       = "python3.13"
  handler       = "hook.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.hook.arn
}

resource "aws_lambda_function_url" "hook" {
  function_name      = aws_lambda_function.hook.function_name
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "hook_url" {
  function_name          = aws_lambda_function.hook.function_name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_cloudwatch_log_group" "hook" {
  name              = "/aws/lambda/partner-hook"
  retention_in_days = 30
}

resource "aws_iam_role" "page" {
  name               = "staff-page"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "page" {
  role       = aws_iam_role.page.name
  policy_arn = local.basic
}

resource "aws_lambda_function" "page" {
  function_name = "staff-page"
  runtime       = "python3.13"
  handler       = "page.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.page.arn
}

resource "aws_lambda_function_url" "page" {
  function_name      = aws_lambda_function.page.function_name
  authorization_type = "AWS_IAM"
  cors {
    allow_origins     = ["https://staff.example.com"]
    allow_methods     = ["GET", "POST"]
    allow_headers     = ["authorization"]
    allow_credentials = true
    max_age           = 600
  }
}

resource "aws_cloudwatch_log_group" "page" {
  name              = "/aws/lambda/staff-page"
  retention_in_days = 30
}
