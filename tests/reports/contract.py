"""What the reports for machines promise, checked on the reports alone: nothing here looks into the program."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).parents[2]
ROW_OF = {"fail": "fail", "unsure": "unknown"}


@cache
def schema(name: str) -> jsonschema.Draft202012Validator:
    """The validator of one of our schemas."""
    return jsonschema.Draft202012Validator(json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text("utf-8")))


class Lines:
    """How long the lines of scanned files are, so that a place can be looked up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._of: dict[str, list[int] | None] = {}

    def holds(self, path: str, line: int, column: int) -> bool:
        """Whether a file has a place. One past the end of a line is where an exclusive end may stand."""
        if path not in self._of:
            file = self.folder / path
            self._of[path] = lengths(file.read_bytes()) if file.is_file() else None
        known = self._of[path]
        return known is not None and 1 <= line <= len(known) and 1 <= column <= known[line - 1] + 1


def lengths(data: bytes) -> list[int]:
    """The number of characters of each line."""
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = data.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    return [len(line) for line in text.split("\n")]


def breaches(report: dict[str, Any], rows: list[dict[str, Any]], folder: Path) -> list[str]:
    """Everything in which two reports of one scan do not hold what they promise."""
    found = [f"report: {e.json_path}: {e.message}" for e in schema("report").iter_errors(report)]
    found += [f"row: {e.json_path}: {e.message}" for row in rows for e in schema("matrix").iter_errors(row)]
    if found:
        return found
    found += _places(report, rows, Lines(folder))
    found += _rows(rows)
    found += _agreement(report["findings"], rows)
    found += _counts(report, rows)
    prints = Counter(f["fingerprint"] for f in report["findings"])
    found += [f"{n} findings have the fingerprint {name}" for name, n in prints.items() if n > 1]
    found += [
        f"{f['rule']['code']} is undecided and says no reason"
        for f in report["findings"]
        if f["verdict"] == "unsure" and not f["reasons"]
    ]
    return found


def _places(report: dict[str, Any], rows: list[dict[str, Any]], lines: Lines) -> list[str]:
    places = [("finding", f["location"]) for f in report["findings"]]
    places += [("related", r) for f in report["findings"] for r in f["related"]]
    places += [("edit", e["location"]) for f in report["findings"] for x in f["fixes"] for e in x["edits"]]
    places += [
        ("gap", g["location"]) for g in report["gaps"] if g["kind"] not in {"unreadable", "too-large", "symlink"}
    ]
    places += [("row", r["location"]) for r in rows]
    found = []
    for what, place in places:
        if place is None:
            continue
        begin, end = (place["line"], place["column"]), (place["end_line"], place["end_column"])
        if begin > end or not all(lines.holds(place["path"], *at) for at in (begin, end)):
            found.append(f"{what}: no such place: {place}")
    found += [f"row: no such line: {r['path']}:{r['line']}" for r in rows if not lines.holds(r["path"], r["line"], 1)]
    return found


def _key(row: dict[str, Any]) -> tuple[str, int, str]:
    return row["path"], row["line"], row["function"]


def _rows(rows: list[dict[str, Any]]) -> list[str]:
    """One verdict for every function and rule, no more and no less."""
    have = Counter((*_key(row), row["rule"]["code"]) for row in rows)
    functions = {_key(row) for row in rows}
    codes = {row["rule"]["code"] for row in rows}
    found = [f"{n} rows for {key}" for key, n in have.items() if n > 1]
    found += [f"no row for {f} and {code}" for f, code in product(functions, codes) if (*f, code) not in have]
    return found


def _agreement(findings: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[str]:
    """A finding that names a function says what the row of that function says."""
    verdicts: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        verdicts.setdefault((row["function"], row["rule"]["code"]), set()).add(row["verdict"])
    found = []
    for finding in findings:
        name, code = finding["subject"]["function"], finding["rule"]["code"]
        if name is None:
            continue
        if ROW_OF[finding["verdict"]] not in verdicts.get((name, code), set()):
            found.append(f"{code} on {name}: finding {finding['verdict']}, row {verdicts.get((name, code))}")
    return found


def _counts(report: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    counted = Counter(row["verdict"] for row in rows)
    said = {verdict: n for verdict, n in report["stats"]["verdicts"].items() if n}
    return [] if said == dict(counted) else [f"the statistics say {said}, the matrix {dict(counted)}"]
