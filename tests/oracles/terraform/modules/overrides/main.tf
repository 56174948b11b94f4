# What files of overrides make of a configuration.
# scene: {"stage": "prod"}

variable "stage" {
  type    = string
  default = "dev"
}

variable "memory" {
  type        = number
  default     = 128
  description = "Stays, although the default does not."
}

locals {
  name   = "orders-${var.stage}"
  suffix = "written"
  kept   = "kept"
}

resource "aws_lambda_function" "orders" {
  function_name = local.name
  role          = "arn:aws:iam::111122223333:role/orders"
  filename      = "code.zip"
  handler       = "index.handler"
  runtime       = "python3.12"
  memory_size   = var.memory
  timeout       = 10

  environment {
    variables = {
      STAGE  = var.stage
      SUFFIX = local.suffix
    }
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = {
    Owner = "shop"
    Kept  = local.kept
  }
}

resource "aws_sqs_queue" "many" {
  count = 1
  name  = "many-${count.index}"
}

resource "aws_security_group" "rules" {
  name   = "rules"
  vpc_id = "vpc-1"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

module "queue" {
  source = "./queue"
  name   = "queue"
  delay  = 5
}
