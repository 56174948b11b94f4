# What terraform-aws-modules/eventbridge declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }
variable "decides" { type = any }

variable "create" { default = true }
variable "tags" {
  type    = map(string)
  default = {}
}

# ----------------------------------------------------------------------------------------------------------------- bus

variable "create_bus" { default = true }
variable "bus_name" { default = "default" }
variable "event_source_name" { default = null }
variable "kms_key_identifier" { default = null }

resource "aws_cloudwatch_event_bus" "this" {
  count              = var.create && var.create_bus ? 1 : 0
  name               = var.bus_name
  event_source_name  = var.event_source_name
  kms_key_identifier = var.kms_key_identifier
  tags               = var.tags
}

variable "create_permissions" { default = true }
variable "permissions" {
  type    = any
  default = {}
}

# The key of each is the principal and the Sid, with a space between them.
resource "aws_cloudwatch_event_permission" "this" {
  for_each       = { for name, permission in var.permissions : name => permission if var.create && var.create_permissions }
  principal      = try(each.value.principal, split(" ", each.key)[0])
  statement_id   = try(each.value.statement_id, split(" ", each.key)[1])
  action         = try(each.value.action, null)
  event_bus_name = try(each.value.event_bus_name, aws_cloudwatch_event_bus.this[0].name, var.bus_name, null)

  dynamic "condition" {
    for_each = try([each.value.condition_org], [])
    content {
      type  = "StringEquals"
      key   = "aws:PrincipalOrgID"
      value = condition.value
    }
  }
}

# --------------------------------------------------------------------------------------------------------------- rules

variable "create_rules" { default = true }
variable "create_targets" { default = true }
variable "append_rule_postfix" { default = true }
variable "rules" {
  type    = any
  default = {}
}
variable "targets" {
  type    = any
  default = {}
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = { for name, rule in var.rules : name => rule if var.create && var.create_rules }

  name                = var.append_rule_postfix ? "${replace(each.key, "_", "-")}-rule" : each.key
  event_bus_name      = var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.state, tobool(each.value.enabled) ? "ENABLED" : "DISABLED", tobool(each.value.is_enabled) ? "ENABLED" : "DISABLED", null)
  role_arn            = try(tobool(each.value.role_arn) ? aws_iam_role.eventbridge[0].arn : null, each.value.role_arn, null)
  tags                = var.tags
}

locals {
  aims = flatten([for rule, _ in var.rules : [for target in try(var.targets[rule], []) : merge(target, { rule_key = rule })]])
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = { for target in local.aims : target.name => target if var.create && var.create_targets }

  rule           = var.create_rules ? aws_cloudwatch_event_rule.this[each.value.rule_key].name : each.value.rule_key
  event_bus_name = var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name
  target_id      = try(each.value.target_id, null)
  arn            = each.value.arn
  input          = try(each.value.input, null)
  # `true` stands for the role that the module makes.
  role_arn = try(tobool(each.value.attach_role_arn) ? aws_iam_role.eventbridge[0].arn : null, each.value.attach_role_arn, null)

  dead_letter_config {
    arn = try(each.value.dead_letter_arn, null)
  }

  retry_policy {
    maximum_retry_attempts       = try(each.value.retry_policy.maximum_retry_attempts, null)
    maximum_event_age_in_seconds = try(each.value.retry_policy.maximum_event_age_in_seconds, null)
  }
}

# ----------------------------------------------------------------------------------------------------------- schedules

variable "create_schedules" { default = true }
variable "append_schedule_postfix" { default = true }
variable "schedules" {
  type    = any
  default = {}
}

resource "aws_scheduler_schedule" "this" {
  for_each = { for name, schedule in var.schedules : name => schedule if var.create && var.create_schedules }

  name                         = var.append_schedule_postfix ? "${replace(each.key, "_", "-")}-schedule" : each.key
  group_name                   = try(each.value.group_name, null)
  schedule_expression          = each.value.schedule_expression
  schedule_expression_timezone = try(each.value.timezone, null)
  kms_key_arn                  = try(each.value.kms_key_arn, null)
  state                        = try(each.value.state, null)

  flexible_time_window {
    mode = try(each.value.use_flexible_time_window, false) ? "FLEXIBLE" : "OFF"
  }

  target {
    arn      = each.value.arn
    role_arn = try(each.value.role_arn, aws_iam_role.eventbridge[0].arn)
    input    = try(each.value.input, null)

    dead_letter_config {
      arn = try(each.value.dead_letter_arn, null)
    }

    retry_policy {
      maximum_retry_attempts       = try(each.value.retry_policy.maximum_retry_attempts, null)
      maximum_event_age_in_seconds = try(each.value.retry_policy.maximum_event_age_in_seconds, null)
    }
  }
}

variable "create_schedule_groups" { default = true }
variable "append_schedule_group_postfix" { default = true }
variable "schedule_groups" {
  type    = any
  default = {}
}

resource "aws_scheduler_schedule_group" "this" {
  for_each = { for name, group in var.schedule_groups : name => group if var.create && var.create_schedule_groups }
  name     = var.append_schedule_group_postfix ? "${replace(each.key, "_", "-")}-group" : each.key
}

# ---------------------------------------------------------------------------------------------------------------- role

variable "create_role" { default = true }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "trusted_entities" { default = [] }
variable "role_tags" {
  type    = map(string)
  default = {}
}
variable "attach_kinesis_policy" { default = false }
variable "attach_kinesis_firehose_policy" { default = false }
variable "attach_sqs_policy" { default = false }
variable "attach_sns_policy" { default = false }
variable "attach_ecs_policy" { default = false }
variable "attach_lambda_policy" { default = false }
variable "attach_sfn_policy" { default = false }
variable "attach_cloudwatch_policy" { default = false }
variable "attach_api_destination_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "lambda_target_arns" { default = [] }
variable "sfn_target_arns" { default = [] }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy_statements" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "number_of_policy_jsons" { default = 0 }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "number_of_policies" { default = 0 }
variable "policy_statements" {
  type    = any
  default = {}
}

locals {
  role      = var.create && var.create_role
  role_name = var.given.role_name ? var.role_name : var.bus_name
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = concat(["events.amazonaws.com"], length(var.schedules) > 0 ? ["scheduler.amazonaws.com"] : [], var.trusted_entities)
    }
  }
}

resource "aws_iam_role" "eventbridge" {
  count                = local.role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role.json
  tags                 = merge(var.tags, var.role_tags)
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = var.lambda_target_arns
  }
}

resource "aws_iam_policy" "lambda" {
  count  = local.role && var.attach_lambda_policy ? 1 : 0
  name   = "${local.role_name}-lambda"
  policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "sfn" {
  statement {
    actions   = ["states:StartExecution"]
    resources = var.sfn_target_arns
  }
}

resource "aws_iam_policy" "sfn" {
  count  = local.role && var.attach_sfn_policy ? 1 : 0
  name   = "${local.role_name}-sfn"
  policy = data.aws_iam_policy_document.sfn.json
}

# Of these the module decides the statements.
resource "aws_iam_policy" "sqs" {
  count  = local.role && var.attach_sqs_policy ? 1 : 0
  policy = var.decides.sqs
}

resource "aws_iam_policy" "sns" {
  count  = local.role && var.attach_sns_policy ? 1 : 0
  policy = var.decides.sns
}

resource "aws_iam_policy" "kinesis" {
  count  = local.role && var.attach_kinesis_policy ? 1 : 0
  policy = var.decides.kinesis
}

resource "aws_iam_policy" "kinesis_firehose" {
  count  = local.role && var.attach_kinesis_firehose_policy ? 1 : 0
  policy = var.decides.kinesis_firehose
}

resource "aws_iam_policy" "ecs" {
  count  = local.role && var.attach_ecs_policy ? 1 : 0
  policy = var.decides.ecs
}

resource "aws_iam_policy" "cloudwatch" {
  count  = local.role && var.attach_cloudwatch_policy ? 1 : 0
  policy = var.decides.cloudwatch
}

resource "aws_iam_policy" "api_destination" {
  count  = local.role && var.attach_api_destination_policy ? 1 : 0
  policy = var.decides.api_destination
}

resource "aws_iam_policy" "tracing" {
  count  = local.role && var.attach_tracing_policy ? 1 : 0
  policy = var.decides.tracing
}

resource "aws_iam_policy" "additional_json" {
  count  = local.role && var.attach_policy_json ? 1 : 0
  name   = local.role_name
  policy = var.policy_json
}

resource "aws_iam_policy" "additional_jsons" {
  count  = local.role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name   = "${local.role_name}-${count.index}"
  policy = var.policy_jsons[count.index]
}

data "aws_iam_policy_document" "additional_inline" {
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "additional_inline" {
  count  = local.role && var.attach_policy_statements ? 1 : 0
  name   = "${local.role_name}-inline"
  policy = data.aws_iam_policy_document.additional_inline.json
}

resource "aws_iam_policy_attachment" "lambda" {
  count      = local.role && var.attach_lambda_policy ? 1 : 0
  name       = "${local.role_name}-lambda"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.lambda[0].arn
}

resource "aws_iam_policy_attachment" "sfn" {
  count      = local.role && var.attach_sfn_policy ? 1 : 0
  name       = "${local.role_name}-sfn"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.sfn[0].arn
}

resource "aws_iam_policy_attachment" "sqs" {
  count      = local.role && var.attach_sqs_policy ? 1 : 0
  name       = "${local.role_name}-sqs"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.sqs[0].arn
}

resource "aws_iam_policy_attachment" "sns" {
  count      = local.role && var.attach_sns_policy ? 1 : 0
  name       = "${local.role_name}-sns"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.sns[0].arn
}

resource "aws_iam_policy_attachment" "kinesis" {
  count      = local.role && var.attach_kinesis_policy ? 1 : 0
  name       = "${local.role_name}-kinesis"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.kinesis[0].arn
}

resource "aws_iam_policy_attachment" "kinesis_firehose" {
  count      = local.role && var.attach_kinesis_firehose_policy ? 1 : 0
  name       = "${local.role_name}-kinesis_firehose"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.kinesis_firehose[0].arn
}

resource "aws_iam_policy_attachment" "ecs" {
  count      = local.role && var.attach_ecs_policy ? 1 : 0
  name       = "${local.role_name}-ecs"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.ecs[0].arn
}

resource "aws_iam_policy_attachment" "cloudwatch" {
  count      = local.role && var.attach_cloudwatch_policy ? 1 : 0
  name       = "${local.role_name}-cloudwatch"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.cloudwatch[0].arn
}

resource "aws_iam_policy_attachment" "api_destination" {
  count      = local.role && var.attach_api_destination_policy ? 1 : 0
  name       = "${local.role_name}-api_destination"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.api_destination[0].arn
}

resource "aws_iam_policy_attachment" "tracing" {
  count      = local.role && var.attach_tracing_policy ? 1 : 0
  name       = "${local.role_name}-tracing"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.tracing[0].arn
}

resource "aws_iam_policy_attachment" "additional_json" {
  count      = local.role && var.attach_policy_json ? 1 : 0
  name       = "${local.role_name}-additional_json"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.additional_json[0].arn
}

resource "aws_iam_policy_attachment" "additional_inline" {
  count      = local.role && var.attach_policy_statements ? 1 : 0
  name       = "${local.role_name}-additional_inline"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.additional_inline[0].arn
}

resource "aws_iam_policy_attachment" "additional_jsons" {
  count      = local.role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name       = "${local.role_name}-${count.index}"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.additional_jsons[count.index].arn
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.eventbridge[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.eventbridge[0].name
  policy_arn = var.policies[count.index]
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "eventbridge_bus_name" { value = var.bus_name }
output "eventbridge_bus_arn" { value = try(aws_cloudwatch_event_bus.this[0].arn, "") }
output "eventbridge_rule_ids" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.id } }
output "eventbridge_rule_arns" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn } }
output "eventbridge_schedule_ids" { value = { for name, schedule in aws_scheduler_schedule.this : name => schedule.id } }
output "eventbridge_schedule_arns" { value = { for name, schedule in aws_scheduler_schedule.this : name => schedule.arn } }
output "eventbridge_role_arn" { value = try(aws_iam_role.eventbridge[0].arn, "") }
output "eventbridge_role_name" { value = try(aws_iam_role.eventbridge[0].name, "") }
