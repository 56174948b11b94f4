variable "memory" {
  default = 256
}

locals {
  suffix = "overridden for ${var.stage}"
}

resource "aws_lambda_function" "orders" {
  runtime = "python3.13"
  timeout = 20

  environment {
    variables = {
      ONLY = "${local.suffix} ${local.kept}"
    }
  }

  tags = {
    Owner = "platform"
  }
}

resource "aws_sqs_queue" "many" {
  count = 2
}

module "queue" {
  delay = 15
}
