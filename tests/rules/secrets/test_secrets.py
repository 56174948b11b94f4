"""Secrets in environments, parameters and templates; their keys and their rotation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rules.support import judge

URL = "postgres://orders:Tk4-vW9q.zR2m@db.example.com/orders"
TOKEN = "Tk4vW9qzR2mXy7Lp"  # noqa: S105 - made up


def sam(variables: dict[str, Any] | None = None, **parts: Any) -> str:
    """A SAM template with one function and its environment."""
    function: dict[str, Any] = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/"} | parts.pop("more", {})
    if variables is not None:
        function["Environment"] = {"Variables": variables}
    resources = {"Fn": {"Type": "AWS::Serverless::Function", "Properties": function}} | parts.pop("resources", {})
    return json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources} | parts)


def made(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Thing": {"Type": kind, "Properties": properties}}


# ------------------------------------------------------------------------------------------------------- environments


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Table"},
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-a1B2c3",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "9fceb02d0ae598e95dc970b74767f19372d61af8",
        "https://api.example.com/v1/orders",
        "changeme",
        "",
    ],
)
def test_what_is_no_secret(value: Any) -> None:
    assert judge("SK301", sam({"BUILD": value, "TABLE": value})).by_function == {"Fn": "pass"}


def test_a_secret_is_never_in_the_message() -> None:
    (finding,) = judge("SK301", sam({"DATABASE_URL": URL})).fails
    assert "DATABASE_URL" in finding.message
    assert "Tk4" not in finding.message + finding.help


def test_a_secret_in_globals_is_told_once() -> None:
    document = json.loads(sam())
    document["Resources"]["Other"] = document["Resources"]["Fn"]
    document["Globals"] = {"Function": {"Environment": {"Variables": {"DATABASE_URL": URL}}}}
    verdict = judge("SK301", json.dumps(document))
    assert len(verdict.fails) == 1
    assert verdict.by_function == {"Fn": "fail", "Other": "fail"}


def test_a_secret_of_one_stage_says_when() -> None:
    text = sam(
        {"DATABASE_URL": {"Fn::If": ["IsDev", URL, "none"]}},
        Parameters={"Stage": {"Type": "String"}},
        Conditions={"IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
    )
    (finding,) = judge("SK301", text).fails
    assert finding.message.endswith("when Stage is dev")
    assert judge("SK301", text, Stage="prod").by_function == {"Fn": "pass"}


def test_a_password_that_is_filled_in_is_none() -> None:
    url = {"Fn::Sub": "postgres://orders:${Password}@db.example.com/orders"}
    text = sam({"DATABASE_URL": url}, Parameters={"Password": {"Type": "String", "NoEcho": True}})
    assert judge("SK301", text).by_function == {"Fn": "pass"}
    assert judge("SK303", text).by_function == {"Fn": "fail"}
    host = {"Fn::Sub": "postgres://orders:Tk4-vW9q.zR2m@${Host}/orders"}
    assert judge("SK301", sam({"DATABASE_URL": host}, Parameters={"Host": {"Type": "String"}})).fails


def test_a_default_is_told_where_it_ends_in_an_environment() -> None:
    parameters = {"ApiToken": {"Type": "String", "NoEcho": True, "Default": TOKEN}}
    used = sam({"API_TOKEN": {"Ref": "ApiToken"}}, Parameters=parameters)
    assert "default of parameter ApiToken" in judge("SK301", used).fails[0].message
    assert not judge("SK302", used).fails
    assert len(judge("SK302", sam(Parameters=parameters)).fails) == 1


def test_a_text_with_a_default_in_it_is_not_the_default() -> None:
    url = {"Fn::Sub": "https://orders:Tk4-vW9q.zR2m@${Stage}.example.com"}
    (finding,) = judge("SK301", sam({"URL": url}, Parameters={"Stage": {"Type": "String", "Default": "dev"}})).fails
    assert "default" not in finding.message


def test_a_given_value_replaces_the_default() -> None:
    parameters = {"ApiToken": {"Type": "String", "NoEcho": True, "Default": TOKEN}}
    text = sam({"API_TOKEN": {"Ref": "ApiToken"}}, Parameters=parameters)
    assert not judge("SK301", text, ApiToken="{{resolve:ssm:/orders/token}}").fails


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("{{resolve:secretsmanager:orders/db:SecretString:password}}", "fail"),
        ("{{resolve:secretsmanager:orders/db}}", "fail"),
        ("{{resolve:ssm-secure:/orders/token:1}}", "fail"),
        ({"Fn::Sub": "{{resolve:secretsmanager:${Db}:SecretString:password}}"}, "fail"),
        ({"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Db"}, "::password}}"]]}, "fail"),
        ("{{resolve:secretsmanager:orders/db:SecretString:username}}", "pass"),
        ({"Fn::Sub": "{{resolve:secretsmanager:${Db}:SecretString:host}}"}, "pass"),
        ("{{resolve:ssm:/orders/table}}", "pass"),
        ("orders/db", "pass"),
    ],
)
def test_resolved_secrets(value: Any, verdict: str) -> None:
    text = sam({"X": value}, resources={"Db": {"Type": "AWS::SecretsManager::Secret"}})
    assert judge("SK308", text).by_function == {"Fn": verdict}


def test_a_key_is_asked_for_only_where_something_is_sensitive() -> None:
    hidden = {"Token": {"Type": "String", "NoEcho": "true"}}
    assert judge("SK303", sam({"TABLE": "orders"})).by_function == {"Fn": "not_applicable"}
    assert judge("SK303", sam({"T": {"Ref": "Token"}}, Parameters=hidden)).by_function == {"Fn": "fail"}
    assert judge("SK303", sam({"DATABASE_URL": URL})).by_function == {"Fn": "fail"}
    keyed = sam({"T": {"Ref": "Token"}}, Parameters=hidden, more={"KmsKeyArn": "arn:aws:kms:x:1:key/1"})
    assert judge("SK303", keyed).by_function == {"Fn": "pass"}


def test_a_hidden_parameter_stays_hidden_through_a_nested_stack() -> None:
    child = sam({"T": {"Ref": "Token"}}, Parameters={"Token": {"Type": "String"}})
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "template1.json"}}
    stack["Properties"]["Parameters"] = {"Token": {"Ref": "Secret"}}  # type: ignore[index]
    parent = json.dumps({"Parameters": {"Secret": {"Type": "String", "NoEcho": True}}, "Resources": {"Child": stack}})
    assert judge("SK303", parent, child).by_function == {"Fn": "fail"}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("10.1.2.3", "fail"),
        ("redis://192.168.0.7:6379", "fail"),
        ("db.prod.internal", "fail"),
        ("111122223333", "fail"),
        ("arn:aws:sns:eu-west-1:111122223333:a", "pass"),
        ("127.0.0.1", "pass"),
        ("8.8.8.8", "pass"),
        ("1.2.3.4.5", "pass"),
        ("https://example.com", "pass"),
        ("host.docker.internal", "pass"),
    ],
)
def test_internal_places(value: str, verdict: str) -> None:
    assert judge("SK306", sam({"X": value})).by_function == {"Fn": verdict}


# --------------------------------------------------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    ("name", "body", "fails"),
    [
        ("DbPassword", {"Type": "String"}, True),
        ("ApiToken", {"Type": "String", "Default": ""}, True),
        ("DbPassword", {"Type": "String", "NoEcho": True}, False),
        ("DbPassword", {"Type": "AWS::SSM::Parameter::Value<String>"}, False),
        ("DbPasswordSecretArn", {"Type": "String"}, False),
        ("DbSecret", {"Type": "String"}, False),
        ("SshKey", {"Type": "String"}, False),  # a key pair's name, or its public half
        ("SshPrivateKey", {"Type": "String"}, True),
        ("ClientSecret", {"Type": "String"}, True),
        ("MaxTokens", {"Type": "Number"}, False),
        ("DbPassword", {"Type": "String", "Default": "{{resolve:secretsmanager:db}}"}, False),
        ("DbPassword", {"Type": "String", "Default": TOKEN}, False),  # secret-in-parameter-default tells it
    ],
)
def test_parameters_without_noecho(name: str, body: dict[str, Any], fails: bool) -> None:  # noqa: FBT001
    assert bool(judge("SK310", sam(Parameters={name: body})).fails) is fails


def test_a_default_without_noecho_is_told_as_one() -> None:
    (finding,) = judge("SK302", sam(Parameters={"DbPassword": {"Type": "String", "Default": TOKEN}})).fails
    assert "is not hidden" in finding.message


VARIABLE = """
variable "db_password" {
  type    = string
  default = "Tk4vW9qzR2m"
}
resource "aws_db_instance" "db" {
  username = "orders"
  ARGUMENT = var.db_password
}
"""


def test_an_ephemeral_resource_is_offered_where_it_may_be_used() -> None:
    (plain,) = judge("SK302", VARIABLE.replace("ARGUMENT", "password")).fails
    assert plain.help == "leave the default out, and mark the variable as `sensitive`"
    (write_only,) = judge("SK302", VARIABLE.replace("ARGUMENT", "password_wo")).fails
    assert write_only.help == (
        "leave the default out, and mark the variable as `sensitive`; `password_wo` of `aws_db_instance.db` may take "
        "the value from an ephemeral resource of Secrets Manager instead"
    )
    hidden = VARIABLE.replace("ARGUMENT", "password").replace("type ", "sensitive = true\n  type ")
    assert judge("SK302", hidden).fails[0].help == "leave the default out"


# ----------------------------------------------------------------------------------------------------- in the template


@pytest.mark.parametrize(
    ("thing", "fails"),
    [
        (made("AWS::SecretsManager::Secret", SecretString='{"password": "Tk4vW9qzR2m"}'), True),
        (made("AWS::SecretsManager::Secret", SecretString='{"username": "orders"}'), False),
        (made("AWS::SecretsManager::Secret", SecretString={"Ref": "Given"}), False),
        (made("AWS::SecretsManager::Secret", GenerateSecretString={}), False),
        (made("AWS::RDS::DBInstance", MasterUserPassword="Tk4vW9qzR2m"), True),
        (made("AWS::RDS::DBInstance", MasterUserPassword="{{resolve:secretsmanager:x}}"), False),
        (made("AWS::SSM::Parameter", Type="String", Name="/orders/api-token", Value=TOKEN), True),
        (made("AWS::SSM::Parameter", Type="String", Name="/orders/api-token", Value={"Ref": "Given"}), True),
        (made("AWS::SSM::Parameter", Type="String", Name="/orders/table", Value="orders"), False),
    ],
)
def test_literals(thing: dict[str, Any], fails: bool) -> None:  # noqa: FBT001
    text = sam(resources=thing, Parameters={"Given": {"Type": "String", "NoEcho": True}})
    assert bool(judge("SK307", text).fails) is fails


def test_a_secret_made_of_a_default_is_told_at_the_default() -> None:
    parameters = {"DbPassword": {"Type": "String", "NoEcho": True, "Default": TOKEN}}
    literal = {"Fn::Sub": '{"username": "orders", "password": "${DbPassword}"}'}
    text = sam(resources=made("AWS::SecretsManager::Secret", SecretString=literal), Parameters=parameters)
    assert len(judge("SK302", text).fails) == 1
    assert not judge("SK307", text).fails


# --------------------------------------------------------------------------------------------------- keys and rotation


@pytest.mark.parametrize(
    ("properties", "fails"),
    [
        ({}, True),
        ({"EnableKeyRotation": False}, True),
        ({"EnableKeyRotation": True}, False),
        ({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}, False),
        ({"Origin": "EXTERNAL"}, False),
    ],
)
def test_key_rotation(properties: dict[str, Any], fails: bool) -> None:  # noqa: FBT001
    assert bool(judge("SK304", sam(resources=made("AWS::KMS::Key", **properties))).fails) is fails


ROOT = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
OWN = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": ROOT}


def key(*statements: Any) -> str:
    return sam(resources=made("AWS::KMS::Key", KeyPolicy={"Statement": list(statements)}))


def use(principal: Any, action: str = "kms:Decrypt", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*", "Principal": principal} | more


@pytest.mark.parametrize(
    ("statements", "severities"),
    [
        ([OWN], []),
        ([OWN, use({"AWS": "*"})], ["high"]),
        ([OWN, use("*", "kms:*")], ["high"]),
        ([OWN, use("*", Condition={"StringEquals": {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}})], []),
        ([OWN, use({"AWS": "arn:aws:iam::999988887777:root"})], ["medium"]),
        ([OWN, use({"AWS": "arn:aws:iam::999988887777:root"}, "kms:DescribeKey")], []),
        ([OWN, use({"Service": "sns.amazonaws.com"})], []),
        ([OWN, use({"AWS": "*"}) | {"Effect": "Deny"}], []),
        ([use({"AWS": "arn:aws:iam::111122223333:root"}, "kms:*")], []),  # the own account, written as a number
        ([use({"AWS": "arn:aws:iam::111122223333:root"}, "kms:*"), use({"AWS": "999988887777"})], ["medium"]),
    ],
)
def test_key_policies(statements: list[Any], severities: list[str]) -> None:
    assert judge("SK305", key(*statements)).severities == severities


def test_rotation_of_secrets() -> None:
    secret = made("AWS::SecretsManager::Secret", GenerateSecretString={})
    assert len(judge("SK309", sam(resources=secret)).fails) == 1
    schedule = {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": {"SecretId": {"Ref": "Thing"}}}
    assert not judge("SK309", sam(resources=secret | {"S": schedule})).findings
    attached = {
        "A": {"Type": "AWS::SecretsManager::SecretTargetAttachment", "Properties": {"SecretId": {"Ref": "Thing"}}},
        "S": {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": {"SecretId": {"Ref": "A"}}},
    }
    assert not judge("SK309", sam(resources=secret | attached)).fails


# ------------------------------------------------------------------------------------------------ verdicts on functions


@pytest.mark.parametrize(("hidden", "verdict"), [(False, "fail"), (True, "pass")])
@pytest.mark.parametrize("value", [{"Ref": "DbPassword"}, {"Fn::Sub": "mysql://orders:${DbPassword}@db/orders"}])
def test_a_parameter_concerns_the_functions_whose_environment_it_goes_into(
    value: Any,
    hidden: bool,  # noqa: FBT001
    verdict: str,
) -> None:
    parameters = {"DbPassword": {"Type": "String", "NoEcho": hidden}}
    other = {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.13", "Handler": "a.b"}}
    text = sam({"DB": value}, Parameters=parameters, resources={"Other": other})
    assert judge("SK310", text).by_function == {"Fn": verdict, "Other": "not_applicable"}


def test_what_has_no_environment_is_asked_nothing_even_where_something_is_hidden() -> None:
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/a.yaml"}}
    stack["Properties"]["Parameters"] = {"Handler": {"Fn::GetAtt": ["Fn", "Arn"]}}  # type: ignore[index]
    text = sam(resources={"Stack": stack})
    for code in ("SK301", "SK303", "SK306", "SK308"):
        assert judge(code, text).by_function == {"Fn": "not_applicable"}


@pytest.mark.parametrize("code", ["SK301", "SK303", "SK306", "SK308"])
def test_an_environment_that_cannot_be_seen_is_not_fine(code: str) -> None:
    text = sam(more={"Environment": {"Variables": {"Fn::Transform": {"Name": "Mine"}}}})
    assert judge(code, text).by_function == {"Fn": "unknown"}


def test_a_key_is_enough_for_an_environment_that_cannot_be_seen() -> None:
    hidden = {"Environment": {"Variables": {"Fn::Transform": {"Name": "Mine"}}}}
    key = "arn:aws:kms:eu-west-1:111122223333:key/0f8fad5b-d9cb-469f-a165-70867728950e"
    assert judge("SK303", sam(more=hidden | {"KmsKeyArn": key})).by_function == {"Fn": "pass"}


def test_a_parameter_whose_default_is_told_reaches_its_functions_all_the_same() -> None:
    parameters = {"DbPassword": {"Type": "String", "Default": "hunter2-Zk9!qwX"}}
    found = judge("SK310", sam({"DB": {"Ref": "DbPassword"}}, Parameters=parameters))
    assert not found.findings
    assert found.by_function == {"Fn": "pass"}


def test_the_key_that_the_documentation_shows_is_named_as_such() -> None:
    found = judge("SK301", sam({"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7" + "EXAMPLE"}))
    assert [row.reason for row in found.rows] == [
        "`AWS_ACCESS_KEY_ID` holds the example of AWS's documentation, which opens nothing"
    ]


@pytest.mark.parametrize(
    ("more", "database", "again"),
    [
        ({}, False, False),
        (
            {"Store": {"MasterUserPassword": {"Fn::Sub": "{{resolve:secretsmanager:${Thing}:SecretString:password}}"}}},
            True,
            True,
        ),
        ({"Store": {"MasterUserPassword": "{{resolve:secretsmanager:other:SecretString:password}}"}}, False, False),
    ],
)
def test_what_is_said_of_a_secret_without_rotation(more: dict[str, Any], *, database: bool, again: bool) -> None:
    stores = {name: {"Type": "AWS::RDS::DBInstance", "Properties": own} for name, own in more.items()}
    (finding,) = judge("SK309", sam(resources=made("AWS::SecretsManager::Secret") | stores)).fails
    assert ("let the database" in finding.help) is database
    assert ("deployed again" in finding.help) is again


def test_a_secret_that_a_variable_is_resolved_from() -> None:
    resolved = {"PASSWORD": {"Fn::Sub": "{{resolve:secretsmanager:${Thing}:SecretString:password}}"}}
    (finding,) = judge("SK309", sam(resolved, resources=made("AWS::SecretsManager::Secret"))).fails
    assert "deployed again" in finding.help
    assert "let the database" not in finding.help


def test_a_macro_may_add_a_rotation() -> None:
    text = sam(resources=made("AWS::SecretsManager::Secret"), Transform=["AWS::Serverless-2016-10-31", "Rotate"])
    verdict = judge("SK309", text)
    assert not verdict.fails
    assert len(verdict.unsure) == 1


BROKER = """Transform: AWS::Serverless-2016-10-31
Resources:
  Login: {Type: AWS::SecretsManager::Secret}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Queue:
          Type: MQ
          Properties:
            Broker: arn:aws:mq:eu-west-1:111122223333:broker:b:b-1
            Queues: [orders]
            SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: !Ref Login}]
"""


def test_what_rotates_a_secret_depends_on_what_it_opens() -> None:
    [broker] = judge("SK309", BROKER).fails
    assert "with a rotation function of your own: the event source `OrdersQueue`" in broker.help
    plain = "Resources:\n  Db: {Type: AWS::SecretsManager::Secret}\n"
    [unknown] = judge("SK309", plain).fails
    assert "most else needs one of your own" in unknown.help
    login = "MasterUserPassword: !Sub '{{resolve:secretsmanager:${Db}}}'"
    [known] = judge("SK309", f"{plain}  Data: {{Type: AWS::RDS::DBInstance, Properties: {{{login}}}}}\n").fails
    assert known.help.startswith("add a rotation schedule, or let the database manage its own password")
