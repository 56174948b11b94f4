"""Operators over terms that are known in part."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.inputs.terraform import numbers
from stockade.inputs.terraform.operators import binary, unary
from stockade.inputs.terraform.terms import Json, Lazy, Lit, NotKnown, Unk, Wrong, number_text
from tests.inputs.terraform.functions.support import either, hole, lit, obj, ref, said, seq, span, term, txt, unk

ARN = txt(ref())


def of(op: str, left: Any, right: Any) -> Any:
    made = binary(op, term(left), term(right), span())
    return "unknown" if isinstance(made, Unk) else said(made)


# ---------------------------------------------------------------------------------------------------------------- equality


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (txt("arn:", hole()), "x", False),
        (txt("arn:", hole()), "arn:x", {"`var.x` is x": True, "`var.x` is not x": False}),
        (txt("a-", hole("main.tf:3")), "a-b", "unknown"),  # nobody knows it by that name
        (txt(hole("a"), "-", hole("b")), "x-y", "unknown"),
        (txt(hole("a"), "-", hole("b")), "xy", False),
        (txt("a", hole()), txt("a", hole()), True),
        (txt("a", hole()), txt("b", hole()), False),
        (txt(hole(), "a"), txt(hole("y"), "b"), False),
        (txt(hole(), "a"), txt(hole("y"), "a"), "unknown"),
        (ARN, ARN, True),
        (ARN, "*", False),  # no ARN is a wildcard
        (ARN, "", False),
        (ARN, None, False),
        (ARN, "arn:aws:sqs:eu-west-1:1:q", "unknown"),
        (txt(ref("aws_sqs_queue.q.name", lit("q"))), "q", True),
        (txt(ref("aws_sqs_queue.q.name", lit("q"))), "r", False),
        (txt(ref("aws_sqs_queue.q.name", txt("q-", hole()))), "r", False),
        (txt(hole(plain=True)), "a:b", False),
        (txt(hole(plain=True)), "", False),
        (ARN, 1, False),
        (unk("var.stage"), "prod", {"`var.stage` is prod": True, "`var.stage` is not prod": False}),
        (unk("var.stage"), "", {'`var.stage` is ""': True, '`var.stage` is not ""': False}),
        (unk("var.n", "number"), 2, {"`var.n` is 2": True, "`var.n` is not 2": False}),
        (unk("var.n", "number"), "2", False),
        (unk("var.b", "bool"), True, {"`var.b` is true": True, "`var.b` is false": False}),
        (unk("var.b", "bool"), False, {"`var.b` is false": True, "`var.b` is true": False}),
        (unk("var.x"), None, {"`var.x` is null": True, "`var.x` is not null": False}),
        (unk("var.s", "string"), 1, False),
        (unk("var.l", "list"), {}, False),
        (unk("var.x"), unk("var.x"), True),
        (unk("var.x"), unk("var.y"), "unknown"),
        (unk("var.s", "string"), unk("var.n", "number"), False),
        (unk(), "x", "unknown"),
        (unk("main.tf:12[]"), "x", "unknown"),
        (unk("region", plain=True), None, False),
        (unk("region", plain=True), "a*", False),
        ([unk("var.x"), 1], [unk("var.x"), 1], True),
        ([unk("var.x"), 1], ["a", 2], False),
        ([unk("var.x"), 1], ["a", 1], "unknown"),
        (seq("a", opened=True), [], False),
        (seq("a", opened=True), ["a", "b"], "unknown"),
        (seq("a", opened=True), ["b"], False),
        ({"a": ARN}, {"a": "*"}, False),
        ({"a": 1}, {"b": 1}, False),
        (obj({"a": 1}, opened=True), {"a": 1, "b": 2}, "unknown"),
        (obj({"a": 1}, opened=True), {"a": 2}, False),
        (seq("a", kind="set"), seq("a", kind="set"), True),
        (seq("a", unk("x"), kind="set"), seq("a", "b", kind="set"), "unknown"),
        (seq("a", kind="list"), ["a"], False),
        ([either("c", 1, 2)], [3], False),
        ([either("c", 1, 2)], [1], "unknown"),
    ],
)
def test_equality(left: Any, right: Any, expected: Any) -> None:
    assert of("==", left, right) == expected
    assert of("==", right, left) == expected


def test_inequality_is_the_opposite() -> None:
    assert of("!=", unk("var.stage"), "prod") == {"`var.stage` is prod": False, "`var.stage` is not prod": True}
    assert of("!=", ARN, "*") is True


def test_encoded_texts() -> None:
    one = Json(span=span(), inner=term({"a": ARN}))
    other = Json(span=span(), inner=term({"a": ARN}))
    assert of("==", one, other) is True
    assert of("==", one, "x") is False
    assert of("==", Json(span=span(), inner=term({"a": 1})), '{"a":1}') is True
    assert of("==", one, '{"a":"x"}') == "unknown"


def test_a_resource_is_not_null_and_not_evaluated_for_that() -> None:
    def whole() -> Any:
        raise AssertionError("nobody asked for all of it")

    lazy = Lazy(span=span(), get=lambda *_: lit(1), whole=whole, what="aws_sqs_queue.q")
    assert of("==", lazy, None) is False
    assert of("!=", lazy, None) is True


def test_secrets() -> None:
    assert binary("==", lit("a", sensitive=True), lit("a"), span()).sensitive
    assert binary("==", term([lit("a", sensitive=True)]), term(["a"]), span()).sensitive
    assert binary("+", lit(1, sensitive=True), lit(1), span()).sensitive
    assert unary("-", lit(1, sensitive=True), span()).sensitive
    assert not binary("+", lit(1), lit(1), span()).sensitive


# ------------------------------------------------------------------------------------------------------ logic and arithmetic


@pytest.mark.parametrize(
    ("op", "left", "right", "expected"),
    [
        ("&&", False, unk("x"), False),
        ("&&", unk("x"), False, False),
        ("&&", True, unk("x"), "unknown"),
        ("||", True, unk("x"), True),
        ("||", unk("x"), "true", True),
        ("||", False, unk("x"), "unknown"),
        ("+", 1, unk("x"), "unknown"),
        ("<", unk("x"), 1, "unknown"),
        ("+", "1", 2, 3),
        ("/", 1, 0, "unknown"),
        ("*", 10**2000, 10**2000, 10**4000),
        ("*", 10**4000, 10**4000, "unknown"),
    ],
)
def test_unknown_operands(op: str, left: Any, right: Any, expected: Any) -> None:
    assert of(op, left, right) == expected


def test_what_is_left_of_logic_keeps_its_name() -> None:
    made = binary("&&", lit(v=True), unk("var.b", "bool"), span())
    assert isinstance(made, Unk)
    assert (made.name, made.kind) == ("var.b", "bool")


@pytest.mark.parametrize(
    ("op", "left", "right"),
    [
        ("+", "a", 1),
        ("+", None, 1),
        ("+", True, 1),
        ("+", [], 1),
        ("&&", 1, True),
        ("&&", None, True),
        ("||", [], False),
        ("<", "a", "b"),
        ("/", 0, 0),
        ("-", {}, 1),
    ],
)
def test_what_terraform_refuses(op: str, left: Any, right: Any) -> None:
    with pytest.raises(Wrong):
        binary(op, term(left), term(right), span())


@pytest.mark.parametrize(("op", "operand"), [("!", 1), ("!", None), ("-", "x"), ("-", None), ("-", [])])
def test_what_terraform_refuses_of_one(op: str, operand: Any) -> None:
    with pytest.raises(Wrong):
        unary(op, term(operand), span())


# ------------------------------------------------------------------------------------------------------------------ numbers

WRITTEN = st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, allow_infinity=False, places=6)


@given(WRITTEN, WRITTEN)
def test_sums_and_products_of_written_numbers_are_near_the_true_ones(a: Decimal, b: Decimal) -> None:
    """To the last of 512 bits; exactness to the digit is what the oracle of Terraform is for."""
    x, y = numbers.rounded(a), numbers.rounded(b)
    for found, true in (
        (numbers.add(x, 512, y, 512)[0], Fraction(a) + Fraction(b)),
        (numbers.subtract(x, 512, y, 512)[0], Fraction(a) - Fraction(b)),
        (numbers.multiply(x, 512, y, 512)[0], Fraction(a) * Fraction(b)),
    ):
        size = max(abs(true), Fraction(1), abs(Fraction(a)), abs(Fraction(b)))
        assert abs(Fraction(found) - true) <= size / 2**500


@given(WRITTEN, WRITTEN)
def test_division_undoes_multiplication(a: Decimal, b: Decimal) -> None:
    x, y = numbers.rounded(a), numbers.rounded(b)
    if y == 0:
        return
    quotient, bits = numbers.divide(x, 512, y, 512)
    assert bits == 512
    back, _ = numbers.multiply(quotient, bits, y, 512)
    assert abs(Fraction(back) - Fraction(x)) <= abs(Fraction(x)) / 2**500


@given(WRITTEN, WRITTEN)
def test_what_a_division_leaves(a: Decimal, b: Decimal) -> None:
    x, y = numbers.rounded(a), numbers.rounded(b)
    if y == 0:
        return
    rest, _ = numbers.remainder(x, 512, y, 512)
    assert abs(Fraction(rest)) <= abs(Fraction(y))
    assert rest == 0 or (rest > 0) == (x > 0)


@given(WRITTEN | st.integers(-(10**30), 10**30).map(Decimal))
def test_a_number_is_read_as_it_is_shown(a: Decimal) -> None:
    v = numbers.rounded(a)
    assert numbers.parse(number_text(v)) == v
    assert isinstance(v, int) == (Fraction(a).denominator == 1)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e100, max_value=1e100))
def test_floating_point_numbers_come_back(v: float) -> None:
    assert numbers.to_float(numbers.from_float(v), numbers.FLOATING) == v


@pytest.mark.parametrize("text", ["1e99999", "1e-99999", "9" * 6000, "Inf", "-Inf", "1e999999999999999999"])
def test_numbers_that_are_too_large(text: str) -> None:
    with pytest.raises(NotKnown):
        numbers.parse(text)


@pytest.mark.parametrize("text", ["", "a", "1_0", "0x1", " 1", "1 ", "1e", ".", "+", "--1", "1.2.3", "\u0661"])
def test_what_is_no_number(text: str) -> None:
    assert numbers.parse(text) is None


def test_zero_to_any_power_of_ten_is_zero() -> None:
    assert numbers.parse("0e999999999") == 0
    assert isinstance(Lit(span=span(), v=1).bits, int)
