"""Rules about environments as a whole, and about secrets beside functions: in outputs, providers and metadata."""

from __future__ import annotations

import pytest

from stockade.model.app import Credentials, Output
from tests.rules.support import app_of, judge

HEAD = "Transform: AWS::Serverless-2016-10-31\n"


def given(variables: str, head: str = "", more: str = "") -> str:
    return f"""{HEAD}{head}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {{Variables: {{{variables}}}}}
{more}"""


def test_variables_are_counted_by_name() -> None:
    assert not judge("SK330", given(", ".join(f"V{n}: a" for n in range(20)))).fails
    assert judge("SK330", given(", ".join(f"V{n}: a" for n in range(21)))).fails


def test_a_reserved_name_under_a_condition() -> None:
    head = "Parameters: {Stage: {Type: String}}\nConditions: {Local: !Equals [!Ref Stage, local]}"
    text = given("AWS_ACCESS_KEY_ID: !If [Local, a, !Ref AWS::NoValue]", head)
    assert judge("SK331", text, Stage="local").fails
    assert not judge("SK331", text, Stage="prod").fails


@pytest.mark.parametrize(
    ("variables", "verdict"),
    [
        (f"A: {'x' * 4095}", "pass"),
        (f"A: {'x' * 4096}", "fail"),
        (f"A: {'ä' * 2048}", "fail"),
        (f"A: {'x' * 4000}, B: !Ref Text", "unknown"),
        ("A: x, B: !Ref Text", "pass"),
    ],
)
def test_the_size_of_an_environment(variables: str, verdict: str) -> None:
    assert judge("SK332", given(variables, "Parameters: {Text: {Type: String}}")).by_function == {"Orders": verdict}


@pytest.mark.parametrize(
    ("output", "fails"),
    [
        ("!Ref Password", True),
        ("!Sub 'postgres://app:${Password}@db'", True),
        ("!Ref Stage", False),
        ("!GetAtt Key.SecretAccessKey", True),
        ("!Ref Key", False),
        ("!Ref Secret", False),
        ("!GetAtt Orders.Arn", False),
    ],
)
def test_what_an_output_gives_away(output: str, *, fails: bool) -> None:
    more = f"""  Key: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: deployer}}}}
  Secret: {{Type: AWS::SecretsManager::Secret}}
Outputs: {{It: {{Value: {output}}}}}
"""
    text = given("A: a", "Parameters: {Password: {Type: String, NoEcho: true}, Stage: {Type: String}}", more)
    assert bool(judge("SK333", text).fails) is fails


def test_an_output_is_the_same_in_both_formats() -> None:
    resources = "Resources: {T: {Type: AWS::SNS::Topic}}"
    template = f"Parameters: {{Stage: {{Type: String}}}}\n{resources}\nOutputs: {{name: {{Value: !Ref Stage}}}}\n"
    (one,) = app_of(template, Stage="prod").of(Output)
    (other,) = app_of('variable "stage" {}\noutput "name" { value = var.stage }\n', stage="prod").of(Output)
    assert one.value.is_("prod").is_yes
    assert other.value.is_("prod").is_yes


def test_only_an_output_of_the_root_module_is_put_out() -> None:
    app = app_of('output "one" {\n  value     = "a"\n  sensitive = true\n}\n')
    (output,) = app.of(Output)
    assert output.address == "output.one"
    assert output.hidden.is_true().is_yes


def test_an_output_that_is_not_there_gives_nothing_away() -> None:
    text = """
Parameters: {Password: {Type: String, NoEcho: true}, Debug: {Type: String}}
Conditions: {Debugs: !Equals [!Ref Debug, "yes"]}
Resources: {T: {Type: AWS::SNS::Topic}}
Outputs: {It: {Condition: Debugs, Value: !Ref Password}}
"""
    assert not judge("SK333", text, Debug="no").findings
    assert judge("SK333", text, Debug="yes").fails


@pytest.mark.parametrize(
    ("provider", "fails"),
    [
        ('access_key = "AKIAQ3EGR7WXTL5K2MNP"\nsecret_key = "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"', True),
        ('access_key = "test"\nsecret_key = "test"', False),  # for a stand-in on the own machine
        ("access_key = var.key\nsecret_key = var.secret", False),
        ('profile = "shop"', False),
    ],
)
def test_the_keys_of_a_provider(provider: str, *, fails: bool) -> None:
    text = f'variable "key" {{}}\nvariable "secret" {{}}\nprovider "aws" {{\n{provider}\n}}\n'
    assert bool(judge("SK334", text).fails) is fails


def test_credentials_know_their_resource() -> None:
    text = """
Resources:
  Server:
    Type: AWS::EC2::LaunchTemplate
    Metadata:
      AWS::CloudFormation::Authentication:
        One: {type: basic, username: app, password: Yx7Qm2Lr9VtKz4WnB8}
        Two: {type: S3, roleName: server}
"""
    credentials = app_of(text).of(Credentials)
    assert [one.address for one in credentials] == ["Server", "Server"]
    assert len(judge("SK334", text).fails) == 1


@pytest.mark.parametrize(
    ("value", "fails"),
    [
        ("{{resolve:ssm:/orders/table}}", False),
        ("{{resolve:secretsmanager:orders:SecretString:key}}", False),
        ("{{resolve:ssm-secure:/orders/token}}", True),
        ("{{resolve:secretsmanager}}", True),
        ("a {{resolve:vault:/x}} b", True),
        ("{{ handlebars }}", False),
    ],
)
def test_what_cloudformation_resolves(value: str, *, fails: bool) -> None:
    assert bool(judge("SK335", given(f'A: "{value}"')).fails) is fails


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}", "fail"),
        ("{Effect: Allow, Action: 'secretsmanager:Get*', Resource: !Ref Secret}", "pass"),
        ("!Ref Statement", "unknown"),
    ],
)
def test_who_may_read_a_secret(statement: str, verdict: str) -> None:
    text = given(
        "TOKEN: !Ref Secret",
        "Parameters: {Statement: {Type: String}}",
        "  Secret: {Type: AWS::SecretsManager::Secret}\n",
    )
    policies = f"      Policies: [{{Version: '2012-10-17', Statement: [{statement}]}}]\n      Environment:"
    assert judge("SK336", text.replace("      Environment:", policies)).by_function == {"Orders": verdict}


CHOICE = """Parameters: {Stage: {Type: String}, Debug: {Type: String}}
Conditions: {Prod: !Equals [!Ref Stage, prod], Debug: !Equals [!Ref Debug, 'yes']}"""


def either(count: int) -> str:
    """Variables of which one half is there in production, the other elsewhere."""
    pairs = (f"A{n}: !If [Prod, a, !Ref AWS::NoValue], B{n}: !If [Prod, !Ref AWS::NoValue, b]" for n in range(count))
    return ", ".join(pairs)


def test_variables_that_exclude_each_other_are_not_added_up() -> None:
    assert judge("SK330", given(either(20), CHOICE)).by_function == {"Orders": "pass"}
    (finding,) = judge("SK330", given(either(21), CHOICE)).fails
    assert finding.message == "`Orders` has 21 environment variables"


def test_a_number_of_variables_that_depends_on_parameters() -> None:
    always = ", ".join(f"V{n}: a" for n in range(20))
    verdict = judge("SK330", given(f"{always}, More: !If [Debug, a, !Ref AWS::NoValue]", CHOICE))
    (finding,) = verdict.unsure
    assert not verdict.fails
    assert finding.message.endswith("more than 20 environment variables: up to 21, depending on parameters")


def test_an_environment_is_told_at_its_first_name() -> None:
    text = given(either(21), CHOICE)
    (finding,) = judge("SK330", text).fails
    assert finding.span is not None
    assert finding.span.text == "A0"


def test_sizes_that_exclude_each_other_are_not_added_up() -> None:
    def half(length: int) -> str:
        one, other = "x" * length, "y" * length
        return f"A: !If [Prod, {one}, !Ref AWS::NoValue], B: !If [Prod, !Ref AWS::NoValue, {other}]"

    assert judge("SK332", given(half(4000), CHOICE)).by_function == {"Orders": "pass"}
    (finding,) = judge("SK332", given(half(4096), CHOICE)).fails
    assert finding.message.endswith("than the 4096 bytes that Lambda takes: 4097")


def test_an_environment_with_very_many_conditions_is_bounded() -> None:
    """Each premise by itself doubles the cases; what does not depend on another is counted apart."""
    names = [f"C{n}" for n in range(30)]
    head = "Parameters: {" + ", ".join(f"{n}: {{Type: String}}" for n in names) + "}\nConditions: {"
    head += ", ".join(f"Is{n}: !Equals [!Ref {n}, a]" for n in names) + "}"
    variables = ", ".join(f"V{n}: !If [Is{n}, a, !Ref AWS::NoValue]" for n in names)
    (finding,) = judge("SK330", given(variables, head)).unsure
    assert "up to 30," in finding.message


SERVICE = """
service: shop
provider: {{name: aws, runtime: python3.13}}
functions:
  orders:
    handler: app.handler
    environment:
      {name}: {value}
"""
STACK = (
    HEAD
    + """
Parameters: {{{value}: {{Type: String}}}}
Resources:
  orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {{Variables: {{{name}: !Ref {value}}}}}
"""
)
CONFIGURATION = """
variable "{value}" {{}}
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {{
    variables = {{ {name} = var.{value} }}
  }}
}}
"""
ASKED = ("SK301", "SK303", "SK308", "SK310")


@pytest.mark.parametrize(
    ("text", "name", "value", "verdicts"),
    [
        (SERVICE, "CLIENT_SECRET", "${env:CLIENT_SECRET}", "unknown fail unknown not_applicable"),
        (SERVICE, "JWT_SECRET", "${param:x}", "unknown unknown unknown not_applicable"),
        (SERVICE, "APP_SECRET", "${ssm:/app/x}", "pass fail fail not_applicable"),
        (SERVICE, "CLIENT_SECRET", "${file(${opt:stage}.yml):CLIENT_SECRET}", "unknown fail unknown not_applicable"),
        (SERVICE, "SLACK_WEBHOOK_URL", "${env:SLACK_WEBHOOK_URL}", "unknown fail unknown not_applicable"),
        (SERVICE, "DB_SECRET", "${env:DB_SECRET}", "pass not_applicable pass not_applicable"),
        (SERVICE, "DB_SECRET", "orders/db", "pass not_applicable pass not_applicable"),
        (STACK, "SESSION_SECRET", "SessionSecret", "unknown fail unknown fail"),
        (STACK, "URL", "SlackWebhookUrl", "pass fail pass fail"),
        (STACK, "DB_SECRET", "DbSecret", "pass not_applicable pass not_applicable"),
        (CONFIGURATION, "WEBHOOK_SECRET", "webhook_secret", "unknown fail unknown fail"),
        (CONFIGURATION, "SLACK_WEBHOOK_URL", "slack_webhook_url", "unknown fail unknown fail"),
        (CONFIGURATION, "DB_SECRET", "db_secret", "pass not_applicable pass not_applicable"),
    ],
)
def test_a_name_says_that_what_is_not_known_is_a_secret(text: str, name: str, value: str, verdicts: str) -> None:
    judged = [judge(code, text.format(name=name, value=value)) for code in ASKED]
    assert [verdict for one in judged for verdict in one.by_function.values()] == verdicts.split()


def test_a_key_is_asked_for_because_of_what_is_certain() -> None:
    environment = "${file(${opt:stage}.yml):CLIENT_SECRET}\n      CLIENT_ID: ${file(${opt:stage}.yml):CLIENT_ID}"
    (finding,) = judge("SK303", SERVICE.format(name="CLIENT_SECRET", value=environment)).fails
    assert "holds `CLIENT_SECRET` and" in finding.message
