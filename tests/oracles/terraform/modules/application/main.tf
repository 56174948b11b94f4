# A whole application, as a team would write it.
# scene: {"stage": "prod"}
# scene: {"stage": "test", "enabled_functions": "[\"api\"]", "alarm_threshold": "5"}

variable "stage" {
  type = string

  validation {
    condition     = contains(["dev", "test", "prod"], var.stage)
    error_message = "There are three stages."
  }
}

variable "enabled_functions" {
  type    = list(string)
  default = null
}

variable "alarm_threshold" {
  type    = number
  default = 1
}

locals {
  production = var.stage == "prod"
  name       = "orders-${var.stage}"
  retention  = { dev = 7, test = 14, prod = 365 }

  functions = {
    api = {
      handler     = "api.handler"
      memory      = local.production ? 1024 : 256
      environment = { TABLE = local.table_name }
      statements = {
        table = { actions = ["dynamodb:GetItem", "dynamodb:PutItem"], resources = ["table/${local.table_name}"] }
      }
      url = local.production ? "AWS_IAM" : "NONE"
    }
    worker = {
      handler     = "worker.handler"
      memory      = 128
      environment = { TABLE = local.table_name, QUEUE = aws_sqs_queue.jobs.name }
      statements = {
        table = { actions = ["dynamodb:UpdateItem"], resources = ["table/${local.table_name}"] }
        index = { actions = ["dynamodb:Query"], resources = formatlist("table/${local.table_name}/index/%s", ["by-user", "by-day"]) }
      }
      url = null
    }
  }

  enabled    = { for name, function in local.functions : name => function if contains(coalesce(var.enabled_functions, keys(local.functions)), name) }
  table_name = "${local.name}-table"
}

module "function" {
  source   = "./modules/function"
  for_each = local.enabled

  name        = "${local.name}-${each.key}"
  handler     = each.value.handler
  memory      = each.value.memory
  environment = merge({ STAGE = var.stage }, each.value.environment)
  statements = {
    for name, statement in each.value.statements : name => {
      actions   = statement.actions
      resources = [for resource in statement.resources : "arn:aws:dynamodb:eu-west-1:111122223333:${resource}"]
    }
  }
  url       = each.value.url
  retention = local.retention[var.stage]
}

resource "aws_sqs_queue" "jobs" {
  name                       = "${local.name}-jobs"
  visibility_timeout_seconds = 180

  redrive_policy = local.production ? jsonencode({
    deadLetterTargetArn = "arn:aws:sqs:eu-west-1:111122223333:${aws_sqs_queue.dead.name}"
    maxReceiveCount     = 5
  }) : null
}

resource "aws_sqs_queue" "dead" {
  name = "${local.name}-dead"
}

resource "aws_dynamodb_table" "orders" {
  name         = local.table_name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "user"
  range_key    = "day"

  dynamic "attribute" {
    for_each = { user = "S", day = "S", total = "N" }

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  global_secondary_index {
    name            = "by-day"
    hash_key        = "day"
    range_key       = "total"
    projection_type = "ALL"
  }

  dynamic "point_in_time_recovery" {
    for_each = local.production ? [true] : []

    content {
      enabled = point_in_time_recovery.value
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each            = local.production ? toset(keys(local.enabled)) : []
  alarm_name          = "${local.name}-${each.key}-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 1
  period              = 5 * 60
  threshold           = var.alarm_threshold
  dimensions          = { FunctionName = module.function[each.key].name }
}

resource "aws_cloudwatch_event_rule" "nightly" {
  count               = local.production ? 1 : 0
  name                = "${local.name}-nightly"
  schedule_expression = "cron(0 3 * * ? *)"
  event_pattern       = null
}

resource "aws_cloudwatch_event_target" "nightly" {
  count = length(aws_cloudwatch_event_rule.nightly)
  rule  = aws_cloudwatch_event_rule.nightly[count.index].name
  arn   = module.function["worker"].arn
  input = jsonencode({ action = "tidy", stage = var.stage })
}

resource "aws_lambda_permission" "nightly" {
  count         = length(aws_cloudwatch_event_rule.nightly)
  action        = "lambda:InvokeFunction"
  function_name = module.function["worker"].name
  principal     = "events.amazonaws.com"
  source_arn    = one(aws_cloudwatch_event_rule.nightly).arn
}
