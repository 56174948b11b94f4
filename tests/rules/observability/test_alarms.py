"""Alarms by what they watch and whom they tell; log groups by who reads them."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def orders(more: str = "", properties: str = "") -> str:
    return f"""{HEAD}Parameters: {{Topic: {{Type: String}}}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/{properties}}}
{more}"""


def alarm(
    metric: str, name: str = "Watching", more: str = "", dimensions: str = "{Name: FunctionName, Value: !Ref Orders}"
) -> str:
    return f"""  {name}:
    Type: AWS::CloudWatch::Alarm
    Properties: {{Namespace: AWS/Lambda, MetricName: {metric}, Dimensions: [{dimensions}]{more}}}
"""


@pytest.mark.parametrize(
    ("code", "metric"), [("SK710", "Errors"), ("SK713", "Throttles"), ("SK714", "Duration"), ("SK715", "IteratorAge")]
)
def test_what_an_alarm_watches(code: str, metric: str) -> None:
    reads = (
        ', Events: {C: {Type: Kinesis, Properties: {Stream: "arn:aws:kinesis:eu-west-1:111122223333:stream/s", '
        "StartingPosition: LATEST}}}"
    )
    assert not judge(code, orders(alarm(metric), reads)).fails
    assert not judge(code, orders(alarm(metric, dimensions=""), reads)).fails  # over all functions
    assert judge(code, orders(alarm("Invocations"), reads)).fails


@pytest.mark.parametrize("code", ["SK713", "SK714"])
def test_a_function_that_no_alarm_watches_is_told_once(code: str) -> None:
    verdict = judge(code, orders())
    assert not verdict.findings
    assert verdict.by_function == {"Orders": "fail"}


@pytest.mark.parametrize(
    ("more", "fails"),
    [
        (f', AlarmActions: ["{TOPIC}"]', False),
        (f', AlarmActions: ["{TOPIC}"], ActionsEnabled: false', True),
        (", AlarmActions: []", True),
        (", AlarmActions: [!Ref Topic]", False),
        ("", True),
    ],
)
def test_whom_an_alarm_tells(more: str, *, fails: bool) -> None:
    assert bool(judge("SK717", orders(alarm("Errors", more=more))).fails) is fails


def test_an_alarm_that_a_composite_one_watches_tells_somebody() -> None:
    composite = f"""  Together:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties: {{AlarmName: together, AlarmRule: !Sub "ALARM(${{Watching}})", AlarmActions: ["{TOPIC}"]}}
"""
    assert judge("SK717", orders(alarm("Errors"))).fails
    assert not judge("SK717", orders(alarm("Errors") + composite)).fails


def test_dead_letters_that_something_reads() -> None:
    queues = """  Failed: {Type: AWS::SQS::Queue, Properties: {QueueName: failed}}
  Work:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
"""
    reads = ", Events: {Again: {Type: SQS, Properties: {Queue: !GetAtt Failed.Arn}}}"
    by_name = """  Watching:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{Name: QueueName, Value: failed}]
"""
    assert len(judge("SK716", orders(queues)).fails) == 1
    assert not judge("SK716", orders(queues, reads)).fails
    assert not judge("SK716", orders(queues + by_name)).fails


@pytest.mark.parametrize(
    ("policies", "verdict"),
    [
        ("ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]", "pass"),
        ("ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSQSFullAccess]", "fail"),
        ("ManagedPolicyArns: [!Ref Topic]", "unknown"),  # which may allow it
        # What Insights writes goes to a group of its own.
        ("ManagedPolicyArns: [arn:aws:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy]", "fail"),
    ],
)
def test_roles_that_allow_no_logs(policies: str, verdict: str) -> None:
    role = f"""  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: "sts:AssumeRole"}}]
      {policies}
"""
    assert judge("SK718", orders(role, ", Role: !GetAtt Role.Arn")).by_function == {"Orders": verdict}


def test_a_subscription_to_a_function_elsewhere_is_not_ours_to_judge() -> None:
    more = """  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: a, FilterPattern: "", DestinationArn: !Ref Topic}
"""
    assert not judge("SK740", orders(more)).findings


def test_the_event_of_sam_brings_its_permission() -> None:
    event = ", Events: {Logs: {Type: CloudWatchLogs, Properties: {LogGroupName: a, FilterPattern: ''}}}"
    verdict = judge("SK740", orders(properties=event))
    assert not verdict.findings
    assert verdict.by_function == {"Orders": "pass"}


def test_subscriptions_that_are_never_there_at_once() -> None:
    one = """  {0}:
    Type: AWS::Logs::SubscriptionFilter
    {1}
    Properties: {{LogGroupName: a, FilterPattern: "", DestinationArn: !ImportValue logs}}
"""
    always = "".join(one.format(name, "Metadata: {}") for name in ("One", "Two"))
    head = "Conditions: {Prod: !Equals [!Ref Topic, prod]}\nResources:"
    text = orders(always + one.format("Three", "Condition: Prod")).replace("Resources:", head)
    assert not judge("SK741", text).fails


@pytest.mark.parametrize(
    ("layers", "fails"),
    [
        ('"arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20"', False),
        ('"arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Extension:60"', False),
        ('"arn:aws:lambda:eu-west-1:111122223333:layer:tools:1"', True),
    ],
)
def test_extensions_that_measure(layers: str, *, fails: bool) -> None:
    assert bool(judge("SK742", orders(properties=f", Layers: [{layers}]")).fails) is fails


def test_a_macro_may_add_the_alarm_of_a_dead_letter_queue() -> None:
    queues = """  Failed: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}
"""
    text = orders(queues)
    verdict = judge("SK716", text.replace("AWS::Serverless-2016-10-31", "[AWS::Serverless-2016-10-31, Watch-v3]"))
    assert not verdict.fails
    assert len(verdict.unsure) == 1
    assert len(judge("SK716", text).fails) == 1


@pytest.mark.parametrize(
    ("properties", "lacks"),
    [
        ("Namespace: AWS/SQS, MetricName: ApproximateAgeOfOldestMessage", True),
        ("Namespace: AWS/SQS, MetricName: NumberOfMessagesSent, Dimensions: [{Name: QueueName, Value: q}]", False),
        ("Namespace: AWS/Lambda, MetricName: Errors", False),
    ],
)
def test_an_alarm_that_gets_no_data_is_told_so(properties: str, lacks: bool) -> None:  # noqa: FBT001 - a case
    text = f"Resources:\n  Alarm: {{Type: AWS::CloudWatch::Alarm, Properties: {{{properties}}}}}\n"
    (finding,) = judge("SK717", text).fails
    assert finding.help.endswith("without them this metric has no data") is lacks
