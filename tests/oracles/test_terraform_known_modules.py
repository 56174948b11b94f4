"""Our description of the Lambda module, against the module itself.

`terraform/known_modules.json` holds what the module's own code makes of our calls of it; `scripts.oracles.record_known_modules`
records it. Where STOCKADE_TERRAFORM names a folder of snapshots with `terraform-aws-modules+terraform-aws-lambda` in it, the
record is made anew, the module's own examples are compared too, and calls that hypothesis makes up.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripts.oracles.record_known_modules import calls_in

from tests.oracles.known_modules import CALLS, FACTS, LAMBDA, SNAPSHOT, Fields, described, disagreements, real

REPOSITORY = Path(os.environ.get("STOCKADE_TERRAFORM", "-")) / SNAPSHOT
EXAMPLES = sorted(p.name for p in (REPOSITORY / "examples").glob("*") if any(p.glob("*.tf")))
here = pytest.mark.snapshots

TEXT = CALLS.read_text(encoding="utf-8")


def recorded() -> Fields:
    found: Fields = json.loads(FACTS.read_text(encoding="utf-8"))["records"]
    return found


def test_the_record_is_of_the_version_that_is_described() -> None:
    from stockade.knowledge import terraform

    assert json.loads(FACTS.read_text(encoding="utf-8"))["version"] == terraform.provenance().sources[0].version


def test_the_record_is_worth_comparing() -> None:
    kinds = {address.partition(" ")[0] for address in recorded()}
    wanted = {
        "function",
        "role",
        "policy",
        "permission",
        "url",
        "event-source",
        "async-config",
        "alias",
        "layer",
        "log-group",
    }
    assert wanted <= kinds
    assert len(recorded()) > 90


def test_the_description_makes_what_the_module_makes() -> None:
    assert list(disagreements(recorded(), described(TEXT))) == []


def test_a_comparison_that_finds_nothing_would_be_no_proof() -> None:
    """Any one argument that the description did not follow would show."""
    for before, after in (
        ("timeout                           = 29", "timeout                           = 28"),
        ("create_lambda_function_url = true", "create_lambda_function_url = false"),
        ('actions   = ["dynamodb:GetItem", "dynamodb:Query"]', 'actions   = ["dynamodb:*"]'),
        ('service        = "sns"', 'service        = "sqs"'),
    ):
        assert before in TEXT
        assert list(disagreements(recorded(), described(TEXT.replace(before, after))))


@here
def test_the_record_is_what_the_module_says() -> None:
    assert real(TEXT, REPOSITORY, calls_in(TEXT)) == recorded()


@here
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_module(example: str) -> None:
    def from_registry(found: re.Match[str]) -> str:
        folder = found[2].rstrip("/")
        if folder.endswith(".."):
            return f'{found[1]}"{LAMBDA}"'
        return f'{found[1]}"{LAMBDA}//modules/{folder.rpartition("/")[2]}"' if "/modules/" in folder else found[0]

    files = sorted((REPOSITORY / "examples" / example).glob("*.tf"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.name != "versions.tf")
    text = re.sub(r'(\n\s*source\s*=\s*)"(\.\.[^"]*)"', from_registry, text)
    calls = {
        name: source for name, source in calls_in(text).items() if source.startswith(LAMBDA) and "deploy" not in source
    }
    assert calls
    found = list(disagreements(real(text, REPOSITORY, calls), described(text)))
    # Where the code is, the module's own program says, which we do not run.
    assert [line for line in found if ", code_path:" not in line and ", image_uri:" not in line] == []


_ARN = '"arn:aws:sqs:eu-west-1:123456789012:q"'
_SWITCH = st.sampled_from(["true", "false", "var.switch", 'var.stage == "prod"'])
_SWITCHES = """
    create create_function create_role create_layer publish snap_start lambda_at_edge lambda_at_edge_logs_all_regions
    create_lambda_function_url create_unqualified_alias_lambda_function_url
    create_async_event_config create_current_version_async_event_config create_unqualified_alias_async_event_config
    create_current_version_allowed_triggers create_unqualified_alias_allowed_triggers use_existing_cloudwatch_log_group
    attach_cloudwatch_logs_policy attach_create_log_group_permission attach_network_policy attach_tracing_policy
    attach_dead_letter_policy attach_async_event_policy attach_policy_json attach_policy_statements attach_policies
"""
_VALUES = {
    "timeout": ["3", "60", "var.number"],
    "memory_size": ["256", "var.number"],
    "reserved_concurrent_executions": ["-1", "0", "5"],
    "provisioned_concurrent_executions": ["-1", "2"],
    "tracing_mode": ["null", '"Active"', '"PassThrough"'],
    "kms_key_arn": ["null", "aws_kms_key.k.arn"],
    "dead_letter_target_arn": ["null", _ARN],
    "environment_variables": ["{}", '{ A = "b" }', "{ A = var.stage }", "var.variables"],
    "vpc_subnet_ids": ["null", '["subnet-1"]'],
    "vpc_security_group_ids": ["null", '["sg-1"]'],
    "logging_log_format": ['"JSON"', '"Text"'],
    "logging_log_group": ["null", '"/own"'],
    "cloudwatch_logs_retention_in_days": ["null", "7", "var.number"],
    "role_name": ["null", '"own"'],
    "policy_name": ["null", '"own"'],
    "role_permissions_boundary": ["null", '"arn:aws:iam::123456789012:policy/b"'],
    "package_type": ['"Zip"', '"Image"'],
    "recursive_loop": ["null", '"Allow"', '"Terminate"'],
    "authorization_type": ['"NONE"', '"AWS_IAM"', "var.stage"],
    "cors": ["{}", '{ allow_origins = ["*"] }', "{ max_age = var.number }"],
    "policy_json": ['jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })'],
    "number_of_policies": ["0", "1"],
    "policies": ['["arn:aws:iam::aws:policy/ReadOnlyAccess"]'],
    "policy_statements": [
        "{}",
        '{ a = { effect = "Allow", actions = ["s3:*"], resources = ["*"] } }',
        '[{ not_actions = ["a:b"], resources = ["*"] }]',
    ],
    "trusted_entities": ["[]", '["events.amazonaws.com"]'],
    "allowed_triggers": [
        "{}",
        '{ a = { service = "sns" }, b = { principal = "*", source_account = "123456789012" } }',
    ],
    "event_source_mapping": ["{}", f"{{ a = {{ event_source_arn = {_ARN}, batch_size = 3 }} }}"],
    "maximum_retry_attempts": ["null", "0"],
    "destination_on_failure": ["null", _ARN],
}
_ARGUMENTS = dict.fromkeys(_SWITCHES.split(), _SWITCH) | {n: st.sampled_from(v) for n, v in _VALUES.items()}
_AROUND = """
variable "switch" {
  type = bool
}
variable "stage" {
  type = string
}
variable "number" {
  type = number
}
variable "variables" {
  type = map(string)
}
resource "aws_kms_key" "k" {}
"""


@here
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(_ARGUMENTS)), unique=True, max_size=16), st.data())
def test_calls_that_nobody_wrote(names: list[str], data: st.DataObject) -> None:
    stated = {name: data.draw(_ARGUMENTS[name], label=name) for name in sorted(names)}
    own = "".join(f"  {name} = {value}\n" for name, value in stated.items())
    least = f'source = "{LAMBDA}"\n  function_name = "f"\n  handler = "a.b"\n  runtime = "python3.13"'
    text = f'module "f" {{\n  {least}\n{own}}}\n{_AROUND}'
    found = list(disagreements(real(text, REPOSITORY, {"f": LAMBDA}), described(text)))
    assert [line for line in found if ", code_path:" not in line] == []
