"""What could be left out without a change: actions, resources, statements.

An action or resource is left out of one list, where another member of that list takes it in. A statement is redundant if
the others of its effect cover it: that is decided exactly (`stockade.iam.sets`), within a budget of steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from stockade.iam.sets.access import Access, by_itself
from stockade.iam.sets.clauses import Clause
from stockade.iam.sets.questions import Proved, Setting, within
from stockade.iam.validate._subject import Subject, Word, effect, fault, listed, words
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault, Remark, Statement
from stockade.model.value import Text
from stockade.model.value import Unknown as UnknownValue

Kind: TypeAlias = Literal["ACTION", "RESOURCE"]

_STEPS = 20_000
_MOST_STATEMENTS = 60  # of which each is held against the others
_MOST_TEXTS = 600
_MOST_PAIRS = 40_000  # of actions and resources that are held against each other


def check(subject: Subject) -> Iterator[Fault]:
    """Every list of every statement, and the statements."""
    for statement in subject.statements:
        for values in (statement.actions, statement.not_actions):
            yield from _in_list(statement, list(words(values)), "ACTION")
        for values in (statement.resources, statement.not_resources):
            yield from _in_list(statement, list(words(values)), "RESOURCE")
    yield from _statements(subject)


class _Wide:
    """The patterns of a list, in its order, so that those that may take a text in are soon found."""

    def __init__(self, texts: Iterable[str], kind: Kind) -> None:
        self.kind = kind
        self.covers = facts.fits if kind == "ACTION" else _covers_resource
        self.by: dict[str, list[str]] = {}
        for text in texts:
            begin = self._begin(text)
            self.by.setdefault("" if facts.is_pattern(begin) else begin, []).append(text)

    def _begin(self, text: str) -> str:
        """The service, which patterns share with what they take in."""
        if self.kind == "ACTION":
            return text.partition(":")[0]
        return ":".join(text.split(":", 3)[:3])

    def over(self, text: str) -> Iterator[str]:
        """Those that take a text in, and may be the text."""
        for begin in dict.fromkeys((self._begin(text), "")):
            yield from (wide for wide in self.by.get(begin, ()) if self.covers(wide, text))

    def takes_in(self, text: str) -> bool:
        """Whether one of them takes a text in."""
        return next(self.over(text), None) is not None


def _in_list(statement: Statement, found: list[Word], kind: Kind) -> Iterator[Fault]:
    if not 2 <= len(found) <= _MOST_TEXTS:
        return
    first: dict[str, Word] = {}
    left: list[tuple[Word, Word]] = []
    for word in found:
        text = None if word.when else _text(word)
        if text is None:
            continue
        text = text.lower() if kind == "ACTION" else text
        by = first.setdefault(text, word)
        if by is not word:
            left.append((word, by))
    wide = _Wide(filter(facts.is_pattern, first), kind)
    for text, word in first.items() if wide.by else ():
        over = next((each for each in wide.over(text) if each != text and not wide.covers(text, each)), None)
        if over is not None:
            left.append((word, first[over]))
    if left:
        # What a pattern takes in says more than what is there twice.
        word, by_word = next(((w, b) for w, b in left if w.text.lower() != b.text.lower()), left[0])
        noun = kind.lower()
        if word.text.lower() == by_word.text.lower():
            shown = listed(w.shown for w, _ in left)
            message = f"{shown} {'is' if len(left) == 1 else 'are'} there twice"
        elif len(left) == 1:
            message = f"`{word.shown}` is taken in by `{by_word.shown}`"
        else:
            message = f"{len(left)} {noun}s are taken in by others, as `{word.shown}` is by `{by_word.shown}`"
        yield from fault(
            f"REDUNDANT_{kind}",
            statement,
            word,
            message,
            "remove what is taken in, or the wildcard if it is more than is meant",
            related=(Remark(by_word.origin, "by this"),),
        )


def _text(word: Word) -> str | None:
    """A text in which what is not known stands by its name; None where it can't be compared."""
    leaf = word.leaf
    if isinstance(leaf, UnknownValue):
        return None
    return leaf.show() if isinstance(leaf, Text) else word.text


def _covers_resource(wide: str, text: str) -> bool:
    if wide in {"*", text}:
        return True
    if not facts.fits(wide, text):
        return False
    # A wildcard inside of one field of an ARN does not reach into the next.
    mine, theirs = wide.split(":", 5), text.split(":", 5)
    if len(mine) < 6 or len(theirs) < 6:
        return wide.endswith("*") and "*" not in wide[:-1]
    return all(facts.fits(a, b) for a, b in zip(mine, theirs, strict=True))


# --------------------------------------------------------------------------------------------------------- statements


def _statements(subject: Subject) -> Iterator[Fault]:
    if not subject.statements.complete:
        return
    own = [(s, subject.plain(s)) for s in subject.statements]
    for kind in ("Allow", "Deny"):
        kept = [(s, p) for s, p in own if effect(s) == kind]
        if not 2 <= len(kept) <= _MOST_STATEMENTS:
            continue
        sketches = [_Sketch(p) if p is not None else None for _, p in kept]
        gone: set[int] = set()
        for at in range(len(kept) - 1, -1, -1):
            statement, plain = kept[at]
            mine = sketches[at]
            if plain is None or mine is None:
                continue
            alike = {
                i: s for i, s in enumerate(sketches) if s is not None and i not in {at, *gone} and s.may_help(mine)
            }
            if not alike or not _together(mine, list(alike.values())):
                continue
            by = _by(plain, [(i, kept[i][1] or {}) for i in alike])
            if by is not None:
                gone.add(at)
                word = "allowed" if kind == "Allow" else "denied"
                yield from fault(
                    "REDUNDANT_STATEMENT",
                    statement,
                    statement.origin,
                    f"all that the statement says is {word} by others already",
                    "remove it",
                    related=(Remark(kept[by][0].origin, "by this"),),
                )


def _by(plain: dict[str, Any], others: list[tuple[int, dict[str, Any]]]) -> int | None:
    """Which statement covers another one, or helps others to; None if they do not cover it."""
    size = len(plain.get("Action", ())) * len(plain.get("Resource", ()))
    for at, other in others:
        if size * len(other.get("Action", ())) * len(other.get("Resource", ())) <= _MOST_PAIRS and _covered(
            plain, [other]
        ):
            return at
    every = sum(len(o.get("Action", ())) * len(o.get("Resource", ())) for _, o in others)
    if len(others) > 1 and size * every <= _MOST_PAIRS and _covered(plain, [other for _, other in others]):
        return others[0][0]
    return None


def _covered(plain: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    """Whether everything that a statement is about is what others are about, effects aside."""
    answer = within(_allowing([plain]), _allowing(others), Setting(steps=_STEPS))
    return isinstance(answer, Proved)


def _allowing(statements: list[dict[str, Any]]) -> Access:
    """Statements as if each were an Allow. A Deny of an account is one of everybody in it, and an Allow is not."""
    allows = [statement | {"Effect": "Allow"} for statement in statements]
    clauses = tuple(Clause(allow, allow, "") for allow in allows)
    return by_itself(clauses) if all(each["Effect"] == "Allow" for each in statements) else Access(identity=clauses)


class _Sketch:
    """A statement in brief, so that it is quick to tell which others can't cover it. A little more than is so may pass."""

    def __init__(self, plain: dict[str, Any]) -> None:
        self.every = "Action" not in plain
        texts = [text.lower() for text in plain.get("Action", ())]
        self.wild = _Wide(filter(facts.is_pattern, texts), "ACTION")
        self.texts = frozenset(texts)
        self.services = frozenset(text.partition(":")[0] for text in texts)
        self.resources: list[str] | None = plain.get("Resource")
        self.wide = _Wide(self.resources or (), "RESOURCE")
        self.keys = frozenset(key.lower() for keys in plain.get("Condition", {}).values() for key in keys)

    def takes_in(self, text: str) -> bool:
        """Whether one of its actions takes an action in."""
        return self.every or text in self.texts or self.wild.takes_in(text)

    def _may_share(self, own: _Sketch) -> bool:
        if own.services.isdisjoint(self.services) and "" not in self.wild.by:
            return False
        return any(map(self.takes_in, own.texts))

    def may_help(self, own: _Sketch) -> bool:
        """Whether it may cover a part of another statement: it asks no more, and is about some of its actions and resources."""
        if not self.keys <= own.keys:
            return False
        if not (own.every or self.every or self._may_share(own)):
            return False
        if self.resources is None or own.resources is None:
            return True
        return any(map(self.wide.takes_in, own.resources))


def _together(own: _Sketch, others: list[_Sketch]) -> bool:
    """Whether others may cover a statement together: each of its actions and resources is taken in by one of them."""
    if own.every:
        if not any(other.every for other in others):
            return False
    elif not all(any(other.takes_in(text) for other in others) for text in own.texts):
        return False
    if own.resources is None or any(other.resources is None for other in others):
        return True
    wide = _Wide((text for other in others for text in other.resources or ()), "RESOURCE")
    return all(map(wide.takes_in, own.resources))
