"""`-f matrix`: one JSON line for every function and rule, so that a pass can be checked too."""

from __future__ import annotations

import msgspec

from stockade.engine.findings import Result
from stockade.model.value import File
from stockade.reports.json import origin_data, span_data


def render(result: Result) -> str:
    """All rows, in the order of the functions."""
    encode = msgspec.json.encode
    order = {id(f): i for i, f in enumerate(result.app.functions)}
    lines = []
    rows = [row for row in result.rows if result.covers(row.rule)]
    for row in sorted(rows, key=lambda r: (order[id(r.function)], r.rule.code)):
        origin = row.function.origin
        place = (
            span_data(origin.key_span if origin.key_span is not None else origin.span)
            if isinstance(origin, File)
            else None
        )
        data = {
            "path": place["path"] if place else "",
            "line": place["line"] if place else 1,
            "function": row.function.address,
            "rule": {"code": row.rule.code, "name": row.rule.name},
            "controls": list(row.rule.controls),
            "verdict": row.verdict,
            "reason": row.reason,
            "location": origin_data(row.origin),
        }
        lines.append(encode(data).decode())
    return "".join(line + "\n" for line in lines)
