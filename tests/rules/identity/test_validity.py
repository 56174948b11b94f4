"""The rules about faults in policies: what is told of whom, how gravely, and what other rules tell already."""

from __future__ import annotations

import pytest

from stockade.rules import all_rules
from tests.inputs.terraform.support import app_of as terraform_app
from tests.rules.support import Verdict, app_of, examples, judge, language_of, rule_of

FUNCTIONS = """
Resources:
  A:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.a, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  B:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.a, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
"""
ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: %s
"""
TYPO = '{Effect: %s, Action: "s3:GetObjekt", Resource: "arn:aws:s3:::orders/*"}'
CODES = tuple(f"SK{number}" for number in range(221, 227))


def verdict(code: str, statement: str, head: str = "") -> Verdict:
    return Verdict(code, app_of(head + FUNCTIONS + ROLE % statement))


def test_a_fault_of_a_shared_role_is_told_once_for_all_its_functions() -> None:
    found = verdict("SK222", TYPO % "Allow")
    assert [f.message for f in found.fails] == ["in the permissions of `A` and `B`, `s3` has no action `GetObjekt`"]
    assert found.by_function == {"A": "fail", "B": "fail"}


def test_a_void_denial_is_worse_than_a_void_permission() -> None:
    assert verdict("SK222", TYPO % "Allow").severities == ["low"]
    assert verdict("SK222", TYPO % "Deny").severities == ["high"]


def test_a_fault_under_a_premise_is_told_with_it() -> None:
    head = "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}"
    action = '!If [IsProd, "s3:GetObject", "s3:GetObjekt"]'
    (finding,) = verdict("SK222", f'{{Effect: Allow, Action: {action}, Resource: "*"}}', head).fails
    assert finding.message.endswith("when Stage is not prod")


def test_what_is_not_known_is_not_told_as_a_fault() -> None:
    head = "Parameters: {Arn: {Type: String}, Action: {Type: String}}"
    for code in CODES:
        found = verdict(code, "{Effect: Allow, Action: !Ref Action, Resource: !Ref Arn}", head)
        assert found.fails == []


def test_a_policy_in_order_passes_every_rule() -> None:
    for code in CODES:
        found = verdict(code, '{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/*"}')
        assert found.by_function == {"A": "pass", "B": "pass"}
        assert list(found.findings) == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('{Effect: Allow, Action: "*", Resource: "*"}', "SK203"),
        ('{Effect: Allow, Action: "iam:PassRole", Resource: "*"}', "SK217"),
        ('{Effect: Allow, NotAction: "iam:*", Resource: "*"}', "SK216"),
        ('{Effect: Allow, Action: "s3:*", Resource: "*"}', "SK204"),
    ],
)
def test_what_other_rules_tell_is_not_told_twice(statement: str, code: str) -> None:
    assert verdict(code, statement).fails
    for other in CODES:
        assert verdict(other, statement).fails == []


def test_a_fault_of_the_trust_policy_is_told_as_such() -> None:
    text = FUNCTIONS + (ROLE % '{Effect: Allow, Action: "s3:GetObject", Resource: "*"}').replace(
        "lambda.amazonaws.com", "lambda.amazon.com"
    )
    (finding,) = Verdict("SK221", app_of(text)).fails
    assert finding.message.startswith("in the trust policy of `A` and `B`, `lambda.amazon.com`")
    assert finding.help == "write `lambda.amazonaws.com`"


def test_no_id_is_in_two_rules() -> None:
    seen: dict[str, str] = {}
    for rule in all_rules():
        if rule.code in CODES:
            for id_ in rule.check.__globals__["_IDS"]:
                assert seen.setdefault(id_, rule.code) == rule.code, id_
    assert len(seen) > 80


OPERATION = '{Effect: %s, Action: %s, Resource: "arn:aws:s3:::orders/*"}'


@pytest.mark.parametrize(
    ("effect", "actions", "severity", "help_"),
    [
        ("Deny", "['s3:HeadObject']", "high", "what denies it is `s3:GetObject`"),
        ("Allow", "['s3:HeadObject']", "low", "what allows it is `s3:GetObject`"),
        ("Deny", "['s3:HeadObject', 's3:GetObject']", "low", "leave it out: `s3:GetObject` is there already"),
        ("Deny", "['s3:HeadObject', 's3:Get*']", "low", "leave it out: `s3:GetObject` is there already"),
        (
            "Deny",
            "['s3:HeadObject', !If [Strict, 's3:GetObject', 's3:PutObject']]",
            "high",
            "what denies it is `s3:GetObject`",
        ),
    ],
)
def test_an_operation_in_place_of_an_action(effect: str, actions: str, severity: str, help_: str) -> None:
    head = "Parameters: {Stage: {Type: String}}\nConditions: {Strict: !Equals [!Ref Stage, prod]}\n"
    (finding,) = verdict("SK222", OPERATION % (effect, actions), head).fails
    assert (finding.severity, finding.help) == (severity, help_)


def test_a_denial_is_one_also_where_the_caller_of_a_module_names_its_actions() -> None:
    module = """
    variable "denied" {}
    data "aws_iam_policy_document" "this" {
      dynamic "statement" {
        for_each = var.denied
        content {
          effect    = statement.value.effect
          actions   = statement.value.actions
          resources = ["arn:aws:s3:::orders/*"]
        }
      }
    }
    resource "aws_iam_role" "this" {
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
      })
    }
    resource "aws_iam_role_policy" "this" {
      role   = aws_iam_role.this.id
      policy = data.aws_iam_policy_document.this.json
    }
    resource "aws_lambda_function" "this" {
      function_name = "orders"
      runtime       = "python3.13"
      handler       = "app.handler"
      filename      = "orders.zip"
      role          = aws_iam_role.this.arn
    }
    """
    root = """
    module "orders" {
      source = "./orders"
      denied = { read = { effect = "Deny", actions = ["s3:HeadObject"] } }
    }
    """
    (finding,) = Verdict("SK222", terraform_app({"main.tf": root, "orders/main.tf": module})).fails
    assert (finding.severity, finding.help) == ("high", "what denies it is `s3:GetObject`")
    assert finding.span is not None
    assert finding.span.doc.path == "main.tf"


@pytest.mark.parametrize("account", ["XXXX", ""])
def test_the_account_that_is_deployed_to_is_named_in_the_words_of_the_format(account: str) -> None:
    resource = f"arn:aws:logs:eu-west-1:{account}:log-group:orders"
    statement = f'{{Effect: Allow, Action: "logs:PutLogEvents", Resource: "{resource}"}}'
    service = (
        "service: s\nprovider:\n  name: aws\n  runtime: python3.13\n  iam: {role: {statements: ["
        + statement
        + "]}}\nfunctions: {orders: {handler: a.b}}\n"
    )
    template = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n"
        f"    Properties: {{Runtime: python3.13, Handler: a.b, CodeUri: x, Policies: [{{Statement: [{statement}]}}]}}\n"
    )
    [bad] = [text for text in examples(rule_of("SK223"), "bad") if language_of(text) == "hcl"]
    configuration = bad.replace("s3:GetObject", "logs:PutLogEvents").replace(
        "arn:aws:s3:eu-west-1:111122223333:orders/*", resource
    )
    for text, word in ((template, "${AWS::AccountId}"), (service, "${aws:accountId}"), (configuration, "account_id}")):
        [finding] = judge("SK223", text).fails
        assert word in finding.help


@pytest.mark.parametrize(
    ("arn", "marks"),
    [
        ("arn:aws:sqs:<region>:<account>:<queue>", "`<region>`, `<account>` and `<queue>` of `%s` are"),
        ("arn:aws:sqs:eu-west-1:<<XXXX>>:orders", "`<<XXXX>>` of `%s` is"),
        ("arn:aws:sqs:{region}:111122223333:orders", "`{region}` of `%s` is"),
        ("arn:aws:sqs:eu-west-1:[account id]:orders", "`[account id]` of `%s` is"),
        ("arn:aws:sqs:eu-west-1:YOUR_ACCOUNT_ID:orders", "`YOUR_ACCOUNT_ID` of `%s` is"),
        ("arn:aws:sqs:REGION:ACCOUNT:orders", "`REGION` and `ACCOUNT` of `%s` are"),
        ("arn:aws:sqs:eu-west-1:xxxxxxxxxxxx:orders", "`xxxxxxxxxxxx` of `%s` is"),
        ("arn:aws:sqs:eu-wst-1:111122223333:orders", ""),
        ("arn:aws:sqs:eu-west-1:11112222333:orders", ""),
    ],
)
def test_what_is_still_to_be_filled_in_is_told_once_for_an_arn(arn: str, marks: str) -> None:
    yaml = f"""{{Effect: Allow, Action: "sqs:SendMessage", Resource: "{arn}"}}"""
    terraform = f"""
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}}
resource "aws_iam_role" "orders" {{
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_role_policy" "orders" {{
  role   = aws_iam_role.orders.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "{arn}" }}]
  }})
}}
"""
    service = (
        "service: shop\nprovider:\n  name: aws\n  runtime: python3.13\n  iam:\n    role:\n      statements:\n"
        f"        - {yaml}\nfunctions:\n  orders: {{handler: app.handler}}\n"
    )
    found = (verdict("SK223", yaml), judge("SK223", terraform), judge("SK223", service))
    for (finding,) in (each.fails for each in found):
        assert finding.persona == ("pedantic" if marks else "regular")
        assert finding.message.endswith(f"{marks % arn} still to be filled in" if marks else "") is True
        assert not marks or "write what" in finding.help


def test_a_framework_makes_permissions_of_the_arn_of_an_event() -> None:
    service = (
        "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  orders:\n    handler: app.handler\n"
        "    events:\n      - %s\n"
    )
    for event, words in (
        (
            "stream: {type: kinesis, arn: 'arn:aws:kinesis:eu-wst-1:111122223333:stream/s'}",
            "the stream that `orders` reads from",
        ),
        ("sqs: arn:aws:sqs:eu-wst-1:111122223333:q", "the queue that `orders` reads from"),
    ):
        (finding,) = judge("SK223", service % event).fails
        assert finding.message == f"in the ARN of {words}, there is no region `eu-wst-1`"
