"""JSON (or YAML) texts that were written inside of texts: as terms in which every part keeps its place and its references."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal, InvalidOperation

from stockade.inputs.terraform.terms import (
    Json,
    Lit,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    TxtPart,
    from_plain,
    text_of,
)
from stockade.model.value import Doubt, Hole
from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.json import read_json
from stockade.text.node import Mapping, Node, Parsed, Scalar, Sequence

# Characters of a private use area stand for what is not known while the text is read.
_FIRST = 0xE100
_MOST = 6000
_MARK = regex(rf"[{chr(_FIRST)}-{chr(_FIRST + _MOST)}]|\\u[eEfF]")
MAX_LENGTH = 2_000_000


def decode(term: Term, *, yaml: bool = False) -> Term | None:
    """The term that a text holds in JSON (or, with `yaml`, in YAML, of which JSON is a part); None if it holds none."""
    if type(term) is Json:
        return term.inner
    if type(term) is Lit:
        if not isinstance(term.v, str) or len(term.v) > MAX_LENGTH:
            return None
        parts: tuple[TxtPart, ...] = tuple(text for text, _ in term.pieces) or (term.v,)
        places: tuple[Span | None, ...] = tuple(place for _, place in term.pieces) or (term.span,)
    elif type(term) is Txt:
        parts, places = term.parts, term.places
    else:
        return None
    reader = _Reader(parts, places, term.span, yaml=yaml)
    return reader.read(yaml=yaml)


def fault_of(term: Term) -> Doubt | None:
    """Why a text that is meant to be JSON holds none, as far as that can be told."""
    if type(term) is Txt:
        # What is not known at all may be any part of a document; a reference is a text inside of one.
        if any(isinstance(part, Hole) for part in term.parts) or not str(term.parts[0]).lstrip().startswith(("{", "[")):
            return None
        reader = _Reader(term.parts, term.places, term.span)
    elif type(term) is Lit and isinstance(term.v, str):
        if len(term.v) > MAX_LENGTH:
            return Doubt(f"the document has more than {MAX_LENGTH:,} characters", "correct it", "too-large")
        pieces = term.pieces or ((term.v, term.span),)
        reader = _Reader(tuple(text for text, _ in pieces), tuple(place for _, place in pieces), term.span)
    else:
        return None
    if len(reader.holes) > _MOST or reader.marked:
        return None
    problems = read_json(Document(term.span.doc.path, reader.text, syntax="json")).problems
    if not problems:
        return None
    problem = problems[0]
    at = reader.place(problem.span) if problem.span is not None else term.span
    return Doubt(f"the document in line {at.line} can't be read: {problem.message}", problem.remedy, problem.kind)


class _Reader:
    def __init__(
        self, parts: tuple[TxtPart, ...], places: tuple[Span | None, ...], span: Span, *, yaml: bool = False
    ) -> None:
        self.span = span
        self.holes: list[Ref | Hole] = []
        self.starts: list[int] = []  # in the text that is read
        self.sources: list[
            tuple[Span, int]
        ] = []  # the span that a stretch comes from; where its first character stands, or -1
        pieces: list[str] = []
        length = 0
        inside = False
        for index, part in enumerate(parts):
            place = places[index] if index < len(places) else None
            if isinstance(part, str):
                inside = _inside(part, inside) if index < len(parts) - 1 else inside
                stretches = _stretches(part, place) if place is not None else [(part, -1)]
            else:
                mark = chr(_FIRST + min(len(self.holes), _MOST))
                self.holes.append(part)
                # A plain scalar of YAML may hold it without quotes, and quotes in the middle of one would be part of it.
                stretches = [(mark if inside or yaml else f'"{mark}"', -1)]
            for piece, at in stretches:
                self.starts.append(length)
                self.sources.append((place or span, at))
                pieces.append(piece)
                length += len(piece)
        self.text = "".join(pieces)
        # What is written must not be taken for what stands for something else.
        self.marked = bool(self.holes) and any(isinstance(p, str) and _MARK.search(p) for p in parts)

    def read(self, *, yaml: bool) -> Term | None:
        if len(self.holes) > _MOST or len(self.text) > MAX_LENGTH or self.marked:
            return None
        if not yaml and self.text.lstrip()[:1] not in {"{", "["}:
            return None
        document = Document(self.span.doc.path, self.text, syntax="yaml" if yaml else "json")
        parsed = _read_yaml(document) if yaml else read_json(document)
        if parsed.problems or parsed.root is None:
            return None
        return self.term(parsed.root)

    def place(self, span: Span) -> Span:
        """Where a stretch of the text that was read stands in the file."""
        index = bisect_right(self.starts, span.start) - 1
        source, at = self.sources[max(index, 0)]
        if at < 0:
            return source
        start = at + span.start - self.starts[index]
        limit = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        if span.end <= limit:
            return Span(source.doc, start, at + span.end - self.starts[index])
        last = bisect_right(self.starts, max(span.end - 1, 0)) - 1
        other, begin = self.sources[last]
        if other.doc is not source.doc:
            return source
        end = begin + span.end - self.starts[last] if begin >= 0 else other.end
        return Span(source.doc, start, max(end, start))

    def term(self, node: Node) -> Term:
        place = self.place(node.span)
        if isinstance(node, Mapping):
            entries: dict[str, Term] = {}
            keys: dict[str, Span] = {}
            places: dict[str, Span] = {}
            for entry in node.entries:
                key = self._name(entry.key.raw)
                entries[key] = self.term(entry.value)
                keys[key] = self.place(entry.key.span)
                places[key] = self.place(entry.value.span)
            return Obj(span=place, entries=entries, keys=keys, places=places)
        if isinstance(node, Sequence):
            return Seq(span=place, items=tuple(self.term(item) for item in node.items))
        if isinstance(node.value, str):
            return self._text(node.value, place)
        if isinstance(node.value, float):
            return from_plain(_number(node), place)
        return Lit(span=place, v=node.value)

    def _name(self, raw: str) -> str:
        """A key, in which what is not known is written as the configuration does."""
        if not self.holes or not any(_FIRST <= ord(char) < _FIRST + len(self.holes) for char in raw):
            return raw
        term = self._text(raw, self.span)
        parts = term.parts if type(term) is Txt else (raw,)
        return "".join(
            part if isinstance(part, str) else f"${{{part.reference.shown if isinstance(part, Ref) else part.name}}}"
            for part in parts
        )

    def _text(self, value: str, place: Span) -> Term:
        if not self.holes:
            return Lit(span=place, v=value)
        pieces: list[TxtPart] = []
        run = ""
        for char in value:
            index = ord(char) - _FIRST
            if 0 <= index < len(self.holes):
                pieces += [run, self.holes[index]]
                run = ""
            else:
                run += char
        return text_of([*pieces, run], place)


def _stretches(part: str, place: Span) -> list[tuple[str, int]]:
    """A literal part in pieces, each with where its first character stands, or -1.

    One piece where it stands there as it is; a heredoc without its indentation line by line; else one piece without a place.
    """
    source = place.doc.text
    at = source.find(part, place.start, place.end)
    if at >= 0 or "\n" not in part:
        return [(part, at)]
    found: list[tuple[str, int]] = []
    cursor = place.start
    for line in part.splitlines(keepends=True):
        shown = line.rstrip("\r\n")
        at = source.find(shown, cursor, place.end)
        if at < 0 or (found and source[cursor:at].strip()):
            return [(part, -1)]
        found.append((line, at))
        cursor = at + len(shown)
    return found


def _number(node: Scalar) -> Decimal | str:
    try:
        found = Decimal(node.raw)
    except InvalidOperation:  # YAML has numbers that nobody else writes: `.inf`, `1:30.5`
        return node.raw
    return found if found.is_finite() else node.raw


def _read_yaml(document: Document) -> Parsed:
    from stockade.text.yaml import read_yaml  # PyYAML takes its time, and most texts are JSON

    return read_yaml(document)


def _inside(text: str, inside: bool) -> bool:  # noqa: FBT001 - it is the state so far
    """Whether one is inside of a JSON string behind this text."""
    escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\" and inside:
            escaped = True
        elif char == '"':
            inside = not inside
    return inside
