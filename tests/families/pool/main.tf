# People who sign up are checked first, and greeted afterwards.

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

resource "aws_iam_role" "checker" {
  name               = "sign-up-checker"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "checker" {
  role       = aws_iam_role.checker.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "checker" {
  function_name = "sign-up-checker"
  runtime       = "python3.13"
  handler       = "check.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.checker.arn
}

resource "aws_cloudwatch_log_group" "checker" {
  name              = "/aws/lambda/sign-up-checker"
  retention_in_days = 30
}

resource "aws_iam_role" "greeter" {
  name               = "sign-up-greeter"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "greeter" {
  role       = aws_iam_role.greeter.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "greeter" {
  function_name = "sign-up-greeter"
  runtime       = "python3.13"
  handler       = "greet.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.greeter.arn
}

resource "aws_cloudwatch_log_group" "greeter" {
  name              = "/aws/lambda/sign-up-greeter"
  retention_in_days = 30
}

resource "aws_lambda_permission" "people" {
  for_each = {
    checker = aws_lambda_function.checker.function_name
    greeter = aws_lambda_function.greeter.function_name
  }
  function_name = each.value
  action        = "lambda:InvokeFunction"
  principal     = "cognito-idp.amazonaws.com"
  source_arn    = aws_cognito_user_pool.people.arn
}

resource "aws_cognito_user_pool" "people" {
  name              = "people"
  mfa_configuration = "ON"
  software_token_mfa_configuration {
    enabled = true
  }
  lambda_config {
    pre_sign_up       = aws_lambda_function.checker.arn
    post_confirmation = aws_lambda_function.greeter.arn
  }
}
