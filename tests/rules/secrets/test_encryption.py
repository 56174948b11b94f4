"""Encryption at rest, keys of one's own, and secrets in stages and state machines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stockade.model.app import StateMachine
from tests.rules.support import app_of, judge

TOKEN = "Tk4vW9qzR2mXy7Lp"  # noqa: S105 - made up
DEFINITION = {
    "StartAt": "Pay",
    "States": {
        "Pay": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "pay", "Payload": {"password": TOKEN, "pin.$": "$.password"}},
            "End": True,
        }
    },
}


def template(**resources: Any) -> str:
    made = {name: {"Type": type_, "Properties": properties} for name, (type_, properties) in resources.items()}
    return json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": made})


def machine(type_: str = "AWS::StepFunctions::StateMachine", **properties: Any) -> str:
    return template(Flow=(type_, properties))


TERRAFORM = """
resource "aws_sfn_state_machine" "flow" {
  name       = "flow"
  role_arn   = "arn:aws:iam::111122223333:role/flow"
  definition = {0}
}
"""
IN_HCL = f"""jsonencode({{
    StartAt = "Pay"
    States = {{ Pay = {{
      Type       = "Task"
      Resource   = "arn:aws:states:::lambda:invoke"
      Parameters = {{ FunctionName = "pay", Payload = {{ password = "{TOKEN}", "pin.$" = "$.password" }} }}
      End        = true
    }} }}
  }})"""
EVERYWHERE = {
    "cloudformation": machine(Definition=DEFINITION),
    "a text": machine(DefinitionString=json.dumps(DEFINITION)),
    "a substituted text": machine(DefinitionString={"Fn::Sub": json.dumps(DEFINITION)}),
    "sam": machine("AWS::Serverless::StateMachine", Definition=DEFINITION),
    "terraform": TERRAFORM.replace("{0}", IN_HCL),
    "a text in terraform": TERRAFORM.replace("{0}", "<<EOT\n" + json.dumps(DEFINITION).replace("$.", "$$.") + "\nEOT"),
}


@pytest.mark.parametrize("text", EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_a_definition_says_the_same_however_it_is_written(text: str) -> None:
    (flow,) = app_of(text).of(StateMachine)
    shown = {one.name: one.value.show() for one in flow.texts}
    assert shown["password"] == TOKEN
    assert shown["FunctionName"] == "pay"
    assert flow.texts.complete
    (finding,) = judge("SK321", text).fails
    assert finding.message == "`password` in the definition of `" + str(flow) + "` is a secret in plain text".replace(
        "a secret", "a password"
    )
    assert TOKEN not in finding.message + finding.help


def test_a_substitution_is_looked_at_and_a_definition_elsewhere_is_unsure() -> None:
    text = machine(DefinitionString="{}", DefinitionSubstitutions={"ApiToken": TOKEN})
    assert judge("SK321", text).fails
    away = judge("SK321", machine(DefinitionS3Location={"Bucket": "b", "Key": "k"}))
    assert not away.fails
    assert away.unsure


def test_a_secret_of_a_stage_is_never_in_the_message() -> None:
    text = template(
        Api=("AWS::ApiGateway::RestApi", {"Name": "a"}),
        Stage=(
            "AWS::ApiGateway::Stage",
            {"RestApiId": {"Ref": "Api"}, "StageName": "p", "Variables": {"token": TOKEN}},
        ),
    )
    (finding,) = judge("SK320", text).fails
    assert TOKEN not in finding.message + finding.help


@pytest.mark.parametrize(
    ("properties", "plain", "own"),
    [
        ({}, False, False),
        ({"SqsManagedSseEnabled": False}, True, False),
        ({"SqsManagedSseEnabled": False, "KmsMasterKeyId": "alias/aws/sqs"}, False, False),
        ({"KmsMasterKeyId": "alias/orders"}, False, True),
        ({"KmsMasterKeyId": {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sqs"}}, False, False),
        ({"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}, False, True),
    ],
)
def test_queues(properties: dict[str, Any], plain: bool, own: bool) -> None:  # noqa: FBT001 - the cases
    text = template(Work=("AWS::SQS::Queue", properties), Key=("AWS::KMS::Key", {"EnableKeyRotation": True}))
    assert bool(judge("SK311", text).fails) is plain
    assert bool(judge("SK317", text).fails) is not own


def test_one_cause_is_one_finding_where_failed_events_are_kept() -> None:
    function = {
        "Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/",
        "DeadLetterQueue": {"Type": "SQS", "TargetArn": {"Fn::GetAtt": ["Failed", "Arn"]}},
    }  # fmt: skip
    text = template(
        Failed=("AWS::SQS::Queue", {"SqsManagedSseEnabled": False}), Fn=("AWS::Serverless::Function", function)
    )
    assert len(judge("SK704", text).fails) == 1
    verdict = judge("SK311", text)
    assert not verdict.fails
    assert verdict.by_function == {"Fn": "fail"}


@pytest.mark.parametrize(
    ("specification", "own"),
    [
        ({"SSEEnabled": True}, False),
        ({"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "alias/aws/dynamodb"}, False),
        ({"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "alias/orders"}, True),
    ],
)
def test_tables_and_keys(specification: dict[str, Any], own: bool) -> None:  # noqa: FBT001 - the cases
    text = template(Orders=("AWS::DynamoDB::Table", {"SSESpecification": specification}))
    assert bool(judge("SK315", text).fails) is not own


@pytest.mark.parametrize(
    ("rules", "fails"),
    [
        ({"AutomaticallyAfterDays": 90}, False),
        ({"AutomaticallyAfterDays": 91}, True),
        ({"ScheduleExpression": "rate(120 days)"}, True),
        ({"ScheduleExpression": "rate(10 days)"}, False),
        ({"ScheduleExpression": "cron(0 8 1 * ? *)"}, False),
        ({}, False),
    ],
)
def test_how_often_a_secret_changes(rules: dict[str, Any], fails: bool) -> None:  # noqa: FBT001 - the cases
    text = template(
        Db=("AWS::SecretsManager::Secret", {}),
        Rotation=("AWS::SecretsManager::RotationSchedule", {"SecretId": {"Ref": "Db"}, "RotationRules": rules}),
    )
    assert bool(judge("SK322", text).fails) is fails


@pytest.mark.parametrize(
    ("name", "value", "form", "fails"),
    [
        ("/orders/db/password", "random_password.db.result", "String", True),
        ("/orders/db/password", "random_password.db.result", "SecureString", False),
        ("/orders/db/password", "data.aws_secretsmanager_secret_version.db.secret_string", "String", True),
        ("/orders/db/password", "aws_secretsmanager_secret.db.arn", "String", False),
        ("/orders/table", "random_pet.table.id", "String", False),
    ],
)
def test_a_parameter_that_is_filled_from_a_secret(name: str, value: str, form: str, fails: bool) -> None:  # noqa: FBT001
    text = f"""
    resource "random_password" "db" {{ length = 20 }}
    resource "random_pet" "table" {{}}
    resource "aws_secretsmanager_secret" "db" {{}}
    data "aws_secretsmanager_secret_version" "db" {{ secret_id = "orders/db" }}
    resource "aws_ssm_parameter" "one" {{
      name  = "{name}"
      type  = "{form}"
      value = {value}
    }}
    """
    assert bool(judge("SK307", text.replace("\n    ", "\n")).fails) is fails


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("SK315", "  A: {Type: AWS::Serverless::SimpleTable}", "`KMSMasterKeyId` in `SSESpecification`"),
        ("SK315", "  A: {Type: AWS::S3::Bucket}", "`KMSMasterKeyID` in `BucketEncryption`"),
        ("SK315", "  A: {Type: AWS::ECR::Repository}", "`KmsKey` in `EncryptionConfiguration`"),
        ("SK316", "  A: {Type: AWS::SecretsManager::Secret}", "name it in `KmsKeyId`"),
        ("SK317", "  A: {Type: AWS::SQS::Queue}", "name it in `KmsMasterKeyId`"),
        (
            "SK317",
            "  A: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: a.json, Role: !Ref Given}}",
            "declare it as AWS::StepFunctions::StateMachine",
        ),
        ("SK315", 'resource "aws_dynamodb_table" "a" {}', "`kms_key_arn` in `server_side_encryption`"),
        ("SK315", 'resource "aws_kinesis_stream" "a" {}', "`kms_key_id`, with `encryption_type"),
        ("SK317", 'resource "aws_cloudwatch_event_bus" "a" {}', "name it in `kms_key_identifier`"),
    ],
)
def test_where_a_key_is_named_is_told_in_the_words_of_the_format(code: str, text: str, words: str) -> None:
    whole = text if text.startswith("resource") else f"Transform: AWS::Serverless-2016-10-31\nResources:\n{text}\n"
    [finding] = judge(code, whole).fails
    assert words in finding.help


_LOGS = "  Logs: {Type: AWS::S3::Bucket}\n"
_LOGGED = "  Data: {Type: AWS::S3::Bucket, Properties: {LoggingConfiguration: {DestinationBucketName: !Ref Logs}}}\n"
_SERVICE = "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  orders: {handler: app.handler}\nresources:\n"


def _let_in(principal: str) -> str:
    return (
        "  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Logs, PolicyDocument: {Statement: "
        f"[{{Effect: Allow, Action: 's3:PutObject', Principal: {{{principal}}}, Resource: !Sub '${{Logs.Arn}}/*'}}]}}}}}}\n"
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", ["Logs"]),
        (_LOGGED, ["Data"]),
        (_let_in("Service: logging.s3.amazonaws.com"), []),
        (_let_in("Service: logdelivery.elasticloadbalancing.amazonaws.com"), []),
        (_let_in("AWS: 'arn:aws:iam::127311923021:root'"), []),
        (_let_in("AWS: '127311923021'"), []),
        (_let_in("AWS: 'arn:aws:iam::111122223333:root'"), ["Logs"]),
        (_let_in("Service: delivery.logs.amazonaws.com"), ["Logs"]),
        (_let_in("Service: cloudtrail.amazonaws.com"), ["Logs"]),
    ],
)
def test_access_logs_are_delivered_to_no_bucket_with_a_key_of_kms(more: str, told: list[str]) -> None:
    own = f"Resources:\n{_LOGS}{more}"
    service = _SERVICE + "".join(f"  {line}\n" for line in own.splitlines())
    for text in (own, service):
        assert [finding.subject.address for finding in judge("SK315", text).fails] == told


@pytest.mark.parametrize(
    ("principal", "told"),
    [
        ('type = "Service", identifiers = ["logging.s3.amazonaws.com"]', 0),
        ('type = "AWS", identifiers = [data.aws_elb_service_account.main.arn]', 0),
        ('type = "AWS", identifiers = ["arn:aws:iam::111122223333:root"]', 1),
    ],
)
def test_access_logs_of_terraform_are_delivered_too(principal: str, told: int) -> None:
    bucket = 'resource "aws_s3_bucket" "logs" {}\n'
    policy = f"""
data "aws_elb_service_account" "main" {{}}
data "aws_iam_policy_document" "logs" {{
  statement {{
    actions   = ["s3:PutObject"]
    resources = ["${{aws_s3_bucket.logs.arn}}/*"]
    principals {{
      {principal.replace(", ", chr(10))}
    }}
  }}
}}
resource "aws_s3_bucket_policy" "logs" {{
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}}
"""
    assert len(judge("SK315", bucket + policy).fails) == told
    logged = """
resource "aws_s3_bucket_logging" "data" {
  bucket        = "data"
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "logs/"
}
"""
    logging = bucket + 'resource "aws_s3_bucket" "data" {}\n' + logged.replace('"data"\n', "aws_s3_bucket.data.id\n")
    assert [finding.subject.address for finding in judge("SK315", logging).fails] == ["aws_s3_bucket.data"]


@pytest.mark.parametrize(
    ("user", "persona"),
    [
        (
            "{Type: AWS::Kinesis::Stream, Properties: {StreamEncryption: {EncryptionType: KMS, KeyId: !Ref Key}}}",
            "pedantic",
        ),
        (
            "{Type: AWS::Kinesis::Stream, Properties: {RetentionPeriodHours: 8760, StreamEncryption: {KeyId: !Ref Key}}}",
            "regular",
        ),
        ("{Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref Key}}", "pedantic"),
        ("{Type: AWS::SecretsManager::Secret, Properties: {KmsKeyId: !Ref Key}}", "regular"),
        ("{Type: AWS::SQS::Queue}", "regular"),
    ],
)
def test_a_key_of_what_is_soon_gone_matters_less(user: str, persona: str) -> None:
    (finding,) = judge("SK304", f"Resources:\n  Key: {{Type: AWS::KMS::Key, Properties: {{}}}}\n  User: {user}\n").fails
    assert finding.persona == persona


# ------------------------------------------------------------------------------------------------------------------ topics

OPEN_TO = {
    "Effect": "Allow",
    "Action": "SNS:Publish",
    "Resource": "*",
    "Principal": {"Service": "budgets.amazonaws.com"},
}
HAS = "arn:aws:lambda:eu-west-1:111122223333:function:orders"


@pytest.mark.parametrize(
    ("beside", "service"),
    [
        ({}, ""),
        ({"P": ("AWS::SNS::TopicPolicy", {"Topics": [{"Ref": "News"}], "PolicyDocument": {"Statement": [OPEN_TO]}})},
         "budgets.amazonaws.com"),
        ({"P": ("AWS::SNS::TopicPolicy", {"Topics": [{"Ref": "News"}], "PolicyDocument": {"Statement": [
            OPEN_TO | {"Principal": {"AWS": "111122223333"}}]}})}, ""),
        ({"P": ("AWS::SNS::TopicPolicy", {"Topics": [{"Ref": "News"}], "PolicyDocument": {"Statement": [
            OPEN_TO | {"Action": "sns:Subscribe"}]}})}, ""),
        ({"R": ("AWS::Events::Rule", {"EventPattern": {"source": ["a"]}, "Targets": [{"Id": "1", "Arn": {"Ref": "News"}}]})},
         "events.amazonaws.com"),
        ({"A": ("AWS::CloudWatch::Alarm", {"Namespace": "AWS/Lambda", "MetricName": "Errors",
                                         "AlarmActions": [{"Ref": "News"}]})},
         "cloudwatch.amazonaws.com"),
        ({"B": ("AWS::S3::Bucket", {"NotificationConfiguration": {"TopicConfigurations": [
            {"Event": "s3:ObjectCreated:*", "Topic": {"Ref": "News"}}]}})}, "s3.amazonaws.com"),
    ],
)  # fmt: skip
def test_the_key_of_sns_is_not_for_topics_that_services_publish_to(beside: dict[str, Any], service: str) -> None:
    news = {"News": ("AWS::SNS::Topic", {}), "Sub": ("AWS::SNS::Subscription", {
        "TopicArn": {"Ref": "News"}, "Protocol": "lambda", "Endpoint": HAS})}  # fmt: skip
    (finding,) = judge("SK312", template(**news, **beside)).fails
    assert [fix.safety for fix in finding.fixes] == ["advice" if service else "unsafe"]
    if service:
        assert f"to a key of your own whose policy lets `{service}` use it" in finding.help
    else:
        assert "alias/aws/sns, or to a key of your own where services publish to it" in finding.help
