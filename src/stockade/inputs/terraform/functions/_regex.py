r"""Regular expressions as Terraform has them: those of Go, which are RE2's (https://github.com/google/re2/wiki/Syntax).

They are read here, and run by Python's `re` where that surely gives the same answer in reasonable time. It does not where a
repetition stands inside of another one, or may repeat nothing at all: those are run by a machine that keeps all the ways a match
may go at once, each place of the text once, in the order in which the first that ends is the one that Go finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from stockade.inputs.terraform.terms import NotKnown, Wrong
from stockade.model.value import Doubt
from stockade.patterns import regex

Ranges: TypeAlias = tuple[tuple[int, int], ...]
Match: TypeAlias = tuple[int | None, ...]  # where each group starts and ends; the first is the whole

_LAST = 0x10FFFF
_MOST_REPEATS = 1000
_MOST_STEPS = 4_000_000  # of the machine, for all matches in a text
_MOST_TRIED = 20_000_000  # places that Python's `re` may try: the length of the text for each repetition, and once more
_MOST_NESTED = 100
_TOO_LONG = Doubt("the regular expression takes too long on this text", "", "limit")
_UNICODE_CLASS = Doubt("the regular expression asks for the characters of a script", "", "regular expression")


# ------------------------------------------------------------------------------------------------------------------ the tree


class Chars(Struct, frozen=True, gc=False):
    """One character out of some."""

    ranges: Ranges


class Place(Struct, frozen=True, gc=False):
    r"""A place: `bot` and `eot` (of the text), `bol` and `eol` (of a line), `word` and `inside` (`\b` and `\B`)."""

    what: str


class Row(Struct, frozen=True, gc=False):
    """One after the other; none is the empty text."""

    nodes: tuple[Node, ...] = ()


class Either(Struct, frozen=True, gc=False):
    """One of several; the first that leads to a match counts."""

    nodes: tuple[Node, ...]


class Repeat(Struct, frozen=True, gc=False):
    """`least` to `most` times (None: without end)."""

    node: Node
    least: int
    most: int | None
    greedy: bool


class Group(Struct, frozen=True, gc=False):
    """A group whose text is kept."""

    number: int
    node: Node


Node: TypeAlias = "Chars | Place | Row | Either | Repeat | Group"


class Regex:
    """A regular expression that can be searched for. `names` has the name of each group, or an empty text."""

    __slots__ = ("_compiled", "_freedom", "_program", "_tree", "names")

    def __init__(self, tree: Node, names: tuple[str, ...]) -> None:
        self.names = names
        self._tree = tree
        self._freedom = _freedom(tree)
        self._compiled: re.Pattern[str] | None = None
        self._program: list[_Step] | None = None

    def search(self, text: str, start: int = 0, steps: list[int] | None = None) -> Match | None:
        """The first match from a place on. `steps` counts what the machine has done for this text."""
        if self._freedom is None or len(text) ** (self._freedom + 1) > _MOST_TRIED:
            return self._run(text, start, [0] if steps is None else steps)
        if self._compiled is None:
            self._compiled = re.compile(_python(self._tree))
        found = self._compiled.search(text, start)
        if found is None:
            return None
        spans: list[int | None] = []
        for group in range(len(self.names) + 1):
            at, end = found.span(group)
            spans += [at, end] if at >= 0 else [None, None]
        return tuple(spans)

    def all(self, text: str) -> Iterator[Match]:
        """Every match. One of nothing right behind another one does not count."""
        at, before = 0, -1
        steps = [0]
        while at <= len(text):
            found = self.search(text, at, steps)
            if found is None:
                return
            start, end = found[0] or 0, found[1] or 0
            counts = True
            if end == at:
                counts = start != before
                at += 1
            else:
                at = end
            before = end
            if counts:
                yield found

    def replace(self, text: str, template: str) -> str:
        """The text with each match replaced by what the template makes of it (`$1`, `${name}`)."""
        pieces: list[str] = []
        at = last = 0
        steps = [0]
        while at <= len(text):
            found = self.search(text, at, steps)
            if found is None:
                break
            start, end = found[0] or 0, found[1] or 0
            pieces.append(text[last:start])
            if end > last or start == 0:
                pieces.append(self._expanded(template, text, found))
            last = end
            at = end if end > at else at + 1
        pieces.append(text[last:])
        return "".join(pieces)

    def _expanded(self, template: str, text: str, match: Match) -> str:
        pieces: list[str] = []
        at = 0
        while (dollar := template.find("$", at)) >= 0:
            pieces.append(template[at:dollar])
            at = dollar + 1
            if template.startswith("$", at):
                pieces.append("$")
                at += 1
                continue
            named = _VARIABLE.match(template, at)
            if named is None:
                pieces.append("$")
                continue
            at = named.end()
            pieces.append(self._named(named[1] or named[2], text, match))
        pieces.append(template[at:])
        return "".join(pieces)

    def _named(self, name: str, text: str, match: Match) -> str:
        if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0"):
            return _piece(text, match, int(name)) or "" if len(name) < 6 else ""
        for number, own in enumerate(self.names, 1):
            if own == name and match[2 * number] is not None:
                return _piece(text, match, number) or ""
        return ""

    def _run(self, text: str, start: int, steps: list[int]) -> Match | None:
        if self._program is None:
            self._program = _Compiler(self._tree).program
        if (len(text) - start + 1) * len(self._program) > _MOST_STEPS or steps[0] > _MOST_STEPS:
            raise NotKnown(_TOO_LONG)
        found, end = _simulate(self._program, 2 * (len(self.names) + 1), text, start)
        steps[0] += (end - start + 1) * len(self._program)
        return found


_VARIABLE = regex(r"\{(\w+)\}|(\w+)")


def _piece(text: str, match: Match, number: int) -> str | None:
    if 2 * number + 1 >= len(match):
        return None
    start, end = match[2 * number], match[2 * number + 1]
    return None if start is None or end is None else text[start:end]


def groups(text: str, match: Match) -> list[str | None]:
    """The texts of the groups of a match; None for one that has no part in it."""
    return [_piece(text, match, number) for number in range(1, len(match) // 2)]


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Regex:
    """Reads a regular expression; raises Wrong for what is none."""
    reader = _Reader(pattern)
    tree = reader.read()
    return Regex(tree, tuple(reader.names))


# ------------------------------------------------------------------------------------------------------------------- reading

_CLASSES: dict[str, Ranges] = {
    "d": ((48, 57),),
    "s": ((9, 10), (12, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_NAMED: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": ((48, 57),),
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _CLASSES["w"],
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_ESCAPED = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_PLACES = {"A": "bot", "z": "eot", "b": "word", "B": "inside"}
_REPEAT = regex(r"\{([0-9]+)(,([0-9]*))?\}")
_GROUP_NAME = regex(r"\?P?<([A-Za-z0-9_]+)>")
_FLAGS = regex(r"\?([imsU]*)(-([imsU]+))?([:)])")
_ANY: Ranges = ((0, _LAST),)
_BUT_NEWLINE: Ranges = ((0, 9), (11, _LAST))
_CATEGORIES = {"Any", *"CLMNPSZ"} | {
    group + kind
    for group, kinds in {
        "C": "cfos",
        "L": "lmotu",
        "M": "cen",
        "N": "dlo",
        "P": "cdefios",
        "S": "ckmo",
        "Z": "lps",
    }.items()
    for kind in kinds
}


def _bad(why: str) -> Wrong:
    return Wrong(f"the regular expression can't be read: {why}")


class _Reader:
    """Reads the text of a regular expression."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0
        self.names: list[str] = []
        self.flags = frozenset[str]()
        self._depth = 0

    def read(self) -> Node:
        tree = self._alternatives()
        if self.at < len(self.text):
            raise _bad("a `)` too many")
        _bounded(tree)
        return tree

    def _alternatives(self) -> Node:
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise NotKnown(_TOO_LONG)
        found = [self._row()]
        while self._next("|"):
            found.append(self._row())
        self._depth -= 1
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _next(self, word: str) -> bool:
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def _row(self) -> Node:
        nodes: list[Node] = []
        repeated = False  # what stands last is a repetition, which can't be repeated again
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            repeat = self._repetition()
            if repeat is not None:
                if not nodes or repeated:
                    raise _bad("a repetition of nothing")
                nodes[-1] = Repeat(nodes[-1], *repeat)
                repeated = True
                continue
            repeated = False
            found = self._one()
            if found is not None:
                nodes.append(found)
        return nodes[0] if len(nodes) == 1 else Row(tuple(nodes))

    def _repetition(self) -> tuple[int, int | None, bool] | None:
        char = self.text[self.at]
        if char in "*+?":
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{" and (counted := _REPEAT.match(self.text, self.at)) is not None:
            self.at = counted.end()
            if len(counted[1]) > 6 or len(counted[3] or "") > 6:
                raise _bad("too many repetitions")
            least = int(counted[1])
            most = least if counted[2] is None else int(counted[3]) if counted[3] else None
            if least > _MOST_REPEATS or (most is not None and (most > _MOST_REPEATS or most < least)):
                raise _bad("its number of repetitions")
        else:
            return None
        lazy = self._next("?")
        return least, most, lazy is ("U" in self.flags)

    def _one(self) -> Node | None:
        char = self.text[self.at]
        self.at += 1
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self._class())
        if char == ".":
            return Chars(_ANY if "s" in self.flags else _BUT_NEWLINE)
        if char == "^":
            return Place("bol" if "m" in self.flags else "bot")
        if char == "$":
            return Place("eol" if "m" in self.flags else "eot")
        if char == "\\":
            return self._escape()
        return self._char(ord(char))

    def _char(self, code: int) -> Chars:
        return Chars(self._folded(((code, code),)))

    def _folded(self, ranges: Ranges) -> Ranges:
        return _merged(_folds(ranges)) if "i" in self.flags else ranges

    def _group(self) -> Node | None:
        before = self.flags
        if self.text.startswith("?", self.at):
            named = _GROUP_NAME.match(self.text, self.at)
            if named is None:
                flags = _FLAGS.match(self.text, self.at)
                if flags is None or (flags[1] == "" and flags[2] is None and flags[4] == ")"):
                    raise _bad("its syntax is not Go's")
                self.at = flags.end()
                self.flags = (before | set(flags[1])) - set(flags[3] or "")
                if flags[4] == ")":
                    return None  # they hold for the rest of the group around
                inner = self._alternatives()
                self._close(before)
                return inner if not isinstance(inner, Row) or inner.nodes else Row()
            self.at = named.end()
            self.names.append(named[1])
        else:
            self.names.append("")
        number = len(self.names)
        inner = self._alternatives()
        self._close(before)
        return Group(number, inner)

    def _close(self, flags: frozenset[str]) -> None:
        if not self._next(")"):
            raise _bad("a `)` is missing")
        self.flags = flags

    def _escape(self) -> Node:
        if self.at >= len(self.text):
            raise _bad("it ends in a backslash")
        char = self.text[self.at]
        if char in _PLACES:
            self.at += 1
            return Place(_PLACES[char])
        if char == "Q":
            end = self.text.find("\\E", self.at)
            literal = self.text[self.at + 1 : end if end >= 0 else len(self.text)]
            self.at = end + 2 if end >= 0 else len(self.text)
            nodes = tuple(self._char(ord(c)) for c in literal)
            return nodes[0] if len(nodes) == 1 else Row(nodes)
        ranges = self._class_escape()
        return Chars(ranges) if ranges is not None else self._char(self._escaped())

    def _class_escape(self) -> Ranges | None:
        r"""`\d` and its kin, `\pL` and its kin: behind the backslash."""
        char = self.text[self.at]
        if char.lower() in _CLASSES:
            self.at += 1
            ranges = self._folded(_CLASSES[char.lower()]) if char.lower() == "w" else _CLASSES[char.lower()]
            return _negated(ranges) if char.isupper() else ranges
        if char not in "pP":
            return None
        self.at += 1
        if self._next("{"):
            end = self.text.find("}", self.at)
            if end < 0:
                raise _bad("a `}` is missing")
            name, self.at = self.text[self.at : end], end + 1
        else:
            name, self.at = self.text[self.at : self.at + 1], self.at + 1
        negated = (char == "P") is not name.startswith("^")
        name = name.removeprefix("^")
        if name not in _CATEGORIES:
            if not re.fullmatch("[A-Z][a-z]+(_[A-Z][a-z]+)*", name):
                raise _bad("a class of characters that there is not")
            raise NotKnown(_UNICODE_CLASS)
        ranges = self._folded(_category(name))
        return _negated(ranges) if negated else ranges

    def _escaped(self) -> int:
        """One character, behind its backslash."""
        char = self.text[self.at]
        self.at += 1
        octal = re.compile("[0-7]{1,2}").match(self.text, self.at) if "0" <= char <= "7" else None
        if char == "0" or octal is not None:
            self.at = octal.end() if octal is not None else self.at
            return int(char + (octal[0] if octal is not None else ""), 8)
        if char == "x":
            found = re.compile(r"\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2})").match(self.text, self.at)
            if found is None or int(found[1] or found[2], 16) > _LAST:
                raise _bad("a character that there is not")
            self.at = found.end()
            return int(found[1] or found[2], 16)
        if char in _ESCAPED:
            return _ESCAPED[char]
        if char.isascii() and not char.isalnum():
            return ord(char)
        raise _bad(f"`\\{char}` means nothing")

    def _class(self) -> Ranges:
        negated = self._next("^")
        found: list[tuple[int, int]] = []
        first = True
        while first or not self.text.startswith("]", self.at):
            if self.at >= len(self.text):
                raise _bad("a `]` is missing")
            first = False
            found += self._class_item()
        self.at += 1
        ranges = _merged(found)
        return _negated(ranges) if negated else ranges

    def _class_item(self) -> Ranges:
        if self._next("[:"):
            end = self.text.find(":]", self.at)
            if end >= 0:
                name = self.text[self.at : end]
                ranges = _NAMED.get(name.removeprefix("^"))
                if ranges is None:
                    raise _bad("a class of characters that there is not")
                self.at = end + 2
                ranges = self._folded(ranges)
                return _negated(ranges) if name.startswith("^") else ranges
            self.at -= 2
        if self.text.startswith("\\", self.at) and self.at + 1 < len(self.text):
            self.at += 1
            found = self._class_escape()
            if found is not None:
                return found
            self.at -= 1
        low = self._class_char()
        high = low
        if self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] not in {"", "]"}:
            self.at += 1
            high = self._class_char()
            if high < low:
                raise _bad("a range that ends before it begins")
        return self._folded(((low, high),))

    def _class_char(self) -> int:
        if self.at >= len(self.text):
            raise _bad("a `]` is missing")
        char = self.text[self.at]
        self.at += 1
        if char != "\\":
            return ord(char)
        if self.at >= len(self.text):
            raise _bad("it ends in a backslash")
        return self._escaped()


def _bounded(tree: Node, times: int = 1) -> None:
    """Raises Wrong where counted repetitions inside of one another are too many."""
    if isinstance(tree, Repeat):
        # What is repeated no times counts for itself only.
        times = 1 if tree.most == 0 else times * max(tree.most if tree.most is not None else tree.least, 1)
        if times > _MOST_REPEATS:
            raise _bad("too many repetitions")
        _bounded(tree.node, times)
    elif isinstance(tree, Group):
        _bounded(tree.node, times)
    elif isinstance(tree, Row | Either):
        for node in tree.nodes:
            _bounded(node, times)


# ------------------------------------------------------------------------------------------------------------- characters


def _merged(ranges: list[tuple[int, int]] | Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def _negated(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    at = 0
    for low, high in _merged(ranges):
        if low > at:
            found.append((at, low - 1))
        at = high + 1
    if at <= _LAST:
        found.append((at, _LAST))
    return tuple(found)


@lru_cache(maxsize=64)
def _category(name: str) -> Ranges:
    if name == "Any":
        return _ANY
    from unicodedata import category

    found: list[tuple[int, int]] = []
    for code in range(_LAST + 1):
        if category(chr(code)).startswith(name):
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return tuple(found)


@lru_cache(maxsize=1)
def _orbits() -> dict[int, tuple[int, ...]]:
    """The other characters that differ from one in nothing but their case."""
    together: dict[str, list[int]] = {}
    for code in range(0x1E944):
        char = chr(code)
        folded = char.casefold()
        if len(folded) == 1 and (folded != char or char.upper() != char):
            together.setdefault(folded, []).append(code)
    # Those whose fold is more than one character have a simple one too.
    for one, other in ((0xDF, 0x1E9E), *((low, low + 8) for low in _IOTA)):
        together[f"{one:x}"] = [one, other]
    return {
        code: tuple(other for other in codes if other != code)
        for codes in together.values()
        if len(codes) > 1
        for code in codes
    }


_IOTA = (*range(0x1F80, 0x1F88), *range(0x1F90, 0x1F98), *range(0x1FA0, 0x1FA8), 0x1FB3 + 1, 0x1FC3 + 1, 0x1FF3 + 1)


def _folds(ranges: Ranges) -> list[tuple[int, int]]:
    found = list(ranges)
    if all(high < 0x80 for _, high in ranges):
        for low, high in ranges:
            for code in range(low, high + 1):
                char = chr(code)
                if char.isalpha():
                    found.append((ord(char.swapcase()), ord(char.swapcase())))
                    if char in "kK":
                        found.append((0x212A, 0x212A))
                    if char in "sS":
                        found.append((0x17F, 0x17F))
        return found
    orbits = _orbits()
    for low, high in ranges:
        if high - low >= _LAST // 2:
            continue
        for code in range(low, min(high, 0x1E944) + 1):
            found += [(other, other) for other in orbits.get(code, ())]
    return found


# ------------------------------------------------------------------------------------------------------------ with Python's


def _nullable(node: Node) -> bool:
    if isinstance(node, Chars):
        return False
    if isinstance(node, Row):
        return all(map(_nullable, node.nodes))
    if isinstance(node, Either):
        return any(map(_nullable, node.nodes))
    if isinstance(node, Repeat):
        return node.least == 0 or _nullable(node.node)
    return not isinstance(node, Group) or _nullable(node.node)


def _freedom(tree: Node) -> int | None:
    """How many repetitions there are of which each may take more or less of a text; None where that is not to be bounded.

    So many times Python's `re` goes back and forth over a text. It takes for ever where one stands inside of another, or where
    what is repeated may be one of several; and where what is repeated may be nothing, it answers differently.
    """
    found = 0

    def walk(node: Node, *, inside: bool) -> bool:
        nonlocal found
        if isinstance(node, Repeat):
            many = node.most is None or node.most > 1
            if (inside and node.least != node.most) or (many and _nullable(node.node)):
                return False
            found += node.most is None or node.most - node.least > 1
            return walk(node.node, inside=inside or many)
        if isinstance(node, Group):
            return walk(node.node, inside=inside)
        if isinstance(node, Row):
            return all(walk(inner, inside=inside) for inner in node.nodes)
        if isinstance(node, Either):
            return not inside and all(walk(inner, inside=inside) for inner in node.nodes)
        return True

    return found if walk(tree, inside=False) else None


def _python(node: Node) -> str:
    if isinstance(node, Chars):
        return _python_class(node.ranges)
    if isinstance(node, Place):
        return _PYTHON_PLACES[node.what]
    if isinstance(node, Row):
        return "".join(map(_python_part, node.nodes))
    if isinstance(node, Either):
        return "|".join(map(_python, node.nodes))
    if isinstance(node, Group):
        return f"({_python(node.node)})"
    count = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((node.least, node.most))
    if count is None:
        count = f"{{{node.least},{'' if node.most is None else node.most}}}"
    return f"(?:{_python(node.node)}){count}" + ("" if node.greedy else "?")


def _python_part(node: Node) -> str:
    return f"(?:{_python(node)})" if isinstance(node, Either) else _python(node)


_PYTHON_PLACES = {
    "bot": r"\A",
    "eot": r"\Z",
    "bol": "(?m:^)",
    "eol": "(?m:$)",
    "word": r"(?a:\b)",
    "inside": r"(?a:(?!\b))",  # `\B` itself is not found in an empty text
}


def _python_class(ranges: Ranges) -> str:
    if not ranges:
        return "(?!)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return re.escape(chr(ranges[0][0]))
    return "[" + "".join(f"\\U{low:08x}-\\U{high:08x}" if high > low else f"\\U{low:08x}" for low, high in ranges) + "]"


# ------------------------------------------------------------------------------------------------------------- the machine


class _Step(Struct):
    """One step of a program: `char`, `split`, `place`, `save`, `match`; `to` and `other` are where it goes on."""

    op: str
    to: int = -1
    other: int = -1
    ranges: Ranges = ()
    what: str = ""
    slot: int = 0


class _Compiler:
    """Makes a program of a tree, from its end to its start: each step knows the one that it goes on to."""

    def __init__(self, tree: Node) -> None:
        self.program: list[_Step] = [_Step("match")]
        self._add(_Step("save", self._build(tree, self._add(_Step("save", 0, slot=1))), slot=0))

    def _add(self, step: _Step) -> int:
        self.program.append(step)
        if len(self.program) > 20_000:
            raise NotKnown(_TOO_LONG)
        return len(self.program) - 1

    def _choice(self, first: int, second: int, *, greedy: bool) -> int:
        return self._add(_Step("split", *((first, second) if greedy else (second, first))))

    def _build(self, node: Node, to: int) -> int:
        """Adds the steps of a node; the number of the first."""
        if isinstance(node, Chars):
            return self._add(_Step("char", to, ranges=node.ranges))
        if isinstance(node, Place):
            return self._add(_Step("place", to, what=node.what))
        if isinstance(node, Row):
            for inner in reversed(node.nodes):
                to = self._build(inner, to)
            return to
        if isinstance(node, Either):
            found = self._build(node.nodes[-1], to)
            for inner in reversed(node.nodes[:-1]):
                found = self._choice(self._build(inner, to), found, greedy=True)
            return found
        if isinstance(node, Group):
            end = self._add(_Step("save", to, slot=2 * node.number + 1))
            return self._add(_Step("save", self._build(node.node, end), slot=2 * node.number))
        found = self._endless(node, to) if node.most is None else self._counted(node, node.most, to)
        for _ in range(node.least - 1 if node.most is None else node.least):
            found = self._build(node.node, found)
        return found

    def _endless(self, node: Repeat, to: int) -> int:
        decide = self._add(_Step("split"))
        body = self._build(node.node, decide)
        step = self.program[decide]
        step.to, step.other = (body, to) if node.greedy else (to, body)
        if node.least:
            return body
        # A body that may be empty is entered before it is left, so that its groups are those of one round.
        return self._choice(body, to, greedy=node.greedy) if _nullable(node.node) else decide

    def _counted(self, node: Repeat, most: int, to: int) -> int:
        found = to
        for _ in range(most - node.least):
            found = self._choice(self._build(node.node, found), to, greedy=node.greedy)
        return found


def _simulate(program: list[_Step], slots: int, text: str, start: int) -> tuple[Match | None, int]:
    """The match, and how far the text was looked at for it."""
    found: Match | None = None
    empty: Match = (None,) * slots
    threads: list[tuple[int, Match]] = []
    entry = len(program) - 1
    at = start
    for at in range(start, len(text) + 1):
        seen: set[int] = set()
        ready: list[tuple[int, Match]] = []
        for number, saved in threads:
            _follow(program, number, saved, text, at, seen, ready)
        if found is None:
            _follow(program, entry, empty, text, at, seen, ready)
        if not ready and found is not None:
            break
        code = ord(text[at]) if at < len(text) else -1
        threads = []
        for number, saved in ready:
            step = program[number]
            if step.op == "match":
                found = saved
                break  # what comes later in the order counts less
            if any(low <= code <= high for low, high in step.ranges):
                threads.append((step.to, saved))
        if not threads and found is not None:
            break
    return found, at


def _follow(
    program: list[_Step],
    first: int,
    saved: Match,
    text: str,
    at: int,
    seen: set[int],
    ready: list[tuple[int, Match]],
) -> None:
    todo = [(first, saved)]
    while todo:
        number, saved = todo.pop()
        if number in seen:
            continue
        seen.add(number)
        step = program[number]
        if step.op == "split":
            todo += [(step.other, saved), (step.to, saved)]
        elif step.op == "save":
            todo.append((step.to, (*saved[: step.slot], at, *saved[step.slot + 1 :])))
        elif step.op == "place":
            if _holds(step.what, text, at):
                todo.append((step.to, saved))
        else:
            ready.append((number, saved))


def _holds(what: str, text: str, at: int) -> bool:
    if what == "bot":
        return at == 0
    if what == "eot":
        return at == len(text)
    if what == "bol":
        return at == 0 or text[at - 1] == "\n"
    if what == "eol":
        return at == len(text) or text[at] == "\n"
    edge = _word(text, at - 1) != _word(text, at)
    return edge if what == "word" else not edge


def _word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at] == "_" or (text[at].isascii() and text[at].isalnum()))
