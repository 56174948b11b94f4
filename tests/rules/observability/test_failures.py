"""Asynchronous events: who sends them, and where those end that a function fails on."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

HEAD = """Transform: AWS::Serverless-2016-10-31
Parameters: {Queue: {Type: String}, Stage: {Type: String}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  Topic: {Type: AWS::SNS::Topic}
  Work: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
"""


def with_event(event: str, more: str = "") -> str:
    return f"{HEAD}{more}      Events: {{It: {event}}}\n"


S3 = "{Type: S3, Properties: {Bucket: !Ref Uploads, Events: 's3:ObjectCreated:*'}}"
TIMER = "{Type: Schedule, Properties: {Schedule: rate(1 day)}}"


@pytest.mark.parametrize(
    ("event", "severities"),
    [
        (S3, ["medium"]),
        ("{Type: SNS, Properties: {Topic: !Ref Topic}}", ["medium"]),
        ("{Type: EventBridgeRule, Properties: {Pattern: {source: [orders]}}}", ["medium"]),
        (TIMER, ["low"]),
        ("{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}", ["low"]),
        ("{Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}", []),
        ("{Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}", []),
        ("{Type: HttpApi, Properties: {Path: /, Method: get}}", []),
    ],
)
def test_who_invokes_without_waiting(event: str, severities: list[str]) -> None:
    assert judge("SK703", with_event(event)).severities == severities


def test_metrics_and_logs_are_no_copy_of_the_event() -> None:
    (finding,) = judge("SK703", with_event(TIMER)).fails
    assert (
        finding.message == "the event of a scheduled run of `Orders` that still fails after its retries is kept nowhere"
    )


def test_dead_letters_of_the_sender_are_not_those_of_the_function() -> None:
    letters = "DeadLetterConfig: {Type: SQS, QueueLogicalId: D}"
    verdict = judge(
        "SK703", with_event(f"{{Type: EventBridgeRule, Properties: {{Pattern: {{source: [a]}}, {letters}}}}}")
    )
    assert verdict.severities == ["medium"]
    assert "dead-letter queue takes only what it can't hand over" in verdict.fails[0].message


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ("      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Work.Arn}\n", "pass"),
        ("      DeadLetterQueue: {Type: SQS, TargetArn: !Ref Queue}\n", "pass"),
        ("      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}\n", "pass"),
        ("      EventInvokeConfig: {MaximumRetryAttempts: 0}\n", "fail"),
        ("      EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: SQS}}}\n", "fail"),
    ],
)
def test_where_failures_go(settings: str, verdict: str) -> None:
    assert judge("SK703", with_event(S3, settings)).by_function == {"Orders": verdict}


def test_a_queue_in_production_only() -> None:
    settings = "      DeadLetterQueue: !If [Prod, {Type: SQS, TargetArn: !GetAtt Work.Arn}, !Ref AWS::NoValue]\n"
    (finding,) = judge("SK703", with_event(S3, settings)).fails
    assert "when Stage is not" in finding.message
    assert judge("SK703", with_event(S3, settings), Stage="prod").by_function == {"Orders": "pass"}


def test_a_custom_resource_tells_its_own_failures() -> None:
    text = HEAD + "  It: {Type: 'Custom::Thing', Properties: {ServiceToken: !GetAtt Orders.Arn}}\n"
    assert judge("SK703", text).by_function == {"Orders": "not_applicable"}


def test_iot_may_also_ask_and_wait() -> None:
    text = (
        HEAD
        + """  Allow:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Orders
      Action: lambda:InvokeFunction
      Principal: iot.amazonaws.com
      SourceArn: !Sub "arn:aws:iot:${AWS::Region}:${AWS::AccountId}:authorizer/a"
"""
    )
    assert judge("SK703", text).by_function == {"Orders": "not_applicable"}


def test_a_macro_may_add_what_is_missing() -> None:
    text = with_event(S3).replace(
        "Transform: AWS::Serverless-2016-10-31", "Transform: [AWS::Serverless-2016-10-31, Team]"
    )
    for code in ("SK703", "SK705", "SK710"):
        assert judge(code, text).by_function == {"Orders": "unknown"}


def test_only_queues_that_turn_encryption_off_are_told() -> None:
    letters = "      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Work.Arn}\n"
    assert judge("SK704", with_event(S3, letters)).by_function == {"Orders": "pass"}
    off = with_event(S3, letters).replace(
        "AWS::SQS::Queue}", "AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}"
    )
    (finding,) = judge("SK704", off).fails
    assert finding.severity == "medium"
    assert finding.message.endswith("without encryption: that of SQS is turned off, and it has no KMS key")
    own = off.replace("SqsManagedSseEnabled: false", "SqsManagedSseEnabled: false, KmsMasterKeyId: alias/mine")
    assert judge("SK704", own).by_function == {"Orders": "pass"}


def test_a_topic_without_a_key_is_for_the_pedantic() -> None:
    """SNS keeps messages on encrypted disks by itself."""
    letters = "      DeadLetterQueue: {Type: SNS, TargetArn: !Ref Topic}\n"
    (finding,) = judge("SK704", with_event(S3, letters)).fails
    assert (finding.severity, finding.persona) == ("info", "pedantic")
    assert finding.message == "failed events of `Orders` pass through `Topic`, which has no KMS key"


def test_a_queue_that_keeps_no_failures_is_not_asked() -> None:
    off = with_event(S3).replace("AWS::SQS::Queue}", "AWS::SQS::Queue, Properties: {SqsManagedSseEnabled: false}}")
    assert judge("SK704", off).by_function == {"Orders": "not_applicable"}


@pytest.mark.parametrize(("service", "verdict"), [("edgelambda", "not_applicable"), ("apigateway", "fail")])
def test_a_role_for_the_edge_is_that_of_a_function_at_the_edge(service: str, verdict: str) -> None:
    text = f"""
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}}
resource "aws_iam_role" "orders" {{
  assume_role_policy = jsonencode({{
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = ["lambda.amazonaws.com", "{service}.amazonaws.com"] }}
    }}]
  }})
}}
"""
    assert judge("SK701", text).by_function == {"aws_lambda_function.orders": verdict}


ALSO = ", and let `%s` call `sqs:SendMessage` on it"


def _with_role(policy: str = "") -> str:
    return (
        "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: "
        "{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com}}}\n" + policy
    )


def _policy(resource: str) -> str:
    statement = f"{{Effect: Allow, Action: 'sqs:SendMessage', Resource: {resource}}}"
    return f"      Policies: [{{PolicyName: a, PolicyDocument: {{Statement: {statement}}}}}]\n"


@pytest.mark.parametrize(
    ("settings", "policy", "ends"),
    [
        ("", "", "and an alarm on what arrives there"),
        ("      Role: !GetAtt Role.Arn\n", "", ALSO % "Role"),
        ("      Role: !GetAtt Role.Arn\n", _policy("!GetAtt Work.Arn"), ALSO % "Role"),
        ("      Role: !GetAtt Role.Arn\n", _policy("'*'"), "and an alarm on what arrives there"),
        (
            "      Role: arn:aws:iam::111122223333:role/orders\n",
            "",
            "; its role has to allow `sqs:SendMessage` on it",
        ),
    ],
)
def test_who_may_send_to_the_destination(settings: str, policy: str, ends: str) -> None:
    """Lambda sends with the role of the function; SAM lets the roles that it makes do so."""
    text = with_event(S3, settings) + _with_role(policy)
    (finding,) = judge("SK703", text).fails
    assert finding.help.endswith(ends)


def test_who_may_send_to_the_destination_in_other_formats() -> None:
    terraform = """
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
resource "aws_lambda_permission" "orders" {
  function_name = aws_lambda_function.orders.function_name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::uploads"
}
"""
    assert judge("SK703", terraform).fails[0].help.endswith(ALSO % "aws_iam_role.orders")
    service = (
        "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  orders:\n    handler: app.handler\n%s"
        "    events: [s3: uploads]\nresources:\n  Resources:\n" + "".join(f"  {s}\n" for s in _with_role().splitlines())
    )
    assert judge("SK703", service % "").fails[0].help.endswith("and an alarm on what arrives there")
    assert judge("SK703", service % "    role: Role\n").fails[0].help.endswith(ALSO % "Role")


@pytest.mark.parametrize(
    ("expression", "persona"),
    [("rate(5 minutes)", "pedantic"), ("rate(1 hour)", "pedantic"), ("rate(1 day)", "regular")],
)
def test_a_timer_that_soon_comes_again_is_only_advisable(expression: str, persona: str) -> None:
    for event in (
        f"{{Type: Schedule, Properties: {{Schedule: {expression}}}}}",
        f"{{Type: ScheduleV2, Properties: {{ScheduleExpression: {expression}}}}}",
    ):
        (finding,) = judge("SK703", with_event(event)).fails
        assert (finding.severity, finding.persona) == ("low", persona)
    (both,) = judge(
        "SK703", f"{HEAD}      Events: {{It: {{Type: Schedule, Properties: {{Schedule: {expression}}}}}, Up: {S3}}}\n"
    ).fails
    assert (both.severity, both.persona) == ("medium", "regular")


def test_a_durable_function_has_a_dead_letter_queue_and_no_destinations() -> None:
    durable = "      DurableConfig: {ExecutionTimeout: 3600}\n"
    (finding,) = judge("SK703", with_event(S3, durable)).fails
    assert (
        finding.message
        == "an event from S3 on which an execution of `Orders` fails is not tried again, and no queue keeps it"
    )
    assert "`DeadLetterQueue: {Type: SQS, TargetArn: …}`" in finding.help
    destination = "      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}\n"
    assert judge("SK703", with_event(S3, durable + destination)).by_function == {"Orders": "fail"}
    queue = "      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Work.Arn}\n"
    assert judge("SK703", with_event(S3, durable + queue)).by_function == {"Orders": "pass"}
