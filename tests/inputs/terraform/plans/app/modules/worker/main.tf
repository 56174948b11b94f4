variable "name" {
  type = string
}

variable "memory" {
  type = number
}

variable "tracing" {
  type = string
}

variable "queue_arn" {
  type = string
}

variable "table_arn" {
  type = string
}

resource "aws_iam_role" "this" {
  name = var.name

  assume_role_policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
      ]
    }
  JSON

  inline_policy {
    name = "table"

    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Effect = "Allow", Action = "dynamodb:GetItem", Resource = var.table_arn },
        { Effect = "Allow", Action = "kms:*", Resource = "*" },
      ]
    })
  }
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = "nodejs20.x"
  handler       = "index.handler"
  filename      = "worker.zip"
  memory_size   = var.memory

  tracing_config {
    mode = var.tracing
  }
}

resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = var.queue_arn
  function_name    = aws_lambda_function.this.arn
}

resource "aws_lambda_permission" "anyone" {
  statement_id  = "anyone"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "s3.amazonaws.com"
}

output "function_name" {
  value = aws_lambda_function.this.function_name
}

output "function_arn" {
  value = aws_lambda_function.this.arn
}
