# A step of a larger process, a renewer of secrets, and an answer to a query.

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

resource "aws_iam_role" "step" {
  name               = "process-step"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "step" {
  role       = aws_iam_role.step.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "step" {
  function_name = "process-step"
  runtime       = "python3.13"
  handler       = "step.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.step.arn
}

resource "aws_cloudwatch_log_group" "step" {
  name              = "/aws/lambda/process-step"
  retention_in_days = 30
}

resource "aws_iam_role" "renewer" {
  name               = "login-renewer"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "renewer" {
  role       = aws_iam_role.renewer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "renewer" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]
    resources = [aws_secretsmanager_secret.login.arn]
  }
}

resource "aws_iam_role_policy" "renewer" {
  name   = "own"
  role   = aws_iam_role.renewer.id
  policy = data.aws_iam_policy_document.renewer.json
}

resource "aws_lambda_function" "renewer" {
  function_name = "login-renewer"
  runtime       = "python3.13"
  handler       = "renew.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.renewer.arn
}

resource "aws_cloudwatch_log_group" "renewer" {
  name              = "/aws/lambda/login-renewer"
  retention_in_days = 30
}

resource "aws_iam_role" "answer" {
  name               = "price-answer"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "answer" {
  role       = aws_iam_role.answer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "answer" {
  function_name = "price-answer"
  runtime       = "python3.13"
  handler       = "answer.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.answer.arn
}

resource "aws_cloudwatch_log_group" "answer" {
  name              = "/aws/lambda/price-answer"
  retention_in_days = 30
}

data "aws_iam_policy_document" "process_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "process" {
  name               = "process"
  assume_role_policy = data.aws_iam_policy_document.process_trust.json
}

data "aws_iam_policy_document" "process" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.step.arn]
  }
}

resource "aws_iam_role_policy" "process" {
  name   = "own"
  role   = aws_iam_role.process.id
  policy = data.aws_iam_policy_document.process.json
}

data "aws_iam_policy_document" "graph_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["appsync.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "graph" {
  name               = "graph"
  assume_role_policy = data.aws_iam_policy_document.graph_trust.json
}

data "aws_iam_policy_document" "graph" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.answer.arn]
  }
}

resource "aws_iam_role_policy" "graph" {
  name   = "own"
  role   = aws_iam_role.graph.id
  policy = data.aws_iam_policy_document.graph.json
}

resource "aws_sfn_state_machine" "process" {
  name     = "process"
  role_arn = aws_iam_role.process.arn
  definition = jsonencode({
    StartAt = "Step"
    States  = { Step = { Type = "Task", Resource = aws_lambda_function.step.arn, End = true } }
  })
  tracing_configuration {
    enabled = true
  }
}

resource "aws_secretsmanager_secret" "login" {
  name = "shop-login"
}

resource "aws_secretsmanager_secret_rotation" "login" {
  secret_id           = aws_secretsmanager_secret.login.id
  rotation_lambda_arn = aws_lambda_function.renewer.arn
  rotation_rules {
    automatically_after_days = 30
  }
  depends_on = [aws_lambda_permission.renewer]
}

resource "aws_lambda_permission" "renewer" {
  function_name = aws_lambda_function.renewer.function_name
  action        = "lambda:InvokeFunction"
  principal     = "secretsmanager.amazonaws.com"
  source_arn    = aws_secretsmanager_secret.login.arn
}

resource "aws_appsync_graphql_api" "graph" {
  name                = "shop"
  authentication_type = "AWS_IAM"
  xray_enabled        = true
}

resource "aws_appsync_datasource" "prices" {
  api_id           = aws_appsync_graphql_api.graph.id
  name             = "prices"
  type             = "AWS_LAMBDA"
  service_role_arn = aws_iam_role.graph.arn
  lambda_config {
    function_arn = aws_lambda_function.answer.arn
  }
}
