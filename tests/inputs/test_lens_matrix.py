"""Every field of the model has its place in every format, or a reason why it has none."""

from __future__ import annotations

import importlib
import pkgutil

import stockade.inputs.cloudformation
import stockade.inputs.terraform
from stockade.inputs.cloudformation import makers, sam
from stockade.inputs.cloudformation.tables.inexpressible import IMPLIED
from stockade.inputs.matrix import FORMATS, REASONS, UNSTATED, fields_of, rows, tables_of
from stockade.inputs.terraform import makers as terraform_makers
from stockade.model.app import KINDS


def test_no_field_is_left_to_do() -> None:
    assert [(r.kind, r.field, r.format) for r in rows() if r.how == "todo"] == []


def test_every_field_has_a_row_in_every_format() -> None:
    have = {(r.kind, r.field, r.format) for r in rows()}
    want = {(k.kind, field, f) for k in KINDS if k not in UNSTATED for field in fields_of(k) for f in FORMATS}
    assert want - have == set()


def test_every_lens_is_about_a_field_that_there_is() -> None:
    for table in (table for format_ in FORMATS for table in tables_of(format_)):
        stated = set(table.fields) | {name for name, _ in table.constants}
        assert stated <= set(table.makes.__struct_fields__), table.type


def test_every_reason_is_still_needed() -> None:
    used = {(r.kind, r.field, r.format) for r in rows() if r.how in {"inexpressible", "implied"}}
    for reasons, format_ in (*((own, name) for name, own in REASONS.items()), (IMPLIED, "sam")):
        assert [key for key in reasons if (*key, format_) not in used] == []


def test_code_that_lowers_a_field_is_there() -> None:
    packages = {
        "cloudformation": (stockade.inputs.cloudformation, makers, sam),
        "terraform": (stockade.inputs.terraform, terraform_makers),
    }
    packages["sam"] = packages["serverless"] = packages["cloudformation"]
    names: dict[str, set[str]] = {format_: set() for format_ in packages}
    for format_, own in packages.items():
        for package in own:
            for found in pkgutil.iter_modules(package.__path__):
                module = importlib.import_module(f"{package.__name__}.{found.name}")
                names[format_] |= set(vars(module))
                classes = (c for c in vars(module).values() if isinstance(c, type))
                names[format_] |= {f"{c.__name__}.{m}" for c in classes for m in vars(c)}
    stated = {(r.format, r.by) for r in rows() if r.by}
    stated |= {(f, lens.by) for f in FORMATS for t in tables_of(f) for lens in t.fields.values() if lens.by}
    assert {(format_, by) for format_, by in stated if by not in names[format_]} == set()
