"""Functions of texts. Of a text that is known in part they keep what they can: its parts, and the references among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stockade.inputs.terraform.functions import Call, Function, _format
from stockade.inputs.terraform.functions._arguments import (
    MAX_TEXT,
    TOO_LONG,
    any_marked,
    arity,
    data,
    given,
    hole,
    lit,
    marked,
    never_in,
    part_name,
    pure,
    spread,
    text,
    texts,
    unknown_of,
    whole,
    whole_number,
)
from stockade.inputs.terraform.functions._graphemes import graphemes
from stockade.inputs.terraform.operators import is_marked, seen_through
from stockade.inputs.terraform.terms import (
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
    doubt_of,
    is_null,
    joined,
    plain,
    text_of,
    text_parts,
)
from stockade.inputs.terraform.types import NUMBER, STRING
from stockade.model.value import Doubt, Hole
from stockade.text.document import Document

if TYPE_CHECKING:
    from stockade.inputs.terraform.functions import _regex

_MOST_PIECES = 100_000  # a text is not split into more


# ------------------------------------------------------------------------------------------------------------ letter case


def lower(v: str) -> str:
    """A text in small letters, each by itself, as Go has it."""
    return v.lower() if v.isascii() else "".join(map(_lower, v))


def _lower(char: str) -> str:
    found = char.lower()
    return found if len(found) == 1 else found[0]


def upper(v: str) -> str:
    """A text in capitals, each by itself, as Go has it."""
    return v.upper() if v.isascii() else "".join(map(_upper, v))


def _upper(char: str) -> str:
    found = char.upper()
    return found if len(found) == 1 else _title(char)


def _title(char: str) -> str:
    found = char.title()
    return found if len(found) == 1 else char


def _titled(v: str) -> str:
    found: list[str] = []
    before = " "
    for char in v:
        found.append(_title(char) if _separates(before) else char)
        before = char
    return "".join(found)


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return not (char.isalpha() or char.isnumeric()) and char.isspace()


def _mapped(make: Callable[[str], str]) -> Function:
    """A function that changes each character by itself."""

    def run(call: Call) -> Term:
        arity(call, 1, 1)
        found = text(call.args[0], call)
        if type(found) is Lit:
            return lit(make(str(found.v)), call.span, sensitive=found.sensitive)
        if type(found) is not Txt:
            return _known(call, make) or unknown_of(call, doubt_of(found), "string")
        parts: list[TxtPart] = []
        for part in seen_through(found.parts):
            if isinstance(part, str):
                parts.append(make(part))
            else:
                parts.append(hole(f"{call.name}({part_name(part)})", part, plain_too=True))
        return text_of(parts, call.span, sensitive=found.sensitive)

    return run


def _known(call: Call, make: Callable[..., Any], *wanted: Any) -> Term | None:  # noqa: ANN401 - plain data
    """The result where everything can be had as plain data after all."""
    try:
        args = [str(data(term, STRING, call)) for term in call.args]
    except NotKnown:
        return None
    return lit(make(*args, *wanted), call.span, sensitive=any_marked(call.args))


# ------------------------------------------------------------------------------------------------------------------- ends


def _parts(call: Call, index: int = 0) -> tuple[TxtPart, ...] | None:
    """The parts of an argument that is a text known in part, with what resources state seen through; else None."""
    found = text(call.args[index], call)
    return joined(seen_through(found.parts)) if type(found) is Txt else None


def _spaceless(part: TxtPart) -> bool:
    """Whether a part surely begins and ends with something that is no white space."""
    return not isinstance(part, str) and " " in never_in(part)


def _stripped(make: Callable[[str], str], *, start: bool, end: bool) -> Function:
    """A function that takes white space off the ends of a text."""

    def run(call: Call) -> Term:
        arity(call, 1, 1)
        parts = _parts(call)
        if parts is None:
            return plainly(call)
        found = list(parts)
        if start and isinstance(found[0], str):
            found[0] = make(found[0] + "|")[:-1]
        if end and isinstance(found[-1], str):
            found[-1] = make("|" + found[-1])[1:]
        kept = [part for part in found if part != ""]
        if kept and all(isinstance(kept[i], str) or _spaceless(kept[i]) for i in ([0] if start else []) + [-1] * end):
            return text_of(kept, call.span, sensitive=is_marked(call.args[0]))
        return plainly(call)

    plainly = pure(make, (STRING,), "string")
    return run


def _trimspace(v: str) -> str:
    return v.strip(_SPACES)


# What Go takes for white space; Python's own strip takes more.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def _chomp(v: str) -> str:
    return v.rstrip("\r\n")


def _trim(v: str, characters: str) -> str:
    return v.strip(characters) if characters else v


def _fix(*, start: bool) -> Function:
    """`trimprefix` or `trimsuffix`."""

    def cut(v: str, fix: str) -> str:
        return v.removeprefix(fix) if start else v.removesuffix(fix)

    def run(call: Call) -> Term:
        arity(call, 2, 2)
        parts, fix = _parts(call), text(call.args[1], call)
        if parts is None or type(fix) is not Lit:
            return plainly(call)
        wanted = str(fix.v)
        literal = parts[0 if start else -1]
        if isinstance(literal, str) and (_begins(literal, wanted) if start else _begins(literal[::-1], wanted[::-1])):
            kept = (cut(literal, wanted), *parts[1:]) if start else (*parts[:-1], cut(literal, wanted))
            return text_of(kept, call.span, sensitive=any_marked(call.args))
        return plainly(call)

    plainly = pure(cut, (STRING, STRING), "string")
    return run


def _begins(literal: str, wanted: str) -> bool:
    """Whether what stands at an end tells if the text begins so."""
    return literal.startswith(wanted) or not wanted.startswith(literal)


def _asks(*, start: bool) -> Function:
    """`startswith` or `endswith`."""

    def ask(v: str, fix: str) -> bool:
        return v.startswith(fix) if start else v.endswith(fix)

    def run(call: Call) -> Term:
        arity(call, 2, 2)
        parts, fix = _parts(call), text(call.args[1], call)
        if parts is None or type(fix) is not Lit:
            return plainly(call)
        wanted, literal = str(fix.v), parts[0 if start else -1]
        if isinstance(literal, str) and (_begins(literal, wanted) if start else _begins(literal[::-1], wanted[::-1])):
            return Lit(span=call.span, v=ask(literal, wanted), sensitive=any_marked(call.args))
        return plainly(call)

    plainly = pure(ask, (STRING, STRING), "bool")
    return run


def _strcontains(call: Call) -> Term:
    arity(call, 2, 2)
    parts, wanted = _parts(call), text(call.args[1], call)
    if parts is not None and type(wanted) is Lit:
        needle = str(wanted.v)
        if any(isinstance(part, str) and needle in part for part in parts):
            return Lit(span=call.span, v=True, sensitive=any_marked(call.args))
        if needle and _never_across(needle, parts):
            return Lit(span=call.span, v=False, sensitive=any_marked(call.args))
    return _CONTAINS(call)


_CONTAINS = pure(lambda v, needle: needle in v, (STRING, STRING), "bool")


def _never_across(needle: str, parts: tuple[TxtPart, ...]) -> bool:
    """Whether a text surely stands nowhere in or across the parts that are not known.

    Every piece of it that could lie in such a part must hold a character that the part does not, or need something beside
    the part that is not there.
    """
    size = len(needle)
    for at, part in enumerate(parts):
        if isinstance(part, str):
            continue
        never = never_in(part)
        before, after = parts[at - 1] if at else "", parts[at + 1] if at + 1 < len(parts) else ""
        for low in range(size):
            if low and isinstance(before, str) and not _meets(before, needle[:low]):
                continue
            for high in range(low + 1, size + 1):
                if high < size and isinstance(after, str) and not _meets(after[::-1], needle[high:][::-1]):
                    continue
                if not any(char in never for char in needle[low:high]):
                    return False
    return True


def _meets(before: str, wanted: str) -> bool:
    return before.endswith(wanted) or (bool(before) and wanted.endswith(before))


# ------------------------------------------------------------------------------------------------- joining and splitting


def _join(call: Call) -> Term:
    arity(call, 2)
    separator = text(call.args[0], call)
    pieces: list[TxtPart] = []
    between = text_parts(separator)
    sensitive = any_marked(call.args)
    first = True
    for arg in call.args[1:]:
        items = texts(arg, call)
        if isinstance(items, Unk):
            return unknown_of(call, items.doubt, "string")
        for item in items.items:
            if is_null(item):
                raise Wrong("`join` takes no null", call.span)
            if not first:
                pieces += between
            pieces += text_parts(item)
            first = False
        if items.open is not None:
            # There may be more, with separators or not.
            pieces.append(Hole(f"rest of {items.span.doc.path}:{items.span.start}", items.open))
    if sum(len(p) for p in pieces if isinstance(p, str)) > MAX_TEXT:
        raise NotKnown(TOO_LONG)
    return _text_of(pieces, call, sensitive=sensitive)


def _text_of(pieces: list[TxtPart], call: Call, *, sensitive: bool) -> Term:
    made = text_of(pieces, call.span, sensitive=sensitive)
    if type(made) is Lit and isinstance(made.v, str) and not made.v.isascii():
        return lit(made.v, call.span, sensitive=sensitive)
    return made


def _split(call: Call) -> Term:
    arity(call, 2, 2)
    separator, parts = text(call.args[0], call), _parts(call, 1)
    if parts is None or type(separator) is not Lit or not separator.v:
        return _SPLIT(call)
    found: list[list[TxtPart]] = [[]]
    wanted = str(separator.v)
    opened: Doubt | None = None
    for at, part in enumerate(parts):
        if isinstance(part, str):
            if part.count(wanted) > _MOST_PIECES:
                raise NotKnown(TOO_LONG)
            first, *rest = part.split(wanted)
            found[-1].append(first)
            found += [[piece] for piece in rest]
        elif _never_across(wanted, parts[max(at - 1, 0) : at + 2]):
            found[-1].append(part)
        else:
            # From here on nobody knows where it is split.
            opened = hole("", part).doubt
            break
    if opened is not None:
        found.pop()
    sensitive = any_marked(call.args)
    items = tuple(text_of(pieces, call.span, sensitive=sensitive) for pieces in found)
    return Seq(span=call.span, items=items, kind="list", open=opened, sensitive=sensitive)


def _split_up(separator: str, v: str) -> list[str]:
    if (v.count(separator) if separator else len(v)) > _MOST_PIECES:
        raise NotKnown(TOO_LONG)
    return v.split(separator) if separator else list(v)


_SPLIT = pure(_split_up, (STRING, STRING), "list")


def _replace(call: Call) -> Term:
    arity(call, 3, 3)
    parts = _parts(call)
    search, instead = text(call.args[1], call), text(call.args[2], call)
    if type(search) is Lit:
        wanted = str(search.v)
        is_regex = len(wanted) > 1 and wanted[0] == wanted[-1] == "/"
        if parts is not None and not is_regex and wanted and _never_across(wanted, parts):
            return _replaced(parts, wanted, text_parts(instead), call)
        if type(instead) is not Lit and parts is None and wanted and not is_regex:
            subject = text(call.args[0], call)
            if type(subject) is Lit:
                return _replaced((str(subject.v),), wanted, text_parts(instead), call)
    return _REPLACE(call)


def _replaced(parts: tuple[TxtPart, ...], wanted: str, instead: tuple[TxtPart, ...], call: Call) -> Term:
    pieces: list[TxtPart] = []
    for part in parts:
        if not isinstance(part, str):
            pieces.append(part)
            continue
        for at, piece in enumerate(part.split(wanted)):
            if at:
                pieces += instead
            pieces.append(piece)
    return _text_of(pieces, call, sensitive=any_marked(call.args))


def _replace_known(v: str, wanted: str, instead: str) -> str:
    if len(v) * max(len(instead), 1) > MAX_TEXT and v.count(wanted) * len(instead) > MAX_TEXT:
        raise NotKnown(TOO_LONG)
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        from stockade.inputs.terraform.functions import _regex  # which few configurations need

        return _regex.compiled(wanted[1:-1]).replace(v, instead)
    return v.replace(wanted, instead)


_REPLACE = pure(_replace_known, (STRING, STRING, STRING), "string")


def _substr(call: Call) -> Term:
    arity(call, 3, 3)
    parts = _parts(call)
    if parts is None:
        return _SUBSTR(call)
    offset, count = whole_number(call.args[1], call, "the offset"), whole_number(call.args[2], call, "the length")
    first = parts[0]
    if offset < 0 or not isinstance(first, str):
        return _SUBSTR(call)
    start = graphemes(first)[offset:]
    if 0 <= count <= len(start):
        return lit("".join(start[:count]), call.span, sensitive=any_marked(call.args))
    if offset == 0 and count < 0:
        return text_of(parts, call.span, sensitive=any_marked(call.args))
    if not start:
        return _SUBSTR(call)
    # It begins as it did; where it ends is not known.
    rest = Hole(f"rest of substr at {call.span.doc.path}:{call.span.start}", doubt_of(call.args[0]))
    return text_of(["".join(start), rest], call.span, sensitive=any_marked(call.args))


def _substr_known(v: str, offset: Any, count: Any) -> str:  # noqa: ANN401 - a number
    offset, count = whole(offset, "the offset"), whole(count, "the length")
    characters = graphemes(v)
    if offset < 0:
        offset = max(offset + len(characters), 0)
        count = count or -1  # counted from the end, no characters are all of the rest
    return "".join(characters[offset:] if count < 0 else characters[offset : offset + count])


_SUBSTR = pure(_substr_known, (STRING, NUMBER, NUMBER), "string")


def _strrev(v: str) -> str:
    return "".join(reversed(graphemes(v)))


def _indent(call: Call) -> Term:
    arity(call, 2, 2)
    spaces = whole_number(call.args[0], call, "how far to indent")
    if spaces < 0:
        raise Wrong("a text can't be indented by less than nothing", call.span)
    found = text(call.args[1], call)
    if type(found) is Unk:
        return unknown_of(call, found.doubt, "string")
    pieces: list[TxtPart] = []
    for part in text_parts(found):
        if isinstance(part, str):
            if part.count("\n") * spaces > MAX_TEXT:
                raise NotKnown(TOO_LONG)
            pieces.append(part.replace("\n", "\n" + " " * spaces))
        elif isinstance(part, Ref) or part.plain:
            pieces.append(part)  # one line
        else:
            pieces.append(hole(f"indent({spaces}, {part.name})", part))
    return text_of(pieces, call.span, sensitive=any_marked(call.args))


# ------------------------------------------------------------------------------------------------------------- expressions


def _regex_one(call: Call) -> Term:
    from stockade.inputs.terraform.functions import _regex  # which few configurations need

    arity(call, 2, 2)
    try:
        pattern, subject = data(call.args[0], STRING, call), data(call.args[1], STRING, call)
        expression = _regex.compiled(pattern)
        match = expression.search(subject)
    except NotKnown as why:
        return unknown_of(call, why.doubt)
    if match is None:
        raise Wrong("the regular expression matches nothing", call.span)
    return _match(expression, subject, match, call)


def _regex_all(call: Call) -> Term:
    from stockade.inputs.terraform.functions import _regex  # which few configurations need

    arity(call, 2, 2)
    try:
        pattern, subject = data(call.args[0], STRING, call), data(call.args[1], STRING, call)
        expression = _regex.compiled(pattern)
        items = tuple(_match(expression, subject, match, call) for match in expression.all(subject))
    except NotKnown as why:
        return unknown_of(call, why.doubt, "list")
    return Seq(span=call.span, items=items, kind="list", sensitive=any_marked(call.args))


def _match(expression: _regex.Regex, subject: str, match: _regex.Match, call: Call) -> Term:
    from stockade.inputs.terraform.functions import _regex  # which few configurations need

    sensitive = any_marked(call.args)
    named = [name for name in expression.names if name]
    groups = [lit(v, call.span, sensitive=sensitive) for v in _regex.groups(subject, match)]
    if named and len(named) < len(expression.names):
        raise Wrong("of the groups of a regular expression all have a name, or none", call.span)
    if named:
        entries: dict[str, Term] = dict(zip(expression.names, groups, strict=True))
        return Obj(span=call.span, entries=dict(sorted(entries.items())), sensitive=sensitive)
    if groups:
        return Seq(span=call.span, items=tuple(groups), sensitive=sensitive)
    return lit(subject[match[0] : match[1]], call.span, sensitive=sensitive)


# ------------------------------------------------------------------------------------------------------------------ format


def _format_one(call: Call) -> Term:
    arity(call, 1)
    form = text(call.args[0], call)
    if type(form) is not Lit:
        try:
            form = Lit(span=form.span, v=plain(form), sensitive=form.sensitive)
        except NotKnown as why:
            return unknown_of(call, why.doubt, "string")
    pieces = _format.written(str(form.v), call.args[1:], call)
    return _text_of(pieces, call, sensitive=any_marked(call.args))


def _format_list(call: Call) -> Term:
    arity(call, 1)
    form = data(call.args[0], STRING, call)
    columns: list[tuple[Term, ...] | Term] = []
    size: int | None = None
    opened: Doubt | None = None
    for arg in call.args[1:]:
        found = given(arg, call)
        if type(found) is Unk and found.kind in {"", "list", "set"}:
            return unknown_of(call, found.doubt, "list")
        if type(found) is not Seq:
            columns.append(found)
            continue
        opened = opened or found.open
        if size is not None and size != len(found.items) and opened is None:
            raise Wrong("the lists that `formatlist` takes are of one length", call.span)
        size = len(found.items) if size is None else min(size, len(found.items))
        columns.append(found.items)
    sensitive = any_marked(call.args)
    rows: list[Term] = []
    for at in range(1 if size is None else size):
        row = tuple(column[at] if isinstance(column, tuple) else column for column in columns)
        rows.append(_text_of(_format.written(form, row, call), call, sensitive=sensitive))
    if opened is not None and len([column for column in columns if isinstance(column, tuple)]) > 1:
        rows = []  # which of them belong together is not known
    return Seq(span=call.span, items=tuple(rows), kind="list", open=opened, sensitive=sensitive)


# --------------------------------------------------------------------------------------------------------------- templates


def _templatestring(call: Call) -> Term:
    arity(call, 2, 2)
    source = text(call.args[0], call)
    if type(source) is not Lit or call.render_text is None:
        return unknown_of(call, doubt_of(source), "string")
    known = source.span.doc
    # What `file` has read is rendered where it stands.
    document = known if known.text == source.v else Document(known.path, str(source.v), syntax="text")
    made = call.render_text(document, call.args[1], call.span)
    return marked(made, sensitive=True) if any_marked(call.args) else made


FUNCTIONS: dict[str, Function] = {
    "chomp": _stripped(_chomp, start=False, end=True),
    "endswith": _asks(start=False),
    "format": spread(_format_one, deep=True),
    "formatlist": spread(_format_list, deep=True),
    "indent": _indent,
    "join": spread(_join, deep=True),
    "lower": _mapped(lower),
    "regex": _regex_one,
    "regexall": _regex_all,
    "replace": _replace,
    "split": _split,
    "startswith": _asks(start=True),
    "strcontains": _strcontains,
    "strrev": pure(_strrev, (STRING,), "string"),
    "substr": _substr,
    "templatestring": _templatestring,
    "title": pure(_titled, (STRING,), "string"),
    "trim": pure(_trim, (STRING, STRING), "string"),
    "trimprefix": _fix(start=True),
    "trimspace": _stripped(_trimspace, start=True, end=True),
    "trimsuffix": _fix(start=False),
    "upper": _mapped(upper),
}
