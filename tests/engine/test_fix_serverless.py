"""Fixes of services of the Serverless Framework are written in its own words, where it has any."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from stockade import api
from tests.support import TODAY

_START = "service: shop\n"
_PLAIN = _START + "provider: {name: aws, runtime: python3.13}\n"


def changed(folder: Path, codes: list[str], text: str) -> list[str]:
    """The lines that a fix takes away and brings."""
    (folder / "serverless.yml").write_text(text, encoding="utf-8")
    change = api.fix(folder, select=codes, persona="pedantic", unsafe=True, today=TODAY)
    assert not change.refused, [r.why for r in change.refused]
    after = change.after["serverless.yml"]
    return [line for line in difflib.ndiff(text.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_what_a_variable_falls_back_to_is_mended_inside_of_it(tmp_path: Path) -> None:
    text = _PLAIN + "functions:\n  orders: {handler: a.b, runtime: \"${param:runtime, 'nodejs14.x'}\"}\n"
    gone, come = changed(tmp_path, ["SK501"], text)
    assert "'nodejs14.x'" in gone
    assert come == gone.replace("nodejs14.x", "nodejs24.x").replace("-", "+", 1)


def test_what_a_variable_decides_is_not_written_over(tmp_path: Path) -> None:
    text = (
        _PLAIN + "custom: {version: '14'}\nfunctions:\n  a: {handler: a.b, runtime: 'nodejs${self:custom.version}.x'}\n"
    )
    (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
    change = api.fix(tmp_path, select=["SK501"], unsafe=True, today=TODAY)
    assert not change.after
    assert ["a variable decides it" in r.why for r in change.refused] == [True]


def test_a_mapping_waits_for_the_policy_that_it_needs(tmp_path: Path) -> None:
    text = _PLAIN + (
        "functions:\n  orders:\n    handler: a.b\n    role: !GetAtt Role.Arn\n    events:\n"
        "      - stream: {type: kinesis, arn: !GetAtt Orders.Arn}\n"
        "resources:\n  Resources:\n    Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}\n"
        "    Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}\n"
    )
    come = changed(tmp_path, ["SK124"], text)
    where = come.index("+     OrdersEventSourceMappingKinesisOrders:")
    assert come[where - 1 : where + 3] == [
        "+   extensions:",
        "+     OrdersEventSourceMappingKinesisOrders:",
        "+       DependsOn:",
        "+         - SendFailedRecords",
    ]


@pytest.mark.parametrize(
    "management", ["{mode: manual, arn: 'arn:aws:lambda:eu-west-1::runtime:8eef'}", "onFunctionUpdate"]
)
def test_a_setting_of_two_forms_is_written_as_one(tmp_path: Path, management: str) -> None:
    text = _PLAIN + f"functions:\n  orders: {{handler: a.b, runtimeManagement: {management}}}\n"
    _, come = changed(tmp_path, ["SK504"], text)
    assert come == "+   orders: {handler: a.b, runtimeManagement: auto}"


def test_a_pin_for_all_functions_is_taken_from_one(tmp_path: Path) -> None:
    text = _START + (
        "provider:\n  name: aws\n  runtime: python3.13\n"
        "  runtimeManagement: {mode: manual, arn: 'arn:aws:lambda:eu-west-1::runtime:8eef'}\n"
        "functions:\n  orders: {handler: a.b}\n"
    )
    _, come = changed(tmp_path, ["SK504"], text)
    assert come == "+   orders: {handler: a.b, runtimeManagement: auto}"


def test_the_role_of_the_framework_gains_what_a_setting_takes(tmp_path: Path) -> None:
    _, come = changed(tmp_path, ["SK701"], _PLAIN + "functions:\n  orders: {handler: a.b}\n")
    assert come == "+   orders: {handler: a.b, tracing: Active}"


@pytest.mark.parametrize(("version", "own"), [("3", False), ("4", True)])
def test_how_logs_are_written_has_a_key_since_version_4(tmp_path: Path, version: str, own: bool) -> None:  # noqa: FBT001 - a case
    text = _START + (
        f'frameworkVersion: "{version}"\nprovider: {{name: aws, runtime: python3.13}}\nfunctions:\n  orders: {{handler: a.b}}\n'
    )
    lines = changed(tmp_path, ["SK707"], text)
    assert ("+   orders: {handler: a.b, logs: {logFormat: JSON}}" in lines) is own
    assert ("+     OrdersLambdaFunction:" in lines) is not own


def test_a_new_resource_is_named_as_logical_ids_can_be(tmp_path: Path) -> None:
    text = _PLAIN.replace("}", ", iam: {role: 'arn:aws:iam::111122223333:role/x'}}") + (
        "functions:\n  get-orders: {handler: a.b, disableLogs: true}\n"
    )
    lines = changed(tmp_path, ["SK705"], text)
    assert "+     GetordersLogs:" in lines
    assert "+           LogGroup: !Ref GetordersLogs" in lines


def test_an_extension_keeps_the_rest_of_what_it_replaces(tmp_path: Path) -> None:
    text = _START + (
        "provider: {name: aws, runtime: python3.13, httpApi: {metrics: true}}\n"
        "functions:\n  orders: {handler: a.b, events: [{httpApi: GET /orders}]}\n"
    )
    lines = changed(tmp_path, ["SK114"], text)
    assert lines[-3:] == [
        "+           DetailedMetricsEnabled: true",
        "+           ThrottlingRateLimit: 50",
        "+           ThrottlingBurstLimit: 100",
    ]


def test_an_event_that_is_a_text_is_mended_as_an_extension(tmp_path: Path) -> None:
    text = _PLAIN + (
        "functions:\n  orders:\n    handler: a.b\n    events: [sqs: !GetAtt Incoming.Arn]\n"
        "resources:\n  Resources:\n    Incoming: {Type: AWS::SQS::Queue}\n"
    )
    lines = changed(tmp_path, ["SK120"], text)
    assert lines[-2:] == ["+         FunctionResponseTypes:", "+           - ReportBatchItemFailures"]


def test_a_switch_becomes_a_block(tmp_path: Path) -> None:
    text = _PLAIN + "functions:\n  orders:\n    handler: a.b\n    url: {cors: true}\n"
    assert changed(tmp_path, ["SK111"], text)[-1] == "+     url: {cors: {maxAge: 600}}"


def test_errors_of_a_rest_api_are_logged_and_nothing_else_is_turned_on(tmp_path: Path) -> None:
    text = _PLAIN + "functions:\n  orders: {handler: a.b, events: [http: GET a]}\n"
    _, come = changed(tmp_path, ["SK160"], text)
    assert "logs: {restApi: {level: ERROR" in come
    assert "fullExecutionData: false" in come
    assert "accessLogging: false" in come
    change = api.fix(tmp_path, select=["SK160", "SK161"], persona="pedantic", unsafe=True, today=TODAY)
    assert not change.refused


@pytest.mark.parametrize(
    "logs",
    [
        "{executionLogging: false, fullExecutionData: false, roleManagedExternally: true}",
        "{accessLogging: false, executionLogging: false, fullExecutionData: false, roleManagedExternally: true}",
        "{executionLogging: false, roleManagedExternally: true}",
    ],
)
def test_logs_of_one_kind_are_turned_on_beside_those_of_the_other(tmp_path: Path, logs: str) -> None:
    text = _START + f"provider:\n  name: aws\n  runtime: python3.13\n  logs:\n    restApi: {logs}\n"
    text += "functions:\n  orders: {handler: a.b, events: [http: GET a]}\n"
    (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
    change = api.fix(tmp_path, select=["SK116", "SK160", "SK161"], persona="pedantic", unsafe=True, today=TODAY)
    assert not change.refused, [r.why for r in change.refused]
    after = change.after["serverless.yml"]
    assert "executionLogging: true" in after
    assert "level: ERROR" in after
    assert "accessLogging: false" not in after
