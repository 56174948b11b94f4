"""What Step Functions refuses of a state machine's definition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.inputs.load import load
from tests.rules.support import Verdict, judge

OK: dict[str, Any] = {"Type": "Succeed"}
PASS: dict[str, Any] = {"Type": "Pass", "Next": "Z"}
CHOICE: dict[str, Any] = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "Z"}]}
INNER: dict[str, Any] = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}


def _definition(first: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": first, "Z": OK} | more}


def _template(definition: object, **properties: object) -> str:
    own = {"RoleArn": "arn:aws:iam::111122223333:role/flow", "Definition": definition} | properties
    return json.dumps({"Resources": {"Flow": {"Type": "AWS::StepFunctions::StateMachine", "Properties": own}}})


def _hcl(definition: object) -> str:
    text = json.dumps(definition).replace('"', '\\"')
    return (
        f'resource "aws_sfn_state_machine" "flow" {{\n  name = "flow"\n  role_arn = "a"\n  definition = "{text}"\n}}\n'
    )


BAD = [
    (_definition({"Type": "Pass", "Next": "ZZ"}), "`Next` of `A` leads to `ZZ`"),
    ({"StartAt": "B", "States": {"A": {"Type": "Pass", "End": True}}}, "`StartAt` of the definition leads to `B`"),
    (_definition(CHOICE | {"Default": "Q"}), "`Default` of `A` leads to `Q`"),
    (_definition({"Type": "Choice", "Choices": [{"Next": "Q"}], "Default": "Z"}), "`Choices.Next` of `A` leads to `Q`"),
    (_definition({"Type": "Choice", "Choices": [{"IsNull": True}], "Default": "Z"}), "one of the `Choices` of `A`"),
    (_definition({"Type": "Choice", "Choices": [], "Default": "Z"}), "the state `A` has no choices"),
    (_definition({"Type": "Choice", "Default": "Z"}), "the state `A` (Choice) has no `Choices`"),
    (_definition(CHOICE | {"End": True}), "the state `A` (Choice) has `End`"),
    (_definition({"Type": "Task", "Next": "Z"}), "the state `A` (Task) has no `Resource`"),
    (
        _definition({"Type": "Task", "Resource": "r", "Next": "Z", "Catch": [{"Next": "Q"}]}),
        "`Catch.Next` of `A` leads to `Q`",
    ),
    (_definition({"Type": "Wait", "Next": "Z"}), "has no `Seconds` or"),
    (_definition({"Type": "Map", "Next": "Z"}), "has no `ItemProcessor` or `Iterator`"),
    (_definition({"Type": "Parallel", "Next": "Z"}), "has no `Branches`"),
    (_definition({"Type": "Pas", "Next": "Z"}), "the state `A` is of no known type: `Pas`"),
    (_definition({"Next": "Z"}), "the state `A` has no `Type`"),
    (_definition(PASS | {"End": True}), "has `Next` and `End` both"),
    (_definition(PASS, B={"Type": "Pass", "Next": "Z"}), "nothing leads to the state `B`"),
    (_definition(PASS, Z={"Type": "Pass"}), "the state `Z` (Pass) neither leads to another state nor ends"),
    (_definition(PASS, Z={"Type": "Pass", "Next": "A"}), "no state ends it"),
    (_definition(PASS, Z={"Type": "Fail", "Next": "A"}), "the state `Z` (Fail) has `Next`"),
    ({"States": {"A": OK}}, "the definition has no `StartAt`"),
    ({"StartAt": "A"}, "the definition has no `States`"),
    ({"StartAt": "A", "States": {}}, "the definition has no states"),
    ({"StartAt": "A", "States": []}, "the `States` of the definition is not written as an object"),
    ([1], "it is a list"),
    (
        _definition({"Type": "Map", "Next": "Z", "ItemProcessor": INNER | {"StartAt": "Z"}}),
        "`StartAt` of `ItemProcessor` of `A` leads to `Z`, and there is no such state in `ItemProcessor` of `A`",
    ),
    (_definition({"Type": "Map", "Next": "Z", "Iterator": {"StartAt": "I"}}), "`Iterator` of `A` has no `States`"),
    (_definition({"Type": "Parallel", "Next": "Z", "Branches": [INNER, INNER]}), "two states are called `I`"),
    (
        _definition({"Type": "Parallel", "Next": "Z", "Branches": [{"StartAt": "I", "States": {"I": PASS}}]}),
        "leads to `Z`",
    ),
]


@pytest.mark.parametrize(("definition", "message"), BAD)
def test_what_is_refused_is_told(definition: object, message: str) -> None:
    text = json.dumps(definition)
    for source in (_template(definition), _template(None, DefinitionString=text), _hcl(definition)):
        verdict = judge("SK744", source)
        told = [f.message for f in verdict.fails]
        assert len(told) == 1, told
        assert message in told[0]


@pytest.mark.parametrize(
    "definition",
    [
        _definition(PASS),
        _definition(CHOICE | {"Default": "Z"}),
        _definition({"Type": "Map", "Next": "Z", "ItemProcessor": INNER | {"ProcessorConfig": {"Mode": "INLINE"}}}),
        _definition({"Type": "Parallel", "Next": "Z", "Branches": [INNER]}),
        _definition({"Type": "Wait", "Seconds": "{% $s %}", "Next": "Z"}) | {"QueryLanguage": "JSONata"},
        _definition({"Type": "Task", "Resource": "r", "Arguments": {}, "Next": "Z"}),
        _definition({"Type": "Pass", "Next": "A2"}, A2=CHOICE | {"Default": "A"}),
        {"StartAt": "A", "States": {"A": {"Type": "Fail"}}},
    ],
)
def test_what_is_taken_is_not(definition: object) -> None:
    for source in (_template(definition), _template(None, DefinitionString=json.dumps(definition)), _hcl(definition)):
        assert not judge("SK744", source).findings


def test_the_place_is_that_of_the_state() -> None:
    text = """
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Next: B}
          B:
            Type: Task
            End: true
"""
    assert judge("SK744", text).lines == [11]


def test_a_condition_decides() -> None:
    text = """
Parameters: {Stage: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Next: !If [IsProd, B, C]}
          B: {Type: Succeed}
"""
    (told,) = judge("SK744", text).fails
    assert told.message.endswith("there is no such state when Stage is not prod")


@pytest.mark.parametrize(
    "text",
    [
        _template(None, DefinitionS3Location={"Bucket": "b", "Key": "k"}),
        _template(None, DefinitionString='{"StartAt": ${Start}}', DefinitionSubstitutions={"Start": "A"}),
        _template({"Fn::Transform": {"Name": "Mine"}}),
        _template(None, DefinitionString={"Ref": "Text"}).replace(
            '{"Resources"', '{"Parameters": {"Text": {"Type": "String"}}, "Resources"'
        ),
        'variable "text" {}\n' + 'resource "aws_sfn_state_machine" "flow" { definition = var.text }\n',
    ],
)  # fmt: skip
def test_what_is_not_read_is_not_decided(text: str) -> None:
    verdict = judge("SK744", text)
    assert not verdict.fails
    assert len(verdict.unsure) == 1


@pytest.mark.parametrize(
    "definition",
    [
        {"StartAt": "${Start}", "States": {"A": {"Type": "Pass", "End": True}}},
        _definition({"Type": "Pass", "Next": "${Next}"}),
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "${Name}": {"Type": "Succeed"}}},
        _definition({"Type": "${Type}", "Next": "Z"}),
    ],
)
def test_what_is_put_in_may_be_right(definition: object) -> None:
    assert not judge("SK744", _template(definition, DefinitionSubstitutions={"Next": "Z"})).fails


def test_a_text_that_is_no_json_is_told() -> None:
    assert [f.verdict for f in judge("SK744", _template(None, DefinitionString='{"StartAt": A}')).findings] == ["fail"]


@pytest.mark.parametrize("name", ["flow.asl.json", "flow.asl.yaml"])
def test_a_file_of_sams_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(_definition({"Type": "Pass", "Next": "Q"})))
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n"
        f"    Properties: {{DefinitionUri: {name}}}\n"
    )
    verdict = Verdict("SK744", load(tmp_path))
    assert [f.origin.path for f in verdict.fails if hasattr(f.origin, "path")] == [name]


def test_one_unknown_state_is_not_told_twice() -> None:
    # `Fina` is meant to be `Final`, to which nothing leads for that reason.
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Fina"}, "Final": OK}}
    verdict = judge("SK744", _template(definition))
    assert [f.help for f in verdict.fails] == ["is `Final` meant?"]
