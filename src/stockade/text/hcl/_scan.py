"""The tokens of HCL, and how to find the end of something that can't be read.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md, as of 2026-11-28.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from stockade.patterns import regex

_IDENT = r"[^\W\d][\w-]*+"
SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""The white space that strip markers and `<<-` remove."""

_TEXT = r'"[^"\\$%\r\n]*+"'
_COMMENT = r"\#[^\n]*+|//[^\n]*+|/\*(?s:.*?)\*/"
_BLANK = r"(?:[ \t\n]++|\r\n)*+"
_TOKEN = rf"""(?:
    (?P<name>{_IDENT})
  | "(?P<text>[^"\\$%\r\n]*+)"
  | (?P<newline>\r?\n)
  | (?P<comment>{_COMMENT})
  | (?P<heredoc><<-?{_IDENT}\r?\n)
  | (?P<mark>\.\.\.|::|=>|==|!=|>=|<=|&&|\|\||~\}}|[{{}}\[\]().,=<>!?:*/%+-])
  | (?P<number>[0-9](?:\.*(?:[0-9]|[eE][+-]?[0-9]))*)
  | (?P<quote>")
  | (?P<other>(?s:.))
  | (?P<end>\Z)
)"""
BY_LINE = regex(rf"[ \t]*+{_TOKEN}", re.VERBOSE)
"""A token, where the end of a line is one."""
FREE = regex(rf"{_BLANK}{_TOKEN}", re.VERBOSE)
"""A token, where the end of a line is white space: inside of parentheses, brackets and `${…}`."""
KINDS = ("", *BY_LINE.groupindex)
"""The names of the tokens by the number of their group."""
TEXT, COMMENT, MARK = (BY_LINE.groupindex[name] for name in ("text", "comment", "mark"))

ITEM = regex(
    rf"""(?:[ \t]*+\r?\n)*+[ \t]*+(?:
        (?P<name>{_IDENT})[ \t]*+=(?![=>])[ \t]*+
      | (?P<type>{_IDENT})(?P<labels>(?:[ \t]*+{_TEXT}|[ \t]++{_IDENT})*+)[ \t]*+\{{[ \t]*+(?=\r?\n|\}})
      | (?P<close>\}})
    )""",
    re.VERBOSE,
)
"""How most lines of a body begin: the name of an argument up to its value, a block's header, or the end."""
KEY = regex(
    rf"""(?:[ \t]*+\r?\n)*+[ \t]*+(?:
        (?:(?P<name>{_IDENT})|"(?P<text>[^"\\$%\r\n]*+)")[ \t]*+[=:](?![=>:])[ \t]*+
      | (?P<close>\}})
    )""",
    re.VERBOSE,
)
"""How most entries of an object begin: the key up to the value, or the end."""
_SIMPLE = rf"""(?:
    "(?P<text>[^"\\$%\r\n]*+)"
  | (?P<path>{_IDENT}(?:\.{_IDENT})++)
  | (?P<name>{_IDENT})
  | (?P<integer>(?:0|[1-9][0-9]{{0,17}}+)(?![0-9]))
)"""
LINE_VALUE = regex(rf"{_SIMPLE}[ \t]*+(?=\r?\n)", re.VERBOSE)
"""A simple value that ends its line."""
ENTRY_VALUE = regex(rf"{_SIMPLE}[ \t]*+(?:,|\r?\n|(?=\}}))", re.VERBOSE)
"""A simple value of an object, with what ends the entry."""
ELEMENT = regex(rf'{_BLANK}"([^"\\$%\r\n]*+)"{_BLANK}(?:,|(?=\]))')
"""A simple text in a list, with what ends it."""
PATH = regex(rf"(?:\.{_IDENT})++")
LABEL = regex(rf'"([^"]*+)"|({_IDENT})')
LINE_ENDS = regex(r"[ \t]*+(?=\r?\n|\Z)")
FOR_AHEAD = regex(rf"(?:\s++|{_COMMENT})*+for(?![\w-])")
BLANK_LINES = regex(r"(?:[ \t]*+\r?\n)*+")
BLANK = regex(rf"(?:\s++|{_COMMENT})*+")

QUOTED = regex(r'"((?:[^"\\$%\r\n]++|\\[^\r\n]|[$%](?![{$%])|[$%](?=[$%])(?![$%]\{))*+)"')
"""A text in quotes without anything to fill in and without `$${`."""
QUOTED_LITERAL = regex(r'(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))*+')
LINE_LITERAL = regex(r"(?:[^$%\n]++|\$\$\{|%%\{|[$%](?!\{))*+\n?")

_MARKER_LINE = regex(rf"^[^\S\n]*+({_IDENT})[^\S\n]*+$", re.MULTILINE)


class Fault(Exception):
    """Something that is not HCL; caught where reading can go on, and told as a problem."""

    def __init__(self, message: str, remedy: str, start: int, end: int, kind: str = "syntax") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.start = start
        self.end = end
        self.kind = kind


class StrayBrace(Fault):
    """A closing brace at the top of a file."""


class Markers:
    """The lines of a text that hold one name alone, so that a heredoc's end is found without going through the rest."""

    __slots__ = ("_lines", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[str, list[int]] | None = None

    def after(self, marker: str, offset: int, end: int) -> int:
        """Where the first line that holds only `marker` begins, from `offset` on and before `end`; -1 if there is none."""
        lines = self._lines
        if lines is None:
            lines = self._lines = {}
            for match in _MARKER_LINE.finditer(self._text):
                lines.setdefault(match[1], []).append(match.start())
        starts = lines.get(marker, [])
        place = bisect_left(starts, offset)
        return starts[place] if place < len(starts) and starts[place] < end else -1


# ------------------------------------------------------------------------------------------------------ what is broken

_LOOSE = regex(
    rf"""
    (?P<plain>[^"{{}}\[\]()\#/<=!>\r\n]++)
  | (?P<open>[{{\[(])
  | (?P<close>[}}\])])
  | (?P<newline>\r?\n)
  | (?P<quote>")
  | (?P<comment>\#[^\n]*+|//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z))
  | <<-?(?P<heredoc>{_IDENT})\r?\n
  | (?P<marker><<)
  | (?P<operator>[=!<>]=|=>)
  | (?P<assign>=)
  | (?P<other>(?s:.))
    """,
    re.VERBOSE,
)
_HEADER = regex(rf'({_IDENT})(?:[ \t]*+"[^"\r\n]*+"|[ \t]++{_IDENT})*+[ \t]*+\{{')
_ARGUMENT = regex(rf"{_IDENT}[ \t]*+=(?![=>])")
_GOES_ON = regex(rf'(?:\s++|{_COMMENT})*+(?:{_IDENT}[ \t]*+["={{\w]|\}}|\Z)')
_BRACE_BELOW = regex(r"\s*+\{")
_PAIRS = {"}": ("{", "$"), "]": ("[",), ")": ("(",)}

TOP = frozenset(
    {
        "resource",
        "data",
        "module",
        "variable",
        "output",
        "locals",
        "provider",
        "terraform",
        "moved",
        "import",
        "removed",
        "check",
        "ephemeral",
        "action",
        "include",
        "dependency",
        "dependencies",
        "remote_state",
        "generate",
        "feature",
        "catalog",
        "errors",
        "unit",
        "stack",
    }
)
"""The types of blocks that a file of Terraform, OpenTofu or Terragrunt consists of."""


class Loose:
    """Goes through text that could not be read, knowing only texts, heredocs, comments and brackets.

    Args:
        text: the text.
        end: where it ends.
        markers: where its heredocs may end.
        types: of blocks that begin at the first column only at the top of the file.
        comments: where to note the comments that are passed.
    """

    __slots__ = ("comments", "end", "markers", "text", "types")

    def __init__(self, text: str, end: int, markers: Markers, types: set[str], comments: dict[int, int]) -> None:
        self.text = text
        self.end = end
        self.markers = markers
        self.types = types
        self.comments = comments

    def value_end(self, start: int, *, at_top: bool) -> int:
        """Where the value of an argument ends, if that is sure (all brackets match, a body goes on behind it); else -1."""
        end = self._scan(start, is_value=True, stops=self._is_item if at_top else self._is_header)
        return end if end >= 0 and _GOES_ON.match(self.text, end, self.end) else -1

    def item_end(self, start: int) -> int:
        """Where a block or an argument at the top of a file is meant to end."""
        is_argument = _ARGUMENT.match(self.text, start, self.end) is not None
        return self._scan(start, is_value=False, stops=self._is_item if is_argument else self._is_header)

    def _is_header(self, offset: int) -> bool:
        match = _HEADER.match(self.text, offset, self.end)
        return match is not None and match[1] in self.types

    def _is_item(self, offset: int) -> bool:
        return self._is_header(offset) or _ARGUMENT.match(self.text, offset, self.end) is not None

    def _scan(self, start: int, *, is_value: bool, stops: Callable[[int], bool]) -> int:
        stack: list[str] = []  # open brackets, `"` for a text, `$` for what is filled in
        braced = False
        position = start
        while position < self.end:
            if stack and stack[-1] == '"':
                position = self._inside_quotes(position, stack)
                continue
            match = _LOOSE.match(self.text, position, self.end)
            if match is None:  # the last alternative takes anything, so this is the end
                break
            kind = match.lastgroup
            begin, position = position, match.end()
            if kind == "newline":
                if '"' in stack:  # a text can't go on in the next line
                    del stack[stack.index('"') :]
                if not stack and (is_value or not _BRACE_BELOW.match(self.text, position, self.end)):
                    return begin
                if position < self.end and stops(position):
                    return -1 if is_value else position
            elif kind == "close" and not stack and is_value:
                return begin if match.group() == "}" else -1
            elif not self._take(match, stack, is_value=is_value):
                return -1
            elif kind == "heredoc":
                position = self._heredoc_end(match["heredoc"], position)
            elif kind == "open":
                braced = braced or match.group() == "{"
            elif kind == "close" and braced and not stack and match.group() == "}":
                return position
        return -1 if is_value and any(opened != '"' for opened in stack) else self.end

    def _take(self, match: re.Match[str], stack: list[str], *, is_value: bool) -> bool:
        """Note what a token opens or closes; False if the end of a value can't be told any more."""
        kind, mark = match.lastgroup, match.group()
        if kind in ("open", "quote"):
            stack.append(mark)
        elif kind == "comment":
            self.comments.setdefault(match.start(), match.end())
        elif kind == "heredoc":
            return not is_value or self.markers.after(match["heredoc"], match.end(), self.end) >= 0
        elif kind == "marker":  # of a heredoc that is none; what follows may be its text
            return not is_value
        elif kind == "assign":
            return not is_value or bool(stack)
        elif kind == "close":
            wanted = _PAIRS[mark]
            if stack and stack[-1] in wanted:
                stack.pop()
            elif is_value:
                return False
            else:  # close it with those inside of it that are not closed
                place = next((i for i in range(len(stack) - 1, -1, -1) if stack[i] in wanted), len(stack))
                del stack[place:]
        return True

    def _heredoc_end(self, marker: str, position: int) -> int:
        closing = self.markers.after(marker, position, self.end)
        return position if closing < 0 else self.text.index(marker, closing) + len(marker)

    def _inside_quotes(self, position: int, stack: list[str]) -> int:
        match = QUOTED_LITERAL.match(self.text, position, self.end)
        position = position if match is None else match.end()
        mark = self.text[position : min(position + 1, self.end)]
        if mark == '"':
            stack.pop()
            return position + 1
        if mark in ("$", "%"):
            stack.append("$")
            return position + 2
        if mark == "\\":  # before the end of a line
            return position + 1
        del stack[stack.index('"') :]  # the line ends inside of it
        return position
