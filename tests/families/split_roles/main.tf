# Payments are taken and given back by functions that each may do no more than they must.

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

resource "aws_iam_role" "take" {
  name                 = "payment-take"
  assume_role_policy   = data.aws_iam_policy_document.lambda.json
  path                 = "/payments/"
  permissions_boundary = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy/edge-of-payments"
}

resource "aws_iam_role_policy_attachment" "take" {
  role       = aws_iam_role.take.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "take" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.bank.arn]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.payment.arn]
  }
}

resource "aws_iam_role_policy" "take" {
  name   = "own"
  role   = aws_iam_role.take.id
  policy = data.aws_iam_policy_document.take.json
}

resource "aws_lambda_function" "take" {
  function_name = "payment-take"
  runtime       = "python3.13"
  handler       = "take.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.take.arn
  kms_key_arn   = aws_kms_key.payment.arn
  environment {
    variables = {
      BANK_SECRET = aws_secretsmanager_secret.bank.arn
      BANK_URL    = "https://bank.example.com"
    }
  }
}

resource "aws_cloudwatch_log_group" "take" {
  name              = "/aws/lambda/payment-take"
  retention_in_days = 30
}

resource "aws_iam_role" "back" {
  name                 = "payment-back"
  assume_role_policy   = data.aws_iam_policy_document.lambda.json
  path                 = "/payments/"
  permissions_boundary = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy/edge-of-payments"
}

resource "aws_iam_role_policy_attachment" "back" {
  role       = aws_iam_role.back.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "back" {
  statement {
    actions   = ["secretsmanager:DescribeSecret"]
    resources = [aws_secretsmanager_secret.bank.arn]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.payment.arn]
  }
}

resource "aws_iam_role_policy" "back" {
  name   = "own"
  role   = aws_iam_role.back.id
  policy = data.aws_iam_policy_document.back.json
}

resource "aws_lambda_function" "back" {
  function_name = "payment-back"
  runtime       = "python3.13"
  handler       = "back.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.back.arn
  kms_key_arn   = aws_kms_key.payment.arn
  environment {
    variables = {
      BANK_SECRET = aws_secretsmanager_secret.bank.arn
      BANK_URL    = "https://bank.example.com"
    }
  }
}

resource "aws_cloudwatch_log_group" "back" {
  name              = "/aws/lambda/payment-back"
  retention_in_days = 30
}

resource "aws_kms_key" "payment" {
  enable_key_rotation     = true
  deletion_window_in_days = 14
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_secretsmanager_secret" "bank" {
  name       = "bank"
  kms_key_id = aws_kms_key.payment.arn
}
