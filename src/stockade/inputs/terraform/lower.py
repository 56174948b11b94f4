"""From resource instances, whose blocks are evaluated, to records of the model.

Most of a resource is read by its table (`tables/`). What a table can't say is done by a *maker*: a function for a resource
type that adds one or more records. Makers live beside their service and are found in `makers()`. Configurations and plans
are lowered by the same tables: both give a block as an `Obj`, in which a nested block is a `Seq` of `Obj`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.convert import boolean, integer, number
from stockade.inputs.lens import LISTS, Kind, Lens, Table
from stockade.inputs.terraform.choices import as_unset, beside, default_of, either, joined_lists, under
from stockade.inputs.terraform.modules import Copy
from stockade.inputs.terraform.naming import (
    OWN_NAME,
    PART_OF,
    Name,
    canonical,
    meant,
    same_text,
    text_names,
    unknown_in,
)
from stockade.inputs.terraform.places import Places
from stockade.inputs.terraform.policies import lower_statements
from stockade.inputs.terraform.tables import tables
from stockade.inputs.terraform.terms import (
    Json,
    Lit,
    NotKnown,
    Obj,
    Seq,
    Term,
    Txt,
    Unk,
    cases,
    doubt_of,
    in_full,
    is_null,
    json_parts,
    json_text,
    plain,
)
from stockade.inputs.terraform.values import text, value_of
from stockade.inputs.terraform.versions import pins
from stockade.inputs.terraform.walk import MISPLACED, Case, Item, lookup, misplaced
from stockade.model.app import EnvVar, Gap, Other, Pin, Place, Resource, Site, Tag, Withheld
from stockade.model.policy import Statements, joined
from stockade.model.value import (
    Default,
    Doubt,
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
)
from stockade.modules import modules
from stockade.text.document import Span

R = TypeVar("R", bound=Resource)
Maker: TypeAlias = "Callable[[Lowering, Declared], None]"

_CONVERT: dict[str, Callable[[Value[Any]], Value[Any]]] = {
    "text": text,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    "texts": text,
}
# Readings of which the provider takes an empty text for nothing: null is the only nothing of the others.
_EMPTY = frozenset({"text", "json"})


@cache
def makers() -> dict[str, Maker]:
    """The makers by resource type: what the modules of `makers/` state as `MAKERS`."""
    found: dict[str, Maker] = {}
    for module in modules("stockade.inputs.terraform.makers"):
        found.update(module.MAKERS)
    return found


class Declared:
    """One instance of a resource: its type, address, evaluated block, and when it is there.

    `scope` is the root module that it belongs to, `written` what the input's writer finds it by; `span` is its block and
    `key_span` the block's header, `place` where it is deployed, `created_first` and `withheld` as a record has them. `joined`
    says of fields that a resource beside it states (a bucket's versioning) which one that is, and by which table.
    """

    __slots__ = (
        "address",
        "block",
        "created_first",
        "exists",
        "joined",
        "key",
        "key_span",
        "place",
        "places",
        "scope",
        "span",
        "type",
        "withheld",
        "written",
    )

    def __init__(  # noqa: PLR0913 - each is about another part of what an instance is
        self,
        type_: str,
        address: str,
        *,
        scope: str,
        block: Obj,
        span: Span,
        key_span: Span,
        places: Places,
        exists: When = (),
        written: Any = None,  # noqa: ANN401 - the writer's
        place: Place | None = None,
        created_first: bool | None = None,
        withheld: tuple[Withheld, ...] = (),
    ) -> None:
        self.type = type_
        self.address = address
        self.scope = scope
        self.key = f"{scope}#{address}"
        self.block = block
        self.span = span
        self.key_span = key_span
        self.places = places
        self.exists = exists
        self.written = written
        self.place = place
        self.created_first = created_first
        self.withheld = withheld
        self.joined: dict[str, tuple[Declared, Table]] = {}


class Named(Struct, frozen=True, eq=False):
    """An instance that names another one by `value`, and the premises under which it does (and is there)."""

    by: Declared
    when: When
    value: Value[Any]


class Lowering:
    """Lowers the instances of one root module, and what belongs to them."""

    def __init__(self, declared: Iterable[Declared]) -> None:
        self.declared = list(declared)
        self.resources: list[Resource] = []
        self.gaps: list[Gap] = []
        self._tables = tables()
        self._makers = makers()
        self._by_key = {found.key: found for found in self.declared}
        self._by_type: dict[str, list[Declared]] = {}
        for found in self.declared:
            self._by_type.setdefault(found.type, []).append(found)
        self._naming: dict[tuple[str, str], dict[Name, list[Named]]] = {}
        self._owned: dict[str, list[Name]] = {}
        self._pinned: dict[int, tuple[Pin, ...]] = {}  # of each module
        self._named: dict[str, dict[Name, list[Declared]]] = {}
        self._alike: dict[tuple[str, tuple[str, ...]], dict[tuple[Name, ...], list[Named]]] = {}

    def run(self) -> list[Resource]:
        """Lower everything."""
        for found in self.declared:
            maker = self._makers.get(found.type)
            if maker is not None:
                maker(self, found)
            elif found.type in self._tables:
                self.add_by_table(found)
            elif found.type.startswith(("aws_", "aws:")):  # Terraform's, or Pulumi's where Terraform's is not known
                self.add(Other(**self.base(found)))
        return self.resources

    # --------------------------------------------------------------------------------------- finding other instances

    def of_type(self, type_: str) -> list[Declared]:
        """The instances of one type."""
        return self._by_type.get(type_, [])

    def find(self, reference: Reference) -> Declared | None:
        """The instance that a reference names."""
        return self._by_key.get(reference.target)

    def refers_to(self, value: Value[Any] | None, found: Declared) -> bool:
        """Whether a value refers to an instance."""
        return value is not None and any(reference.target == found.key for _, reference in value.references())

    def naming(self, type_: str, attribute: str, found: Declared) -> list[Declared]:
        """The instances of a type whose attribute (or list of them) names this one.

        By a reference, or by the same text as its own name (`bucket = "orders"`).
        """
        return list({id(named.by): named.by for named in self.named(type_, attribute, found)}.values())

    def named(self, type_: str, attribute: str, found: Declared) -> list[Named]:
        """As `naming`, with the premises: what of them is said by the instance's own premises is left out."""
        index = self._naming.get((type_, attribute))
        if index is None:
            index = self._naming[type_, attribute] = {}
            for other in self.of_type(type_):
                for value in self.texts_at(other, other.block, *attribute.split(".")):
                    for when, leaf in value.leaves():
                        both = conjoin(other.exists, when)
                        if both is None:
                            continue
                        for name in self._names(leaf):
                            index.setdefault(name, []).append(Named(other, both, leaf))
        matched: dict[tuple[int, int], Named] = {}
        for name in self.names_of(found):
            for named in index.get(name, ()):
                left = beside(found.exists, named.when)
                if left is not None:
                    matched[id(named.by), id(named.value)] = Named(named.by, left, named.value)
        return list(matched.values())

    def names_of(self, found: Declared) -> list[Name]:
        """What others name an instance by: its key, and its own name where that is written."""
        known = self._owned.get(found.key)
        if known is None:
            known = [found.key]
            for attribute in OWN_NAME.get(found.type, ("name",)):
                value = self.value_at(found, found.block, attribute)
                for _, leaf in value.leaves() if value is not None else ():
                    if isinstance(leaf, Known):
                        known.append(str(leaf.v))
                    elif isinstance(leaf, Text):
                        known.append(canonical(leaf))
            self._owned[found.key] = known
        return known

    def alike(self, type_: str, attributes: tuple[str, ...], found: Declared) -> list[Named]:
        """The instances of a type that state the same as this one for all of these attributes, with the premises."""
        index = self._alike.get((type_, attributes))
        if index is None:
            index = self._alike[type_, attributes] = {}
            for other in self.of_type(type_):
                for when, said, value in self._said(other, attributes):
                    index.setdefault(said, []).append(Named(other, when, value))
        matched: dict[tuple[int, When], Named] = {}
        for when, said, _ in self._said(found, attributes):
            for named in index.get(said, ()):
                both = conjoin(when, named.when)
                left = beside(found.exists, both) if both is not None else None
                if left is not None:
                    matched.setdefault((id(named.by), left), Named(named.by, left, named.value))
        return list(matched.values())

    def _said(self, found: Declared, attributes: tuple[str, ...]) -> list[tuple[When, tuple[Name, ...], Value[Any]]]:
        """What an instance states for some attributes, for each of its cases; nothing where one of them is not known."""
        said: list[tuple[When, tuple[Name, ...], Value[Any]]] = []
        for attribute in attributes:
            value = self.value_at(found, found.block, attribute)
            if value is None:
                return []
            leaves = [
                (when, name, leaf) for when, leaf in self._stated(value, 0) if (name := same_text(leaf)) is not None
            ]
            before = said or [(found.exists, (), value)]
            said = [
                (both, (*names, name), leaf)
                for outer, names, _ in before
                for when, name, leaf in leaves
                if (both := conjoin(outer, when)) is not None
            ]
            if not said:
                return []
        return said

    def _stated(self, value: Value[Any], depth: int) -> Iterator[tuple[When, Value[Any]]]:
        """The leaves of a value; for one that refers to what another instance states, what that is (as plans have it)."""
        for when, leaf in value.leaves():
            reference = next((reference for _, reference in leaf.refers()), None)
            name = reference.shown.rpartition(".")[2] if reference is not None else ""
            found = (
                self.find(reference) if reference is not None and reference.attribute not in {"Ref", "Arn"} else None
            )
            inner = self.value_at(found, found.block, name) if found is not None and name.isidentifier() else None
            if inner is None or depth > 3:
                yield when, leaf
                continue
            for deeper, own in self._stated(inner, depth + 1):
                both = conjoin(when, deeper)
                if both is not None:
                    yield both, own

    def resolve(self, value: Value[Any], *types: str) -> list[tuple[When, Declared]]:
        """The instances of these types that a value names."""
        found: list[tuple[When, Declared]] = []
        for when, leaf in value.leaves():
            names = self._names(leaf)
            for type_ in types:
                index = self._named.get(type_)
                if index is None:
                    index = self._named[type_] = {}
                    for owner in self.of_type(type_):
                        for name in self.names_of(owner):
                            index.setdefault(name, []).append(owner)
                owners = {id(owner): owner for name in names for owner in index.get(name, ())}
                found += [(when, owner) for owner in owners.values()]
        return found

    def _names(self, leaf: Value[Any], depth: int = 0) -> list[Name]:
        """What a value may name an instance by."""
        if isinstance(leaf, Known):
            return [*text_names(leaf.v)] if isinstance(leaf.v, str) else []
        if not isinstance(leaf, Text):
            return []
        names: list[Name] = [canonical(leaf)]
        for reference in meant(leaf):
            names.append(reference.target)
            part = self.find(reference)
            if part is not None and part.type in PART_OF and depth < 3:
                whole = self.value_at(part, part.block, PART_OF[part.type])
                for _, inner in whole.leaves() if whole is not None else ():
                    names += self._names(inner, depth + 1)
        return names

    # ---------------------------------------------------------------------------------------------------------- joining

    def join(
        self,
        found: Declared,
        type_: str,
        attribute: str,
        fields: dict[str, Any],
        *,
        table: str = "",
        where: Callable[[Named], bool] | None = None,
    ) -> None:
        """Put what the instances of a type that name this one state into its fields.

        For parts that are resources of their own, as those of a bucket are. Where such a part is there only under
        premises, what `fields` had holds elsewhere. `table` is the table if it is not that of the type, `where` says
        which of the instances are meant.
        """
        chosen = [n for n in self.named(type_, attribute, found) if where is None or where(n)]
        self.join_all(found, table or type_, chosen, fields)

    def join_all(self, found: Declared, table: str, parts: Iterable[Named], fields: dict[str, Any]) -> None:
        """As `join`, for parts that the maker found by itself."""
        own_table = self._tables[table]
        for named in parts:
            stated = self.fields(named.by, own_table, named.by.block)
            for name in own_table.fields:
                found.joined.setdefault(name, (named.by, own_table))
                if name not in stated:
                    continue
                own, before = stated[name], fields.get(name)
                if isinstance(own, Relation):
                    fields[name] = joined_lists(named.when, own, before)
                elif before is None or not isinstance(own, Default):  # what is null there leaves what is written here
                    before = before if isinstance(before, Value) else default_of(own_table.makes, name)
                    fields[name] = either(named.when, own, before)

    def add_joined(self, found: Declared, attribute: str, *types: str) -> None:
        """Keep an instance that is a part of others of these types, and note if it is not known of which one."""
        self.add(Other(**self.base(found)))
        self.note_unresolved(found, attribute, *types)

    def note_unresolved(self, found: Declared, attribute: str, *types: str) -> None:
        """Note a gap if what an instance names by an attribute is not known."""
        names = self.texts_at(found, found.block, attribute)
        doubts = [(found.key_span, doubt) for doubt in names.gaps]
        for value in names:
            resolved = [when for when, _ in self.resolve(value, *types)]
            for when, leaf in value.leaves():
                if when not in resolved:
                    hole = unknown_in(leaf)
                    doubts += [(getattr(leaf.origin, "span", found.key_span), hole)] if hole is not None else []
        for span, doubt in doubts[:1]:
            why = f"which `{types[0]}` it belongs to can't be told: {doubt.why}"
            remedy = doubt.remedy or f"name it by a reference to the `{types[0]}`"
            self.gap(found, span, f"`{attribute}`", why, kind="join", remedy=remedy)

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
        item: Item | None = None,
        when: When = (),
        address: str = "",
    ) -> dict[str, Any]:
        """What all records of an instance have. `suffix` tells the records of one instance apart."""
        there = conjoin(found.exists, item.when if item is not None else when)
        span = item.block.span if item is not None else found.span
        return {
            "address": address or found.address,
            "key": found.key + suffix,
            "type": found.type,
            "origin": found.places.block(span, found.key_span if item is None else None),
            "exists": there if there is not None else found.exists,
            "place": found.place,
            "created_first": found.created_first,
            "pins": self._pins(found),
            "site": Site(
                input="terraform",
                table=table or found.type,
                document=found.span.doc,
                address=found.address,
                block=found.written,
                base=item.at if item is not None else (),
                key_span=found.key_span,
                context=found,
            ),
        }

    def _pins(self, found: Declared) -> tuple[Pin, ...]:
        """What keeps the provider of an instance from being as new as it may be, where the configuration is at hand."""
        if not isinstance(found.written, Copy):
            return ()
        module = found.written.module
        known = self._pinned.get(id(module))
        if known is None:
            known = self._pinned[id(module)] = pins(module)
        return known

    def table(self, type_: str) -> Table:
        """The table of a resource type (or of `type/part`)."""
        return self._tables[type_]

    def reference(self, found: Declared, attribute: str, origin: Origin) -> Value[str]:
        """A reference to an instance, as a made record would write it."""
        shown = f"{found.address}.{'id' if attribute == 'Ref' else attribute.lower()}"
        return Text(parts=(Reference(found.key, attribute, shown),), origin=origin)

    def add_by_table(self, found: Declared, **fields: Any) -> Any:  # noqa: ANN401 - the fields of any record, and the record
        """One record with what its table says, and these fields beside."""
        table = self._tables[found.type]
        return self.add(table.makes(**(self.base(found) | self.fields(found, table, found.block) | fields)))

    def add_stated(self, found: Declared, stated: dict[str, Any], **fields: Any) -> Any:  # noqa: ANN401 - as `add_by_table`
        """As `add_by_table`, for a maker that has read the table's fields already."""
        return self.add(self._tables[found.type].makes(**(self.base(found) | stated | fields)))

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
        """One record of a block inside of a resource, with what the table `type/part` says."""
        table = self._tables[part]
        base = self.base(found, suffix=suffix, table=part, item=item, address=address)
        return self.add(table.makes(**(base | self.fields(found, table, item.block) | fields)))

    def struct(self, found: Declared, table: str, item: Item, **fields: Any) -> Any:  # noqa: ANN401 - any struct
        """A part of a record (a target, a rule of a security group) with what its table says."""
        own = self._tables[table]
        stated = self.fields(found, own, item.block)
        return own.makes(**({"origin": found.places.block(item.block.span), "exists": item.when} | stated | fields))

    # ---------------------------------------------------------------------------------------------------- nested blocks

    def items(self, found: Declared, block: Obj, *path: str, at: tuple[str | int, ...] = ()) -> Iterator[Item]:
        """The nested blocks at a path, each with its premises; `at` is where `block` is from the resource."""
        outer: list[tuple[When, Obj, tuple[str | int, ...]]] = [((), block, at)]
        for step in path:
            inner: list[tuple[When, Obj, tuple[str | int, ...]]] = []
            for when, obj, place in outer:
                for case, term in cases(obj.entries.get(step) or Seq(span=obj.span, items=())):
                    both = conjoin(when, case)
                    if both is None:
                        continue
                    blocks = term.items if type(term) is Seq else (term,)
                    for index, item in enumerate(blocks):
                        for deeper, leaf in cases(item):
                            all_ = conjoin(both, deeper)
                            leaf_ = in_full(leaf)
                            if all_ is not None and type(leaf_) is Obj:
                                inner.append((all_, leaf_, (*place, step, index)))
                            elif all_ is not None and type(leaf_) is Lit and leaf_.v is not None:
                                self.gap(found, leaf_.span, f"`{step}`", "a block belongs here", kind=MISPLACED)
            outer = inner
        for when, obj, place in outer:
            yield Item(obj, when, place)

    @staticmethod
    def whole(found: Declared, when: When = ()) -> Item:
        """All of an instance, for what is read of parts and of resources of their own alike."""
        return Item(found.block, when, ())

    # ---------------------------------------------------------------------------------------------------- reading fields

    def fields(self, found: Declared, table: Table, block: Obj) -> dict[str, Any]:
        """Every field of a table that a block states."""
        result: dict[str, Any] = dict(table.constants)
        own = frozenset(result)
        by_key = table.by_first_step()
        for key in block.entries:
            for name, lens in by_key.get(key, ()):
                if name not in result or name in own:
                    read = self.read(found, block, lens, table.makes, name, result.get(name), nulls=block.open is None)
                    if read is not None:
                        result[name] = read
        if block.open is not None:
            for name, lens in table.fields.items():
                absent = name not in result or (name in own and isinstance(result[name], Default))
                if absent and not lens.by:
                    result[name] = self._unread(found, block, lens)
        return result

    def _unread(self, found: Declared, block: Obj, lens: Lens) -> Value[Any] | Relation[Any]:
        doubt = block.open or Doubt("it is not known")
        if lens.read in LISTS:
            return Relation((), complete=False, gaps=(doubt,))
        return Unknown(doubt=doubt, origin=found.places.block(block.span))

    def read(
        self,
        found: Declared,
        block: Obj,
        lens: Lens,
        makes: Kind,
        name: str,
        fallback: object = None,
        *,
        nulls: bool = False,
    ) -> Value[Any] | Relation[Any] | None:
        """One field; None where nothing is written, nor, with `nulls`, a null, which is the default with a place."""
        every = lens.read in LISTS
        found_cases = _cases_of(block, lens, every=every)
        for case in found_cases:
            if type(case.term) is Unk and case.term.doubt.cause == MISPLACED:
                self.gap(found, case.span, _shown(lens), case.term.doubt.why, kind=MISPLACED)
        written = next((case for case in found_cases if case.term is not None), None)
        default = fallback if isinstance(fallback, Value) else default_of(makes, name)
        if written is None and nulls and not every and isinstance(default, Default):
            nulls_ = (case for case in found_cases if case.null is not None and found.places.is_text(case.null.span))
            written = next(nulls_, None)
        if written is None:
            return None
        if every:
            return self._read_list(found, lens, found_cases)
        options: list[tuple[When, Value[Any]]] = []
        for case in found_cases:
            if case.term is None:
                options.append((case.when, _unset(found, case, default)))
                continue
            value = self._read_case(found, lens, case, case.term)
            value = as_unset(value, None, *(("",) if lens.read in _EMPTY else ()), default=default)
            if not case.when and len(found_cases) == 1:
                return value
            for inner, leaf in value.leaves():
                both = conjoin(case.when, inner)
                if both is not None:
                    options.append((both, leaf))
        # The cases have places of their own; the value as a whole has that of its attribute.
        return one_of(options, found.places.origin(written.span, written.span, written.key_span))

    def _read_case(self, found: Declared, lens: Lens, case: Case, term: Term) -> Value[Any]:
        if lens.read == "json":
            return self._json(found, case, term)
        value = value_of(term, found.places, case.span, case.key_span)
        converted = _CONVERT[lens.read](value)
        if isinstance(converted, Unknown) and isinstance(value, Known):
            self.gap(found, case.span, _shown(lens), converted.doubt.why, kind=MISPLACED)
        return converted

    def _json(self, found: Declared, case: Case, term: Term) -> Value[Any]:
        origin = found.places.origin(term.span, case.span, case.key_span)
        if type(term) is Json or type(term) in (Obj, Seq):
            inner = term.inner if type(term) is Json else term
            try:
                return Known(v=json_text(plain(inner)), origin=origin)
            except NotKnown:
                return value_of(_as_text(term, inner), found.places, case.span, case.key_span)
        return text(value_of(term, found.places, case.span, case.key_span))

    def _read_list(self, found: Declared, lens: Lens, found_cases: list[Case]) -> Relation[Any]:
        items: list[Any] = []
        doubts: list[Doubt] = []
        documents: list[Statements] = []
        for case in found_cases:
            if case.term is None:
                continue
            if lens.read == "texts":
                own: Relation[Any] = self._texts(found, lens, case)
            elif lens.read == "statements":
                own = self.statements(found, case)
            else:
                own = self._mapping(found, lens, case)
            if len(found_cases) == 1:
                return own
            items += own
            doubts += own.gaps
            documents += [own] if isinstance(own, Statements) else []
        return joined(items, doubts, documents)

    def _texts(self, found: Declared, lens: Lens, case: Case) -> Relation[Value[Any]]:
        term = case.term
        if type(term) is Seq:
            values: list[Value[Any]] = []
            for item in term.items:
                value = text(value_of(item, found.places, case.span, case.key_span))
                if not (isinstance(value, Known) and value.v == "") and not (isinstance(value, Default)):
                    values.append(under(case.when, value))
            gaps = () if term.open is None else (term.open,)
            return Relation(tuple(values), complete=not gaps, gaps=gaps)
        if type(term) is Unk and term.kind not in {"string", "number", "bool"} and not term.name.startswith("AWS::"):
            return Relation((), complete=False, gaps=(term.doubt,))
        if term is None or (type(term) is Lit and term.v == ""):
            return Relation()
        if type(term) is Obj:
            return self._misplaced(found, lens, case, "a list of texts belongs here")
        return Relation((under(case.when, text(value_of(term, found.places, case.span, case.key_span))),))

    def statements(self, found: Declared, case: Case) -> Relation[Any]:
        """The statements of the policy document that stands there."""
        if case.term is None:
            return Relation()
        return lower_statements(found.places, case.term, case.when)

    def _mapping(self, found: Declared, lens: Lens, case: Case) -> Relation[Any]:
        term = in_full(case.term) if case.term is not None else None
        if type(term) is not Obj:
            if type(term) in (Lit, Seq):
                return self._misplaced(found, lens, case, "a map belongs here")
            doubt = doubt_of(term) if term is not None else Doubt("it is not known")
            return Relation((), complete=False, gaps=(doubt,))
        make = self._variable if lens.read == "variables" else self._tag
        items = [
            item
            for name, value in term.entries.items()
            for item in make(
                found,
                replace(case, span=term.places.get(name, case.span), key_span=term.keys.get(name, case.key_span)),
                name,
                value,
            )
        ]
        gaps = () if term.open is None else (term.open,)
        return Relation(tuple(items), complete=not gaps, gaps=gaps)

    def _misplaced(self, found: Declared, lens: Lens, case: Case, why: str) -> Relation[Any]:
        """What is read of a list that can't be one: nothing is known, and a gap says so."""
        self.gap(found, case.span, _shown(lens), why, kind=MISPLACED)
        return Relation((), complete=False, gaps=(misplaced(why),))

    @staticmethod
    def _variable(found: Declared, at: Case, name: str, value: Term) -> Iterator[EnvVar]:
        for when, leaf in cases(value):
            both = conjoin(at.when, when)
            if both is not None and not is_null(leaf):
                own = text(value_of(leaf, found.places, at.span, at.key_span))
                yield EnvVar(name, own, own.origin, both)

    @staticmethod
    def _tag(found: Declared, at: Case, name: str, value: Term) -> Iterator[Tag]:
        own = text(value_of(value, found.places, at.span, at.key_span))
        key = Known(v=name, origin=found.places.origin(at.key_span or at.span, at.span, at.key_span))
        yield Tag(key, under(at.when, own))

    def value_at(self, found: Declared, block: Obj, *path: str, as_: str = "text") -> Value[Any] | None:
        """The value at a path, or None where nothing is written."""
        return self.read(found, block, Lens(path, as_), Other, "name")  # type: ignore[arg-type, return-value]

    def texts_at(self, found: Declared, block: Obj, *path: str) -> Relation[Value[Any]]:
        """The texts of the list at a path."""
        read = self.read(found, block, Lens(path, "texts"), Other, "name")
        return read if isinstance(read, Relation) else Relation()

    def gap(  # noqa: PLR0913 - they are the fields of a Gap
        self,
        found: Declared,
        span: Span,
        what: str,
        why: str,
        *,
        kind: str,
        remedy: str = "correct it",
        hides: bool = False,
        kinds: tuple[str, ...] = (),
        api: str = "",
    ) -> None:
        """Note something that could not be seen; see `Gap` for what `hides`, `kinds` and `api` say."""
        span = found.places.at(span)
        self.gaps.append(
            Gap(
                what=f"{what} of `{found.address}`",
                why=why,
                kind=kind,
                remedy=remedy,
                path=span.doc.path,
                span=span,
                hides=hides,
                kinds=kinds,
                api=api,
            )
        )


def _cases_of(block: Obj, lens: Lens, *, every: bool) -> list[Case]:
    """What stands at the paths of a lens: of all of them, or at the first at which something does."""
    found_cases = lookup(block, lens.path, every=every)
    for path in lens.also:
        if every:
            found_cases = found_cases + lookup(block, path, every=True)
        elif all(case.term is None for case in found_cases):
            further = lookup(block, path)
            # A null at the first place counts where nothing stands at the others.
            if any(case.term is not None for case in further) or all(case.null is None for case in found_cases):
                found_cases = further
    return found_cases


def _unset(found: Declared, case: Case, default: Value[Any]) -> Value[Any]:
    """What holds where nothing is set: the default, at the place of the null that says so."""
    if case.null is None or not isinstance(default, Default) or not found.places.is_text(case.null.span):
        return default
    return Default(v=default.v, origin=found.places.origin(case.null.span, case.span, case.key_span))


def _shown(lens: Lens) -> str:
    return f"`{'.'.join(lens.path)}`"


def _as_text(term: Term, inner: Term) -> Term:
    return Txt(span=term.span, parts=json_parts(inner))
