"""Functions of numbers."""

from __future__ import annotations

import math
from decimal import Decimal

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import (
    any_marked,
    arity,
    data,
    given,
    lit,
    number,
    pure,
    sequence,
    spread,
    unknown_of,
    whole,
)
from stockade.inputs.terraform.operators import binary
from stockade.inputs.terraform.terms import Lit, NotKnown, Term, Unk, Wrong, doubt_of
from stockade.inputs.terraform.types import NUMBER, STRING, convert
from stockade.model.value import Doubt

_ROUNDED = Doubt("its last digits depend on how the machine rounds", "", "limit")


def _abs(v: int | Decimal) -> int | Decimal:
    return numbers.negated(v) if v < 0 else v


def _signum(v: int | Decimal) -> int:
    found = whole(v, "what `signum` gets")
    return (found > 0) - (found < 0)


def _parseint(call: Call) -> Term:
    arity(call, 2, 2)
    said = given(call.args[0], call)
    if type(said) is Lit and not isinstance(said.v, str):
        raise Wrong("`parseint` takes a text", call.span)
    try:
        text, base = data(said, STRING, call), data(call.args[1], NUMBER, call)
    except NotKnown as why:
        return unknown_of(call, why.doubt, "number")
    if not isinstance(base, int) or not 2 <= base <= 62:
        raise Wrong("the base must be a whole number from 2 to 62", call.span)
    found = _int(text, base)
    if found is None:
        raise Wrong(f"it is no whole number to the base of {base}", call.span)
    return lit(found, call.span, bits=max(numbers.COUNTED, found.bit_length()), sensitive=any_marked(call.args))


def _int(text: str, base: int) -> int | None:
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if len(digits) > 4000:
        raise NotKnown(Doubt("the number is too large", "", "limit"))
    found = 0
    for char in digits:
        digit = _digit(char, base)
        if digit is None:
            return None
        found = found * base + digit
    if not digits:
        return None
    return -found if text[0] == "-" else found


def _digit(char: str, base: int) -> int | None:
    """The value of a digit; beyond a base of 36 capitals stand for more than small letters."""
    if "0" <= char <= "9":
        digit = ord(char) - ord("0")
    elif "a" <= char <= "z":
        digit = ord(char) - ord("a") + 10
    elif "A" <= char <= "Z":
        digit = ord(char) - ord("A") + (10 if base <= 36 else 36)
    else:
        return None
    return digit if digit < base else None


def _extreme(*, largest: bool) -> Function:
    def run(call: Call) -> Term:
        arity(call, 1)
        best: Lit | None = None
        for arg in call.args:
            term = number(arg, call)
            if isinstance(term, Unk):
                return unknown_of(call, term.doubt, "number")
            if best is None or _order(term, best) == (1 if largest else -1):
                best = term
        if best is None:
            raise Wrong(f"`{call.name}` takes at least 1 argument", call.span)
        return Lit(span=call.span, v=best.v, bits=best.bits, sensitive=any_marked(call.args))

    return run


def _order(a: Lit, b: Lit) -> int:
    if isinstance(a.v, str | bool) or isinstance(b.v, str | bool) or a.v is None or b.v is None:
        raise Wrong("a number is wanted here")
    return numbers.compare(a.v, a.bits, b.v, b.bits)


def _sum(call: Call) -> Term:
    arity(call, 1, 1)
    items = sequence(call.args[0], call)
    sensitive = any_marked(call.args)
    if isinstance(items, Unk):
        return unknown_of(call, items.doubt, "number")
    if items.open is not None:
        return unknown_of(call, items.open, "number")
    if not items.items:
        raise Wrong("`sum` takes a list that is not empty", call.span)
    total: Term = convert(given(items.items[0], call), NUMBER, call.span)
    for item in items.items[1:]:
        total = binary("+", total, given(item, call), call.span)
    if type(total) is Lit:
        return Lit(span=call.span, v=total.v, bits=total.bits, sensitive=sensitive)
    return unknown_of(call, doubt_of(total), "number")


# ------------------------------------------------------------------------------------------------------- floating point


# The coefficients of the approximation of the logarithm that Go shares with FreeBSD's mathematical library.
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ODD = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_EVEN = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)


def ln(v: float) -> float:
    """The natural logarithm, to the last digit as Go has it: `ceil(log(8, 2))` must not depend on the machine."""
    if v == 0:
        return -math.inf
    if v < 0:
        return math.nan
    fraction, power = math.frexp(v)
    if fraction < math.sqrt(2) / 2:
        fraction, power = fraction * 2, power - 1
    f = fraction - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    t1 = s2 * (_ODD[0] + s4 * (_ODD[1] + s4 * (_ODD[2] + s4 * _ODD[3])))
    t2 = s4 * (_EVEN[0] + s4 * (_EVEN[1] + s4 * _EVEN[2]))
    half = 0.5 * f * f
    return power * _LN2_HIGH - ((half - (s * (half + (t1 + t2)) + power * _LN2_LOW)) - f)


def _log(v: int | Decimal, base: int | Decimal) -> int | Decimal:
    over, under = ln(numbers.to_float(v)), ln(numbers.to_float(base))
    if math.isnan(over) or math.isnan(under) or (math.isinf(over) and math.isinf(under)):
        raise Wrong("there is no such logarithm")
    if under == 0:
        if over == 0:
            raise Wrong("there is no such logarithm")
        raise NotKnown(Doubt("the number is too large", "", "limit"))
    return numbers.from_float(over / under)


def _pow(v: int | Decimal, power: int | Decimal) -> int | Decimal:
    return numbers.from_float(power_of(numbers.to_float(v), numbers.to_float(power)))


def power_of(x: float, y: float) -> float:
    """`x` to the power of `y`, multiplied up bit by bit as Go does it."""
    simple = _simple_power(x, y)
    if simple is not None:
        return simple
    count = int(abs(y))
    factor, factor_power = math.frexp(x)
    found, found_power = 1.0, 0
    while count:
        if abs(factor_power) > 1 << 12:
            found_power += factor_power
            break
        if count & 1:
            found *= factor
            found_power += factor_power
        factor *= factor
        factor_power *= 2
        if factor < 0.5:
            factor += factor
            factor_power -= 1
        count >>= 1
    if y < 0:
        found, found_power = 1 / found, -found_power
    try:
        return math.ldexp(found, found_power)
    except OverflowError:
        raise NotKnown(Doubt("the number is too large", "", "limit")) from None


def _simple_power(x: float, y: float) -> float | None:
    """The powers that need no multiplying; None for the others."""
    if y == 0 or x == 1:
        return 1.0
    if x == 0:
        return math.inf if y < 0 else 0.0
    if abs(y) == 0.5 and x > 0:
        return math.sqrt(x) if y > 0 else 1 / math.sqrt(x)
    if y % 1:
        if x < 0:
            raise Wrong("there is no such power")
        raise NotKnown(_ROUNDED)
    if abs(y) > 2**63:
        raise NotKnown(Doubt("the number is too large", "", "limit"))
    return None


def _keeping_bits(make: Function) -> Function:
    """For functions whose result is held as precisely as their argument."""

    def run(call: Call) -> Term:
        made = make(call)
        source = call.args[0] if call.args else None
        if type(made) is Lit and type(source) is Lit and source.bits != made.bits:
            return Lit(span=made.span, v=made.v, bits=source.bits, sensitive=made.sensitive)
        return made

    return run


FUNCTIONS: dict[str, Function] = {
    "abs": _keeping_bits(pure(_abs, (NUMBER,), "number")),
    "ceil": _keeping_bits(pure(numbers.ceil, (NUMBER,), "number")),
    "floor": _keeping_bits(pure(numbers.floor, (NUMBER,), "number")),
    "log": pure(_log, (NUMBER, NUMBER), "number", bits=numbers.FLOATING),
    "max": _extreme(largest=True),
    "min": _extreme(largest=False),
    "parseint": _parseint,
    "pow": pure(_pow, (NUMBER, NUMBER), "number", bits=numbers.FLOATING),
    "signum": pure(_signum, (NUMBER,), "number", bits=numbers.COUNTED),
    "sum": spread(_sum),
}
