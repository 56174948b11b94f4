"""Where fixes are written in Terraform, and that they change nothing else."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.fix import _unwanted_change
from stockade.engine.offers import Offers
from stockade.inputs.write import written_for
from stockade.model.intent import Set
from tests.support import TODAY

FUNCTION = """\
resource "aws_lambda_function" "this" {
  %sfunction_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  handler       = "a.b"
  filename      = "a.zip"
  runtime       = %s
}
"""


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def changed(folder: Path, *codes: str) -> dict[str, list[str]]:
    """The lines that the fixes of rules take out and put in, by file."""
    change = api.fix(folder, select=codes, persona="pedantic", unsafe=True, today=TODAY)
    lines: dict[str, list[str]] = {}
    for name, after in change.after.items():
        both = difflib.ndiff((folder / name).read_text().splitlines(), after.splitlines())
        lines[name] = [f"{line[0]} {' '.join(line[2:].split())}" for line in both if line[0] in "+-"]
    return lines


# ------------------------------------------------------------------------------------------------------------ conditionals


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('var.image ? null : "nodejs16.x"', 'var.image ? null : "nodejs24.x"'),
        ('var.image ? "nodejs16.x" : null', 'var.image ? "nodejs24.x" : null'),
        ('var.image ? "nodejs22.x" : "nodejs16.x"', 'var.image ? "nodejs22.x" : "nodejs24.x"'),
        ('var.image ? "nodejs14.x" : "nodejs16.x"', 'var.image ? "nodejs24.x" : "nodejs24.x"'),
        (
            'var.image ? null : (var.old ? "nodejs16.x" : "nodejs22.x")',
            'var.image ? null : (var.old ? "nodejs24.x" : "nodejs22.x")',
        ),
        # What the condition is is known here: the other arm decides nothing.
        ('1 == 2 ? "nodejs14.x" : "nodejs16.x"', '1 == 2 ? "nodejs14.x" : "nodejs24.x"'),
    ],
)
def test_only_the_arm_that_is_wrong_changes(tmp_path: Path, before: str, after: str) -> None:
    variables = 'variable "image" { type = bool }\nvariable "old" { type = bool }\n'
    written(tmp_path, {"main.tf": variables + FUNCTION % ("", before)})
    assert changed(tmp_path, "SK501") == {"main.tf": [f"- runtime = {before}", f"+ runtime = {after}"]}


def test_only_the_arm_that_is_wrong_changes_in_a_template(tmp_path: Path) -> None:
    text = (
        "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\nResources:\n"
        "  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: arn:aws:iam::111122223333:role/f\n"
        "      Handler: a.b\n      Code: {S3Bucket: a, S3Key: b}\n      Runtime: !If [IsProd, nodejs22.x, nodejs16.x]\n"
    )
    written(tmp_path, {"template.yaml": text})
    assert changed(tmp_path, "SK501") == {
        "template.yaml": [
            "- Runtime: !If [IsProd, nodejs22.x, nodejs16.x]",
            "+ Runtime: !If [IsProd, nodejs22.x, nodejs24.x]",
        ]
    }


def test_what_stays_as_it_is_where_nothing_states_it_is_stated(tmp_path: Path) -> None:
    storage = FUNCTION % ("", '"python3.13"\n  ephemeral_storage {\n    size = 2048\n  }')
    written(tmp_path, {"main.tf": storage})
    assert changed(tmp_path, "SK515") == {"main.tf": ["- size = 2048", "+ size = 512"]}


# ----------------------------------------------------------------------------------------------------------------- modules

IMAGE_OR_ZIP = 'variable "zip" { default = true }\nvariable "runtime" { default = "python3.13" }\n' + FUNCTION % (
    "",
    "var.zip ? var.runtime : null",
)


def test_a_value_behind_an_argument_is_mended_in_the_call(tmp_path: Path) -> None:
    calls = (
        'module "old" {\n  source  = "./f"\n  runtime = "nodejs16.x"\n}\n'
        'module "new" {\n  source  = "./f"\n  runtime = "nodejs22.x"\n}\n'
        'module "image" {\n  source = "./f"\n  zip    = false\n}\n'
    )
    written(tmp_path, {"main.tf": calls, "f/main.tf": IMAGE_OR_ZIP})
    assert changed(tmp_path, "SK501") == {"main.tf": ['- runtime = "nodejs16.x"', '+ runtime = "nodejs24.x"']}


def test_what_a_default_decides_for_others_too_becomes_an_argument(tmp_path: Path) -> None:
    logs = (
        'variable "name" {}\nvariable "retention" {\n  default = null\n}\n'
        'resource "aws_cloudwatch_log_group" "g" {\n  name = var.name\n  retention_in_days = var.retention\n}\n'
    )
    calls = "".join(f'module "{n}" {{\n  source    = "./logs"\n  name      = "{n}"\n}}\n' for n in ("a", "b"))
    written(tmp_path / "one", {"main.tf": calls, "logs/main.tf": logs})
    assert changed(tmp_path / "one", "SK706") == {"logs/main.tf": ["- default = null", "+ default = 90"]}
    kept = logs.replace("= var.retention", '= var.name == "b" ? 30 : var.retention')
    written(tmp_path / "two", {"main.tf": calls, "logs/main.tf": kept})
    assert changed(tmp_path / "two", "SK706") == {"main.tf": ["+ retention = 90"]}


def test_a_fetched_module_gets_an_argument(tmp_path: Path) -> None:
    call = 'module "f" {\n  source = "terraform-aws-modules/lambda/aws"\n  version = "7.4.0"\n  function_name = "f"\n'
    written(tmp_path, {"main.tf": call + '  handler = "a.b"\n  runtime = "python3.13"\n  source_path = "src"\n}\n'})
    assert changed(tmp_path, "SK706") == {"main.tf": ["+ cloudwatch_logs_retention_in_days = 90"]}


@pytest.mark.parametrize("principal", ["elasticloadbalancing.amazonaws.com", "s3.amazonaws.com"])
def test_a_block_is_changed_only_if_all_that_it_stands_for_is_wrong(tmp_path: Path, principal: str) -> None:
    text = (
        'resource "aws_lambda_permission" "p" {\n'
        f'  for_each      = {{ one = "s3.amazonaws.com", two = "{principal}" }}\n'
        '  function_name = "f"\n  action        = "lambda:InvokeFunction"\n  principal     = each.value\n'
        '  source_arn    = "arn:aws:s3:::uploads"\n}\n'
    )
    written(tmp_path, {"main.tf": text})
    change = api.fix(tmp_path, select=["SK104"], unsafe=True, today=TODAY)
    if principal.startswith("s3"):
        assert "source_account = data.aws_caller_identity.current.account_id" in change.after["main.tf"]
    else:
        assert not change.after
        assert 'it would also change `aws_lambda_permission.p["two"]`' in change.refused[0].why


# ------------------------------------------------------------------------------------------- resources beside the subject


@pytest.mark.parametrize("count", ["", "  count         = 2\n"])
def test_a_stage_gets_settings_of_its_own(tmp_path: Path, count: str) -> None:
    key = "[count.index]" if count else ""
    text = (
        'resource "aws_api_gateway_rest_api" "api" {\n  name = "orders"\n}\n\n'
        f'resource "aws_api_gateway_stage" "prod" {{\n{count}  rest_api_id   = aws_api_gateway_rest_api.api.id\n'
        '  deployment_id = "abc"\n  stage_name    = "prod"\n}\n'
    )
    written(tmp_path, {"main.tf": text})
    lines = changed(tmp_path, "SK114")["main.tf"]
    assert [line[2:] for line in lines if line[2:]] == [
        'resource "aws_api_gateway_method_settings" "prod" {',
        *(["count = 2"] if count else []),
        "rest_api_id = aws_api_gateway_rest_api.api.id",
        f"stage_name = aws_api_gateway_stage.prod{key}.stage_name",
        'method_path = "*/*"',
        "settings {",
        "throttling_rate_limit = 50",
        "throttling_burst_limit = 100",
        "}",
        "}",
    ]


def test_settings_that_are_there_get_the_limits(tmp_path: Path) -> None:
    text = (
        'resource "aws_api_gateway_stage" "prod" {\n  rest_api_id   = "abc"\n  deployment_id = "abc"\n'
        '  stage_name    = "prod"\n}\nresource "aws_api_gateway_method_settings" "all" {\n'
        '  rest_api_id = "abc"\n  stage_name  = aws_api_gateway_stage.prod.stage_name\n'
        '  method_path = "*/*"\n  settings {\n    metrics_enabled = true\n  }\n}\n'
    )
    written(tmp_path, {"main.tf": text})
    lines = changed(tmp_path, "SK114")["main.tf"]
    assert "+ throttling_rate_limit = 50" in lines
    assert not any("resource" in line for line in lines)


PROVIDERS = (
    'provider "aws" {\n  region = "eu-west-1"\n}\nprovider "aws" {\n  alias  = "edge"\n  region = "us-east-1"\n}\n'
)


@pytest.mark.parametrize(
    "where",
    [
        "provider = aws.edge",
        'region = "us-east-1"',
        "region = var.region",
        'provider = aws.edge\n  region = "eu-west-2"',
    ],
)
def test_a_new_resource_is_where_the_one_beside_it_is(tmp_path: Path, where: str) -> None:
    text = PROVIDERS + 'variable "region" { default = "eu-west-3" }\n' + FUNCTION % (f"{where}\n  ", '"python3.13"')
    written(tmp_path, {"main.tf": text})
    lines = changed(tmp_path, "SK705")["main.tf"]
    start = lines.index('+ resource "aws_cloudwatch_log_group" "this_logs" {')
    assert lines[start + 1 :] == [
        *(f"+ {line.strip()}" for line in where.split("\n")),
        '+ name = "/aws/lambda/${aws_lambda_function.this.function_name}"',
        "+ retention_in_days = 90",
        "+ }",
    ]


def test_a_new_resource_is_where_the_one_beside_it_is_in_json(tmp_path: Path) -> None:
    said = {"function_name": "f", "role": "arn:aws:iam::111122223333:role/f", "handler": "a.b", "filename": "a.zip"}
    function = {**said, "runtime": "python3.13", "provider": "aws.edge", "region": "${var.region}"}
    text = json.dumps(
        {
            "variable": {"region": {"default": "eu-west-3"}},
            "provider": {"aws": [{"region": "eu-west-1"}, {"alias": "edge", "region": "us-east-1"}]},
            "resource": {"aws_lambda_function": {"this": function}},
        },
        indent=2,
    )
    written(tmp_path, {"main.tf.json": text})
    change = api.fix(tmp_path, select=["SK705"], unsafe=True, today=TODAY)
    made = json.loads(change.after["main.tf.json"])["resource"]["aws_cloudwatch_log_group"]
    name = "/aws/lambda/${aws_lambda_function.this.function_name}"
    whole: dict[str, object] = {
        "provider": "aws.edge",
        "region": "${var.region}",
        "name": name,
        "retention_in_days": 90,
    }
    assert made == {"this_logs": whole}


def test_settings_beside_a_stage_are_where_it_is(tmp_path: Path) -> None:
    text = (
        'resource "aws_api_gateway_stage" "prod" {\n  provider      = aws.edge\n  rest_api_id   = "abc"\n'
        '  deployment_id = "abc"\n  stage_name    = "prod"\n}\n'
    )
    written(tmp_path, {"main.tf": PROVIDERS + text})
    assert "+ provider = aws.edge" in changed(tmp_path, "SK114")["main.tf"]


@pytest.mark.parametrize("there", ["", 'data "aws_caller_identity" "e" {\n  provider = aws.edge\n}\n'])
def test_the_account_is_that_of_the_provider(tmp_path: Path, there: str) -> None:
    permission = (
        'resource "aws_lambda_permission" "%s" {\n  %sfunction_name = "f"\n  action = "lambda:InvokeFunction"\n'
        '  principal = "s3.amazonaws.com"\n  source_arn = "arn:aws:s3:::b"\n}\n'
    )
    text = permission % ("one", "provider = aws.edge\n  ") + permission % ("two", "")
    written(tmp_path, {"main.tf": PROVIDERS + text + there})
    lines = changed(tmp_path, "SK104")["main.tf"]
    accounts = [line for line in lines if "account_id" in line]
    own = "e" if there else "current_edge"
    assert accounts == [
        f"+ source_account = data.aws_caller_identity.{own}.account_id",
        "+ source_account = data.aws_caller_identity.current.account_id",
    ]
    made = [line.split('"')[3] for line in lines if line.startswith("+ data")]
    assert made == (["current"] if there else ["current_edge", "current"])


def test_a_new_block_has_what_the_provider_wants_of_it(tmp_path: Path) -> None:
    written(tmp_path, {"main.tf": FUNCTION % ("", '"python3.13"')})
    (function,) = api.load(tmp_path).functions
    (_, edit), *_ = written_for((Set(function, "log_group_name", "/orders"),)).edits
    assert 'log_format = "Text"' in " ".join(edit.text.split())
    assert '+ log_format = "JSON"' in changed(tmp_path, "SK707")["main.tf"]


# ------------------------------------------------------------------------------------------------------------ verification


def unwanted(folder: Path, before: str, after: str) -> str | None:
    """What is said against an edit that makes one configuration of another one, for what the first one's findings want."""
    written(folder, {"main.tf": before})
    start = api.scan(folder, select=["SK501"], today=TODAY)
    end = api.scan(folder, select=["SK501"], today=TODAY, replaced={"main.tf": after})
    offers = Offers(start)
    findings = list(start.visible)
    intents = [intent for finding in findings for fix in finding.fixes for intent in fix.intents]
    assert intents
    return _unwanted_change(start.app, end.app, intents, offers.meant(findings), [])


@pytest.mark.parametrize(
    ("before", "good", "bad"),
    [
        (
            'variable "image" { type = bool }\n' + FUNCTION % ("", 'var.image ? null : "nodejs16.x"'),
            'null : "nodejs24.x"',
            '"nodejs24.x" : "nodejs24.x"',
        ),
        (
            FUNCTION % ('for_each = { a = "nodejs16.x", b = "nodejs22.x" }\n  ', "each.value"),
            'a = "nodejs24.x", b = "nodejs22.x"',
            'a = "nodejs24.x", b = "nodejs24.x"',
        ),
    ],
    ids=["another case", "another instance"],
)
def test_more_than_what_is_wrong_is_seen(tmp_path: Path, before: str, good: str, bad: str) -> None:
    old = good.replace("nodejs24.x", "nodejs16.x")
    assert old in before
    assert unwanted(tmp_path, before, before.replace(old, good)) is None
    assert "would also change `runtime`" in str(unwanted(tmp_path, before, before.replace(old, bad)))
