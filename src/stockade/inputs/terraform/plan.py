"""Plans and states of Terraform in JSON, as `terraform show -json` writes them.

https://developer.hashicorp.com/terraform/internals/json-format, format 1.2, as of 2026-11-28. A plan may be very large, on a
single line. So only what frames it is read at once; what a resource states is read when it is asked for, straight from the
text, in which each value keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Raw, Struct

from stockade.inputs.terraform.modules import Key
from stockade.inputs.terraform.plan_values import (
    MAX_DEPTH,
    SHOW,
    Attributes,
    length_of,
    members_of,
    placed,
    read_values,
)
from stockade.inputs.terraform.terms import Obj, Term
from stockade.model.app import Gap
from stockade.patterns import regex
from stockade.text.document import Document, Span

_MOST_TEXT = 1024  # characters of a text that may name a resource

Path: TypeAlias = "tuple[tuple[str, Key], ...]"  # the calls of modules that lead to a place, from the root module on
Where: TypeAlias = "tuple[Path, str, str]"  # a module, and the type and name of a resource in it

_BYTE = regex(r"\(byte (\d+)\)")
_NOTHING = Raw(b"null")
T = TypeVar("T")


# --------------------------------------------------------------------------------------------------------- recognising

Form: TypeAlias = Literal["", "plan", "tfstate", "log"]
_STREAM = regex(r'\s*\{"@level":"[^"]*","@message":"[^"]*","@module":"(?:terraform|tofu)')


def form_of(document: Document) -> Form:
    """What of Terraform's a JSON text may be: a plan or state as `show` writes it, a raw state, the log of a run."""
    text = document.text
    if text.lstrip()[:1] != "{":
        return ""
    if '"format_version"' in text and ('"planned_values"' in text or '"root_module"' in text):
        return "plan"
    if '"lineage"' in text and '"serial"' in text and '"terraform_version"' in text:
        return "tfstate"
    return "log" if _STREAM.match(text) else ""


def not_read(document: Document, form: Form, *, named: bool) -> Gap:
    """What to do with a file that is not read, but could be written so that it is. `named`: it is all that is scanned."""
    if form == "tfstate":
        why = "it is a state as Terraform keeps it, in a format that is Terraform's own"
        remedy = "write it in the public format, `terraform show -json > state.json`, and scan that"
    else:
        why = "it is the log of a run in JSON, not a plan"
        remedy = "write the plan: `terraform plan -out=PLAN`, then `terraform show -json PLAN > plan.json`"
    path = document.path
    return Gap(what=path, why=why, remedy=remedy, kind="unsupported", path=path, hides=named)


# --------------------------------------------------------------------------------------------------------------- reading


class _Top(Struct):
    format_version: Any = None
    terraform_version: Any = None
    variables: Raw = _NOTHING
    planned_values: Raw = _NOTHING
    values: Raw = _NOTHING
    resource_changes: Raw = _NOTHING
    prior_state: Raw = _NOTHING
    configuration: Raw = _NOTHING
    complete: Any = None
    errored: Any = None


class _Values(Struct):
    root_module: Raw = _NOTHING


class _State(Struct):
    values: Raw = _NOTHING


class _Module(Struct):
    address: Any = ""
    resources: Raw = _NOTHING
    child_modules: Raw = _NOTHING


class _Resource(Struct):
    mode: str
    type: str
    name: str
    address: str = ""
    index: int | str | None = None
    values: Raw = _NOTHING
    sensitive_values: Raw = _NOTHING
    deposed_key: Any = None


class _Names(Struct, frozen=True, gc=False):
    """What an instance may be named by."""

    id: Any = None
    arn: Any = None
    name: Any = None
    bucket: Any = None
    url: Any = None
    account_id: Any = None


class _ChangeBody(Struct, frozen=True):
    after_unknown: Raw = _NOTHING


class _Change(Struct):
    address: str = ""
    deposed: Any = None
    change: _ChangeBody = _ChangeBody()


class _Variable(Struct):
    value: Raw = _NOTHING


class Planned:
    """One instance of a resource or data source in a plan. Its values are read when asked for."""

    __slots__ = (
        "_masks",
        "_raw",
        "_texts",
        "_values",
        "address",
        "data",
        "document",
        "key",
        "name",
        "path",
        "span",
        "type",
    )

    def __init__(self, document: Document, found: _Resource, path: Path, span: Span, values: int) -> None:
        self.document = document
        self.path = path
        self.type = found.type
        self.name = found.name
        self.data = found.mode == "data"
        index = found.index
        self.key = Key() if index is None else Key(str(index), each=isinstance(index, str))
        self.address = address_of(path, self.shown, self.key)
        self.span = span
        self._values = values  # where they stand; -1 for nowhere
        self._raw = found.values
        self._masks: list[Raw] = [found.sensitive_values, _NOTHING]
        self._texts: dict[str, str | None] | None = None  # of what was asked for

    @property
    def shown(self) -> str:
        """Its type and name, as configurations refer to it."""
        return f"data.{self.type}.{self.name}" if self.data else f"{self.type}.{self.name}"

    @property
    def where(self) -> Where:
        """What it is an instance of."""
        return self.path, f"data.{self.type}" if self.data else self.type, self.name

    def values(self) -> Obj:
        """What is known of it, with places."""
        if self._values >= 0:
            term = read_values(self.document, self._values)
            if type(term) is Obj:
                return term
        return Obj(span=self.span, entries={})

    def attributes(self) -> Attributes:
        """What is known of it, of which only that is read that is asked for."""
        return Attributes(self.document, self._raw, self._values)

    def place(self) -> Span:
        """Where its values stand."""
        if self._values < 0:
            return self.span
        return self.document.span(self._values, self._values + length_of(self._raw, self.document.text))

    def stated(self, name: str) -> Any:  # noqa: ANN401 - plain data
        """What is known of one attribute, as plain data; None if nothing is."""
        raw = _mapped(self._raw).get(name)
        return None if raw is None else _plain(raw)

    @property
    def sensitive(self) -> Any:  # noqa: ANN401 - a mask: a truth value, or one for each part
        """What of its values is sensitive."""
        mask = self._masks[0]
        return _plain(mask) if b"true" in bytes(mask) else None  # mostly it says of every part that it is not

    @property
    def unknown(self) -> Any:  # noqa: ANN401 - a mask: a truth value, or one for each part
        """What of it is known only after apply."""
        return _plain(self._masks[1])

    def set_unknown(self, mask: Raw) -> None:
        """Say what of it is known only after apply."""
        self._masks[1] = mask

    def text(self, attribute: str) -> str | None:
        """A known text of it that may name it: kept, since it is asked for again and again."""
        if self._texts is None:
            # What most are asked for is read at once, and most of it is known only after apply.
            named = _names_in(self._raw)
            self._texts = {
                name: held
                for name in _Names.__struct_fields__
                if isinstance(held := getattr(named, name), str) and len(held) <= _MOST_TEXT
            }
        if attribute not in self._texts and attribute not in _Names.__struct_fields__:
            found = self.stated(attribute)
            self._texts[attribute] = found if isinstance(found, str) and len(found) <= _MOST_TEXT else None
        return self._texts.get(attribute)


class Plan:
    """A plan (or a state: `state`) that was read."""

    def __init__(self, document: Document, *, state: bool) -> None:
        self.document = document
        self.state = state
        self.resources: list[Planned] = []
        self.data: dict[str, Planned] = {}
        self.variables: dict[str, Term] = {}
        self.configuration: Configuration | None = None
        self.gaps: list[Gap] = []
        self.by_address: dict[str, Planned] = {}
        self.instances: dict[Where, list[Planned]] = {}
        self.modules: dict[tuple[Path, str], dict[Key, None]] = {}  # the instances of each call

    def put(self, found: Planned) -> None:
        """Add an instance. Of one that stands twice (planned, and as it was before) the first counts."""
        if found.address in self.by_address:
            return
        self.by_address[found.address] = found
        self.instances.setdefault(found.where, []).append(found)
        if found.data:
            self.data[found.address] = found
        else:
            self.resources.append(found)
        path = found.path
        while path:
            *above, (name, key) = path
            keys = self.modules.setdefault((tuple(above), name), {})
            if key in keys:
                break
            keys[key] = None
            path = tuple(above)

    def gap(self, span: Span | None, what: str, why: str, *, kind: str, remedy: str = SHOW) -> None:
        """Note something of it that could not be read."""
        path = self.document.path
        self.gaps.append(Gap(what=what, why=why, remedy=remedy, kind=kind, path=path, span=span, hides=True))


def read_plan(document: Document) -> Plan | Gap | None:
    """The plan (or state) that a JSON text is, or why it can't be read; None if it is neither."""
    try:
        top = _decoded(document.text, _Top)
    except _Unreadable as error:
        place = error.place(document)
        return Gap(
            what=document.path,
            why=f"it seems to be a Terraform plan, but can't be read: {error}",
            remedy=SHOW,
            kind="syntax",
            path=document.path,
            span=place,
            hides=True,
        )
    planned = not _is_nothing(top.planned_values)
    if top.format_version is None or not (planned or not _is_nothing(top.values)):
        return None
    version = str(top.format_version)
    if version.partition(".")[0] not in {"0", "1"}:
        return Gap(
            what=document.path,
            why=f"it is a Terraform plan in format {version[:20]}, of which only formats 0 and 1 are known",
            remedy="upgrade Stockade, or scan the configuration itself",
            kind="unsupported",
            path=document.path,
            hides=True,
        )
    return _Reader(document, top, state=not planned).read()


class _Unreadable(Exception):
    def place(self, document: Document) -> Span:
        """Where reading stopped."""
        found = _BYTE.search(str(self))
        if found is None:
            return document.span(len(document.text), len(document.text))
        at = int(found[1])
        if not document.text.isascii():
            at = len(document.text.encode("utf-8", "replace")[:at].decode("utf-8", "replace"))
        return document.span(at, min(at + 1, len(document.text)))


def _decoded(text: str | Raw, form: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=form)
    except RecursionError:
        raise _Unreadable("it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _Unreadable(str(error)[:1].lower() + str(error)[1:]) from None


def _names_in(raw: Raw) -> _Names:
    try:
        return msgspec.json.decode(raw, type=_Names)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return _Names()


def _plain(raw: Raw) -> Any:  # noqa: ANN401 - as it is written
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None


class _Reader:
    """Reads one plan. Of a piece of the text its place is found on the way down to it, so that nothing large is copied."""

    def __init__(self, document: Document, top: _Top, *, state: bool) -> None:
        self.document = document
        self.text = document.text
        self.top = top
        self.plan = Plan(document, state=state)
        self._at = self._inside(
            self.text, len(self.text) - len(self.text.lstrip())
        )  # where the parts of the whole stand

    def read(self) -> Plan:
        """All of it but what the resources state."""
        top, plan = self.top, self.plan
        if plan.state:
            self._values(top.values, self._place("values", top.values), "values")
        else:
            self._values(top.planned_values, self._place("planned_values", top.planned_values), "planned_values")
        self._changes()
        self._prior()
        self._variables()
        if not _is_nothing(top.configuration):
            plan.configuration = Configuration.of(top.configuration)
            if plan.configuration is None:
                plan.gap(
                    self._span("configuration", top.configuration),
                    "`configuration`",
                    "it can't be read",
                    kind="wrong-shape",
                )
        if top.errored is True:
            again = "correct what Terraform complains of, and plan again"
            plan.gap(None, plan.document.path, "planning failed, so that parts are missing", kind="plan", remedy=again)
        elif top.complete is False:
            plan.gap(
                None,
                plan.document.path,
                "it is a plan of a part only (`-target`, or with actions that are put off)",
                kind="plan",
                remedy="plan everything, without `-target`",
            )
        return plan

    def _place(self, name: str, raw: Raw) -> int:
        """Where a part of the whole stands."""
        return self._child(self._at, name, raw, 0)

    def _span(self, name: str, raw: Raw) -> Span:
        at = self._place(name, raw)
        return self.document.span(at, at + 1)

    def _inside(self, raw: str | Raw, at: int) -> dict[str, int]:
        """Where the entries of an object stand; nothing if that can't be told so."""
        return {name: begin for name, (_, _, begin) in (members_of(self.text, raw, at) or {}).items()}

    def _child(self, places: dict[str, int], name: str, raw: Raw, at: int) -> int:
        """Where an entry of an object stands, if need be by what it says."""
        found = places.get(name)
        return found if found is not None else max(self.text.find(item_text(raw), at), 0)

    def _values(self, raw: Raw, at: int, what: str) -> None:
        try:
            root = _decoded(raw, _Values).root_module
        except _Unreadable as error:
            self.plan.gap(self.document.span(at, at + 1), f"`{what}`", str(error), kind="wrong-shape")
            return
        if not _is_nothing(root):
            self._module(root, self._child(self._inside(raw, at), "root_module", root, at), (), 0)

    def _module(self, raw: Raw, at: int, path: Path, depth: int) -> None:
        try:
            module = _decoded(raw, _Module)
            resources = _decoded(module.resources, list[Raw] | None) or []  # type: ignore[arg-type]
            children = _decoded(module.child_modules, list[Raw] | None) or []  # type: ignore[arg-type]
        except _Unreadable as error:
            self._wrong(at, "a module", error)
            return
        if depth:
            own = parse_module(str(module.address))
            if own is None:
                self._wrong(at, "a module", _Unreadable(f"`{str(module.address)[:60]}` is no address of a module"))
                return
            path = own
        places = self._inside(raw, at)
        begin = self._child(places, "resources", module.resources, at)
        for position, item in placed(self.text, resources, begin):
            self._resource(item, position, path)
        begin = self._child(places, "child_modules", module.child_modules, at)
        for position, item in placed(self.text, children, begin):
            if depth < MAX_DEPTH:
                self._module(item, position, path, depth + 1)

    def _resource(self, raw: Raw, at: int, path: Path) -> None:
        span = self.document.span(at, at + length_of(raw, self.text))
        try:
            found = _decoded(raw, _Resource)
        except _Unreadable as error:
            self._wrong(at, "a resource", error)
            return
        if found.deposed_key is None:
            values = self._object_in(raw, found.values, span)
            if values < 0 and not _is_nothing(found.values):
                self._wrong(at, f"`{found.address[:80]}`", _Unreadable("its `values` are no object"))
            self.plan.put(Planned(self.document, found, path, span, values))

    def _object_in(self, raw: Raw, values: Raw, span: Span) -> int:
        """Where the values of a resource stand; -1 if they are no object."""
        stated = item_text(values)
        if not stated.startswith("{"):
            return -1
        key = _VALUES.search(self.text, span.start, span.end)
        if key is not None and self.text.startswith(stated, key.end()):
            return key.end()
        return self._child(self._inside(raw, span.start), "values", values, span.start)

    def _wrong(self, at: int, what: str, error: _Unreadable) -> None:
        place = self.document.span(max(at, 0), max(at, 0) + 1)
        self.plan.gap(place, what, f"it can't be read: {error}", kind="wrong-shape")

    def _changes(self) -> None:
        """What is known only after apply."""
        raw = self.top.resource_changes
        try:
            items = _decoded(raw, list[Raw] | None) or []  # type: ignore[arg-type]
        except _Unreadable as error:
            self.plan.gap(self._span("resource_changes", raw), "`resource_changes`", str(error), kind="wrong-shape")
            return
        for item in items:
            try:
                change = _decoded(item, _Change)
            except _Unreadable as error:
                self._wrong(max(self.text.find(item_text(item)), 0), "a change of a resource", error)
                continue
            if change.deposed is None:
                found = self.plan.by_address.get(change.address) or self._addressed(change.address)
                if found is not None:
                    found.set_unknown(change.change.after_unknown)

    def _addressed(self, address: str) -> Planned | None:
        """The instance with an address that is written otherwise than we do."""
        own = parse_address(address)
        return None if own is None else self.plan.by_address.get(address_of(*own))

    def _prior(self) -> None:
        """The data sources that were read before: managed resources are as they were, and not as they will be."""
        if _is_nothing(self.top.prior_state):
            return
        managed, planned = len(self.plan.resources), self.plan
        before = Plan(self.document, state=True)
        self.plan = before
        try:
            raw = _decoded(self.top.prior_state, _State).values
            if not _is_nothing(raw):
                at = self._place("prior_state", self.top.prior_state)
                inside = self._inside(self.top.prior_state, at)
                self._values(raw, self._child(inside, "values", raw, at), "prior_state")
        except _Unreadable as error:
            before.gap(self._span("prior_state", self.top.prior_state), "`prior_state`", str(error), kind="wrong-shape")
        self.plan = planned
        planned.gaps += before.gaps
        for found in before.data.values():
            planned.put(found)
        assert len(planned.resources) == managed  # noqa: S101 - only data sources were put

    def _variables(self) -> None:
        raw = self.top.variables
        try:
            stated = _decoded(raw, dict[str, _Variable] | None) or {}  # type: ignore[arg-type]
        except _Unreadable as error:
            self.plan.gap(self._span("variables", raw), "`variables`", str(error), kind="wrong-shape")
            return
        at = self._place("variables", raw)
        places = self._inside(raw, at)
        for name, variable in stated.items():
            if variable.value is not _NOTHING:
                whole = max(places.get(name, 0), at)
                found = _VALUE.match(self.text, whole)
                value = found.end() if found is not None else self.text.find(item_text(variable.value), whole)
                if value >= 0:
                    self.plan.variables[name] = read_values(self.document, value)


_VALUES = regex(r'"values"[ \t\r\n]*+:[ \t\r\n]*+')
_VALUE = regex(r'\{[ \t\r\n]*+"value"[ \t\r\n]*+:[ \t\r\n]*+')


def _is_nothing(raw: Raw) -> bool:
    return memoryview(raw).nbytes == len(b"null") and bytes(raw) == b"null"


def item_text(raw: Raw) -> str:
    """A piece of a JSON text as it is written."""
    return bytes(raw).decode()


# ------------------------------------------------------------------------------------------------------------ addresses

_MODULE = regex(r'module\.([^.\[\]"\s]+)(?:\[(?:(\d+)|"((?:[^"\\]|\\.)*)")\])?(?:\.|$)')
_OWN = regex(r'((?:data\.)?[^.\[\]"\s]+\.[^.\[\]"\s]+)(?:\[(?:(\d+)|"((?:[^"\\]|\\.)*)")\])?$')
_ESCAPE = regex(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|([$%])\4(?=\{)", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t"}


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        if found[4]:
            return found[4]
        code = found[1] or found[2]
        return chr(int(code, 16)) if code and int(code, 16) < 0x110000 else _NAMED.get(found[3] or "", found[3] or "")

    return _ESCAPE.sub(one, text)


def _key(number: str | None, text: str | None) -> Key:
    if number is not None:
        return Key(number)
    return Key(_unescaped(text), each=True) if text is not None else Key()


def parse_module(address: str) -> Path | None:
    """The calls in `module.a["x"].module.b`; None if it is no address of a module."""
    path, end = _module_part(address)
    return path if end == len(address) else None


def _module_part(address: str) -> tuple[Path, int]:
    path: list[tuple[str, Key]] = []
    at = 0
    while (found := _MODULE.match(address, at)) is not None:
        path.append((found[1], _key(found[2], found[3])))
        at = found.end()
    return tuple(path), at


def parse_address(address: str) -> tuple[Path, str, Key] | None:
    """The module, the type and name, and the key of an instance's address; None if it is none."""
    path, at = _module_part(address)
    found = _OWN.match(address, at)
    return None if found is None else (path, found[1], _key(found[2], found[3]))


def address_of(path: Path, shown: str, key: Key) -> str:
    """An instance's address, as the reading of configurations writes it."""
    return "".join(f"module.{name}{own.shown}." for name, own in path) + shown + key.shown


# --------------------------------------------------------------------------------------------------------- configuration


class _ConfigurationTop(Struct):
    root_module: Raw = _NOTHING


class _ConfiguredModule(Struct):
    resources: Raw = _NOTHING
    module_calls: Raw = _NOTHING
    outputs: Raw = _NOTHING
    variables: Raw = _NOTHING


class _ConfiguredResource(Struct):
    mode: str
    type: str
    name: str
    expressions: Any = None
    depends_on: Any = None
    for_each_expression: Any = None


class _ConfiguredCall(Struct):
    source: Any = ""
    expressions: Any = None
    for_each_expression: Any = None
    module: Raw = _NOTHING


class _ConfiguredOutput(Struct):
    expression: Any = None


class Called(Struct, frozen=True, eq=False):
    """A call of a module: its arguments' expressions, what it calls, and what it is repeated for."""

    expressions: dict[str, Any]
    module: Configuration | None
    repeats: Any = None


class Configuration:
    """What a plan says of a module's configuration: which expressions refer to what. Local values are not in it."""

    def __init__(self, found: _ConfiguredModule) -> None:
        self._found = found
        self._resources: dict[tuple[str, str], Any] | None = None
        self._waits: dict[tuple[str, str], tuple[str, ...]] = {}
        self._repeats: dict[tuple[str, str], Any] = {}
        self._calls: dict[str, Called | None] = {}
        self._raw_calls: dict[str, Raw] | None = None
        self._variables: dict[str, Any] | None = None
        self._outputs: dict[str, Raw] | None = None

    @classmethod
    def of(cls, raw: Raw) -> Configuration | None:
        """The root module's, out of the plan's `configuration`."""
        try:
            return cls.module(_decoded(raw, _ConfigurationTop).root_module)
        except _Unreadable:
            return None

    @classmethod
    def module(cls, raw: Raw) -> Configuration | None:
        """One module's."""
        try:
            return cls(_decoded(raw, _ConfiguredModule))
        except _Unreadable:
            return None

    @property
    def resources(self) -> dict[tuple[str, str], Any]:
        """The expressions of each resource and data source (`data.` before its type), by type and name."""
        if self._resources is None:
            self._resources = {}
            for item in _each(self._found.resources):
                try:
                    found = _decoded(item, _ConfiguredResource)
                except _Unreadable:
                    continue
                type_ = f"data.{found.type}" if found.mode == "data" else found.type
                self._resources[type_, found.name] = found.expressions
                if isinstance(found.depends_on, list):
                    self._waits[type_, found.name] = tuple(w for w in found.depends_on if isinstance(w, str))
                if found.for_each_expression is not None:
                    self._repeats[type_, found.name] = found.for_each_expression
        return self._resources

    def waits(self, type_: str, name: str) -> tuple[str, ...]:
        """What the `depends_on` of a resource names."""
        return self._waits.get((type_, name), ()) if self.resources else ()

    def repeats(self, type_: str, name: str) -> Any:  # noqa: ANN401 - an expression as it is written
        """The expression of its `for_each`; None if it has none."""
        return self._repeats.get((type_, name)) if self.resources else None

    @property
    def calls(self) -> frozenset[str]:
        """The names of the modules that it calls."""
        return frozenset(self._calls_raw())

    def _calls_raw(self) -> dict[str, Raw]:
        if self._raw_calls is None:
            self._raw_calls = _mapped(self._found.module_calls)
        return self._raw_calls

    def call(self, name: str) -> Called | None:
        """One of the calls of modules in it."""
        if name not in self._calls:
            self._calls[name] = None
            raw = self._calls_raw().get(name)
            if raw is not None:
                try:
                    found = _decoded(raw, _ConfiguredCall)
                except _Unreadable:
                    return None
                stated = found.expressions if isinstance(found.expressions, dict) else {}
                self._calls[name] = Called(stated, Configuration.module(found.module), found.for_each_expression)
        return self._calls[name]

    @property
    def variables(self) -> dict[str, Any]:
        """What is said of each variable: its `default`, whether it is `sensitive`."""
        if self._variables is None:
            self._variables = {name: _plain(raw) for name, raw in _mapped(self._found.variables).items()}
        return self._variables

    def output(self, name: str) -> Any:  # noqa: ANN401 - an expression as it is written
        """The expression of one of its outputs; None if there is none."""
        if self._outputs is None:
            self._outputs = _mapped(self._found.outputs)
        raw = self._outputs.get(name)
        try:
            return None if raw is None else _decoded(raw, _ConfiguredOutput).expression
        except _Unreadable:
            return None

    def below(self, path: Path) -> Configuration | None:
        """The configuration of a module below this one."""
        found: Configuration | None = self
        for name, _ in path:
            called = found.call(name) if found is not None else None
            found = called.module if called is not None else None
        return found


def _each(raw: Raw) -> list[Raw]:
    try:
        return _decoded(raw, list[Raw] | None) or []  # type: ignore[arg-type]
    except _Unreadable:
        return []


def _mapped(raw: Raw) -> dict[str, Raw]:
    try:
        return _decoded(raw, dict[str, Raw] | None) or {}  # type: ignore[arg-type]
    except _Unreadable:
        return {}


def references_of(expression: Any) -> Iterator[str]:  # noqa: ANN401 - an expression as it is written
    """What an expression refers to, each once: of `aws_x.y.arn, aws_x.y` only what is said most exactly."""
    found = expression.get("references") if isinstance(expression, dict) else None
    before = ""
    for word in found if isinstance(found, list) else ():
        if not isinstance(word, str) or word == before:
            continue
        if not (before.startswith(word) and before[len(word)] in {".", "["}):
            yield word
            before = word
