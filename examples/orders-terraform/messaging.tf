# ---------------------------------------------------------------- payments

resource "aws_sqs_queue" "payments" {
  name                       = "${local.prefix}-payments"
  visibility_timeout_seconds = 45
  message_retention_seconds  = 345600
}

resource "aws_lambda_event_source_mapping" "payments" {
  event_source_arn = aws_sqs_queue.payments.arn
  function_name    = module.payment_worker.arn
  batch_size       = 10
}

resource "aws_scheduler_schedule_group" "retries" {
  name = "${local.prefix}-retries"
}

# ---------------------------------------------------------------- fulfilment

resource "aws_sqs_queue" "fulfilment" {
  name                       = "${local.prefix}-fulfilment"
  visibility_timeout_seconds = 180

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failures.arn
    maxReceiveCount     = 5
  })
}

data "aws_iam_policy_document" "fulfilment_queue" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.fulfilment.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.order_paid.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "fulfilment" {
  queue_url = aws_sqs_queue.fulfilment.id
  policy    = data.aws_iam_policy_document.fulfilment_queue.json
}

resource "aws_lambda_event_source_mapping" "shipments" {
  event_source_arn        = aws_sqs_queue.fulfilment.arn
  function_name           = module.typescript["fulfilment_worker"].arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 5
  }
}

# ---------------------------------------------------------------- order events

resource "aws_lambda_event_source_mapping" "order_changes" {
  event_source_arn  = aws_dynamodb_table.orders.stream_arn
  function_name     = module.typescript["order_stream"].arn
  starting_position = "LATEST"
  batch_size        = 100
}

resource "aws_cloudwatch_event_bus" "orders" {
  name = local.prefix
}

resource "aws_cloudwatch_event_rule" "order_paid" {
  name           = "${local.prefix}-order-paid"
  event_bus_name = aws_cloudwatch_event_bus.orders.name

  event_pattern = jsonencode({
    source      = ["tidewater.orders"]
    detail-type = ["OrderPaid"]
  })
}

resource "aws_cloudwatch_event_target" "fulfilment" {
  rule           = aws_cloudwatch_event_rule.order_paid.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_sqs_queue.fulfilment.arn
}

resource "aws_sns_topic" "order_events" {
  name = "${local.prefix}-events"
}

resource "aws_sns_topic_subscription" "notify" {
  topic_arn = aws_sns_topic.order_events.arn
  protocol  = "lambda"
  endpoint  = module.notify.arn
}

resource "aws_lambda_permission" "notify" {
  statement_id  = "order-events"
  function_name = module.notify.name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}

# ---------------------------------------------------------------- nightly report

resource "aws_cloudwatch_event_rule" "every_night" {
  name                = "${local.prefix}-every-night"
  schedule_expression = "cron(15 2 * * ? *)"
}

resource "aws_cloudwatch_event_rule" "report_rerun" {
  name           = "${local.prefix}-report-rerun"
  event_bus_name = aws_cloudwatch_event_bus.orders.name

  event_pattern = jsonencode({
    source      = ["tidewater.backoffice"]
    detail-type = ["ReportRequested"]
  })
}

locals {
  report_rules = {
    every_night  = aws_cloudwatch_event_rule.every_night
    report_rerun = aws_cloudwatch_event_rule.report_rerun
  }
}

resource "aws_cloudwatch_event_target" "nightly_report" {
  for_each = local.report_rules

  rule           = each.value.name
  event_bus_name = each.value.event_bus_name
  arn            = module.nightly_report.arn
}

resource "aws_lambda_permission" "report_rule" {
  for_each = local.report_rules

  statement_id  = replace(each.key, "_", "-")
  function_name = module.nightly_report.name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = each.value.arn
}

# finance starts the report from their account at the end of the quarter
resource "aws_lambda_permission" "finance" {
  statement_id     = "finance"
  function_name    = module.nightly_report.name
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = var.organization_id
}

# ---------------------------------------------------------------- what could not be handled

resource "aws_sqs_queue" "failures" {
  name                      = "${local.prefix}-failures"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}
