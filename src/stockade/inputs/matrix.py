"""Which field of the model stands where in each format: the rows of the matrix in the docs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.inputs.cloudformation.tables import tables as cloudformation_tables
from stockade.inputs.cloudformation.tables.inexpressible import CLOUDFORMATION, IMPLIED, SAM
from stockade.inputs.lens import Lens, Table
from stockade.inputs.serverless.written import MADE
from stockade.inputs.serverless.written import TABLES as WRITTEN
from stockade.inputs.terraform.outputs import OUTPUT, PROVIDER
from stockade.inputs.terraform.tables import tables as terraform_tables
from stockade.inputs.terraform.tables.inexpressible import TERRAFORM
from stockade.inputs.terraform.variables import TABLE as TERRAFORM_VARIABLE
from stockade.model.app import KINDS, LINKS, Circle, Missing, Other, Request, Resource, Unsupported, Untransformed

SERVERLESS = "serverless"
FORMATS = ("cloudformation", "sam", "terraform", SERVERLESS)
# Kinds of which no field is stated: what is not looked into, and what is found by what is not there.
UNSTATED: tuple[type[Resource], ...] = (Other, Missing, Circle, Untransformed, Unsupported, Request)
# Why a format can't express a field.
REASONS: dict[str, dict[tuple[str, str], str]] = {"cloudformation": CLOUDFORMATION, "sam": SAM, "terraform": TERRAFORM}
# Fields that say what a record is and where, and that no source states as such.
_ABOUT = frozenset(
    {
        "address",
        "created_first",
        "exists",
        "framework_owned",
        "functions",
        "key",
        "origin",
        "origins_again",
        "origins_forgotten",
        "pins",
        "place",
        "settings_at",
        "site",
        "twin",
        "type",
        "withheld",
    }
)

How: TypeAlias = Literal["path", "code", "constant", "implied", "inexpressible", "todo"]


class Row(Struct, frozen=True):
    """One field of one kind in one format, for one resource type.

    `how`: by its `path`; by `code` (the function's name is in `by`); a `constant` of the type; `implied` by where the
    resource is written; `inexpressible` for the reason in `why`; or `todo`.
    """

    kind: str
    field: str
    format: str
    how: How
    type: str = ""
    path: str = ""
    by: str = ""
    why: str = ""


def rows() -> Iterator[Row]:
    """Every row, by kind, field and format."""
    tables = {format_: list(tables_of(format_)) for format_ in FORMATS}
    for kind in KINDS:
        if kind in UNSTATED:
            continue
        own = {format_: [t for t in found if t.makes is kind] for format_, found in tables.items()}
        for field in fields_of(kind):
            written = list(_rows(kind, field, "cloudformation", own["cloudformation"]))
            yield from written
            if own["sam"]:
                yield from _rows(kind, field, "sam", own["sam"])
            else:
                # A SAM template takes CloudFormation's own types as they are.
                yield from (Row(r.kind, r.field, "sam", r.how, r.type, r.path, r.by, r.why) for r in written)
            yield from _rows(kind, field, "terraform", own["terraform"])
            yield from map(_in_serverless, written)


def _in_serverless(row: Row) -> Row:
    """A field in the Serverless Framework: a key of its own, or CloudFormation's property under `resources`."""
    if (row.kind, row.field) in MADE:
        return Row(row.kind, row.field, SERVERLESS, "implied", why=MADE[row.kind, row.field])
    own = WRITTEN.get(row.type, {}).get(row.path)
    if own is not None:
        return Row(row.kind, row.field, SERVERLESS, row.how, "functions", own, row.by)
    return Row(row.kind, row.field, SERVERLESS, row.how, row.type, row.path, row.by, row.why)


def tables_of(format_: str) -> Iterable[Table]:
    """The tables of a format."""
    if format_ == "terraform":
        return (*terraform_tables().values(), TERRAFORM_VARIABLE, OUTPUT, PROVIDER)
    if format_ == SERVERLESS:
        return ()  # what a service becomes is read by CloudFormation's
    sam = format_ == "sam"
    return (t for t in cloudformation_tables().values() if t.type.startswith("AWS::Serverless::") is sam)


def fields_of(kind: type[Resource]) -> list[str]:
    """The fields of a kind that a source states."""
    return [name for name in kind.__struct_fields__ if name not in _ABOUT and name not in LINKS]


def _rows(kind: type[Resource], field: str, format_: str, found: list[Table]) -> Iterator[Row]:
    any_yet = False
    for table in found:
        lens = table.fields.get(field)
        if lens is not None:
            any_yet = True
            yield _row(kind, field, format_, table, lens)
        elif field in dict(table.constants):
            any_yet = True
            yield Row(kind.kind, field, format_, "constant", table.type, path="Type")
    if any_yet:
        return
    key = (kind.kind, field)
    if format_ == "sam" and key in IMPLIED:
        yield Row(kind.kind, field, format_, "implied", why=IMPLIED[key])
    elif key in REASONS[format_]:
        yield Row(kind.kind, field, format_, "inexpressible", why=REASONS[format_][key])
    elif field == "name":
        yield Row(kind.kind, field, format_, "inexpressible", why="it has no name of its own")
    elif field == "tags":
        yield Row(kind.kind, field, format_, "inexpressible", why="it takes no tags")
    else:
        yield Row(kind.kind, field, format_, "todo")


def _row(kind: type[Resource], field: str, format_: str, table: Table, lens: Lens) -> Row:
    paths = ", ".join(".".join(path) for path in (lens.path, *lens.also))
    return Row(kind.kind, field, format_, "code" if lens.by else "path", table.type, paths, lens.by)
