"""What is lost: data, messages, events, logs, and schedules that never come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rules.support import judge


def template(**resources: Any) -> str:
    made = {name: {"Type": type_, "Properties": properties} for name, (type_, properties) in resources.items()}
    return json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": made})


def function(policy: str) -> tuple[str, dict[str, Any]]:
    properties: dict[str, Any] = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/"}
    properties["Environment"] = {"Variables": {"TABLE": {"Ref": "Orders"}}}
    properties["Policies"] = [{policy: {"TableName": {"Ref": "Orders"}}}]
    return ("AWS::Serverless::Function", properties)


def test_a_table_weighs_more_where_a_function_may_spoil_it() -> None:
    table: tuple[str, dict[str, Any]] = ("AWS::DynamoDB::Table", {})
    (written,) = judge("SK720", template(Orders=table, Fn=function("DynamoDBCrudPolicy"))).fails
    assert written.persona == "regular"
    assert "which `Fn` may write to" in written.message
    (read,) = judge("SK720", template(Orders=table, Fn=function("DynamoDBReadPolicy"))).fails
    assert read.persona == "pedantic"
    sessions = ("AWS::DynamoDB::Table", {"TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True}})
    (expiring,) = judge("SK720", template(Orders=sessions, Fn=function("DynamoDBCrudPolicy"))).fails
    assert expiring.persona == "pedantic"
    (alone,) = judge("SK720", template(Orders=table)).fails
    assert alone.persona == "pedantic"


@pytest.mark.parametrize(
    ("action", "resource", "writes"),
    [
        ("dynamodb:PutItem", {"Fn::GetAtt": ["Orders", "Arn"]}, True),
        ("dynamodb:*", "arn:aws:dynamodb:*:*:table/*", True),
        ("dynamodb:PutItem", {"Fn::Sub": "arn:aws:dynamodb:*:*:table/${Orders}*"}, True),
        ("dynamodb:PutItem", {"Fn::Sub": "${Orders.Arn}/stream/*"}, False),
        ("dynamodb:PutItem", {"Fn::GetAtt": ["Others", "Arn"]}, False),
        ("dynamodb:GetItem", {"Fn::GetAtt": ["Orders", "Arn"]}, False),
        ("lambda:InvokeFunction", {"Fn::GetAtt": ["Orders", "Arn"]}, False),  # no action of a table's
        ("sqs:SendMessage", "*", False),
    ],
)
def test_who_writes_to_a_table_does_so_by_an_action_that_takes_this_table(
    action: str,
    resource: object,
    writes: bool,  # noqa: FBT001 - a case
) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    kind, properties = function("DynamoDBReadPolicy")
    allowed = (kind, properties | {"Policies": [{"Statement": [statement]}]})
    table: tuple[str, dict[str, Any]] = ("AWS::DynamoDB::Table", {})
    found = judge("SK720", template(Orders=table, Others=table, Fn=allowed)).fails
    [own] = [finding for finding in found if finding.subject.address == "Orders"]
    assert ("which `Fn` may write to" in own.message) is writes


def test_policies_of_aws_write_to_tables_or_do_not() -> None:
    table: tuple[str, dict[str, Any]] = ("AWS::DynamoDB::Table", {})
    for name, persona in (("AmazonDynamoDBFullAccess", "regular"), ("AmazonSQSFullAccess", "pedantic")):
        kind, properties = function("DynamoDBReadPolicy")
        (finding,) = judge("SK720", template(Orders=table, Fn=(kind, properties | {"Policies": [name]}))).fails
        assert finding.persona == persona


def queues(source: dict[str, Any], dead: dict[str, Any]) -> str:
    redrive = {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 5}}
    return template(Dead=("AWS::SQS::Queue", dead), Work=("AWS::SQS::Queue", source | redrive))


@pytest.mark.parametrize(
    ("source", "dead", "fails"),
    [
        ({}, {}, True),
        ({}, {"MessageRetentionPeriod": 345601}, False),
        ({"MessageRetentionPeriod": 1209600}, {"MessageRetentionPeriod": 1209600}, False),
        ({"MessageRetentionPeriod": 60}, {}, False),
        ({"MessageRetentionPeriod": 600000}, {}, True),
        ({"FifoQueue": True}, {"FifoQueue": True}, False),
    ],
)
def test_failed_messages_outlive_the_attempts(source: dict[str, Any], dead: dict[str, Any], fails: bool) -> None:  # noqa: FBT001
    assert bool(judge("SK734", queues(source, dead)).fails) is fails


def test_queues_and_their_dead_letter_queues_are_of_one_type() -> None:
    (finding,) = judge("SK735", queues({"FifoQueue": True}, {})).fails
    assert (
        finding.message
        == "SQS refuses `Dead` as the dead-letter queue of `Work`: this is a FIFO queue, and that is none"
    )
    assert judge("SK735", queues({}, {"FifoQueue": True})).fails
    assert not judge("SK735", queues({"FifoQueue": "true"}, {"FifoQueue": True})).findings


@pytest.mark.parametrize(
    ("protocol", "endpoint", "fails"),
    [
        ("sqs", {"Fn::GetAtt": ["Work", "Arn"]}, False),
        ("sqs", {"Ref": "Work"}, True),
        ("lambda", {"Fn::GetAtt": ["Work", "Arn"]}, True),
        ("lambda", {"Fn::GetAtt": ["Fn", "Arn"]}, False),
        ("sqs", {"Ref": "Given"}, False),
        ("https", "http://example.com", True),
        ("https", {"Fn::Sub": "https://${AWS::Region}.example.com"}, False),
        ("email", "ops@example.com", False),
    ],
)
def test_endpoints_and_protocols(protocol: str, endpoint: Any, fails: bool) -> None:  # noqa: FBT001 - the cases
    text = json.loads(
        template(
            Work=("AWS::SQS::Queue", {}),
            Fn=("AWS::Serverless::Function", {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/"}),
            Hook=("AWS::SNS::Subscription", {"TopicArn": "a", "Protocol": protocol, "Endpoint": endpoint}),
        )
    )
    text["Parameters"] = {"Given": {"Type": "String"}}
    assert bool(judge("SK736", json.dumps(text)).fails) is fails


def test_express_workflows_keep_nothing_by_themselves() -> None:
    flow = "AWS::StepFunctions::StateMachine"
    (express,) = judge("SK725", template(Flow=(flow, {"StateMachineType": "EXPRESS"}))).fails
    (standard,) = judge("SK725", template(Flow=(flow, {}))).fails
    assert (express.persona, express.severity) == ("regular", "medium")
    assert (standard.persona, standard.severity) == ("pedantic", "low")


def test_a_schedule_is_mended_where_what_was_meant_is_clear() -> None:
    (finding,) = judge("SK732", template(Rule=("AWS::Events::Rule", {"ScheduleExpression": "rate(1 hours)"}))).fails
    assert finding.message == "the schedule `rate(1 hours)` of `Rule` never comes: after 1 stands `hour`"
    assert finding.fixes[0].title == "write rate(1 hour)"
    (over,) = judge("SK732", template(Rule=("AWS::Events::Rule", {"ScheduleExpression": "cron(0 2 1 1 ? 2020)"}))).fails
    assert over.fixes[0].safety == "advice"
    assert not judge(
        "SK732", template(S=("AWS::Scheduler::Schedule", {"ScheduleExpression": "rate(1 hours)"}))
    ).findings


def test_a_schedule_from_a_parameter_can_not_be_told() -> None:
    text = json.loads(template(Rule=("AWS::Events::Rule", {"ScheduleExpression": {"Ref": "When"}})))
    text["Parameters"] = {"When": {"Type": "String"}}
    assert judge("SK732", json.dumps(text)).unsure
    assert judge("SK732", json.dumps(text), When="rate(5 minute)").fails


def test_what_is_disabled_drops_nothing() -> None:
    targets = {"Targets": [{"Id": "a", "Arn": "arn:aws:sqs:eu-west-1:111122223333:work"}]}
    rule = {"ScheduleExpression": "rate(1 day)", **targets}
    assert judge("SK723", template(Rule=("AWS::Events::Rule", rule))).fails
    assert not judge("SK723", template(Rule=("AWS::Events::Rule", rule | {"State": "DISABLED"}))).findings


def test_a_trail_that_looks_at_functions_by_advanced_selectors() -> None:
    selector = {"FieldSelectors": [{"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]}]}
    trail = {"IsLogging": True, "S3BucketName": "b"}
    assert judge("SK728", template(Trail=("AWS::CloudTrail::Trail", trail))).fails
    text = template(Trail=("AWS::CloudTrail::Trail", trail | {"AdvancedEventSelectors": [selector]}))
    assert not judge("SK728", text).findings


def test_a_subscription_in_a_topics_own_list_has_to_leave_it() -> None:
    endpoint = {"Fn::GetAtt": ["Fn", "Arn"]}
    function = ("AWS::Serverless::Function", {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/"})
    listed = [{"Protocol": "https", "Endpoint": "https://a.example.com"}, {"Protocol": "lambda", "Endpoint": endpoint}]
    text = json.dumps(json.loads(template(Fn=function, News=("AWS::SNS::Topic", {"Subscription": listed}))), indent=1)
    for finding, line in zip(judge("SK724", text).fails, ("a.example.com", '"Fn::GetAtt"'), strict=True):
        assert finding.help.startswith("make it an `AWS::SNS::Subscription` of its own")
        assert finding.span is not None
        assert line in text.splitlines()[finding.span.line - 1 : finding.span.end_line][-1] or line in finding.span.text
    subscription = {"TopicArn": {"Ref": "News"}, "Protocol": "lambda", "Endpoint": endpoint}
    apart = template(Fn=function, News=("AWS::SNS::Topic", {}), Hook=("AWS::SNS::Subscription", subscription))
    (finding,) = judge("SK724", apart).fails
    assert finding.help.startswith("set `RedrivePolicy`")
    assert finding.message == "a message of `News` that does not reach `Fn` is dropped"


def test_a_target_is_called_by_its_name() -> None:
    rule = {"ScheduleExpression": "rate(1 day)", "Targets": [{"Id": "a", "Arn": {"Fn::GetAtt": ["Work", "Arn"]}}]}
    (finding,) = judge("SK723", template(Work=("AWS::SQS::Queue", {}), Rule=("AWS::Events::Rule", rule))).fails
    assert finding.message == "an event of `Rule` that does not reach `Work` is dropped"


def schedule(**properties: Any) -> tuple[str, dict[str, Any]]:
    target = {"Arn": {"Fn::GetAtt": ["Work", "Arn"]}, "RoleArn": {"Fn::GetAtt": ["Caller", "Arn"]}}
    return ("AWS::Scheduler::Schedule", {"ScheduleExpression": "rate(1 day)", "Target": target} | properties)


def test_a_schedule_sends_what_it_can_not_deliver_with_its_role() -> None:
    parts: dict[str, Any] = {
        "Work": ("AWS::SQS::Queue", {}),
        "Caller": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}}),
    }
    (finding,) = judge("SK723", template(**parts, Nightly=schedule())).fails
    assert (
        finding.help
        == "name a queue in `DeadLetterConfig` of the target, and allow its role `Caller` `sqs:SendMessage` on it"
    )
    elsewhere = {"Target": {"Arn": {"Fn::GetAtt": ["Work", "Arn"]}, "RoleArn": "arn:aws:iam::111122223333:role/a"}}
    (finding,) = judge("SK723", template(**parts, Nightly=schedule(**elsewhere))).fails
    assert finding.help.endswith("and allow its role `sqs:SendMessage` on it")
    nightly = {"Type": "ScheduleV2", "Properties": {"ScheduleExpression": "rate(1 day)"}}
    function = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/", "Events": {"Nightly": nightly}}
    (finding,) = judge("SK723", template(Fn=("AWS::Serverless::Function", function))).fails
    assert "it allows the role that it makes to send there" in finding.help
    rule = {"ScheduleExpression": "rate(1 day)", "Targets": [{"Id": "a", "Arn": {"Fn::GetAtt": ["Work", "Arn"]}}]}
    (finding,) = judge("SK723", template(**parts, Rule=("AWS::Events::Rule", rule))).fails
    assert finding.help == "name a queue in `DeadLetterConfig` of the target, whose policy lets EventBridge send"


def test_a_dead_letter_queue_is_named_where_the_format_has_it() -> None:
    pattern = {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["a"]}}}
    daily = {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}
    function = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/", "Events": {"A": pattern, "B": daily}}
    machine = {"Definition": {"StartAt": "D", "States": {"D": {"Type": "Succeed"}}}, "Events": {"A": pattern}}
    for made in (("AWS::Serverless::Function", function), ("AWS::Serverless::StateMachine", machine)):
        for finding in judge("SK723", template(It=made)).fails:
            assert finding.help == (
                "name a queue in `DeadLetterConfig` of the event, whose policy lets EventBridge send; "
                "with `Type: SQS` SAM makes the queue and its policy"
            )
    terraform = """
resource "aws_cloudwatch_event_rule" "a" { schedule_expression = "rate(1 day)" }
resource "aws_cloudwatch_event_target" "a" {
  rule = aws_cloudwatch_event_rule.a.name
  arn  = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
}
"""
    (finding,) = judge("SK723", terraform).fails
    assert finding.help == (
        "name a queue in `dead_letter_config` of the `aws_cloudwatch_event_target`, whose policy lets EventBridge send"
    )
    service = (
        "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  orders:\n    handler: a.b\n    events:\n"
        "      - eventBridge: {pattern: {source: [a]}}\n      - schedule: rate(1 day)\n"
        "      - schedule: {rate: rate(1 day), method: scheduler}\n"
    )
    helps = sorted(finding.help for finding in judge("SK723", service).fails)
    extended = "name a queue in `DeadLetterConfig` of the target, under `resources.extensions`, "
    assert helps[0].startswith(extended + "and allow its role `")
    assert helps[1:] == [
        extended + "whose policy lets EventBridge send",
        "name a queue in `deadLetterQueueArn` of the event, whose policy lets EventBridge send",
    ]


@pytest.mark.parametrize(
    ("expression", "again"),
    [
        ("rate(5 minutes)", True),
        ("rate(1 hour)", True),
        ("rate(61 minutes)", False),
        ("rate(2 hours)", False),
        ("cron(0/15 * * * ? *)", True),
        ("cron(30 * * * ? *)", True),
        ("cron(0 2 * * ? *)", False),
        ("cron(0 * ? * MON *)", False),
        ("at(2027-01-01T00:00:00)", False),
    ],
)
def test_what_comes_again_within_the_hour_is_not_lost(expression: str, again: bool) -> None:  # noqa: FBT001 - the cases
    verdict = judge("SK723", template(Nightly=schedule(ScheduleExpression=expression)))
    assert bool(verdict.findings) is not again


def test_how_often_a_schedule_comes_may_be_unknown() -> None:
    text = json.loads(template(Nightly=schedule(ScheduleExpression={"Ref": "When"})))
    text["Parameters"] = {"When": {"Type": "String"}}
    assert judge("SK723", json.dumps(text)).unsure
    assert judge("SK723", json.dumps(text), When="rate(1 day)").fails
    targets = {"Targets": [{"Id": "a", "Arn": "arn:aws:sqs:eu-west-1:111122223333:work"}]}
    both = {"ScheduleExpression": "rate(1 minute)", "EventPattern": {"source": ["a"]}, **targets}
    assert judge("SK723", template(Rule=("AWS::Events::Rule", both))).fails
    assert not judge("SK723", template(Rule=("AWS::Events::Rule", both | {"EventPattern": None}))).fails


BUCKET = "Resources:\n  Logs: {Type: AWS::S3::Bucket}\n"
FLOW = "  Flow: {Type: AWS::EC2::FlowLog, Properties: {LogDestinationType: s3, LogDestination: !GetAtt Logs.Arn}}\n"
TRAIL = "  Trail: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: !Ref Logs}}\n"
ACCESS = (
    "  Files: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}, "
    "LoggingConfiguration: {DestinationBucketName: !Ref Logs}}}\n"
)
READS = (
    "  Reader: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: a.b, Code: {ZipFile: x}, "
    "Role: 'arn:aws:iam::111122223333:role/a', Environment: {Variables: {BUCKET: !Ref Logs}}}}\n"
)


def bucket_policy(principal: str) -> str:
    return (
        "  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Logs, PolicyDocument: {Statement: "
        f"[{{Effect: Allow, Action: 's3:PutObject', Principal: {{{principal}}}, Resource: !Sub '${{Logs.Arn}}/*'}}]}}}}}}\n"
    )


DELIVERS = bucket_policy("Service: delivery.logs.amazonaws.com")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", True),
        (FLOW, False),
        (TRAIL, False),
        (ACCESS, False),
        (DELIVERS, False),
        (FLOW + TRAIL + DELIVERS, False),
        (bucket_policy("Service: [logdelivery.elasticloadbalancing.amazonaws.com]"), False),
        (bucket_policy("AWS: 'arn:aws:iam::054676820928:root'"), False),
        (bucket_policy("AWS: 'arn:aws:iam::111122223333:role/a'"), True),
        (FLOW + bucket_policy("AWS: 'arn:aws:iam::111122223333:role/a'"), True),
        (FLOW + READS, True),
    ],
)
def test_logs_that_aws_delivers_are_written_once(more: str, told: bool) -> None:  # noqa: FBT001 - a case
    assert bool(judge("SK722", BUCKET + more).fails) is told


def test_flow_logs_of_terraform_are_delivered_too() -> None:
    bucket = 'resource "aws_s3_bucket" "logs" {}\n'
    flow = 'resource "aws_flow_log" "vpc" {\n  log_destination      = aws_s3_bucket.logs.arn\n  log_destination_type = "s3"\n}\n'
    assert judge("SK722", bucket).fails
    assert not judge("SK722", bucket + flow).findings


def test_the_bucket_of_a_packaged_service_is_the_frameworks() -> None:
    bucket = "Resources:\n  ServerlessDeploymentBucket: {Type: AWS::S3::Bucket}\n"
    output = "Outputs:\n  ServerlessDeploymentBucketName: {Value: !Ref ServerlessDeploymentBucket}\n"
    assert judge("SK722", bucket).fails
    assert not judge("SK722", bucket + output).fails
