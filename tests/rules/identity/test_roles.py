"""Managed policies, shared roles and trust policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stockade.engine.run import run_rules
from stockade.rules._base import Context
from tests.inputs.terraform.support import app_of as terraform_app
from tests.rules.identity.support import allow, role, sam
from tests.rules.support import TODAY, Verdict, app_of, judge, rule_of

AWS = "arn:aws:iam::aws:policy/"


def trust(principal: Any, **condition: Any) -> list[dict[str, Any]]:
    return [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"} | condition]


@pytest.mark.parametrize("name", ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"])
def test_administrators(name: str) -> None:
    assert judge("SK201", role(managed=[AWS + name])).severities == ["critical"]
    assert not judge("SK202", role(managed=[AWS + name])).fails
    assert judge("SK201", sam(name)).severities == ["critical"]


@pytest.mark.parametrize("rule", ["SK201", "SK202"])
def test_what_an_own_statement_allows_does_not_matter_to_managed_policies(rule: str) -> None:
    """Which of AWS's policies a role has is known, whatever its own statements say."""
    later = {"Parameters": {"Actions": {"Type": "CommaDelimitedList"}}}
    text = role(allow({"Ref": "Actions"}), managed=[AWS + "service-role/AWSLambdaBasicExecutionRole"], more=later)
    assert judge("SK203", text).by_function == {"Fn": "unknown"}
    assert judge(rule, text).by_function == {"Fn": "pass"}
    another = role(managed=[{"Ref": "Policy"}], more={"Parameters": {"Policy": {"Type": "String"}}})
    assert judge(rule, another).by_function == {"Fn": "unknown"}


def test_an_administrator_under_a_condition_is_told_as_when() -> None:
    text = role(
        managed=[{"Fn::If": ["IsDev", AWS + "AdministratorAccess", {"Ref": "AWS::NoValue"}]}],
        more={
            "Parameters": {"Stage": {"Type": "String"}},
            "Conditions": {"IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
        },
    )
    (finding,) = judge("SK201", text).fails
    assert finding.message.endswith("when Stage is dev")
    assert judge("SK201", text, Stage="prod").by_function == {"Fn": "pass"}


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("AmazonS3FullAccess", "high"),
        ("SecretsManagerReadWrite", "high"),
        ("AWSLambda_FullAccess", "high"),
        ("AmazonSQSFullAccess", "medium"),
        ("CloudWatchLogsFullAccess", "medium"),
        ("AmazonRekognitionFullAccess", "low"),
        ("AmazonAPIGatewayAdministrator", "high"),  # all of the service by an ARN, not by `*`
        ("AWSLambdaExecute", "medium"),  # all of the logs, and every object
    ],
)
def test_full_access_is_as_severe_as_what_the_service_holds(name: str, severity: str) -> None:
    assert judge("SK202", role(managed=[AWS + name])).severities == [severity]


def test_full_access_names_what_else_is_open() -> None:
    (finding,) = judge("SK202", role(managed=[AWS + "AWSLambdaExecute"])).fails
    assert finding.message.endswith("everything in `logs` on every resource, and `s3:GetObject` on all that there is")


def test_what_a_read_only_policy_reads_is_named() -> None:
    (finding,) = judge("SK206", sam("AWSLambda_ReadOnlyAccess")).fails
    assert finding.message == "`Fn` may call `lambda:GetFunction` on every resource through `AWSLambda_ReadOnlyAccess`"


def test_what_less_leaves_open() -> None:
    assert judge("SK206", role(managed=[AWS + "service-role/AWSLambdaRole"])).severities == ["medium"]
    assert judge("SK206", role(managed=[AWS + "AmazonS3ReadOnlyAccess"])).severities == ["low"]
    assert judge("SK209", role(managed=[AWS + "AmazonSSMReadOnlyAccess"])).severities == ["medium"]
    assert not judge("SK206", role(managed=[AWS + "AmazonSSMReadOnlyAccess"])).fails
    assert not judge("SK206", role(managed=[AWS + "service-role/AWSLambdaSQSQueueExecutionRole"])).fails


@pytest.mark.parametrize(
    ("name", "told", "codes"),
    [
        (
            "AdministratorAccess",
            "SK201",
            ["SK203", "SK206", "SK208", "SK209", "SK210", "SK217", "SK218", "SK219", "SK220", "SK230"],
        ),
        ("PowerUserAccess", "SK201", ["SK206", "SK208", "SK209", "SK210", "SK216", "SK218", "SK219", "SK230"]),
        ("IAMFullAccess", "SK201", ["SK204", "SK206", "SK217", "SK220"]),
        ("AWSLambda_FullAccess", "SK202", ["SK204", "SK206", "SK219", "SK230"]),
        ("AmazonS3FullAccess", "SK202", ["SK204", "SK206"]),
        ("AWSLambdaExecute", "SK202", ["SK204", "SK207", "SK208"]),
        ("SecretsManagerReadWrite", "SK202", ["SK204", "SK206", "SK209"]),
        ("AWSLambda_ReadOnlyAccess", "SK206", ["SK206", "SK230"]),
        ("AmazonSSMReadOnlyAccess", "SK209", ["SK209"]),
        ("service-role/AWSLambdaSQSQueueExecutionRole", "", []),
    ],
)
def test_verdicts_say_what_a_managed_policy_brings_with_it(name: str, told: str, codes: list[str]) -> None:
    """One finding for the policy, and the verdicts of the other rules name who tells of it."""
    rules = [rule_of(f"SK{number}") for number in (*range(203, 211), *range(216, 221), 230)]
    findings, rows, _ = run_rules(app_of(role(managed=[AWS + name])), rules, Context(today=TODAY), "regular")
    failed = {row.rule.code: row.reason for row in rows if row.verdict == "fail"}
    assert sorted(failed) == codes
    assert {finding.rule.code for finding in findings if finding.persona == "regular"} <= {told}
    own = {finding.rule.code for finding in findings}
    for code, reason in failed.items():
        assert f"through `{name.rpartition('/')[2]}`" in reason or code in own
        assert reason.endswith(f"(`{told}` tells of the cause)") is (code not in own)


def test_what_a_policy_brings_with_it_whose_document_is_not_known_is_not_known() -> None:
    text = role(managed=[AWS + "AmazonTeleportFullAccess"])
    assert judge("SK202", text).by_function == {"Fn": "fail"}
    for code in ("SK203", "SK206", "SK217", "SK219", "SK230"):
        assert judge(code, text).by_function == {"Fn": "unknown"}
        assert not judge(code, text).fails


def test_a_denial_takes_back_what_a_managed_policy_brings_with_it() -> None:
    text = role({"Effect": "Deny", "Action": "iam:*", "Resource": "*"}, managed=[AWS + "AdministratorAccess"])
    assert judge("SK220", text).by_function == {"Fn": "pass"}
    assert judge("SK218", text).by_function == {"Fn": "fail"}


def test_what_only_makes_functions_that_can_have_no_role_is_for_the_pedantic() -> None:
    """`AmazonDynamoDBFullAccess` may make functions, and pass roles to other services only."""
    text = role(managed=[AWS + "AmazonDynamoDBFullAccess"])
    (row,) = run_rules(app_of(text), [rule_of("SK219")], Context(today=TODAY), "regular")[1]
    assert (row.verdict, "lambda:CreateFunction" in row.reason) == ("not_applicable", True)


def shared(*statements: Any, managed: Any = None, **other: Any) -> str:
    document = json.loads(role(*statements, managed=managed))
    second = json.loads(json.dumps(document["Resources"]["Fn"]))
    document["Resources"]["Second"] = second | other
    return json.dumps(document | {"Conditions": {"No": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}})


def test_a_shared_role_names_its_functions() -> None:
    (finding,) = judge("SK211", shared(allow("sqs:SendMessage", "arn:aws:sqs:*:*:jobs"))).fails
    assert finding.message.startswith("`Fn` and `Second` share the role `Role`")
    assert judge("SK211", shared(allow("sqs:SendMessage", "arn:aws:sqs:*:*:jobs"))).by_function == {
        "Fn": "fail",
        "Second": "fail",
    }


def test_sharing_nothing_is_harmless() -> None:
    basic = AWS + "service-role/AWSLambdaBasicExecutionRole"
    assert judge("SK211", shared(managed=[basic])).by_function == {"Fn": "pass", "Second": "pass"}
    logs = allow(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:log-group:/aws/lambda/*")
    assert not judge("SK211", shared(logs)).fails


def test_a_public_function_beside_a_private_one_is_worse() -> None:
    document = json.loads(shared(allow("sqs:SendMessage", "arn:aws:sqs:*:*:jobs")))
    document["Resources"]["Url"] = {
        "Type": "AWS::Lambda::Url",
        "Properties": {"TargetFunctionArn": {"Ref": "Fn"}, "AuthType": "NONE"},
    }
    (finding,) = judge("SK211", json.dumps(document)).fails
    assert finding.severity == "medium"
    assert "anyone can invoke `Fn`, but not `Second`" in finding.message


@pytest.mark.parametrize(
    ("principal", "condition", "verdict"),
    [
        ("*", {}, "fail"),
        ({"AWS": "*"}, {}, "fail"),
        ({"AWS": ["arn:aws:iam::111122223333:root", "*"]}, {}, "fail"),
        ("*", {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, "pass"),
        ("*", {"Condition": {"StringEquals": {"sts:ExternalId": "x"}}}, "fail"),
        ({"Service": "lambda.amazonaws.com"}, {}, "pass"),
    ],
)
def test_public_trust(principal: Any, condition: dict[str, Any], verdict: str) -> None:
    assert judge("SK212", role(trust=trust(principal, **condition))).by_function == {"Fn": verdict}


@pytest.mark.parametrize(
    ("principal", "condition", "verdict"),
    [
        ({"AWS": "arn:aws:iam::999988887777:root"}, {}, "fail"),
        ({"AWS": "999988887777"}, {}, "fail"),
        ({"AWS": "arn:aws:iam::999988887777:root"}, {"Condition": {"StringEquals": {"sts:ExternalId": "x"}}}, "pass"),
        ({"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, {}, "pass"),
        ({"AWS": {"Fn::Sub": "arn:aws:iam::${Tools}:root"}}, {}, "unknown"),
        ({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, {}, "pass"),
        ({"Service": "lambda.amazonaws.com"}, {}, "pass"),
    ],
)
def test_foreign_accounts(principal: Any, condition: dict[str, Any], verdict: str) -> None:
    text = role(trust=trust(principal, **condition), more={"Parameters": {"Tools": {"Type": "String"}}})
    assert judge("SK213", text).by_function == {"Fn": verdict}


@pytest.mark.parametrize(
    ("services", "verdict"),
    [
        (["lambda.amazonaws.com"], "pass"),
        (["lambda.amazonaws.com", "edgelambda.amazonaws.com"], "pass"),
        ([{"Fn::Sub": "lambda.${AWS::URLSuffix}"}], "pass"),
        (["lambda.amazonaws.com", "ec2.amazonaws.com"], "fail"),
        (["lambda.amazonaws.com", {"Fn::If": ["No", "ec2.amazonaws.com", {"Ref": "AWS::NoValue"}]}], "fail"),
    ],
)
def test_extra_services(services: list[Any], verdict: str) -> None:
    text = role(
        trust=trust({"Service": services}),
        more={"Conditions": {"No": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}},
    )
    assert judge("SK215", text).by_function == {"Fn": verdict}


def test_services_out_of_one_expression_are_one_place() -> None:
    text = """
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [for s in ["ec2", "ecs-tasks"] : format("%s.amazonaws.com", s)]
    }
  }
}
resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}
"""
    (finding,) = judge("SK215", text).fails
    assert "`ecs-tasks.amazonaws.com` and `ec2.amazonaws.com` may take" in finding.message
    assert not finding.related
    assert finding.help == "trust lambda.amazonaws.com alone; give each of the other services a role of its own"
    [one] = judge("SK215", text.replace('"ec2", "ecs-tasks"', '"ec2"')).fails
    assert one.help == "trust lambda.amazonaws.com alone; give the other service a role of its own"
    listed = '["ec2.amazonaws.com", "a.amazonaws.com"]'
    two = text.replace('[for s in ["ec2", "ecs-tasks"] : format("%s.amazonaws.com", s)]', listed)
    (apart,) = judge("SK215", two).fails
    assert [label.text for label in apart.related] == ["and this service"]


def test_not_principal_in_a_trust_policy() -> None:
    text = role(
        trust=[
            {"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}
        ]
    )
    assert judge("SK216", text).by_function == {"Fn": "fail"}


def test_a_trust_policy_that_is_not_all_seen_is_not_decided() -> None:
    text = role(trust=[{"Fn::Transform": {"Name": "OurMacro"}}])
    for code in ("SK212", "SK213", "SK215"):
        assert judge(code, text).by_function == {"Fn": "unknown"}


def test_a_service_takes_a_role_only_for_what_it_is_passed_to() -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    machine = {
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Caller", "Arn"]},
                "Definition": {
                    "StartAt": "A",
                    "States": {"A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["Fn", "Arn"]}, "End": True}},
                },
            },
        },
        "Caller": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": trust}}},
    }
    (finding,) = judge("SK214", role(more={"Resources": machine})).fails
    assert "for whatever in the account it is passed to" in finding.message
    assert "anybody" not in finding.message
    trust["Condition"] = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert not judge("SK214", role(more={"Resources": machine})).findings


def test_an_account_beside_a_service_gets_a_statement_of_its_own() -> None:
    """A service sends no external id: a condition on a statement for both shuts it out."""
    account = "arn:aws:iam::999988887777:root"
    alone, shared = (
        judge("SK213", role(trust=[{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}])).fails[0]
        for principal in ({"AWS": account}, {"AWS": account, "Service": "lambda.amazonaws.com"})
    )
    assert "statement of its own" not in alone.help
    assert shared.help.endswith("in a statement of its own: a condition on this one would shut the service out")


def test_an_account_that_a_module_is_handed_gets_a_statement_of_its_own() -> None:
    module = """
variable "who" {}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = var.who
    }
  }
}
resource "aws_iam_role" "orders" { assume_role_policy = data.aws_iam_policy_document.trust.json }
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
}
"""
    call = 'module "orders" {\n  source = "./orders"\n  who    = ["arn:aws:iam::999988887777:root"]\n}\n'
    (finding,) = Verdict("SK213", terraform_app({"main.tf": call, "orders/main.tf": module})).fails
    assert finding.help.endswith(", in a statement of its own")
