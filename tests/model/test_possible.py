"""What a function may use without its being known: it is neither "uses none" nor a pass."""

from __future__ import annotations

import pytest

from stockade.model.app import Function
from tests.rules.support import app_of, judge

TF = """
variable "given" {}
variable "stage" {}
data "external" "e" { program = ["x"] }
resource "aws_lambda_function" "f" {
  function_name = "f"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "f.zip"
  role          = "arn:aws:iam::111122223333:role/f"
"""
KEY = 'resource "aws_kms_key" "k" {}\n'
LAYER = 'resource "aws_lambda_layer_version" "l" {\n  layer_name = "l"\n  filename = "l.zip"\n}\n'
SHARED = (
    'resource "aws_lambda_layer_version_permission" "p" {\n  layer_name = aws_lambda_layer_version.l.layer_name\n'
    '  version_number = 1\n  statement_id = "s"\n  action = "lambda:GetLayerVersion"\n  principal = "*"\n}\n'
)
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "orders"\n  sqs_managed_sse_enabled = false\n}\n'
STORED = 'resource "aws_secretsmanager_secret" "s" { name = "orders/db" }\n'


def terraform(inside: str, *beside: str) -> str:
    return TF + inside + "\n}\n" + "".join(beside)


def environment(value: str) -> str:
    return f"environment {{\n variables = {{ A = {value} }}\n}}"


def verdict(code: str, text: str) -> str:
    return judge(code, text).by_function.get("aws_lambda_function.f") or judge(code, text).by_function["Orders"]


@pytest.mark.parametrize(
    ("code", "inside", "beside"),
    [
        ("SK304", "kms_key_arn = var.given", KEY),
        ("SK305", "kms_key_arn = var.given", KEY),
        ("SK304", 'kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/${var.given}"', KEY),
        ("SK512", "layers = var.given", LAYER),
        ("SK513", "layers = var.given", LAYER + SHARED),
        ("SK513", "layers = [var.given]", LAYER + SHARED),
        ("SK704", "dead_letter_config {\n target_arn = var.given\n}", QUEUE),
        ("SK309", environment("data.external.e.result.a"), STORED),
        ("SK307", environment("data.external.e.result.a"), STORED),
        ("SK309", environment('"orders/${var.given}"'), STORED),
    ],
)
def test_a_value_that_is_not_known_may_name_what_is_declared_beside_it(code: str, inside: str, beside: str) -> None:
    assert verdict(code, terraform(inside, beside)) == "unknown"


@pytest.mark.parametrize(
    ("code", "inside", "beside"),
    [
        ("SK304", "kms_key_arn = var.given", ""),  # no key is declared
        ("SK304", 'kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/1"', KEY),
        ("SK304", 'kms_key_arn = "arn:aws:s3:::${var.given}"', KEY),
        ("SK309", environment("var.stage"), STORED),  # a word from outside
        ("SK309", environment('"https://${var.given}/"'), STORED),
        ("SK309", environment('"billing/${var.given}"'), STORED),
        ("SK704", 'dead_letter_config {\n target_arn = "arn:aws:sns:eu-west-1:111122223333:x"\n}', QUEUE),
        ("SK704", "", QUEUE),
        ("SK304", "", KEY),
    ],
)
def test_what_surely_is_elsewhere_is_none_of_the_scanned_code(code: str, inside: str, beside: str) -> None:
    assert verdict(code, terraform(inside, beside)) == "not_applicable"


def test_a_parameter_without_a_default_may_be_the_key() -> None:
    text = (
        "Parameters: {K: {Type: String}}\nResources:\n  Key: {Type: AWS::KMS::Key, Properties: {Description: d}}\n"
        "  Orders:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: python3.13, Handler: a.b, Role: r, "
        "Code: {S3Bucket: b, S3Key: k}, KmsKeyArn: !Ref K}\n"
    )
    assert judge("SK304", text).by_function == {"Orders": "unknown"}
    found = judge("SK304", text, K="arn:aws:kms:eu-west-1:111122223333:key/1")
    assert found.by_function == {"Orders": "not_applicable"}


def test_what_is_read_from_a_store_before_anything_is_made_is_none_of_it() -> None:
    text = (
        "Parameters: {K: {Type: 'AWS::SSM::Parameter::Value<String>'}}\nResources:\n"
        "  Db: {Type: AWS::SecretsManager::Secret}\n"
        "  Orders:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: python3.13, Handler: a.b, Role: r, "
        "Code: {S3Bucket: b, S3Key: k}, Environment: {Variables: {A: !Ref K, B: '{{resolve:ssm:/b}}'}}}\n"
    )
    assert judge("SK309", text).by_function == {"Orders": "not_applicable"}


def test_what_passes_is_undecided_where_something_else_may_be_used_that_does_not() -> None:
    inside = "environment {\n variables = {\n A = aws_secretsmanager_secret.s.arn\n B = data.external.e.result.a\n }\n}"
    rotated = (
        'resource "aws_secretsmanager_secret_rotation" "{0}" {{\n  secret_id = aws_secretsmanager_secret.{0}.id\n}}\n'
    )
    other = 'resource "aws_secretsmanager_secret" "t" { name = "orders/other" }\n'
    own = STORED + rotated.format("s")
    assert verdict("SK309", terraform(inside, own)) == "pass"
    assert verdict("SK309", terraform(inside, own, other)) == "unknown"
    assert verdict("SK309", terraform(inside, own, other, rotated.format("t"))) == "pass"


def test_a_log_group_that_may_be_the_functions_is_not_none() -> None:
    text = terraform("", 'resource "aws_cloudwatch_log_group" "g" { name = var.given }\n')
    for code in ("SK705", "SK706", "SK709"):
        assert verdict(code, text) == "unknown"
    assert not [f for f in judge("SK706", text).findings if f.functions and f.verdict == "unsure"]


def test_an_api_with_an_unknown_body_may_call_the_function() -> None:
    rest = 'resource "aws_api_gateway_rest_api" "a" {\n  name = "a"\n  body = var.given\n}\n'
    stage = (
        'resource "aws_api_gateway_stage" "s" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  stage_name = "s"\n'
        '  deployment_id = "d"\n}\n'
    )
    domain = (
        'resource "aws_api_gateway_domain_name" "d" { domain_name = "shop.example.com" }\n'
        'resource "aws_api_gateway_base_path_mapping" "m" {\n  api_id = aws_api_gateway_rest_api.a.id\n'
        "  domain_name = aws_api_gateway_domain_name.d.domain_name\n}\n"
    )
    whole = terraform("", rest, stage, domain)
    for code in ("SK110", "SK111", "SK112", "SK113", "SK114", "SK115", "SK116", "SK117", "SK118", "SK127"):
        assert verdict(code, whole) == "unknown", code
    for code in ("SK114", "SK115", "SK116", "SK127"):
        assert verdict(code, terraform("", rest)) == "not_applicable", code


def test_only_what_is_known_after_apply_may_be_null() -> None:
    (function,) = app_of(terraform("kms_key_arn = var.given")).of(Function)
    assert function.kms_key.is_set().is_yes


ROLE = """
data "external" "e" { program = ["x"] }
variable "given" {}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
}
resource "aws_iam_role" "r" { assume_role_policy = "{}" }
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = RESOURCE }] })
}
resource "aws_dynamodb_table" "t" { name = "t" }
"""


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("data.external.e.result.arn", "unknown"),
        ('"${aws_dynamodb_table.t.arn}${data.external.e.result.rest}"', "unknown"),  # a stream of it, say
        ("aws_dynamodb_table.t.arn", "fail"),
        ("var.given", "not_applicable"),  # hardly ever something of its own
        ('"arn:aws:dynamodb:eu-west-1:111122223333:table/${data.external.e.result.name}-x"', "not_applicable"),
    ],
)
def test_what_a_role_names_may_not_be_known(resource: str, said: str) -> None:
    assert verdict("SK721", ROLE.replace("RESOURCE", resource)) == said


def test_a_document_that_is_not_known_may_name_anything() -> None:
    text = ROLE.replace(
        ROLE[ROLE.index("jsonencode") : ROLE.index('resource "aws_dynamodb')], "data.external.e.result.p\n}\n"
    )
    assert verdict("SK721", text) == "unknown"
