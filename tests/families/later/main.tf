# Letters are written later than they are asked for, by a version that is kept warm.

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

resource "aws_iam_role" "writer" {
  name               = "letter-writer"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "writer" {
  role       = aws_iam_role.writer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "writer" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.written.arn]
  }
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failed.arn]
  }
}

resource "aws_iam_role_policy" "writer" {
  name   = "own"
  role   = aws_iam_role.writer.id
  policy = data.aws_iam_policy_document.writer.json
}

resource "aws_lambda_function" "writer" {
  function_name = "letter-writer"
  runtime       = "python3.13"
  handler       = "write.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.writer.arn
  publish       = true
}

resource "aws_lambda_alias" "live" {
  name             = "provisioned"
  function_name    = aws_lambda_function.writer.function_name
  function_version = aws_lambda_function.writer.version
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = aws_lambda_function.writer.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = 2
}

resource "aws_lambda_function_event_invoke_config" "writer" {
  function_name                = aws_lambda_function.writer.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_event_age_in_seconds = 3600
  maximum_retry_attempts       = 1
  destination_config {
    on_success {
      destination = aws_sns_topic.written.arn
    }
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_cloudwatch_log_group" "writer" {
  name              = "/aws/lambda/letter-writer"
  retention_in_days = 30
}

resource "aws_sns_topic" "written" {
  name = "letters-written"
}

resource "aws_sqs_queue" "failed" {
  name = "letters-failed"
}
