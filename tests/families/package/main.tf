# A printer of labels, which is signed code with a layer, and a reader of pictures, which is a container image.

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

resource "aws_iam_role" "printer" {
  name               = "label-printer"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "printer" {
  role       = aws_iam_role.printer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "printer" {
  function_name           = "label-printer"
  runtime                 = "python3.13"
  handler                 = "print.handler"
  filename                = "function.zip"
  memory_size             = 256
  timeout                 = 10
  role                    = aws_iam_role.printer.arn
  architectures           = ["arm64"]
  layers                  = [aws_lambda_layer_version.fonts.arn]
  code_signing_config_arn = aws_lambda_code_signing_config.signed.arn
  ephemeral_storage {
    size = 1024
  }
}

resource "aws_cloudwatch_log_group" "printer" {
  name              = "/aws/lambda/label-printer"
  retention_in_days = 30
}

resource "aws_iam_role" "reader" {
  name               = "picture-reader"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "reader" {
  role       = aws_iam_role.reader.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "reader" {
  function_name = "picture-reader"
  package_type  = "Image"
  image_uri     = "905418000017.dkr.ecr.eu-west-1.amazonaws.com/reader@sha256:abababababababababababababababababababababababababababababababab"
  memory_size   = 1024
  timeout       = 60
  role          = aws_iam_role.reader.arn
  architectures = ["arm64"]
  ephemeral_storage {
    size = 2048
  }
}

resource "aws_cloudwatch_log_group" "reader" {
  name              = "/aws/lambda/picture-reader"
  retention_in_days = 30
}

resource "aws_lambda_layer_version" "fonts" {
  layer_name          = "fonts"
  filename            = "fonts.zip"
  compatible_runtimes = ["python3.13"]
  license_info        = "OFL-1.1"
}

resource "aws_lambda_code_signing_config" "signed" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-west-1:905418000017:/signing-profiles/labels/abcdef1234"]
  }
  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}
