# Pictures that are put into a bucket are made smaller.

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

resource "aws_iam_role" "resizer" {
  name               = "picture-resizer"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "resizer" {
  role       = aws_iam_role.resizer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "resizer" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.pictures.arn}/in/*"]
  }
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.pictures.arn}/out/*"]
  }
}

resource "aws_iam_role_policy" "resizer" {
  name   = "own"
  role   = aws_iam_role.resizer.id
  policy = data.aws_iam_policy_document.resizer.json
}

resource "aws_lambda_function" "resizer" {
  function_name = "picture-resizer"
  runtime       = "python3.13"
  handler       = "resize.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.resizer.arn
}

resource "aws_lambda_permission" "resizer" {
  function_name  = aws_lambda_function.resizer.function_name
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
  source_arn     = aws_s3_bucket.pictures.arn
}

resource "aws_cloudwatch_log_group" "resizer" {
  name              = "/aws/lambda/picture-resizer"
  retention_in_days = 30
}

resource "aws_s3_bucket" "pictures" {
  bucket = "acme-pictures"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "pictures" {
  bucket                  = aws_s3_bucket.pictures.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_notification" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.resizer.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "in/"
  }
  depends_on = [aws_lambda_permission.resizer]
}
