"""Instances, modules, values of variables: what Terraform would make, and what can't be told."""

from __future__ import annotations

import pytest

from stockade.errors import UsageError
from stockade.model.app import App, Function, Queue
from tests.inputs.terraform.support import app_of, found_in

FUNCTION = """
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/r"
  {body}
}}
"""


def function(text: str, **variables: str) -> Function:
    """The one function that a configuration declares."""
    return one(app_of(text, **variables))


def one(app: App) -> Function:
    """The one function of an application."""
    assert [g.why for g in app.gaps] == []
    (found,) = app.functions
    return found


def addresses(app: App) -> list[str]:
    """The addresses of all functions."""
    return sorted(f.address for f in app.functions)


def whens(found: Function) -> list[str]:
    """The premises under which a function is there."""
    return [p.text for p in found.exists]


def test_a_default_holds_and_says_where_it_is() -> None:
    found = function('variable "t" {\n  default = 7\n}\n' + FUNCTION.format(body="timeout = var.t"))
    assert found.timeout.show() == "7"
    (via,) = found.timeout.origin.via
    assert via.what == "default of variable t"
    assert via.span is not None
    assert via.span.text == "7"
    assert found.timeout.origin.span.text == "var.t"  # type: ignore[union-attr]


def test_a_variable_without_a_value_is_unknown_and_says_what_to_give() -> None:
    found = function('variable "t" {\n  type = number\n}\n' + FUNCTION.format(body="timeout = var.t"))
    answer = found.timeout.at_least(5)
    assert answer.truth == "maybe"
    assert "--var t=" in answer.doubts[0].remedy
    assert function('variable "t" {}\n' + FUNCTION.format(body="timeout = var.t"), t="9").timeout.show() == "9"


def test_values_win_in_terraforms_order() -> None:
    files = {
        "main.tf": "\n".join(f'variable "{v}" {{\n  default = "default"\n}}' for v in "abcde")
        + FUNCTION.format(
            body='description = join(",", [var.a, var.b, var.c, var.d, var.e])',
        ),
        "terraform.tfvars": 'b = "tfvars"\nc = "tfvars"\nd = "tfvars"\ne = "tfvars"\n',
        "a.auto.tfvars": 'c = "a.auto"\nd = "a.auto"\ne = "a.auto"\n',
        "b.auto.tfvars": 'd = "b.auto"\ne = "b.auto"\n',
    }
    found = one(app_of(files, e="given"))
    assert found.description.show() == "default,tfvars,a.auto,b.auto,given"


def test_a_value_for_no_variable_is_a_slip() -> None:
    with pytest.raises(UsageError, match="no root module has a variable `stgae`") as caught:
        app_of('variable "stage" {}\n', stgae="prod")
    assert "`stage`" in (caught.value.hint or "")


def test_an_unknown_condition_keeps_both_branches() -> None:
    found = function(
        'variable "stage" {\n  type = string\n}\n'
        + FUNCTION.format(body='tracing_config {\n    mode = var.stage == "prod" ? "Active" : "PassThrough"\n  }')
    )
    cases = {tuple(p.text for p in when): value.show() for when, value in found.tracing.leaves()}
    assert cases == {("`var.stage` is prod",): "Active", ("`var.stage` is not prod",): "PassThrough"}


def test_count_makes_as_many_and_none() -> None:
    text = FUNCTION.format(body="count = {}")
    assert addresses(app_of(text.replace("{}", "0"))) == []
    assert addresses(app_of(text.replace("{}", "2"))) == ["aws_lambda_function.f[0]", "aws_lambda_function.f[1]"]
    maybe = app_of('variable "create" {\n  type = bool\n}\n' + text.replace("{}", "var.create ? 1 : 0"))
    assert addresses(maybe) == ["aws_lambda_function.f[0]"]
    assert whens(maybe.functions[0]) == ["`var.create` is true"]


def test_an_unknown_number_of_instances_is_one_that_stands_for_them() -> None:
    app = app_of('variable "n" {\n  type = number\n}\n' + FUNCTION.format(body="count = var.n"))
    assert addresses(app) == ["aws_lambda_function.f[*]"]
    assert whens(app.functions[0]) == ["there is a `aws_lambda_function.f`"]


def test_for_each_over_maps_sets_and_objects() -> None:
    body = "for_each = {}\n  timeout = {}"
    assert addresses(app_of(FUNCTION.format(body=body.format("{ a = 1, b = 2 }", "each.value")))) == [
        'aws_lambda_function.f["a"]',
        'aws_lambda_function.f["b"]',
    ]
    app = app_of(
        FUNCTION.format(body=body.format("{ for k, v in { x = { t = 5 } } : k => v if v.t > 4 }", "each.value.t"))
    )
    assert [(f.address, f.timeout.show()) for f in app.functions] == [('aws_lambda_function.f["x"]', "5")]


def test_references_stay_references_through_modules() -> None:
    files = {
        "main.tf": """
module "role" {
  source = "./modules/role"
  name   = "r"
}
module "f" {
  for_each = toset(["a", "b"])
  source   = "./modules/f"
  name     = each.key
  role     = module.role.arn
}
""",
        "modules/role/main.tf": """
variable "name" {}
resource "aws_iam_role" "this" {
  count              = 1
  name               = var.name
  assume_role_policy = "{}"
}
output "arn" {
  value = try(aws_iam_role.this[0].arn, "")
}
""",
        "modules/f/main.tf": """
variable "name" {}
variable "role" {}
resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = var.role
}
""",
    }
    app = app_of(files)
    assert addresses(app) == [
        'module.f["a"].aws_lambda_function.this',
        'module.f["b"].aws_lambda_function.this',
    ]
    assert {f.execution_role.address for f in app.functions if f.execution_role} == {"module.role.aws_iam_role.this[0]"}
    origin = app.functions[0].origin
    assert [via.what for via in origin.via] == ["call of module.f"]


def test_a_module_that_is_not_here_is_a_gap_that_names_the_remedy() -> None:
    app = app_of(
        'module "net" {\n  source = "acme/net/aws"\n}\n'
        + FUNCTION.format(body="vpc_config {\n    subnet_ids = module.net.subnets\n    security_group_ids = []\n  }")
    )
    (gap,) = app.gaps
    assert gap.kind == "module"
    assert "terraform init" in gap.remedy
    assert gap.hides
    assert not app.functions[0].subnets.complete


def test_fetched_modules_are_read_and_findings_stand_at_the_call() -> None:
    files = {
        "main.tf": 'module "f" {\n  source  = "acme/f/aws"\n  version = "1.0.0"\n  timeout = 4\n}\n',
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "", "Source": "", "Dir": "."}, '
        '{"Key": "f", "Source": "registry/acme/f/aws", "Dir": ".terraform/modules/f"}]}',
        ".terraform/modules/f/main.tf": 'variable "timeout" {}\n' + FUNCTION.format(body="timeout = var.timeout"),
    }
    found = one(app_of(files))
    assert found.address == "module.f.aws_lambda_function.f"
    assert found.origin.span.doc.path == "main.tf"  # type: ignore[union-attr]
    assert found.timeout.origin.span.text == "4"  # type: ignore[union-attr]
    assert found.memory.show() == "128 by default"


def test_circles_end() -> None:
    found = found_in({
        "main.tf": 'locals {\n  a = local.b\n  b = local.a\n}\nmodule "m" {\n  source = "./m"\n}\n'
        + FUNCTION.format(body="description = local.a"),
        "m/main.tf": 'module "back" {\n  source = "../m"\n}\n',
    })  # fmt: skip
    assert {g.kind for g in found.gaps} == {"circular"}


def test_override_files_change_what_the_others_say() -> None:
    files = {
        "main.tf": FUNCTION.format(body='timeout = 3\n  tracing_config {\n    mode = "PassThrough"\n  }'),
        "x_override.tf": 'resource "aws_lambda_function" "f" {\n  timeout = 9\n  tracing_config {\n    mode = "Active"\n  }\n}\n',
    }
    found = one(app_of(files))
    assert (found.timeout.show(), found.tracing.show()) == ("9", "Active")


def test_dynamic_blocks() -> None:
    text = """
variable "dlq" {
  type    = string
  default = null
}
""" + FUNCTION.format(
        body="""
  dynamic "dead_letter_config" {
    for_each = var.dlq == null ? [] : [var.dlq]
    iterator = it
    content {
      target_arn = it.value
    }
  }
"""
    )
    assert function(text).dead_letter.is_null().is_yes
    assert function(text, dlq="arn:aws:sqs:eu-west-1:123456789012:q").dead_letter.show().endswith(":q")


def test_opentofu_files_win_over_those_beside_them() -> None:
    files = {"main.tf": FUNCTION.format(body="timeout = 3"), "main.tofu": FUNCTION.format(body="timeout = 4")}
    assert one(app_of(files)).timeout.show() == "4"


def test_100_000_instances_are_bounded_and_told() -> None:
    app = app_of(
        'resource "aws_sqs_queue" "q" {\n  for_each = toset([for i in range(100000) : tostring(i)])\n  name = each.key\n}\n'
    )
    assert len(app.of(Queue)) <= 2000
    assert app.gaps
    assert {g.kind for g in app.gaps} <= {"limit", "expression"}


def test_what_is_outside_of_the_root_is_refused() -> None:
    for path in ("/etc/passwd", "../../../etc/passwd", "~/.aws/credentials"):
        app = app_of(FUNCTION.format(body=f'description = file("{path}")'))
        assert app.functions[0].description.is_("x").truth == "maybe"


def test_a_mistake_is_a_gap_at_its_place_and_the_rest_is_read() -> None:
    app = app_of(FUNCTION.format(body="timeout = local.missing\n  memory_size = 256"))
    (gap,) = app.gaps
    assert gap.span is not None
    assert gap.span.text == "local.missing"
    assert app.functions[0].memory.show() == "256"
    assert app.functions[0].timeout.at_least(1).truth == "maybe"


@pytest.mark.parametrize(
    ("bucket", "reference", "shown"),
    [
        ("", 'aws_sqs_queue.q.redrive_policy == null ? "none" : "some"', "unknown"),  # AWS fills it in
        ("", 'aws_sqs_queue.q.tags == null ? "none" : "some"', "none"),
        ("tags = null", 'aws_sqs_queue.q.tags == null ? "none" : "some"', "none"),
        ("tags = { a = 1 }", 'aws_sqs_queue.q.tags == null ? "none" : "some"', "some"),
        ("", 'coalesce(aws_sqs_queue.q.name_prefix, "none")', "unknown"),
        ("lifecycle {\n ignore_changes = [tags]\n }", 'aws_sqs_queue.q.tags == null ? "none" : "some"', "unknown"),
        ("", 'try(aws_sqs_queue.q.tags["a"], "none")', "none"),
        ("", 'aws_sqs_queue.q.delay_seconds == null ? "none" : "some"', "unknown"),  # it has a default
    ],
)
def test_what_nobody_writes_and_aws_does_not_fill_in_is_null(bucket: str, reference: str, shown: str) -> None:
    queue = f'resource "aws_sqs_queue" "q" {{\n  {bucket}\n}}\n'
    found = one(app_of(queue + FUNCTION.format(body=f"description = {reference}")))
    said = found.description.only()
    assert (said if said is not None else "unknown") == shown
