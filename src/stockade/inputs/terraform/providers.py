"""What the configurations of the AWS provider say of the resources that they make: regions, and tags for everything.

A module's providers are known by their aliases, the empty one is the default; a call may hand them on by other names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from stockade.inputs.terraform.configuration import alias_of, attribute
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.modules import Stated
from stockade.inputs.terraform.tables import tables
from stockade.inputs.terraform.terms import Obj, Term, is_null
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance

_TAGGED = "tags"


def _own_alias(block: hcl.Block) -> str:
    alias = attribute(block, "alias")
    return alias.value if type(alias) is hcl.Constant and isinstance(alias.value, str) else ""


def configure(instance: Instance) -> None:
    """Let a root module know the tags and regions that its providers are configured with, by their aliases."""
    for block in instance.module.providers:
        if block.labels != ("aws",):
            continue
        name = _own_alias(block)
        region = attribute(block, "region")
        if region is not None:
            instance.regions[name] = instance.tried(region, Scope(instance), "the provider's region")
        for inner in block.body.of("default_tags"):
            tags = attribute(inner, "tags")
            if tags is not None:
                instance.tags[name] = instance.tried(tags, Scope(instance), "the default tags")


def passed(call: hcl.Block, own: dict[str, Term]) -> dict[str, Term]:
    """What is so of the providers that a call hands to its module: the default one, unless `providers` says otherwise."""
    found = {"": own[""]} if "" in own else {}
    stated = attribute(call, "providers")
    for entry in stated.entries if type(stated) is hcl.Object else ():
        name, given = entry.key.span.text.strip('"'), entry.value.span.text.strip('"')
        if name.partition(".")[0] == "aws":
            found.pop(name.partition(".")[2], None)
            value = own.get(given.partition(".")[2])
            if value is not None:
                found[name.partition(".")[2]] = value
    return found


def tagged(block: Obj, instance: Instance, written: hcl.Block) -> Obj:
    """A resource's block with the provider's default tags, which its own tags win over."""
    table = tables().get(written.labels[0])
    if not instance.tags or table is None or _TAGGED not in table.fields:
        return block
    default = instance.tags.get(alias_of(written))
    own = block.entries.get(_TAGGED)
    if type(default) is not Obj or (own is not None and not is_null(own) and type(own) is not Obj):
        return block
    if type(own) is not Obj:
        merged = default
    else:
        merged = Obj(
            span=own.span,
            entries={**default.entries, **own.entries},
            keys={**default.keys, **own.keys},
            places={**default.places, **own.places},
            open=default.open or own.open,
        )
    entries: Any = Stated((*block.entries, _TAGGED), lambda name: merged if name == _TAGGED else block.entries[name])
    return replace(block, entries=entries)
