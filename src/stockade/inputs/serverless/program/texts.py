"""The few methods of texts that programs need to say where a handler is: by the path of the file that declares it.

Where the scanned folder lies on the machine that deploys is not known, so paths begin with a mark, and a text in which the
mark is left is not known either.
"""

from __future__ import annotations

from typing import Self, TypeAlias

from stockade.inputs.serverless.program.values import Value, scalar
from stockade.patterns import regex
from stockade.text.document import Span
from stockade.text.node import Node, ScalarValue, Sequence

ROOT = "\ufdd0"  # no character that a text could hold
TEXT_METHODS = frozenset({"replace", "replaceAll", "slice", "split", "substring", "toLowerCase", "toUpperCase", "trim"})

# A regular expression that stands for one text: no character in it means another.
_LITERAL = regex(r"/((?:\\[^A-Za-z0-9]|[^\\^$.*+?()\[\]{}|])+)/(g?)")
_ESCAPE = regex(r"\\(.)")


class Literal(str):
    """The text that a regular expression stands for; `every`: whether all places of it are meant."""

    __slots__ = ("every",)

    def __new__(cls, text: str, *, every: bool) -> Self:
        """Make one."""
        made = super().__new__(cls, text)
        made.every = every
        return made

    every: bool


Argument: TypeAlias = ScalarValue | Literal


def place_of(folder: str) -> str:
    """The path of a folder of what is scanned, as a program sees it."""
    return f"{ROOT}/{folder}".rstrip("/")


def literal_of(text: str) -> Argument:
    """The text that a regular expression stands for; None of one that stands for more."""
    found = _LITERAL.fullmatch(text)
    return None if found is None else Literal(_ESCAPE.sub(r"\1", found[1]), every=bool(found[2]))


def of_text(name: str, text: str, given: list[Argument], span: Span) -> Value:
    """What a method gives; None where that is not known."""
    if name in {"toLowerCase", "toUpperCase", "trim"} and not given:
        done = {"toLowerCase": text.lower, "toUpperCase": text.upper, "trim": text.strip}[name]()
        return scalar(span, done)
    if name == "split" and len(given) == 1 and isinstance(given[0], str) and given[0]:
        parts: list[Node] = [scalar(span, part) for part in text.split(given[0])]
        return Sequence(span, tuple(parts), flow=True)
    if name in {"replace", "replaceAll"} and len(given) == 2:
        old, new = given
        if not isinstance(old, str) or not isinstance(new, str) or not old or "$" in new:
            return None
        every = name == "replaceAll" or (isinstance(old, Literal) and old.every)
        return scalar(span, text.replace(old, new, -1 if every else 1))
    if name in {"slice", "substring"} and given and all(type(g) is int and g >= 0 for g in given):
        start, end = (*given, len(text))[:2]
        return scalar(span, text[start:end]) if isinstance(start, int) and isinstance(end, int) else None
    return None
