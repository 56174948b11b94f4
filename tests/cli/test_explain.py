"""`stockade explain`: pages of rules, and what a finding rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade import api
from tests.cli.test_cli import run

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Open: {Type: String, AllowedValues: ["yes", "no"]}
Conditions:
  IsOpen: !Equals [!Ref Open, "yes"]
Globals:
  Function:
    Runtime: python3.8
    Environment: {Variables: {DB_PASSWORD: hunter2hunter2hunter2}}
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: !If [IsOpen, NONE, AWS_IAM]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def fingerprint(folder: Path, code: str) -> str:
    return next(f.fingerprint for f in api.scan(folder).findings if f.rule.code == code)


def test_a_finding_by_its_fingerprint(folder: Path) -> None:
    for name in (fingerprint(folder, "SK101"), fingerprint(folder, "SK101")[:8]):
        done = run("explain", name, cwd=folder)
        assert done.returncode == 0, done.stderr
        text = done.stdout
        assert " ".join(text.split()).startswith(
            "high[SK101]: anyone on the internet can call `Hook` through its function URL when Open is yes"
        )
        assert "  it is so when Open is yes\n" in text
        assert "  Hook: invoked by url perhaps by anyone; acts as HookRole\n" in text
        assert f"  fingerprint {fingerprint(folder, 'SK101')}, confidence high, for the persona regular\n" in text
        assert "what `stockade fix` would change\n  --- a/template.yaml\n  +++ b/template.yaml\n" in text
        assert "\n  +        AuthType: !If [IsOpen, AWS_IAM, AWS_IAM]\n" in text


def test_a_finding_by_its_place_and_the_way_to_it(folder: Path) -> None:
    done = run("explain", "template.yaml:8", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "it is decided at template.yaml:8:14\n" in done.stdout
    assert "through the Globals" in done.stdout


def test_secrets_are_not_shown(folder: Path) -> None:
    done = run("explain", fingerprint(folder, "SK301"), cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "DB_PASSWORD" in done.stdout
    assert "hunter2hunter2" not in done.stdout


def test_what_is_not_known_is_told_with_its_reason(folder: Path) -> None:
    (folder / "template.yaml").write_text(
        TEMPLATE.replace("!If [IsOpen, NONE, AWS_IAM]", "!Ref Auth"), encoding="utf-8"
    )
    data = json.loads(run("scan", "--persona", "auditor", "-f", "json", cwd=folder).stdout)
    unsure = next(f for f in data["findings"] if f["rule"]["code"] == "SK101" and f["verdict"] == "unsure")
    done = run("explain", unsure["fingerprint"], cwd=folder)
    assert "  not known: " in done.stdout


def test_rules_by_what_others_call_them(folder: Path) -> None:
    assert run("explain", "CKV_AWS_258", cwd=folder).stdout.startswith("SK101 public-function-url: ")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("layer_no_secrets", ["Secrets inside layer", "No rule of Stockade holds it.", "(package): "]),
        ("LAYER_NO_SECRETS", ["Secrets inside layer"]),
        ("no_secrets_in_logs", ["(code): the handler's code.", "Here that is: what reaches a log call."]),
        ("GuardDuty.6", ["known as Prowler guardduty_lambda_protection; AWS Security Hub GuardDuty.6", "(account): "]),
        ("837e033c", ["Stack without notifications"]),  # which could be the beginning of a fingerprint
        ("837e033c-1234-4321-aaaa-0123456789ab", ["Stack without notifications"]),
        ("in_vpc", ["holds it:\n  stockade explain "]),
    ],
)
def test_what_others_find_and_no_rule_holds(word: str, said: list[str], folder: Path) -> None:
    done = run("explain", word, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{word}: ")
    for each in said:
        assert each in done.stdout


@pytest.mark.parametrize("word", ["AVD-AWS-0066", "5813ef56", "5813ef56-fa94-406a-b35d-977d4a56ff2b"])
def test_ids_as_other_tools_write_them(word: str, folder: Path) -> None:
    assert run("explain", word, cwd=folder).stdout.startswith("SK")


def test_an_id_that_no_tool_has(folder: Path) -> None:
    done = run("explain", "public-function-ulr", cwd=folder)
    assert done.returncode == 2
    assert "did you mean `public-function-url`?" in done.stderr


@pytest.mark.parametrize("what", ["ffff1234", "template.yaml:1", "none.yaml:3"])
def test_what_is_no_finding(what: str, folder: Path) -> None:
    done = run("explain", what, cwd=folder)
    assert done.returncode == 2
    assert f"there is no finding `{what}`" in done.stderr
    assert "such as" in done.stderr
