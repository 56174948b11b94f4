"""SARIF: the published schema, places in every kind of file, and the limits of code hosts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from stockade import api
from stockade.reports import sarif
from tests.reports.sarif_schema import problems, validator
from tests.support import TODAY

OPEN = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: NONE
"""


def log_of(folder: Path, **options: Any) -> dict[str, Any]:
    """The SARIF log of a folder."""
    found: dict[str, Any] = json.loads(sarif.render(api.scan(folder, today=TODAY, **options)))
    assert problems(found) == []
    return found


def marked(folder: Path, place: dict[str, Any]) -> str:
    """The text that a reader of the log would mark, who counts characters and takes every kind of line end."""
    region = place["physicalLocation"]["region"]
    text = (folder / place["physicalLocation"]["artifactLocation"]["uri"]).read_bytes().decode("utf-8-sig")
    lines = text.replace("\r\n", "\n").split("\n")
    assert region["startLine"] == region["endLine"]
    return lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]


def test_the_schema_refuses_what_is_no_sarif() -> None:
    assert list(validator().iter_errors({"version": "2.1.0"}))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("\n", "\r\n"),
        ("AuthType: NONE", '"AuthType":\tNONE # 😀'),
        ("AuthType: NONE", '{"😀🜁": 1, AuthType: NONE}'),
        ("Transform", "# 🜁\nTransform"),
        ("Transform", "\ufeffTransform"),
    ],
    ids=["plain", "crlf", "tab", "astral", "astral-above", "mark"],
)
def test_regions_are_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    (tmp_path / "template.yaml").write_bytes(OPEN.replace(before, after, 1 if before != "\n" else -1).encode())
    if not before:
        (tmp_path / "template.yaml").write_text(OPEN)
    monkeypatch.chdir(tmp_path)
    (result,) = log_of(Path(), select=["SK101"])["runs"][0]["results"]
    assert marked(tmp_path, result["locations"][0]) == "NONE"


def test_paths_lead_from_where_the_scan_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "infra ü" / "a%b"
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(OPEN)
    monkeypatch.chdir(tmp_path)
    for root in (Path("infra ü"), tmp_path / "infra ü", Path("infra ü/a%b/template.yaml")):
        (result,) = log_of(root, select=["SK101"])["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place["uri"] == "infra%20%C3%BC/a%25b/template.yaml"


def test_a_fix_says_what_it_would_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "template.yaml").write_text(OPEN)
    monkeypatch.chdir(tmp_path)
    (result,) = log_of(Path(), select=["SK101"])["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"]["text"] == "AWS_IAM"
    assert marked(tmp_path, {"physicalLocation": {**change, "region": replacement["deletedRegion"]}}) == "NONE"


def test_what_is_ignored_or_undecided_is_marked_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ignored = OPEN.replace("NONE", 'NONE # stockade: ignore[SK101] reason="it is a test"')
    (tmp_path / "a.yaml").write_text(ignored)
    (tmp_path / "b.yaml").write_text(
        OPEN.replace("NONE", "!Ref Auth").replace("Resources", "Parameters: {Auth: {Type: String}}\nResources")
    )
    monkeypatch.chdir(tmp_path)
    results = log_of(Path(), select=["SK101"], persona="auditor")["runs"][0]["results"]
    by_file = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: r for r in results}
    assert by_file["a.yaml"]["suppressions"][0]["justification"] == "it is a test"
    assert (by_file["b.yaml"]["kind"], by_file["b.yaml"]["level"]) == ("open", "none")


def test_gaps_are_notifications(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "template.yaml").write_text(OPEN.replace("Transform:", "Transform:\n  - Acme::Macro\n  -"))
    monkeypatch.chdir(tmp_path)
    (said,) = log_of(Path())["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert "Acme::Macro" in said["message"]["text"]


def test_no_more_than_code_hosts_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(OPEN)
    (tmp_path / "b.yaml").write_text(OPEN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sarif, "MOST_RESULTS", 1)
    run = log_of(Path(), select=["SK101"])["runs"][0]
    assert len(run["results"]) == 1
    assert "1 findings" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_a_long_message_keeps_its_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As JSON: a key of YAML can't be as long.
    template = yaml.safe_load(OPEN)
    template["Resources"] = {"W" * 1500: template["Resources"]["Webhook"]}
    (tmp_path / "template.json").write_text(json.dumps(template))
    monkeypatch.chdir(tmp_path)
    (result,) = log_of(Path(), select=["SK101"])["runs"][0]["results"]
    assert len(result["message"]["text"]) == 1024
    assert "… Help" not in result["message"]["text"]
    assert ". Help: " in result["message"]["text"]
