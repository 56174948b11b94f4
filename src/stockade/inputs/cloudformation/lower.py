"""From the resources of one template to records of the model.

Most of a resource is read by its table (`tables/`). What a table can't say is done by a *maker*: a function for a
resource type that adds one or more records. Makers live beside their service and are found in `makers()`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from msgspec import Struct

from stockade.inputs.cloudformation.cdk import address as construct_address
from stockade.inputs.cloudformation.cdk import construct, owned, refuses, twin
from stockade.inputs.cloudformation.evaluate import ABSENT, Case, Evaluator, boolean, integer, number, text
from stockade.inputs.cloudformation.policies import lower_statements
from stockade.inputs.cloudformation.tables import tables
from stockade.inputs.cloudformation.tables.surface import UNREAD
from stockade.inputs.cloudformation.template import Section, Template
from stockade.inputs.cloudformation.translated import refusal
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.lens import LISTS, Kind, Lens, Table
from stockade.model.app import EnvVar, LogGroup, Other, Permission, Resource, Role, Site, Tag
from stockade.model.policy import Statements, given_statements, joined
from stockade.model.value import (
    Default,
    Doubt,
    Hole,
    Known,
    Origin,
    Reference,
    Relation,
    Text,
    Unknown,
    Value,
    When,
    conjoin,
    one_of,
    unset,
)
from stockade.modules import modules
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.sam.expand import Expansion

R = TypeVar("R", bound=Resource)

Maker: TypeAlias = "Callable[[Lowering, Declared], None]"

LAMBDA = "AWS::Lambda::"
NOT_KNOWN = "it is not known to this version"

_NOTHING: Value[Any] = unset(None, "")
_CONVERT: dict[str, Callable[[Value[Any]], Value[Any]]] = {
    "text": text,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    "texts": text,
}


@cache
def makers() -> dict[str, Maker]:
    """The makers by resource type: what the modules of `makers/` and `sam/` state as `MAKERS`."""
    found: dict[str, Maker] = {}
    for package in ("stockade.inputs.cloudformation.makers", "stockade.inputs.cloudformation.sam"):
        for module in modules(package):
            found.update(getattr(module, "MAKERS", {}))
    return found


class Item(Struct, frozen=True, eq=False):
    """A mapping inside of a resource, with the premises under which it is there; `at` is its path from the resource."""

    node: Mapping
    when: When
    key_span: Span | None
    at: tuple[str | int, ...]


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

    def __init__(self, evaluator: Evaluator, prefix: str = "", exists: When = ()) -> None:
        self.evaluator = evaluator
        self.template: Template = evaluator.template
        self.resources: list[Resource] = []
        self.declared: dict[str, Declared] = {}
        self._by_type: dict[str, list[Declared]] = {}
        self.exists = exists  # when the stack is there at all
        self.prefix = prefix  # of addresses, where one template is deployed more than once
        self._tables = tables()
        self._makers = makers()
        self.sam: Expansion | None = None  # what SAM makes of the template, where it has anything of SAM's

    def run(self) -> list[Resource]:
        """Lower everything."""
        from stockade.inputs.cloudformation.makers.variables import lower_outputs, lower_parameters
        from stockade.inputs.cloudformation.references import lower_references
        from stockade.inputs.cloudformation.transform import lower_transform

        for section in self.template.resources.values():
            if section.name == "Fn::Transform":
                self.evaluator.macro_gap(section.entry.key, hides=True)
                continue
            found = self._declare(section)
            if found is not None:
                self.declared[found.id] = found
        if any(
            found.type.startswith("AWS::Serverless::") or "Connectors" in found.body for found in self.declared.values()
        ):
            from stockade.inputs.cloudformation.sam.expand import Expansion

            self.sam = Expansion(self)
            self.sam.prepare()
        for found in list(self.declared.values()):
            self.lower(found)
        lower_parameters(self)
        lower_outputs(self)
        if self.sam is not None:
            self.sam.finish()
        lower_references(self)
        lower_transform(self)
        return self.resources

    def lower(self, found: Declared) -> None:
        """Lower one resource: by its maker, by its table, or as one that is only known to be there."""
        self.evaluator.via = found.section.via
        if "Metadata" in found.body or self.template.stack is not None:
            self.evaluator.via += construct(self.template, found.id, found.body)
        with self.evaluator.assuming(found.exists):
            self._lower(found)
            if "Metadata" in found.body:
                from stockade.inputs.cloudformation.makers.variables import lower_credentials

                lower_credentials(self, found)

    def _lower(self, found: Declared) -> None:
        if found.type.startswith(LAMBDA) and self.template.resources.get(found.id) is found.section:
            self._surface(found)
        maker = self._makers.get(found.type)
        if maker is not None:
            maker(self, found)
        elif found.type.startswith("Custom::"):
            self.add_custom(found)
        elif found.type in self._tables:
            self.add_by_table(found)
        else:
            self.add(Other(**self.base(found)))

    def _surface(self, found: Declared) -> None:
        """Note what this version does not know of Lambda's own resource types."""
        table, unread = self._tables.get(found.type), UNREAD.get(found.type, {})
        remedy = "look for a newer version of Stockade, or for a slip of the pen"
        if table is None:
            self.evaluator.gap(
                found.key_span, f"`{found.id}` ({found.type})", NOT_KNOWN, kind="unsupported", remedy=remedy
            )
        elif type(found.properties) is Mapping and intrinsic(found.properties) is None:
            read = table.first_steps() | {path.partition(".")[0] for path in unread}
            for entry in found.properties.entries:
                if entry.key.raw not in read and not entry.key.raw.startswith("Fn::"):
                    what = f"`{entry.key.raw}` of `{found.id}`"
                    self.evaluator.gap(entry.key.span, what, NOT_KNOWN, kind="unsupported", remedy=remedy)

    def _declare(self, section: Section) -> Declared | None:
        body = section.body
        if type(body) is not Mapping:
            self.evaluator.gap(
                body,
                f"the resource `{section.name}`",
                "it is not a mapping",
                kind="wrong-shape",
                remedy="correct it",
                hides=True,
            )
            return None
        kind = body.get("Type")
        if type(kind) is not Scalar or kind.tag is not None:
            what = f"the resource `{section.name}`"
            why = "it has no `Type`" if kind is None else "its `Type` is not a text"
            self.evaluator.gap(
                section.entry.key.span, what, why, kind="wrong-shape", remedy="say what resource it is", hides=True
            )
            return None
        if kind.raw.endswith("::MODULE"):
            self.evaluator.gap(
                kind,
                f"the module `{kind.raw}`",
                "what it holds is registered in the account",
                kind="module",
                remedy="scan the processed template (`aws cloudformation get-template --template-stage Processed`)",
                hides=True,
            )
        if "Fn::Transform" in body:
            self.evaluator.macro_gap(body)
        condition = body.get("Condition")
        if condition is not None and type(condition) is not Scalar:
            self.evaluator.gap(
                condition,
                f"the condition of `{section.name}`",
                "a condition's name belongs here",
                kind="wrong-shape",
                remedy="correct it",
            )
        if not self.evaluator.may_exist(body):
            return None
        exists = self.evaluator.exists(body, self.exists)
        properties = body.get("Properties")
        odd = properties is not None and type(properties) is not Mapping and intrinsic(properties) is None
        if odd and properties is not None:
            if not (type(properties) is Scalar and properties.value is None):
                what = f"the properties of `{section.name}`"
                self.evaluator.gap(
                    properties, what, "they are not a mapping", kind="wrong-shape", remedy="correct them"
                )
            properties = None
        return Declared(section, kind.raw, body, exists, properties)

    # ------------------------------------------------------------------------------------------------- adding records

    def add(self, resource: R) -> R:
        """Keep a record."""
        self.resources.append(resource)
        return resource

    def base(  # noqa: PLR0913 - each is about another part of what a record is
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
        if span is None:
            # With its name, what was declared as such: a resource of one line is then still shown by its name.
            written = self.template.resources.get(found.id) is found.section
            span = found.section.entry.span if written else found.body.span
        made = self.template.made
        if made is not None:
            own_address = made.addresses.get(found.id, found.id)
        else:
            own_address = construct_address(self.template, found.id, found.body) or found.id
        shown = self.prefix + (address or own_address)
        exists = conjoin(found.exists, when)
        return {
            "address": shown,
            "key": self.evaluator.key(found.id + suffix),
            "type": found.type,
            "origin": self.evaluator.place(span, own),
            "exists": exists if exists is not None else found.exists,
            "framework_owned": owned(self.template, found.id, found.body)
            if made is None
            else made.framework.get(found.id, ""),
            "twin": self._twin(found, suffix),
            "site": Site(
                input=made.input if made is not None else "cloudformation",
                table=table or found.type,
                document=(block if block is not None else found.body).span.doc,  # of a framework, often not its own
                address=found.id,
                block=block if block is not None else found.body,
                base=at if block is None else (),
                key_span=own,
                context=self.evaluator,
                made=made is not None and id(found.body) not in made.owned(),
                refuses=refuses(self.template, found.id, found.body)
                or (refusal(self.template.translated, found.id) if self.template.translated else ""),
            ),
        }

    def _twin(self, found: Declared, suffix: str) -> str:
        common = twin(self.template, found.id, found.body)
        return common and common + suffix

    def table(self, type_: str) -> Table:
        """The table of a resource type (or of `type/part`)."""
        return self._tables[type_]

    def reference(self, logical_id: str, attribute: str, origin: Origin) -> Value[str]:
        """A reference to a resource of this template, as a generated resource would write it."""
        shown = logical_id if attribute == "Ref" else f"{logical_id}.{attribute}"
        return Text(parts=(Reference(self.evaluator.key(logical_id), attribute, shown),), origin=origin)

    def add_by_table(self, found: Declared, **fields: Any) -> Any:  # noqa: ANN401 - the fields of any record, and the record
        """One record with what its table says, and these fields beside."""
        table = self._tables[found.type]
        made = self.template.made
        by = made.generated.get(found.id, "") if made is not None else ""
        if by and table.makes is Permission:
            fields["generated_by"] = by
        elif by and table.makes in {Role, LogGroup}:
            fields["generated"] = True
        return self.add(table.makes(**(self.base(found) | self.fields(table, found.properties) | fields)))

    def add_custom(self, found: Declared) -> None:
        """A custom resource under a name of its own."""
        table = self._tables["AWS::CloudFormation::CustomResource"]
        self.add(table.makes(**(self.base(found, table=table.type) | self.fields(table, found.properties))))

    def add_part(
        self,
        found: Declared,
        part: str,
        item: Item,
        *,
        suffix: str,
        address: str = "",
        **fields: Any,  # noqa: ANN401 - the fields of any record
    ) -> Any:  # noqa: ANN401 - the record
        """One record of what is written inside of a resource, with what the table `type/part` says."""
        table = self._tables[part]
        base = self.base(
            found,
            suffix=suffix,
            table=part,
            at=item.at,
            span=item.node.span,
            key_span=item.key_span,
            when=item.when,
            address=address,
            block=item.node,
        )
        with self.evaluator.assuming(item.when):
            stated = self.fields(table, item.node)
        return self.add(table.makes(**(base | stated | fields)))

    def struct(self, table: str, item: Item, **fields: Any) -> Any:  # noqa: ANN401 - the fields of any struct
        """A part of a record (a target, a rule of a security group) with what its table says."""
        origin = self.evaluator.origin(item.node, item.key_span)
        found = self._tables[table]
        with self.evaluator.assuming(item.when):
            stated = self.fields(found, item.node)
        return found.makes(**({"origin": origin, "exists": item.when} | stated | fields))

    @staticmethod
    def item(node: Mapping, when: When, key_span: Span | None, at: tuple[str | int, ...]) -> Item:
        """A mapping inside of a resource, for makers that find it by themselves."""
        return Item(node, when, key_span, at)

    def items(self, block: Node | None, *path: str, at: tuple[str | int, ...] = ("Properties",)) -> Iterator[Item]:
        """The mappings of a list below a block, each with its premises; a single mapping counts as a list of one."""
        for outer in self.evaluator.lookup(block, path):
            node = outer.node
            if node is None or (type(node) is Scalar and node.value is None):
                continue
            if type(node) is Sequence and not outer.stopped and node.tag is None:
                for index, written in enumerate(node.items):
                    for case in self.evaluator.cases(written):
                        when = conjoin(outer.when, case.when)
                        if when is None or case.node is None:
                            continue
                        if type(case.node) is Mapping and intrinsic(case.node) is None:
                            yield Item(case.node, when, outer.key_span, (*at, *path, index))
                        else:
                            self._odd_item(case.node, path)
            elif type(node) is Mapping and intrinsic(node) is None:
                yield Item(node, outer.when, outer.key_span, (*at, *path))
            else:
                self._odd_item(node, path)

    def _odd_item(self, node: Node, path: tuple[str, ...]) -> None:
        if intrinsic(node) is not None:
            self.evaluator.value(node)  # a macro says so by itself
        else:
            self.evaluator.gap(
                node, f"`{'.'.join(path)}`", "a mapping belongs here", kind="wrong-shape", remedy="correct it"
            )

    def block(self, block: Node | None, *path: str, at: tuple[str | int, ...] = ("Properties",)) -> Iterator[Item]:
        """The mapping at a path, once for each of its cases."""
        for case in self.evaluator.lookup(block, path):
            node = case.node
            if node is not None and not case.stopped and type(node) is Mapping and intrinsic(node) is None:
                yield Item(node, case.when, case.key_span, (*at, *path))
            elif node is not None and not (type(node) is Scalar and node.value is None):
                self._odd_item(node, path)

    def fields(self, table: Table, block: Node | None) -> dict[str, Any]:
        """Every field of a table that a block states."""
        result: dict[str, Any] = dict(table.constants)
        constants = frozenset(result)
        if type(block) is Mapping and block.tag is None and intrinsic(block) is None and "Fn::Transform" not in block:
            # The usual case: what the block does not name at its top is not written.
            by_key = table.by_first_step()
            for entry in block.entries:
                for name, lens in by_key.get(entry.key.raw, ()):
                    if name not in result or name in constants:
                        read = self.read(block, lens, table.makes, name)
                        if read is not None:
                            result[name] = read
            return result
        for name, lens in table.fields.items():
            read = self.read(block, lens, table.makes, name) if not lens.by else None
            if read is not None:
                result[name] = read
        return result

    def read(self, block: Node | None, lens: Lens, makes: Kind, name: str) -> Value[Any] | Relation[Any] | None:
        """One field; None where nothing is written."""
        if len(lens.path) == 1 and type(block) is Mapping:
            plain = self._plain(block, lens)
            if plain is not None:
                return plain
        cases = self.evaluator.lookup(block, lens.path)
        for path in lens.also:
            if lens.read in LISTS:
                cases = cases + self.evaluator.lookup(block, path)
            elif all(case.node is None for case in cases):
                cases = self.evaluator.lookup(block, path)
        written = next((case for case in cases if case.node is not None), None)
        if written is None or written.node is None:
            return None
        if lens.read in LISTS:
            return self._read_list(lens, cases)
        default = _default(makes, name)
        options: list[tuple[When, Value[Any]]] = []
        for case in cases:
            if case.node is None:
                options.append((case.when, default))
                continue
            with self.evaluator.assuming(case.when):
                value = self._read_case(lens, case, case.node)
            if isinstance(value, Default) and value.v is None:
                value = Default(v=default.v, origin=value.origin) if isinstance(default, Default) else value
            if not case.when and len(cases) == 1:
                return value
            for inner, leaf in value.leaves():
                both = conjoin(case.when, inner)
                if both is not None:
                    options.append((both, leaf))
        return one_of(options, self.evaluator.origin(written.node, written.key_span))

    def _plain(self, block: Mapping, lens: Lens) -> Value[Any] | None:
        """A field that is a plain scalar right in the block, which most are; None for everything else."""
        entry = block.entry(lens.path[0])
        node = entry.value if entry is not None else None
        if (
            entry is None
            or type(node) is not Scalar
            or node.tag is not None
            or node.value is None
            or lens.read in LISTS
        ):
            return None
        convert = _CONVERT.get(lens.read)
        if convert is None or "{{resolve:" in node.raw:
            return None
        found = convert(Known(v=node.raw, origin=self.evaluator.place(node.span, entry.key.span)))
        if isinstance(found, Unknown):
            self.evaluator.gap(node, f"`{lens.path[0]}`", found.doubt.why, kind="wrong-shape", remedy="correct it")
        return found

    def _read_case(self, lens: Lens, case: Case, node: Node) -> Value[Any]:
        if case.stopped:
            inner = self.evaluator.value(node)
            if lens.path[-1].isdigit():
                found = self.evaluator.map(inner, lambda v: v[0] if isinstance(v, list) and v else v, node)
                if not isinstance(found, Unknown):
                    return _CONVERT[lens.read](found)
            doubt = (
                inner.doubt
                if isinstance(inner, Unknown)
                else Doubt(f"`{inner.show()}` stands around it", cause="wrong shape")
            )
            return Unknown(doubt=doubt, origin=self.evaluator.origin(node, case.key_span))
        if lens.read == "json":
            return self._json(node, case.key_span)
        written = self.evaluator.value(node, case.key_span)
        found = _CONVERT[lens.read](written)
        if isinstance(found, Unknown) and isinstance(written, Known):
            # What stands there is known, and can't be right.
            self.evaluator.gap(
                node, f"`{'.'.join(lens.path)}`", found.doubt.why, kind="wrong-shape", remedy="correct it"
            )
        return found

    def _json(self, node: Node, key_span: Span | None) -> Value[Any]:
        """A block as JSON text; one that holds what is not known is unknown, but for the fact that it is there."""
        if type(node) is Scalar or intrinsic(node) is not None:
            return text(self.evaluator.value(node, key_span))
        plain = self.evaluator.plain(node)
        origin = self.evaluator.origin(node, key_span)
        if plain is ABSENT:
            doubt = Doubt("a part of it is known only when the stack is deployed", cause="reference")
            return Text(parts=(Hole(f"block at {node.span.start}", doubt),), origin=origin)
        return Known(v=json.dumps(plain), origin=origin)

    def _read_list(self, lens: Lens, cases: list[Case]) -> Relation[Any]:
        if lens.read == "texts":
            return self.list_of(cases)
        items: list[Any] = []
        doubts: list[Doubt] = []
        readings: dict[str, Callable[[Case], Relation[Any]]] = {
            "statements": self._statements,
            "variables": self._variables,
            "tags": self._tags,
        }
        reading = readings[lens.read]
        documents: list[Statements] = []
        for case in cases:
            if case.node is None or (type(case.node) is Scalar and case.node.value is None):
                continue
            with self.evaluator.assuming(case.when):
                found = reading(case)
            if len(cases) == 1:
                return found
            items += found
            doubts += found.gaps
            documents += [found] if isinstance(found, Statements) else []
        return joined(items, doubts, documents)

    def list_of(self, cases: list[Case]) -> Relation[Value[Any]]:
        """The values of a list that may depend on conditions."""
        items: list[Value[Any]] = []
        doubts: list[Doubt] = []
        for case in cases:
            if case.stopped and case.node is not None:
                value = self.evaluator.value(case.node)
                doubts.append(
                    value.doubt if isinstance(value, Unknown) else Doubt(f"`{value.show()}` stands around it")
                )
                continue
            with self.evaluator.assuming(case.when):
                found = self.evaluator.texts(case.node)
            items += [self.evaluator.under(case.when, text(value)) for value in found]
            doubts += found.gaps
        return Relation(tuple(items), complete=not doubts, gaps=tuple(doubts))

    def _statements(self, case: Case) -> Statements:
        found = lower_statements(self.evaluator, case.node)
        if not case.when:
            return found
        return given_statements(case.when, found)

    # ------------------------------------------------------------------------------------------------ shared readings

    def value_at(self, block: Node | None, *path: str, as_: str = "text") -> Value[Any] | None:
        """The value at a path, or None where nothing is written."""
        return self.read(block, Lens(path, as_), Other, "name")  # type: ignore[arg-type, return-value]

    def environment(self, block: Node | None, path: tuple[str, ...]) -> Relation[EnvVar]:
        """The variables of a mapping from name to value."""
        return self._read_list(Lens(path, "variables"), self.evaluator.lookup(block, path))

    def _variables(self, case: Case) -> Relation[EnvVar]:
        if type(case.node) is not Mapping or intrinsic(case.node) is not None:
            return Relation((), complete=False, gaps=(self._why_not_mapping(case, "the variables are"),))
        found: list[EnvVar] = []
        doubts: list[Doubt] = []
        for entry in case.node.entries:
            name = entry.key.raw
            if name == "Fn::Transform":
                doubts.append(Doubt("a macro adds to it when the stack is deployed", cause="macro"))
                continue
            if type(entry.value) is Scalar and entry.value.tag is None and not case.when:
                value = text(self.evaluator.value(entry.value, entry.key.span))
                found.append(EnvVar(name, value, value.origin))
                continue
            for inner in self.evaluator.cases(entry.value, entry.key.span):
                both = conjoin(case.when, inner.when)
                if both is None or inner.node is None:
                    continue
                with self.evaluator.assuming(both):
                    value = text(self.evaluator.value(inner.node, entry.key.span))
                found.append(EnvVar(name, value, self.evaluator.origin(inner.node, entry.key.span), both))
        return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))

    def _why_not_mapping(self, case: Case, what: str) -> Doubt:
        if case.node is not None and intrinsic(case.node) is not None:
            value = self.evaluator.value(case.node)
            return value.doubt if isinstance(value, Unknown) else Doubt(f"{what} `{value.show()}`", cause="wrong shape")
        if case.node is not None:
            self.evaluator.gap(
                case.node, what.removesuffix(" are"), "a mapping belongs here", kind="wrong-shape", remedy="correct it"
            )
        return Doubt(f"{what} not written as a mapping", cause="wrong shape")

    def tags(self, block: Node | None) -> Relation[Tag]:
        """Tags, written as a mapping (SAM) or as a list of Key and Value."""
        return self._read_list(Lens(("Tags",), "tags"), self.evaluator.lookup(block, ("Tags",)))

    def _tags(self, case: Case) -> Relation[Tag]:
        node = case.node
        found: list[Tag] = []
        doubts: list[Doubt] = []
        if type(node) is Mapping and intrinsic(node) is None:
            for entry in node.entries:
                if entry.key.raw == "Fn::Transform":
                    doubts.append(Doubt("a macro adds to it when the stack is deployed", cause="macro"))
                    continue
                found.append(Tag(text(self.evaluator.value(entry.key)), self._one_tag(case.when, entry.value)))
        elif type(node) is Sequence and node.tag is None:
            for item in node.items:
                for inner in self.evaluator.cases(item):
                    when = conjoin(case.when, inner.when)
                    if when is None or type(inner.node) is not Mapping:
                        continue
                    key, value = inner.node.get("Key"), inner.node.get("Value")
                    if key is not None and value is not None:
                        found.append(Tag(text(self.evaluator.value(key)), self._one_tag(when, value)))
        else:
            doubts.append(self._why_not_mapping(case, "the tags are"))
        return Relation(tuple(found), complete=not doubts, gaps=tuple(doubts))

    def _one_tag(self, when: When, node: Node) -> Value[str]:
        return self.evaluator.under(when, text(self.evaluator.value(node)))

    def declare(self, found: Declared) -> None:
        """Note a resource that nobody wrote, so that others find it."""
        self.declared[found.id] = found
        if self._by_type:
            self._by_type.setdefault(found.type, []).append(found)

    def of_type(self, type_: str) -> list[Declared]:
        """The resources of one type in this template."""
        if not self._by_type:
            for found in self.declared.values():
                self._by_type.setdefault(found.type, []).append(found)
        return self._by_type.get(type_, [])

    def find(self, reference: Reference) -> Declared | None:
        """The resource of this template that a reference names."""
        found = self.declared.get(reference.target.rpartition("#")[2])
        return found if found is not None and self.evaluator.key(found.id) == reference.target else None

    def refers_to(self, value: Value[Any] | None, found: Declared) -> bool:
        """Whether a value refers to a resource of this template."""
        key = self.evaluator.key(found.id)
        return value is not None and any(reference.target == key for _, reference in value.references())


@cache
def _defaults(makes: Any) -> dict[str, Any]:  # noqa: ANN401 - a kind
    names = makes.__struct_fields__
    values = makes.__struct_defaults__
    return dict(zip(names[len(names) - len(values) :], values, strict=True))


def _default(makes: Any, name: str) -> Value[Any]:  # noqa: ANN401 - a kind, which mypy does not take to be hashable
    """What the model holds for a field that nobody wrote."""
    found: Value[Any] = _defaults(makes).get(name, _NOTHING)
    return found
