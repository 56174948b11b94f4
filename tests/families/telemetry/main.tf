# What machines report is kept, and what another program logs is counted.

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

resource "aws_iam_role" "keeper" {
  name               = "reading-keeper"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "keeper" {
  role       = aws_iam_role.keeper.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "keeper" {
  function_name = "reading-keeper"
  runtime       = "python3.13"
  handler       = "keep.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.keeper.arn
}

resource "aws_iot_topic_rule" "reading" {
  name        = "reading"
  enabled     = true
  sql         = "SELECT * FROM 'machines/+/reading'"
  sql_version = "2016-03-23"
  lambda {
    function_arn = aws_lambda_function.keeper.arn
  }
}

resource "aws_lambda_permission" "reading" {
  function_name = aws_lambda_function.keeper.function_name
  action        = "lambda:InvokeFunction"
  principal     = "iot.amazonaws.com"
  source_arn    = aws_iot_topic_rule.reading.arn
}

resource "aws_cloudwatch_log_group" "keeper" {
  name              = "/aws/lambda/reading-keeper"
  retention_in_days = 30
}

resource "aws_iam_role" "tally" {
  name               = "door-tally"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "tally" {
  role       = aws_iam_role.tally.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "tally" {
  function_name = "door-tally"
  runtime       = "python3.13"
  handler       = "tally.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.tally.arn
}

resource "aws_cloudwatch_log_subscription_filter" "opened" {
  name            = "opened"
  log_group_name  = aws_cloudwatch_log_group.door.name
  filter_pattern  = "opened"
  destination_arn = aws_lambda_function.tally.arn
}

resource "aws_lambda_permission" "opened" {
  function_name = aws_lambda_function.tally.function_name
  action        = "lambda:InvokeFunction"
  principal     = "logs.amazonaws.com"
  source_arn    = "${aws_cloudwatch_log_group.door.arn}:*"
}

resource "aws_cloudwatch_log_group" "tally" {
  name              = "/aws/lambda/door-tally"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "door" {
  name              = "/shop/door"
  retention_in_days = 7
}
