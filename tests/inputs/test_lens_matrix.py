"""Every field of the model has its place in every format, or a reason why it has none."""

from __future__ import annotations

import importlib
import pkgutil

from stockade.inputs.cloudformation import makers, sam
from stockade.inputs.cloudformation.matrix import FORMATS, fields_of, rows
from stockade.inputs.cloudformation.tables import tables
from stockade.inputs.cloudformation.tables.inexpressible import CLOUDFORMATION, IMPLIED, SAM
from stockade.model.app import KINDS, Other


def test_no_field_is_left_to_do() -> None:
    assert [(r.kind, r.field, r.format) for r in rows() if r.how == "todo"] == []


def test_every_field_has_a_row_in_every_format() -> None:
    have = {(r.kind, r.field, r.format) for r in rows()}
    want = {(k.kind, field, f) for k in KINDS if k is not Other for field in fields_of(k) for f in FORMATS}
    assert want - have == set()


def test_every_lens_is_about_a_field_that_there_is() -> None:
    for table in tables().values():
        stated = set(table.fields) | {name for name, _ in table.constants}
        assert stated <= set(table.makes.__struct_fields__), table.type


def test_every_reason_is_still_needed() -> None:
    used = {(r.kind, r.field, r.format) for r in rows() if r.how in {"inexpressible", "implied"}}
    for reasons, format_ in ((CLOUDFORMATION, "cloudformation"), (SAM, "sam"), (IMPLIED, "sam")):
        assert [key for key in reasons if (*key, format_) not in used] == []


def test_code_that_lowers_a_field_is_there() -> None:
    import stockade.inputs.cloudformation as own

    names: set[str] = set()
    for package in (own, makers, sam):
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            names |= set(vars(module))
            names |= {f"{c.__name__}.{m}" for c in vars(module).values() if isinstance(c, type) for m in vars(c)}
    missing = {r.by for r in rows() if r.by and r.by not in names}
    assert missing == set()
