# A library whose two functions run as one role.

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

locals {
  functions = { lend = "lend.handler", give-back = "give.handler" }
}

resource "aws_lambda_function" "library" {
  for_each      = local.functions
  function_name = each.key
  runtime       = "python3.13"
  handler       = each.value
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.library.arn
  environment {
    variables = { BOOKS = aws_dynamodb_table.books.name }
  }
}

resource "aws_cloudwatch_log_group" "library" {
  for_each          = local.functions
  name              = "/aws/lambda/${each.key}"
  retention_in_days = 30
}

resource "aws_iam_role" "library" {
  name               = "library"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "library" {
  role       = aws_iam_role.library.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "library_2" {
  role       = aws_iam_role.library.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

data "aws_iam_policy_document" "library" {
  statement {
    actions   = ["dynamodb:GetItem", "dynamodb:Query"]
    resources = [aws_dynamodb_table.books.arn]
  }
  statement {
    actions   = ["sns:Publish"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role_policy" "library" {
  name   = "own"
  role   = aws_iam_role.library.id
  policy = data.aws_iam_policy_document.library.json
}

resource "aws_iam_role_policy_attachment" "lending" {
  role       = aws_iam_role.library.name
  policy_arn = aws_iam_policy.lending.arn
}

resource "aws_iam_policy" "lending" {
  name   = "lending"
  policy = data.aws_iam_policy_document.lending.json
}

data "aws_iam_policy_document" "lending" {
  statement {
    actions   = ["dynamodb:*"]
    resources = [aws_dynamodb_table.books.arn]
  }
}

resource "aws_dynamodb_table" "books" {
  name         = "books"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
