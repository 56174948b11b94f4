"""What a function uses: what its settings, its environment and the policies of its role name, and nothing else."""

from __future__ import annotations

import pytest

from tests.rules.support import app_of, judge

CFN = """
Parameters: {Stage: {Type: String}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: EFFECT, Action: "*", Resource: RESOURCE}]}}]
  Table: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}}}
  Named: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Staged: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Sub "${Stage}-orders"}}
  Bucket: {Type: AWS::S3::Bucket}
  Files: {Type: AWS::S3::Bucket, Properties: {BucketName: files}}
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Stream: {Type: AWS::Kinesis::Stream}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: orders/db}}
  Parameter: {Type: AWS::SSM::Parameter, Properties: {Name: /orders/url, Type: String, Value: x}}
  Key: {Type: AWS::KMS::Key}
"""
NOT_USED = {"Orders", "Role"}


def used(text: str, function: str = "Orders") -> set[str]:
    """The resources that concern a function."""
    resources = app_of(text).resources
    found = {r.address for r in resources if any(f.address == function for f in r.functions)}
    return {address.partition("/")[0] for address in found} - NOT_USED


@pytest.mark.parametrize(
    ("resource", "names"),
    [
        ("!GetAtt Table.Arn", {"Table"}),
        ('!Sub "${Table.Arn}/index/*"', {"Table"}),
        ('!Sub "${Table.Arn}/*"', {"Table"}),
        ('!Sub "${Table.Arn}*"', {"Table"}),
        ('!Sub "arn:aws:dynamodb:*:*:table/${Table}"', {"Table"}),
        (
            '!Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}/index/by-id"',
            {"Table"},
        ),
        ("arn:aws:dynamodb:*:*:table/orders", {"Named"}),
        ("arn:aws:dynamodb:*:*:table/orders/index/*", {"Named"}),
        ('!Sub "arn:aws:dynamodb:*:*:table/${Stage}-orders"', {"Staged"}),
        ('!Sub "${Bucket.Arn}/in/*"', {"Bucket"}),
        ('!Sub "arn:aws:s3:::${Bucket}/*"', {"Bucket"}),
        ("arn:aws:s3:::files/in/*", {"Files"}),
        ("!GetAtt Queue.Arn", {"Queue"}),
        ('!Sub "arn:aws:sqs:*:*:${Queue.QueueName}"', {"Queue"}),
        ("!Ref Topic", {"Topic"}),
        ('!Sub "arn:aws:sns:*:*:${Topic.TopicName}"', {"Topic"}),
        ("!GetAtt Stream.Arn", {"Stream"}),
        ("!Ref Secret", {"Secret"}),
        ('"arn:aws:secretsmanager:*:*:secret:orders/db-??????"', {"Secret"}),
        ("arn:aws:ssm:*:*:parameter/orders/url", {"Parameter"}),
        ("!GetAtt Key.Arn", {"Key"}),
        ('!Sub "arn:aws:kms:*:*:key/${Key}"', {"Key"}),
        ("[!GetAtt Queue.Arn, !Ref Topic]", {"Queue", "Topic"}),
        # What does not name a resource, or names something beside it.
        ('"*"', set()),
        ('"arn:aws:dynamodb:*:*:table/*"', set()),
        ('"arn:aws:dynamodb:*:*:table/ord*"', set()),
        ('"arn:aws:s3:::fil*/*"', set()),
        ("!GetAtt Table.StreamArn", set()),
        ('!Sub "${Table.Arn}/stream/*"', set()),
        ('!Sub "arn:aws:logs:*:*:log-group:/x/${Table}"', set()),
        ('!Sub "arn:aws:dynamodb:*:*:table/${Table}-archive"', set()),
        ('!Sub "arn:aws:dynamodb:*:*:table/old-${Table}"', set()),
        ('!Sub "arn:aws:dynamodb:*:*:table/${Bucket}"', set()),
    ],
)
def test_what_the_policies_of_a_role_name_is_used(resource: str, names: set[str]) -> None:
    text = CFN.replace("RESOURCE", resource)
    assert used(text.replace("EFFECT", "Allow")) == names
    assert used(text.replace("EFFECT", "Deny")) == set()


def test_in_terraform_and_of_the_serverless_framework_as_well() -> None:
    terraform = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
}
resource "aws_iam_role" "r" { assume_role_policy = "{}" }
resource "aws_dynamodb_table" "t" { name = "t" }
resource "aws_dynamodb_table" "other" {
  name           = "other"
  stream_enabled = true
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "dynamodb:PutItem", Resource = aws_dynamodb_table.t.arn },
    { Effect = "Allow", Action = "dynamodb:GetRecords", Resource = "${aws_dynamodb_table.other.arn}/stream/*" },
    { Effect = "Allow", Action = "dynamodb:GetRecords", Resource = aws_dynamodb_table.other.stream_arn },
  ] })
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}
"""
    found = used(terraform, "aws_lambda_function.f")
    assert {address for address in found if "table" in address} == {"aws_dynamodb_table.t"}
    service = """
service: shop
provider:
  name: aws
  iam: {role: {statements: [{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Table.Arn}]}}
functions:
  orders: {handler: a.b, runtime: python3.13}
resources: {Resources: {Table: {Type: AWS::DynamoDB::Table}}}
"""
    assert "Table" in used(service, "orders")


def test_a_key_and_a_stream_that_the_environment_names_are_used() -> None:
    text = CFN.replace("EFFECT", "Deny").replace("RESOURCE", '"*"')
    variables = "Environment: {Variables: {KEY: !GetAtt Key.Arn, STREAM: !Ref Stream}}"
    assert used(text.replace("{Runtime: python3.13,", f"{{Runtime: python3.13, {variables},")) == {"Key", "Stream"}


def test_who_is_let_in_by_the_policy_of_a_key_uses_it() -> None:
    text = (
        CFN.replace("EFFECT", "Deny")
        .replace("RESOURCE", '"*"')
        .replace(
            "Key: {Type: AWS::KMS::Key}",
            "Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: "
            '[{Effect: Allow, Action: kms:Decrypt, Resource: "*", Principal: {AWS: !GetAtt Role.Arn}}]}}}',
        )
    )
    assert "Key" in used(text)


def test_a_role_of_a_library_names_nothing_for_its_function() -> None:
    text = CFN.replace("EFFECT", "Allow").replace("RESOURCE", "!GetAtt Bucket.Arn")
    made = text.replace(
        "    Type: AWS::Lambda::Function\n",
        "    Type: AWS::Lambda::Function\n"
        "    Metadata: {aws:cdk:path: Stack/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler}\n",
    )
    [function] = app_of(made).functions
    assert function.framework_owned
    assert "Bucket" not in used(made, function.address)


def test_where_failed_events_go_and_where_the_code_is_are_used() -> None:
    text = CFN.replace("EFFECT", "Deny").replace("RESOURCE", '"*"').replace("S3Bucket: b", "S3Bucket: !Ref Bucket")
    text += """
  Reads:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Orders
      EventSourceArn: arn:aws:kinesis:eu-west-1:111122223333:stream/s
      DestinationConfig: {OnFailure: {Destination: !GetAtt Queue.Arn}}
  Invoked:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Orders
      Qualifier: $LATEST
      DestinationConfig: {OnSuccess: {Destination: !Ref Topic}, OnFailure: {Destination: !GetAtt Files.Arn}}
"""
    assert used(text) == {"Bucket", "Queue", "Topic", "Files", "Reads", "Invoked"}
    assert judge("SK311", text).by_function == {"Orders": "pass"}
    assert judge("SK133", text).by_function == {"Orders": "pass"}


TRAIL = """
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: trails, SELECTORS}
"""
ALL = 'EventSelectors: [{DataResources: [{Type: AWS::Lambda::Function, Values: ["arn:aws:lambda"]}]}]'


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        (ALL, "fail"),
        (ALL.replace('"arn:aws:lambda"', "!GetAtt Orders.Arn"), "fail"),
        (ALL.replace('"arn:aws:lambda"', '"arn:aws:lambda:eu-west-1:111122223333:function:other"'), "not_applicable"),
        (ALL.replace('"arn:aws:lambda"', "!Ref Stage"), "unknown"),
        (ALL.replace("AWS::Lambda::Function", "AWS::S3::Object").replace("lambda", "s3"), "not_applicable"),
        (
            "AdvancedEventSelectors: [{FieldSelectors: [{Field: resources.type, Equals: [AWS::Lambda::Function]}]}]",
            "fail",
        ),
        ("IsMultiRegionTrail: true", "not_applicable"),
    ],
)
def test_a_trail_concerns_the_functions_whose_invocations_it_records(selectors: str, said: str) -> None:
    text = CFN.replace("EFFECT", "Deny").replace("RESOURCE", '"*"') + TRAIL.replace("SELECTORS", selectors)
    verdict = judge("SK727", text)
    assert verdict.by_function == {"Orders": said}
    assert len(verdict.fails) == 1


def test_a_trail_of_terraform_whose_functions_are_given() -> None:
    text = """
variable "given" { type = list(string) }
resource "aws_lambda_function" "f" { function_name = "f" }
resource "aws_cloudtrail" "t" {
  name           = "t"
  s3_bucket_name = "trails"
  event_selector {
    data_resource {
      type   = "AWS::Lambda::Function"
      values = VALUES
    }
  }
}
"""
    function = "aws_lambda_function.f"
    assert judge("SK727", text.replace("VALUES", "var.given")).by_function == {function: "unknown"}
    assert judge("SK727", text.replace("VALUES", "[aws_lambda_function.f.arn]")).by_function == {function: "fail"}
