"""Why a rule says nothing of a function: the reason in the matrix is so, and about that function."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

_SAM = """\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: a.b, InlineCode: x}}
Resources:
"""


def told(code: str, resources: str) -> tuple[str, str]:
    """The verdict of a rule on the function `Fn`, and the reason."""
    (row,) = [row for row in judge(code, _SAM + resources).rows if row.function.address == "Fn"]
    return row.verdict, row.reason


_READS_QUEUE = """\
  Work: {Type: AWS::SQS::Queue}
  Fn:
    Type: AWS::Serverless::Function
    Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
"""
_PLAIN_PARAMETER = """\
  Name: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: x, Name: /a}}
  Fn: {Type: AWS::Serverless::Function, Properties: {Environment: {Variables: {P: !Ref Name}}}}
"""
_MAIL = """\
  News: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Endpoint: a@example.com, Protocol: email}]}}
  Fn: {Type: AWS::Serverless::Function, Properties: {Environment: {Variables: {T: !Ref News}}}}
"""
_PATTERN = """\
  Fn:
    Type: AWS::Serverless::Function
    Properties: {Events: {E: {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.ec2]}}}}}
"""
_BROKER = """\
  Fn: {Type: AWS::Serverless::Function, Properties: {Role: "arn:aws:iam::111122223333:role/x"}}
  Jobs:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Fn
      EventSourceArn: arn:aws:mq:eu-west-1:111122223333:broker:b:b-1a2b
      Queues: [jobs]
"""
_STREAM = """\
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        E:
          Type: Kinesis
          Properties: {Stream: "arn:aws:kinesis:eu-west-1:111122223333:stream/s", StartingPosition: LATEST}
"""
_NAMED = "  Fn: {Type: AWS::Serverless::Function}\nOutputs: {Name: {Value: !Ref Fn}}\n"
_CUSTOM = """\
  Fn: {Type: AWS::Serverless::Function}
  Made: {Type: "Custom::Thing", Properties: {ServiceToken: !GetAtt Fn.Arn}}
"""
_OPEN = """\
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: x
      VpcId: !Ref Vpc
      SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 0.0.0.0/0}]
  Fn:
    Type: AWS::Serverless::Function
    Properties: {VpcConfig: {SecurityGroupIds: [!Ref Group], SubnetIds: [subnet-1]}}
"""
_ON_A_CORE = """\
  Fn: {Type: AWS::Serverless::Function}
  Core:
    Type: AWS::Greengrass::FunctionDefinition
    Properties: {Name: x, InitialVersion: {Functions: [{Id: a, FunctionArn: !GetAtt Fn.Arn, FunctionConfiguration: {}}]}}
"""


@pytest.mark.parametrize(
    ("code", "resources", "verdict", "words"),
    [
        ("SK734", _READS_QUEUE, "not_applicable", "whose failed messages are kept"),
        ("SK735", _READS_QUEUE, "not_applicable", "whose failed messages are kept"),
        ("SK316", _PLAIN_PARAMETER, "not_applicable", "no encrypted parameter"),
        ("SK724", _MAIL, "not_applicable", "can be kept"),
        ("SK732", _PATTERN, "not_applicable", "no schedule"),
        ("SK120", _BROKER, "not_applicable", "no queue of SQS"),
        ("SK121", _STREAM, "pass", "`SK124`"),  # nothing is given up
        ("SK154", _NAMED, "pass", "an output"),
        ("SK154", _ON_A_CORE, "unknown", "Greengrass"),
        # CloudFormation hands events to the function of a custom resource without waiting.
        ("SK703", _CUSTOM, "not_applicable", "by deployments only"),
        ("SK710", _CUSTOM, "not_applicable", "by deployments only"),
        ("SK153", _CUSTOM, "not_applicable", "nothing invokes it that is a trigger"),
        ("SK607", _OPEN, "pass", "beside those for every port"),
    ],
)
def test_reasons_are_so(code: str, resources: str, verdict: str, words: str) -> None:
    said, reason = told(code, resources)
    assert (said, words in reason) == (verdict, True), (said, reason)
