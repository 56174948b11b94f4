"""Reports for other programs: hostile templates, secrets in all of them, and what each promises by itself."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from junitparser import JUnitXml

from stockade import api
from stockade.cli.scan import FORMATS
from stockade.reports import csv as csv_report
from stockade.reports import github, gitlab, gitlab_codequality, junit, matrix, ocsf
from tests.reports.consumers import CONSUMERS, data_of
from tests.reports.formats import rendered
from tests.reports.test_text import FUNCTION, HEAD, SECRETS, URL, WITH_SECRETS, functions, scan
from tests.support import TODAY

# Names that mean something to whoever reads the report next: to a shell's log, a table, Markdown, HTML, a spreadsheet.
NAMES = [
    "=cmd|' /C calc'!A0",
    "+1-@SUM(1)",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "--> <img src=x onerror=alert(1)>",
    "a|b||c",
    "`code` **bold** [link](https://evil.example)",
    "@everyone and #1 and GH-7 and www.evil.example",
    "::error::mine%0A::set-output name=x::y,title=z:1",
    "</details>]]>&amp;\\u0007\\u202e\\ufffe",
    "```\\n# heading",
]


def hostile(folder: Path) -> api.Result:
    """A scan of functions with such names, which stand in messages, excerpts, suppressions and gaps."""
    blocks = [
        f'  "{name}":\n'
        + FUNCTION.partition("\n")[2]
        + URL
        + f'      Environment: {{Variables: {{LOG_LEVEL: "{name}"}}}}\n'
        for name in NAMES
    ]
    ignored = '  # stockade: ignore[SK101] reason="@all =1+1 </script>|"\n' + blocks[0].replace(NAMES[0], "Ignored")
    gap = f'  Other:\n    Type: AWS::Serverless::Function\n    Properties: {{"Fn::Transform": "{NAMES[2]}"}}\n'
    return scan(folder, HEAD + "Resources:\n" + "".join(blocks) + ignored + gap, persona="auditor")


@pytest.mark.parametrize("name", CONSUMERS)
def test_names_are_only_text(tmp_path: Path, name: str) -> None:
    result = hostile(tmp_path)
    assert len([f for f in result.visible if f.rule.code == "SK101"]) == len(NAMES)
    assert any(f.suppressed is not None for f in result.findings)
    report = rendered(result, name)
    assert CONSUMERS[name](report) == []
    if name not in {"sarif", "ocsf"}:  # which hold what is written, for programs alone
        assert not set(report) & set("\x07\u202e")


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_shows_a_secret(tmp_path: Path, name: str) -> None:
    # The fix puts something beside the secrets, so that the difference has their lines.
    template = WITH_SECRETS + URL + "      Tracing: PassThrough\n"
    report = rendered(scan(tmp_path, template, persona="auditor"), name)
    for secret in SECRETS:
        assert secret not in report
        assert secret[4:] not in report


def test_what_moves_a_secret_does_not_show_it(tmp_path: Path) -> None:
    # In a flow mapping, edits rewrite what stands there.
    template = (
        HEAD
        + "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.13, Handler: a.b, "
        + "CodeUri: src/, Tracing: PassThrough, FunctionUrlConfig: {AuthType: NONE}, "
        + f"Environment: {{Variables: {{DB_PASSWORD: {SECRETS[0]}}}}}}}\n"
    )
    result = scan(tmp_path, template, persona="auditor")
    for name in FORMATS:
        assert SECRETS[0] not in rendered(result, name), name


BESIDE = [
    # What is no function's, next to what is reported: containers, inputs that no function uses, another tool's keys.
    "  Other:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      Name: DB_PASSWORD\n      Value: %s\n",
    "  Other:\n    Type: Custom::Thing\n    Properties:\n      ApiSecret: '%s'\n",
    "  Other:\n    Type: Custom::Thing\n    Properties:\n      DbPassword:\n        Default: %s\n",
    '  Other: {Type: Custom::Thing, Properties: {"ApiToken": "%s"}}\n',
]


@pytest.mark.parametrize("other", BESIDE)
def test_no_secret_is_shown_around_a_place(tmp_path: Path, other: str) -> None:
    # The name of the second function, which is marked, stands right below.
    second = functions(1, URL).partition("Resources:\n")[2].replace("F00", "Second")
    result = scan(tmp_path, functions(1, URL) + other % SECRETS[0] + second, persona="auditor")
    assert SECRETS[0][:3] + "****" in rendered(result, "html")
    for name in FORMATS:
        assert SECRETS[0] not in rendered(result, name), name


@pytest.mark.parametrize("name", CONSUMERS)
def test_a_scan_without_findings(tmp_path: Path, name: str) -> None:
    result = scan(tmp_path, functions(1), select=["SK101"])
    assert result.findings == ()
    assert CONSUMERS[name](rendered(result, name)) == []


def test_annotations_stand_where_the_findings_are_the_worst_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = scan(tmp_path, functions(11, URL), select=["SK101", "SK706", "SK118"], persona="pedantic")
    *commands, counts, note = github.render(result).splitlines()
    levels = [line.split(" ", 1)[0] for line in commands]
    assert levels == sorted(levels, key=["::error", "::warning", "::notice"].index)
    assert commands[0].startswith(
        "::error file=template.yaml,line=10,endLine=10,col=19,endColumn=22,title=high%3A SK101 public-function-url::anyone"
    )
    assert counts.startswith("Stockade: ")
    assert "first 10" in note
    assert "Help: require AWS_IAM" in unquote(commands[0])


def test_gitlab_keeps_a_finding_that_moves(tmp_path: Path) -> None:
    def of(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
        result = scan(tmp_path, text, select=["SK101"])
        return json.loads(gitlab.render(result))["vulnerabilities"][0], json.loads(gitlab_codequality.render(result))[0]

    (before, quality_before), (after, quality_after) = of(functions(1, URL)), of("# a line more\n" + functions(1, URL))
    assert before["location"]["start_line"] + 1 == after["location"]["start_line"]
    assert before["id"] == after["id"]
    assert before["severity"] == "High"
    assert quality_before["fingerprint"] == quality_after["fingerprint"]
    assert quality_before["severity"] == "critical"
    assert [i["type"] for i in before["identifiers"]] == ["stockade_rule", "cwe"]


def test_a_case_for_every_function_and_rule_that_applied() -> None:
    result = api.scan(Path("examples/orders"), today=TODAY, persona="pedantic")
    rows = [json.loads(line) for line in matrix.render(result).splitlines()]
    cases = [case for suite in JUnitXml.fromstring(junit.render(result).encode()) for case in suite]
    by_name = {(c.classname, c.name.partition(" ")[0]): c for c in cases}
    applied = {(r["function"], r["rule"]["code"]): r for r in rows if r["verdict"] != "not_applicable"}
    assert applied.keys() <= by_name.keys()
    for key, row in applied.items():
        case = by_name[key]
        assert case.is_passed == (row["verdict"] == "pass"), key
        if case.is_skipped:
            assert row["verdict"] == "unknown" or "tells of the cause" in row["reason"], key
    assert any(c.is_failure for c in cases)


def test_a_case_that_is_suppressed_or_not_asked_for_is_skipped(tmp_path: Path) -> None:
    ignored = functions(1, URL).replace("  F00:", "  # stockade: ignore[SK101] reason=mine\n  F00:")
    result = scan(tmp_path, ignored, select=["SK101", "SK118"], show="critical")
    cases = {c.name.partition(" ")[0]: c for suite in JUnitXml.fromstring(junit.render(result).encode()) for c in suite}
    assert cases["SK101"].result[0].message == "suppressed: mine"
    assert cases["SK118"].result[0].message.startswith("not asked for: medium: ")


def test_a_case_that_a_stricter_persona_asks_for_is_skipped(tmp_path: Path) -> None:
    text = functions(1).replace("    Properties:\n", "    Properties:\n      Role: !GetAtt Role.Arn\n", 1) + (
        "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n"
        "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']\n"
    )
    (case,) = [c for s in JUnitXml.fromstring(junit.render(scan(tmp_path, text, select=["SK208"])).encode()) for c in s]
    assert case.result[0].message.startswith("is asked for by the pedantic persona only: ")


def test_the_table_has_what_is_suppressed_and_why(tmp_path: Path) -> None:
    ignored = functions(2, URL).replace("NONE", "NONE # stockade: ignore[SK101] reason=mine", 1)
    result = scan(tmp_path, ignored, select=["SK101"])
    rows = list(csv.DictReader(io.StringIO(csv_report.render(result), newline="")))
    assert [row["suppressed"] for row in rows] == ["mine", ""]
    assert {row["fix_safety"] for row in rows} == {"unsafe"}
    events = [json.loads(line) for line in ocsf.render(result).splitlines()]
    assert [e["status"] for e in events] == ["Suppressed", "New"]


def test_what_can_not_be_told_is_no_fault_anywhere(tmp_path: Path) -> None:
    template = functions(1, "      FunctionUrlConfig: {AuthType: !Ref Auth}\n").replace(
        "Resources", "Parameters:\n  Auth: {Type: String}\nResources"
    )
    result = scan(tmp_path, template, select=["SK101"], persona="auditor")
    assert json.loads(gitlab.render(result))["vulnerabilities"][0]["severity"] == "Unknown"
    assert json.loads(gitlab_codequality.render(result))[0]["severity"] == "info"
    assert github.render(result).startswith("::notice ")
    assert json.loads(ocsf.render(result))["compliance"]["status"] == "Warning"
    assert next(iter(next(iter(JUnitXml.fromstring(junit.render(result).encode()))))).is_skipped
    assert data_of(rendered(result, "html"))["findings"][0][-1]["verdict"] == "unsure"
