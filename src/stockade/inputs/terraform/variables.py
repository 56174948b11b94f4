"""The variables of modules, as inputs that may hold secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.lens import Table, lens
from stockade.inputs.terraform.configuration import attribute
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.modules import Instance
from stockade.inputs.terraform.places import Places
from stockade.inputs.terraform.terms import Lit, Term, is_known, json_text, plain
from stockade.inputs.terraform.values import text, value_of
from stockade.model.app import Resource, Site, Variable
from stockade.model.value import Known, Value

if TYPE_CHECKING:
    from stockade.inputs.terraform.project import Project
    from stockade.text.hcl.nodes import Block

TABLE = Table(
    "variable",
    Variable,
    {"form": lens("type"), "default": lens("default"), "hidden": lens("sensitive", "boolean")},
)


def lower_variables(project: Project) -> list[Resource]:
    """A record for each variable of each module that is used, once however often the module is called."""
    found: list[Resource] = []
    seen: set[str] = set()
    todo: list[Instance] = list(reversed(project.roots))
    while todo:
        instance = todo.pop()
        if instance.folder not in seen and instance.call is None:
            seen.add(instance.folder)
            found += [_variable(instance, name, block) for name, block in instance.module.variables.items()]
        todo += reversed(list(instance.children()))
    return found


def _variable(instance: Instance, name: str, block: Block) -> Variable:
    places: Places = instance.places
    fields: dict[str, Value[Any]] = {}
    default = attribute(block, "default")
    if default is not None:
        term = instance.tried(default, Scope(instance), f"the default of `var.{name}`")
        if type(term) is Lit:
            fields["default"] = text(value_of(term, places, default.span, block.body.attributes["default"].name_span))
        elif is_known(term):
            fields["default"] = text(value_of(_shown(term), places, default.span))
    hidden = attribute(block, "sensitive")
    if hidden is not None:
        fields["hidden"] = value_of(instance.tried(hidden, Scope(instance), "`sensitive`"), places, hidden.span)
    stated = attribute(block, "type")
    if stated is not None:
        word = stated.span.text.strip('"')
        fields["form"] = Known(v="String" if word == "string" else word, origin=places.block(stated.span))
    folder = instance.folder or "."
    return Variable(
        address=f"var.{name}",
        key=f"{folder}#var.{name}/Variable",
        type="variable",
        origin=places.block(block.span, block.header),
        site=Site(
            input="terraform",
            table=TABLE.type,
            document=block.span.doc,
            address=f"var.{name}",
            block=block,
            key_span=block.header,
            context=instance,
        ),
        **fields,  # type: ignore[arg-type]
    )


def _shown(term: Term) -> Term:
    """A collection as the text that it is in JSON, so that secrets inside of it are seen."""
    return Lit(span=term.span, v=json_text(plain(term)), sensitive=term.sensitive)
