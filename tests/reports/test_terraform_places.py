"""Where reports say that something stands, of what modules make."""

from __future__ import annotations

import json as json_
import re
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.findings import Result
from stockade.reports import json, matrix, sarif, text
from tests.support import TODAY

MODULE = """\
variable "auth" {
  type    = string
  default = "NONE"
}

resource "aws_lambda_function" "this" {
  function_name = "hook"
  role          = "arn:aws:iam::123456789012:role/hook"
}

resource "aws_lambda_function_url" "this" {
  function_name      = aws_lambda_function.this.function_name
  authorization_type = var.auth
}
"""
CALL = """\
module "hook" {
  source = "../modules/hook"
  auth   = "NONE"
}
"""


def scan(folder: Path, files: dict[str, str], *select: str) -> Result:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data)
    return api.scan(folder, select=select, today=TODAY)


def test_an_argument_is_the_place_and_the_line_of_the_module_stands_beside_it(tmp_path: Path) -> None:
    result = scan(tmp_path, {"modules/hook/main.tf": MODULE, "a/main.tf": CALL}, "SK101")
    shown = text.render(result)
    assert "--> a/main.tf:3:12" in shown
    assert "::: modules/hook/main.tf:13:24" in shown
    assert "`authorization_type` of aws_lambda_function_url.this in the module" in shown
    (finding,) = json_.loads(json.render(result))["findings"]
    assert (finding["location"]["path"], finding["location"]["line"]) == ("a/main.tf", 3)
    assert [(r["path"], r["line"]) for r in finding["related"]] == [("modules/hook/main.tf", 13)]
    (found,) = json_.loads(sarif.render(result))["runs"][0]["results"]
    (related,) = found["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 13


def test_each_call_has_its_own_finding(tmp_path: Path) -> None:
    files = {"modules/hook/main.tf": MODULE, "a/main.tf": CALL, "b/main.tf": CALL}
    result = scan(tmp_path, files, "SK101")
    assert {f.span.doc.path for f in result.visible if f.span} == {"a/main.tf", "b/main.tf"}


def test_a_default_of_the_module_stands_in_the_module(tmp_path: Path) -> None:
    files = {"modules/hook/main.tf": MODULE, "a/main.tf": CALL.replace('  auth   = "NONE"\n', "")}
    shown = text.render(scan(tmp_path, files, "SK101"))
    assert "--> modules/hook/main.tf:13:24" in shown
    assert "the default of variable auth" in shown


def test_what_a_module_leaves_out_names_the_call(tmp_path: Path) -> None:
    shown = text.render(scan(tmp_path, {"modules/hook/main.tf": MODULE, "a/main.tf": CALL}, "SK701"))
    assert "--> modules/hook/main.tf:6:1" in shown
    assert "::: a/main.tf:1:1" in shown
    assert "the call of module.hook" in shown


@pytest.mark.parametrize("at", ["modules/hook/main.tf", "a/main.tf"])
def test_an_ignore_holds_at_either_line(tmp_path: Path, at: str) -> None:
    files = {"modules/hook/main.tf": MODULE, "a/main.tf": CALL}
    note = ' # stockade: ignore[SK101] reason="signed"\n'
    files[at] = re.sub(r"(auth   = \"NONE\"|= var\.auth)\n", lambda m: m[1] + note, files[at])
    assert note in files[at]
    assert not scan(tmp_path, files, "SK101").visible


@pytest.mark.parametrize("width", [70, 160])
def test_functions_of_one_name_are_told_apart_at_any_width(tmp_path: Path, width: int) -> None:
    files = {"modules/hook/main.tf": MODULE, "a/main.tf": CALL, "b/main.tf": CALL}
    shown = text.render(scan(tmp_path, files, "SK101", "SK701"), width=width)
    table = shown[shown.index("\nfunction ") :]
    assert "a/main.tf" in table
    assert "b/main.tf" in table


def test_every_function_has_one_row_for_a_rule_though_one_module_makes_several(tmp_path: Path) -> None:
    files = {"modules/hook/main.tf": MODULE, "a/main.tf": CALL, "b/main.tf": CALL, "c/main.tf": MODULE}
    rows = [json_.loads(line) for line in matrix.render(scan(tmp_path, files, "SK101", "SK701")).splitlines()]
    keys = [(row["path"], row["line"], row["function"], row["rule"]["code"]) for row in rows]
    assert len(set(keys)) == len(keys) == 6
    assert {row["path"] for row in rows} == {"a/main.tf", "b/main.tf", "c/main.tf"}
