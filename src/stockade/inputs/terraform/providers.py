"""What the configurations of the AWS provider say of the resources that they make: where those are, and tags for everything.

A module's providers are known by their aliases, the empty one is the default; a call may hand them on by other names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from stockade.inputs.terraform.configuration import alias_of, attribute, provider_of
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.modules import Stated
from stockade.inputs.terraform.tables import tables
from stockade.inputs.terraform.terms import Lit, NotKnown, Obj, Ref, Term, Txt, Unk, doubt_of, is_null, json_text, plain
from stockade.model.app import Place
from stockade.model.value import Hole
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance

_TAGGED = "tags"
_REGION = "region"
# What of a provider's configuration decides whose account it works in, beside the role that it assumes.
_CREDENTIALS = ("profile", "access_key", "shared_credentials_files", "shared_config_files")
_ROLES = ("assume_role", "assume_role_with_web_identity")
HERE = Place()  # of the default provider, where nobody configures it: the region and credentials of the environment
P = TypeVar("P", Term, Place)


def _own_alias(block: hcl.Block) -> str:
    alias = attribute(block, "alias")
    return alias.value if type(alias) is hcl.Constant and isinstance(alias.value, str) else ""


def configure(instance: Instance) -> None:
    """Let a module know the tags and regions that its own providers are configured with, by their aliases."""
    for block in instance.module.providers:
        if block.labels != ("aws",):
            continue
        name = _own_alias(block)
        region = attribute(block, _REGION)
        if region is not None:
            instance.regions[name] = instance.tried(region, Scope(instance), "the provider's region")
        else:
            instance.regions.pop(name, None)
        account = _account(instance, block)
        instance.providers[name] = in_region(instance, instance.regions.get(name), Place(account=account))
        for inner in block.body.of("default_tags"):
            tags = attribute(inner, "tags")
            if tags is not None:
                instance.tags[name] = instance.tried(tags, Scope(instance), "the default tags")


def _account(instance: Instance, block: hcl.Block) -> str:
    """Whose account a provider works in: its id, or a word for the credentials; empty for those of the environment."""
    words: list[str] = []
    for inner in (inner for name in _ROLES for inner in block.body.of(name)):
        role = attribute(inner, "role_arn")
        if role is not None:
            word = _word(instance, instance.tried(role, Scope(instance), "the provider's role"))
            fields = word.split(":")
            if len(fields) > 5 and fields[0] == "arn" and fields[4].isdigit():
                return fields[4]
            words.append(f"role {word}")
    for name in _CREDENTIALS:
        stated = attribute(block, name)
        if stated is not None:
            words.append(f"{name} {_word(instance, instance.tried(stated, Scope(instance), f'the {name}'))}")
    return ", ".join(words)


def _word(instance: Instance, term: Term) -> str:
    """What a term says, as a word: two terms of one word say the same, also where it is not known what."""
    try:
        return json_text(plain(term)).strip('"')
    except NotKnown:
        pass
    if type(term) is Unk and term.name:
        return f"{instance.scope}#{term.name}"
    if type(term) is Txt:
        return "".join(_part(instance, part) for part in term.parts)
    return f"{term.span.doc.path}:{term.span.start}"


def _part(instance: Instance, part: str | Ref | Hole) -> str:
    if isinstance(part, str):
        return part
    return (
        f"{{{part.reference.target}.{part.reference.attribute}}}"
        if isinstance(part, Ref)
        else f"{{{instance.scope}#{part.name}}}"
    )


def in_region(instance: Instance, region: Term | None, place: Place) -> Place:
    """A place in the region that a term is; the same place where there is no such term."""
    if region is None or is_null(region) or (type(region) is Lit and region.v == ""):
        return place
    known = type(region) is Lit
    return Place(_word(instance, region), known, place.account, "" if known else doubt_of(region).remedy)


def place_of(instance: Instance, written: hcl.Block, block: Obj) -> Place:
    """Where a resource is: in its provider's region, or in the one that it states itself (since version 6 of the provider)."""
    alias = provider_of(written)
    place = instance.providers.get(alias)
    if place is None:
        place = HERE if not alias else _not_configured(instance, alias)
        instance.providers[alias] = place
    return in_region(instance, block.entries[_REGION], place) if _REGION in block.entries else place


def _not_configured(instance: Instance, alias: str) -> Place:
    """The place of a provider that whoever calls the module has to hand to it."""
    word = f"{instance.scope}#{instance.prefix}aws.{alias}"
    return Place(word, known=False, account=word)


def places_passed(call: hcl.Block, outer: Instance) -> dict[str, Place]:
    """The places of the providers that a call hands to its module."""
    own = dict(outer.providers)
    own.setdefault("", HERE)
    stated = attribute(call, "providers")
    for entry in stated.entries if type(stated) is hcl.Object else ():
        alias = entry.value.span.text.strip('"').partition(".")[2]
        own.setdefault(alias, _not_configured(outer, alias))
    return passed(call, own)


def passed(call: hcl.Block, own: dict[str, P]) -> dict[str, P]:
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
