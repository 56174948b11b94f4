# Events of other systems, which come by Kafka and by a message broker.

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

resource "aws_iam_role" "reader" {
  name               = "event-reader"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "reader" {
  role       = aws_iam_role.reader.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "reader_2" {
  role       = aws_iam_role.reader.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaMSKExecutionRole"
}

data "aws_iam_policy_document" "reader" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.login.arn]
  }
}

resource "aws_iam_role_policy" "reader" {
  name   = "own"
  role   = aws_iam_role.reader.id
  policy = data.aws_iam_policy_document.reader.json
}

resource "aws_lambda_function" "reader" {
  function_name = "event-reader"
  runtime       = "python3.13"
  handler       = "read.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.reader.arn
}

resource "aws_lambda_event_source_mapping" "events" {
  function_name     = aws_lambda_function.reader.function_name
  event_source_arn  = "arn:aws:kafka:eu-west-1:905418000017:cluster/events/0a0a0a0a-0000-0000-0000-000000000000-1"
  topics            = ["events"]
  starting_position = "LATEST"
  batch_size        = 50
}

resource "aws_lambda_event_source_mapping" "own" {
  function_name     = aws_lambda_function.reader.function_name
  topics            = ["own"]
  starting_position = "TRIM_HORIZON"
  self_managed_event_source {
    endpoints = { KAFKA_BOOTSTRAP_SERVERS = "kafka.example.com:9092" }
  }
  source_access_configuration {
    type = "SASL_SCRAM_512_AUTH"
    uri  = aws_secretsmanager_secret.login.arn
  }
}

resource "aws_cloudwatch_log_group" "reader" {
  name              = "/aws/lambda/event-reader"
  retention_in_days = 30
}

resource "aws_iam_role" "booker" {
  name               = "booking-reader"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "booker" {
  role       = aws_iam_role.booker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "booker" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.login.arn]
  }
}

resource "aws_iam_role_policy" "booker" {
  name   = "own"
  role   = aws_iam_role.booker.id
  policy = data.aws_iam_policy_document.booker.json
}

resource "aws_lambda_function" "booker" {
  function_name = "booking-reader"
  runtime       = "python3.13"
  handler       = "book.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.booker.arn
}

resource "aws_lambda_event_source_mapping" "bookings" {
  function_name    = aws_lambda_function.booker.function_name
  event_source_arn = "arn:aws:mq:eu-west-1:905418000017:broker:bookings:b-00000000-0000-0000-0000-000000000000"
  queues           = ["bookings"]
  batch_size       = 20
  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = aws_secretsmanager_secret.login.arn
  }
}

resource "aws_cloudwatch_log_group" "booker" {
  name              = "/aws/lambda/booking-reader"
  retention_in_days = 30
}

resource "aws_secretsmanager_secret" "login" {
  name = "broker-login"
}
