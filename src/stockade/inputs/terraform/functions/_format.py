"""What `format` and `formatlist` write (https://developer.hashicorp.com/terraform/language/functions/format, 1.11).

A verb is `%`, flags, a width, a precision, the number of an argument in brackets, and a letter, in this order.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.functions import Call
from stockade.inputs.terraform.functions._arguments import TOO_LONG, hole, part_name
from stockade.inputs.terraform.functions._graphemes import graphemes, length
from stockade.inputs.terraform.terms import (
    Json,
    Lit,
    NotKnown,
    Obj,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    doubt_of,
    json_parts,
    json_text,
    number_text,
    plain,
    scalar_text,
    text_parts,
)
from stockade.inputs.terraform.types import BOOL, NUMBER, convert
from stockade.model.value import Hole
from stockade.patterns import regex

_VERB = regex(r"([#0+\- ]*)([1-9][0-9]*)?(?:\.([0-9]*))?(?:\[([0-9]+)\])?(.)", re.DOTALL)
_MOST = 10_000  # the width and precision that are still written out
_WHOLE = {"d": "d", "b": "b", "o": "o", "x": "x", "X": "X"}
_PREFIX = {"b": "0b", "o": "0", "x": "0x", "X": "0X", "d": ""}


class Verb(Struct, frozen=True):
    """One verb: `index` is the number of its argument, from 0."""

    raw: str
    letter: str
    index: int
    flags: str = ""
    width: int = 0
    precision: int | None = None

    @property
    def bare(self) -> bool:
        """Whether it says nothing but its letter."""
        return not (self.flags or self.width or self.precision is not None)


@lru_cache(maxsize=512)
def verbs(text: str) -> tuple[tuple[str | Verb, ...], int]:
    """The literals and verbs of a format, and how many arguments it takes; raises Wrong for what is none."""
    found: list[str | Verb] = []
    at = index = most = 0
    while (percent := text.find("%", at)) >= 0:
        if percent > at:
            found.append(text[at:percent])
        if text.startswith("%%", percent):
            found.append("%")
            at = percent + 2
            continue
        match = _VERB.match(text, percent + 1)
        if match is None or match[5] not in "vtbdoxXeEfgGsq":
            raise Wrong("its format has a verb that there is not")
        if match[4] is not None:
            index = int(match[4][:6]) - 1
        if index < 0:
            raise Wrong("the arguments of a format are numbered from 1")
        width, precision = int((match[2] or "0")[:6]), None
        if match[3] is not None:
            precision = int((match[3] or "0")[:6])
        if width > _MOST or (precision or 0) > _MOST:
            raise NotKnown(TOO_LONG)
        found.append(Verb(text[percent : match.end()], match[5], index, match[1], width, precision))
        index += 1
        most = max(most, index)
        at = match.end()
    if at < len(text):
        found.append(text[at:])
    return tuple(found), most


def written(text: str, args: tuple[Term, ...], call: Call) -> list[TxtPart]:
    """The parts of the text that a format and its arguments make."""
    pieces, most = verbs(text)
    if most != len(args):
        raise Wrong(f"the format takes {most} arguments, and there are {len(args)}", call.span)
    found: list[TxtPart] = []
    for piece in pieces:
        if isinstance(piece, str):
            found.append(piece)
        else:
            found += _argument(piece, args[piece.index], call)
    return found


def _argument(verb: Verb, term: Term, call: Call) -> tuple[TxtPart, ...]:
    letter = verb.letter
    null = type(term) is Lit and term.v is None
    if null and letter != "v":
        raise Wrong(f"`{verb.raw}` takes no null", call.span)
    if letter == "t" or letter in _WHOLE or letter in "eEfgG":
        wanted = BOOL if letter == "t" else NUMBER
        converted = convert(term, wanted, call.span)
        if type(converted) is not Lit:
            return (_unknown(verb, converted),)
        return (_scalar(verb, converted, call),)
    if letter == "s" and type(term) in (Seq, Obj):
        raise Wrong("a collection can't be part of a text", call.span)
    if verb.bare and letter in "sv" and type(term) in (Txt, Unk, Json):
        return text_parts(term)
    try:
        return (_text(verb, term),)
    except NotKnown:
        if letter == "v" and verb.bare:
            return json_parts(term)
        if letter == "q" and not (verb.width or verb.precision):
            return ('"', *(json_text(p)[1:-1] if isinstance(p, str) else p for p in text_parts(term)), '"')
        return (_unknown(verb, term),)


def _unknown(verb: Verb, term: Term) -> Hole:
    parts = text_parts(term) if type(term) in (Txt, Unk, Json) else ()
    if len(parts) == 1 and not isinstance(parts[0], str):
        name = part_name(parts[0])
        return hole(name if verb.bare else f'format("{verb.raw}", {name})', parts[0])
    return Hole(f"{term.span.doc.path}:{term.span.start}", doubt_of(term))


def _text(verb: Verb, term: Term) -> str:
    """What `%s`, `%q` and `%v` write."""
    if verb.letter == "v":
        if type(term) is Lit and isinstance(term.v, str):
            # `#` asks for the text as one would write it.
            text = json_text(term.v) if "#" in verb.flags else term.v
        elif type(term) is Lit and isinstance(term.v, int | Decimal) and not isinstance(term.v, bool):
            text = _general(term.v, term.bits, None)
        else:
            v = plain(term)
            text = json_text(v) if not isinstance(v, str) else json_text(v) if "#" in verb.flags else v
        return _padded(verb, text)
    text = scalar_text(plain(term)) or ""
    if verb.precision:
        text = "".join(graphemes(text)[: verb.precision])
    return _padded(verb, json_text(text) if verb.letter == "q" else text)


def _padded(verb: Verb, text: str) -> str:
    missing = verb.width - length(text)
    if missing <= 0:
        return text
    if "-" in verb.flags:
        return text + " " * missing
    return ("0" if "0" in verb.flags else " ") * missing + text


def _scalar(verb: Verb, term: Lit, call: Call) -> str:
    """What the verbs for truth values and numbers write."""
    v = term.v
    if verb.letter == "t":
        return "true" if v else "false"
    if isinstance(v, bool | str) or v is None:
        raise Wrong(f"`{verb.raw}` takes a number", call.span)
    if verb.letter in _WHOLE:
        if not isinstance(v, int):
            raise Wrong(f"`{verb.raw}` takes a whole number", call.span)
        digits = number_text(abs(v)) if verb.letter == "d" else format(abs(v), _WHOLE[verb.letter])
        zeros = ""
        if verb.precision is not None:
            zeros = "0" * (verb.precision - len(digits))
            if v == 0 and verb.precision == 0:
                digits = ""
        prefix = _PREFIX[verb.letter] if "#" in verb.flags else ""
        return _signed(verb, negative=v < 0, prefix=prefix, digits=zeros + digits, zeros=verb.precision is None)
    magnitude = numbers.negated(v) if v < 0 else v
    if verb.letter in "gG":
        digits = _general(magnitude, term.bits, verb.precision)
    elif verb.letter == "f":
        digits = _fixed(magnitude, term.bits, 6 if verb.precision is None else verb.precision)
    else:
        digits = _scientific(magnitude, term.bits, 6 if verb.precision is None else verb.precision)
    digits = digits.upper() if verb.letter in "EG" else digits
    return _signed(verb, negative=v < 0, prefix="", digits=digits, zeros=True)


def _signed(verb: Verb, *, negative: bool, prefix: str, digits: str, zeros: bool) -> str:
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    missing = verb.width - len(sign) - len(prefix) - len(digits)
    if missing <= 0:
        return sign + prefix + digits
    if "-" in verb.flags:
        return sign + prefix + digits + " " * missing
    if "0" in verb.flags and zeros:
        return sign + prefix + "0" * missing + digits
    return " " * missing + sign + prefix + digits


# ----------------------------------------------------------------------------------------------------------------- digits


def _fixed(v: numbers.Number, bits: int, places: int) -> str:
    whole = numbers.scaled(v, bits, places)
    text = str(whole).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}" if places else text


def _scientific(v: numbers.Number, bits: int, places: int) -> str:
    power, digits = _digits(v, bits, places + 1)
    rest = f".{digits[1:]}" if places else ""
    return f"{digits[0]}{rest}{_power(power)}"


def _power(power: int) -> str:
    return f"e{'-' if power < 0 else '+'}{abs(power):02}"


def _digits(v: numbers.Number, bits: int, count: int) -> tuple[int, str]:
    """The power of ten of the first digit, and so many digits, rounded."""
    if v == 0:
        return 0, "0" * count
    power = v.adjusted() if isinstance(v, Decimal) else len(str(v)) - 1
    digits = str(numbers.scaled(v, bits, count - 1 - power))
    if len(digits) > count:
        power, digits = power + 1, digits[:count]
    return power, digits


def _general(v: numbers.Number, bits: int, precision: int | None) -> str:
    """`%g`: without zeros at the end, and with a power of ten where the number is large or small."""
    negative = v < 0
    v = numbers.negated(v) if negative else v
    if precision is None:
        text = number_text(v)
        digits = text.replace(".", "").strip("0") or "0"
        power = (v.adjusted() if isinstance(v, Decimal) else len(text) - 1) if v else 0
        most = 6
    else:
        most = precision or 1
        power, digits = _digits(v, bits, most)
        digits = digits.rstrip("0") or "0"
        if len(digits) >= power + 1 and most > len(digits):
            most = len(digits)
    if power < -4 or power >= most:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        text = f"{digits[0]}{rest}{_power(power)}"
    elif power < 0:
        text = "0." + "0" * (-power - 1) + digits
    else:
        whole = digits[: power + 1].ljust(power + 1, "0")
        text = f"{whole}.{digits[power + 1 :]}" if len(digits) > power + 1 else whole
    return "-" + text if negative else text
