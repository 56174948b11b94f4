"""What reads the reports for other programs: schemas, parsers and models that are not ours. Each names what is wrong."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from pydantic import ValidationError

from tests.reports.sarif_schema import problems as sarif

HERE = Path(__file__).parent
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}


def github(text: str) -> list[str]:
    """https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts and the runner's own reading of it."""
    *commands, last = [line for line in text.splitlines() if not line.startswith("GitHub shows")]
    found = [] if last.startswith("Stockade: ") else ["the last line does not count"]
    for line in commands:
        match = COMMAND.fullmatch(line)
        if match is None:
            found.append(f"no command: {line}")
            continue
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        unescaped = {unquote(value) for value in properties.values()}
        if properties.keys() - PROPERTIES or "title" not in properties or not unquote(match[3]).strip():
            found.append(f"not complete: {line}")
        if any("\n" in value or "\r" in value for value in unescaped):
            found.append(f"a property of several lines: {line}")
        numbers = [int(properties[name]) for name in ("line", "endLine", "col", "endColumn") if name in properties]
        if any(number < 1 for number in numbers) or (
            "col" in properties and properties["line"] != properties["endLine"]
        ):
            found.append(f"no such place: {line}")
    return found


@cache
def _gitlab() -> jsonschema.Draft7Validator:
    schema = json.loads((HERE / "gitlab_sast.schema.json").read_text("utf-8"))
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)


def gitlab(text: str) -> list[str]:
    """The schema; the ids are the report's own."""
    report = json.loads(text)
    ids = [v["id"] for v in report["vulnerabilities"]]
    found = [f"{e.json_path}: {e.message[:300]}" for e in _gitlab().iter_errors(report)]
    return found + (["two have one id"] if len(set(ids)) < len(ids) else [])


def gitlab_codequality(text: str) -> list[str]:
    """https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""
    place = {
        "type": "object",
        "required": ["path", "lines"],
        "properties": {
            "path": {"type": "string", "pattern": "^(?!\\./)[^/]"},
            "lines": {
                "type": "object",
                "required": ["begin"],
                "properties": {"begin": {"type": "integer", "minimum": 1}},
            },
        },
    }
    entry = {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": place,
        },
    }
    report = json.loads(text)
    prints = [each["fingerprint"] for each in report]
    found = [e.message for e in jsonschema.Draft202012Validator({"type": "array", "items": entry}).iter_errors(report)]
    return found + (["two have one fingerprint"] if len(set(prints)) < len(prints) else [])


# What junit-10.xsd of Jenkins' xUnit plugin lets stand where; its own reader is stricter than most.
_JUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {
            "name",
            "tests",
            "failures",
            "errors",
            "skipped",
            "group",
            "time",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
        }
        | {"log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()),
}


def junit(text: str) -> list[str]:
    """What junitparser reads, the schema of Jenkins, and the counts that build servers add up themselves."""
    suites = JUnitXml.fromstring(text.encode())
    found = []
    for suite in suites:
        cases = list(suite)
        failing = [c for c in cases if c.is_failure]
        skipped = [c for c in cases if c.is_skipped]
        if (suite.tests, suite.failures, suite.skipped, suite.errors) != (len(cases), len(failing), len(skipped), 0):
            found.append(f"{suite.name}: its counts are wrong")
        found += [f"{c.name}: says nothing" for c in failing + skipped if not c.result[0].message]
        found += [f"{suite.name}: a case without a name" for c in cases if not c.name or not c.classname]
    root = ET.fromstring(text)  # noqa: S314 - our own
    for element in root.iter():
        attributes, inside = _JUNIT[element.tag]
        found += [f"`{element.tag}` has no `{name}`" for name in set(element.attrib) - attributes]
        found += [f"`{element.tag}` holds no `{child.tag}`" for child in element if child.tag not in inside]
    total = sum(int(suite.attrib["tests"]) for suite in root)
    return found + ([] if int(root.attrib["tests"]) == total else ["the whole does not add up"])


def csv_(text: str) -> list[str]:
    """https://www.rfc-editor.org/rfc/rfc4180, and no cell that a spreadsheet runs."""
    found = [] if text.endswith("\r\n") and "\n" not in text.replace("\r\n", "") else ["its lines do not end with CRLF"]
    heading, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    found += [f"{len(row)} cells of {len(heading)}" for row in rows if len(row) != len(heading)]
    return found + [
        f"a formula: {cell}" for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]


# What https://schema.ocsf.io/1.5.0/classes/compliance_finding requires and the model takes as optional.
REQUIRED = (
    "activity_id",
    "category_uid",
    "class_uid",
    "compliance",
    "finding_info",
    "metadata",
    "severity_id",
    "time",
    "type_uid",
)
# What the class has and the model, which leaves it out, would not miss.
KNOWN = {"compliance": {"status", "status_detail"}}


def ocsf(text: str) -> list[str]:
    """The model of the class, with nothing in an event that it does not know."""
    found = []
    for line in text.splitlines():
        event = json.loads(line)
        found += [f"no {name}" for name in REQUIRED if name not in event]
        if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"]:
            found.append("its type is not that of its class and activity")
        try:
            model = ComplianceFinding(**event)
        except ValidationError as error:
            found.append(str(error))
            continue
        found += [f"the class has no `{name}`" for name in event if name not in ComplianceFinding.model_fields]
        for name in ("compliance", "finding_info", "metadata", "remediation"):
            own = set(event.get(name, {})) - KNOWN.get(name, set())
            found += [f"`{name}` has no `{key}`" for key in own if key not in type(getattr(model, name)).model_fields]
    return found


class _Tags(HTMLParser):
    """The elements of a page, with their attributes, and the text outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.text: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._code += tag in {"code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in {"code", "pre"}

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.text.append(data)


OURS = {
    "h3",
    "p",
    "strong",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "b",
    "pre",
    "ul",
    "li",
    "em",
    "sub",
}
LINKED = re.compile(r"@\w|#\d|\bGH-\d|https?://|\bwww\.")


def markdown(text: str) -> list[str]:
    """As GitHub reads it: only our own elements, every table whole, nobody called upon."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    page = _Tags()
    page.feed(reader.render(text))
    found = [f"an element of somebody else's: {tag} {own}" for tag, own in page.tags if tag not in OURS]
    found += [f"attributes: {own}" for tag, own in page.tags if own and not (tag == "code" and set(own) == {"class"})]
    found += [] if page.comments == [" stockade: report "] else [f"comments: {page.comments}"]
    found += [f"linked: {match[0]}" for part in page.text if (match := LINKED.search(part))]
    found += [] if len(text) <= 65_536 else [f"{len(text)} characters"]
    cells = [line for line in text.splitlines() if line.startswith("| ")]
    return found + [f"a broken row: {line}" for line in cells if line.count("|") != 4]


def html(text: str) -> list[str]:
    """One file that asks for nothing: its policy names its own script and style, and nothing leads out of it."""
    page = _Tags()
    page.feed(text)
    policy = next(own["content"] or "" for tag, own in page.tags if own.get("http-equiv") == "Content-Security-Policy")
    found = [] if policy.startswith("default-src 'none';") and "unsafe" not in policy else [f"its policy: {policy}"]
    for name, words in (("script", "<script>"), ("style", "<style>")):
        body = text.partition(words)[2].partition(f"</{name}>")[0]
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        found += [] if f"{name}-src 'sha256-{digest}'" in policy else [f"its {name} is not the one that it allows"]
    found += [
        f"an attribute: {name}"
        for _, own in page.tags
        for name in own
        if name.startswith("on") or name in {"src", "style"}
    ]
    found += [f"links to {own['href']}" for _, own in page.tags if not (own.get("href") or "#").startswith("#")]
    return found + [f"no such text: {n}" for n in _missing(data_of(text))]


def data_of(page: str) -> dict[str, Any]:
    """The data in a page."""
    found: dict[str, Any] = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    return found


def _missing(data: dict[str, Any]) -> list[int]:
    """Numbers of texts that are not there."""
    used = [finding[2] for finding in data["findings"]] + [reason[2] for reason in data["reasons"]]
    return [number for number in used if not 0 <= number < len(data["texts"])]


CONSUMERS: dict[str, Callable[[str], list[str]]] = {
    "sarif": lambda text: sarif(json.loads(text)),
    "github": github,
    "gitlab": gitlab,
    "gitlab-codequality": gitlab_codequality,
    "junit": junit,
    "csv": csv_,
    "ocsf": ocsf,
    "markdown": markdown,
    "html": html,
}
