"""YAML to nodes, by PyYAML's event stream (libyaml's where it is built in, twelve times as fast).

Events rather than PyYAML's own `compose`: nothing recurses, so nesting cannot exhaust the stack; what was read before
an error is kept; and it takes half the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from stockade.patterns import regex
from stockade.text._resolve import resolve_plain, resolve_tagged
from stockade.text._yaml_errors import Failure, blank_out, explain
from stockade.text.document import Document, Problem, Span, printable
from stockade.text.json import read_json
from stockade.text.node import MAX_DEPTH, UNRESOLVED_ALIAS, Entry, Mapping, Node, Parsed, Scalar, ScalarValue, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_EXPANDED", "Parsed", "read_yaml"]

MAX_EXPANDED = 5_000_000
"""How many nodes a file may stand for once all its aliases are followed."""

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NOT_YAML = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]|\A\ufeff")
"""Characters that YAML does not allow, and a second byte order mark, which libyaml skips without counting it.

(Said by what it refuses: what it allows reaches beyond U+FFFF, and `re` takes ten times as long to prepare that.)
"""

_STYLES = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_CORE = "tag:yaml.org,2002:"
_HONOURED = frozenset({"str", "int", "float", "bool", "null", "timestamp", "map", "seq"})
_MOST_REPAIRS = 40
_REPAIR_BUDGET = 8_000_000
"""How many characters may be read again to get around errors: a large file gets fewer attempts."""


def read_yaml(doc: Document) -> Parsed:
    """Read a YAML file: one root for each document in it.

    Errors become problems. Around a syntax error the smallest block that holds it (a resource, or else a section) is
    left out, and the rest is read; the problem's `skipped` says what was left out.
    """
    problems: list[Problem] = []
    text = _replace_forbidden(doc, problems)
    attempt = _Reader(doc, text).read()
    if attempt.failure is not None and not attempt.failure.whole:
        if text.lstrip().startswith(("{", "[")):
            parsed = read_json(doc)  # JSON may hold what YAML may not: escapes of surrogate pairs, long keys
            if not parsed.problems:
                return parsed
        attempt = _read_around(doc, text, attempt.failure, problems)
    if attempt.failure is not None:
        problems.append(explain(doc, attempt.failure, None))
    roots = () if attempt.failure is not None and attempt.failure.whole else tuple(attempt.roots)
    problems += attempt.problems
    problems.sort(key=lambda problem: problem.span.start if problem.span is not None else 0)
    return Parsed(roots, tuple(problems))


def _read_around(doc: Document, text: str, first: Failure, problems: list[Problem]) -> _Attempt:
    """Leave out block after block until the rest can be read, and say what was left out.

    A block may have been left out for an error that another block caused (a quote that was not closed), so each is
    tried again at the end.
    """
    failure: Failure | None = first
    left_out: list[tuple[Failure, tuple[int, int]]] = []
    attempt = _Attempt([], [], first)
    budget = max(_REPAIR_BUDGET, 4 * len(text))
    whole = text
    while failure is not None and not failure.whole:
        text, block = blank_out(text, failure, to_end=len(left_out) >= _MOST_REPAIRS or budget < 2 * len(text))
        if block is None:  # nothing is left to leave out
            return attempt
        left_out.append((failure, block))
        attempt = _Reader(doc, text).read()
        budget -= len(text)
        failure = attempt.failure
    for suspect in left_out[:-1] if failure is None else ():
        if budget < len(text):
            break
        start, end = suspect[1]
        restored = _Reader(doc, text[:start] + whole[start:end] + text[end:]).read()
        budget -= len(text)
        if restored.failure is None:
            attempt, text = restored, text[:start] + whole[start:end] + text[end:]
            left_out.remove(suspect)
    problems += (explain(doc, failure, block) for failure, block in left_out)
    return attempt


def _replace_forbidden(doc: Document, problems: list[Problem]) -> str:
    # What characters there are is found ten times as fast as where one of them is.
    if _NOT_YAML.search(doc.text[:1] + "".join(set(doc.text))) is None:
        return doc.text
    first = _NOT_YAML.search(doc.text)
    if first is None:
        return doc.text
    count = len(_NOT_YAML.findall(doc.text))
    more = f" (and {count - 1} more)" if count > 1 else ""
    problems.append(
        Problem(
            f"holds the control character U+{ord(first.group()):04X}{more}, which YAML does not allow",
            "remove it; it is read as U+FFFD until then",
            doc.span(first.start(), first.end()),
            doc.path,
            "syntax",
        )
    )
    return _NOT_YAML.sub("\ufffd", doc.text)


class _Attempt(NamedTuple):
    roots: list[Node]
    problems: list[Problem]
    failure: Failure | None


class _Aliased(NamedTuple):
    """An alias among a collection's children, until the collection is made."""

    node: Node
    span: Span


class _Anchored(NamedTuple):
    node: Node
    size: int
    height: int


class _Frame:
    """A collection that is being read; `extra` is what its children stand for beyond one node each."""

    __slots__ = ("anchor", "children", "extra", "flow", "height", "is_mapping", "start", "tag")

    def __init__(self, start: int, tag: str | None, anchor: str | None, *, flow: bool, is_mapping: bool) -> None:
        self.children: list[Any] = []
        self.start = start
        self.tag = tag
        self.anchor = anchor
        self.flow = flow
        self.is_mapping = is_mapping
        self.extra = 0
        self.height = 1


class _Limit(Exception):
    def __init__(self, message: str, offset: int, *, whole: bool) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.whole = whole


class _Reader:
    """One pass over the events of one text."""

    def __init__(self, doc: Document, text: str) -> None:
        self.doc = doc
        self.text = text
        self.roots: list[Node] = []
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.expanded = 0
        self.merged = 0

    def read(self) -> _Attempt:
        failure: Failure | None = None
        loader: Any = None
        try:
            loader = _LOADER(self.text)
            self._events(loader.get_event)
        except yaml.MarkedYAMLError as error:
            failure = Failure.of(error)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # No mark: a reader's error, or an escape that the pure Python scanner does not check.
            failure = Failure("syntax", str(error).partition("\n")[0], "", getattr(loader, "index", 0), None)
        except _Limit as error:
            failure = Failure("limit", error.message, "", error.offset, None, whole=error.whole)
        finally:
            if loader is not None:
                loader.dispose()
        return _Attempt(self.roots, self.problems, failure)

    def _events(self, get_event: Callable[[], Any]) -> None:  # noqa: C901, PLR0912, PLR0915
        doc, text, styles, resolve = self.doc, self.text, _STYLES, resolve_plain
        frame = top = _Frame(0, None, None, flow=True, is_mapping=False)
        top.height = 0
        children = top.children
        stack: list[_Frame] = []
        node: Node
        while True:
            event = get_event()
            kind = event.__class__
            if kind is ScalarEvent:
                start, end = event.start_mark.index, event.end_mark.index
                style = styles[event.style]
                value: ScalarValue
                value = raw = event.value
                tag = event.tag
                if style == "plain":
                    if tag is None:
                        value = resolve(raw)
                elif style == "literal" or style == "folded":  # noqa: PLR1714 (a set costs a lookup for each scalar)
                    end = _block_end(text, start, end, raw)
                if tag is not None:
                    tag, value = _scalar_tag(tag, raw, plain=style == "plain")
                node = Scalar(Span(doc, start, end), value, raw, tag, style)
                if event.anchor is not None:
                    self.anchors[event.anchor] = _Anchored(node, 1, 0)
                children.append(node)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                start = event.start_mark.index
                stack.append(frame)
                if len(stack) > MAX_DEPTH:
                    raise _Limit(_TOO_DEEP, start, whole=False)
                tag = None if event.tag is None else _tag(event.tag)
                flow, is_mapping = bool(event.flow_style), kind is MappingStartEvent
                frame = _Frame(start, tag, event.anchor, flow=flow, is_mapping=is_mapping)
                children = frame.children
                if frame.anchor is not None:
                    self.anchors[frame.anchor] = None
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                end = event.end_mark.index
                node = self._mapping(frame, end) if frame.is_mapping else self._sequence(frame, end)
                size, height = 1 + len(children) + frame.extra, frame.height
                if size > MAX_EXPANDED:
                    raise _Limit(_TOO_MANY, frame.start, whole=True)
                if frame.anchor is not None:
                    self.anchors[frame.anchor] = _Anchored(node, size, height)
                frame = stack.pop()
                frame.extra += size - 1
                frame.height = max(frame.height, height + 1)
                children = frame.children
                children.append(node)
            elif kind is AliasEvent:
                aliased, size, height = self._alias(event)
                if len(stack) + height > MAX_DEPTH:
                    raise _Limit(_TOO_DEEP, event.start_mark.index, whole=False)
                frame.extra += size - 1
                frame.height = max(frame.height, height + 1)
                children.append(aliased)
            elif kind is DocumentEndEvent:
                self.expanded += frame.extra + 1
                if self.expanded > MAX_EXPANDED:
                    raise _Limit(_TOO_MANY, 0, whole=True)
                self.roots.extend(child.node if child.__class__ is _Aliased else child for child in children)
                self.anchors.clear()
                children.clear()
                frame.extra = frame.height = 0
            elif kind is StreamEndEvent or event is None:
                return

    def _alias(self, event: Any) -> tuple[_Aliased, int, int]:  # noqa: ANN401 (PyYAML's events are untyped)
        span = Span(self.doc, event.start_mark.index, event.end_mark.index)
        anchored = self.anchors.get(event.anchor)
        if anchored is not None:
            return _Aliased(anchored.node, span), anchored.size, anchored.height
        name = printable(f"*{event.anchor}")
        if event.anchor in self.anchors:
            message, remedy = f"the alias {name} is inside what it stands for", "write the value out"
            kind = "limit"
        else:
            message, kind = f"the alias {name} has no anchor before it", "syntax"
            remedy = f"put &{name[1:]} before the value that is meant, or write the value out"
        self.problems.append(Problem(message, remedy, span, self.doc.path, kind))
        raw = f"*{event.anchor}"
        return _Aliased(Scalar(span, raw, raw, UNRESOLVED_ALIAS), span), 1, 0

    def _sequence(self, frame: _Frame, end: int) -> Sequence:
        items = frame.children
        if items and not frame.flow:
            end = max(frame.start, items[-1].span.end)
        aliases = tuple((place, item.span) for place, item in enumerate(items) if item.__class__ is _Aliased)
        if aliases:
            items = [item.node if item.__class__ is _Aliased else item for item in items]
        return Sequence(Span(self.doc, frame.start, end), tuple(items), frame.tag, frame.flow, aliases)

    def _mapping(self, frame: _Frame, end: int) -> Mapping:
        children = frame.children
        if children and (not frame.flow or self.text[end - 1 : end] != "}"):  # `[a: 1]` has no brace to end with
            end = max(frame.start, children[-2].span.end, children[-1].span.end)
        entries: dict[str, Entry] = {}
        shadowed: list[Entry] = []
        merges: list[Entry] = []
        pairs = iter(children)
        for key, value in zip(pairs, pairs, strict=True):
            if key.__class__ is not Scalar:
                key = self._odd_key(key)  # noqa: PLW2901
            entry = (
                Entry(key, value.node, merged=False, alias=value.span)
                if value.__class__ is _Aliased
                else Entry(key, value)
            )
            name = key.raw
            if name in entries:
                shadowed.append(entries.pop(name))
                self._twice(key)
            elif name == "<<" and key.style == "plain" and key.tag is None:
                merges.append(entry)
                continue
            entries[name] = entry
        span = Span(self.doc, frame.start, end)
        if not merges:
            return Mapping(span, tuple(entries.values()), frame.tag, frame.flow, tuple(shadowed), (), entries)
        merged = [entry for name, entry in self._merge(merges).items() if name not in entries]
        return Mapping(span, (*merged, *entries.values()), frame.tag, frame.flow, tuple(shadowed), tuple(merges))

    def _twice(self, key: Scalar) -> None:
        self.problems.append(
            Problem(
                f"the key {printable(key.raw)} is there twice in one mapping",
                "remove one of the two; until then the last one counts, as for AWS",
                key.span,
                self.doc.path,
                "duplicate-key",
            )
        )

    def _odd_key(self, key: Any) -> Scalar:  # noqa: ANN401 (a node, or an alias to one)
        """A scalar in the place of a key that is an alias or a collection."""
        node, span = key, key.span
        if key.__class__ is _Aliased:
            node = key.node
        if isinstance(node, Scalar):
            return Scalar(span, node.value, node.raw, node.tag, node.style)
        self.problems.append(
            Problem("a key is a list or a mapping", "use a text as the key", span, self.doc.path, "syntax")
        )
        raw = span.text
        return Scalar(span, raw, raw)

    def _merge(self, merges: list[Entry]) -> dict[str, Entry]:
        """What `<<` brings in; of a list the earlier mapping counts, of several `<<` the later, as in PyYAML."""
        merged: dict[str, Entry] = {}
        for merge in merges:
            value = merge.value
            sources = list(reversed(value.items)) if isinstance(value, Sequence) else [value]
            for source in sources:
                if not isinstance(source, Mapping):
                    self.problems.append(
                        Problem(
                            "<< merges something that is not a mapping",
                            "let it name the anchor of a mapping, or a list of such",
                            merge.span,
                            self.doc.path,
                            "syntax",
                        )
                    )
                    continue
                self.merged += len(source.entries)
                if self.merged > MAX_EXPANDED // 5:
                    raise _Limit(_TOO_MANY, merge.key.span.start, whole=True)
                for entry in source.entries:
                    merged[entry.key.raw] = Entry(entry.key, entry.value, merged=True, alias=entry.alias)
        return merged


_TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep"
_TOO_MANY = f"stands for more than {MAX_EXPANDED:,} values once its aliases are followed"


def _block_end(text: str, start: int, end: int, raw: str) -> int:
    """Where a block scalar ends: after its last line's text; with `+` after its empty lines, but for the last break."""
    header = _HEADER.match(text, start, end)
    if header is not None and "+" in header["indicators"]:
        if text[end - 2 : end] == "\r\n":
            return end - 2
        return end - 1 if text[end - 1 : end] in _BREAKS else end
    if header is not None:
        start = header.end()  # of an empty block the header stays
    blanks = _BREAKS if raw.rstrip("\n")[-1:] in (" ", "\t") else _BLANKS  # white space may be what its last line says
    while end > start and text[end - 1] in blanks:
        end -= 1
    return end


_HEADER = regex(r"(?:[&!]\S*\s+)*[|>](?P<indicators>[-+0-9]*)")
_BREAKS = frozenset("\n\r\x85\u2028\u2029")
_BLANKS = _BREAKS | {" ", "\t"}


def _scalar_tag(tag: str, raw: str, *, plain: bool) -> tuple[str | None, ScalarValue]:
    """The tag to keep, and the value, of a scalar with a tag."""
    if tag == "!":
        return None, resolve_plain(raw) if plain else raw
    kind = tag.removeprefix(_CORE)
    if kind != tag and kind in _HONOURED:
        return None, resolve_tagged(kind, raw)
    return _tag(tag), raw


def _tag(tag: str) -> str | None:
    """A tag as it is written, from PyYAML's form; None for those that only say what is seen anyway."""
    kind = tag.removeprefix(_CORE)
    if kind != tag:
        return None if kind in _HONOURED else f"!!{kind}"
    if tag == "!":
        return None
    return tag if tag.startswith("!") else f"!<{tag}>"
