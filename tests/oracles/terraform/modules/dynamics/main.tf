# Blocks that are made by `dynamic`, also inside of each other.
# scene: {"traced": "false", "rules": "{}", "functions": "{\"solo\": {\"environment\": {}, \"subnets\": [\"subnet-1\"]}}"}

variable "traced" {
  type    = bool
  default = true
}

variable "functions" {
  type = map(object({
    environment = map(string)
    subnets     = optional(list(string), [])
  }))
  default = {
    orders = { environment = { LEVEL = "info" }, subnets = ["subnet-2", "subnet-1"] }
    users  = { environment = {} }
  }
}

variable "rules" {
  type = map(object({
    prefix      = optional(string)
    tags        = optional(map(string), {})
    transitions = optional(map(number), {})
    expires     = optional(number)
  }))
  default = {
    archive = { prefix = "logs/", transitions = { GLACIER = 90, STANDARD_IA = 30 } }
    tidy    = { tags = { kind = "tmp", owner = "nobody" }, expires = 7 }
  }
}

resource "aws_lambda_function" "each" {
  for_each      = var.functions
  function_name = each.key
  role          = "arn:aws:iam::111122223333:role/${each.key}"
  filename      = "code.zip"
  handler       = "index.handler"
  runtime       = "python3.13"

  dynamic "environment" {
    for_each = length(each.value.environment) > 0 ? [each.value.environment] : []

    content {
      variables = merge(environment.value, { NAME = each.key, AT = environment.key })
    }
  }

  dynamic "vpc_config" {
    for_each = each.value.subnets[*] == [] ? [] : [each.value.subnets]
    iterator = network

    content {
      subnet_ids         = network.value
      security_group_ids = ["sg-${length(network.value)}"]
    }
  }

  dynamic "tracing_config" {
    for_each = var.traced ? { mode = "Active" } : {}

    content {
      mode = tracing_config.value
    }
  }

  dynamic "dead_letter_config" {
    for_each = toset(compact([each.key == "orders" ? "arn:aws:sqs:eu-west-1:111122223333:dead" : ""]))

    content {
      target_arn = dead_letter_config.value
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "archive" {
  count  = length(var.rules) > 0 ? 1 : 0
  bucket = "archive"

  dynamic "rule" {
    for_each = var.rules

    content {
      id     = rule.key
      status = "Enabled"

      filter {
        dynamic "and" {
          for_each = length(rule.value.tags) > 0 ? [rule.value.tags] : []

          content {
            tags = and.value
          }
        }

        prefix = length(rule.value.tags) > 0 ? null : rule.value.prefix
      }

      dynamic "transition" {
        for_each = rule.value.transitions
        iterator = move

        content {
          storage_class = move.key
          days          = move.value
        }
      }

      dynamic "expiration" {
        for_each = rule.value.expires[*]

        content {
          days = expiration.value
        }
      }
    }
  }
}

resource "aws_security_group" "functions" {
  name   = "functions"
  vpc_id = "vpc-1"

  dynamic "egress" {
    for_each = { https = 443, postgres = 5432 }

    content {
      description = egress.key
      from_port   = egress.value
      to_port     = egress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }

  ingress {
    description      = "everything"
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    self             = true
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 0

  metric_query {
    id          = "all"
    expression  = join(" + ", [for name in keys(var.functions) : "m_${name}"])
    return_data = true
  }

  dynamic "metric_query" {
    for_each = var.functions
    iterator = function

    content {
      id = "m_${function.key}"

      metric {
        namespace   = "AWS/Lambda"
        metric_name = "Errors"
        period      = 60
        stat        = "Sum"
        dimensions = {
          FunctionName = function.key
        }
      }
    }
  }
}
