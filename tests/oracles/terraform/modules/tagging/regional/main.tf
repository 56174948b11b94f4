terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.other]
    }
  }
}

variable "name" {
  type = string
}

data "aws_region" "here" {}

data "aws_region" "other" {
  provider = aws.other
}

resource "aws_sqs_queue" "here" {
  name = "${var.name}-${data.aws_region.here.name}"
}

resource "aws_sqs_queue" "other" {
  provider = aws.other
  name     = "${var.name}-other-${data.aws_region.other.name}"
  tags     = { Where = "other" }
}

output "region" {
  value = data.aws_region.here.name
}

output "other" {
  value = data.aws_region.other.name
}
