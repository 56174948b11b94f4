"""From the resources of one template to records of the model.

Most of a resource is read by its table (`tables/`). What a table can't say is done by a *maker*: a function for a resource type
that adds one or more records. Makers live beside their service and are found in `makers()`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias, TypeVar

from stockade.inputs.cloudformation.evaluate import Case, Evaluator, boolean, integer, number, text
from stockade.inputs.cloudformation.tables import tables
from stockade.inputs.cloudformation.template import Section, Template
from stockade.inputs.lens import Lens, Table
from stockade.model.app import EnvVar, Other, Resource, Site, Tag
from stockade.model.value import (
    Default,
    Doubt,
    Origin,
    Premise,
    Reference,
    Relation,
    Text,
    Value,
    When,
    conjoin,
    one_of,
)
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

R = TypeVar("R", bound=Resource)

Maker: TypeAlias = "Callable[[Lowering, Declared], None]"

_CONVERT: dict[str, Callable[[Value[Any]], Value[Any]]] = {
    "text": text,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    "texts": text,
}


@cache
def makers() -> dict[str, Maker]:
    """The makers by resource type."""
    from stockade.inputs.cloudformation import functions, identity
    from stockade.inputs.cloudformation.sam import functions as sam_functions

    found: dict[str, Maker] = {}
    for module in (functions, identity, sam_functions):
        found.update(module.MAKERS)
    return found


class Declared:
    """One resource of a template: its logical id, type, properties and premises."""

    __slots__ = ("body", "exists", "id", "key_span", "properties", "section", "type")

    def __init__(self, section: Section, type_: str, body: Mapping, exists: When, properties: Node | None) -> None:
        self.section = section
        self.id = section.name
        self.type = type_
        self.body = body
        self.exists = exists
        self.properties = properties
        self.key_span = section.entry.key.span


class Lowering:
    """Lowers one template, deployed once, into `resources`."""

    def __init__(self, evaluator: Evaluator, prefix: str = "") -> None:
        self.evaluator = evaluator
        self.template: Template = evaluator.template
        self.resources: list[Resource] = []
        self.declared: dict[str, Declared] = {}
        self.prefix = prefix  # of addresses, where one template is deployed more than once
        self._tables = tables()
        self._makers = makers()

    def run(self) -> list[Resource]:
        """Lower everything."""
        for section in self.template.resources.values():
            found = self._declare(section)
            if found is not None:
                self.declared[found.id] = found
        for found in list(self.declared.values()):
            maker = self._makers.get(found.type)
            if maker is not None:
                maker(self, found)
            elif found.type in self._tables:
                self.add_by_table(found)
            else:
                self.add(Other(**self.base(found)))
        return self.resources

    def _declare(self, section: Section) -> Declared | None:
        body = section.body
        if type(body) is not Mapping:
            self.evaluator.gap(
                body, f"the resource `{section.name}`", "it is not a mapping", kind="wrong-shape", remedy="correct it", hides=True
            )
            return None
        kind = body.get("Type")
        if type(kind) is not Scalar:
            self.evaluator.gap(
                section.entry.key.span, f"the resource `{section.name}`", "it has no `Type`", kind="wrong-shape", hides=True
            )
            return None
        condition = body.get("Condition")
        exists: When = ()
        if type(condition) is Scalar:
            paths = self.evaluator.paths(condition.raw, condition)
            held = [when for when, truth in paths if truth]
            if not held:
                return None
            whole = len(held) == len(paths)
            name = condition.raw
            exists = () if whole else held[0] if len(held) == 1 else (Premise(name, f"{name} holds", f"{name} does not hold"),)
        properties = body.get("Properties")
        if properties is not None and type(properties) is Scalar and properties.value is not None:
            self.evaluator.gap(properties, f"the properties of `{section.name}`", "they are not a mapping", kind="wrong-shape")
        return Declared(section, kind.raw, body, exists, properties)

    # ------------------------------------------------------------------------------------------------- adding records

    def add(self, resource: R) -> R:
        """Keep a record."""
        self.resources.append(resource)
        return resource

    def base(
        self,
        found: Declared,
        *,
        suffix: str = "",
        table: str = "",
        at: tuple[str | int, ...] = ("Properties",),
        span: Span | None = None,
        key_span: Span | None = None,
        when: When = (),
        address: str = "",
        block: Node | None = None,
    ) -> dict[str, Any]:
        """What all records of a resource have. `suffix` tells the records of one resource apart."""
        own = key_span or found.key_span
        shown = self.prefix + (address or found.id)
        exists = conjoin(found.exists, when)
        return {
            "address": shown,
            "key": self.evaluator.key(found.id + suffix),
            "type": found.type,
            "origin": self.evaluator.place(span if span is not None else found.body.span, own),
            "exists": exists if exists is not None else found.exists,
            "site": Site(
                input="cloudformation",
                table=table or found.type,
                document=self.template.document,
                address=found.id,
                block=block if block is not None else found.body,
                base=at,
                key_span=own,
                context=self.evaluator,
            ),
        }

    def reference(self, logical_id: str, attribute: str, origin: Origin) -> Value[str]:
        """A reference to a resource of this template, as a generated resource would write it."""
        shown = logical_id if attribute == "Ref" else f"{logical_id}.{attribute}"
        return Text(parts=(Reference(self.evaluator.key(logical_id), attribute, shown),), origin=origin)

    def add_by_table(self, found: Declared, **fields: Any) -> Resource:  # noqa: ANN401 - the fields of any record
        """One record with what its table says, and these fields beside."""
        table = self._tables[found.type]
        return self.add(table.makes(**(self.base(found) | self.fields(table, found.properties) | fields)))

    def fields(self, table: Table, block: Node | None) -> dict[str, Any]:
        """Every field of a table that a block states."""
        result: dict[str, Any] = dict(table.constants)
        cases = self.evaluator.cases(block)
        present = {e.key.raw for case in cases if type(case.node) is Mapping for e in case.node.entries}
        whole = all(case.node is None or type(case.node) is Mapping for case in cases)
        for name, lens in table.fields.items():
            if lens.by or (whole and lens.path[0] not in present):
                continue
            read = self.read(block, lens, table.makes, name)
            if read is not None:
                result[name] = read
        return result

    def read(self, block: Node | None, lens: Lens, makes: type[Resource], name: str) -> Value[Any] | Relation[Any] | None:
        """One field; None where nothing is written."""
        cases = self.evaluator.lookup(block, lens.path)
        if all(case.node is None for case in cases):
            return None
        if lens.read == "texts":
            return self.list_of(cases)
        default = _default(makes, name)
        convert = _CONVERT[lens.read]
        options: list[tuple[When, Value[Any]]] = []
        for case in cases:
            if case.node is None:
                options.append((case.when, default))
                continue
            value = convert(self.evaluator.value(case.node, case.key_span))
            if isinstance(value, Default) and value.v is None:
                value = Default(v=default.v, origin=value.origin) if isinstance(default, Default) else value
            for inner, leaf in value.leaves():
                both = conjoin(case.when, inner)
                if both is not None:
                    options.append((both, leaf))
        origin = next(self.evaluator.origin(c.node, c.key_span) for c in cases if c.node is not None)
        return one_of(options, origin)

    def list_of(self, cases: list[Case]) -> Relation[Value[Any]]:
        """The values of a list that may depend on conditions."""
        items: list[Value[Any]] = []
        doubts: list[Doubt] = []
        for case in cases:
            found = self.evaluator.texts(case.node)
            items += [self.evaluator.under(case.when, text(value)) for value in found]
            doubts += found.gaps
        return Relation(tuple(items), complete=not doubts, gaps=tuple(doubts))

    # ------------------------------------------------------------------------------------------------ shared readings

    def value_at(self, block: Node | None, *path: str, as_: str = "text") -> Value[Any] | None:
        """The value at a path, or None where nothing is written."""
        return self.read(block, Lens(path, as_), Other, "name")  # type: ignore[arg-type, return-value]

    def environment(self, block: Node | None, path: tuple[str, ...]) -> Relation[EnvVar]:
        """The variables of a mapping from name to value."""
        found: list[EnvVar] = []
        doubts: list[Doubt] = []
        for case in self.evaluator.lookup(block, path):
            if type(case.node) is Mapping and case.node.tag is None:
                for entry in case.node.entries:
                    name = entry.key.raw
                    for inner in self.evaluator.cases(entry.value, entry.key.span):
                        both = conjoin(case.when, inner.when)
                        if both is None or inner.node is None:
                            continue
                        value = text(self.evaluator.value(inner.node, entry.key.span))
                        found.append(EnvVar(name, value, self.evaluator.origin(inner.node, entry.key.span), both))
            elif case.node is not None and not (type(case.node) is Scalar and case.node.value is None):
                doubts.append(Doubt("the variables are not written as a mapping", cause="wrong shape"))
        return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))

    def tags(self, block: Node | None) -> Relation[Tag]:
        """Tags, written as a mapping (SAM) or as a list of Key and Value."""
        found: list[Tag] = []
        for case in self.evaluator.lookup(block, ("Tags",)):
            if type(case.node) is Mapping and case.node.tag is None:
                for entry in case.node.entries:
                    found.append(Tag(text(self.evaluator.value(entry.key)), text(self.evaluator.value(entry.value))))
            elif type(case.node) is Sequence:
                for item in case.node.items:
                    key, value = self.value_at(item, "Key"), self.value_at(item, "Value")
                    if key is not None and value is not None:
                        found.append(Tag(key, value))
        return Relation(tuple(found))


@cache
def _defaults(makes: type[Resource]) -> dict[str, Any]:
    names = makes.__struct_fields__
    values = makes.__struct_defaults__
    return dict(zip(names[len(names) - len(values) :], values, strict=True))


def _default(makes: type[Resource], name: str) -> Value[Any]:
    """What the model holds for a field that nobody wrote."""
    found: Value[Any] = _defaults(makes)[name]
    return found


