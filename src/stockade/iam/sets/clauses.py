"""Statements as far as they are known, which is what questions are asked of.

A document that is written out gives clauses that are wholly known. One of the model may hold parts that are known only after
deployment: a reference, a parameter, a region. They stay in the texts as symbols, and equal symbols are one thing. What is
not known in kind rather than in name (a statement that was not read, an action that a variable holds) makes two statements of
a clause: what it is about at least, and what it may be about at most.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from stockade.patterns import regex

if TYPE_CHECKING:
    from stockade.model.value import When

Document: TypeAlias = Mapping[str, Any]


class MalformedError(Exception):
    """A document that is no policy; the text says why."""


# A symbol in a text: how it begins says whether it may hold colons. No source can write these, which is checked.
_OPEN, _OPEN_PLAIN, CLOSE, _COLON, _OPEN_NAME = "\uf8f0", "\uf8f1", "\uf8f2", "\uf8f4", "\uf8f5"
SYMBOL = regex(f"([{_OPEN}{_OPEN_PLAIN}{_OPEN_NAME}])([^{CLOSE}]*){CLOSE}")
OWN_NAME = f"{_OPEN_NAME}[^{CLOSE}]*{CLOSE}"
PLAIN_SYMBOL = f"[{_OPEN_PLAIN}{_OPEN_NAME}][^{CLOSE}]*{CLOSE}"
_MARKS = frozenset((_OPEN, _OPEN_PLAIN, _OPEN_NAME, CLOSE, _COLON))


def symbol(name: str, *, plain: bool, own: bool = False) -> str:
    """What stands for a thing in a text until it is known; a plain one holds no colon. Neither holds a wildcard.

    `own`: it is the name of one resource, which two of a kind do not share.
    """
    # A name is not to be taken for a policy variable.
    kept = "".join(char for char in name if char not in _MARKS).replace("${", "{").replace(":", _COLON)
    return f"{_OPEN_NAME if own else _OPEN_PLAIN if plain else _OPEN}{kept}{CLOSE}"


def has_marks(text: str) -> bool:
    """Whether a text that somebody wrote holds what symbols are told by."""
    return not _MARKS.isdisjoint(text)


def name_of(match: re.Match[str]) -> str:
    """The name of a symbol that was found in a text; there its colons are others, since those of texts separate."""
    return match[2].replace(_COLON, ":")


def is_plain(match: re.Match[str]) -> bool:
    """Whether a symbol that was found in a text holds no colon."""
    return match[1] != _OPEN


def is_own(match: re.Match[str]) -> bool:
    """Whether a symbol that was found in a text is the name of one resource."""
    return match[1] == _OPEN_NAME


def has_symbol(text: str) -> bool:
    """Whether a part of a text is known only by a name."""
    return CLOSE in text


def shown(text: str) -> str:
    """For people: a text with the names of its symbols."""
    return SYMBOL.sub(lambda match: f"<{name_of(match)}>", text)


class Place(Struct, frozen=True):
    """Where a statement is written; lines and columns count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Clause(Struct, frozen=True):
    """One statement.

    Attributes:
        sure: what it is about at least, as JSON; None where it may be about nothing.
        most: what it is about at most.
        name: what people know it by; nothing for what only a question says.
        when: the premises under which it is there.
        doubt: why `sure` is not `most`; the same doubt in two clauses is one thing that is not known,
        mark: if they have the same mark too.
        variables: `${…}` in its texts stands for the values of keys.
        at: where it is written; None for a document by itself.
    """

    sure: Document | None
    most: Document
    name: str
    when: When = ()
    doubt: str = ""
    mark: str = ""
    variables: bool = True
    at: Place | None = None

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return bool(self.most["Effect"] == "Allow")


Clauses: TypeAlias = tuple[Clause, ...]


def of_document(document: object, name: str) -> Clauses:
    """The clauses of a policy document, as JSON has it. Raises MalformedError."""
    if not isinstance(document, Mapping):
        raise MalformedError("a policy is an object with `Statement`")
    listed = document.get("Statement")
    if isinstance(listed, Mapping):
        listed = [listed]
    if not isinstance(listed, list):
        raise MalformedError("`Statement` is missing, or is no list of statements")
    variables = document.get("Version") == "2012-10-17"
    out = []
    for at, element in enumerate(listed):
        label = f"{name}[{at}]"
        if not isinstance(element, Mapping):
            raise MalformedError(f"statement {label} is no object")
        if not isinstance(element.get("Effect"), str):
            raise MalformedError(f"`Effect` of statement {label} is no text")
        if element["Effect"] not in {"Allow", "Deny"}:
            raise MalformedError(f"`Effect` of statement {label} is {element.get('Effect')!r}, and not Allow or Deny")
        if _may_have_marks(element) and any(map(has_marks, texts_in(element))):
            raise MalformedError(f"statement {label} holds characters of Unicode's private use")
        out.append(Clause(element, element, _named(element, label), variables=variables))
    return tuple(out)


def _may_have_marks(element: Document) -> bool:
    """Whether a statement may hold what symbols are told by: that it does not is soon seen by its bytes."""
    try:
        return _MARKS_BEGIN in marshal.dumps(element, 2)  # type: ignore[arg-type] # raises of what it does not know
    except ValueError:
        return True


_MARKS_BEGIN = CLOSE.encode()[:2]


def _named(element: Document, label: str) -> str:
    sid = element.get("Sid")
    return f"{label} ({sid})" if isinstance(sid, str) and sid else label


def texts_in(element: object) -> Iterator[str]:
    """Every text in a statement, however deep it is nested, and be it in itself."""
    stack = [element]
    seen: set[int] = set()
    while stack:
        found = stack.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, list | Mapping) and id(found) not in seen:
            seen.add(id(found))
            if isinstance(found, list):
                stack += reversed(found)
            else:
                for key, each in reversed(list(found.items())):
                    stack += (each, key)


def keys_in(document: Document) -> Iterator[str]:
    """The condition keys of a document, in lower case."""
    for statement in document["Statement"]:
        block = statement.get("Condition")
        for keys in block.values() if isinstance(block, Mapping) else ():
            yield from (str(key).lower() for key in keys) if isinstance(keys, Mapping) else ()


def documents(clauses: Iterable[Clause]) -> Iterator[Document]:
    """What clauses are about at most, as documents of one statement each."""
    for clause in clauses:
        yield {"Version": "2012-10-17" if clause.variables else "2008-10-17", "Statement": [clause.most]}


def concrete(
    clauses: Iterable[Clause], value: Callable[[str], str] | None, holds: Callable[[When], bool], *, most: bool
) -> list[Document]:
    """Documents as they are once everything is known: with what symbols stand for, and of what premises allow.

    Without `value` there are no symbols.
    Of clauses that are in doubt: what they are about at most, or at least.
    """
    out: list[Document] = []
    for clause in clauses:
        statement = clause.most if most else clause.sure
        if statement is not None and holds(clause.when):
            version = "2012-10-17" if clause.variables else "2008-10-17"
            filled = statement if value is None else _filled(statement, value)
            out.append({"Version": version, "Statement": [filled]})
    return out


def _filled(element: object, value: Callable[[str], str]) -> object:
    if isinstance(element, str):
        return SYMBOL.sub(lambda match: value(name_of(match)), element) if has_symbol(element) else element
    if isinstance(element, list):
        return [_filled(each, value) for each in element]
    if isinstance(element, Mapping):
        return {key: _filled(each, value) for key, each in element.items()}
    return element
