# What each function may do. modules/function adds its log group, traces and network interfaces.

data "aws_iam_policy_document" "orders_api" {
  statement {
    sid = "Orders"
    actions = [
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
      "dynamodb:Query",
      "dynamodb:PartiQLSelect",
    ]
    resources = [
      aws_dynamodb_table.orders.arn,
      "${aws_dynamodb_table.orders.arn}/index/byCustomer",
    ]
  }

  statement {
    sid       = "Payments"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.payments.arn]
  }
}

data "aws_iam_policy_document" "payment_webhook" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.order_events.arn]
  }

  statement {
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }

  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
  }

  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.payments.arn]
  }
}

# both talk to the carrier with the same secret
data "aws_iam_policy_document" "carrier_secret" {
  statement {
    sid       = "CarrierSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.carrier.arn]
  }

  statement {
    sid       = "DataKey"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.data.arn]
  }
}

data "aws_iam_policy_document" "fulfilment_worker" {
  source_policy_documents = [data.aws_iam_policy_document.carrier_secret.json]

  statement {
    actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }

  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.fulfilment.arn]
  }
}

data "aws_iam_policy_document" "carrier_webhook" {
  source_policy_documents = [data.aws_iam_policy_document.carrier_secret.json]

  statement {
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }
}

data "aws_iam_policy_document" "order_stream" {
  statement {
    actions   = ["events:PutEvents"]
    resources = [aws_cloudwatch_event_bus.orders.arn]
  }

  statement {
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.customer_summary.arn]
  }

  statement {
    actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    resources = [aws_dynamodb_table.orders.stream_arn]
  }

  statement {
    actions   = ["dynamodb:ListStreams"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "catalogue_import" {
  statement {
    actions = [
      "dynamodb:BatchGetItem",
      "dynamodb:BatchWriteItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:Scan",
      "dynamodb:UpdateItem",
    ]
    resources = [aws_dynamodb_table.catalogue.arn, "${aws_dynamodb_table.catalogue.arn}/index/*"]
  }
}

data "aws_iam_policy_document" "backoffice_search" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.data.arn]
  }
}

data "aws_iam_policy_document" "nightly_report" {
  statement {
    actions   = ["dynamodb:Query"]
    resources = ["${aws_dynamodb_table.orders.arn}/index/byDay"]
  }

  statement {
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.reports.arn, "${aws_s3_bucket.reports.arn}/*"]
  }

  statement {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.data.arn]
  }

  # finance used to get the report by mail
  statement {
    actions   = ["ses:SendEmail"]
    resources = ["${local.ses_identities}/tidewater.example"]
  }

  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.warehouse.arn]
  }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failures.arn]
  }
}

locals {
  arn_middle     = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  ses_identities = "arn:${data.aws_partition.current.partition}:ses:${local.arn_middle}:identity"
}

# ---------------------------------------------------------------- payment worker and notifications: one role, they need nearly the same

data "aws_iam_policy_document" "worker_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }

  # Brightwork (contractors) debug the worker from their own account
  dynamic "statement" {
    for_each = local.is_prod ? [] : [local.brightwork_account]

    content {
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = ["arn:aws:iam::${statement.value}:root"]
      }
    }
  }
}

resource "aws_iam_role" "worker" {
  name               = "${local.prefix}-worker"
  assume_role_policy = data.aws_iam_policy_document.worker_trust.json
}

resource "aws_iam_role_policy" "worker" {
  name = "worker"
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:aws:logs:*:*:*"
      },
      { Effect = "Allow", Action = "dynamodb:*", Resource = "*" },
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.payments.arn
      },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.failures.arn },
      { Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.order_events.arn },
      { Effect = "Allow", Action = ["scheduler:CreateSchedule", "iam:PassRole"], Resource = "*" },
      { Effect = "Allow", Action = "ses:SendEmail", Resource = "${local.ses_identities}/*" },
    ]
  })
}

# ---------------------------------------------------------------- what the scheduler acts as, to put a payment into the queue again

resource "aws_iam_role" "retry_scheduler" {
  name = "${local.prefix}-retries"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        ArnLike      = { "aws:SourceArn" = aws_scheduler_schedule_group.retries.arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "retry_scheduler" {
  name = "requeue"
  role = aws_iam_role.retry_scheduler.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.payments.arn }]
  })
}
