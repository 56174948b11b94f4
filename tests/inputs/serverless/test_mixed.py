"""A repository with several formats: what belongs together is one application, and nothing is told twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade import api
from stockade.errors import NothingToScan
from stockade.inputs.load import load
from stockade.model.app import LayerVersion, LogGroup
from tests.inputs.serverless.support import HEAD, app_of, function_of

TERRAFORM = """
resource "aws_iam_role" "shop" {
  name = "shop"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_ssm_parameter" "role" {
  name  = "/shop/role"
  type  = "String"
  value = aws_iam_role.shop.arn
}
"""


@pytest.mark.parametrize(
    "role",
    [
        "arn:aws:iam::111122223333:role/shop",
        "arn:aws:iam::${aws:accountId}:role/shop",
        "${ssm:/shop/role}",
        "${ssm(eu-west-1):/shop/role}",
    ],
)
def test_a_role_of_terraform_is_the_role_of_a_service(tmp_path: Path, role: str) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    app = app_of(tmp_path, HEAD + f"functions:\n  f:\n    handler: a.b\n    role: {role}\n")
    found = function_of(app).execution_role
    assert found is not None
    assert found.address == "aws_iam_role.shop"


def test_another_parameter_is_another_role(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    app = app_of(tmp_path, HEAD + "functions:\n  f:\n    handler: a.b\n    role: ${ssm:/other/role}\n")
    assert function_of(app).execution_role is None


def test_what_a_service_includes_is_no_template_of_its_own(tmp_path: Path) -> None:
    included = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"
    text = HEAD + "functions:\n  f: {handler: a.b}\nresources: ${file(resources.yml)}\n"
    app = app_of(tmp_path, text, {"resources.yml": included})
    assert [r.address for r in app.resources if r.kind == "queue"] == ["Q"]
    assert {source.document.path for source in app.sources} == {"serverless.yml", "resources.yml"}


@pytest.mark.parametrize("folder", [".serverless", "out"])
def test_what_was_packaged_is_not_told_again(tmp_path: Path, folder: str) -> None:
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"F": {"Type": "AWS::Lambda::Function"}}}
    files = {f"{folder}/cloudformation-template-update-stack.json": json.dumps(template)}
    app = app_of(tmp_path, HEAD + "functions:\n  f: {handler: a.b}\n", files)
    assert [f.address for f in app.functions] == ["f"]


def test_two_services_stay_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        text = HEAD.replace("shop", name) + "functions:\n  f: {handler: a.b}\n"
        (folder / "serverless.yml").write_text(text, encoding="utf-8")
    app = load(tmp_path)
    assert [f.address for f in app.functions] == ["f", "f"]
    assert len({f.key for f in app.functions}) == 2
    assert all(f.execution_role is not None and f.execution_role.functions == (f,) for f in app.functions)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("copilot/.workspace", ("AWS Copilot", "copilot svc package")),
        ("sst.config.ts", ("SST", "sst build")),
        ("Pulumi.yaml", ("Pulumi", "pulumi preview")),
        ("zappa_settings.json", ("Zappa", "zappa template")),
        ("app.arc", ("Architect", "arc deploy")),
        ("cdk.json", ("the AWS CDK", "cdk synth")),
    ],
)
def test_projects_of_other_frameworks_are_told_by_name(tmp_path: Path, file: str, words: tuple[str, str]) -> None:
    path = tmp_path / "app" / file
    path.parent.mkdir(parents=True)
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(NothingToScan, match=words[0]) as nothing:
        load(tmp_path)
    assert words[1] in nothing.value.hint
    app = app_of(tmp_path, HEAD + "functions:\n  f: {handler: a.b}\n")
    told = [gap for gap in app.gaps if gap.kind == "framework"]
    assert [gap.path for gap in told] == [f"app/{file}"]
    assert words[1] in told[0].remedy
    assert not told[0].hides


def test_what_the_configuration_of_a_chalice_project_states(tmp_path: Path) -> None:
    folder = tmp_path / ".chalice"
    folder.mkdir()
    config = {
        "version": "2.0",
        "app_name": "shop",
        "environment_variables": {"DB_PASSWORD": "hunter2-but-longer"},
        "stages": {
            "dev": {"autogen_policy": False, "lambda_timeout": 20, "xray": True},
            "prod": {"iam_role_arn": "arn:aws:iam::111122223333:role/shop", "autogen_policy": True},
            "test": {},
        },
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    (folder / "policy-dev.json").write_text(json.dumps(policy, indent=1), encoding="utf-8")
    result = api.scan(tmp_path)
    assert [f.address for f in result.app.functions] == ["shop-dev", "shop-prod", "shop-test"]
    dev, prod, test = result.app.functions
    assert dev.timeout.is_(20).is_yes
    assert dev.tracing.is_("Active").is_yes
    assert prod.role.is_("arn:aws:iam::111122223333:role/shop").is_yes
    assert dev.runtime.is_("python3.9").truth == "maybe"
    assert test.execution_role is not None
    told = {(f.rule.name, f.span.doc.path, f.span.line) for f in result.visible if f.span is not None}
    assert ("star-action", ".chalice/policy-dev.json", 6) in told
    assert ("secret-in-environment", ".chalice/config.json", 5) in told
    verdicts = {(row.rule.name, row.function.address): row.verdict for row in result.rows}
    assert verdicts["star-action", "shop-test"] == "unknown"
    assert verdicts["open-api-route", "shop-dev"] == "unknown"
    gap = next(gap for gap in result.gaps if gap.kind == "framework")
    assert "chalice package" in gap.remedy


def test_a_synthesised_project_is_read(tmp_path: Path) -> None:
    out = tmp_path / "cdk.out"
    out.mkdir()
    (tmp_path / "cdk.json").write_text("{}", encoding="utf-8")
    (out / "manifest.json").write_text("{}", encoding="utf-8")
    template = {"Resources": {"F": {"Type": "AWS::Lambda::Function"}}}
    (out / "Stack.template.json").write_text(json.dumps(template), encoding="utf-8")
    app = load(tmp_path)
    assert [f.address for f in app.functions] == ["F"]
    assert not [gap for gap in app.gaps if gap.kind == "framework"]


def test_the_plugin_for_retention_lets_custom_say_it(tmp_path: Path) -> None:
    text = HEAD + (
        "  logRetentionInDays: 7\nplugins: [serverless-plugin-log-retention]\ncustom: {logRetentionInDays: 30}\n"
        "functions:\n  f: {handler: a.b}\n  g: {handler: a.b, logRetentionInDays: 14}\n"
    )
    app = app_of(tmp_path, text)
    kept = {group.address: group.retention.show() for group in app.of(LogGroup)}
    assert kept == {"FLogGroup": "30", "GLogGroup": "14"}
    assert not app.gaps


def test_the_plugin_for_gems_adds_a_layer(tmp_path: Path) -> None:
    text = HEAD + (
        "  layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:all:1']\nplugins: [serverless-ruby-layer]\n"
        "custom: {rubyLayer: {exclude_functions: [h], layer: {name: gems}}}\n"
        "functions:\n  f: {handler: a.b}\n  g: {handler: a.b, layers: [!Ref OwnLambdaLayer]}\n  h: {handler: a.b}\n"
        "layers: {own: {path: own}}\n"
    )
    app = app_of(tmp_path, text)
    layers = {f.address: [value.show() for value in f.layers] for f in app.functions}
    assert layers == {
        "f": ["${GemLambdaLayer}"],
        "g": ["${OwnLambdaLayer}", "${GemLambdaLayer}"],
        "h": ["arn:aws:lambda:eu-west-1:111122223333:layer:all:1"],
    }
    assert [layer.name.show() for layer in app.of(LayerVersion)] == ["own", "gems"]
    assert not app.gaps


def test_a_key_may_stand_beside_the_name_of_an_older_service(tmp_path: Path) -> None:
    text = HEAD.replace("service: shop", "service: {name: shop, awsKmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/a'}")
    app = app_of(tmp_path, text + "functions:\n  f: {handler: a.b}\n")
    assert function_of(app).kms_key.show() == "arn:aws:kms:eu-west-1:1:key/a"
