# Clicks are counted as they come, and changes of the stock are told to the shops.

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

resource "aws_iam_role" "counter" {
  name               = "click-counter"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "counter" {
  role       = aws_iam_role.counter.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "counter_2" {
  role       = aws_iam_role.counter.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole"
}

data "aws_iam_policy_document" "counter" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.aside.arn]
  }
}

resource "aws_iam_role_policy" "counter" {
  name   = "own"
  role   = aws_iam_role.counter.id
  policy = data.aws_iam_policy_document.counter.json
}

resource "aws_lambda_function" "counter" {
  function_name = "click-counter"
  runtime       = "python3.13"
  handler       = "count.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.counter.arn
}

resource "aws_lambda_event_source_mapping" "clicks" {
  function_name                      = aws_lambda_function.counter.function_name
  event_source_arn                   = aws_kinesis_stream.clicks.arn
  starting_position                  = "LATEST"
  batch_size                         = 50
  maximum_batching_window_in_seconds = 5
  bisect_batch_on_function_error     = true
  maximum_retry_attempts             = 3
  parallelization_factor             = 2
  tumbling_window_in_seconds         = 60
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.aside.arn
    }
  }
}

resource "aws_cloudwatch_log_group" "counter" {
  name              = "/aws/lambda/click-counter"
  retention_in_days = 30
}

resource "aws_iam_role" "teller" {
  name               = "stock-teller"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "teller" {
  role       = aws_iam_role.teller.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "teller_2" {
  role       = aws_iam_role.teller.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole"
}

data "aws_iam_policy_document" "teller" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.aside.arn]
  }
}

resource "aws_iam_role_policy" "teller" {
  name   = "own"
  role   = aws_iam_role.teller.id
  policy = data.aws_iam_policy_document.teller.json
}

resource "aws_lambda_function" "teller" {
  function_name = "stock-teller"
  runtime       = "python3.13"
  handler       = "tell.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.teller.arn
}

resource "aws_lambda_event_source_mapping" "stock" {
  function_name                 = aws_lambda_function.teller.function_name
  event_source_arn              = aws_dynamodb_table.stock.stream_arn
  starting_position             = "TRIM_HORIZON"
  batch_size                    = 10
  maximum_record_age_in_seconds = 3600
  function_response_types       = ["ReportBatchItemFailures"]
  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["MODIFY"] })
    }
  }
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.aside.arn
    }
  }
}

resource "aws_cloudwatch_log_group" "teller" {
  name              = "/aws/lambda/stock-teller"
  retention_in_days = 30
}

resource "aws_kinesis_stream" "clicks" {
  name             = "clicks"
  shard_count      = 1
  retention_period = 48
  encryption_type  = "KMS"
  kms_key_id       = "alias/aws/kinesis"
}

resource "aws_dynamodb_table" "stock" {
  name             = "stock"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_sqs_queue" "aside" {
  name = "stream-aside"
}
