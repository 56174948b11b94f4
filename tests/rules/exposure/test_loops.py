"""The rule about functions that write to what triggers them: SK182."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

HEAD = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Bucket: {Type: String}
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Pictures: {Type: AWS::S3::Bucket, Properties: {BucketName: pictures}}
  Work: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  Orders: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}}}
  Clicks: {Type: AWS::Kinesis::Stream}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
"""
NEW = "{Type: S3, Properties: {Bucket: !Ref Pictures, Events: 's3:ObjectCreated:*'%s}}"
QUEUE = "{Type: SQS, Properties: {Queue: !GetAtt Work.Arn%s}}"
TOPIC = "{Type: SNS, Properties: {Topic: !Ref News%s}}"
TABLE = "{Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST%s}}"
STREAM = "{Type: Kinesis, Properties: {Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST}}"
FILTER = ", FilterCriteria: {Filters: [{Pattern: '{}'}]}"


def worker(event: str, *statements: str, more: str = "") -> str:
    policies = "".join(f"            - {{Effect: Allow, {statement}}}\n" for statement in statements)
    given = f"      Policies:\n        - Statement:\n{policies}" if policies else ""
    return f"{HEAD}{given}      Events:\n        E: {event}\n{more}"


def prefixed(prefix: str) -> str:
    return NEW % f", Filter: {{S3Key: {{Rules: [{{Name: prefix, Value: {prefix}}}]}}}}"


def puts(resource: str) -> str:
    return f'Action: "s3:PutObject", Resource: {resource}'


PUTS = puts('"arn:aws:s3:::pictures/*"')
SENDS = 'Action: "sqs:SendMessage", Resource: !GetAtt Work.Arn'
PUBLISHES = 'Action: "sns:Publish", Resource: !Ref News'
CHANGES = 'Action: ["dynamodb:UpdateItem"], Resource: !GetAtt Orders.Arn'
RECORDS = 'Action: "kinesis:Put*", Resource: !GetAtt Clicks.Arn'


@pytest.mark.parametrize(
    ("event", "statement", "severity"),
    [
        (NEW % "", PUTS, "low"),
        (QUEUE % "", SENDS, "low"),
        (QUEUE % "", 'Action: "sqs:*", Resource: !Sub "arn:aws:sqs:*:*:${Work.QueueName}"', "low"),
        (TOPIC % "", PUBLISHES, "low"),
        (TABLE % "", CHANGES, "medium"),
        (STREAM, RECORDS, "medium"),
        (
            "{Type: SQS, Properties: {Queue: 'arn:aws:sqs:a:1:w'}}",
            "Action: 'sqs:*', Resource: 'arn:aws:sqs:a:1:w'",
            "low",
        ),
        (
            "{Type: DynamoDB, Properties: {Stream: 'arn:aws:dynamodb:a:1:table/t/stream/x', StartingPosition: LATEST}}",
            "Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:a:1:table/t'",
            "medium",
        ),
    ],
)
def test_what_it_may_write_to(event: str, statement: str, severity: str) -> None:
    (finding,) = judge("SK182", worker(event, statement)).fails
    assert (finding.severity, finding.persona) == (severity, "regular")
    assert len(finding.related) == 1


@pytest.mark.parametrize(
    ("event", "statement"),
    [
        (NEW % "", puts('"arn:aws:s3:::thumbnails/*"')),
        (NEW % "", 'Action: "s3:GetObject", Resource: "arn:aws:s3:::pictures/*"'),
        (NEW % "", puts('"arn:aws:s3:::pictures"')),
        (prefixed("in/"), puts('"arn:aws:s3:::pictures/out/*"')),
        (QUEUE % "", 'Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource: !GetAtt Work.Arn'),
        (TOPIC % "", SENDS),
        (TABLE % "", 'Action: ["dynamodb:GetItem"], Resource: !GetAtt Orders.Arn'),
    ],
)
def test_what_it_may_not(event: str, statement: str) -> None:
    assert judge("SK182", worker(event, statement)).by_function == {"Worker": "pass"}


@pytest.mark.parametrize(
    "event",
    [
        NEW.replace("ObjectCreated:*", "ObjectRemoved:*") % "",
        NEW.replace("ObjectCreated:*", "ObjectCreated:Post") % "",
        QUEUE % ", Enabled: false",
        "{Type: Schedule, Properties: {Schedule: rate(1 day)}}",
    ],
)
def test_what_does_not_call_it(event: str) -> None:
    assert judge("SK182", worker(event, PUTS, SENDS)).by_function == {"Worker": "not_applicable"}


@pytest.mark.parametrize(
    ("event", "statement"),
    [
        (NEW % "", puts('"*"')),
        (prefixed("in/"), PUTS),
        (QUEUE % "", 'Action: "sqs:SendMessage", Resource: "*"'),
        (TOPIC % "", 'Action: "sns:*", Resource: !Sub "arn:aws:sns:*:${AWS::AccountId}:*"'),
    ],
)
def test_a_wide_permission_may_be_meant_for_something_else(event: str, statement: str) -> None:
    (finding,) = judge("SK182", worker(event, statement)).fails
    assert finding.persona == "pedantic"


def test_within_the_prefix_it_is_meant() -> None:
    (finding,) = judge("SK182", worker(prefixed("in/"), puts('"arn:aws:s3:::pictures/in/done/*"'))).fails
    assert finding.persona == "regular"


def test_tags_call_it_too() -> None:
    event = NEW.replace("s3:ObjectCreated:*", "s3:ObjectTagging:Put") % ""
    tags = 'Action: "s3:PutObjectTagging", Resource: "arn:aws:s3:::pictures/*"'
    assert len(judge("SK182", worker(event, tags)).fails) == 1
    assert judge("SK182", worker(event, PUTS)).by_function == {"Worker": "pass"}


@pytest.mark.parametrize(
    ("event", "statement"),
    [
        (QUEUE % FILTER, SENDS),
        (TOPIC % ", FilterPolicy: {kind: [order]}", PUBLISHES),
        (NEW % "", puts('!Sub "arn:aws:s3:::${Bucket}/*"')),
        (prefixed("!Ref Stage"), puts('"arn:aws:s3:::pictures/in/*"')),
        ("{Type: SQS, Properties: {Queue: !ImportValue Work}}", SENDS),
    ],
)
def test_what_cannot_be_told(event: str, statement: str) -> None:
    found = judge("SK182", worker(event, statement))
    assert (len(found.fails), len(found.unsure)) == (0, 1)


def test_a_role_that_is_elsewhere() -> None:
    text = worker(QUEUE % "").replace("Handler:", "Role: arn:aws:iam::111122223333:role/worker\n      Handler:")
    assert judge("SK182", text).by_function == {"Worker": "unknown"}


def test_nothing_stops_it_where_it_is_allowed() -> None:
    text = worker(QUEUE % "", SENDS).replace("Handler:", "RecursiveLoop: Allow\n      Handler:")
    (finding,) = judge("SK182", text).fails
    assert finding.severity == "medium"
    assert "Lambda is told not to stop a loop" in finding.message


def test_what_one_of_aws_policies_allows() -> None:
    text = worker(QUEUE % "").replace("Handler:", "Policies: AmazonSQSFullAccess\n      Handler:")
    (finding,) = judge("SK182", text).fails
    assert finding.persona == "pedantic"


def test_a_denial_takes_it_back() -> None:
    denied = worker(NEW % "", PUTS, '@Action: "s3:Put*", Resource: "arn:aws:s3:::pictures/*"')
    assert judge("SK182", denied.replace("Effect: Allow, @", "Effect: Deny, ")).by_function == {"Worker": "pass"}


def test_under_a_condition_of_the_template() -> None:
    text = worker(NEW % "", puts('!If [IsProd, "arn:aws:s3:::pictures/*", "arn:aws:s3:::thumbnails/*"]'))
    (finding,) = judge("SK182", text).fails
    assert "when Stage is prod" in finding.message
    rule = "{Name: prefix, Value: in/}"
    event = NEW % f", Filter: {{S3Key: {{Rules: [!If [IsProd, {rule}, !Ref 'AWS::NoValue']]}}}}"
    (finding,) = judge("SK182", worker(event, puts('"arn:aws:s3:::pictures/out/*"'))).fails
    assert "when Stage is not prod" in finding.message


def test_a_role_of_several_functions() -> None:
    text = HEAD.replace("CodeUri: src/", "CodeUri: src/\n      Role: !GetAtt Role.Arn")
    other = text[text.index("  Worker:") :].replace("Worker", "Other")
    trust = '{Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}]}'
    role = (
        f"  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {trust}\n"
        f"      Policies: [{{PolicyName: a, PolicyDocument: {{Statement: [{{Effect: Allow, {SENDS}}}]}}}}]\n"
    )
    event = f"      Events:\n        E: {QUEUE % ''}\n"
    (finding,) = judge("SK182", text + event + role).fails
    assert finding.persona == "regular"
    (finding,) = judge("SK182", text + event + other + role).fails
    assert finding.persona == "pedantic"
