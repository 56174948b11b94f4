"""Applications, findings and verdicts of a template that is written in a test; nothing touches the disk."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from stockade.engine.findings import Finding, Row
from stockade.engine.run import run_rules
from stockade.inputs.cloudformation import read as cloudformation
from stockade.inputs.cloudformation.parameters import Given
from stockade.inputs.disk import Disk
from stockade.inputs.serverless.read import read_service
from stockade.inputs.serverless.variables.resolve import Options
from stockade.model.app import App, Source
from stockade.model.link import link
from stockade.rules import all_rules
from stockade.rules._base import Context, Rule
from stockade.text.document import Document
from stockade.text.json import read_json
from stockade.text.node import Mapping
from stockade.text.yaml import read_yaml
from tests.inputs.terraform.support import app_of as terraform_app

TODAY = dt.date(2026, 11, 21)
_FENCE = re.compile(r"^```(\w+) (bad|good)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


_HCL = re.compile(
    r"^(?:resource|data|module|variable|locals|provider|terraform|output|ephemeral)\b[^:\n]*\{", re.MULTILINE
)


_SERVICE = re.compile(r"^provider:", re.MULTILINE)


def language_of(text: str) -> str:
    """The language of an example: json, hcl, serverless (a service's configuration) or yaml."""
    if text.lstrip().startswith("{"):
        return "json"
    if _HCL.search(text):
        return "hcl"
    return "serverless" if _SERVICE.search(text) else "yaml"


def app_of(*texts: str, **parameters: str) -> App:
    """The application that these templates (or this configuration of Terraform) declare.

    Parameters are as `--parameters` gives them, or `--var`.
    """
    if language_of(texts[0]) == "hcl":
        return terraform_app({f"main{number or ''}.tf": text for number, text in enumerate(texts)}, **parameters)
    if language_of(texts[0]) == "serverless":
        return service_app(texts[0], **parameters)
    sources: list[Source] = []
    found: list[tuple[Document, Mapping]] = []
    for number, text in enumerate(texts):
        syntax = "json" if text.lstrip().startswith("{") else "yaml"
        document = Document(f"template{number or ''}.{syntax}", text, syntax=syntax)
        parsed = read_json(document) if syntax == "json" else read_yaml(document)
        assert not parsed.problems, [p.message for p in parsed.problems]
        sources.append(Source(document, parsed.roots))
        found += [(document, root) for root in parsed.roots if isinstance(root, Mapping)]
    given = {name: Given(value, "--parameters") for name, value in parameters.items()}
    resources, gaps = cloudformation.read(found, given)
    return link(resources, tuple(sources), tuple(gaps))


def service_app(text: str, **parameters: str) -> App:
    """The application of a service of the Serverless Framework. `stage` is its stage, all others are parameters."""
    document = Document("serverless.yml", text, syntax="yaml")
    parsed = read_yaml(document)
    assert not parsed.problems, [p.message for p in parsed.problems]
    assert isinstance(parsed.root, Mapping)
    options = Options(stage=parameters.pop("stage", ""), parameters=parameters)
    made = read_service(document, parsed.root, Disk(Path("there is no such folder")), options)
    resources, gaps = cloudformation.read([], made=[made])
    return link(resources, (Source(document, parsed.roots),), (*made.gaps, *gaps))


def rule_of(code: str) -> Rule:
    """The rule with this code."""
    return next(r for r in all_rules() if r.code == code)


def configured(rule: Rule) -> dict[type[Struct], Any]:
    """The options that a rule's page sets for its examples."""
    stated = re.search(r"^```toml\n(.*?)^```$", rule.doc, re.MULTILINE | re.DOTALL)
    if stated is None or rule.options is None:
        return {}
    return {rule.options: msgspec.convert(tomllib.loads(stated[1])["rules"][rule.name], rule.options)}


class Verdict:
    """What one rule says of an application."""

    def __init__(self, code: str, app: App) -> None:
        findings, rows, crashes = run_rules(
            app, [rule_of(code)], Context(today=TODAY, options=configured(rule_of(code)))
        )
        assert not crashes, [c.why for c in crashes]
        self.findings: Sequence[Finding] = findings
        self.rows: Sequence[Row] = rows

    @property
    def fails(self) -> list[Finding]:
        """The faults."""
        return [f for f in self.findings if f.verdict == "fail"]

    @property
    def unsure(self) -> list[Finding]:
        """What could not be decided."""
        return [f for f in self.findings if f.verdict == "unsure"]

    @property
    def by_function(self) -> dict[str, str]:
        """The verdict on each function."""
        return {row.function.address: row.verdict for row in self.rows}

    @property
    def severities(self) -> list[str]:
        """The severity of each fault."""
        return [f.severity for f in self.fails]

    @property
    def lines(self) -> list[int]:
        """The line of each fault."""
        return [span.line for f in self.fails if (span := f.span) is not None]


def judge(code: str, *texts: str, **parameters: str) -> Verdict:
    """What one rule says of these templates."""
    return Verdict(code, app_of(*texts, **parameters))


def examples(rule: Rule, kind: str) -> list[str]:
    """The examples of a rule's page that are marked `bad` or `good`."""
    return [text for _, mark, text in _FENCE.findall(rule.doc) if mark == kind]
