"""`-f matrix`: one JSON line for every function and rule, so that a pass can be checked too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from stockade.engine.findings import Result
from stockade.model.app import Function
from stockade.reports._shared import home
from stockade.reports.json import origin_data, span_data


def render(result: Result) -> str:
    """All rows, in the order of the functions."""
    return b"".join(_lines(result)).decode()


def _lines(result: Result) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    rules = {
        rule.code: {"rule": {"code": rule.code, "name": rule.name}, "controls": list(rule.controls)}
        for rule in result.rules
    }
    function, own = None, {}
    for row in result.rows.by_function():
        if not result.covers(row.rule):
            continue
        if row.function is not function:
            function, own = row.function, _of(row.function)
        said = rules[row.rule.code]
        yield encoder.encode(
            {
                **own,
                "rule": said["rule"],
                "controls": said["controls"],
                "verdict": row.verdict,
                "reason": row.reason,
                "location": origin_data(row.origin),
            }
        )
        yield b"\n"


def _of(function: Function) -> dict[str, Any]:
    """What the rows of one function have in common: the place of its name, and its address."""
    place = span_data(home(function))
    return {
        "path": place["path"] if place else "",
        "line": place["line"] if place else 1,
        "function": function.address,
    }
