# Visitors talk to the staff through a WebSocket API that asks who connects.

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

resource "aws_apigatewayv2_api" "talk" {
  name                       = "talk"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_stage" "dev" {
  api_id      = aws_apigatewayv2_api.talk.id
  name        = "dev"
  auto_deploy = true
}

resource "aws_apigatewayv2_authorizer" "door" {
  api_id           = aws_apigatewayv2_api.talk.id
  name             = "door"
  authorizer_type  = "REQUEST"
  identity_sources = ["route.request.querystring.token"]
  authorizer_uri   = aws_lambda_function.door.invoke_arn
}

resource "aws_apigatewayv2_integration" "talk" {
  api_id           = aws_apigatewayv2_api.talk.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.talk.invoke_arn
}

resource "aws_apigatewayv2_route" "connect" {
  api_id             = aws_apigatewayv2_api.talk.id
  route_key          = "$connect"
  authorization_type = "CUSTOM"
  authorizer_id      = aws_apigatewayv2_authorizer.door.id
  target             = "integrations/${aws_apigatewayv2_integration.talk.id}"
}

resource "aws_apigatewayv2_route" "default" {
  api_id    = aws_apigatewayv2_api.talk.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.talk.id}"
}

resource "aws_lambda_permission" "connect" {
  function_name = aws_lambda_function.talk.arn
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.talk.execution_arn}/${aws_apigatewayv2_stage.dev.name}/$connect"
}

resource "aws_lambda_permission" "default" {
  function_name = aws_lambda_function.talk.arn
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.talk.execution_arn}/${aws_apigatewayv2_stage.dev.name}/$default"
}

resource "aws_lambda_permission" "door" {
  function_name = aws_lambda_function.door.arn
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.talk.execution_arn}/authorizers/*"
}

resource "aws_iam_role" "talk" {
  name               = "visitor-talk"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "talk" {
  role       = aws_iam_role.talk.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "talk" {
  function_name = "visitor-talk"
  runtime       = "python3.13"
  handler       = "talk.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.talk.arn
}

resource "aws_cloudwatch_log_group" "talk" {
  name              = "/aws/lambda/visitor-talk"
  retention_in_days = 30
}

resource "aws_iam_role" "door" {
  name               = "visitor-door"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "door" {
  role       = aws_iam_role.door.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "door" {
  function_name = "visitor-door"
  runtime       = "python3.13"
  handler       = "door.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.door.arn
}

resource "aws_cloudwatch_log_group" "door" {
  name              = "/aws/lambda/visitor-door"
  retention_in_days = 30
}
