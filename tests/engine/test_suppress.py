"""Ignores: what they cover, and what becomes of those that are not in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade import api
from tests.rules.support import examples, language_of, rule_of
from tests.support import TODAY, fails, scan_text, verdicts

HEAD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      FunctionUrlConfig:
        AuthType: NONE
"""


def webhook(first: str = "", key: str = "", body: str = "", value: str = "") -> str:
    """A function with an open URL and comments at four places."""
    return f"""\
{HEAD}{first}  Webhook:{key}
{body}    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      FunctionUrlConfig:
        AuthType: NONE{value}
"""


IGNORE = '# stockade: ignore[public-function-url] reason="the handler verifies it"'


@pytest.mark.parametrize(
    "text",
    [
        webhook(value=f" {IGNORE}"),
        webhook(key=f" {IGNORE}"),
        webhook(first=f"  {IGNORE}\n"),
        webhook(body=f"    {IGNORE}\n"),
        webhook(value=f" {IGNORE.replace('public-function-url', 'SK101')}"),
        webhook(value=f" {IGNORE.replace('public-function-url', 'uncapped-public-function, sk101')}"),
    ],
    ids=["value", "name", "above", "first line inside", "by code", "several"],
)
def test_an_ignore_covers_the_block_that_it_is_at(tmp_path: Path, text: str) -> None:
    result = scan_text(tmp_path, text, select=("SK101",))
    assert [f.subject.address for f in fails(result, "SK101")] == ["OtherUrl"]
    suppressed = [f for f in result.findings if f.suppressed]
    assert [f.subject.address for f in suppressed] == ["WebhookUrl"]
    assert suppressed[0].suppressed is not None
    assert suppressed[0].suppressed.reason == "the handler verifies it"
    # What is ignored is still so: the matrix tells the truth.
    assert verdicts(result, "SK101") == {"Other": "fail", "Webhook": "fail"}


def test_an_ignore_of_another_rule_covers_nothing(tmp_path: Path) -> None:
    result = scan_text(tmp_path, webhook(value=" # stockade: ignore[SK999] reason=x"))
    assert len(fails(result, "SK101")) == 2
    assert [f.message for f in fails(result, "SK901")] == [
        "`ignore[SK999]` suppresses nothing: no rule is called `SK999`"
    ]


def test_an_expired_ignore_ignores_nothing(tmp_path: Path) -> None:
    text = webhook(value=f" {IGNORE} until=2026-11-20")
    result = scan_text(tmp_path, text)
    assert len(fails(result, "SK101")) == 2
    assert [f.span.line for f in fails(result, "SK903") if f.span] == [14]
    assert not fails(result, "SK901")


def test_an_ignore_holds_on_its_last_day(tmp_path: Path) -> None:
    result = scan_text(tmp_path, webhook(value=f" {IGNORE} until=2026-11-21"))
    assert len(fails(result, "SK101")) == 1
    assert not fails(result, "SK903")


def test_an_ignore_without_reason_works_and_is_told(tmp_path: Path) -> None:
    result = scan_text(tmp_path, webhook(value=" # stockade: ignore[SK101]"))
    assert len(fails(result, "SK101")) == 1
    assert len(fails(result, "SK902")) == 1


def test_unused_ignores_are_only_told_when_all_rules_ran(tmp_path: Path) -> None:
    text = webhook(value=" # stockade: ignore[SK501] reason=x")
    assert len(fails(scan_text(tmp_path, text), "SK901")) == 1
    assert not fails(scan_text(tmp_path, text, select=("exposure",)), "SK901")


def test_metadata_ignores_in_json(tmp_path: Path) -> None:
    function = {
        "Type": "AWS::Serverless::Function",
        "Metadata": {"Stockade": {"Ignore": [{"rules": ["SK101"], "reason": "verified", "until": "2027-01-01"}]}},
        "Properties": {"Runtime": "python3.13", "FunctionUrlConfig": {"AuthType": "NONE"}},
    }
    text = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Webhook": function}}, indent=1)
    result = scan_text(tmp_path, text, name="template.json", select=("SK101",))
    assert not fails(result, "SK101")
    assert [f.suppressed.source for f in result.findings if f.suppressed] == ["metadata"]


@pytest.mark.parametrize("kind", ["bad", "good"])
@pytest.mark.parametrize("code", ["SK901", "SK902", "SK903"])
def test_examples_of_ignores_hold(tmp_path: Path, code: str, kind: str) -> None:
    every = examples(rule_of(code), kind)
    assert {language_of(text) for text in every} == {"yaml", "hcl", "serverless"}
    for number, text in enumerate(every):
        name = {"yaml": "template.yaml", "hcl": "main.tf", "serverless": "serverless.yml"}[language_of(text)]
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
        result = api.scan(folder, today=TODAY)
        assert len(fails(result, code)) == (kind == "bad"), text
        ignored = kind == "good" or code == "SK902"
        assert not [f for f in result.findings if f.rule.code == "SK101" and (f.suppressed is None) is ignored], text
