"""What was suppressed for other tools counts where somebody asks for it, and no further than it does there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cfnlint.api
import pytest

from stockade import api
from stockade.engine.honored import TOOLS, Ids, chosen
from stockade.errors import UsageError

HEAD = """\
Transform: AWS::Serverless-2016-10-31
{top}
Resources:
"""
FUNCTION = """\
  {name}:
    Type: AWS::Serverless::Function
{more}
    Properties:
      Runtime: python3.13
      Handler: a.b
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: NONE{inline}
"""
HCL = """\
resource "aws_lambda_function" "f" {{
  function_name = "f"
  runtime       = "python3.13"
  handler       = "a.b"
  filename      = "a.zip"
  role          = "arn:aws:iam::111122223333:role/r"
}}
{above}
resource "aws_lambda_function_url" "f" {{
  {first}
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "NONE" {inline}
}}
"""
CHECKOV, CDK = "CKV_AWS_258", "LambdaFunctionUrlAuth"
# Which of our rules these stand for; trivy has no check for URLs.
KNOWN = {
    **dict.fromkeys(("ckv_aws_258", "lambdafunctionurlauth", "aws-4242", "f9", "lambda_url_auth"), ("SK101",)),
    **dict.fromkeys(("e2533",), ("SK501",)),
    **dict.fromkeys(("awssolutions-iam5",), ("SK204",)),
}


@pytest.fixture(autouse=True)
def ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every id of these tests is some rule's."""
    monkeypatch.setattr(Ids, "of", classmethod(lambda cls, _: cls(KNOWN)))


def told(folder: Path, honor: str = "", select: str = "SK101") -> tuple[list[str], list[tuple[str, str]]]:
    """The subjects of what is found, and the source and reason of what is suppressed."""
    result = api.scan(folder, select=[select], honor=[honor] if honor else [])
    open_ = [f for f in result.findings if f.suppressed is None and f.verdict == "fail"]
    found = [str(function) for f in open_ for function in f.functions]
    return found, [(f.suppressed.source, f.suppressed.reason) for f in result.findings if f.suppressed is not None]


def put(folder: Path, *functions: dict[str, str], top: str = "") -> Path:
    blocks = [
        FUNCTION.format(**{"name": f"F{at}", "more": "", "inline": "", **each}) for at, each in enumerate(functions)
    ]
    (folder / "template.yaml").write_text(HEAD.format(top=top) + "".join(blocks), encoding="utf-8")
    return folder


def put_hcl(folder: Path, **parts: str) -> Path:
    text = HCL.format(**{"above": "", "first": "", "inline": "", **parts})
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return folder


def metadata(**own: Any) -> str:
    return "    Metadata: " + json.dumps({key.replace("__", "-"): value for key, value in own.items()})


@pytest.mark.parametrize(
    ("tool", "more", "inline", "reason"),
    [
        ("checkov", f"    # checkov:skip={CHECKOV}:the sender signs", "", "the sender signs"),
        ("checkov", "", f"  #checkov:skip={CHECKOV}", ""),
        ("checkov", f"    # bridgecrew:skip=CKV_AWS_1,{CHECKOV}: both", "", "both"),
        ("checkov", metadata(checkov={"skip": [{"id": CHECKOV, "comment": "signed"}]}), "", "signed"),
        ("cdk-nag", metadata(cdk_nag={"rules_to_suppress": [{"id": CDK, "reason": "signed"}]}), "", "signed"),
        (
            "cdk-nag",
            metadata(
                cdk_nag={
                    "rules_to_suppress": [{"id": CDK, "reason": "c2lnbmllcnQgZsO8ciB1bnM=", "is_reason_encoded": True}]
                }
            ),
            "",
            "signiert für uns",
        ),
    ],
)
def test_what_is_suppressed_for_others_counts_on_request(
    tool: str, more: str, inline: str, reason: str, tmp_path: Path
) -> None:
    put(tmp_path, {"more": more, "inline": inline}, {})
    assert told(tmp_path) == (["F0", "F1"], [])
    assert told(tmp_path, "guard") == (["F0", "F1"], [])
    for honor in (tool, "all"):
        assert told(tmp_path, honor) == (["F1"], [(tool, reason)])


@pytest.mark.parametrize(
    ("tool", "own"),
    [
        ("cfn-nag", {"cfn_nag": {"rules_to_suppress": [{"id": "F9", "reason": "r"}, {"id": "W59"}]}}),
        ("guard", {"guard": {"SuppressedRules": ["LAMBDA_URL_AUTH"]}}),
    ],
)
def test_metadata_of_a_resource(tool: str, own: dict[str, Any], tmp_path: Path) -> None:
    put(tmp_path, {"more": metadata(**own)}, {})
    found, suppressed = told(tmp_path, tool)
    assert (found, [source for source, _ in suppressed]) == (["F1"], [tool])


def test_cfn_lint_agrees(tmp_path: Path) -> None:
    """What cfn-lint itself says no more of a template with its metadata, we don't either."""
    put(tmp_path, {"more": metadata(cfn__lint={"config": {"ignore_checks": ["E2533"]}})}, {})
    text = (tmp_path / "template.yaml").read_text(encoding="utf-8").replace("python3.13", "python2.7")
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    matches = cfnlint.api.lint_file(tmp_path / "template.yaml")
    said = {str(match.path[1]) for match in matches if match.rule.id == "E2533"}
    assert said == {"F1"}
    assert set(told(tmp_path, "cfn-lint", "SK501")[0]) == said


@pytest.mark.parametrize("name", ["cfn-lint", "cdk_nag"])
def test_metadata_of_the_template_is_about_all_of_it(name: str, tmp_path: Path) -> None:
    own = {"config": {"ignore_checks": ["E2533"]}} if name == "cfn-lint" else {"rules_to_suppress": [{"id": CDK}]}
    put(tmp_path, {}, {}, top="Metadata: " + json.dumps({name: own}))
    text = (tmp_path / "template.yaml").read_text(encoding="utf-8").replace("python3.13", "python3.8")
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    select = "SK501" if name == "cfn-lint" else "SK101"
    assert told(tmp_path, select=select)[0]
    assert told(tmp_path, name.replace("_", "-"), select)[0] == []


def test_what_applies_to_some_findings_is_about_those(tmp_path: Path) -> None:
    role = """\
  Role:
    Type: AWS::IAM::Role
    Metadata: {cdk_nag: {rules_to_suppress: [{id: AwsSolutions-IAM5, reason: r, applies_to: ["Action::s3:*"]}]}}
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "s3:*", Resource: "*"}
              - {Effect: Allow, Action: "sqs:*", Resource: "*"}
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src/, Role: !GetAtt Role.Arn}
"""
    (tmp_path / "template.yaml").write_text(HEAD.format(top="") + role, encoding="utf-8")
    result = api.scan(tmp_path, select=["SK204"], honor=["cdk-nag"])
    said = {("s3:*" in f.message, "sqs:*" in f.message): f.suppressed is not None for f in result.findings}
    assert said == {(True, False): True, (False, True): False}


@pytest.mark.parametrize(
    ("tool", "where", "comment", "suppressed"),
    [
        ("checkov", "first", f"# checkov:skip={CHECKOV}:r", True),
        ("checkov", "inline", f"#checkov:skip={CHECKOV}:r", True),
        ("checkov", "above", f"# checkov:skip={CHECKOV}:r", False),  # checkov looks into the block alone
        ("trivy", "above", "# trivy:ignore:{trivy}", True),
        ("trivy", "above", "# tfsec:ignore:{trivy}", True),
        ("trivy", "inline", "# trivy:ignore:AVD-{trivy}", True),
        ("trivy", "above", "# trivy:ignore:{trivy}:exp:2020-01-01", False),
        ("trivy", "above", "# trivy:ignore:{trivy}:exp:2999-01-01", True),
        ("trivy", "above", "# trivy:ignore:{trivy}[authorization_type=NONE]", False),
        ("trivy", "above", "# trivy:ignore:{trivy}:ws:test", False),
        ("trivy", "above", "# trivy:ignore:AWS-9999", False),
        ("trivy", "above", "# trivy:ignore:AWS-9999 trivy:ignore:{trivy}", True),
    ],
)
def test_comments_in_terraform(
    tool: str,
    where: str,
    comment: str,
    suppressed: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    put_hcl(tmp_path, **{where: comment.format(trivy="AWS-4242")})
    assert told(tmp_path)[1] == []
    assert [source for source, _ in told(tmp_path, tool)[1]] == [tool] * suppressed


def test_a_service_of_the_serverless_framework(tmp_path: Path) -> None:
    text = """\
service: a
provider: {name: aws, runtime: python3.13}
functions:
  one:
    # checkov:skip=CKV_AWS_258:signed
    handler: a.b
    url: true
  two:
    handler: a.b
    url: true
"""
    (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
    assert told(tmp_path, "checkov") == (["two"], [("checkov", "signed")])


def test_nothing_is_asked_of_those_that_look_after_others_ignores(tmp_path: Path) -> None:
    put(tmp_path, {"more": "    # checkov:skip=CKV_AWS_45:not needed"})
    result = api.scan(tmp_path, honor=["all"])
    assert not [f for f in result.findings if f.rule.code.startswith("SK9")]


def test_the_tools_that_are_understood() -> None:
    assert chosen("checkov, tfsec,cdk_nag") == ("checkov", "trivy", "cdk-nag")
    assert chosen("all") == tuple(TOOLS)
    with pytest.raises(UsageError) as raised:
        chosen("chekov")
    assert raised.value.hint == "did you mean `checkov`?"


def test_an_id_of_a_pack_is_known_by_its_rule() -> None:
    ids = Ids({"lambdadlq": ("SK703",), "awssolutions-iam5": ("SK204", "SK206"), "aws-0066": ("SK701",)})
    assert ids.named("NIST.800.53.R5-LambdaDLQ") == ("SK703",)
    assert ids.named("AwsSolutions-IAM5") == ("SK204", "SK206")
    assert ids.named("AVD-AWS-0066") == ids.named("aws-0066") == ("SK701",)
    assert ids.named("AwsSolutions-L1") == ()
