"""What a plan knows, laid over what the configuration says of the same thing.

A value comes from the plan; where it was written, and what it refers to, from the configuration. Where both say the same, the
configuration's term stays, with the places of its parts and its references. Where the plan does not know (after apply), the
configuration's term stays too. What they say differently is as the plan says, at the configuration's place.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from stockade.inputs.terraform.attributes import ACCOUNT
from stockade.inputs.terraform.documents import decode
from stockade.inputs.terraform.plan import Planned
from stockade.inputs.terraform.plan_values import Attributes, is_zero
from stockade.inputs.terraform.terms import (
    Alt,
    Json,
    Lazy,
    Lit,
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    alt,
    cases,
    doubt_of,
    is_known,
    is_null,
    scalar_text,
    text_of,
)
from stockade.model.value import Hole, Reference
from stockade.patterns import regex
from stockade.text.document import Span

# Places that a plan tells of, and that mean more as what they are: one's own account is not a number like any other.
_OWN = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::URLSuffix"})
_RESOLVED = "{{resolve:"  # a secret that Terraform reads: known as such, not by what it says
_WHOLE_ARN = ".execution_arn"  # of which a reference stands for the last part only
_MOST_PAIRS = 300  # items of lists that are matched in any order
_ACCOUNTS = frozenset({"principal", "source_account"})  # attributes that hold a principal or an account
_ACCOUNT_ID = regex(r"\d{12}")


def moved(term: Term, span: Span, sensitive: Any = None) -> Term:  # noqa: ANN401 - a mask
    """A term that was read elsewhere, at another place."""
    hides = term.sensitive or sensitive is True
    if type(term) is Seq:
        items = tuple(moved(item, span, part(sensitive, index)) for index, item in enumerate(term.items))
        return Seq(span=span, items=items, kind=term.kind, open=term.open, sensitive=hides)
    if type(term) is Obj:
        entries = {name: moved(value, span, part(sensitive, name)) for name, value in term.entries.items()}
        return Obj(span=span, entries=entries, kind=term.kind, open=term.open, sensitive=hides)
    if type(term) is Txt:
        return Txt(span=span, parts=term.parts, sensitive=hides)
    if type(term) is Json:
        return Json(span=span, inner=moved(term.inner, span), sensitive=hides)
    return replace(term, span=span, sensitive=hides)


def part(mask: Any, name: str | int) -> Any:  # noqa: ANN401 - a mask: a truth value, or one for each part
    """What a mask says of a part: the whole's answer where it does not go so far down."""
    if isinstance(mask, bool):
        return mask
    if isinstance(mask, dict):
        return mask.get(name)
    if isinstance(mask, list) and isinstance(name, int):
        return mask[name] if name < len(mask) else None
    return None


def says(mask: Any) -> bool:  # noqa: ANN401 - a mask
    """Whether a mask says yes of any part."""
    todo = [mask]
    while todo:
        at = todo.pop()
        if at is True:
            return True
        if isinstance(at, dict):
            todo += at.values()
        elif isinstance(at, list):
            todo += at
    return False


class Known(Protocol):
    """An instance of which something is known."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def data(self) -> bool:
        """Whether it is a data source."""

    def text(self, attribute: str) -> str | None:
        """A known text of it."""


class Accounts:
    """The accounts that a plan deploys to. In policies they are the own account, whatever their number is."""

    def __init__(self, planned: Iterable[Known]) -> None:
        self.own: set[str] = set()
        for found in planned:
            if found.data and found.type == "aws_caller_identity":
                self.own.add(found.text("account_id") or "")
            elif not found.data and (arn := found.text("arn")) is not None and arn.count(":") > 4:
                self.own.add(arn.split(":", 5)[4])
        self.own = {number for number in self.own if _ACCOUNT_ID.fullmatch(number)}

    def within(self, name: str, term: Term) -> Term:
        """The value of an attribute, in which a number that is the own account's is said to be that."""
        if not self.own:
            return term
        if name in _ACCOUNTS and type(term) is Lit:
            return self._texts(term)
        inner = term.inner if type(term) is Json else None
        if inner is None and type(term) in (Lit, Txt) and self._is_told_in(term):
            inner = decode(term)
        if inner is None:
            return term
        own = self._principals(inner)
        return term if own is inner else Json(span=term.span, inner=own, sensitive=term.sensitive)

    def _is_told_in(self, term: Term) -> bool:
        parts: tuple[object, ...] = (term.v,) if type(term) is Lit else term.parts if type(term) is Txt else ()
        texts = [p for p in parts if isinstance(p, str)]
        return any('"Principal"' in text for text in texts) and any(o in text for text in texts for o in self.own)

    def _principals(self, document: Term) -> Term:
        if type(document) is not Obj or type(stated := document.entries.get("Statement")) not in (Seq, Obj):
            return document
        if type(stated) is Obj:
            own: Term = self._statement(stated)
            changed = own is not stated
        else:
            items = stated.items if type(stated) is Seq else ()
            made = tuple(self._statement(item) if type(item) is Obj else item for item in items)
            changed = any(a is not b for a, b in zip(items, made, strict=True))
            own = replace(stated, items=made) if type(stated) is Seq else document
        return replace(document, entries={**document.entries, "Statement": own}) if changed else document

    def _statement(self, statement: Obj) -> Obj:
        entries = dict(statement.entries)
        for name in ("Principal", "NotPrincipal", "Condition"):
            if name in entries:
                entries[name] = self._texts(entries[name])
        return replace(statement, entries=entries) if entries != statement.entries else statement

    def _texts(self, term: Term) -> Term:
        if type(term) is Seq:
            items = tuple(self._texts(item) for item in term.items)
            return (
                replace(term, items=items) if any(a is not b for a, b in zip(items, term.items, strict=True)) else term
            )
        if type(term) is Obj:
            entries = {name: self._texts(value) for name, value in term.entries.items()}
            return replace(term, entries=entries) if entries != term.entries else term
        if type(term) is Lit and isinstance(term.v, str):
            found = next((number for number in self.own if number in term.v), None)
            if found is not None:
                pieces: list[TxtPart] = []
                for index, piece in enumerate(term.v.split(found)):
                    pieces += [ACCOUNT, piece] if index else [piece]
                return text_of(pieces, term.span, sensitive=term.sensitive)
        return term


class Overlay:
    """Lays the values of one plan over the terms of its configuration.

    `known` gives the plan's text for an attribute that a reference names. `edited` says that files of the configuration
    are not as they were when the plan was made: then what they say wins wherever they disagree.
    """

    def __init__(self, known: Callable[[Reference], str | None], accounts: Accounts, *, edited: bool = False) -> None:
        self._known = known
        self._accounts = accounts
        self.edited = edited
        self.opened = Opened()

    def block(
        self,
        written: Obj,
        planned: Planned,
        header: Span,
        expressions: Any,  # noqa: ANN401 - as they are written
        dropped: frozenset[str] = frozenset(),
        told: Callable[[], Obj] | None = None,
    ) -> Obj:
        """The block of a resource, each part of it laid over when somebody looks at it.

        `dropped`: what stands in it, unless it is written, only since others state it. `told` gives what the plan alone
        says, for what the configuration can't tell.
        """
        entries: Any = _Laid(self, written, planned, header, expressions, dropped, told)
        return replace(written, entries=entries)

    def within(self, name: str, term: Term) -> Term:
        """The value of an attribute, in which the own account is known as that."""
        return self._accounts.within(name, term)

    def term(self, written: Term, value: Term | None, unknown: Any, hides: Any, name: str = "") -> Term:  # noqa: ANN401 - masks
        """One value. `value` is None where the plan states nothing: it is null, or not known (`unknown`)."""
        if type(written) is Lazy:
            try:
                written = written.whole()
            except (Wrong, NotKnown):
                written = Unk(span=written.span, doubt=doubt_of(written))
        if unknown is True or (value is None and says(unknown)):
            return _hidden(_possible(written), hides)
        if value is None or is_null(value):
            if self.edited or name.endswith("_wo"):
                return written
            chosen = _nothing_of(written)
            return chosen if chosen is not None else Lit(span=written.span, v=None)
        written = self._chosen(written, value)
        if self.edited and not self.agrees(written, value):
            return written
        if type(value) is Seq:
            return self._list(written, value, unknown, hides)
        if type(value) is Obj:
            return self._object(written, value, unknown, hides)
        if type(value) is Lit:
            return _hidden(self._scalar(written, value), hides)
        return written

    # ------------------------------------------------------------------------------------------------------------ values

    def _scalar(self, written: Term, value: Lit) -> Term:
        if type(written) is Lit:
            if _same(written.v, value.v):
                return written if type(written.v) is type(value.v) else replace(written, v=value.v)
            if self._agree_as_json(written, value):
                return written
        elif type(written) is Unk:
            if written.name in _OWN or written.name.startswith(_RESOLVED):
                return written
        elif type(written) in (Txt, Json):
            found = self._document(written, value)
            if found is not None:
                return found
            if type(written) is Txt and isinstance(value.v, str) and not _is_detail(written):
                filled = self._filled(written, value.v)
                if filled is not None:
                    return filled
        elif type(written) is Seq and len(written.items) == 1:
            return replace(written, items=(self._scalar(written.items[0], value),))
        return Lit(span=written.span, v=value.v, sensitive=written.sensitive)

    def _document(self, written: Term, value: Lit) -> Term | None:
        """A text that holds a document: the written one where it is whole, else with what is missing put in."""
        inner = decode(written)
        data = decode(replace(value, span=written.span)) if inner is not None else None
        if inner is None or data is None:
            return None
        if not lacks(inner) and self.agrees(inner, data):
            return written
        merged = self.term(inner, data, None, None)
        return Json(span=written.span, inner=merged, sensitive=written.sensitive)

    def _agree_as_json(self, written: Lit, value: Lit) -> bool:
        if not (isinstance(written.v, str) and isinstance(value.v, str)):
            return False
        if written.v.strip() == value.v.strip():
            return True
        if written.v.lstrip()[:1] not in {"{", "["} or value.v.lstrip()[:1] not in {"{", "["}:
            return False
        if _hold_the_same(written.v, value.v):
            return True
        left, right = decode(written), decode(value)
        return left is not None and right is not None and self.agrees(left, right)

    def _filled(self, written: Txt, text: str) -> Term | None:
        """A text whose references stay, and whose holes are filled; None if the plan's can't be this one."""
        greedy, lazy, holes = "", "", 0
        for piece in written.parts:
            if isinstance(piece, str):
                own = re.escape(piece)
                greedy, lazy = greedy + own, lazy + own
            elif isinstance(piece, Ref):
                known = None if piece.reference.shown.endswith(_WHOLE_ARN) else self._known(piece.reference)
                own = "(?s:.+?)" if known is None else re.escape(known)
                greedy, lazy = greedy + own, lazy + own
            else:
                holes += 1
                most = "[^:*?]" if piece.plain else "(?s:.)"
                greedy, lazy = f"{greedy}({most}*)", f"{lazy}({most}*?)"
        found = re.fullmatch(greedy, text)
        if found is None:
            return None
        if not holes:
            return self._told(written)
        other = re.fullmatch(lazy, text)
        if other is None or other.groups() != found.groups():
            return self._told(written)  # it can be read in more than one way
        captured = iter(found.groups())
        filled: list[TxtPart] = []
        for piece in written.parts:
            if not isinstance(piece, Hole):
                filled.append(self._referred(piece, written.span))
                continue
            own = next(captured)
            filled.append(piece if piece.name in _OWN else own)
        if len(filled) == len(written.places) and not all(isinstance(p, str) for p in filled):
            exact = tuple(e and isinstance(p, str) for e, p in zip(written.exact, written.parts, strict=False))
            return Txt(
                span=written.span,
                parts=tuple(filled),
                places=written.places,
                exact=exact,
                sensitive=written.sensitive,
            )
        return text_of(filled, written.span, sensitive=written.sensitive)

    def _told(self, written: Txt) -> Txt:
        """A text whose references know what the plan knows of them."""
        parts = tuple(self._referred(piece, written.span) for piece in written.parts)
        return (
            replace(written, parts=parts)
            if any(a is not b for a, b in zip(parts, written.parts, strict=True))
            else written
        )

    def _referred(self, piece: TxtPart, span: Span) -> TxtPart:
        if not isinstance(piece, Ref) or piece.behind is not None:
            return piece
        known = self._known(piece.reference)
        return piece if known is None else Ref(piece.reference, lambda: Lit(span=span, v=known))

    def _list(self, written: Term, value: Seq, unknown: Any, hides: Any) -> Term:  # noqa: ANN401 - masks
        if type(written) is Obj:
            written = Seq(span=written.span, items=(written,))
        if type(written) is not Seq:
            if len(value.items) == 1 and type(written) in (Lit, Txt, Json):
                return self.term(written, value.items[0], part(unknown, 0), part(hides, 0))
            return moved(value, written.span, hides)
        pairs = self._pairs(written, value, unknown)
        items: list[Term] = []
        for index, item in enumerate(value.items):
            own = pairs[index]
            mask = part(unknown, index)
            if own is None:
                if mask is True:
                    items.append(Unk(span=written.span, doubt=doubt_of(written)))
                else:
                    items.append(moved(item, written.span, part(hides, index)))
            else:
                items.append(self.term(own, item, mask, part(hides, index)))
        return Seq(span=written.span, items=tuple(items), kind=written.kind, sensitive=written.sensitive)

    def _pairs(self, written: Seq, value: Seq, unknown: Any) -> list[Term | None]:  # noqa: ANN401 - a mask
        """Which written item each item of the plan is: in order where that fits, else by what they say."""
        masks = [part(unknown, index) is True for index in range(len(value.items))]
        own = written.items
        many = len(own) == len(value.items)
        if many and all(m or self.agrees(a, b) for a, b, m in zip(own, value.items, masks, strict=True)):
            return list(own)
        if len(own) > _MOST_PAIRS or len(value.items) > _MOST_PAIRS:
            return list(own) if many else [None] * len(value.items)
        left = list(own)
        pairs: list[Term | None] = []
        for item, mask in zip(value.items, masks, strict=True):
            found = None if mask else next((i for i, term in enumerate(left) if self.agrees(term, item)), None)
            pairs.append(None if found is None else left.pop(found))
        if len(left) == sum(pair is None for pair in pairs):
            rest = iter(left)
            pairs = [next(rest) if pair is None else pair for pair in pairs]
        return pairs

    def _object(self, written: Term, value: Obj, unknown: Any, hides: Any) -> Term:  # noqa: ANN401 - masks
        if type(written) is Seq and len(written.items) == 1:
            item = self.term(written.items[0], value, unknown, hides)
            return replace(written, items=(item,), open=None)
        if type(written) is not Obj:
            return moved(value, written.span, hides)
        entries: dict[str, Term] = {}
        for name, term in written.entries.items():
            entries[name] = self.term(term, value.entries.get(name), part(unknown, name), part(hides, name), name)
        for name, more in value.entries.items():
            if name not in entries and not is_zero(more):
                entries[name] = moved(more, written.span, part(hides, name))
        return replace(written, entries=entries, open=None)

    # ------------------------------------------------------------------------------------------------------- comparing

    def _chosen(self, written: Term, value: Term) -> Term:
        """The case of a term that the plan has decided for; premises are left only where it can't be told."""
        if type(written) is not Alt:
            return written
        agreeing = [leaf for _, leaf in written.options if self.agrees(leaf, value)]
        known = [leaf for leaf in agreeing if type(leaf) is not Unk]
        if known or agreeing:
            return (known or agreeing)[0]
        return Unk(span=written.span, doubt=doubt_of(written))

    def agrees(self, written: Term, value: Term) -> bool:
        """Whether the written term can be what the plan says."""
        if type(written) is Lazy:
            try:
                written = written.whole()
            except (Wrong, NotKnown):
                return True
        if type(written) is Unk or type(value) is Unk:
            return True
        if type(written) is Alt:
            return any(self.agrees(leaf, value) for _, leaf in written.options)
        if type(value) is Lit:
            return self._agrees_with_scalar(written, value)
        if type(value) is Seq:
            return self._agrees_with_list(written, value)
        if type(value) is Obj and type(written) is Seq and len(written.items) == 1:
            return self.agrees(written.items[0], value)
        if type(value) is Obj and type(written) is Obj:
            for name, term in written.entries.items():
                other = value.entries.get(name)
                if other is not None and not self.agrees(term, other):
                    return False
            return True
        return False

    def _agrees_with_scalar(self, written: Term, value: Lit) -> bool:
        if type(written) is Lit:
            return _same(written.v, value.v) or self._agree_as_json(written, value)
        if type(written) in (Txt, Json):
            inner = decode(written)
            if inner is not None:
                data = decode(value)
                return data is not None and self.agrees(inner, data)
            return type(written) is Txt and isinstance(value.v, str) and self._filled(written, value.v) is not None
        if type(written) is Seq and len(written.items) == 1:
            return self.agrees(written.items[0], value)
        return type(written) is Seq and not written.items and is_zero(value)

    def _agrees_with_list(self, written: Term, value: Seq) -> bool:
        if type(written) is Obj:
            return len(value.items) == 1 and self.agrees(written, value.items[0])
        if type(written) is not Seq:
            return (len(value.items) == 1 and self.agrees(written, value.items[0])) or (
                not value.items and is_zero(written)
            )
        if len(written.items) != len(value.items):
            return written.open is not None and len(value.items) >= len(written.items)
        if all(self.agrees(a, b) for a, b in zip(written.items, value.items, strict=True)):
            return True
        if len(value.items) > _MOST_PAIRS:
            return False
        left = list(written.items)
        for item in value.items:
            found = next((index for index, term in enumerate(left) if self.agrees(term, item)), None)
            if found is None:
                return False
            left.pop(found)
        return True


class Opened:
    """The blocks of a plan that have been looked into. A plan has many, and each is looked at for a while: the last count."""

    def __init__(self, most: int = 1024) -> None:
        self._most = most
        self._kept: deque[Parts] = deque()

    def note(self, parts: Parts) -> None:
        """Keep what a block has read, and let the one that was opened first forget it where there are too many."""
        self._kept.append(parts)
        if len(self._kept) > self._most:
            self._kept.popleft().forget()


class Parts(Mapping[str, Term]):
    """The entries of a block in a plan, each made when somebody looks at it: what no table reads costs nothing.

    What was made may be forgotten, and is made again where it is asked for.
    """

    def __init__(self, opened: Opened, planned: Planned) -> None:
        self._opened = opened
        self._planned = planned
        self._made: dict[str, Term] = {}
        self._names: dict[str, None] | None = None
        self._stated: Attributes | None = None
        self._masks: dict[str, Any] = {}
        self._hides: Any = None

    def read(self) -> Attributes:
        """Read what the plan states of the instance; `_masks` say what of it is not known, `_hides` what is sensitive."""
        stated = self._stated = self._planned.attributes()
        stated.rename("tags_all", "tags")
        unknown = self._planned.unknown
        self._masks = unknown if isinstance(unknown, dict) else {}
        self._hides = self._planned.sensitive
        return stated

    def found(self) -> dict[str, None]:
        """Open the block: the names of everything that is there."""
        raise NotImplementedError

    def make(self, name: str) -> Term:
        """One of them."""
        raise NotImplementedError

    def forget(self) -> None:
        """Drop what was read."""
        self._made = {}
        self._names = None
        self._stated, self._masks, self._hides = None, {}, None

    @property
    def names(self) -> dict[str, None]:
        """Everything that is there."""
        names = self._names
        if names is None:
            names = self._names = self.found()
            self._opened.note(self)
        return names

    def __getitem__(self, name: str) -> Term:
        known = self._made.get(name)
        if known is None:
            if name not in self.names:
                raise KeyError(name)
            known = self._made[name] = self.make(name)
        return known

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as of any mapping
        """One of them, or the default."""
        known = self._made.get(name)
        if known is None:
            if name not in self.names:
                return default
            known = self._made[name] = self.make(name)
        return known

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class _Laid(Parts):
    """The entries of a resource: those of its configuration, with what its plan knows, and those that the plan has besides."""

    def __init__(
        self,
        overlay: Overlay,
        written: Obj,
        planned: Planned,
        header: Span,
        expressions: Any,  # noqa: ANN401 - as they are written
        dropped: frozenset[str],
        told: Callable[[], Obj] | None,
    ) -> None:
        super().__init__(overlay.opened, planned)
        self._overlay = overlay
        self._written = written.entries
        self._header = header
        self._expressions = expressions if isinstance(expressions, dict) else {}
        self._dropped = dropped
        self._told = told

    def found(self) -> dict[str, None]:
        """Everything that is written, and what the plan has besides."""
        stated = self.read()
        if self._masks.get("tags_all") is True:
            self._masks["tags"] = True
        found = dict.fromkeys(self._written)
        for name in stated.names:
            gone = self._overlay.edited and name in self._expressions
            if name not in found and name not in self._dropped and not gone and not stated.is_zero(name):
                found[name] = None
        return found

    def make(self, name: str) -> Term:
        """One of them."""
        stated = self._stated
        value = stated.get(name) if stated is not None else None
        hides = part(self._hides, name)
        if name not in self._written:
            nothing = Lit(span=self._header, v=None)
            return self._overlay.within(name, moved(value if value is not None else nothing, self._header, hides))
        mask = self._masks.get(name)
        term = self._overlay.term(self._written[name], value, mask, hides, name)
        if type(term) is Unk and mask is True and self._told is not None:
            other = self._told().entries.get(name)
            if other is not None and type(other) is not Unk:
                term = moved(other, term.span)
        return self._overlay.within(name, term)


@lru_cache(maxsize=256)
def _hold_the_same(left: str, right: str) -> bool:
    """Whether two texts are one document in JSON, as those are that a provider writes anew: of many roles mostly the same."""
    try:
        told = [msgspec.json.encode(msgspec.json.decode(text), order="sorted") for text in (left, right)]
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return False
    return told[0] == told[1]


def lacks(term: Term) -> bool:
    """Whether a part of a term is not known, apart from references and from where it is deployed."""
    if type(term) is Seq:
        return term.open is not None or any(lacks(item) for item in term.items)
    if type(term) is Obj:
        return term.open is not None or any(lacks(value) for value in term.entries.values())
    if type(term) is Json:
        return lacks(term.inner)
    if type(term) is Txt:
        return any(isinstance(p, Hole) and p.name not in _OWN for p in term.parts)
    if type(term) is Unk:
        return term.name not in _OWN
    return type(term) is not Lit


def _hidden(term: Term, mask: Any) -> Term:  # noqa: ANN401 - a mask
    return replace(term, sensitive=True) if mask is True and not term.sensitive else term


def _possible(written: Term) -> Term:
    """What a term may be of which the plan says that it is known only after apply: not what is known already."""
    if type(written) is not Alt:
        return written
    left = [(when, leaf) for when, leaf in written.options if not is_known(leaf)]
    return alt(left, written.span) if len(left) > 1 else left[0][1] if left else written


def _is_detail(written: Txt) -> bool:
    """Whether a text is a detail of a resource, which does not name it: then what it says is all there is to it."""
    (only, *more) = written.parts
    return (
        not more
        and isinstance(only, Ref)
        and only.reference.attribute != "Ref"
        and not only.reference.attribute.endswith("Arn")
    )


def _nothing_of(written: Term) -> Term | None:
    """The case of a term in which it states nothing."""
    return next((leaf for _, leaf in cases(written) if _is_nothing(leaf)), None)


def _is_nothing(term: Term) -> bool:
    return (type(term) is Lit and (term.v is None or term.v == "")) or (type(term) is Seq and not term.items)


def _same(left: object, right: object) -> bool:
    if left is None or right is None:
        return (left or "") == (right or "") and not isinstance(left or right, int)
    if isinstance(left, bool) or isinstance(right, bool) or isinstance(left, str) or isinstance(right, str):
        return scalar_text(left) == scalar_text(right)
    return left == right
