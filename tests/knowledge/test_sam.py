"""SAM's facts, held against the translator that they are from."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from stockade.knowledge import sam
from stockade.knowledge.iam import expand, managed_policy


def translator_file(name: str) -> Any:
    spec = find_spec("samtranslator")
    assert spec is not None
    assert spec.origin is not None
    return json.loads((Path(spec.origin).parent / name).read_text(encoding="utf-8"))


def same_release() -> bool:
    return version("aws-sam-translator") == sam.provenance().sources[0].version


def test_there_are_81_templates() -> None:
    assert len(sam.policy_templates()) == 81
    assert sam.policy_template("S3ReadPolicy") is sam.policy_templates()["S3ReadPolicy"]
    assert sam.policy_template("s3readpolicy") is None


def test_a_template_keeps_its_holes() -> None:
    template = sam.policy_template("SQSPollerPolicy")
    assert template is not None
    assert list(template.parameters) == ["QueueName"]
    (statement,) = template.statements
    assert statement["Resource"] == {
        "Fn::Sub": [
            "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${queueName}",
            {"queueName": {"Ref": "QueueName"}},
        ]
    }


def test_render_fills_the_holes_and_leaves_the_template_alone() -> None:
    template = sam.policy_template("DynamoDBReadPolicy")
    assert template is not None
    before = json.dumps(template.statements)
    (statement,) = template.render({"TableName": {"Fn::GetAtt": ["Orders", "Name"]}})
    assert statement["Resource"][0]["Fn::Sub"][1] == {"tableName": {"Fn::GetAtt": ["Orders", "Name"]}}
    assert json.dumps(template.statements) == before
    (unfilled,) = template.render({})
    assert unfilled == template.statements[0]


def test_every_hole_is_a_parameter_and_every_parameter_a_hole() -> None:
    for template in sam.policy_templates().values():
        holes = set(re.findall(r'\{"Ref": "(\w+)"\}', json.dumps(template.statements)))
        assert holes == set(template.parameters), template.name


def test_the_actions_of_the_templates_exist() -> None:
    # SAM allows these too, although they are operations that no action is named after.
    strange = {"sqs:ChangeMessageVisibilityBatch", "sqs:DeleteMessageBatch"}
    for template in sam.policy_templates().values():
        for statement in template.statements:
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                assert expand(action) or action in strange, (template.name, action)


def test_global_sections() -> None:
    sections = sam.global_sections()
    assert {"Function", "Api", "HttpApi", "SimpleTable", "StateMachine", "LayerVersion"} <= set(sections)
    assert {"Runtime", "Environment", "VpcConfig", "Tracing", "Layers"} <= set(sections["Function"])
    assert not {"Role", "Policies", "FunctionName", "Events"} & set(sections["Function"])
    for name, properties in sections.items():
        assert set(properties) <= set(sam.resource_types()[f"AWS::Serverless::{name}"])
    assert sam.globals_merge()["Function.Architectures"] == "replace"


def test_events() -> None:
    events = sam.function_events()
    assert events["S3"].principal == "s3.amazonaws.com"
    assert events["S3"].properties == {"Bucket": True, "Events": True, "Filter": False}
    assert {name for name, event in events.items() if event.pull} == {
        *("DocumentDB", "DynamoDB", "Kinesis", "MQ", "MSK", "SQS", "SelfManagedKafka"),
    }
    assert sam.function_event("Sqs") is None
    assert set(sam.state_machine_events()) == {"Api", "CloudWatchEvent", "EventBridgeRule", "Schedule", "ScheduleV2"}


def test_generated_role() -> None:
    role = sam.generated_role()
    base, tracing, failure = role.part("base"), role.part("tracing"), role.part("dead-letter-queue:SQS")
    assert base is not None
    assert base.managed == ("service-role/AWSLambdaBasicExecutionRole",)
    assert tracing is not None
    assert tracing.managed == ("AWSXrayWriteOnlyAccess",)
    assert failure is not None
    assert failure.statements == ({"Action": "sqs:SendMessage", "Resource": "${destination}", "Effect": "Allow"},)
    assert role.part("event:S3") is None
    assert role.trust["Statement"][0]["Principal"] == {"Service": ["lambda.amazonaws.com"]}
    for part in role.parts:
        for name in part.managed:
            assert managed_policy(name.rpartition("/")[2]) is not None, name


def test_connectors() -> None:
    found = sam.sam_connectors()
    write = found["AWS::Lambda::Function", "AWS::DynamoDB::Table"]
    assert write.kind == "AWS_IAM_ROLE_MANAGED_POLICY"
    assert set(write.categories) == {"Read", "Write"}
    assert ("AWS::S3::Bucket", "AWS::Lambda::Function") in found
    assert sam.connector_resources()["AWS::Lambda::Function"]["Inputs"] == {"Role": "Role"}


def test_templates_equal_those_of_the_translator() -> None:
    if not same_release():
        pytest.fail("another release of the translator is installed")
    theirs = translator_file("policy_templates_data/policy_templates.json")["Templates"]
    assert set(theirs) == set(sam.policy_templates())
    for name, template in sam.policy_templates().items():
        assert list(template.statements) == theirs[name]["Definition"]["Statement"]
        assert set(template.parameters) == set(theirs[name]["Parameters"])


def test_connectors_equal_those_of_the_translator() -> None:
    if not same_release():
        pytest.fail("another release of the translator is installed")
    theirs = translator_file("model/connector_profiles/profiles.json")
    ours: dict[str, dict[str, Any]] = {}
    for (source, destination), connector in sam.sam_connectors().items():
        ours.setdefault(source, {})[destination] = {"Type": connector.kind, "Properties": connector.properties}
    for destinations in theirs["Permissions"].values():
        for profile in destinations.values():
            profile.pop("_comment", None)
    assert ours == theirs["Permissions"]
    assert sam.connector_resources() == theirs["CfnResourceProperties"]


def test_rendering_equals_the_translator(monkeypatch: pytest.MonkeyPatch) -> None:
    if not same_release():
        pytest.fail("another release of the translator is installed")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    processor = import_module("samtranslator.policy_template_processor.processor").PolicyTemplatesProcessor(
        translator_file("policy_templates_data/policy_templates.json")
    )
    for template in sam.policy_templates().values():
        values = {name: {"Fn::GetAtt": ["X", name]} for name in template.parameters}
        assert {"Statement": template.render(values)} == processor.convert(template.name, values), template.name


def test_globals_equal_those_of_the_translator() -> None:
    if not same_release():
        pytest.fail("another release of the translator is installed")
    theirs = import_module("samtranslator.plugins.globals.globals").Globals.supported_properties
    ours = {f"AWS::Serverless::{name}": list(properties) for name, properties in sam.global_sections().items()}
    assert ours == theirs


def test_provenance_is_dated() -> None:
    told = sam.provenance()
    assert told.as_of > date(2026, 1, 1)
    assert told.sources[0].licence == "Apache-2.0"
