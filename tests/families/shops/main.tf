# Each shop has a till of its own, all alike, and an office that they report to.

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
  shops = toset(["North", "South"])
}

resource "aws_iam_role" "till" {
  for_each           = local.shops
  name               = "till-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "till" {
  for_each   = aws_iam_role.till
  role       = each.value.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "till" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.reports.arn]
  }
}

resource "aws_iam_role_policy" "till" {
  for_each = local.shops
  name     = "own"
  role     = aws_iam_role.till[each.key].id
  policy   = data.aws_iam_policy_document.till.json
}

resource "aws_lambda_function" "till" {
  for_each      = local.shops
  function_name = "till-${each.key}"
  runtime       = "python3.13"
  handler       = "till.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.till[each.key].arn
  environment {
    variables = { SHOP = each.key, REPORTS = aws_sqs_queue.reports.name }
  }
}

resource "aws_cloudwatch_log_group" "till" {
  for_each          = local.shops
  name              = "/aws/lambda/till-${each.key}"
  retention_in_days = 30
}

resource "aws_iam_role" "office" {
  name               = "office"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "office" {
  role       = aws_iam_role.office.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "office_2" {
  role       = aws_iam_role.office.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
}

resource "aws_lambda_function" "office" {
  function_name = "office"
  runtime       = "python3.13"
  handler       = "office.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.office.arn
}

resource "aws_lambda_event_source_mapping" "reports" {
  function_name    = aws_lambda_function.office.arn
  event_source_arn = aws_sqs_queue.reports.arn
  batch_size       = 10
}

resource "aws_cloudwatch_log_group" "office" {
  name              = "/aws/lambda/office"
  retention_in_days = 30
}

resource "aws_sqs_queue" "reports" {
  name = "reports"
}
