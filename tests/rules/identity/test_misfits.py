"""The rule about actions that can't be about the resources that they are allowed on: SK232."""

from __future__ import annotations

import pytest

from tests.rules.identity.test_validity import FUNCTIONS, ROLE
from tests.rules.support import Verdict, app_of

HEAD = """
Parameters:
  Name: {Type: String}
  Stage: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
"""


def judged(statement: str, more: str = "") -> Verdict:
    return Verdict("SK232", app_of(HEAD + FUNCTIONS.lstrip("\n") + more + ROLE % statement))


def allow(action: str, resource: str) -> str:
    return f"{{Effect: Allow, Action: {action}, Resource: {resource}}}"


MORE = """
  Table: {Type: AWS::DynamoDB::Table}
  Bucket: {Type: AWS::S3::Bucket}
  Machine: {Type: AWS::StepFunctions::StateMachine}
  Broker: {Type: AWS::AmazonMQ::Broker}
"""


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ('"s3:GetObject"', '"arn:aws:s3:::orders"'),
        ('"s3:ListBucket"', '"arn:aws:s3:::orders/*"'),
        ('"s3:ListBucket"', '!Sub "${Bucket.Arn}/*"'),
        ('"s3:GetObject"', "!GetAtt Bucket.Arn"),
        ('"kms:Decrypt"', '"arn:aws:kms:eu-west-1:111122223333:alias/orders"'),
        ('"lambda:InvokeFunction"', "!GetAtt Table.StreamArn"),
        ('"dynamodb:GetRecords"', "!GetAtt Table.Arn"),
        ('"lambda:*"', '["arn:aws:s3:::orders", "arn:aws:sqs:eu-west-1:111122223333:orders"]'),
        ('"states:DescribeExecution"', "!Ref Machine"),
        ('"xray:PutTraceSegments"', '"arn:aws:s3:::orders"'),
    ],
)
def test_what_an_action_cannot_be_about(action: str, resource: str) -> None:
    (finding,) = judged(allow(action, resource), MORE).fails
    assert finding.persona == "regular"
    assert finding.message.endswith("only, and so on nothing")


@pytest.mark.parametrize(
    "resource",
    [
        '"arn:aws:logs:eu-west-1:111122223333:log-group:/orders"',
        '!Sub "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/orders"',
        "!GetAtt Broker.Arn",
    ],
)
def test_logs_that_go_nowhere_are_one_finding(resource: str) -> None:
    """SK718 tells of a function that writes no logs at all; beside a statement that lets it, the other one is told of."""
    nowhere = allow('"logs:PutLogEvents"', resource)
    (reason,) = {row.reason for row in judged(nowhere, MORE).rows if row.verdict == "fail"}
    assert reason.endswith("(`SK718` tells of the cause)")
    other = allow('["logs:CreateLogStream", "logs:PutLogEvents"]', '"*"')
    (finding,) = judged(f"[{nowhere}, {other}]", MORE).fails
    assert "`logs:PutLogEvents` is allowed on" in finding.message


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ('"s3:GetObject"', '"arn:aws:s3:::orders*"'),
        ('"s3:GetObject"', '"arn:aws:s3:::orders/a"'),
        ('["s3:GetObject", "s3:ListBucket"]', '["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"]'),
        ('"s3:GetObject"', '!Sub "arn:aws:s3:::${Name}"'),
        ('"s3:GetObject"', '"*"'),
        ('"s3:*"', '"arn:aws:s3:::orders"'),
        ('"*"', '"arn:aws:s3:::orders"'),
        ('"lambda:InvokeFunction"', "!Ref Name"),
        ('"lambda:InvokeFunction"', '!ImportValue "x"'),
        ('"lambda:InvokeFunction"', '!Sub "arn:aws:${Name}:eu-west-1:111122223333:function:x"'),
        ('"lambda:InvokeFunction"', '"arn:aws:*:*:*:function:x"'),
        ('"logs:PutLogEvents"', '"arn:aws:logs:*:*:log-group:/orders:*"'),
        ('"dynamodb:Query"', '!Sub "${Table.Arn}/index/*"'),
        ('"rds-data:ExecuteStatement"', '"arn:aws:rds:eu-west-1:111122223333:cluster:orders"'),
        ('"states:StartExecution"', "!Ref Machine"),
        # What other rules tell of.
        ('"s3:GetObjects"', '"arn:aws:sqs:eu-west-1:111122223333:orders"'),
        ('"s3:GetObject"', '"arn:aws:sqs:eu-west-1::orders"'),
        ('"s3:GetObject"', '"orders"'),
        # Services differ in how they say "all".
        ('"s3:ListAllMyBuckets"', '"arn:aws:s3:::*"'),
        ('"iam:ListRoles"', '"arn:aws:iam::111122223333:role/*"'),
    ],
)
def test_what_it_may_be_about(action: str, resource: str) -> None:
    assert judged(allow(action, resource), MORE).findings == []


def test_a_denial_and_an_exception_are_not_looked_at() -> None:
    assert judged('{Effect: Deny, Action: "s3:GetObject", Resource: "arn:aws:s3:::orders"}').findings == []
    assert judged('{Effect: Allow, NotAction: "s3:GetObject", Resource: "arn:aws:s3:::orders"}').findings == []


def test_one_finding_lists_all_actions_of_a_statement() -> None:
    actions = '["dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]'
    (finding,) = judged(allow(actions, "!GetAtt Table.Arn"), MORE).fails
    assert "`dynamodb:GetRecords` and `dynamodb:GetShardIterator` are allowed on `${Table.Arn}` only" in finding.message
    assert finding.help == "`dynamodb:GetRecords` is about `arn:aws:dynamodb:…:…:table/…/stream/…`"


def test_what_the_reference_says_to_work_on_everything_alone() -> None:
    statement = allow('["dynamodb:GetItem", "dynamodb:ListStreams"]', "!GetAtt Table.Arn")
    (finding,) = judged(statement, MORE).fails
    assert finding.persona == "pedantic"
    assert "AWS's reference says that it works on `*` alone" in finding.message
    assert finding.help == "allow `dynamodb:ListStreams` on `*`, in a statement of its own"


def test_what_the_library_of_the_cdk_grants_beside_what_fits() -> None:
    template = HEAD + FUNCTIONS.lstrip("\n") + MORE + ROLE
    some = template % allow('["dynamodb:GetItem", "dynamodb:GetRecords"]', "!GetAtt Table.Arn")
    none = template % allow('"dynamodb:GetRecords"', "!GetAtt Table.Arn")
    for text, by_cdk in ((some, "pedantic"), (none, "regular")):
        made = text.replace("  Name: {Type: String}", "  BootstrapVersion: {Type: String}")
        assert [f.persona for f in Verdict("SK232", app_of(text)).fails] == ["regular"]
        assert [f.persona for f in Verdict("SK232", app_of(made)).fails] == [by_cdk]


def test_under_a_condition_of_the_template() -> None:
    (finding,) = judged(allow('"s3:GetObject"', '!If [IsProd, "arn:aws:s3:::orders", "arn:aws:s3:::orders/*"]')).fails
    assert "when Stage is prod" in finding.message
    left_out = '[!If [IsProd, "arn:aws:s3:::orders/*", !Ref "AWS::NoValue"]]'
    assert judged(allow('"s3:GetObject"', left_out)).findings == []


def test_what_a_framework_makes_of_an_event() -> None:
    service = """
service: orders
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler, events: [{stream: {type: dynamodb, arn: !GetAtt Table.StreamArn}}]}
resources: {Resources: {Table: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}}}}}
"""
    assert Verdict("SK232", app_of(service)).findings == []
    own = service.replace(
        "runtime: python3.13}",
        'runtime: python3.13, iam: {role: {statements: [{Effect: Allow, Action: "dynamodb:ListStreams", '
        "Resource: !GetAtt Table.StreamArn}]}}}",
    )
    assert len(Verdict("SK232", app_of(own)).fails) == 1


@pytest.mark.parametrize(
    ("action", "resource", "more"),
    [
        (
            '"ssm:GetParameter"',
            '!Sub "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Url}"',
            "\n  Url: {Type: AWS::SSM::Parameter, Properties: {Name: /orders/url, Type: String, Value: x}}\n",
        ),
        (
            '"s3:GetObject"',
            '!Sub "arn:aws:s3:::${Made}"',
            "\n  Made: {Type: 'Custom::Thing', Properties: {ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:x'}}\n",
        ),
    ],
)
def test_names_that_hold_slashes(action: str, resource: str, more: str) -> None:
    """The name of a parameter is its path, and what a custom resource answers with may be anything."""
    assert not judged(allow(action, resource), more).fails
