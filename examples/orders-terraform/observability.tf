resource "aws_cloudwatch_log_group" "service" {
  name              = "/tidewater/orders/${var.stage}"
  retention_in_days = local.is_prod ? 365 : 30
}

resource "aws_cloudwatch_log_group" "payment_webhook" {
  name = "/tidewater/orders/${var.stage}/payment-webhook"
}

resource "aws_cloudwatch_log_group" "backoffice_access" {
  name              = "/tidewater/orders/${var.stage}/backoffice-access"
  retention_in_days = 90
}

resource "aws_cloudwatch_metric_alarm" "failures" {
  alarm_name          = "${local.prefix}-failures"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failures.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  alarm_actions       = [data.terraform_remote_state.platform.outputs.ops_alarms_topic_arn]
}
