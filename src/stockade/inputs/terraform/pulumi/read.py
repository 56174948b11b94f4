"""From the resources of a stack of Pulumi's to instances as Terraform's: types, attributes, references, places.

A preview knows no more of a new stack than a plan does: what comes from resources that are not there yet is not known, and only
`propertyDependencies` says what it is made of. Neither which attribute of that, nor what else is in it, is told. So a reference
is made where one thing alone can be meant, and all else stays unknown.

A resource is addressed by the end of its URN, `aws:lambda/function:Function::api`: that is what `pulumi up --target` takes after
`**`. Where parents make two of those, their types go before, as in the URN.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec
from msgspec.structs import replace

from stockade.inputs.terraform.attributes import reference, shaped
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.later import IDENTIFYING, is_composed, is_document, is_list
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.naming import OWN_NAME
from stockade.inputs.terraform.overlay import Accounts
from stockade.inputs.terraform.places import Owners, Places
from stockade.inputs.terraform.pulumi.documents import Deployed, Stack
from stockade.inputs.terraform.pulumi.values import is_archive, is_unknown, path_of, secret_of, value_in
from stockade.inputs.terraform.tables import tables
from stockade.inputs.terraform.terms import Json, Lit, Obj, Ref, Seq, Term, Txt, TxtPart, Unk, from_plain, text_of
from stockade.knowledge import pulumi as names
from stockade.knowledge.pulumi import Property
from stockade.model.app import Place
from stockade.model.value import Doubt, Hole
from stockade.text.document import Span

_NATIVE = "aws-native:"
_PROJECT = ("Pulumi.yaml", "Pulumi.yml")
_DEPLOYED = "scan `pulumi stack export` of the stack once it is deployed"
_LATER = Doubt("it is known only after it is deployed", _DEPLOYED, "after apply")
_MORE = Doubt("what stands beside the references is known only after it is deployed", _DEPLOYED, "after apply")
_PART = Doubt("its text is known only after it is deployed", _DEPLOYED, "after apply")
_MADE = Doubt("the program makes the archive of several files", "", "package")
_MOST_NAMED = 6  # types in one gap
_APIS = frozenset(
    {"aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_api_gateway_stage", "aws_apigatewayv2_stage"}
)
_WITH_CODE = frozenset({"aws_lambda_function", "aws_lambda_layer_version"})
_ARNS = frozenset({"arn", "execution_arn", "invoke_arn", "stream_arn", "qualified_arn"})
_KNOWN_BY = IDENTIFYING | _ARNS | {"version", "root_resource_id"}


class _Resource:
    """A resource of AWS's, by Terraform's names."""

    data = False

    def __init__(self, found: Deployed, type_: str, address: str) -> None:
        self.found = found
        self.type = type_
        self.address = address
        self.properties = names.properties(type_)

    @cached_property
    def known(self) -> dict[str, str]:
        """The texts that it is known by to others, by Terraform's attributes."""
        held: dict[str, str] = {}
        own = OWN_NAME.get(self.type, ("name",))
        for name, term in self.found.inputs().entries.items():
            if type(term) is Lit and isinstance(term.v, str) and not is_unknown(term.v):
                attribute = self.attribute(name)
                if attribute in own:
                    held[attribute] = term.v
        for name, text in self.found.outputs.items():
            attribute = self.attribute(name)
            if text and not is_unknown(text) and (attribute in own or attribute in _KNOWN_BY):
                held.setdefault(attribute, text)
        return held

    def attribute(self, name: str) -> str:
        """The attribute that a property is."""
        own = self.properties.get(name) if self.properties is not None else None
        return own.attribute if own is not None else names.snake(name)

    def text(self, attribute: str) -> str | None:
        """A known text of it."""
        return self.known.get(attribute)


def declared_in(stack: Stack, disk: Disk) -> Iterator[Declared]:
    """Every resource of AWS's in a stack."""
    reading = _Reading(stack)
    folder = _program(disk, stack.document.path)
    for own in reading.resources.values():
        if own.found.external:
            continue
        block = reading.block(own)
        declared = Declared(
            own.type,
            own.address,
            scope=reading.scope,
            block=block,
            span=own.found.span,
            key_span=own.found.key_span,
            places=reading.places,
            written=own.found,
            place=reading.place(own),
        )
        declared.scope = folder or "."  # from where paths of code are taken; its key stays
        yield declared


def _program(disk: Disk, path: str) -> str:
    """The folder of the program that a preview is of: the nearest one around it that marks a project."""
    folder = own = posixpath.dirname(path)
    while True:
        if any(name in _PROJECT for name in disk.names(folder)):
            return folder
        if not folder:
            return own
        folder = posixpath.dirname(folder)


class _Reading:
    """Makes the blocks of one stack's resources."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.scope = stack.document.path
        self.places = Places(Owners())
        self.resources: dict[str, _Resource] = {}
        self._take()
        self.accounts = Accounts(self.resources.values())
        self._where: dict[str, Place | None] = {}
        self._tags: dict[str, dict[str, Any]] = {}

    def _take(self) -> None:
        own = [found for found in self.stack.resources.values() if found.custom and found.token.startswith("aws:")]
        many = Counter((found.token, found.name) for found in own)
        known = names.types()
        for found in own:
            type_ = found.token if many[found.token, found.name] == 1 else found.qualified
            address = f"{type_}::{found.name}"
            # What no table is about is called as Pulumi calls it.
            self.resources[found.urn] = _Resource(found, known.get(found.token, found.token), address)
        self._note_native()

    def _note_native(self) -> None:
        native = [f for f in self.stack.resources.values() if f.custom and f.token.startswith(_NATIVE)]
        if not native:
            return
        types = sorted({found.token for found in native})
        shown = ", ".join(f"`{token}`" for token in types[:_MOST_NAMED])
        more = f" and {len(types) - _MOST_NAMED} more types" if len(types) > _MOST_NAMED else ""
        self.stack.gap(
            f"resources of {shown}{more}",
            "resources of the provider aws-native are not read",
            kind="unsupported",
            remedy="scan what the program declares with the provider aws, and look at these by hand",
            span=native[0].key_span,
        )

    # ------------------------------------------------------------------------------------------------------------ blocks

    def block(self, own: _Resource) -> Obj:
        """What is stated of a resource, by Terraform's attributes."""
        stated = self._with_tags(own, own.found.inputs())
        known = own.properties
        made = _Block(self, own).object(stated, {} if known is None else known, (), bare=known is None)
        if self.accounts.own:
            made = replace(made, entries={n: self.accounts.within(n, term) for n, term in made.entries.items()})
        return made

    def _with_tags(self, own: _Resource, stated: Obj) -> Obj:
        """The inputs, with the tags that the provider gives everything."""
        table = tables().get(own.type)
        if table is None or "tags" not in table.fields or own.properties is None or "tags" not in own.properties:
            return stated
        default = self._provided(own.found.provider)
        mine = stated.entries.get("tags")
        if not default or (mine is not None and type(mine) is not Obj):
            return stated
        given = from_plain(default, own.found.key_span)
        entries = {**(given.entries if type(given) is Obj else {}), **(mine.entries if type(mine) is Obj else {})}
        tags = Obj(span=mine.span, entries=entries, keys=mine.keys, places=mine.places) if type(mine) is Obj else given
        return replace(stated, entries={**stated.entries, "tags": tags})

    def _provided(self, provider: str) -> dict[str, Any]:
        """The default tags of a provider."""
        if provider not in self._tags:
            stated = self._nested(provider, "defaultTags")
            tags = stated.get("tags") if isinstance(stated, dict) else None
            self._tags[provider] = (
                {name: value for name, value in tags.items() if isinstance(value, str) and not is_unknown(value)}
                if isinstance(tags, dict)
                else {}
            )
        return self._tags[provider]

    def _nested(self, provider: str, name: str) -> Any:  # noqa: ANN401 - plain data
        """What of a provider's configuration is more than a text: a text in JSON."""
        found = self.stack.resources.get(provider)
        term = found.inputs().entries.get(name) if found is not None else None
        if type(term) is not Lit or not isinstance(term.v, str):
            return None
        try:
            return msgspec.json.decode(term.v)
        except (msgspec.DecodeError, RecursionError):
            return None

    # ------------------------------------------------------------------------------------------------------------ places

    def place(self, own: _Resource) -> Place | None:
        """Where a resource is: in the region that it states, or in that of its provider."""
        place = self._place_of(own.found.provider)
        region = own.found.inputs().entries.get("region")
        if place is not None and type(region) is Lit and isinstance(region.v, str) and not is_unknown(region.v):
            return place if region.v == place.region else replace(place, region=region.v, known=True, remedy="")
        return place

    def _place_of(self, provider: str) -> Place | None:
        if provider not in self._where:
            found = self.stack.resources.get(provider)
            stated = found.inputs().entries if found is not None else {}
            given = stated.get("region")
            region = given.v if type(given) is Lit and isinstance(given.v, str) else ""
            region = region or self.stack.config.get("aws:region", "") or self._usual(provider)
            place = Place() if not region or is_unknown(region) else Place(region, known=True)
            self._where[provider] = replace(place, account=self._account(provider, stated))
        return self._where[provider]

    def _usual(self, provider: str) -> str:
        """The region that all resources of a provider state, if it is one."""
        stated = {
            term.v
            for own in self.resources.values()
            if own.found.provider == provider and type(term := own.found.inputs().entries.get("region")) is Lit
        }
        only = next(iter(stated)) if len(stated) == 1 else None
        return only if isinstance(only, str) else ""

    def _account(self, provider: str, stated: dict[str, Term]) -> str:
        """Whose account a provider works in: its id, or a word for the credentials."""
        roles = self._nested(provider, "assumeRoles") or self._nested(provider, "assumeRole")
        role = roles[-1] if isinstance(roles, list) and roles else roles
        arn = role.get("roleArn") if isinstance(role, dict) else None
        if isinstance(arn, str):
            fields = arn.split(":")
            return fields[4] if len(fields) > 5 and fields[4].isdigit() else f"role {arn}"
        profile = stated.get("profile")
        name = profile.v if type(profile) is Lit else None
        return f"profile {name}" if isinstance(name, str) else ""


class _Block:
    """Goes through what one resource states."""

    def __init__(self, reading: _Reading, own: _Resource) -> None:
        self.reading = reading
        self.own = own
        self.needs: tuple[str, ...] = ()  # what the property at hand is made of

    def object(self, value: Obj, known: dict[str, Property], at: tuple[str, ...], *, bare: bool = False) -> Obj:
        """A block. `bare`: nothing is known of its type, so that every name is as good as any other."""
        entries: dict[str, Term] = {}
        keys: dict[str, Span] = {}
        places: dict[str, Span] = {}
        opened: Doubt | None = None
        dropped = self._defaults(value, top=not at)
        for name, term in value.entries.items():
            if name.startswith("__") or name in dropped:
                continue
            if not at:
                self.needs = self.own.found.needs(name)
            own = known.get(name) or (None if bare else self._renamed(name, known, at))
            if own is None and not bare:
                why = f"Stockade does not know the property `{'.'.join((*at, name))}`, which may say it"
                opened = Doubt(why, "upgrade Stockade", "unsupported")
                continue
            attribute = own.attribute if own is not None else names.snake(name)
            if not at and name == "code" and self.own.type in _WITH_CODE:
                attribute, made = "filename", self._code(term)
            else:
                made = self.value(term, own.inner if own is not None else None, (*at, attribute))
            if own is not None and own.one and type(made) is not Seq:
                made = Seq(span=made.span, items=(made,))
            entries[attribute] = made
            if name in value.keys:
                keys[attribute], places[attribute] = value.keys[name], value.places[name]
        return Obj(span=value.span, entries=entries, keys=keys, places=places, open=opened)

    def _defaults(self, value: Obj, *, top: bool) -> set[str]:
        """The properties that the provider put in since nobody wrote them. Of these, names are what they will be."""
        stated = value.entries.get("__defaults")
        items = stated.items if type(stated) is Seq else ()
        found = {item.v for item in items if type(item) is Lit and isinstance(item.v, str)}
        if top:
            kept = {*OWN_NAME.get(self.own.type, ("name",)), "region"}
            found = {name for name in found if self.own.attribute(name) not in kept}
        return found

    def _renamed(self, name: str, known: dict[str, Property], at: tuple[str, ...]) -> Property | None:
        """A property of another version of the provider: in the plural or singular of what is known, or an attribute of ours."""
        snake = names.snake(name)
        for own in known.values():
            if own.attribute in {snake, f"{snake}s"} or f"{own.attribute}s" == snake:
                return own
        table = tables().get(self.own.type)
        if not at and table is not None and snake in table.by_first_step():
            return Property(snake)
        return None

    def value(self, term: Term, inner: dict[str, Property] | None, at: tuple[str, ...]) -> Term:
        """Any value. `inner`: the properties of the block (or of each block of the list) that stands there."""
        if type(term) is Seq:
            return self._list(term, inner, at)
        if type(term) is Obj:
            special = self._special(term, inner, at)
            if special is not None:
                return special
            if inner is not None:
                return self.object(term, inner, at)
            entries = {
                name: self.value(item, None, (*at, name))
                for name, item in term.entries.items()
                if not name.startswith("__")
            }
            return Obj(span=term.span, entries=entries, keys=term.keys, places=term.places)
        if type(term) is not Lit or not isinstance(term.v, str):
            return term
        if is_unknown(term.v):
            return self._later(term.span, at)
        if secret_of(term) is not None:
            return self._secret(term)
        return self._evident(term)

    def _special(self, term: Obj, inner: dict[str, Property] | None, at: tuple[str, ...]) -> Term | None:
        """A value that Pulumi wraps; None for one that is not."""
        if secret_of(term) is not None:
            return self._secret(term)
        if is_archive(term):
            return Unk(span=term.span, doubt=Doubt("it is the content of a file", cause="package"), name=self._name(at))
        held = value_in(term)
        if held is None:
            return None
        if held is term:
            return self._later(term.span, at)
        return self.value(held, inner, at)

    def _secret(self, term: Term) -> Term:
        doubt = secret_of(term) or _LATER
        return Unk(span=term.span, doubt=doubt, name=f"{self.own.address}:{term.span.start}", sensitive=True)

    def _code(self, term: Term) -> Term:
        """Where an archive of code is, as a path."""
        path = path_of(term)
        if path is not None:
            return Lit(span=path.span, v=path.v)
        doubt = _LATER if type(term) is Lit else _MADE
        return Unk(span=term.span, doubt=doubt, name=self._name(("code",)))

    def _list(self, term: Seq, inner: dict[str, Property] | None, at: tuple[str, ...]) -> Term:
        missing = [
            index
            for index, item in enumerate(term.items)
            if inner is None and type(item) is Lit and isinstance(item.v, str) and is_unknown(item.v)
        ]
        targets = self._targets(at[-1]) if missing else None
        # As many references as items that are not known: each is one of them, in whatever order. Of one reference, all are.
        if targets is not None and len(targets) == 1:
            targets = targets * len(missing)
        items: list[Term] = []
        for index, item in enumerate(term.items):
            if index not in missing:
                items.append(self.value(item, inner, at))
            elif targets is not None and len(targets) == len(missing):
                items.append(self._reference(targets[missing.index(index)], item.span, at))
            else:
                items.append(Unk(span=item.span, doubt=_LATER, name=self._name((*at, str(index)))))
        return Seq(span=term.span, items=tuple(items))

    # -------------------------------------------------------------------------------------------------------- references

    def _targets(self, name: str) -> list[_Resource] | None:
        """What a value that is not known may be made of; None where that can't all be told.

        Where the name of an attribute is that of a type (`subnet_ids`), only resources of that type are meant.
        """
        found: list[_Resource] = []
        opaque = False
        for urn in self.needs:
            own = self.reading.resources.get(urn)
            if own is not None and not own.found.external:
                found.append(own)
            else:
                opaque = True
        stem = name
        for end in ("_ids", "_id", "_arns", "_arn", "s"):
            if name.endswith(end):
                stem = name.removesuffix(end)
                break
        typed = [own for own in found if own.type == f"aws_{stem}"]
        return typed or (None if opaque or not found else found)

    def _later(self, span: Span, at: tuple[str, ...]) -> Term:
        """A value that is known only after it is deployed."""
        name = next((step for step in reversed(at) if not step.isdigit()), "")
        targets = self._targets(name)
        unknown = Unk(span=span, doubt=_LATER, name=self._name(at))
        if targets is None:
            return unknown
        if is_document(name):
            return self._document(targets, span, at, unknown)
        if is_list(name):
            return Seq(span=span, items=tuple(self._reference(own, span, at) for own in targets), open=_MORE)
        # Of a map, nobody knows which of its entries is made of what.
        if len(targets) > 1 or self._is_in_map(at):
            return unknown
        return self._reference(targets[0], span, at)

    def _is_in_map(self, at: tuple[str, ...]) -> bool:
        known = self.own.properties
        for step in at[:-1]:
            own = next((p for p in (known or {}).values() if p.attribute == step), None)
            if own is None or own.inner is None:
                return True
            known = own.inner
        return False

    def _document(self, targets: list[_Resource], span: Span, at: tuple[str, ...], unknown: Term) -> Term:
        only = targets[0] if len(targets) == 1 else None
        if at == ("redrive_policy",) and only is not None and only.type == "aws_sqs_queue":
            # Of what it holds, only the queue for what fails is anything's ARN.
            queue = Txt(span=span, parts=self._parts(only, "arn"))
            return Json(span=span, inner=Obj(span=span, entries={"deadLetterTargetArn": queue}, open=_MORE))
        if at[-1] in {"assume_role_policy", "definition"}:
            # What its conditions name tells which service it may be for; what a state machine names is what it calls.
            hole = Hole(self._name(at), _LATER)
            parts: list[TxtPart] = [hole]
            for own in targets:
                parts += [*self._parts(own, "arn"), hole]
            return Txt(span=span, parts=tuple(parts))
        return unknown

    def _reference(self, target: _Resource, span: Span, at: tuple[str, ...]) -> Term:
        name = at[-1]
        attribute = self._attribute(target, name)
        parts = self._parts(target, attribute)
        around = Hole(self._name(at), _PART)
        if attribute == "execution_arn":
            return Txt(span=span, parts=(*parts, around))
        if is_composed(name) and attribute != "invoke_arn":
            return Txt(span=span, parts=(around, *parts, around))
        return Txt(span=span, parts=parts)

    def _attribute(self, target: _Resource, name: str) -> str:
        """Which attribute of a resource a value is, by what alone AWS takes there."""
        if name == "source_arn" and target.type in _APIS:
            return "execution_arn"
        if name == "event_source_arn" and target.type == "aws_dynamodb_table":
            return "stream_arn"
        if name == "parent_id" and target.type == "aws_api_gateway_rest_api":
            return "root_resource_id"
        if name in {"uri", "integration_uri", "authorizer_uri"} and target.type == "aws_lambda_function":
            return "invoke_arn"
        if name == "role":
            return "name" if self.own.type.startswith("aws_iam_") else "arn"
        return "arn" if "arn" in name else "id"

    def _parts(self, target: _Resource, attribute: str) -> tuple[TxtPart, ...]:
        known = target.text(attribute)
        behind = None if known is None else (lambda: Lit(span=target.found.span, v=known))
        made = reference(f"{self.reading.scope}#{target.address}", target.type, target.address, attribute)
        return shaped(target.type, attribute, Ref(made, behind))

    def _evident(self, term: Lit) -> Term:
        """A known text that one of the resources that it is made of is known by, or in which that one's ARN stands."""
        if not isinstance(term.v, str) or not term.v:
            return term
        needed = self._needed()
        for own in needed:
            for attribute, text in own.known.items():
                if text == term.v:
                    return Txt(span=term.span, parts=self._parts(own, attribute))
                if attribute == "id" and term.v.endswith(f"/{text}") and not term.v.startswith("arn:"):
                    return text_of([term.v.removesuffix(text), *self._parts(own, attribute)], term.span)
        arns = {
            text: (own, attribute)
            for own in needed
            for attribute, text in own.known.items()
            if attribute in _ARNS and text.startswith("arn:") and text in term.v
        }
        parts: list[TxtPart] = []
        at = 0
        while arns:
            # The one that comes next, and of those that begin there the longest.
            begin, _, text = min(
                ((found, -len(t), t) for t in arns if (found := term.v.find(t, at)) >= 0), default=(-1, 0, "")
            )
            if begin < 0:
                break
            end = begin + len(text)
            if end < len(term.v) and (term.v[end].isalnum() or term.v[end] in "-_."):
                parts.append(term.v[at:end])  # it is another one's, whose name goes on
            else:
                parts += [term.v[at:begin], *self._parts(*arns[text])]
            at = end
        return text_of([*parts, term.v[at:]], term.span) if parts else term

    def _needed(self) -> list[_Resource]:
        found = (self.reading.resources.get(urn) for urn in self.needs)
        return [own for own in found if own is not None and own is not self.own and not own.found.external]

    def _name(self, at: tuple[str, ...]) -> str:
        return f"{self.own.address}.{'.'.join(at)}"
