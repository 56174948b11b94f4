"""What is told of a resource of SAM's names properties that SAM has for it, not those of what it becomes."""

from __future__ import annotations

import re
from functools import cache

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from samtranslator.model import sam_resources

from stockade.engine.findings import Finding
from stockade.rules import all_rules
from stockade.rules._base import Rule
from tests.rules.support import Verdict, app_of, examples, language_of

# What each type of SAM's becomes.
BECOMES = {
    "Function": "AWS::Lambda::Function",
    "SimpleTable": "AWS::DynamoDB::Table",
    "StateMachine": "AWS::StepFunctions::StateMachine",
    "Api": "AWS::ApiGateway::Stage",
    "HttpApi": "AWS::ApiGatewayV2::Stage",
    "LayerVersion": "AWS::Lambda::LayerVersion",
    "GraphQLApi": "AWS::AppSync::GraphQLApi",
}
# One resource of each type, with as little as there can be, and events of most kinds: most rules have something to say.
BARE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs16.x
      Handler: a.b
      CodeUri: src/
      Policies: AdministratorAccess
      FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ["*"]}}
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
      Environment: {Variables: {DB_PASSWORD: correct-horse-battery, LOG_LEVEL: DEBUG}}
      Layers: ["arn:aws:lambda:eu-west-1:999999999999:layer:a:1"]
      Events:
        Open: {Type: Api, Properties: {Path: /a, Method: post, RestApiId: !Ref Rest}}
        Http: {Type: HttpApi, Properties: {Path: /a, Method: post, ApiId: !Ref Http}}
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn, BatchSize: 20}}
        Stream: {Type: Kinesis, Properties: {Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST}}
        Topic: {Type: SNS, Properties: {Topic: !Ref News}}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
        Weekly: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(7 days)}}
        Rule: {Type: EventBridgeRule, Properties: {Pattern: {source: [a]}}}
  Rest: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Cors: "'*'"}}
  Http: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: {AllowOrigins: ["*"]}}}
  Table: {Type: AWS::Serverless::SimpleTable}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}, Policies: [AdministratorAccess]}
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
  Graph:
    Type: AWS::Serverless::GraphQLApi
    Properties: {SchemaInline: "type Query { a: String }", Auth: {Type: API_KEY}, ApiKeys: {A: {}}}
  Work: {Type: AWS::SQS::Queue}
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  News: {Type: AWS::SNS::Topic}
"""
_CODE = re.compile(r"`([^`]*)`")
_NAME = re.compile(r"\b[A-Z][A-Za-z]+\b")


@cache
def names_of_sam(type_: str) -> frozenset[str]:
    """The properties that SAM has for a type."""
    [found] = [
        kind
        for kind in vars(sam_resources).values()
        if getattr(kind, "resource_type", None) == f"AWS::Serverless::{type_}"
    ]
    return frozenset(found.property_types)


@cache
def names_of_cloudformation(type_: str) -> frozenset[str]:
    """The properties of the type that it becomes."""
    return frozenset(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", BECOMES[type_]).schema["properties"])


def foreign(finding: Finding) -> list[str]:
    """The properties that the texts of a finding name and that only CloudFormation has for what it is about."""
    table = finding.subject.site.table if finding.subject.site is not None else ""
    type_ = table.removeprefix("AWS::Serverless::").partition("/")[0]
    if not table.startswith("AWS::Serverless::") or type_ not in BECOMES or "/Events/" in table:
        return []
    if BECOMES[type_] in finding.help:  # it says to declare that in place of SAM's
        return []
    told = [finding.help, *(fix.title for fix in finding.fixes), *(fix.why for fix in finding.fixes)]
    named = {name for text in told for code in _CODE.findall(text) for name in _NAME.findall(code)}
    return sorted(named & (names_of_cloudformation(type_) - names_of_sam(type_)))


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if not rule.is_meta], ids=lambda r: r.code)
def test_texts_name_properties_that_sam_has(rule: Rule) -> None:
    texts = [text for text in examples(rule, "bad") if "AWS::Serverless" in text and language_of(text) == "yaml"]
    found = [finding for text in (BARE, *texts) for finding in Verdict(rule.code, app_of(text)).findings]
    wrong = {(finding.subject.address, name, finding.help) for finding in found for name in foreign(finding)}
    assert not wrong


def test_the_names_are_known() -> None:
    for type_ in BECOMES:
        assert names_of_sam(type_)
        assert names_of_cloudformation(type_) - names_of_sam(type_)
