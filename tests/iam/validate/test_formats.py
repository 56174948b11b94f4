"""One fault, written in every format: the same id, at the place where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from stockade.engine.policies import Checks
from stockade.model.app import Policy
from stockade.model.value import File

YAML = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: %s
                Resource: %s
"""
HCL = """
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_s3_bucket" "orders" {}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = %s
}
"""
SERVICE = """
service: orders
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: "s3:GetObjekt", Resource: "arn:aws:s3:::orders/*"}
functions:
  orders: {handler: app.handler}
"""
ENCODED = """jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObjekt", Resource = "${aws_s3_bucket.orders.arn}/*" }]
  })"""
HEREDOC = """<<EOT
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "${aws_s3_bucket.orders.arn}/*"}]
}
EOT"""
DATA = """data.aws_iam_policy_document.orders.json
}
data "aws_iam_policy_document" "orders" {
  statement {
    actions   = ["s3:GetObjekt"]
    resources = ["${aws_s3_bucket.orders.arn}/*"]
  }"""
JSON = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}}'


def checked(folder: Path, name: str, text: str) -> Checks:
    (folder / name).write_text(text, encoding="utf-8")
    return api.validate(folder)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("template.yaml", YAML % ("s3:GetObjekt", '"arn:aws:s3:::orders/*"')),
        ("main.tf", HCL % ENCODED),
        ("main.tf", HCL % HEREDOC),
        ("main.tf", HCL % DATA),
        ("serverless.yml", SERVICE),
        ("policy.json", JSON),
        ("policy.yaml", "Version: 2012-10-17\nStatement:\n- {Effect: Allow, Action: 's3:GetObjekt', Resource: '*'}\n"),
    ],
    ids=["cloudformation", "jsonencode", "heredoc", "data source", "serverless", "json", "yaml"],
)
def test_a_fault_is_found_where_it_is_written(tmp_path: Path, name: str, text: str) -> None:
    found = checked(tmp_path, name, text)
    assert [fault.id for fault in found.faults] == ["INVALID_ACTION"]
    origin = found.faults[0].origin
    assert isinstance(origin, File)
    assert "s3:GetObjekt" in origin.span.text
    assert origin.path == name


@pytest.mark.parametrize(
    "resource",
    [
        "!Ref Anything",
        '!Sub "${Bucket.Arn}/*"',
        '!Sub "arn:${AWS::Partition}:s3:::${Name}/*"',
        '!Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Name}"',
        "!ImportValue orders-arn",
        "!If [Big, !Ref One, !Ref Other]",
        '!Join [":", [arn, aws, s3, "", "", !Ref Name]]',
        "{{resolve:ssm:/orders/arn}}",
    ],
)
def test_what_is_not_known_is_never_called_wrong(tmp_path: Path, resource: str) -> None:
    head = "Parameters:\n" + "".join(f"  {n}: {{Type: String}}\n" for n in ("Anything", "Name", "One", "Other"))
    bucket = "\n  Bucket: {Type: AWS::S3::Bucket}\nConditions:\n  Big: !Equals [!Ref Anything, big]\n"
    quoted = f'"{resource}"' if resource.startswith("{{") else resource
    found = checked(tmp_path, "template.yaml", head + YAML.lstrip() % ("s3:GetObject", quoted) + bucket)
    assert [(fault.id, fault.message) for fault in found.faults] == []


def test_of_a_choice_the_bad_branch_is_told_with_its_premise(tmp_path: Path) -> None:
    head = "Parameters: {Stage: {Type: String}}\nConditions:\n  IsProd: !Equals [!Ref Stage, prod]\n"
    text = head + YAML.lstrip() % ("!If [IsProd, s3:GetObject, s3:GetObjekt]", '"arn:aws:s3:::orders/*"')
    (fault,) = checked(tmp_path, "template.yaml", text).faults
    assert fault.id == "INVALID_ACTION"
    assert [premise.text for premise in fault.when] == ["Stage is not prod"]


def test_trust_policies_and_policies_on_resources_are_checked_as_such(tmp_path: Path) -> None:
    text = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda}, Resource: "*"}
  Queue: {Type: AWS::SQS::Queue}
  OnQueue:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "sns:Publish", Principal: {AWS: "111122223333"}, Resource: !GetAtt Queue.Arn}
"""
    found = checked(tmp_path, "template.yaml", text)
    assert {(p.address, p.type, p.resource_type) for p in found.policies} == {
        ("Role (trust)", "trust", ""),
        ("OnQueue", "resource", "AWS::SQS::Queue"),
    }
    assert sorted(fault.id for fault in found.faults) == [
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
        "UNSUPPORTED_ACTION_IN_POLICY",
    ]


def test_the_model_keeps_faults_and_versions(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        YAML.replace("Resource:", "Resources:") % ("s3:GetObject", '"*"'), encoding="utf-8"
    )
    app = api.load(tmp_path)
    (policy,) = (p for p in app.of(Policy) if p.name.is_("orders").is_yes)
    assert policy.policy_type == "identity"
    assert [fault.id for fault in policy.faults] == ["INVALID_POLICY_ELEMENT"]


def test_a_policy_whose_text_is_no_json_is_told_with_its_place(tmp_path: Path) -> None:
    broken = HEREDOC.replace('"s3:GetObjekt",', '"s3:GetObject"')
    found = checked(tmp_path, "main.tf", HCL % broken)
    assert [fault.id for fault in found.faults] == ["JSON_SYNTAX_ERROR"]
    assert "comma is missing" in found.faults[0].message


@pytest.mark.parametrize(
    ("statement", "type_"),
    [
        ('"Action": "s3:GetObject", "Resource": "*"', "identity"),
        ('"Action": "s3:GetObject", "Resource": "*", "Principal": {"AWS": "111122223333"}', "resource"),
        ('"Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}', "trust"),
    ],
)
def test_the_type_is_told_from_what_a_policy_says(tmp_path: Path, statement: str, type_: str) -> None:
    text = f'{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {statement}}}}}'
    (policy,) = checked(tmp_path, "p.json", text).policies
    assert (policy.type, policy.guessed) == (type_, True)
    assert policy.faults == ()
