"""What the reader makes of expressions, held against what Terraform says their values are."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from stockade.text.document import Document
from stockade.text.hcl.read import read_hcl
from tests.text.hcl.evaluate import evaluate
from tests.text.hcl.expressions import EXPRESSIONS, configuration
from tests.text.hcl.record import RECORDED, ask, version


def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return found


def as_json(value: Any) -> Any:
    """A value as it is after a round trip through JSON; the type of a whole number is looked at elsewhere."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return value


def values(text: str) -> list[Any]:
    file = read_hcl(Document("main.tf", text))
    assert not file.problems, [(problem.message, problem.span) for problem in file.problems]
    known: dict[str, Any] = {}
    for name, attribute in file.body.blocks[0].body.attributes.items():
        known[name] = evaluate(attribute.expr, {"local": known})
    return [as_json(known[f"x{index}"]) for index in range(len(EXPRESSIONS))]


def differences(found: list[Any], wanted: list[Any]) -> list[tuple[str, Any, Any]]:
    return [
        (source, mine, theirs)
        for source, mine, theirs in zip(EXPRESSIONS, found, wanted, strict=True)
        if json.dumps(mine, sort_keys=True) != json.dumps(theirs, sort_keys=True)
    ]


def test_the_record_is_of_these_expressions() -> None:
    assert recorded()["expressions"] == EXPRESSIONS, "run python -m tests.text.hcl.record"


def test_every_expression_has_the_value_that_terraform_gives_it() -> None:
    assert differences(values(configuration(EXPRESSIONS)), recorded()["values"]) == []


def test_so_it_has_with_windows_line_ends() -> None:
    assert differences(values(configuration(EXPRESSIONS, "\r\n")), recorded()["values_with_crlf"]) == []


@pytest.mark.terraform
def test_terraform_still_says_what_was_recorded() -> None:
    assert version() == recorded()["terraform"], "another version may say otherwise: record it anew"
    assert ask(configuration(EXPRESSIONS), len(EXPRESSIONS)) == recorded()["values"]
    assert ask(configuration(EXPRESSIONS, "\r\n"), len(EXPRESSIONS)) == recorded()["values_with_crlf"]
