terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

resource "aws_lambda_function" "this" {
  function_name    = var.name
  filename         = var.package.output_path
  source_code_hash = var.package.output_base64sha256
  handler          = var.handler
  runtime          = var.runtime
  architectures    = ["arm64"]
  memory_size      = var.memory_size
  timeout          = var.timeout
  layers           = var.layers
  kms_key_arn      = var.kms_key_arn
  role             = var.create_role ? aws_iam_role.this[0].arn : var.role_arn

  reserved_concurrent_executions = var.reserved_concurrency
  code_signing_config_arn        = var.code_signing_config_arn

  environment {
    variables = var.environment
  }

  tracing_config {
    mode = var.tracing
  }

  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    log_group             = var.log_group.name
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_arn[*]

    content {
      target_arn = dead_letter_config.value
    }
  }

  # Lambda asks whether the role may do it when the function is made
  depends_on = [aws_iam_role_policy.this]
}
