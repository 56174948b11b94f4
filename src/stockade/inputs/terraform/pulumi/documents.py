"""The JSON that Pulumi prints: `pulumi preview --json` and `pulumi stack export`; and `sst state export`, of SST 3.

The fields are those of `PreviewDigest` (pkg/display/json.go) and of version 3 of a deployment (sdk/go/common/apitype/core.go)
in Pulumi's source, read 2026-11-28; SST prints the last deployment of its checkpoint as `latest`. As of a plan of Terraform,
only what frames a text is read at once; what a resource states is read when it is asked for, straight from the text, in which
each value keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Raw, Struct

from stockade.inputs.terraform.plan_values import Stand, length_of, members_of, placed, read_values
from stockade.inputs.terraform.terms import Obj
from stockade.model.app import Gap
from stockade.text.document import Document, Span

Form: TypeAlias = Literal["", "preview", "stack", "events", "update-plan"]

URN = "urn:pulumi:"
PREVIEW = "run `pulumi preview --json --show-sames > preview.json`, and scan that"
_FIRST = 64 * 1024  # characters in which the log of a preview has had its first event
_NOTHING = Raw(b"null")
_VERSIONS = frozenset({1, 2, 3, 4})  # of a deployment; since 4 it may say which features it needs
# Steps of a preview after which a resource is no part of the stack, or that say again what another step says.
_GONE = frozenset({"delete", "delete-replaced", "read-discard", "discard-replaced", "remove-pending-replace"})
T = TypeVar("T")


def form_of(document: Document) -> Form:
    """What of Pulumi's a JSON text may be."""
    text = document.text
    if URN not in text or text.lstrip()[:1] != "{":
        return ""
    if '"resources"' in text and ('"deployment"' in text or '"latest"' in text):
        return "stack"
    if '"resourcePlans"' in text:
        return "update-plan"
    head = text[:_FIRST]
    if '"sequence"' in head and ('"preludeEvent"' in head or '"resourcePreEvent"' in head):
        return "events"
    return "preview" if '"steps"' in text and ('"newState"' in text or '"oldState"' in text) else ""


def not_read(document: Document, form: Form, *, named: bool) -> Gap:
    """What to do with a file that is not read, but could be written so that it is. `named`: it is all that is scanned."""
    if form == "events":
        why = "it is the log of a preview, an event a line"
        remedy = "leave PULUMI_ENABLE_STREAMING_JSON_PREVIEW unset: " + PREVIEW
    else:
        why = "it is an update plan of Pulumi's, which holds goals but not all inputs"
        remedy = PREVIEW
    path = document.path
    return Gap(what=path, why=why, remedy=remedy, kind="unsupported", path=path, hides=named)


class _Digest(Struct):
    config: Any = None
    steps: Raw = _NOTHING
    changeSummary: Any = None  # noqa: N815 - as Pulumi writes it
    diagnostics: Any = None


class _Step(Struct):
    op: Any = ""
    newState: Raw = _NOTHING  # noqa: N815 - as Pulumi writes it


class _Export(Struct):
    version: Any = None
    deployment: Raw = _NOTHING
    latest: Raw = _NOTHING
    checkpoint: Raw = _NOTHING


class _Deployment(Struct):
    resources: Raw = _NOTHING


class _State(Struct):
    urn: str
    type: str
    custom: Any = False
    delete: Any = False
    external: Any = False
    id: Any = None
    inputs: Raw = _NOTHING
    outputs: Raw = _NOTHING
    provider: Any = ""
    propertyDependencies: Any = None  # noqa: N815 - as Pulumi writes it


class Deployed:
    """One resource of a stack."""

    __slots__ = ("_inputs", "_read", "_state", "document", "key_span", "outputs", "span")

    def __init__(self, document: Document, state: _State, span: Span, key_span: Span, inputs: int) -> None:
        self.document = document
        self.span = span
        self.key_span = key_span  # of its URN
        self.outputs: dict[str, Any] = _texts(state.outputs)
        if isinstance(state.id, str) and state.id:
            self.outputs.setdefault("id", state.id)
        self._inputs = inputs  # where they stand; -1 for nowhere
        self._state = state
        self._read: Obj | None = None

    @property
    def urn(self) -> str:
        """What it is known by: `urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`."""
        return self._state.urn

    @property
    def token(self) -> str:
        """Its type, `aws:lambda/function:Function`."""
        return self._state.type

    @property
    def qualified(self) -> str:
        """Its type after those of its parents."""
        parts = self.urn.split("::", 3)
        return parts[2] if len(parts) == 4 else self.token

    @property
    def name(self) -> str:
        """The name that the program gives it."""
        return self.urn.split("::", 3)[-1]

    @property
    def custom(self) -> bool:
        """Whether a provider makes it; else it is a component, which has children."""
        return self._state.custom is True

    @property
    def external(self) -> bool:
        """Whether it was there before, and is only read."""
        return self._state.external is True

    @property
    def provider(self) -> str:
        """The URN of its provider."""
        stated = self._state.provider
        return stated.rpartition("::")[0] if isinstance(stated, str) else ""

    def inputs(self) -> Obj:
        """What the program states of it, with places."""
        if self._read is None:
            term = read_values(self.document, self._inputs) if self._inputs >= 0 else None
            self._read = term if type(term) is Obj else Obj(span=self.span, entries={})
        return self._read

    def needs(self, property_: str) -> tuple[str, ...]:
        """The URNs of what a property is made of."""
        stated = self._state.propertyDependencies
        own = stated.get(property_) if isinstance(stated, dict) else None
        return tuple(dict.fromkeys(u for u in own if isinstance(u, str))) if isinstance(own, list) else ()


class Stack:
    """The resources of one document: as a preview has them, or as they are deployed."""

    def __init__(self, document: Document, *, preview: bool) -> None:
        self.document = document
        self.preview = preview
        self.resources: dict[str, Deployed] = {}
        self.config: dict[str, str] = {}
        self.gaps: list[Gap] = []

    @property
    def name(self) -> str:
        """What a stack's URNs begin with: its own name and that of its project."""
        return "::".join(next(iter(self.resources)).split("::", 2)[:2])

    def not_needed(self, other: str) -> Gap:
        """That it is not read, since another document tells of the same stack."""
        path = self.document.path
        why = f"`{other}` is of the same stack, and is read instead"
        return Gap(what=path, why=why, remedy="leave one of them out of the scan", kind="preview", path=path)

    def odd(self, at: int, error: Exception) -> None:
        """Note a resource that can't be read."""
        span = self.document.span(at, at + 1)
        self.gap("a resource", f"it can't be read: {error}", kind="wrong-shape", remedy="write it again", span=span)

    def gap(self, what: str, why: str, *, kind: str, remedy: str, span: Span | None = None) -> None:
        """Note something of it that could not be seen."""
        path = self.document.path
        self.gaps.append(Gap(what=what, why=why, remedy=remedy, kind=kind, path=path, span=span, hides=True))


def read_stack(document: Document, form: Form) -> Stack | Gap | None:
    """The stack that a JSON text describes, or why it can't be read; None if it is none after all."""
    try:
        return _preview(document) if form == "preview" else _export(document)
    except _Unreadable as error:
        return Gap(
            what=document.path,
            why=f"it seems to be written by Pulumi, but can't be read: {error}",
            remedy="write it again: " + (PREVIEW if form == "preview" else "`pulumi stack export > stack.json`"),
            kind="syntax",
            path=document.path,
            hides=True,
        )


class _Unreadable(Exception):
    pass


def _decoded(text: str | Raw, form: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=form)
    except RecursionError:
        raise _Unreadable("it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _Unreadable(str(error)[:1].lower() + str(error)[1:]) from None


def _is_nothing(raw: Raw) -> bool:
    return bytes(raw) == b"null"


def _preview(document: Document) -> Stack | Gap | None:
    text = document.text
    start = len(text) - len(text.lstrip())
    digest = _decoded(text, _Digest)
    if _is_nothing(digest.steps):
        return None
    stack = Stack(document, preview=True)
    if isinstance(digest.config, dict):
        stack.config = {name: value for name, value in digest.config.items() if isinstance(value, str)}
    same = 0
    for at, raw in _items(text, text, start, "steps", digest.steps):
        step = _decoded(raw, _Step)
        same += step.op == "same"
        if (isinstance(step.op, str) and step.op in _GONE) or _is_nothing(step.newState):
            continue
        try:
            _take(stack, step.newState, _place(text, raw, at, "newState"))
        except _Unreadable as error:
            stack.odd(at, error)
    if not stack.resources:
        return stack.gaps[0] if stack.gaps else None
    _note_left_out(stack, digest, same)
    return stack


def _note_left_out(stack: Stack, digest: _Digest, shown: int) -> None:
    """What the preview itself says that it does not show (`shown`: steps that change nothing), or could not find out."""
    path = stack.document.path
    summary = digest.changeSummary if isinstance(digest.changeSummary, dict) else {}
    same = summary.get("same")
    left = same - shown if isinstance(same, int) else 0
    if left > 0:
        why = f"{left} resource{'s' if left > 1 else ''} that will stay as they are were left out of the preview"
        stack.gap(path, why, kind="preview", remedy=PREVIEW)
    for said in digest.diagnostics if isinstance(digest.diagnostics, list) else ():
        if isinstance(said, dict) and said.get("severity") == "error":
            stack.gap(
                path,
                "the preview failed, so that parts are missing",
                kind="preview",
                remedy="correct what Pulumi complains of, and preview again",
            )
            break


def _export(document: Document) -> Stack | Gap | None:
    text = document.text
    start = len(text) - len(text.lstrip())
    raw: str | Raw = text
    export = _decoded(text, _Export)
    version = export.version
    if not _is_nothing(export.checkpoint):  # as Pulumi keeps it in a folder or bucket
        start = _place(text, raw, start, "checkpoint")
        raw = export.checkpoint
        export = _decoded(raw, _Export)
    name = "latest" if _is_nothing(export.deployment) else "deployment"
    held = export.latest if _is_nothing(export.deployment) else export.deployment
    if _is_nothing(held):
        return None
    if version is not None and not (isinstance(version, int) and version in _VERSIONS):
        path = document.path
        why = f"it is a stack of Pulumi's in version {str(version)[:20]}, which is not known"
        return Gap(what=path, why=why, remedy="upgrade Stockade", kind="unsupported", path=path, hides=True)
    deployment = _decoded(held, _Deployment)
    if _is_nothing(deployment.resources):
        return None
    stack = Stack(document, preview=False)
    at = _place(text, raw, start, name)
    for place, item in _items(text, held, at, "resources", deployment.resources):
        _take(stack, item, place)
    if not stack.resources:
        return stack.gaps[0] if stack.gaps else None
    return stack


def _place(text: str, raw: str | Raw, at: int, name: str) -> int:
    """Where a part of an object stands."""
    places = members_of(text, raw, at) or {}
    if name not in places:
        raise _Unreadable(f"where its `{name}` stands can't be told")
    return places[name][2]


def _items(text: str, raw: str | Raw, at: int, name: str, items: Raw) -> Iterator[tuple[int, Raw]]:
    """The items of a list in an object, each with where it stands."""
    return placed(text, _decoded(items, list[Raw]), _place(text, raw, at, name))


def _take(stack: Stack, raw: Raw, at: int) -> None:
    """Add a resource. Of one that stands twice (to be replaced by another one) what comes last counts."""
    document = stack.document
    places = members_of(document.text, raw, at)
    try:
        state = _state_of(raw, places)
    except _Unreadable as error:
        stack.odd(at, error)
        return
    if state.delete is True:
        return  # it was replaced, and is still to be deleted
    inputs = places["inputs"][2] if places and "inputs" in places else -1
    span = document.span(at, at + length_of(raw, document.text))
    begin = places["urn"][2] if places and "urn" in places else at
    stack.resources.pop(state.urn, None)
    stack.resources[state.urn] = Deployed(document, state, span, document.span(begin, begin + 1), inputs)


def _state_of(raw: Raw, places: dict[str, Stand] | None) -> _State:
    state = _decoded(raw, _State)
    if places is None:
        raise _Unreadable("a name stands in it twice")
    if not _is_nothing(state.inputs) and not bytes(state.inputs).startswith(b"{"):
        raise _Unreadable("its `inputs` are no object")
    return state


def _texts(raw: Raw) -> dict[str, Any]:
    """The texts among outputs."""
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}
