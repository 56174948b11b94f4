# A catalogue that partners read with a key, our people by their pool, and machines by IAM; a token opens the stock.

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

resource "aws_api_gateway_rest_api" "catalogue" {
  name = "catalogue"
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

locals {
  routes = {
    partners = { authorization = "NONE", key = true, authorizer = null }
    staff    = { authorization = "COGNITO_USER_POOLS", key = false, authorizer = aws_api_gateway_authorizer.pool.id }
    machines = { authorization = "AWS_IAM", key = false, authorizer = null }
    stock    = { authorization = "CUSTOM", key = false, authorizer = aws_api_gateway_authorizer.token.id }
  }
}

resource "aws_api_gateway_resource" "catalogue" {
  for_each    = local.routes
  rest_api_id = aws_api_gateway_rest_api.catalogue.id
  parent_id   = aws_api_gateway_rest_api.catalogue.root_resource_id
  path_part   = each.key
}

resource "aws_api_gateway_method" "catalogue" {
  for_each         = local.routes
  rest_api_id      = aws_api_gateway_rest_api.catalogue.id
  resource_id      = aws_api_gateway_resource.catalogue[each.key].id
  http_method      = "GET"
  authorization    = each.value.authorization
  authorizer_id    = each.value.authorizer
  api_key_required = each.value.key
}

resource "aws_api_gateway_integration" "catalogue" {
  for_each                = local.routes
  rest_api_id             = aws_api_gateway_rest_api.catalogue.id
  resource_id             = aws_api_gateway_resource.catalogue[each.key].id
  http_method             = aws_api_gateway_method.catalogue[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.catalogue.invoke_arn
}

resource "aws_lambda_permission" "catalogue" {
  for_each      = local.routes
  function_name = aws_lambda_function.catalogue.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.catalogue.execution_arn}/*/GET/${each.key}"
}

resource "aws_api_gateway_deployment" "catalogue" {
  rest_api_id = aws_api_gateway_rest_api.catalogue.id
  depends_on  = [aws_api_gateway_integration.catalogue]
}

resource "aws_api_gateway_stage" "dev" {
  rest_api_id          = aws_api_gateway_rest_api.catalogue.id
  deployment_id        = aws_api_gateway_deployment.catalogue.id
  stage_name           = "dev"
  xray_tracing_enabled = true
}

resource "aws_api_gateway_authorizer" "pool" {
  rest_api_id     = aws_api_gateway_rest_api.catalogue.id
  name            = "pool"
  type            = "COGNITO_USER_POOLS"
  identity_source = "method.request.header.Authorization"
  provider_arns   = [aws_cognito_user_pool.staff.arn]
}

resource "aws_api_gateway_authorizer" "token" {
  rest_api_id                      = aws_api_gateway_rest_api.catalogue.id
  name                             = "door"
  type                             = "TOKEN"
  identity_source                  = "method.request.header.Authorization"
  authorizer_uri                   = aws_lambda_function.door.invoke_arn
  authorizer_result_ttl_in_seconds = 60
}

resource "aws_lambda_permission" "door" {
  function_name = aws_lambda_function.door.arn
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.catalogue.execution_arn}/authorizers/*"
}

resource "aws_api_gateway_usage_plan" "partners" {
  name = "catalogue-dev"
  api_stages {
    api_id = aws_api_gateway_rest_api.catalogue.id
    stage  = aws_api_gateway_stage.dev.stage_name
  }
  throttle_settings {
    rate_limit  = 10
    burst_limit = 20
  }
  quota_settings {
    limit  = 1000
    period = "DAY"
  }
}

resource "aws_api_gateway_api_key" "partner" {
  name = "partner"
}

resource "aws_api_gateway_usage_plan_key" "partner" {
  key_id        = aws_api_gateway_api_key.partner.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.partners.id
}

resource "aws_cognito_user_pool" "staff" {
  name              = "staff"
  mfa_configuration = "OFF"
}

resource "aws_iam_role" "catalogue" {
  name               = "catalogue"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "catalogue" {
  role       = aws_iam_role.catalogue.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "catalogue" {
  function_name = "catalogue"
  runtime       = "python3.13"
  handler       = "catalogue.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.catalogue.arn
}

resource "aws_cloudwatch_log_group" "catalogue" {
  name              = "/aws/lambda/catalogue"
  retention_in_days = 30
}

resource "aws_iam_role" "door" {
  name               = "stock-door"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "door" {
  role       = aws_iam_role.door.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "door" {
  function_name = "stock-door"
  runtime       = "python3.13"
  handler       = "door.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.door.arn
}

resource "aws_cloudwatch_log_group" "door" {
  name              = "/aws/lambda/stock-door"
  retention_in_days = 30
}
