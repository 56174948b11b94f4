# Orders come in by a queue; what fails five times is put aside.

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

resource "aws_iam_role" "worker" {
  name               = "orders-worker"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "worker_2" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
}

resource "aws_lambda_function" "worker" {
  function_name                  = "orders-worker"
  runtime                        = "python3.13"
  handler                        = "worker.handler"
  filename                       = "function.zip"
  memory_size                    = 256
  timeout                        = 10
  role                           = aws_iam_role.worker.arn
  reserved_concurrent_executions = 20
}

resource "aws_lambda_event_source_mapping" "orders" {
  function_name           = aws_lambda_function.worker.arn
  event_source_arn        = aws_sqs_queue.orders.arn
  batch_size              = 5
  function_response_types = ["ReportBatchItemFailures"]
  scaling_config {
    maximum_concurrency = 10
  }
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/orders-worker"
  retention_in_days = 30
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.orders_aside.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "orders_aside" {
  name                      = "orders-aside"
  message_retention_seconds = 1209600
  kms_master_key_id         = "alias/aws/sqs"
}
