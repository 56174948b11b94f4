# Members see their account through an HTTP API that asks for a token.

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

resource "aws_apigatewayv2_api" "account" {
  name          = "account"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins     = ["https://www.example.com"]
    allow_methods     = ["GET", "PUT"]
    allow_headers     = ["authorization"]
    allow_credentials = true
    max_age           = 300
  }
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.account.id
  name        = "$default"
  auto_deploy = true
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format          = "$context.requestId $context.status"
  }
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/http-api/account-dev"
  retention_in_days = 30
}

resource "aws_apigatewayv2_authorizer" "members" {
  api_id           = aws_apigatewayv2_api.account.id
  name             = "members"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  jwt_configuration {
    issuer   = "https://login.example.com/"
    audience = ["account"]
  }
}

resource "aws_apigatewayv2_integration" "account" {
  api_id                 = aws_apigatewayv2_api.account.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.account.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "account" {
  for_each           = toset(["GET", "PUT"])
  api_id             = aws_apigatewayv2_api.account.id
  route_key          = "${each.key} /account"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.members.id
  target             = "integrations/${aws_apigatewayv2_integration.account.id}"
}

resource "aws_lambda_permission" "account" {
  for_each      = toset(["GET", "PUT"])
  function_name = aws_lambda_function.account.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.account.execution_arn}/*/${each.key}/account"
}

resource "aws_iam_role" "account" {
  name               = "account"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "account" {
  role       = aws_iam_role.account.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "account" {
  function_name = "account"
  runtime       = "python3.13"
  handler       = "account.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.account.arn
}

resource "aws_cloudwatch_log_group" "account" {
  name              = "/aws/lambda/account"
  retention_in_days = 30
}
