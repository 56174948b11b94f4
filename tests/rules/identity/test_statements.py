"""One action pattern of one statement is told by exactly one rule; and what is quiet, and why."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from stockade.engine.run import run_rules
from stockade.rules._base import Context
from tests.rules.identity.support import allow, role, sam
from tests.rules.support import TODAY, app_of, judge, rule_of

ABOUT_STATEMENTS = (
    *("SK203", "SK204", "SK205", "SK206", "SK207", "SK208", "SK209"),
    *("SK210", "SK216", "SK217", "SK218", "SK219", "SK220"),
)


ALL_BUT_IAM: dict[str, Any] = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
PASSED_TO_ECS = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}


def told(*statements: Any) -> list[str]:
    """The rules that fail, once for each finding."""
    text = role(*statements)
    return [code for code in ABOUT_STATEMENTS for _ in judge(code, text).fails]


def reason_of(code: str, text: str) -> str:
    (row,) = run_rules(app_of(text), [rule_of(code)], Context(today=TODAY), "regular")[1]
    return row.reason


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        (allow("*"), ["SK203"]),
        (allow("*:*"), ["SK203"]),
        (allow(["*", "s3:*", "iam:PassRole", "kms:Decrypt"]), ["SK203"]),
        (allow(["s3:*", "s3:PutObject", "dynamodb:*"]), ["SK204"]),
        (allow(["s3:*", "iam:PassRole"]), ["SK204", "SK217"]),
        (allow("dynamodb:Put*"), ["SK205"]),
        (allow("iam:*Policy*"), ["SK205"]),
        (allow("dynamodb:PutItem"), ["SK206"]),
        (allow(["dynamodb:PutItem", "s3:GetObject"]), ["SK206"]),
        (allow("s3:PutObject", "arn:aws:s3:::*"), ["SK207"]),
        (allow(["logs:CreateLogStream", "logs:PutLogEvents"]), ["SK208"]),
        (allow(["s3:GetObject", "logs:PutLogEvents"]), ["SK206", "SK208"]),
        (allow("secretsmanager:GetSecretValue"), ["SK209"]),
        (allow("ssm:Get*"), ["SK209"]),
        (allow(["kms:Decrypt", "kms:GenerateDataKey"]), ["SK210"]),
        (allow("iam:PassRole"), ["SK217"]),
        (allow("sts:AssumeRole", "arn:aws:iam::*:role/*"), ["SK218"]),
        (allow(["lambda:UpdateFunctionCode", "lambda:CreateFunction"]), ["SK219"]),
        (allow(["iam:PutRolePolicy", "iam:CreateAccessKey"]), ["SK220"]),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, ["SK216"]),
        ({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::a/*"}, ["SK216"]),
    ],
)
def test_each_pattern_is_told_once(statement: dict[str, Any], rules: list[str]) -> None:
    assert told(statement) == rules


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
        allow(["ec2:DescribeInstances", "s3:ListAllMyBuckets", "cloudwatch:PutMetricData"]),
        allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]),
        allow(["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]),
        allow(["ec2:Describe*", "cloudwatch:ListMetrics"]),
        allow("s3:GetObject", "arn:aws:s3:::orders/*"),
        allow(["s3:Get*", "s3:List*"], ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"]),
        allow("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/orders-*"),
        allow("secretsmanager:Get*", "arn:aws:secretsmanager:*:*:secret:orders-??????"),
        allow("iam:PassRole", "arn:aws:iam::*:role/orders-task"),
        allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}),
        allow("sts:AssumeRole", "arn:aws:iam::*:role/inventory-reader"),
        allow("dynamodb:GetItem", Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}}),
        allow("kms:Decrypt", Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}),
        allow(["logs:PutLogEvents"], "arn:aws:logs:*:*:log-group:/aws/lambda/orders:*"),
        allow("no-such-service:*"),
    ],
)
def test_what_is_fine_is_quiet(statement: dict[str, Any]) -> None:
    assert told(statement) == []


def test_a_weak_condition_makes_it_less_severe() -> None:
    plain = judge("SK206", role(allow("dynamodb:PutItem")))
    weak = judge(
        "SK206", role(allow("dynamodb:PutItem", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}))
    )
    assert (plain.severities, weak.severities) == (["medium"], ["low"])


@pytest.mark.parametrize(
    ("rule", "action", "condition", "persona"),
    [
        ("SK206", "s3:GetObject", {"Bool": {"aws:ViaAWSService": "true"}}, "pedantic"),
        ("SK206", "s3:GetObject", {"Bool": {"aws:ViaAWSService": "false"}}, "regular"),
        ("SK206", "s3:GetObject", {"Bool": {"aws:ViaAWSService": ["true", "false"]}}, "regular"),
        ("SK206", "s3:GetObject", {"BoolIfExists": {"aws:ViaAWSService": "true"}}, "regular"),
        ("SK204", "s3:*", {"Bool": {"aws:ViaAWSService": "true"}}, "pedantic"),
        ("SK204", "s3:*", {"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}, "pedantic"),
        ("SK204", "s3:*", {"ForAllValues:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}, "regular"),
        ("SK209", "secretsmanager:GetSecretValue", {"Bool": {"aws:ViaAWSService": "true"}}, "pedantic"),
    ],
)
def test_what_only_another_service_may_do_for_it(
    rule: str, action: str, condition: dict[str, Any], persona: str
) -> None:
    (finding,) = judge(rule, role(allow(action, Condition=condition))).fails
    assert finding.persona == persona
    assert ("only through another AWS service" in finding.message) is (persona == "pedantic")


def test_a_star_on_one_resource_is_less_than_an_administrator() -> None:
    assert judge("SK203", role(allow("*", "arn:aws:s3:::orders/*"))).severities == ["medium"]
    tagged = allow("*", Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}})
    assert judge("SK203", role(tagged)).severities == ["high"]


def test_severity_is_that_of_the_service() -> None:
    assert judge("SK204", role(allow("iam:*"))).severities == ["critical"]
    assert judge("SK204", role(allow("s3:*"))).severities == ["high"]
    assert judge("SK204", role(allow("s3:*", "arn:aws:s3:::orders/*"))).severities == ["medium"]
    assert judge("SK204", role(allow("sqs:*"))).severities == ["medium"]
    assert judge("SK204", role(allow("xray:*"))).severities == ["low"]


def test_a_wildcard_names_what_it_takes_in_on_these_resources() -> None:
    (on_objects,) = judge("SK205", role(allow("s3:Put*", "arn:aws:s3:::orders/*"))).fails
    (on_buckets,) = judge("SK205", role(allow("s3:Put*", "arn:aws:s3:::orders"))).fails
    assert "s3:PutObjectAcl" in on_objects.message
    assert "s3:PutBucketPolicy" not in on_objects.message
    assert "s3:PutBucketPolicy" in on_buckets.message
    (everything,) = judge("SK204", role(allow("s3:*", "arn:aws:s3:::orders/*"))).fails
    assert "s3:PutObjectAcl" in everything.message
    assert "PutBucketPolicy" not in everything.message


def test_the_number_of_what_a_wildcard_takes_in_says_what_it_counts() -> None:
    """Reads that harm nobody are taken in as well, and are not counted."""
    for code, pattern in (("SK204", "dynamodb:*"), ("SK205", "s3:Put*")):
        (finding,) = judge(code, role(allow(pattern))).fails
        assert re.search(r" and \d+ more that change something or give away secrets$", finding.message)


def test_a_wildcard_takes_in_changes_of_tags_too() -> None:
    (finding,) = judge("SK205", role(allow("sqs:*Queue"))).fails
    taken = ("DeleteQueue", "PurgeQueue", "CreateQueue", "TagQueue")
    assert finding.message.endswith(f", which takes in {', '.join(f'`sqs:{t}`' for t in taken)} and `sqs:UntagQueue`")


def test_changes_of_tags_are_counted() -> None:
    (finding,) = judge("SK205", role(allow("s3:DeleteObject*"))).fails
    assert finding.message.endswith(" and 2 more that change something or give away secrets")
    assert "Tagging" not in finding.message


def test_a_wildcard_that_only_changes_tags_is_quiet() -> None:
    assert "SK205" not in told(allow("sns:*agResource"))


@pytest.mark.parametrize(
    ("actions", "deeds"),
    [
        (["kms:Decrypt"], "decrypt"),
        (["kms:Decrypt", "kms:GenerateDataKey"], "decrypt and make data keys"),
        (["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"], "decrypt, encrypt and make data keys"),
        (["kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey"], "decrypt and re-encrypt"),
    ],
)
def test_what_is_done_with_keys_is_what_the_actions_do(actions: list[str], deeds: str) -> None:
    (finding,) = judge("SK210", role(allow(actions))).fails
    assert f" may {deeds} with every key of the account whose policy leaves it to IAM (" in finding.message


KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"


@pytest.mark.parametrize(
    ("statements", "managed", "which"),
    [
        ([], None, "every secret of the account under the AWS managed key ("),
        ([allow("kms:Decrypt")], None, "every secret of the account ("),
        ([allow("kms:*")], None, "every secret of the account ("),
        ([allow("kms:Decrypt", KEY)], None, "under the AWS managed key or a key that it may decrypt with ("),
        ([allow("kms:Encrypt")], None, "every secret of the account under the AWS managed key ("),
        ([], [{"Ref": "Policy"}], "every secret of the account ("),
        ([], ["arn:aws:iam::aws:policy/AdministratorAccess"], "every secret of the account ("),
        (
            [],
            ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"],
            "every secret of the account under the AWS managed key (",
        ),
    ],
)
def test_a_secret_under_another_key_has_to_be_decrypted_too(statements: list[Any], managed: Any, which: str) -> None:
    more = {"Parameters": {"Policy": {"Type": "String"}}}
    text = role(allow("secretsmanager:GetSecretValue"), *statements, managed=managed, more=more)
    (finding,) = judge("SK209", text).fails
    assert which in finding.message


def test_a_resource_that_is_not_known_is_not_named() -> None:
    more = {"Parameters": {"Which": {"Type": "String"}}}
    (finding,) = judge("SK209", role(allow("secretsmanager:GetSecretValue", {"Ref": "Which"}), more=more)).unsure
    assert finding.message.endswith("(`secretsmanager:GetSecretValue`)")


def test_parameters_that_no_key_of_the_account_encrypts() -> None:
    (none,) = judge("SK209", role(allow("ssm:GetParameter"))).fails
    assert "every parameter of the account but those under customer managed keys (" in none.message
    (some,) = judge("SK209", role(allow("ssm:GetParameter"), allow("kms:Decrypt", KEY))).fails
    assert "but those under other customer managed keys than it may use (" in some.message


@pytest.mark.parametrize(
    ("resources", "where"),
    [
        ("*", "account"),
        ("arn:aws:ssm:*:111122223333:parameter/*", "account"),
        ("arn:aws:ssm:eu-west-1:111122223333:parameter/*", "region"),
        ({"Fn::Sub": "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*"}, "region"),
        (["arn:aws:ssm:eu-west-1:1:parameter/*", "arn:aws:ssm:us-east-1:1:parameter/*"], "account"),
    ],
)
def test_an_arn_that_names_a_region_is_of_that_only(resources: Any, where: str) -> None:
    (finding,) = judge("SK209", role(allow("ssm:GetParameter", resources))).fails
    assert f"every parameter of the {where} but" in finding.message


def test_reads_of_descriptions_are_for_the_pedantic() -> None:
    (finding,) = judge("SK206", role(allow(["s3:ListBucket", "cloudformation:ListStackResources"]))).fails
    assert (finding.persona, finding.severity) == ("pedantic", "info")


def test_the_message_names_the_function_and_its_role() -> None:
    (written,) = judge("SK206", role(allow("dynamodb:PutItem"))).fails
    assert written.message.startswith("`Fn`, through `Role`, may call `dynamodb:PutItem`")
    (made,) = judge("SK206", sam({"Statement": [allow("dynamodb:PutItem")]})).fails
    assert made.message.startswith("`Fn` may call `dynamodb:PutItem`")


def test_a_condition_is_told_as_when() -> None:
    text = role(
        allow("dynamodb:PutItem", {"Fn::If": ["IsProd", "arn:aws:dynamodb:*:*:table/orders", "*"]}),
        more={
            "Parameters": {"Stage": {"Type": "String"}},
            "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        },
    )
    (finding,) = judge("SK206", text).fails
    assert finding.message.endswith("when Stage is not prod")
    assert judge("SK206", text, Stage="prod").by_function == {"Fn": "pass"}


def test_an_unknown_resource_is_not_decided() -> None:
    more = {"Parameters": {"TableArn": {"Type": "String"}}}
    verdict = judge("SK206", role(allow("dynamodb:PutItem", {"Ref": "TableArn"}), more=more))
    assert not verdict.fails
    assert verdict.by_function == {"Fn": "unknown"}
    # A name out of a parameter is a name.
    named = role(allow("dynamodb:PutItem", {"Fn::Sub": "arn:aws:dynamodb:*:*:table/${TableArn}"}), more=more)
    assert judge("SK206", named).by_function == {"Fn": "pass"}
    assert judge("SK207", named).by_function == {"Fn": "pass"}


def test_a_role_elsewhere_is_not_decided() -> None:
    text = sam().replace('"CodeUri"', '"Role": "arn:aws:iam::111122223333:role/other", "CodeUri"')
    for code in ("SK201", "SK203", "SK206", "SK211", "SK215"):
        assert judge(code, text).by_function == {"Fn": "unknown"}


def test_a_policy_elsewhere_is_not_decided() -> None:
    text = role(managed=["arn:aws:iam::111122223333:policy/own"])
    assert judge("SK206", text).by_function == {"Fn": "unknown"}
    assert judge(
        "SK206", role(managed=["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"])
    ).by_function == {"Fn": "pass"}


def test_sam_templates_are_judged_by_what_is_filled_in() -> None:
    assert judge("SK207", sam({"DynamoDBCrudPolicy": {"TableName": "*"}})).severities == ["medium"]
    assert judge("SK207", sam({"DynamoDBCrudPolicy": {"TableName": "orders"}})).by_function == {"Fn": "pass"}
    assert judge("SK209", sam({"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": "*"}})).severities == ["high"]
    for fixed in ("CloudFormationDescribeStacksPolicy", "TextractPolicy", "VPCAccessPolicy"):
        for code in ("SK204", "SK206", "SK207"):
            assert judge(code, sam({fixed: {}})).by_function == {"Fn": "pass"}


def test_a_customer_managed_policy_is_judged_with_the_role_it_is_attached_to() -> None:
    own = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": {"Statement": [allow("dynamodb:PutItem")]}},
    }
    text = role(managed=[{"Ref": "Own"}], more={"Resources": {"Own": own}})
    verdict = judge("SK206", text)
    assert [f.functions[0].address for f in verdict.fails] == ["Fn"]
    assert not verdict.unsure


def test_a_role_of_nobody_is_not_judged() -> None:
    text = role(allow("*")).replace(
        '"Role": {"Fn::GetAtt": ["Role", "Arn"]}', '"Role": "arn:aws:iam::111122223333:role/x"'
    )
    assert not judge("SK203", text).fails


def test_logs() -> None:
    assert judge("SK208", role(allow(["logs:FilterLogEvents", "logs:PutLogEvents"]))).severities == ["medium"]
    (functions,) = judge("SK208", role(allow("logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/aws/lambda/*"))).fails
    assert functions.persona == "pedantic"
    (basic,) = judge("SK208", role(managed=["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"])).fails
    assert basic.persona == "pedantic"
    assert not judge("SK208", sam()).fails  # SAM attaches it by itself


def test_what_a_maker_of_the_role_allows_by_itself_is_left_out() -> None:
    writes = ["logs:CreateLogGroup", "logs:PutLogEvents"]
    (made,) = judge("SK208", sam({"Version": "2012-10-17", "Statement": [allow(writes)]})).fails
    assert made.help.startswith("leave them out: SAM gives the role that it makes `AWSLambdaBasicExecutionRole`")
    (more,) = judge("SK208", sam({"Version": "2012-10-17", "Statement": [allow([*writes, "logs:GetLogEvents"])]})).fails
    assert more.help.endswith("and allow `logs:GetLogEvents` on it alone; or give the function a name first")
    (written,) = judge("SK208", role(allow(writes))).fails
    assert written.help.startswith("declare a log group, name it in `LoggingConfig` of the function, and allow ")


@pytest.mark.parametrize(
    ("name", "role_name", "by", "fails"),
    [
        ("Fn", "FnRole", "SAM", 0),
        ("Fn", "FnRole", "me", 1),
        ("Fn", "Role", "SAM", 1),
    ],
)
def test_a_role_that_sam_made_is_its_own_after_processing_too(name: str, role_name: str, by: str, fails: int) -> None:
    basic = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    document = json.loads(role(managed=basic))
    made = document["Resources"].pop("Role")
    made["Properties"]["Tags"] = [{"Key": "lambda:createdBy", "Value": by}]
    document["Resources"][role_name] = made
    document["Resources"][name]["Properties"]["Role"] = {"Fn::GetAtt": [role_name, "Arn"]}
    assert len(judge("SK208", json.dumps(document)).fails) == fails
    made["Properties"]["Policies"] = [
        {"PolicyName": "own", "PolicyDocument": {"Statement": [allow(["logs:CreateLogStream", "logs:PutLogEvents"])]}}
    ]
    told = judge("SK208", json.dumps(document)).fails[0].help
    assert told.startswith("leave them out: SAM gives" if not fails else "declare a log group, name it in")


def test_a_group_of_a_function_without_a_name_is_declared_first() -> None:
    writes = ["logs:CreateLogStream", "logs:PutLogEvents"]
    declare = (
        "declare a log group, name it in `LoggingConfig` of the function, and allow `logs:CreateLogStream` and "
        "`logs:PutLogEvents` on it alone; or give the function a name first"
    )
    every = "arn:aws:logs:*:*:log-group:/aws/lambda/*"
    basic = ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
    for text in (role(allow(writes)), role(allow(writes, every)), role(managed=basic)):
        assert judge("SK208", text).fails[0].help == declare
    named = json.loads(role(allow(writes)))
    named["Resources"]["Fn"]["Properties"]["FunctionName"] = "orders"
    assert judge("SK208", json.dumps(named)).fails[0].help.endswith(": `log-group:/aws/lambda/orders:*`")
    logged = json.loads(role(allow(writes)))
    logged["Resources"]["Logs"] = {"Type": "AWS::Logs::LogGroup"}
    logged["Resources"]["Fn"]["Properties"]["LoggingConfig"] = {"LogGroup": {"Ref": "Logs"}}
    (finding,) = judge("SK208", json.dumps(logged)).fails
    assert finding.help == "name the function's own log group `Logs`, and with `:*` the streams in it"
    second = json.loads(role(allow(writes)))
    second["Resources"]["Two"] = second["Resources"]["Fn"]
    assert judge("SK208", json.dumps(second)).fails[0].help == (
        "declare a log group for each function, name it in `LoggingConfig` of the function, and allow `logs:CreateLogStream` and "
        "`logs:PutLogEvents` on these alone; or give the functions names first"
    )


@pytest.mark.parametrize(
    ("actions", "deed", "severity"),
    [
        (["lambda:CreateFunction", "iam:PassRole"], "may make functions of any name", "medium"),
        (["lambda:CreateFunction", "lambda:AddPermission"], "let others invoke any function", "high"),
        (["lambda:CreateFunction", "lambda:UpdateFunctionCode"], "change any function", "high"),
    ],
)
def test_what_power_over_functions_it_is(actions: list[str], deed: str, severity: str) -> None:
    (finding,) = judge("SK219", role(allow(actions))).fails
    assert deed in finding.message
    assert finding.severity == severity


PASSED = {"StringLike": {"iam:PassedToService": ["dax.amazonaws.com", "application-autoscaling.*"]}}


@pytest.mark.parametrize(
    ("passes", "managed", "persona"),
    [
        ([], None, "pedantic"),
        ([allow("iam:PassRole", Condition=PASSED)], None, "pedantic"),
        ([allow("iam:PassRole", "arn:aws:iam::111122223333:role/task")], None, "regular"),
        ([allow("iam:Pass*", Condition={"StringLike": {"iam:PassedToService": "lambda.*"}})], None, "regular"),
        ([allow("iam:PassRole", Condition=PASSED), allow("iam:PassRole", {"Ref": "Which"})], None, "regular"),
        ([], [{"Ref": "Which"}], "regular"),
        ([], ["arn:aws:iam::aws:policy/AdministratorAccess"], "regular"),
        ([allow("iam:PassRole"), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}], None, "pedantic"),
    ],
)
def test_who_can_pass_no_role_to_lambda_makes_no_functions(passes: list[Any], managed: Any, persona: str) -> None:
    more = {"Parameters": {"Which": {"Type": "String"}}}
    (finding,) = judge("SK219", role(allow("lambda:CreateFunction"), *passes, managed=managed, more=more)).fails
    assert finding.persona == persona
    assert ("may make functions" in finding.message) is (persona == "regular")
    assert ("no role may be passed to Lambda" in finding.message) is (persona == "pedantic")


def test_what_gives_a_role_nothing_is_not_named() -> None:
    """A bearer token only says in which way other actions are called; who lets others in is worse than who makes things."""
    (finding,) = judge("SK204", role(allow("xray:*"))).fails
    assert "takes in `xray:PutEncryptionConfig`, `xray:Link`, `xray:PutResourcePolicy` and" in finding.message
    assert "Bearer" not in finding.message
    (named,) = judge("SK204", role(allow("sts:*"))).fails
    assert "FederationToken" not in named.message


def test_a_pass_says_why_it_is_one() -> None:
    assert "AWSLambdaBasicExecutionRole" in reason_of("SK208", sam())
    nothing = "its own statements let it write to no log groups but those that they name"
    assert reason_of("SK208", role(allow("sqs:SendMessage"))) == nothing
    basic = role(managed=["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"])
    assert reason_of("SK208", basic).startswith("is asked for by the pedantic persona only")


@pytest.mark.parametrize("code", ["SK217", "SK218", "SK219", "SK220"])
def test_powers_on_every_resource_are_a_star_resource_too(code: str) -> None:
    assert "ROLE-3" in rule_of(code).controls


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        (allow("*"), ["SK203", "SK206", "SK208", "SK209", "SK210", "SK217", "SK218", "SK219", "SK220"]),
        (allow("*", "arn:aws:lambda:*:*:function:*"), ["SK203", "SK207", "SK219"]),
        (allow("lambda:*"), ["SK204", "SK206", "SK219"]),
        (allow("lambda:*", "arn:aws:lambda:*:*:function:orders"), ["SK204"]),
        (allow("lambda:Update*"), ["SK205", "SK206", "SK219"]),
        (allow("iam:*"), ["SK204", "SK206", "SK217", "SK220"]),
        (allow("iam:*", "arn:aws:iam::*:role/orders-*"), ["SK204", "SK220"]),
        (allow("iam:*", Condition={"StringEqualsIfExists": PASSED_TO_ECS}), ["SK204", "SK206", "SK220"]),
        (allow("sts:*"), ["SK204", "SK206", "SK218"]),
        (allow("*", "arn:aws:s3:::orders/*"), ["SK203"]),
        (allow("dynamodb:*"), ["SK204", "SK206"]),
        (allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/orders"), ["SK204"]),
        (allow("s3:*", "arn:aws:s3:::*"), ["SK204", "SK207"]),
        (allow("logs:*", "arn:aws:logs:*:*:*"), ["SK204", "SK207", "SK208"]),
        (allow("secretsmanager:*"), ["SK204", "SK206", "SK209"]),
        (allow("kms:*"), ["SK204", "SK206", "SK210"]),
        (allow("dynamodb:Put*"), ["SK205", "SK206"]),
        (allow("dynamodb:*", Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}}), ["SK204"]),
        (
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
            ["SK206", "SK208", "SK209", "SK210", "SK216", "SK218", "SK219"],
        ),
        (
            {"Effect": "Allow", "NotAction": ["s3:*"], "Resource": "arn:aws:iam::*:role/*"},
            ["SK207", "SK216", "SK217", "SK218", "SK220"],
        ),
        ({"Effect": "Allow", "NotAction": ["s3:*"], "Resource": "arn:aws:s3:::orders/*"}, ["SK216"]),
        (
            {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::*:role/admin"},
            ["SK206", "SK216", "SK217"],
        ),
        ({"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::*:role/*"}, ["SK216"]),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
    ],
)
def test_verdicts_say_what_a_wildcard_brings_with_it(statement: dict[str, Any], codes: list[str]) -> None:
    text = role(statement)
    failed = [code for code in ABOUT_STATEMENTS if judge(code, text).by_function["Fn"] == "fail"]
    assert failed == codes
    assert len(told(statement)) <= 1


@pytest.mark.parametrize(
    ("statement", "code", "reason"),
    [
        (allow("lambda:Update*"), "SK206", "may call `lambda:Update*` on `*` (`SK205` tells of the cause)"),
        (allow("sts:*"), "SK218", "may call `sts:*` on `*`, among it `sts:AssumeRole` (`SK204` tells of the cause)"),
        (
            ALL_BUT_IAM,
            "SK218",
            "every action but `iam:*`, on every resource, among it `sts:AssumeRole` (`SK216` tells of the cause)",
        ),
        (allow("lambda:GetFunction"), "SK230", "may call `lambda:GetFunction` on `*` (`SK206` tells of the cause)"),
        (allow("sqs:*"), "SK230", "its role may not read the configuration of every function"),
        (ALL_BUT_IAM | {"NotAction": "lambda:*"}, "SK230", "its role may not read the configuration of every function"),
        (
            allow("sqs:*"),
            "SK205",
            "beside whole services, logs and what AWS writes itself, no action wildcard takes in more than reads",
        ),
        (allow("*"), "SK204", "short of `*`, no statement allows every action of a service"),
        (
            allow("iam:PassRole", Condition={"StringEquals": PASSED_TO_ECS}),
            "SK217",
            "without naming them, or what gets them",
        ),
    ],
)
def test_verdicts_say_whose_finding_tells_of_the_cause(statement: dict[str, Any], code: str, reason: str) -> None:
    assert reason_of(code, role(statement)).endswith(reason)


@pytest.mark.parametrize(
    ("denied", "verdicts"),
    [
        ("iam:*", {"SK217": "pass", "SK218": "fail", "SK220": "pass"}),
        (["iam:PassRole", "sts:*"], {"SK217": "pass", "SK218": "pass", "SK220": "fail"}),
    ],
)
def test_what_is_denied_does_not_follow_from_a_wildcard(denied: Any, verdicts: dict[str, str]) -> None:
    text = role(allow("*"), allow(denied, Effect="Deny"))
    assert {code: judge(code, text).by_function["Fn"] for code in verdicts} == verdicts
    assert "taken back" in reason_of("SK217", text)


TENANTS, ONE = "arn:aws:iam::111122223333:role/tenant-*", "arn:aws:iam::111122223333:role/one"
BOUNDED = {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/tenant"}}
TO_READ = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}


@pytest.mark.parametrize(
    ("statements", "severities"),
    [
        ([allow(["iam:CreateRole", "iam:AttachRolePolicy"], TENANTS)], ["high"]),
        ([allow(["iam:CreateRole", "iam:PutRolePolicy"], ONE)], ["medium"]),
        ([allow("iam:CreateRole", TENANTS), allow("iam:AttachRolePolicy", TENANTS)], ["high"]),
        ([allow("iam:CreateRole", TENANTS), allow("iam:AttachRolePolicy", f"{TENANTS[:-1]}a-*")], ["high"]),
        ([allow("iam:CreateRole"), allow("iam:AttachRolePolicy", ONE)], ["medium"]),
        ([allow(["iam:CreateRole", "iam:AttachRolePolicy"], {"Fn::Sub": f"{TENANTS[:-1]}${{Stage}}"})], ["medium"]),
        ([allow("iam:CreateRole", TENANTS), allow("iam:AttachRolePolicy", ONE)], []),
        ([allow("iam:CreateRole", TENANTS, Condition=BOUNDED), allow("iam:AttachRolePolicy", TENANTS)], []),
        ([allow("iam:CreateRole", TENANTS), allow("iam:AttachRolePolicy", TENANTS, Condition=TO_READ)], []),
        ([allow("iam:AttachRolePolicy", TENANTS), allow("iam:CreateRole", Effect="Deny")], []),
        ([allow(["iam:CreateRole", "iam:AttachRolePolicy"], TENANTS), allow("iam:CreateRole", Effect="Deny")], []),
        ([allow(["iam:CreateRole", "iam:AttachRolePolicy"], "arn:aws:s3:::orders")], []),
    ],
)
def test_who_makes_a_role_of_some_name_and_gives_it_permissions_is_limited_by_no_name(
    statements: list[Any], severities: list[str]
) -> None:
    text = role(*statements, more={"Parameters": {"Stage": {"Type": "String"}}})
    assert judge("SK220", text).severities == severities
    assert judge("SK220", text).by_function == {"Fn": "fail" if severities else "pass"}


@pytest.mark.parametrize(("action", "told_by"), [("iam:*", "SK204"), ("iam:*Role*", "SK205"), ("*", "SK203")])
def test_what_makes_roles_by_a_wildcard_has_the_wildcard_for_its_cause(action: str, told_by: str) -> None:
    text = role(allow(action, TENANTS))
    assert not judge("SK220", text).fails
    assert reason_of("SK220", text).endswith(f"(`{told_by}` tells of the cause)")


def test_a_role_for_a_service_is_no_permission_of_ones_own() -> None:
    """AWS writes the policy of a service-linked role, and its service alone takes it."""
    assert told(allow("iam:CreateServiceLinkedRole")) == ["SK206"]


def test_the_group_to_name_has_its_streams_behind_it() -> None:
    text = """
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = aws_iam_role.orders.arn
}
resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" }]
  })
}
"""
    (finding,) = judge("SK208", text).fails
    assert finding.help.endswith(": `log-group:/aws/lambda/orders:*`")
    assert judge("SK705", text).fails[0].help == "declare the log group `/aws/lambda/orders`, with a retention"


DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "rules"),
    [
        ([allow("*"), DENY], []),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, DENY], []),
        ([allow(["iam:PassRole", "dynamodb:PutItem"]), {**DENY, "Action": "iam:*"}], ["SK206"]),
        ([allow("*"), {**DENY, "Action": "iam:*"}], ["SK203"]),
        ([allow("s3:*"), {**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], ["SK204"]),
        ([allow("iam:PassRole"), {**DENY, "Action": {"Ref": "What"}}], ["SK217"]),
    ],
)
def test_what_a_role_denies_itself_it_has_not(statements: list[Any], rules: list[str]) -> None:
    """A statement of which nothing is left is no fault; one of which something is left, or may be, is."""
    text = role(*statements, more={"Parameters": {"What": {"Type": "String"}}})
    assert [code for code in ABOUT_STATEMENTS for _ in judge(code, text).fails] == rules


@pytest.mark.parametrize(("allowed", "rules"), [("dynamodb:*", ["SK206"]), ("*", ["SK206", "SK217"])])
def test_what_is_beyond_the_boundary_no_role_has(allowed: str, rules: list[str]) -> None:
    """A boundary that is written in the template counts."""
    bound = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [allow(allowed)]}}}
    text = json.loads(role(allow(["iam:PassRole", "dynamodb:PutItem"]), more={"Resources": {"Bound": bound}}))
    text["Resources"]["Role"]["Properties"]["PermissionsBoundary"] = {"Ref": "Bound"}
    assert [code for code in ABOUT_STATEMENTS for _ in judge(code, json.dumps(text)).fails] == rules


PROFILE = {"Type": "AWS::Bedrock::ApplicationInferenceProfile", "Properties": {"InferenceProfileName": "orders"}}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"KeySchema": []}}


def beside(action: str, resource: Any) -> str:
    template = json.loads(role(allow(action, resource)))
    template["Resources"] |= {"Profile": PROFILE, "Table": TABLE}
    return json.dumps(template)


def attribute(name: str, of: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [of, name]}


def test_a_reference_to_an_arn_is_of_the_kind_of_its_resource() -> None:
    """`UpdateAgent` and the like are about agents, of which the resource is none."""
    assert not judge("SK205", beside("bedrock:Update*", attribute("InferenceProfileArn", "Profile"))).findings
    (finding,) = judge("SK205", beside("bedrock:Del*", attribute("InferenceProfileArn", "Profile"))).fails
    assert finding.message.endswith("which takes in `bedrock:DeleteInferenceProfile`")
    assert not judge("SK205", beside("dynamodb:Update*Table*", attribute("InferenceProfileArn", "Profile"))).findings


def test_a_global_table_is_a_table() -> None:
    template = json.loads(beside("dynamodb:*Item", attribute("Arn", "Table")))
    template["Resources"]["Table"]["Type"] = "AWS::DynamoDB::GlobalTable"
    (finding,) = judge("SK205", json.dumps(template)).fails
    assert "`dynamodb:PutItem`" in finding.message


def test_the_arn_of_a_stream_is_none_of_its_table() -> None:
    """What kind it has is not known by the type of the resource, so that everything is taken to be meant."""
    for name in ("Arn", "StreamArn"):
        (finding,) = judge("SK205", beside("dynamodb:*Item", attribute(name, "Table"))).fails
        assert "`dynamodb:PutItem`" in finding.message


def test_the_resources_of_a_star_are_told() -> None:
    (two,) = judge("SK203", role(allow("*", ["arn:aws:s3:::a", "arn:aws:s3:::b"]))).fails
    assert "every action on `arn:aws:s3:::a` and `arn:aws:s3:::b`, also delete them" in two.message
    (many,) = judge("SK203", role(allow("*", [f"arn:aws:s3:::{name}" for name in "abcd"]))).fails
    assert "`arn:aws:s3:::a`, `arn:aws:s3:::b` and 2 more, also delete them" in many.message
    (one,) = judge("SK203", role(allow("*", "arn:aws:s3:::a"))).fails
    assert "also delete it" in one.message


def test_all_resources_that_cover_their_kind_are_told() -> None:
    wide = ["arn:aws:s3:::*/*", "arn:aws:sqs:*:*:*"]
    (finding,) = judge("SK207", role(allow(["s3:PutObject", "sqs:SendMessage"], [*wide, "arn:aws:sqs:*:*:jobs"]))).fails
    assert f"(`{wide[0]}` and `{wide[1]}`)" in finding.message


def test_every_pattern_that_is_told_of_is_shown() -> None:
    bucket = "arn:aws:s3:::orders/*"
    (finding,) = judge("SK205", role(allow(["s3:Delete*", "s3:GetObject", "s3:Put*"], bucket))).fails
    shown = [label.text for label in finding.related]
    assert shown == ["and so does this"]
    assert finding.related[0].origin.span.text.strip('"') == "s3:Put*"  # type: ignore[union-attr]
    (one,) = judge("SK205", role(allow(["s3:Put*"], bucket))).fails
    assert not one.related
