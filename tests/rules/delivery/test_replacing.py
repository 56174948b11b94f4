"""What stands in the way of replacing resources: SK802, SK803."""

from __future__ import annotations

from pathlib import Path

from stockade import api
from tests.rules.support import TODAY, judge


class TestNames:
    def test_one_finding_for_a_template(self) -> None:
        text = (
            "Parameters: {N: {Type: String}}\nResources:\n"
            "  A: {Type: AWS::SQS::Queue, Properties: {QueueName: a}}\n"
            "  B: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref N}}\n"
            "  C: {Type: AWS::SNS::Topic}\n"
        )
        (finding,) = judge("SK802", text).fails
        assert finding.message == "`A` and `B` have names of their own"

    def test_a_name_in_one_case_only(self) -> None:
        text = (
            "Parameters: {S: {Type: String}}\nConditions: {P: !Equals [!Ref S, prod]}\nResources:\n"
            "  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [P, a, !Ref AWS::NoValue]}}\n"
        )
        (finding,) = judge("SK802", text).fails
        assert finding.message == "`A` has a name of its own when S is prod"

    def test_names_that_terraform_asks_for(self) -> None:
        assert not judge("SK802", 'resource "aws_dynamodb_table" "a" {\n  name = "a"\n  hash_key = "i"\n}\n').findings

    def test_names_that_a_framework_makes(self) -> None:
        service = "service: s\nprovider: {name: aws, runtime: python3.13}\nfunctions: {a: {handler: a.b}}\n"
        assert not judge("SK802", service).findings


API = 'resource "aws_api_gateway_rest_api" "a" {\n  name = "a"\n%s}\n'
DEPLOYMENT = 'resource "aws_api_gateway_deployment" "a" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n%s}\n'
STAGE = (
    'resource "aws_api_gateway_stage" "a" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n'
    '  deployment_id = aws_api_gateway_deployment.a.id\n  stage_name = "s"\n%s}\n'
)
FIRST = "  lifecycle {\n    create_before_destroy = true\n  }\n"


class TestReplacing:
    def test_by_what_is_stated(self) -> None:
        assert [f.subject.address for f in judge("SK803", API % "" + DEPLOYMENT % "").fails] == [
            "aws_api_gateway_rest_api.a",
            "aws_api_gateway_deployment.a",
        ]
        other = FIRST.replace("true", "false")
        assert len(judge("SK803", API % other + DEPLOYMENT % other).fails) == 2

    def test_terraform_asks_it_of_what_is_depended_on(self) -> None:
        assert not judge("SK803", API % "" + DEPLOYMENT % FIRST).findings
        assert not judge("SK803", API % "" + DEPLOYMENT % "" + STAGE % FIRST).findings
        assert len(judge("SK803", API % FIRST + DEPLOYMENT % "").fails) == 1

    def test_a_definition_in_json(self, tmp_path: Path) -> None:
        (tmp_path / "main.tf.json").write_text(
            '{"resource": {"aws_api_gateway_rest_api": {"a": {"name": "a", "lifecycle": {"create_before_destroy": true}}}}}'
        )
        assert not api.scan(tmp_path, select=["SK803"], persona="auditor", today=TODAY).findings

    def test_a_format_that_leaves_nothing_to_say(self) -> None:
        assert not judge("SK803", "Resources:\n  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n").findings
