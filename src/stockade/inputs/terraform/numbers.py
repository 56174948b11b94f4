"""Numbers as Terraform reckons with them: in binary, rounded to 512 bits, and shown in the fewest digits that tell them apart.

A number is kept as it is shown: an int if it is whole, else a Decimal. Together with how many bits Terraform holds it in
(`Lit.bits`), that names the binary number exactly, so each operation is done on that and rounded once, as Terraform does. What a
function has counted is held in 64 bits, what it has reckoned in floating point in 53, and that shows: `10 / 3` has 154 digits,
`length(a) / length(b)` 20.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TypeAlias

from stockade.inputs.terraform.terms import NotKnown
from stockade.model.value import Doubt
from stockade.patterns import regex

Number: TypeAlias = int | Decimal

BITS = 512
COUNTED = 64  # what Terraform holds a count in
FLOATING = 53  # and what it has reckoned in floating point
_MOST_BITS = 14_000  # larger numbers are not reckoned with; Python writes no more than 4300 digits
_EXACT_DIGITS = 153  # so many digits always are the shortest that name their number in 512 bits
_TOO_LARGE = Doubt("the number is too large", "", "limit")
_NUMBER = regex(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:([eEpP])([+-]?[0-9]+))?\Z")


def parse(text: str) -> Number | None:
    """The number that a text says, or None where it says none. Raises NotKnown for one too large to reckon with."""
    if len(text) > 5000:
        raise NotKnown(_TOO_LARGE)
    found = _NUMBER.match(text)
    if found is None:
        if text.lstrip("+-") in {"Inf", "inf"} and len(text) <= 4:
            raise NotKnown(_TOO_LARGE)
        return None
    sign, whole, fraction, bare, letter, power = found.groups()
    fraction = fraction or bare or ""
    digits = (whole or "") + fraction
    exponent = int(power) if power and len(power) < 8 else 0
    if abs(exponent) > 4000 or (power and len(power) >= 8):
        if int(digits) == 0:
            return 0
        raise NotKnown(_TOO_LARGE)
    mantissa = -int(digits) if sign == "-" else int(digits)
    ten = -len(fraction)
    if letter in {"p", "P"}:
        return _shown(*_fraction(mantissa * 2 ** max(exponent, 0), 10**-ten * 2 ** max(-exponent, 0), BITS), BITS)
    ten += exponent
    if ten >= 0:
        return rounded(mantissa * 10**ten)
    return rounded(Decimal(mantissa).scaleb(ten) if len(digits) < 28 else Decimal(f"{mantissa}E{ten}"))


def rounded(v: Number, bits: int = BITS) -> Number:
    """A number as it is held and shown in so many bits; whole ones are ints. Raises NotKnown for one too large."""
    if isinstance(v, int):
        if v.bit_length() <= bits:
            return v
        return _shown(*_binary(v, bits), bits)
    if not v.is_finite() or abs(v.adjusted()) > 4500:
        raise NotKnown(_TOO_LARGE)
    _, digits, exponent = v.as_tuple()
    if bits == BITS and len(digits) <= _EXACT_DIGITS:
        if isinstance(exponent, int) and exponent >= 0:
            return int(v)
        if v == v.to_integral_value():
            return int(v)
        return v if digits[-1] else Decimal(format(v, "f").rstrip("0"))
    return _shown(*_binary(v, bits), bits)


def add(a: Number, a_bits: int, b: Number, b_bits: int) -> tuple[Number, int]:
    """The sum, and its bits."""
    bits = max(a_bits, b_bits)
    if isinstance(a, int) and isinstance(b, int):
        total = a + b
        if max(a.bit_length(), b.bit_length(), total.bit_length()) <= FLOATING:  # exact, whatever it is held in
            return total, bits
    (m, e), (n, f) = _binary(a, a_bits), _binary(b, b_bits)
    low = min(e, f)
    _bounded(m, e - low)
    _bounded(n, f - low)
    return _shown(*_round((m << (e - low)) + (n << (f - low)), low, bits), bits), bits


def subtract(a: Number, a_bits: int, b: Number, b_bits: int) -> tuple[Number, int]:
    """The difference, and its bits."""
    return add(a, a_bits, negated(b), b_bits)


def multiply(a: Number, a_bits: int, b: Number, b_bits: int) -> tuple[Number, int]:
    """The product, and its bits: as many as it needs, up to 512."""
    bits = max(a_bits, b_bits)
    if isinstance(a, int) and isinstance(b, int):
        product = a * b
        if product.bit_length() <= FLOATING:
            return product, bits
    (m, e), (n, f) = _binary(a, a_bits), _binary(b, b_bits)
    mantissa, exponent = _round(m * n, e + f, BITS)
    bits = max(bits, _trimmed(mantissa, exponent)[0].bit_length())
    return _shown(mantissa, exponent, bits), bits


def divide(a: Number, a_bits: int, b: Number, b_bits: int) -> tuple[Number, int]:
    """The quotient, and its bits. `b` is not zero."""
    bits = max(a_bits, b_bits)
    if isinstance(a, int) and isinstance(b, int) and a % b == 0 and a.bit_length() <= FLOATING:
        return a // b, bits
    (m, e), (n, f) = _binary(a, a_bits), _binary(b, b_bits)
    low = min(e, f)
    _bounded(m, e - low)
    _bounded(n, f - low)
    return _shown(*_fraction(m << (e - low), n << (f - low), bits), bits), bits


def remainder(a: Number, a_bits: int, b: Number, b_bits: int) -> tuple[Number, int]:
    """What division leaves, with the sign of `a`, and its bits; of a division by zero `a` itself."""
    if b == 0:
        return a, a_bits
    quotient, bits = divide(a, a_bits, b, b_bits)
    times, times_bits = multiply(b, b_bits, int(quotient), bits)
    return subtract(a, a_bits, times, times_bits)


def negated(v: Number) -> Number:
    """Minus the number; a Decimal's own operators would round it."""
    return -v if isinstance(v, int) else v.copy_negate()


def compare(a: Number, a_bits: int, b: Number, b_bits: int) -> int:
    """-1, 0 or 1: how two numbers compare."""
    if a_bits == b_bits or (
        isinstance(a, int) and isinstance(b, int) and max(a.bit_length(), b.bit_length()) <= FLOATING
    ):
        return (a > b) - (a < b)
    (m, e), (n, f) = _binary(a, a_bits), _binary(b, b_bits)
    low = min(e, f)
    left, right = m << (e - low), n << (f - low)
    return (left > right) - (left < right)


def from_float(v: float) -> Number:
    """A floating-point number as it is shown; goes with `FLOATING` bits. Raises NotKnown for an infinite one."""
    if not math.isfinite(v):
        raise NotKnown(_TOO_LARGE)
    if v == int(v) and abs(v) < 2**53:
        return int(v)
    over, under = v.as_integer_ratio()
    return _shown(*_fraction(over, under, FLOATING), FLOATING)


def to_float(v: Number, bits: int = BITS) -> float:
    """The floating-point number next to it. Raises NotKnown for one too large."""
    mantissa, exponent = _binary(v, bits)
    try:
        return mantissa / (1 << -exponent) if exponent < 0 else float(mantissa << exponent)
    except OverflowError:
        raise NotKnown(_TOO_LARGE) from None


def scaled(v: Number, bits: int, places: int) -> int:
    """The number times ten to the power of `places`, rounded to the nearest whole one and then to even."""
    mantissa, exponent = _binary(v, bits)
    if abs(places) > _MOST_BITS:
        raise NotKnown(_TOO_LARGE)
    over = mantissa << max(exponent, 0)
    under = 1 << max(-exponent, 0)
    if places >= 0:
        over *= 10**places
    else:
        under *= 10**-places
    quotient, rest = divmod(abs(over), under)
    if 2 * rest > under or (2 * rest == under and quotient & 1):
        quotient += 1
    return -quotient if over < 0 else quotient


def floor(v: Number) -> int:
    """The next whole number below."""
    if isinstance(v, int):
        return v
    whole = int(v)
    return whole - 1 if v < whole else whole


def ceil(v: Number) -> int:
    """The next whole number above."""
    return -floor(negated(v))


# ---------------------------------------------------------------------------------------------------- in binary


def _bounded(mantissa: int, shift: int) -> None:
    if mantissa and mantissa.bit_length() + shift > _MOST_BITS:
        raise NotKnown(_TOO_LARGE)


def _round(mantissa: int, exponent: int, bits: int) -> tuple[int, int]:
    """A binary number to so many bits, to the nearest and then to even."""
    length = mantissa.bit_length()
    if length <= bits:
        return mantissa, exponent
    drop = length - bits
    magnitude = abs(mantissa)
    kept, rest, half = magnitude >> drop, magnitude & ((1 << drop) - 1), 1 << (drop - 1)
    if rest > half or (rest == half and kept & 1):
        kept += 1
    return (-kept if mantissa < 0 else kept), exponent + drop


def _binary(v: Number, bits: int) -> tuple[int, int]:
    """The binary number that is shown as `v`: mantissa and exponent."""
    if isinstance(v, int):
        if v.bit_length() > _MOST_BITS:
            raise NotKnown(_TOO_LARGE)
        if v.bit_length() <= bits:
            return v, 0
        found = _round(v, 0, bits)
    else:
        if not v.is_finite() or abs(v.adjusted()) > 4500:
            raise NotKnown(_TOO_LARGE)
        found = _fraction(*v.as_integer_ratio(), bits)
    if bits < BITS and abs(found[0]) == (1 << bits) - 1:
        # A power of two is shown so short that what is shown lies nearer to the number below it.
        above = (1 << bits) * (1 if found[0] > 0 else -1), found[1]
        if _shown(*above, bits) == v:
            return above
    return found


def _fraction(over: int, under: int, bits: int) -> tuple[int, int]:
    """A fraction to so many bits, to the nearest and then to even."""
    if over == 0:
        return 0, 0
    if under < 0:
        over, under = -over, -under
    shift = bits + 2 - (abs(over).bit_length() - under.bit_length())
    if abs(shift) > _MOST_BITS:
        raise NotKnown(_TOO_LARGE)
    if shift >= 0:
        quotient, rest = divmod(abs(over) << shift, under)
    else:
        quotient, rest = divmod(abs(over), under << -shift)
    mantissa = (quotient << 1) | bool(rest)  # the last bit stands for all that follows
    return _round(-mantissa if over < 0 else mantissa, -shift - 1, bits)


def _trimmed(mantissa: int, exponent: int) -> tuple[int, int]:
    if mantissa == 0:
        return 0, 0
    zeros = (mantissa & -mantissa).bit_length() - 1
    return mantissa >> zeros, exponent + zeros


def _shown(mantissa: int, exponent: int, bits: int) -> Number:
    """The shortest decimal number that lies nearer to this binary one than to any other of so many bits."""
    mantissa, exponent = _trimmed(mantissa, exponent)
    if exponent >= 0 and mantissa.bit_length() + exponent <= bits:
        return mantissa << exponent
    if mantissa.bit_length() + abs(exponent) > _MOST_BITS:
        raise NotKnown(_TOO_LARGE)
    negative, mantissa = mantissa < 0, abs(mantissa)
    even = mantissa.bit_length() < bits or mantissa & 1 == 0
    # Half a unit in the last place, on both sides.
    pad = bits - mantissa.bit_length() + 1
    twice, exponent = mantissa << pad, exponent - pad
    scale = 5**-exponent if exponent < 0 else 2**exponent
    value, below, above = str(twice * scale), str((twice - 1) * scale), str((twice + 1) * scale)
    width = len(above)
    value, below = value.rjust(width, "0"), below.rjust(width, "0")
    digits = _shortest(value, below, above, inclusive=even)
    ten = width - len(digits) - (max(-exponent, 0))
    found = int(digits) * (-1 if negative else 1)
    if ten >= 0:
        return found * int(10**ten)
    text = Decimal(f"{found}E{ten}")
    return int(text) if text == text.to_integral_value() else Decimal(format(text, "f").rstrip("0"))


def _shortest(value: str, below: str, above: str, *, inclusive: bool) -> str:
    """The fewest leading digits of `value`, rounded, that stay between `below` and `above` (all of one width)."""
    last_below = len(below.rstrip("0"))
    last_above = len(above.rstrip("0"))
    for at, digit in enumerate(value):
        down = below[at] != digit or (inclusive and at + 1 == last_below)
        up = above[at] != digit and (inclusive or int(digit) + 1 < int(above[at]) or at + 1 < last_above)
        if not (down or up):
            continue
        head, rest = value[: at + 1], value[at + 1 :]
        raised = str(int(head) + 1)
        if down and up:
            half = "5" + "0" * (len(rest) - 1)
            return raised if rest > half or (rest == half and int(digit) % 2) else head
        return head if down else raised
    return value
