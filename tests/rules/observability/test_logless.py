"""Roles that allow no logs: where what decides that is written, in modules and outside of them (SK718)."""

from __future__ import annotations

import pytest

from tests.inputs.terraform.support import app_of
from tests.rules.support import Verdict

TRUST = """jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })"""
FUNCTION = """resource "aws_lambda_function" "this" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = %s
}
"""
ROLE = f"""resource "aws_iam_role" "this" {{
  count              = local.create ? 1 : 0
  assume_role_policy = {TRUST}
}}
"""
MODULE = f"""variable "create" {{ default = true }}
variable "attach_logs" {{ default = true }}
variable "attach_queue" {{ default = false }}
locals {{
  create = var.create && !var.off
  logs   = local.create && var.attach_logs
}}
variable "off" {{ default = false }}
{FUNCTION % "aws_iam_role.this[0].arn"}{ROLE}
data "aws_iam_policy_document" "logs" {{
  count = local.logs ? 1 : 0
  statement {{
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["*"]
  }}
}}
resource "aws_iam_role_policy" "logs" {{
  count  = local.logs ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.logs[0].json
}}
resource "aws_iam_role_policy_attachment" "queue" {{
  count      = var.attach_queue ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
}}
"""
CALL = 'module "orders" {\n  source = "./orders"\n%s}\n'
TO_TRUE = "set `attach_logs` to true: the role then gets its policy for logs"


def said(module: str, root: str, **more: str) -> list[tuple[str, int, str]]:
    verdict = Verdict("SK718", app_of({"main.tf": root, "orders/main.tf": module} | more))
    return [(f.span.doc.path, f.span.line, f.help) for f in verdict.fails if f.span is not None]


def test_a_switch_that_the_caller_has_turned_off_is_the_place() -> None:
    assert said(MODULE, CALL % "  attach_logs = false\n") == [("main.tf", 3, TO_TRUE)]
    assert not said(MODULE, CALL % "")
    assert not said(MODULE, CALL % "  attach_queue = false\n")


def test_a_switch_may_come_from_further_up() -> None:
    more = {
        "outer/main.tf": 'variable "logs" { default = true }\n'
        + (CALL % "  attach_logs = var.logs\n").replace("./", "../")
    }
    root = 'module "outer" {\n  source = "./outer"\n  logs   = false\n}\n'
    app = app_of({"main.tf": root, "orders/main.tf": MODULE} | more)
    [finding] = Verdict("SK718", app).fails
    assert finding.span is not None
    assert (finding.span.doc.path, finding.span.line) == ("main.tf", 3)
    assert finding.help.startswith("set `logs` to true")


def test_a_switch_that_nobody_states_is_told_at_the_call() -> None:
    module = MODULE.replace('"attach_logs" { default = true }', '"attach_logs" { default = false }')
    assert said(module, CALL % "") == [("main.tf", 1, TO_TRUE)]


def test_a_switch_may_have_to_be_false() -> None:
    module = MODULE.replace("&& var.attach_logs", "&& !(var.no_logs)") + 'variable "no_logs" { default = false }\n'
    [(path, line, help_)] = said(module, CALL % "  no_logs = true\n")
    assert (path, line, help_) == ("main.tf", 3, "set `no_logs` to false: the role then gets its policy for logs")


@pytest.mark.parametrize(
    "condition",
    [
        "length(var.names) > 0",  # no truth value alone decides
        "var.attach_logs || var.other",  # either would do
        "var.attach_logs && length(var.names) > 0",
    ],
)
def test_where_no_switch_decides_the_call_of_the_module_is_the_place(condition: str) -> None:
    module = MODULE.replace("local.create && var.attach_logs", condition)
    module += 'variable "names" { default = [] }\nvariable "other" { default = false }\n'
    [(path, line, help_)] = said(module, CALL % "  attach_logs = false\n")
    assert (path, line) == ("main.tf", 1)
    assert help_.startswith("let `module.orders` give its role `AWSLambdaBasicExecutionRole`")


def test_a_policy_for_something_else_decides_nothing() -> None:
    module = MODULE.replace('"logs:CreateLogStream", "logs:PutLogEvents"', '"sqs:SendMessage"')
    [(path, line, help_)] = said(module, CALL % "  attach_logs = false\n")
    assert (path, line) == ("main.tf", 1)
    assert "attach_logs" not in help_


def test_a_module_that_is_not_here_has_switches_too() -> None:
    root = """module "orders" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 7.0"

  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.13"
  source_path   = "src"

  attach_cloudwatch_logs_policy = false
}
"""
    findings = Verdict("SK718", app_of({"main.tf": root})).findings
    assert [(f.span.line, f.help) for f in findings if f.span is not None] == [
        (10, TO_TRUE.replace("attach_logs", "attach_cloudwatch_logs_policy"))
    ]


def test_each_call_has_a_finding_of_its_own() -> None:
    root = CALL % "  attach_logs = false\n"
    assert [line for _, line, _ in said(MODULE, root + root.replace('"orders"', '"labels"'))] == [3, 7]


def test_a_role_that_stands_in_the_code_is_attached_to() -> None:
    role = ROLE.replace("  count              = local.create ? 1 : 0\n", "")
    alone = app_of({"main.tf": FUNCTION % "aws_iam_role.this.arn" + role})
    [finding] = Verdict("SK718", alone).fails
    assert finding.help.startswith("attach `AWSLambdaBasicExecutionRole` to the role")
    assert finding.span is not None
    assert finding.span.line == 1
    module = 'variable "role" {}\n' + FUNCTION % "var.role"
    [(path, line, help_)] = said(module, CALL % "  role = aws_iam_role.this.arn\n" + role)
    assert (path, line, help_.partition(" to the role")[0]) == ("main.tf", 5, "attach `AWSLambdaBasicExecutionRole`")


def test_a_variable_of_the_root_module_decides_too() -> None:
    root = MODULE.replace('"attach_logs" { default = true }', '"attach_logs" { default = false }')
    [finding] = Verdict("SK718", app_of({"main.tf": root})).fails
    assert finding.span is not None
    assert (finding.span.line, finding.help) == (2, TO_TRUE)
    assert not Verdict("SK718", app_of({"main.tf": root}, attach_logs="true")).fails


ALONE = ROLE.replace("  count              = local.create ? 1 : 0\n", "")
GROUP = 'resource "aws_cloudwatch_log_group" "g" { name = %s }\n'
POLICY = """resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.this.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = %s
  }] })
}
"""


@pytest.mark.parametrize("name", ['"/aws/lambda/orders"', '"/aws/lambda/${aws_lambda_function.this.function_name}"'])
@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("aws_cloudwatch_log_group.g.arn", "fail"),
        ('"${aws_cloudwatch_log_group.g.arn}:*"', "pass"),
        ('"${aws_cloudwatch_log_group.g.arn}:log-stream:*"', "pass"),
        ('["${aws_cloudwatch_log_group.g.arn}", "${aws_cloudwatch_log_group.g.arn}:*"]', "pass"),
        ("aws_s3_bucket.b.arn", "fail"),
        ("data.aws_cloudwatch_log_group.other.arn", "unknown"),
    ],
)
def test_the_arn_of_a_group_in_terraform_takes_in_no_stream(resource: str, said: str, name: str) -> None:
    root = (FUNCTION % "aws_iam_role.this.arn") + ALONE + GROUP % name + POLICY % resource
    beside = 'resource "aws_s3_bucket" "b" {}\ndata "aws_cloudwatch_log_group" "other" { name = "x" }\n'
    verdict = Verdict("SK718", app_of({"main.tf": root + beside}))
    assert verdict.by_function == {"aws_lambda_function.this": said}


def test_a_role_that_is_not_known_is_no_pass() -> None:
    unknown = 'variable "role" {}\n' + FUNCTION % "var.role"
    assert Verdict("SK718", app_of({"main.tf": unknown})).by_function == {"aws_lambda_function.this": "unknown"}
