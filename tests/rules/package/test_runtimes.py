"""Runtimes: which step AWS has taken, conditions, images, Globals."""

from __future__ import annotations

import re

import pytest

from tests.inputs.terraform.support import app_of as terraform_app
from tests.rules.support import Verdict, judge

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = """Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: {runtime}, Handler: app.handler, CodeUri: src/}}
"""


def of(runtime: str) -> str:
    return HEAD + FUNCTION.format(runtime=runtime)


def test_the_severity_follows_the_steps_of_aws() -> None:
    assert judge("SK501", of("python3.9")).severities == ["medium"]
    assert judge("SK501", of("nodejs14.x")).severities == ["high"]
    assert judge("SK501", of("python2.7")).severities == ["high"]


def test_the_message_tells_the_dates() -> None:
    (finding,) = judge("SK501", of("nodejs14.x")).fails
    assert "has had no security updates since 2023-12-04; " in finding.message
    assert "; since 2024-01-09 no function can be created with it, and from 2027-03-03 on " in finding.message
    (finding,) = judge("SK501", of("python3.9")).fails
    assert re.search(
        r"from \S+ on no function can be created with it, and from \S+ on those that use it", finding.message
    )


def test_the_fix_passes_over_runtimes_that_soon_end_too() -> None:
    (finding,) = judge("SK501", of("python3.8")).fails
    assert finding.fixes[0].title == "move to python3.12"
    assert finding.help == "move to python3.14, or at least to python3.12"
    assert finding.fixes[0].safety == "unsafe"


@pytest.mark.parametrize(("code", "old"), [("SK501", "python3.8"), ("SK501", "java8"), ("SK502", "nodejs22.x")])
def test_who_follows_the_advice_has_the_newest(code: str, old: str) -> None:
    (finding,) = judge(code, of(old)).findings
    advised = finding.help.partition(" to ")[2].partition(",")[0]
    assert not judge("SK505", of(advised)).findings


def test_go_needs_another_build() -> None:
    (finding,) = judge("SK501", of("go1.x")).fails
    assert finding.fixes[0].safety == "advice"
    assert "bootstrap" in finding.fixes[0].title
    assert finding.help == (
        "move to provided.al2023, and build its executable as `bootstrap`, at the root of the archive: that runtime starts "
        "no other"
    )
    service = "service: shop\nprovider: {name: aws, runtime: go1.x}\nfunctions: {pay: {handler: bin/pay}}\n"
    (finding,) = judge("SK501", service).fails
    assert "at the root of an archive of its own (`package: {individually: true}`)" in finding.help


def test_what_the_library_of_the_cdk_brings_along_is_mended_by_a_later_one() -> None:
    path = "App/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler"
    text = HEAD + FUNCTION.format(runtime="nodejs16.x").replace(
        "    Properties:", f'    Metadata: {{"aws:cdk:path": "{path}"}}\n    Properties:', 1
    )
    (finding,) = judge("SK501", text).fails
    assert finding.help.startswith("it is not yours to change: the CDK's library makes it for automatic deletion")
    assert finding.help.endswith(
        "a later version of `aws-cdk-lib` may make it otherwise: upgrade, and synthesize again"
    )


def test_a_runtime_that_a_parameter_chooses_fails_only_where_it_is_old() -> None:
    text = (
        HEAD
        + "Conditions: {Old: !Equals [!Ref Stage, legacy]}\n"
        + "Parameters: {Stage: {Type: String}}\n"
        + FUNCTION.format(runtime="!If [Old, python3.7, python3.13]")
    )
    (finding,) = judge("SK501", text).fails
    assert "legacy" in finding.message
    assert judge("SK501", text, Stage="prod").by_function == {"Orders": "pass"}


def test_an_unknown_parameter_is_not_guessed() -> None:
    text = HEAD + "Parameters: {Runtime: {Type: String}}\n" + FUNCTION.format(runtime="!Ref Runtime")
    for code in ("SK501", "SK502", "SK503"):
        assert judge(code, text).by_function == {"Orders": "unknown"}


def test_an_image_has_no_runtime_of_lambda() -> None:
    text = (
        HEAD
        + """Globals: {Function: {Runtime: python3.7}}
Resources:
  Orders: {Type: AWS::Serverless::Function, Properties: {PackageType: Image}}
"""
    )
    for code in ("SK501", "SK502", "SK503", "SK504"):
        assert judge(code, text).by_function == {"Orders": "not_applicable"}


def test_globals_are_one_cause() -> None:
    text = (
        HEAD
        + """Globals: {Function: {Runtime: python3.7, Handler: app.handler}}
Resources:
  A: {Type: AWS::Serverless::Function, Properties: {CodeUri: a/}}
  B: {Type: AWS::Serverless::Function, Properties: {CodeUri: b/}}
"""
    )
    verdict = judge("SK501", text)
    (finding,) = verdict.fails
    assert {f.address for f in finding.functions} == {"A", "B"}
    assert verdict.lines == [2]


def test_near_and_past_are_told_once() -> None:
    assert not judge("SK502", of("python3.9")).fails
    assert not judge("SK501", of("nodejs22.x")).fails
    assert judge("SK502", of("nodejs22.x")).severities == ["low"]
    assert "deprecated already" in judge("SK502", of("python3.9")).rows[0].reason


def test_what_was_meant() -> None:
    (finding,) = judge("SK503", of("Python3.12")).fails
    assert finding.help == "did you mean python3.12?"


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [
        ("PYTHON3_VERSION", "low"),
        ("__RUNTIME__", "low"),
        ('"<runtime>"', "low"),
        ('"@lambda.runtime@"', "low"),
        ('"{{ runtime }}"', "low"),
        ("PYTHON312", "medium"),
        ("python_312", "medium"),
        ("python3.99", "medium"),
    ],
)
def test_a_placeholder_has_to_be_replaced_first(runtime: str, severity: str) -> None:
    (finding,) = judge("SK503", of(runtime)).fails
    assert finding.severity == severity
    assert ("before the placeholder" in finding.message) is (severity == "low")
    assert (finding.fixes[0].title == "put a runtime in the place of the placeholder") is (severity == "low")


def test_a_base_image_is_no_runtime() -> None:
    (finding,) = judge("SK503", of("dotnet7")).fails
    assert "container image only" in finding.message
    assert not judge("SK501", of("dotnet7")).fails


def test_updates_by_deployment_are_for_pedantic_readers() -> None:
    text = of("python3.13").replace(
        "CodeUri: src/", "CodeUri: src/, RuntimeManagementConfig: {UpdateRuntimeOn: FunctionUpdate}"
    )
    (finding,) = judge("SK504", text).fails
    assert (finding.severity, finding.persona) == ("low", "pedantic")


@pytest.mark.parametrize(("runtime", "words"), [("nodejs20.x", 1), ("python3.9", 0)])
def test_a_move_tells_that_handlers_with_a_callback_are_not_called(runtime: str, words: int) -> None:
    [finding] = judge("SK501", of(runtime)).fails
    assert finding.fixes[0].why.count("runs no handler that takes a callback") == words


TERRAFORM = """
terraform {{
  required_providers {{
    aws = {{ source = "hashicorp/aws", version = "{version}" }}
  }}
}}
variable "old" {{ type = bool }}
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  runtime       = {runtime}
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}}
"""


@pytest.mark.parametrize(
    ("version", "runtime", "needs"),
    [
        ("~> 5.0", "nodejs24.x", "version 6.19.0"),
        ("6.18.0", "nodejs24.x", "version 6.19.0"),
        ("< 6.19.0", "nodejs24.x", "version 6.19.0"),
        (">= 4.0, <= 5.75.1", "nodejs22.x", "a later version than 5.75.1"),
        ("6.19.0", "nodejs24.x", ""),
        ("<= 6.19.0", "nodejs24.x", ""),
        ("~> 6.0", "nodejs24.x", ""),
        (">= 4.0", "nodejs24.x", ""),
        ("~> 3.0", "nodejs18.x", ""),
    ],
)
def test_a_provider_that_is_older_than_the_runtime(version: str, runtime: str, needs: str) -> None:
    found = judge("SK503", TERRAFORM.format(version=version, runtime=f'"{runtime}"'))
    assert found.by_function == {"aws_lambda_function.orders": "fail" if needs else "pass"}
    if needs:
        assert f"`{runtime}` needs {needs} of the AWS provider, and `{version}` takes none" in found.fails[0].message
        assert [label.text for label in found.fails[0].related] == ["the versions that it takes"]


def test_the_provider_is_too_old_under_a_condition_only() -> None:
    text = TERRAFORM.format(version="~> 5.0", runtime='var.old ? "python3.12" : "python3.14"')
    (finding,) = judge("SK503", text).fails
    assert "`python3.14` needs version 6.20.0" in finding.message
    assert finding.message.endswith("takes none when `var.old` is false")


def test_the_provider_that_the_lock_file_has() -> None:
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "%s"\n}\n'
    main = TERRAFORM.format(version=">= 5.0", runtime='"nodejs24.x"')
    for version, count in (("5.100.0", 1), ("6.19.0", 0)):
        app = terraform_app({"main.tf": main, ".terraform.lock.hcl": lock % version})
        fails = Verdict("SK503", app).fails
        assert len(fails) == count
        assert all("`5.100.0` takes none" in finding.message for finding in fails)
