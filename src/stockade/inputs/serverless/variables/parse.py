"""The syntax of variables, as versions 2.72, 3 and 4 of the framework read it.

`${AWS::Region}`, `${Resource.Arn}` and the like are no variables: they are left to CloudFormation.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from stockade.errors import StockadeError
from stockade.patterns import regex

MAX_DEPTH = 32

_TYPE = regex(r"[a-z][a-zA-Z0-9.-]*")
_NEXT = regex(r"[a-zA-Z][a-zA-Z0-9]*(?=\s*[:(])")
_NUMBER = regex(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class SyntaxProblem(StockadeError):
    """A variable that the framework would refuse, with the reason."""


class Literal(Struct, frozen=True):
    """A value that stands in the variable itself."""

    value: str | float | bool | None


class Call(Struct, frozen=True):
    """A source with its parameters and its address."""

    type: str
    parameters: tuple[Text, ...] | None
    address: Text | None
    shown: str


class Variable(Struct, frozen=True):
    """The sources of a variable, of which the first that has something counts, and how it is written."""

    sources: tuple[Literal | Call | Variable, ...]
    shown: str


Text: TypeAlias = "tuple[str | Variable, ...]"


def parse(text: str) -> Text:
    """A text as what is written and the variables in it. Raises SyntaxProblem."""
    if "${" not in text:
        return (text,)
    return _Parser(text).text("")[0]


class _Parser:
    def __init__(self, text: str) -> None:
        self.whole = text
        self.depth = 0

    def text(self, ends: str, at: int = 0) -> tuple[Text, int]:
        """The parts up to one of these characters (or the end of the text), and where that is."""
        whole = self.whole
        parts: list[str | Variable] = []
        literal: list[str] = []
        while at < len(whole) and (not ends or whole[at] not in ends):
            if whole.startswith("${", at):
                escapes = len("".join(literal)) - len("".join(literal).rstrip("\\"))
                if escapes:
                    before = "".join(literal)
                    literal = [before[: len(before) - escapes], "\\" * (escapes // 2)]
                    if escapes % 2:
                        literal.append("${")
                        at += 2
                        continue
                found = self.variable(at)
                if found is not None:
                    if any(literal):
                        parts.append("".join(literal))
                    literal = []
                    parts.append(found[0])
                    at = found[1]
                    continue
                literal.append("${")
                at += 2
                continue
            literal.append(whole[at])
            at += 1
        if any(literal) or not parts:
            parts.append("".join(literal))
        return tuple(parts), at

    def variable(self, start: int) -> tuple[Variable, int] | None:
        """The variable that begins here, and where it ends; None if it is none of the framework's."""
        whole = self.whole
        first = _TYPE.match(whole, start + 2)
        if first is None:
            return None
        after = first.end()
        if after >= len(whole) or whole[after] not in ":(" or whole.startswith("::", after):
            return None
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxProblem("variables are nested too deeply")
        call, at = self.call(start + 2, first[0], after)
        sources: list[Literal | Call | Variable] = [call]
        while True:
            at = self.blanks(at)
            if at >= len(whole):
                raise SyntaxProblem("the closing bracket of a variable is missing")
            if whole[at] == "}":
                break
            if whole[at] != ",":
                raise SyntaxProblem(f"`{whole[at]}` does not belong into a variable")
            source, at = self.source(self.blanks(at + 1))
            sources.append(source)
        self.depth -= 1
        return Variable(tuple(sources), whole[start : at + 1]), at + 1

    def source(self, at: int) -> tuple[Literal | Call | Variable, int]:
        """A source behind a comma: one more call, or a literal."""
        whole = self.whole
        if at < len(whole) and whole[at] in "'\"":
            return self.quoted(at)
        if whole.startswith("${", at):  # as version 1 allowed
            found = self.variable(at)
            if found is None:
                raise SyntaxProblem("no variable stands where one belongs")
            return found
        named = _NEXT.match(whole, at)
        if named is not None:
            return self.call(at, named[0], self.blanks(named.end()))
        end = min((i for i in (whole.find("}", at), whole.find(",", at)) if i >= 0), default=-1)
        if end < 0:
            raise SyntaxProblem("the closing bracket of a variable is missing")
        return Literal(_plain(whole[at:end].strip())), end

    def call(self, start: int, type_: str, at: int) -> tuple[Call, int]:
        """A source, of which the name has been read."""
        whole = self.whole
        parameters: tuple[Text, ...] | None = None
        if whole[at] == "(":
            parameters, at = self.parameters(at + 1)
        address: Text | None = None
        if at < len(whole) and whole[at] == ":":
            at = self.blanks(at + 1)
            if at < len(whole) and whole[at] in "'\"":
                literal, at = self.quoted(at)
                address = (str(literal.value),)
            else:
                address, at = self.text(",}", at)
                if len(address) == 1 and isinstance(address[0], str):
                    address = (address[0].strip(),) if address[0].strip() else None
        return Call(type_, parameters, address, whole[start:at].strip()), at

    def parameters(self, at: int) -> tuple[tuple[Text, ...], int]:
        """What stands in the parentheses, and where they end."""
        whole = self.whole
        found: list[Text] = []
        while True:
            at = self.blanks(at)
            if at >= len(whole):
                raise SyntaxProblem("a closing parenthesis is missing")
            if whole[at] in "'\"":
                literal, at = self.quoted(at)
                found.append((str(literal.value),))
                at = self.blanks(at)
            else:
                part, at = self.text(",)}", at)
                if len(part) == 1 and isinstance(part[0], str):
                    part = (part[0].strip(),)
                found.append(part)
            if at >= len(whole) or whole[at] == "}":
                raise SyntaxProblem("a closing parenthesis is missing")
            if whole[at] == ")":
                return tuple(found), at + 1
            at += 1

    def quoted(self, at: int) -> tuple[Literal, int]:
        """A text in quotation marks, and where it ends."""
        whole, mark = self.whole, self.whole[at]
        end = at + 1
        while end < len(whole) and whole[end] != mark:
            end += 2 if mark == '"' and whole[end] == "\\" else 1
        if end >= len(whole):
            raise SyntaxProblem("a closing quotation mark is missing")
        inner = whole[at + 1 : end]
        return Literal(inner.replace('\\"', '"').replace("\\\\", "\\") if mark == '"' else inner), end + 1

    def blanks(self, at: int) -> int:
        """The next place that is no white space."""
        while at < len(self.whole) and self.whole[at].isspace():
            at += 1
        return at


def _plain(word: str) -> str | float | bool | None:
    if word in _WORDS:
        return _WORDS[word]
    if _NUMBER.fullmatch(word):
        return int(word) if word.lstrip("+-").isdigit() else float(word)
    raise SyntaxProblem(f"`{word}` is neither a source nor a value")
