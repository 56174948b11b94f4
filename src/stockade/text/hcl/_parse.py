"""The parser of HCL: one pass over the text, with one token looked ahead.

What is not HCL is raised as a `Fault` and caught where reading can go on: behind the argument, if its end is sure, and
otherwise behind the block at the top of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import NoReturn

from stockade.patterns import regex
from stockade.text.document import Document, Problem, Span, printable
from stockade.text.hcl import _scan
from stockade.text.hcl._pieces import (
    DIRECTIVES,
    Control,
    Literal,
    Piece,
    composed,
    dedent,
    grow,
    unescape,
    unescape_lines,
)
from stockade.text.hcl._scan import BY_LINE, COMMENT, FREE, KINDS, MARK, TEXT, Fault, StrayBrace
from stockade.text.hcl.nodes import (
    Attr,
    Attribute,
    Binary,
    Block,
    Body,
    Broken,
    Call,
    Chunk,
    Conditional,
    Constant,
    Expr,
    Fill,
    For,
    Index,
    Item,
    Name,
    Object,
    ObjectEntry,
    Paren,
    Splat,
    Template,
    Tuple,
    Unary,
)

MAX_DEPTH = 100
"""How deep blocks, brackets, operators and paths may be nested, all in all; so every walker may recurse."""
MAX_PROBLEMS = 50
"""How many problems of one file are told apart; those after are counted."""
MAX_BROKEN = 1000
"""How many broken blocks of one file are passed over before the rest is given up."""
MAX_DIGITS = 1000
"""How many digits a number may have, written out."""

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_OPERATORS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))  # the weakest first
_STRENGTH = {operator: strength for strength, level in enumerate(_OPERATORS, 1) for operator in level}
_MISTAKES = {
    "'": ("a text stands in single quotes", "use double quotes"),
    "`": ("a text stands in backticks", "use double quotes, or a heredoc for more than one line"),
    "“": ("a text stands in curly quotes", "use straight double quotes"),
    "”": ("a text stands in curly quotes", "use straight double quotes"),
    ";": ("a semicolon ends nothing here", "put each argument on a line of its own"),
    "&": ("& is no operator", "write && for a logical and"),
    "|": ("| is no operator", "write || for a logical or"),
}
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_NUMBER = regex(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_ITEM, _KEY = _scan.ITEM.match, _scan.KEY.match
_LINE_VALUE, _ENTRY_VALUE, _ELEMENT = _scan.LINE_VALUE.match, _scan.ENTRY_VALUE.match, _scan.ELEMENT.match
_ITEM_NAME, _ITEM_TYPE, _ITEM_LABELS = (_scan.ITEM.groupindex[name] for name in ("name", "type", "labels"))
_KEY_NAME, _KEY_CLOSE = _scan.KEY.groupindex["name"], _scan.KEY.groupindex["close"]
_VALUE_TEXT, _VALUE_PATH, _VALUE_NAME = (_scan.LINE_VALUE.groupindex[name] for name in ("text", "path", "name"))


class Parser:
    """Reads a text, or a stretch of it, into nodes of a document.

    Args:
        document: what the spans are of.
        text: what is read: the document's text, or one of its strings in JSON, unescaped.
        start: where to begin.
        end: where to end.
        places: for a text that is not the document's, the offset in the document of each character, and of the end.
    """

    def __init__(self, document: Document, text: str, start: int, end: int, places: list[int] | None = None) -> None:
        self.document = document
        self.text = text
        self.end = end
        self.places = places
        self.span: Callable[[int, int], Span] = partial(Span, document)
        if places is not None:
            self.span = lambda first, last: Span(document, places[first], places[last])
        self.comments: dict[int, int] = {}
        self.problems: list[Problem] = []
        self.markers = _scan.Markers(text)
        self.types = set(_scan.TOP)
        self.broken = 0  # how many items at the top were
        self.unclosed = False  # whether a block at the top may not have been closed, so that others may not be
        self.item = start  # where the item at the top begins that is being read
        self.depth = 0
        self.pos = start  # behind the token looked ahead
        self.start = start  # where that token begins
        self.tok = ""  # its kind, or the mark itself
        self.value = ""  # the text of a name, a number or a text
        self._match = BY_LINE.match
        self._unsaid: list[Span | None] = []

    # -- files and bodies ---------------------------------------------------------------------------------------------

    def file(self) -> Body:
        """All of a file."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        start = pos = self.pos
        while pos < self.end:
            try:
                pos = self._items(pos, attributes, blocks, -1)
            except Fault as fault:
                pos = self._recover(fault, attributes, blocks)
            except RecursionError:
                place = self._skip_blank(self.item)
                deep = Fault("is nested too deeply", "write it with fewer levels", place, place, "limit")
                pos = self._recover(deep, attributes, blocks)
            self.depth = 0
        return Body(self.span(start, self.end), attributes, tuple(blocks))

    def expression(self) -> Expr:
        """All of the text as one expression, in which the ends of lines mean nothing."""
        start = self.pos
        try:
            self._match = FREE.match
            self._next()
            expr = self._expr()
            if self.tok != "end":
                self._unexpected("the expression ends before this", "remove this, or write an operator before it")
        except Fault as fault:
            self.say(fault, (start, self.end))
            return Broken(self.span(start, self.end))
        return expr

    def template(self, whole: Span | None = None) -> Expr:
        """All of the text as one template, without quotes; `whole` is the span it is given."""
        start = self.pos
        try:
            pieces, _ = self._lines(start, "", by_line=False)
            return self._template(whole or self.span(start, self.end), pieces, (start, self.end))
        except Fault as fault:
            self.say(fault, (start, self.end))
            return Broken(whole or self.span(start, self.end))

    def say(self, fault: Fault, skipped: tuple[int, int] | None = None) -> None:
        """Keep a fault as a problem."""
        left_out = None if skipped is None else self.span(*skipped)
        if len(self.problems) >= MAX_PROBLEMS:
            self._unsaid.append(left_out)
            return
        span = self.span(min(fault.start, self.end), min(fault.end, self.end))
        self.problems.append(Problem(fault.message, fault.remedy, span, self.document.path, fault.kind, left_out))

    def all_problems(self) -> tuple[Problem, ...]:
        """The problems in the order of the text, with one that stands for those that are too many."""
        if self._unsaid:
            spans = [span for span in self._unsaid if span is not None]
            skipped = Span(self.document, spans[0].start, max(span.end for span in spans)) if spans else None
            message = f"{len(self._unsaid)} more problems are not shown"
            place = self.span(self.end, self.end)
            remedy = "correct those that are shown first"
            self.problems.append(Problem(message, remedy, place, self.document.path, "syntax", skipped))
            self._unsaid.clear()
        self.problems.sort(key=lambda problem: -1 if problem.span is None else problem.span.start)
        return tuple(self.problems)

    def _items(self, pos: int, attributes: dict[str, Attribute], blocks: list[Block], opener: int) -> int:
        """The items of a body up to its end, and where that is; the opener of a whole file is -1."""
        text, end, span = self.text, self.end, self.span
        while True:
            if opener < 0:
                self.item = pos
            match = _ITEM(text, pos, end)
            if match is None:
                pos = self._unusual(pos, attributes, blocks, opener)
                if pos < 0:
                    return self.pos
                continue
            kind = match.lastindex
            if kind == _ITEM_NAME:
                start, stop = match.span(_ITEM_NAME)
                name = match[_ITEM_NAME]
                value = _LINE_VALUE(text, match.end(), end)
                if value is not None:
                    expr, pos = self._simple(value), value.end()
                else:
                    expr, pos = self._value(match.end())
                attribute = Attribute(span(start, expr.span.end), name, span(start, stop), expr)
                if attributes.setdefault(name, attribute) is not attribute:
                    self._twice(name, start, stop)
            elif kind == _ITEM_LABELS:
                pos = self._block(match, blocks, opener)
            elif opener < 0:
                raise StrayBrace("} belongs to nothing", "remove it", match.end() - 1, match.end())
            else:
                return match.end()

    def _block(self, match: re.Match[str], blocks: list[Block], opener: int) -> int:
        """A block whose header is on one line of its own; the answer is where to read on."""
        start, stop = match.span(_ITEM_TYPE)
        type_, raw = match[_ITEM_TYPE], match[_ITEM_LABELS]
        labels: tuple[str, ...] = ()
        if raw:
            labels = tuple(composed(quoted or bare) for quoted, bare in _scan.LABEL.findall(raw))
            stop = match.end(_ITEM_LABELS)
        return self._body(start, type_, labels, stop, self.text.index("{", stop), blocks, opener)

    def _body(
        self, start: int, type_: str, labels: tuple[str, ...], stop: int, brace: int, blocks: list[Block], opener: int
    ) -> int:
        """The body of a block behind its brace, on lines of its own."""
        if start == 0 or self.text[start - 1] == "\n":
            if opener < 0:
                self.types.add(type_)
            elif self.unclosed and type_ in self.types:
                self._never_closed(opener)
        self._enter(start)
        attributes: dict[str, Attribute] = {}
        nested: list[Block] = []
        close = self._items(brace + 1, attributes, nested, brace)
        self.depth -= 1
        body = Body(self.span(brace + 1, close - 1), attributes, tuple(nested))
        blocks.append(Block(self.span(start, close), type_, labels, self.span(start, stop), body))
        return self._after_block(close)

    def _after_block(self, close: int) -> int:
        match = _scan.LINE_ENDS.match(self.text, close, self.end)
        if match is not None:
            return match.end()
        self.pos = close
        self._match = BY_LINE.match
        self._next()
        if self.tok not in ("newline", "end"):
            remedy = "begin a new line behind the block's closing brace"
            self.say(Fault("a block ends before this, on the same line", remedy, self.start, self.pos))
        return self.start

    def _unusual(self, pos: int, attributes: dict[str, Attribute], blocks: list[Block], opener: int) -> int:
        """An item that does not begin as most do, a comment, or the end of a body, for which the answer is -1."""
        self.pos = self._skip_lines(pos)
        self._match = BY_LINE.match
        self._next()
        tok, start = self.tok, self.start
        if tok == "newline":
            return self.pos
        if tok == "end":
            if opener >= 0:
                self._never_closed(opener)
            return -1
        if tok == "}" and opener >= 0:  # behind a comment
            return -1
        if tok == "}":
            raise StrayBrace("} belongs to nothing", "remove it", start, self.pos)
        if tok != "name":
            self._unexpected("neither an argument nor a block begins here", "write `name = value`, or a block")
        if _ITEM(self.text, start, self.end) is not None:  # behind a comment
            return start
        return self._long_item(attributes, blocks, opener)

    def _long_item(self, attributes: dict[str, Attribute], blocks: list[Block], opener: int) -> int:
        """An argument or a block with comments in it, with labels that have escapes, or on one line."""
        start, stop, name = self.start, self.pos, self.value
        self._next()
        if self.tok == "=":
            return self._argument(start, stop, name, self.pos, attributes)
        labels: list[str] = []
        header = stop
        while self.tok != "{":
            if self.tok in ("name", "text"):
                labels.append(composed(self.value))
                header = self.pos
                self._next()
            elif self.tok == "quote":
                label = self._quoted()
                if not isinstance(label, Constant) or not isinstance(label.value, str):
                    raise Fault(
                        "a label holds something to fill in", "write the label out", label.span.start, label.span.end
                    )
                labels.append(label.value)
                header = label.span.end
            elif labels or self.tok == "newline":
                remedy = "write { on the line of the block's header"
                if not labels:
                    remedy = f"write `{name} = value` for an argument, or `{name} {{` for a block"
                self._unexpected(f"{name} is followed by neither = nor {{", remedy)
            else:
                self._unexpected(f"{name} is followed by neither = nor {{", f"write `{name} = value`, or a block")
        brace = self.start
        self._next()
        if self.tok in ("newline", "end", "}"):
            return self._body(start, name, tuple(labels), header, brace, blocks, opener)
        return self._one_line(start, name, tuple(labels), header, brace, blocks)

    def _argument(self, start: int, stop: int, name: str, pos: int, attributes: dict[str, Attribute]) -> int:
        expr, pos = self._value(pos)
        attribute = Attribute(self.span(start, expr.span.end), name, self.span(start, stop), expr)
        if attributes.setdefault(name, attribute) is not attribute:
            self._twice(name, start, stop)
        return pos

    def _one_line(
        self, start: int, type_: str, labels: tuple[str, ...], header: int, brace: int, blocks: list[Block]
    ) -> int:
        """A block that is one line: `type { name = value }`; its first token is looked ahead."""
        begin, stop, name = self.start, self.pos, self.value
        if self.tok != "name":
            self._unexpected("neither an argument nor the end of the block stands here", "write `name = value`")
        self._next()
        if self.tok != "=":
            remedy = "begin a new line behind the opening brace"
            self._unexpected("a block on one line holds something else than an argument", remedy)
        self._enter(start)
        expr, pos = self._value(self.pos, in_line=True)
        self.depth -= 1
        self.pos = pos
        self._next()
        if self.tok != "}":
            remedy = "write each argument on a line of its own"
            self._unexpected("a block on one line goes on behind its only argument", remedy)
        close = self.pos
        attribute = Attribute(self.span(begin, expr.span.end), name, self.span(begin, stop), expr)
        body = Body(self.span(brace + 1, close - 1), {name: attribute}, ())
        blocks.append(Block(self.span(start, close), type_, labels, self.span(start, header), body))
        return self._after_block(close)

    def _value(self, start: int, *, in_line: bool = False) -> tuple[Expr, int]:
        """The value of an argument, and where its line goes on. A value whose end is sure may be broken."""
        depth = self.depth
        try:
            self.pos = start
            self._match = BY_LINE.match
            self._next()
            expr = self._expr()
            if self.tok not in ("newline", "end") and not (in_line and self.tok in ("}", ",")):
                self._unexpected("an argument ends before this, on the same line", "begin a new line behind its value")
        except Fault as fault:
            self._forget_comments(start)
            end = self._loose().value_end(start, at_top=depth == 0)
            if end < fault.start:
                raise
            self.depth = depth
            self._match = BY_LINE.match
            self.say(fault, (start, end))
            return Broken(self.span(start, end)), end
        return expr, self.start

    def _simple(self, match: re.Match[str]) -> Expr:
        """The expression that one of the expressions for simple values has found."""
        kind = match.lastindex
        if kind == _VALUE_TEXT:
            start, end = match.span(_VALUE_TEXT)
            return self._text(match[_VALUE_TEXT], start, end)
        start, end = match.span(kind or 0)
        word = match[kind or 0]
        if kind == _VALUE_PATH:
            return self._path(start, word)
        if kind != _VALUE_NAME:
            return Constant(self.span(start, end), int(word))
        return Constant(self.span(start, end), _WORDS[word]) if word in _WORDS else Name(self.span(start, end), word)

    def _twice(self, name: str, start: int, stop: int) -> None:
        remedy = "remove one of the two; until then the first one counts"
        self.say(Fault(f"{name} is there twice", remedy, start, stop, "duplicate-key"))

    # -- what is broken -----------------------------------------------------------------------------------------------

    def _recover(self, fault: Fault, attributes: dict[str, Attribute], blocks: list[Block]) -> int:
        """Leave out the block or argument at the top that is broken, and give its end."""
        start = self._skip_blank(self.item)
        if isinstance(fault, StrayBrace):
            # Something before it was closed too early, so what was read there is not all of what was written.
            start, end = fault.start, fault.end
            while blocks:
                last = blocks.pop()
                start = last.span.start
                if last.type in self.types and (start == 0 or self.text[start - 1] == "\n"):
                    break
            for name in [name for name, attribute in attributes.items() if attribute.span.start > start]:
                del attributes[name]
        else:
            self._forget_comments(start)
            end = max(self._loose().item_end(start), min(start + 1, self.end))
            self.unclosed = True
        self.broken += 1
        if self.broken > MAX_BROKEN:
            message = f"more than {MAX_BROKEN} blocks are broken, so the rest is not read"
            fault = Fault(message, "correct what is said before this first", start, start, "limit")
            end = self.end
        self.say(fault, (start, end))
        return end

    def _never_closed(self, opener: int) -> NoReturn:
        mark = self.text[opener]
        raise Fault(f"{mark} opens here and is never closed", f"close it with {_CLOSERS[mark]}", opener, opener + 1)

    def _unexpected(self, message: str, remedy: str, opener: int = -1) -> NoReturn:
        """What is looked ahead can't stand there; `opener` is the bracket that it stands in."""
        start, tok = self.start, self.tok
        if tok == "end" and opener >= 0:
            self._never_closed(opener)
        comment = start - (tok == "*")
        if tok in ("/", "*") and self.text.startswith("/*", comment):
            raise Fault("a comment opens here and is never closed", "close it with */", comment, comment + 2)
        if tok == "other" and self.value in _MISTAKES:
            message, remedy = _MISTAKES[self.value]
        elif tok == "<" and self.text.startswith("<<", start):
            message, remedy = "a heredoc begins here without a marker", "write <<EOT and nothing else on its line"
        end = start if tok in ("newline", "end") else self.pos
        raise Fault(message, remedy, start, end)

    def _loose(self) -> _scan.Loose:
        return _scan.Loose(self.text, self.end, self.markers, self.types, self.comments)

    def _skip_blank(self, pos: int) -> int:
        match = _scan.BLANK.match(self.text, pos, self.end)
        return pos if match is None else match.end()

    def _skip_lines(self, pos: int) -> int:
        match = _scan.BLANK_LINES.match(self.text, pos, self.end)
        return pos if match is None else match.end()

    def _forget_comments(self, start: int) -> None:
        """Forget the comments from `start` on: what was taken for one may be none."""
        comments = self.comments
        while comments:
            last = comments.popitem()
            if last[0] < start:
                comments[last[0]] = last[1]
                return

    def _enter(self, start: int) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = f"is nested more than {MAX_DEPTH} levels deep"
            raise Fault(message, "write it with fewer levels", start, start + 1, "limit")

    # -- expressions --------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        """Look at the next token."""
        match = self._match(self.text, self.pos, self.end)
        while match is not None and match.lastindex == COMMENT:
            stop = match.end()
            self.comments[match.start(COMMENT)] = stop
            match = self._match(self.text, stop, self.end)
        if match is None:  # never: the end is a token, too
            self.tok, self.start = "end", self.pos
            return
        kind = match.lastindex or 0
        self.pos = pos = match.end()
        if kind == MARK:
            self.tok = mark = match[MARK]
            self.start = pos - len(mark)
        else:
            self.tok = KINDS[kind]
            self.value = match[kind]
            self.start = match.start(kind) - (kind == TEXT)

    def _expr(self) -> Expr:
        start = self.start
        left = self._operand()
        if self.tok in _STRENGTH:
            left = self._binary(left, 1)
        if self.tok != "?":
            return left
        self._enter(start)
        self._next()
        then = self._expr()
        if self.tok != ":":
            self._unexpected("the value for when the condition is false is missing", "write a colon and that value")
        self._next()
        otherwise = self._expr()
        self.depth -= 1
        return Conditional(Span(self.document, left.span.start, otherwise.span.end), left, then, otherwise)

    def _binary(self, left: Expr, least: int) -> Expr:
        """What follows on `left`, as far as its operators bind as strong as `least` or stronger."""
        depth = self.depth
        strength = _STRENGTH.get(self.tok, 0)
        while strength >= least:
            op = self.tok
            self._enter(self.start)
            self._next()
            right = self._operand()
            following = _STRENGTH.get(self.tok, 0)
            if following > strength:
                right = self._binary(right, strength + 1)
                following = _STRENGTH.get(self.tok, 0)
            left = Binary(Span(self.document, left.span.start, right.span.end), op, left, right)
            strength = following
        self.depth = depth
        return left

    def _operand(self) -> Expr:
        tok = self.tok
        if tok == "name":
            expr = self._name()
        elif tok == "text":
            start, end = self.start, self.pos
            expr = self._text(self.value, start + 1, end - 1)
            self._next()
        else:
            term = _TERMS.get(tok)
            if term is None:
                self._no_value()
            expr = term(self)
        return self._traversal(expr) if self.tok in (".", "[") else expr

    def _no_value(self) -> NoReturn:
        if self.tok == "newline":
            self._unexpected("a value is missing at the end of the line", "write a value")
        if self.tok == "end":
            self._unexpected("a value is missing at the end", "write a value")
        what = printable(self.text[self.start : self.pos], 20)
        self._unexpected(f"{what} stands where a value has to begin", "write a value before it, or remove it")

    def _text(self, value: str, start: int, end: int) -> Constant:
        """A text in quotes without anything unusual, given what stands between them."""
        kept = composed(value)
        exact = kept == value and self._is_exact(start, end)
        return Constant(self.span(start - 1, end + 1), kept, self.span(start, end), exact)

    def _is_exact(self, start: int, end: int) -> bool:
        """Whether the characters stand in the document one by one."""
        places = self.places
        return places is None or places[end] - places[start] == end - start

    def _path(self, start: int, path: str) -> Expr:
        """`a.b.c`."""
        span = self.span
        first, *rest = path.split(".")
        if len(rest) + self.depth > MAX_DEPTH:
            self.depth += len(rest)
            self._enter(start)
        at = start + len(first)
        expr: Expr = Constant(span(start, at), _WORDS[first]) if first in _WORDS else Name(span(start, at), first)
        for name in rest:
            begin = at + 1
            at = begin + len(name)
            expr = Attr(span(start, at), expr, name, span(begin, at))
        return expr

    def _name(self) -> Expr:
        start, end, name = self.start, self.pos, self.value
        path = _scan.PATH.match(self.text, end, self.end)
        if path is not None:
            self.pos = path.end()
            expr = self._path(start, self.text[start : self.pos])
            self._next()
            return expr
        self._next()
        if self.tok in ("(", "::"):
            return self._call(start, name, end)
        if name in _WORDS:
            return Constant(self.span(start, end), _WORDS[name])
        return Name(self.span(start, end), name)

    def _call(self, start: int, name: str, end: int) -> Call:
        while self.tok == "::":
            self._next()
            if self.tok != "name":
                self._unexpected("the name of a function is missing behind ::", "write the function's name")
            name = f"{name}::{self.value}"
            end = self.pos
            self._next()
        if self.tok != "(":
            self._unexpected(f"the arguments of {name} are missing", "write them in parentheses")
        opener, outside = self.start, self._match
        self._enter(opener)
        self._match = FREE.match
        self._next()
        args: list[Expr] = []
        expand = False
        while self.tok != ")":
            if self.tok == "end":
                self._never_closed(opener)
            args.append(self._expr())
            if self.tok == ",":
                self._next()
            elif self.tok == "...":
                expand = True
                self._next()
                if self.tok != ")":
                    self._unexpected("something follows on the last argument", "remove what stands behind ...", opener)
            elif self.tok != ")":
                self._unexpected("a comma is missing before this", "put a comma between two arguments", opener)
        close = self.pos
        self._match = outside
        self.depth -= 1
        self._next()
        return Call(self.span(start, close), name, self.span(start, end), tuple(args), expand)

    def _traversal(self, expr: Expr) -> Expr:
        """What follows on an expression: `.name`, `.0`, `.*`, `[key]` and `[*]`."""
        depth, start = self.depth, expr.span.start
        while True:
            if self.tok == ".":
                self._enter(self.start)
                self._next()
                expr = self._attribute_splat(expr) if self.tok == "*" else self._attribute(expr)
            elif self.tok == "[":
                opener, outside = self.start, self._match
                self._enter(opener)
                self._match = FREE.match
                self._next()
                full = self.tok == "*"
                key: Expr | None = None
                if full:
                    self._next()
                else:
                    key = self._expr()
                if self.tok != "]":
                    self._unexpected("the index goes on where it has to end", "write ] before this", opener)
                close = self.pos
                self._match = outside
                self._next()
                span = Span(self.document, start, self.span(close, close).start)
                if key is None:
                    each = self._traversal(Item(self.span(opener, close)))
                    self.depth = depth
                    return Splat(Span(self.document, start, max(span.end, each.span.end)), expr, each, full=True)
                expr = Index(span, expr, key)
            else:
                self.depth = depth
                return expr

    def _attribute(self, expr: Expr) -> Expr:
        """The name or number behind a dot."""
        start, end, name = self.start, self.pos, self.value
        if self.tok == "number" and "." in name:
            self._unexpected("two old-style indexes follow on each other", f"write [{name.replace('.', '][')}]")
        if self.tok != "name" and not (self.tok == "number" and name.isdecimal()):
            self._unexpected("a name is missing behind the dot", "write the name of an attribute, or remove the dot")
        name_span = self.span(start, end)
        self._next()
        return Attr(Span(self.document, expr.span.start, name_span.end), expr, name, name_span)

    def _attribute_splat(self, expr: Expr) -> Splat:
        """`.*` with the names behind it; an index behind those is one of the whole."""
        item = self.span(self.start, self.pos)
        each: Expr = Item(item)
        self._next()
        while self.tok == ".":
            self._enter(self.start)
            self._next()
            each = self._attribute(each)
        return Splat(Span(self.document, expr.span.start, each.span.end), expr, each, full=False)

    def _unary(self) -> Unary:
        op, start, end = self.tok, self.start, self.pos
        self._enter(start)
        self._next()
        operand = self._operand()
        self.depth -= 1
        span = Span(self.document, self.span(start, end).start, operand.span.end)
        return Unary(span, "!" if op == "!" else "-", operand)

    def _number(self) -> Constant:
        start, end, raw = self.start, self.pos, self.value
        if _NUMBER.fullmatch(raw) is None:
            raise Fault(f"{printable(raw, 20)} is no number", "write a number", start, end)
        value = number(raw)
        if value is None:
            message = f"a number has more than {MAX_DIGITS} digits"
            raise Fault(message, "write it as a text", start, end, "limit")
        self._next()
        return Constant(self.span(start, end), value)

    def _paren(self) -> Paren:
        start, outside = self.start, self._match
        self._enter(start)
        self._match = FREE.match
        self._next()
        if self.tok == "end":
            self._never_closed(start)
        inner = self._expr()
        if self.tok != ")":
            self._unexpected("the parentheses go on where they have to end", "write ) before this", start)
        end = self.pos
        self._match = outside
        self.depth -= 1
        self._next()
        return Paren(self.span(start, end), inner)

    def _tuple(self) -> Expr:
        text, start, outside = self.text, self.start, self._match
        self._enter(start)
        self._match = FREE.match
        pos = start + 1
        if _scan.FOR_AHEAD.match(text, pos, self.end) is not None:
            return self._for(start, "]", outside)
        items: list[Expr] = []
        while True:
            match = _ELEMENT(text, pos, self.end)
            if match is not None:
                items.append(self._text(match[1], match.start(1), match.end(1)))
                pos = match.end()
                continue
            self.pos = pos
            self._next()
            if self.tok == "]":
                break
            if self.tok == "end":
                self._never_closed(start)
            items.append(self._expr())
            if self.tok == "]":
                break
            if self.tok != ",":
                self._unexpected("a comma is missing before this", "put a comma between two items", start)
            pos = self.pos
        end = self.pos
        self._match = outside
        self.depth -= 1
        self._next()
        return Tuple(self.span(start, end), tuple(items))

    def _object(self) -> Expr:
        text, start, outside = self.text, self.start, self._match
        self._enter(start)
        pos = start + 1
        if _scan.FOR_AHEAD.match(text, pos, self.end) is not None:
            return self._for(start, "}", outside)
        entries: list[ObjectEntry] = []
        while True:
            match = _KEY(text, pos, self.end)
            if match is not None and match.lastindex == _KEY_CLOSE:
                self.pos = match.end()
                break
            self._match = BY_LINE.match
            if match is not None:
                key, bare = self._simple_key(match)
                simple = _ENTRY_VALUE(text, match.end(), self.end)
                if simple is not None:
                    value = self._simple(simple)
                    entries.append(ObjectEntry(Span(self.document, key.span.start, value.span.end), key, value, bare))
                    pos = simple.end()
                    continue
                self.pos = match.end()
            else:
                self.pos = self._skip_lines(pos)
                self._next()
                if self.tok == "newline":
                    pos = self.pos
                    continue
                if self.tok == "}":
                    break
                key, bare = self._key(start)
            self._next()
            value = self._expr()
            entries.append(ObjectEntry(Span(self.document, key.span.start, value.span.end), key, value, bare))
            if self.tok == "}":
                break
            if self.tok not in ("newline", ","):
                self._unexpected("an entry ends before this", "put a comma or a new line between two entries", start)
            pos = self.pos
        end = self.pos
        self._match = outside
        self.depth -= 1
        self._next()
        return Object(self.span(start, end), tuple(entries))

    def _simple_key(self, match: re.Match[str]) -> tuple[Expr, bool]:
        kind = match.lastindex or 0
        start, end = match.span(kind)
        if kind == _KEY_NAME:
            span = self.span(start, end)
            return Constant(span, match[kind], span, exact=True), True
        return self._text(match[kind], start, end), False

    def _key(self, opener: int) -> tuple[Expr, bool]:
        """Any key of an object, up to the sign behind it."""
        if self.tok == "end":
            self._never_closed(opener)
        start, end = self.start, self.pos
        key = self._expr()
        if self.tok not in ("=", ":"):
            self._unexpected("a key has no value", "write = and a value", opener)
        if isinstance(key, Name) or (isinstance(key, Constant) and self.text[start:end] in _WORDS):
            return Constant(key.span, self.text[start:end], key.span, exact=True), True
        return key, False

    def _for(self, start: int, closer: str, outside: Callable[..., re.Match[str] | None]) -> For:
        """A `for` expression, from its opening bracket on."""
        self._match = FREE.match
        self.pos = start + 1
        self._next()
        self._next()
        key, value = self._loop_names()
        collection = self._expr()
        if self.tok != ":":
            self._unexpected("a colon is missing before this", "put a colon behind what the loop goes through", start)
        self._next()
        result, result_key = self._expr(), None
        if self.tok == "=>":
            result_key = result
            self._next()
            result = self._expr()
        grouped = self.tok == "..."
        if grouped:
            self._next()
        condition = None
        if self.tok == "name" and self.value == "if":
            self._next()
            condition = self._expr()
        if self.tok != closer:
            self._unexpected("the loop goes on where it has to end", f"write {closer} before this", start)
        end = self.pos
        if (result_key is None) != (closer == "]") or (grouped and closer == "]"):
            message = "a loop in braces has no key" if closer == "}" else "a loop in brackets makes no keys"
            raise Fault(message, "write { } with `key => value`, or [ ] with a value alone", start, end)
        self._match = outside
        self.depth -= 1
        self._next()
        return For(self.span(start, end), key, value, collection, result_key, result, condition, grouped)

    def _loop_names(self) -> tuple[str, str]:
        """`key, value in` or `value in`."""
        names: list[str] = []
        while True:
            if self.tok != "name":
                self._unexpected("a name is missing in the loop", "write `for name in` or `for key, value in`")
            names.append(self.value)
            self._next()
            if self.tok != "," or len(names) > 1:
                break
            self._next()
        if self.tok != "name" or self.value != "in":
            self._unexpected("`in` is missing in the loop", "write `for name in` or `for key, value in`")
        self._next()
        return (names[0], names[1]) if len(names) > 1 else ("", names[0])

    # -- templates ----------------------------------------------------------------------------------------------------

    def _quoted(self) -> Expr:
        """A text in quotes that may hold escapes and things to fill in."""
        start, text = self.start, self.text
        match = _scan.QUOTED.match(text, start, self.end)
        if match is not None:
            raw = match[1]
            said = unescape(raw, start + 1)
            self.pos = end = match.end()
            self._next()
            kept = composed(said)
            exact = kept == raw and self._is_exact(start + 1, end - 1)
            return Constant(self.span(start, end), kept, self.span(start + 1, end - 1), exact)
        self._enter(start)
        pieces: list[Piece] = []
        pos = start + 1
        trim = False
        while True:
            literal = _scan.QUOTED_LITERAL.match(text, pos, self.end)
            stop = pos if literal is None else literal.end()
            if stop > pos:
                self._literal(pieces, pos, stop, unescape(text[pos:stop], pos), trim=trim)
            mark = text[stop : min(stop + 1, self.end)]
            if mark == '"':
                break
            if mark not in ("$", "%"):
                remedy = 'close the text with ", or use a heredoc for more than one line'
                raise Fault("a quote opens here and is not closed on its line", remedy, start, start + 1)
            pos, trim = self._sequence(stop, pieces)
        self.depth -= 1
        self.pos = end = stop + 1
        self._next()
        return self._template(self.span(start, end), pieces, (start + 1, stop))

    def _heredoc(self) -> Expr:
        start, begin = self.start, self.pos
        opening = self.value.rstrip()
        flush = opening[2] == "-"
        marker = opening[3:] if flush else opening[2:]
        self._enter(start)
        pieces, stop = self._lines(begin, marker, by_line=flush)
        self.depth -= 1
        if flush:
            dedent(pieces)
        self.pos = end = self.text.index(marker, stop) + len(marker)
        self._next()
        if self.tok == "end" and self.text.find("\n", end) < 0:
            remedy = "end the file with a new line"
            self.say(Fault("the marker of a heredoc ends the file without an end of line", remedy, stop, end))
        return self._template(self.span(start, end), pieces, (begin, stop), heredoc=True)

    def _lines(self, pos: int, marker: str, *, by_line: bool) -> tuple[list[Piece], int]:
        """The pieces of a heredoc, one for each line, and where the line of its marker begins; without a marker, all.

        If nothing is filled in, the lines are one piece, unless they are wanted `by_line`.
        """
        text, start = self.text, self.start
        pieces: list[Piece] = []
        trim = False
        stop = self.markers.after(marker, pos, self.end) if marker else self.end
        if not by_line and stop > pos and text.find("${", pos, stop) < 0 and text.find("%{", pos, stop) < 0:
            self._literal(pieces, pos, stop, text[pos:stop], trim=False)
            return pieces, stop
        while pos != stop:
            if pos > stop >= 0:
                stop = self.markers.after(marker, pos, self.end)
            if stop < 0:
                remedy = f"write {marker} on a line of its own behind the text"
                raise Fault(f"the heredoc {marker} opens here and is never closed", remedy, start, start + 2)
            literal = _scan.LINE_LITERAL.match(text, pos, stop)
            end = pos if literal is None else literal.end()
            if end > pos:
                self._literal(pieces, pos, end, unescape_lines(text[pos:end]), trim=trim)
                trim = False
                pos = end
            else:
                pos, trim = self._sequence(pos, pieces)
        return pieces, stop

    def _literal(self, pieces: list[Piece], start: int, end: int, said: str, *, trim: bool) -> None:
        exact = len(said) == end - start and self._is_exact(start, end)
        literal = Literal(start, end, said, exact=exact)
        if trim:
            literal.trim_left()
        pieces.append(literal)

    def _sequence(self, start: int, pieces: list[Piece]) -> tuple[int, bool]:
        """`${ … }` or `%{ … }`: where it ends, and whether white space behind it is to be removed."""
        text, outside = self.text, self._match
        strip = text.startswith("~", start + 2)
        if strip and pieces and isinstance(pieces[-1], Literal):
            pieces[-1].trim_right()
        self._match = FREE.match
        self.pos = start + 2 + strip
        self._next()
        if text[start] == "$":
            expr = self._expr()
            self._end_of_sequence(start)
            pieces.append(Fill(self.span(start, self.pos), expr))
        else:
            pieces.append(self._directive(start))
        self._match = outside
        return self.pos, self.tok == "~}"

    def _end_of_sequence(self, start: int) -> None:
        if self.tok in ("}", "~}"):
            return
        sign = self.text[start]
        if self.tok in ("end", "quote", "text"):
            raise Fault(f"{sign}{{ opens here and is never closed", "close it with }", start, start + 2)
        remedy = f"write }} before this; a literal {sign}{{ is written {sign}{sign}{{"
        self._unexpected(f"what {sign}{{ opens goes on where it has to end", remedy)

    def _directive(self, start: int) -> Control:
        word = DIRECTIVES.get(self.value) if self.tok == "name" else None
        if word is None:
            remedy = "write if, else, endif, for or endfor; a literal %{ is written %%{"
            self._unexpected("there is no such directive", remedy)
        self._next()
        key, value = self._loop_names() if word == "for" else ("", "")
        expr = self._expr() if word in ("if", "for") else None
        self._end_of_sequence(start)
        return Control(word, start, self.pos, expr, key, value)

    def _template(self, whole: Span, pieces: list[Piece], inner: tuple[int, int], *, heredoc: bool = False) -> Expr:
        literals = [piece for piece in pieces if isinstance(piece, Literal)]
        if len(literals) < len(pieces):
            parts = grow(pieces, self.span, MAX_DEPTH - self.depth)
            if literals and len(parts) == 1 and isinstance(parts[0], Fill):
                # A literal of which nothing is left still makes a text of what is filled in.
                parts = (*parts, Chunk(self.span(literals[-1].start, literals[-1].start), ""))
            return Template(whole, parts, heredoc)
        said = "".join(literal.text for literal in literals)
        kept = composed(said)
        exact = kept == said and len(said) == inner[1] - inner[0] and all(literal.exact for literal in literals)
        return Constant(whole, kept, self.span(*inner), exact, heredoc)


_TERMS: dict[str, Callable[[Parser], Expr]] = {
    "quote": Parser._quoted,  # noqa: SLF001 - the parser's own table
    "heredoc": Parser._heredoc,  # noqa: SLF001
    "number": Parser._number,  # noqa: SLF001
    "(": Parser._paren,  # noqa: SLF001
    "[": Parser._tuple,  # noqa: SLF001
    "{": Parser._object,  # noqa: SLF001
    "-": Parser._unary,  # noqa: SLF001
    "!": Parser._unary,  # noqa: SLF001
}


def number(raw: str) -> int | Decimal | None:
    """The value of a number as it is written; None if it has too many digits. Whole numbers are ints."""
    if raw.isdigit() and len(raw) <= MAX_DIGITS:
        return int(raw)
    try:
        value = Decimal(raw)
    except InvalidOperation:  # an exponent that nothing can hold
        return None
    if len(raw) > MAX_DIGITS or not value.is_finite() or abs(value.adjusted()) > MAX_DIGITS:
        return None
    whole = int(value)
    return whole if whole == value else value
