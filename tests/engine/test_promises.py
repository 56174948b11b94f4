# ruff: noqa: E501 - the configurations are told apart best when each is one line
"""What a report promises, `stockade fix` does: no more, and no less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.findings import Finding
from stockade.engine.offers import Offers
from stockade.reports import json as json_report
from stockade.reports import sarif, text
from tests.support import TODAY

FUNCTION = """\
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  role          = "arn:aws:iam::111122223333:role/{name}"
  handler       = "a.b"
  filename      = "a.zip"
{more}
}}
"""
GROUP = 'resource "aws_cloudwatch_log_group" "logs" {\n  name = "/aws/lambda/f"\n%s}\n'
STAGE = """\
resource "aws_api_gateway_rest_api" "api" {
  name = "orders"
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  deployment_id = "abc"
  stage_name    = "prod"
}
"""
VPC = 'resource "aws_security_group" "own" {\n  vpc_id = "vpc-0a1"\n%s}\n' + FUNCTION.format(
    name="f", more='  runtime = "python3.13"\n  vpc_config {\n    subnet_ids = ["subnet-0a1"]\n'
    "    security_group_ids = [aws_security_group.own.id]\n  }"
)  # fmt: skip
RULE = """
resource "aws_vpc_security_group_ingress_rule" "open" {
  security_group_id = aws_security_group.own.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
"""
LAYER = 'module "f" {\n  source        = "terraform-aws-modules/lambda/aws"\n  version       = "7.4.0"\n  function_name = "f"\n'
LAYER += '  handler       = "a.b"\n  runtime       = "python3.13"\n  source_path   = "src"\n}\n'
EACH = """\
resource "aws_lambda_function" "f" {
  for_each      = { old = "nodejs16.x", new = "nodejs24.x" }
  function_name = each.key
  role          = "arn:aws:iam::111122223333:role/f"
  handler       = "a.b"
  filename      = "a.zip"
  runtime       = %s
}
"""
BODY = """\
resource "aws_apigatewayv2_api" "api" {
  name          = "orders"
  protocol_type = "HTTP"
  body = jsonencode({
    openapi = "3.0.1"
    paths = { "/" = { post = { "x-amazon-apigateway-integration" = { type = "aws_proxy", uri = "arn:aws:lambda:eu-west-1:111122223333:function:f" } } } }
  })
}
"""

CASES = {
    "a conditional": {"main.tf": 'variable "image" { type = bool }\n' + FUNCTION.format(name="f", more='  runtime = var.image ? null : "nodejs16.x"')},
    "one default for two": {"main.tf": 'variable "runtime" { default = "nodejs16.x" }\n' + "".join(FUNCTION.format(name=n, more="  runtime = var.runtime") for n in ("f", "g"))},
    "one default for two things": {"main.tf": 'variable "word" { default = "nodejs16.x" }\n' + FUNCTION.format(name="f", more="  runtime = var.word\n  description = var.word")},
    "some of several": {"main.tf": EACH % "each.value"},
    "all of several": {"main.tf": EACH % '"nodejs16.x"'},
    "a stage without settings": {"main.tf": STAGE},
    "an API of a definition": {"main.tf": BODY},
    "a rule of its own": {"main.tf": VPC % "" + RULE},
    "a rule that is referred to": {"main.tf": VPC % "" + RULE + 'output "open" { value = aws_vpc_security_group_ingress_rule.open.id }\n'},
    "a block of several rules": {"main.tf": VPC % '  ingress {\n    protocol = "tcp"\n    from_port = 443\n    to_port = 443\n    cidr_blocks = ["0.0.0.0/0", "10.0.0.0/8"]\n  }\n'},
    "a module that is not here": {"main.tf": LAYER},
    "a secret default": {"main.tf": 'variable "password" {\n  default = "Aa1234321Bb!x"\n}\n' + FUNCTION.format(name="f", more='  runtime = "python3.13"\n  environment {\n    variables = { P = var.password }\n  }')},
    "a secret default in one line": {"main.tf": 'variable "password" { default = "Aa1234321Bb!x" }\n' + FUNCTION.format(name="f", more='  runtime = "python3.13"\n  environment {\n    variables = { P = var.password }\n  }')},
    "a secret default of a template": {"template.yaml": "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Password:\n    Type: String\n    Default: Aa1234321Bb!x\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      CodeUri: src/\n      Runtime: python3.13\n      Environment: {Variables: {P: !Ref Password}}\n"},
    "a module and two calls": {
        "main.tf": 'module "a" { source = "./logs" }\nmodule "b" {\n  source    = "./logs"\n  retention = 30\n}\n',
        "logs/main.tf": 'variable "retention" {\n  default = null\n}\n' + GROUP % "  retention_in_days = var.retention\n",
    },
    "a module that has no argument for it": {
        "main.tf": 'module "a" { source = "./logs" }\nmodule "b" { source = "./logs" }\n',
        "logs/main.tf": GROUP % "",
    },
}  # fmt: skip


@pytest.fixture(params=CASES, ids=[name.replace(" ", "-") for name in CASES])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    for name, written in CASES[request.param].items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(written)
    return tmp_path


def promised(result: api.Result) -> Iterator[tuple[Finding, str]]:
    offers = Offers(result)
    for finding in result.visible:
        fix = offers.first(finding)
        if fix is not None and fix.safety != "advice":
            yield finding, fix.safety


def test_every_case_has_something_to_mend_or_to_advise(project: Path) -> None:
    result = api.scan(project, persona="pedantic", today=TODAY)
    assert any(fix.intents for finding in result.visible for fix in finding.fixes)


@pytest.mark.parametrize("unsafe", [False, True])
def test_what_is_promised_is_done(project: Path, *, unsafe: bool) -> None:
    start = api.scan(project, persona="pedantic", today=TODAY)
    wanted = {f.fingerprint for f, safety in promised(start) if unsafe or safety == "safe"}
    change = api.fix(project, persona="pedantic", unsafe=unsafe, today=TODAY)
    assert {d.finding.fingerprint for d in change.done} == wanted, [r.why for r in change.refused]
    assert not {r.finding.fingerprint for r in change.refused} & wanted
    for name, after in change.after.items():
        (project / name).write_text(after)
    again = api.scan(project, persona="pedantic", today=TODAY)
    assert not {f.fingerprint for f in again.findings if f.verdict == "fail"} & wanted


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("name", ["orders", "orders-terraform"])
def test_what_is_promised_for_the_examples_is_done(name: str, *, unsafe: bool) -> None:
    folder = Path(__file__).parents[2] / "examples" / name
    start = api.scan(folder, today=TODAY)
    wanted = {f.fingerprint for f, safety in promised(start) if unsafe or safety == "safe"}
    change = api.fix(folder, unsafe=unsafe, today=TODAY)
    assert len(wanted) > 5
    assert {d.finding.fingerprint for d in change.done} == wanted, [r.why for r in change.refused]


def test_reports_promise_the_same(project: Path) -> None:
    result = api.scan(project, persona="pedantic", today=TODAY)
    kinds = [safety for _, safety in promised(result)]
    shown = text.render(result, width=400, full=True)
    safe, unsafe = kinds.count("safe"), kinds.count("unsafe")
    assert shown.count("= fix: ") == safe
    assert shown.count("= unsafe fix: ") == unsafe
    footer = [line for line in shown.splitlines() if line.startswith("`stockade fix ")]
    assert len(footer) == bool(safe or unsafe)
    if safe and unsafe:
        assert f"has edits for {safe} of them, and with `--unsafe` for {unsafe} more" in footer[0]
    elif safe:
        assert f"has edits for {safe} of them" in footer[0]
    elif unsafe:
        assert f"with `--unsafe` has edits for {unsafe} of them" in footer[0]
    assert json_report.render(result).count('"safety": "safe"') == safe
    assert json_report.render(result).count('"safety": "unsafe"') == unsafe
    assert sarif.render(result).count('"artifactChanges"') == len(kinds)


EVENTS = """\
Transform: AWS::Serverless-2016-10-31
%sResources:
%s  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      CodeUri: src/
      Runtime: python3.13
      Events:
"""
OF_THE_API = "        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /, Method: get}}\n"
OF_NONE = "        Get: {Type: HttpApi, Properties: {Path: /, Method: get}}\n        Post:\n          Type: HttpApi\n"
HTTP_API = "  Api:\n    Type: AWS::Serverless::HttpApi\n    Properties: {%s}\n"


@pytest.mark.parametrize(
    ("written", "there", "refused"),
    [
        (EVENTS % ("", HTTP_API % "Auth: {EnableIamAuthorizer: true}") + OF_THE_API, "", ""),
        (EVENTS % ("", HTTP_API % "Description: orders") + OF_THE_API, "{EnableIamAuthorizer: true}", ""),
        (
            EVENTS % ("", HTTP_API % "Auth: {EnableIamAuthorizer: false}") + OF_THE_API,
            "{EnableIamAuthorizer: true}",
            "",
        ),
        (EVENTS % ("", "") + OF_NONE, "Globals:\n  HttpApi:\n    Auth:\n      EnableIamAuthorizer: true\nRes", ""),
        (
            EVENTS % ("Globals:\n  HttpApi:\n    FailOnWarnings: true\n", "") + OF_NONE,
            "    FailOnWarnings: true\n    Auth:\n      EnableIamAuthorizer: true\nRes",
            "",
        ),
        (
            EVENTS % ("", HTTP_API % "Auth: {EnableIamAuthorizer: true}") + OF_NONE,
            "",
            "what is written under `HttpApi` in `Globals` is for `Api` too",
        ),
    ],
)
def test_an_event_asks_for_an_authorizer_that_its_api_has_then(
    tmp_path: Path, written: str, there: str, refused: str
) -> None:
    (tmp_path / "template.yaml").write_text(written)
    result = api.scan(tmp_path, select=["SK112"], today=TODAY)
    assert [f.rule.code for f in result.visible] == ["SK112"]
    assert bool(list(promised(result))) is not bool(refused)
    assert refused in text.render(result, width=400)
    change = api.fix(tmp_path, select=["SK112"], unsafe=True, today=TODAY)
    assert bool(change.done) is not bool(refused)
    assert there in change.after.get("template.yaml", "")


def test_routes_of_a_definition_in_a_template_of_sam_are_written_there(tmp_path: Path) -> None:
    uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/orders/invocations"
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n"
        "      StageName: prod\n      DefinitionBody:\n        openapi: 3.0.1\n        paths:\n          /orders:\n"
        f"            post: {{x-amazon-apigateway-integration: {{type: aws_proxy, httpMethod: POST, uri: '{uri}'}}}}\n"
    )
    shown = text.render(api.scan(tmp_path, select=["SK112"], today=TODAY), width=400)
    assert "by hand, since the API's OpenAPI definition says it, where no fix is written" in shown


def told(folder: Path, code: str, written: str) -> str:
    (folder / "main.tf").write_text(written)
    return text.render(api.scan(folder, select=[code], persona="pedantic", today=TODAY), width=400)


def test_what_cannot_be_written_is_help_with_the_reason(tmp_path: Path) -> None:
    shown = told(tmp_path, "SK112", BODY)
    assert "fix:" not in shown
    assert "= help: " in shown
    assert "by hand, since the API's OpenAPI definition says it, where no fix is written" in shown
    assert "openapi/" not in shown


def test_the_code_of_a_module_that_is_described_is_no_file(tmp_path: Path) -> None:
    queue = 'module "q" {\n  source  = "terraform-aws-modules/sqs/aws"\n  version = "4.2.0"\n  name    = "q"\n}\n'
    mapping = (
        'resource "aws_lambda_event_source_mapping" "m" {\n  function_name    = aws_lambda_function.f.arn\n'
        "  event_source_arn = module.q.queue_arn\n}\n"
    )
    written = queue + mapping + FUNCTION.format(name="f", more='  runtime = "python3.13"\n  timeout = 60')
    assert "described on" not in told(tmp_path, "SK119", written).partition("= help")[2].partition("\n\n")[0]


def test_help_names_the_argument_that_decides(tmp_path: Path) -> None:
    shown = told(tmp_path, "SK706", LAYER)
    assert "help: set `cloudwatch_logs_retention_in_days` of `module.f` to" in shown
    assert "`retention_in_days`" not in shown


def test_what_callers_from_elsewhere_get_too_is_unsafe(tmp_path: Path) -> None:
    permission = (
        'variable "bucket" {}\nresource "aws_lambda_permission" "p" {\n  function_name = "f"\n'
        '  action        = "lambda:InvokeFunction"\n  principal     = "s3.amazonaws.com"\n  source_arn    = var.bucket\n}\n'
    )
    call = 'resource "aws_s3_bucket" "b" { bucket = "b" }\nmodule "m" {\n  source = "%s"\n  bucket = aws_s3_bucket.b.arn\n}\n'
    (tmp_path / "own" / "inner").mkdir(parents=True)
    (tmp_path / "own" / "inner" / "main.tf").write_text(permission)
    (tmp_path / "own" / "main.tf").write_text(call % "./inner")
    (tmp_path / "library" / "examples" / "one").mkdir(parents=True)
    (tmp_path / "library" / "main.tf").write_text(permission)
    (tmp_path / "library" / "examples" / "one" / "main.tf").write_text(call % "../..")
    own = api.scan(tmp_path / "own", select=["SK104"], today=TODAY)
    library = api.scan(tmp_path / "library", select=["SK104"], today=TODAY)
    assert [safety for _, safety in promised(own)] == ["safe"]
    assert [safety for _, safety in promised(library)] == ["unsafe"]
    assert not api.fix(tmp_path / "library", select=["SK104"], today=TODAY).after


# ------------------------------------------------------------------------------------------------- versions of the provider

OLD = FUNCTION.format(name="f", more='  runtime = "nodejs16.x"')
REQUIRES = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "%s"\n    }\n  }\n}\n'
LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "%s"\n  constraints = ">= 4.0"\n}\n'


@pytest.mark.parametrize(
    ("files", "refused", "needs"),
    [
        ({}, "", ""),
        ({"versions.tf": REQUIRES % "~> 4.22"}, "versions.tf:5 allows `~> 4.22` only", ""),
        ({"versions.tf": REQUIRES % ">= 5.0, < 6.19"}, "versions.tf:5 allows `>= 5.0, < 6.19` only", ""),
        ({"versions.tf": REQUIRES % "6.19.0"}, "", ""),
        ({"versions.tf": REQUIRES % "~> 6.19"}, "", ""),
        ({"versions.tf": REQUIRES % ">= 4.22"}, "", "versions.tf:5 allows older ones"),
        ({"versions.tf": REQUIRES.replace("hashicorp/aws", "hashicorp/awscc") % "~> 0.1"}, "", ""),
        ({"old.tf": 'provider "aws" {\n  version = "~> 2.0"\n}\n'}, "old.tf:2 allows `~> 2.0` only", ""),
        ({"old.tf": 'terraform {\n  required_providers {\n    aws = "< 4"\n  }\n}\n'}, "old.tf:3 allows `< 4` only", ""),
        ({"versions.tf.json": '{"terraform": {"required_providers": {"aws": {"version": "~> 4.22"}}}}'}, "only", ""),
        ({"v.tf": REQUIRES % ">= 4.22", ".terraform.lock.hcl": LOCK % "4.67.0"}, "lock.hcl:2 has 4.67.0", ""),
        ({"v.tf": REQUIRES % ">= 4.22", ".terraform.lock.hcl": LOCK % "6.20.0"}, "", ""),
    ],
)  # fmt: skip
def test_a_fix_knows_the_versions_of_the_provider(
    tmp_path: Path, files: dict[str, str], refused: str, needs: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    shown = told(tmp_path, "SK501", OLD)
    if refused:
        assert "unsafe fix" not in shown
        assert "by hand, since `nodejs24.x` needs version 6.19.0 of the AWS provider, and " in shown
        assert refused in shown
    else:
        assert "unsafe fix: move to nodejs24.x" in shown
        assert ("of the AWS provider" in shown) is bool(needs)
        assert needs in shown
    assert bool(api.fix(tmp_path, select=["SK501"], unsafe=True, today=TODAY).done) is not bool(refused)


def test_the_callers_of_a_module_decide_on_the_provider_too(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/main.tf").write_text(OLD)
    (tmp_path / "versions.tf").write_text(REQUIRES % "~> 5.0")
    assert "versions.tf:5 allows `~> 5.0` only" in told(tmp_path, "SK501", 'module "f" { source = "./own" }\n')


def test_a_block_needs_a_version_whatever_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "versions.tf").write_text(REQUIRES % "~> 4.22")
    shown = told(tmp_path, "SK707", OLD)
    assert "by hand, since `logging_config` needs version 5.32.0 of the AWS provider" in shown


# ------------------------------------------------------------------------------------------------------------- log groups


def test_a_log_group_gets_the_name_that_the_function_writes_to(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(OLD)
    (tmp_path / "versions.tf").write_text(REQUIRES % "~> 4.22")
    change = api.fix(tmp_path, select=["SK705"], unsafe=True, today=TODAY)
    after = change.after["main.tf"]
    assert (
        '  name              = "/aws/lambda/${aws_lambda_function.f.function_name}"\n  retention_in_days = 90\n'
        in after
    )
    assert "logging_config" not in after


# ------------------------------------------------------------------------------------------------ what decides, in modules


def test_help_names_what_a_module_has_to_be_given_for_tracing(tmp_path: Path) -> None:
    shown = told(tmp_path, "SK701", LAYER)
    assert "set `tracing_mode` of `module.f` (with `attach_tracing_policy = true` beside it) to Active" in shown
    shown = told(tmp_path, "SK701", LAYER.replace('"src"\n', '"src"\n  attach_tracing_policy = true\n'))
    assert "set `tracing_mode` of `module.f` to Active" in shown


TABLE = """\
module "t" {
  source   = "terraform-aws-modules/dynamodb-table/aws"
%s  name     = "orders"
  hash_key = "id"
}
"""
REF = TABLE.replace(
    "terraform-aws-modules/dynamodb-table/aws",
    "git::https://github.com/terraform-aws-modules/terraform-aws-dynamodb-table.git?ref=v%s",
)


@pytest.mark.parametrize(
    ("written", "refused", "needs"),
    [
        (TABLE % '  version  = "~> 1.0"\n', "main.tf:3 allows `~> 1.0` only: upgrade the module", ""),
        (TABLE % '  version  = ">= 2.0, < 3.2"\n', "main.tf:3 allows `>= 2.0, < 3.2` only", ""),
        (TABLE % '  version  = "3.1.2"\n', "main.tf:3 allows `3.1.2` only", ""),
        (TABLE % '  version  = "3.2.0"\n', "", ""),
        (TABLE % '  version  = "~> 4.0"\n', "", ""),
        (TABLE % '  version  = "~> 3.0"\n', "", "main.tf:3 allows older ones"),
        (TABLE % "", "", ""),  # then `terraform init` takes the newest
        (REF % ("3.1.0", ""), "?ref=v3.1.0` only", ""),
        (REF % ("3.2.1", ""), "", ""),
    ],
)
def test_a_fix_knows_from_which_version_a_module_has_an_argument(
    tmp_path: Path, written: str, refused: str, needs: str
) -> None:
    shown = told(tmp_path, "SK721", written)
    assert "set `deletion_protection_enabled` of `module.t` to true" in shown
    assert refused in shown
    assert needs in shown
    assert ("needs version 3.2.0 of `terraform-aws-modules/dynamodb-table/aws`" in shown) is bool(refused or needs)
    assert ("= fix: protect the table" in shown) is not bool(refused)
    done = api.fix(tmp_path, select=["SK721"], persona="pedantic", today=TODAY).done
    assert bool(done) is not bool(refused)


def test_advice_names_the_arguments_of_a_module_that_is_fetched(tmp_path: Path) -> None:
    old = LAYER.replace("7.4.0", "~> 4.0")
    shown = told(tmp_path, "SK709", old)
    assert "set `cloudwatch_logs_kms_key_id` of `module.f` to a key" in shown
    shown = told(tmp_path, "SK315", TABLE % '  version  = "~> 1.0"\n')
    assert (
        "name it in `server_side_encryption_kms_key_arn` of `module.t`, with `server_side_encryption_enabled = true` in "
        "`module.t`"
    ) in shown
    shown = told(tmp_path, "SK720", TABLE % '  version  = "~> 1.0"\n')
    assert "help: set `point_in_time_recovery_enabled = true` in `module.t`\n" in shown
    shown = told(tmp_path, "SK707", old)
    assert 'set `logging_log_format = "JSON"` in `module.f`' in shown
    assert (
        "since `logging_log_format` needs version 7.0.0 of `terraform-aws-modules/lambda/aws`, and main.tf:3" in shown
    )
    shown = told(tmp_path, "SK707", LAYER)
    assert "since `logging_log_format` decides more of `aws_lambda_function.this` than `log_format`" in shown


def test_advice_names_from_which_version_a_module_has_an_argument(tmp_path: Path) -> None:
    shown = told(tmp_path, "SK521", LAYER.replace("7.4.0", "4.1.0"))
    assert "set `code_signing_config_arn` of `module.f` (from version 4.2.0 of the module on)" in shown
    shown = told(tmp_path, "SK521", LAYER)
    assert "set `code_signing_config_arn` of `module.f`\n" in shown


def test_help_names_the_variable_of_a_module_beside(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    dynamic = (
        '  dynamic "tracing_config" {\n    for_each = var.tracing == null ? [] : [1]\n'
        "    content {\n      mode = var.tracing\n    }\n  }\n"
    )
    own = 'variable "tracing" {\n  default = null\n}\n' + FUNCTION.format(name="f", more=dynamic)
    (tmp_path / "own/main.tf").write_text(own)
    shown = told(tmp_path, "SK701", 'module "f" {\n  source = "./own"\n}\n')
    assert "help: turn active tracing on: set `tracing` of `module.f` to Active; by hand, since " in shown


MAPPINGS = """\
variable "mappings" {}

resource "aws_lambda_event_source_mapping" "this" {
  for_each                = { for k, v in var.mappings : k => v if true }
  function_name           = "orders"
  event_source_arn        = each.value.arn
  function_response_types = %s
}
"""


@pytest.mark.parametrize("said", ["try(each.value.answers, null)", 'lookup(each.value, "answers", null)'])
def test_help_names_the_entry_of_an_argument(tmp_path: Path, said: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/main.tf").write_text(MAPPINGS % said)
    call = (
        'module "m" {\n  source   = "./own"\n  mappings = { orders = { arn = "arn:aws:sqs:eu-west-1:1:orders" } }\n}\n'
    )
    assert "set `answers` in `mappings` of `module.m` to " in told(tmp_path, "SK120", call)


# ------------------------------------------------------------------------------------------------- what has to be deployed anew

METHOD = """\
resource "aws_api_gateway_rest_api" "api" {
  name = "orders"
}

resource "aws_api_gateway_method" "post" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = "abc"
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "post" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = "abc"
  http_method = aws_api_gateway_method.post.http_method
  type        = "AWS_PROXY"
  uri         = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/orders/invocations"
}
"""
DEPLOYMENT = """
resource "aws_api_gateway_deployment" "now" {
  rest_api_id = %s
%s}
"""
API = "aws_api_gateway_rest_api.api.id"


@pytest.mark.parametrize(
    ("deployment", "told_of"),
    [
        ("", False),
        (DEPLOYMENT % (API, ""), True),
        (DEPLOYMENT % (API, '  description = "orders"\n'), True),
        (DEPLOYMENT % ('"another"', ""), False),
        (DEPLOYMENT % (API, "  triggers = { body = sha1(jsonencode(aws_api_gateway_method.post)) }\n"), False),
        (DEPLOYMENT % (API, "  lifecycle {\n    replace_triggered_by = [aws_api_gateway_method.post]\n  }\n"), False),
        (DEPLOYMENT % (API, '  stage_description = md5(file("main.tf"))\n'), False),
    ],
)
def test_a_fix_says_where_an_api_has_to_be_deployed_again(tmp_path: Path, deployment: str, told_of: bool) -> None:  # noqa: FBT001 - a case
    shown = told(tmp_path, "SK112", METHOD + deployment)
    assert "unsafe fix: require IAM authorization" in shown
    assert ("`terraform apply -replace=aws_api_gateway_deployment.now`" in shown) is told_of


@pytest.mark.parametrize(("named", "told_of"), [("!Ref Api", True), ("another", False)])
def test_so_it_does_in_a_template(tmp_path: Path, named: str, told_of: bool) -> None:  # noqa: FBT001 - a case
    uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/orders/invocations"
    (tmp_path / "template.yaml").write_text(
        "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}\n"
        "  Post:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      RestApiId: !Ref Api\n"
        "      ResourceId: !GetAtt Api.RootResourceId\n      HttpMethod: POST\n      AuthorizationType: NONE\n"
        f"      Integration: {{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: '{uri}'}}\n"
        f"  Now:\n    Type: AWS::ApiGateway::Deployment\n    DependsOn: Post\n    Properties: {{RestApiId: {named}}}\n"
    )
    shown = text.render(api.scan(tmp_path, select=["SK112"], today=TODAY), width=400)
    assert "unsafe fix: require IAM authorization" in shown
    assert ("such as by another logical id for `Now`" in shown) is told_of
