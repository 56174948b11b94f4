# Members hear what is new to them; what can't be delivered is put aside.

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

resource "aws_iam_role" "mailer" {
  name               = "news-mailer"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "mailer" {
  role       = aws_iam_role.mailer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "mailer" {
  function_name = "news-mailer"
  runtime       = "python3.13"
  handler       = "mail.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.mailer.arn
}

resource "aws_lambda_permission" "news" {
  function_name = aws_lambda_function.mailer.function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.news.arn
}

resource "aws_sns_topic_subscription" "mailer" {
  topic_arn      = aws_sns_topic.news.arn
  protocol       = "lambda"
  endpoint       = aws_lambda_function.mailer.arn
  filter_policy  = jsonencode({ kind = ["urgent", "weekly"] })
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.aside.arn })
}

resource "aws_cloudwatch_log_group" "mailer" {
  name              = "/aws/lambda/news-mailer"
  retention_in_days = 30
}

resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sqs_queue" "aside" {
  name = "news-aside"
}

data "aws_iam_policy_document" "aside" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.aside.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.news.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "aside" {
  queue_url = aws_sqs_queue.aside.url
  policy    = data.aws_iam_policy_document.aside.json
}
