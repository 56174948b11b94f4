# Paid orders are booked; a report is made every night, and old carts are cleared every hour.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
data "aws_partition" "current" {}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "booker" {
  name               = "order-booker"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "booker" {
  role       = aws_iam_role.booker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "booker" {
  function_name = "order-booker"
  runtime       = "python3.13"
  handler       = "book.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.booker.arn
}

resource "aws_cloudwatch_event_rule" "paid" {
  name          = "order-paid"
  event_pattern = jsonencode({ source = ["shop.orders"], detail-type = ["paid"] })
}

resource "aws_cloudwatch_event_target" "paid" {
  rule = aws_cloudwatch_event_rule.paid.name
  arn  = aws_lambda_function.booker.arn
  dead_letter_config {
    arn = aws_sqs_queue.aside.arn
  }
  retry_policy {
    maximum_retry_attempts       = 4
    maximum_event_age_in_seconds = 86400
  }
}

resource "aws_lambda_permission" "paid" {
  function_name = aws_lambda_function.booker.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.paid.arn
}

resource "aws_cloudwatch_log_group" "booker" {
  name              = "/aws/lambda/order-booker"
  retention_in_days = 30
}

resource "aws_iam_role" "reporter" {
  name               = "night-reporter"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "reporter" {
  role       = aws_iam_role.reporter.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "reporter" {
  function_name = "night-reporter"
  runtime       = "python3.13"
  handler       = "report.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.reporter.arn
}

resource "aws_cloudwatch_event_rule" "night" {
  name                = "night-report"
  schedule_expression = "cron(0 3 * * ? *)"
}

resource "aws_cloudwatch_event_target" "night" {
  rule  = aws_cloudwatch_event_rule.night.name
  arn   = aws_lambda_function.reporter.arn
  input = jsonencode({ kind = "full" })
}

resource "aws_lambda_permission" "night" {
  function_name = aws_lambda_function.reporter.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.night.arn
}

resource "aws_cloudwatch_log_group" "reporter" {
  name              = "/aws/lambda/night-reporter"
  retention_in_days = 30
}

resource "aws_iam_role" "sweeper" {
  name               = "cart-sweeper"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "sweeper" {
  role       = aws_iam_role.sweeper.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "sweeper" {
  function_name = "cart-sweeper"
  runtime       = "python3.13"
  handler       = "sweep.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.sweeper.arn
}

resource "aws_scheduler_schedule" "hourly" {
  name                = "clear-carts"
  schedule_expression = "rate(1 hour)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_lambda_function.sweeper.arn
    role_arn = aws_iam_role.scheduler.arn
    dead_letter_config {
      arn = aws_sqs_queue.aside.arn
    }
    retry_policy {
      maximum_retry_attempts = 3
    }
  }
}

resource "aws_cloudwatch_log_group" "sweeper" {
  name              = "/aws/lambda/cart-sweeper"
  retention_in_days = 30
}

resource "aws_sqs_queue" "aside" {
  name = "clock-aside"
}

data "aws_iam_policy_document" "scheduler_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name               = "clear-carts-caller"
  assume_role_policy = data.aws_iam_policy_document.scheduler_trust.json
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.sweeper.arn]
  }
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.aside.arn]
  }
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "own"
  role   = aws_iam_role.scheduler.id
  policy = data.aws_iam_policy_document.scheduler.json
}
