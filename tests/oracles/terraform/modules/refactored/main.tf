# Blocks that say what happens to a configuration, not what it is, and settings that are no attributes.
# scene: {"adopt": "true"}

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "adopt" {
  type    = bool
  default = false
}

variable "password" {
  type      = string
  default   = "correct-horse-battery-9"
  ephemeral = true
}

moved {
  from = aws_sqs_queue.before
  to   = aws_sqs_queue.after
}

moved {
  from = aws_sqs_queue.numbered
  to   = aws_sqs_queue.after["third"]
}

moved {
  from = module.gone
  to   = module.here
}

removed {
  from = aws_sqs_queue.forgotten

  lifecycle {
    destroy = false
  }
}

import {
  for_each = var.adopt ? toset(["adopted"]) : toset([])
  to       = terraform_data.adopted[each.key]
  id       = "an-id"
}

check "names" {
  data "aws_iam_policy_document" "scoped" {
    statement {
      actions   = ["sqs:*"]
      resources = ["*"]
    }
  }

  assert {
    condition     = length(data.aws_iam_policy_document.scoped.json) > 0
    error_message = "There is something."
  }

  assert {
    condition     = aws_sqs_queue.after["first"].name == "another name"
    error_message = "A check that does not hold is a warning."
  }
}

resource "terraform_data" "adopted" {
  for_each = var.adopt ? toset(["adopted"]) : toset(["made"])
  input    = each.value
}

resource "aws_sqs_queue" "after" {
  for_each                  = toset(["first", "second", "third"])
  name                      = "after-${each.key}"
  message_retention_seconds = 86400

  depends_on = [terraform_data.first]

  lifecycle {
    create_before_destroy = true
    prevent_destroy       = false
    ignore_changes        = [delay_seconds, tags["Volatile"]]
    replace_triggered_by  = [terraform_data.first]

    precondition {
      condition     = length(each.key) > 2
      error_message = "A name is longer."
    }

    postcondition {
      condition     = self.message_retention_seconds > 60
      error_message = "Messages are kept."
    }
  }
}

resource "terraform_data" "first" {
  input            = "first"
  triggers_replace = [var.adopt, "second"]

  provisioner "local-exec" {
    command = "echo ${self.input}"
    when    = create
  }

  connection {
    type = "ssh"
    host = "example.com"
  }
}

module "here" {
  source     = "./here"
  depends_on = [aws_sqs_queue.after]
}

resource "aws_ssm_parameter" "password" {
  name             = "/orders/password"
  type             = "SecureString"
  value_wo         = var.password
  value_wo_version = 2
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  timeouts {
    create = "5m"
  }
}
