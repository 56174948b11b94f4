"""Types: reading constraints, and converting terms that are known in part."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.inputs.terraform import types
from stockade.inputs.terraform.terms import Alt, Lazy, Lit, Obj, Seq, Term, Unk, Wrong
from stockade.text.document import Document
from stockade.text.hcl.read import read_expression
from tests.inputs.terraform.functions.support import either, hole, lit, obj, ref, said, seq, span, term, txt, unk

ARN = txt(ref())


def constraint(text: str) -> types.Type:
    tree, problems = read_expression(Document("variables.tf", text, syntax="hcl"), 0, len(text))
    assert not problems
    return types.read_type(tree)


def converted(text: str, v: Any) -> Term:
    return types.convert(term(v), constraint(text), span())


@pytest.mark.parametrize(
    "text",
    [
        "string",
        "number",
        "bool",
        "any",
        "list(string)",
        "set(any)",
        "map(list(number))",
        "tuple([string, bool])",
        "(string)",
    ],
)
def test_constraints_are_read(text: str) -> None:
    assert constraint(text).kind == text.strip("()").partition("(")[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [('"string"', "string"), ('"list"', "list"), ('"map"', "map"), ("list", "list"), ('"list(string)"', "list")],
)
def test_older_constraints_are_read(old: str, new: str) -> None:
    assert constraint(old).kind == new


@pytest.mark.parametrize(
    "text",
    [
        '"strin"',
        "text",
        "list(1)",
        "list(string, number)",
        "tuple(string)",
        "object(string)",
        "object({ a = optional() })",
        "object({ a = optional(string, var.x) })",
        "object({ (1 + 1) = string })",
        "list([])",
        "set",
        "optional(string)",
        '"list(strin)"',
    ],
)
def test_what_is_no_constraint(text: str) -> None:
    with pytest.raises(Wrong):
        constraint(text)


def test_optional_attributes() -> None:
    found = constraint(
        'object({ a = string, b = optional(number), c = optional(list(string), ["x", 1]), "d" = optional(bool, !false) })'
    )
    assert list(found.attributes) == ["a", "b", "c", "d"]
    assert {name: default and said(default) for name, default in found.optional.items()} == {
        "b": None,
        "c": ["x", "1"],
        "d": True,
    }


@pytest.mark.parametrize(
    ("text", "v", "expected"),
    [
        ("string", 1, "1"),
        ("string", ARN, "<aws_sqs_queue.q.arn>"),
        ("list(string)", [1, ARN], ["1", "<aws_sqs_queue.q.arn>"]),
        ("set(string)", ["b", ARN, "a", "b"], ["a", "b", "<aws_sqs_queue.q.arn>"]),
        ("map(string)", {"a": 1, "b": unk("var.x")}, {"a": "1", "b": "?var.x"}),
        ("object({ a = string })", {"a": 1, "b": 2}, {"a": "1"}),
        ('object({ a = string, b = optional(string, "d") })', {"a": ARN}, {"a": "<aws_sqs_queue.q.arn>", "b": "d"}),
        ('object({ a = optional(string, "d") })', {"a": None}, {"a": "d"}),
        ('object({ a = optional(string, "d") })', {"a": unk("var.x")}, {"a": "?var.x"}),
        (
            'object({ a = optional(string, "d") })',
            {"a": either("c", None, "e")},
            {"a": {"c is true": "d", "c is not true": "e"}},
        ),
        ("object({ a = optional(string) })", obj({}, opened=True), {"a": "?"}),
        ("object({ a = string })", obj({}, opened=True), {"a": "?"}),
        ("list(object({ a = optional(number, 1) }))", [{}, {"a": "2"}], [{"a": 1}, {"a": 2}]),
        ("map(any)", obj({"a": 1}, opened=True), {"a": 1, "…": None}),
        ("list(any)", [1, unk("var.x")], [1, "?var.x"]),
        ("list(any)", ["a", 1, unk("var.x")], ["a", "1", "?var.x"]),
        ("list(any)", [{"a": 1}, unk("var.x")], [{"a": 1}, "?var.x"]),
        ("list(string)", seq(1, opened=True), ["1", "…"]),
        ("any", {"a": [1]}, {"a": [1]}),
        ("list(string)", None, None),
        ("bool", either("c", "true", "false"), {"c is true": True, "c is not true": False}),
        ("number", txt(ref("aws_x.y.size", lit("12"))), 12),
    ],
)
def test_conversions_keep_what_is_known(text: str, v: Any, expected: Any) -> None:
    assert said(converted(text, v)) == expected


@pytest.mark.parametrize(
    ("text", "v", "kind"),
    [
        ("string", unk("var.x"), "string"),
        ("number", unk("var.x", "string"), "number"),
        ("bool", txt(hole()), "bool"),
        ("number", ARN, "number"),
        ("list(string)", unk("var.x"), "list"),
        ("set(string)", unk("var.x", "list"), "set"),
        ("tuple([string])", unk("var.x"), "list"),
        ("object({ a = string })", unk("var.x", "map"), "object"),
        ("any", unk("var.x", "map"), "map"),
    ],
)
def test_unknown_terms_get_their_kind(text: str, v: Any, kind: str) -> None:
    made = converted(text, v)
    assert isinstance(made, Unk)
    assert made.kind == kind
    if isinstance(v, Unk):
        assert (made.name, made.doubt) == (v.name, v.doubt)


@pytest.mark.parametrize(
    ("text", "v"),
    [
        ("string", ["a"]),
        ("string", {"a": 1}),
        ("number", "x"),
        ("number", True),
        ("bool", 1),
        ("list(string)", "a"),
        ("list(string)", {"a": 1}),
        ("list(string)", [["a"]]),
        ("map(string)", ["a"]),
        ("object({ a = string })", {}),
        ("tuple([string])", ["a", "b"]),
        ("list(any)", [1, True]),
        ("list(any)", [1, []]),
        ("string", unk("var.x", "list")),
        ("list(string)", unk("var.x", "number")),
        ("map(string)", unk("var.x", "string")),
        ("list(string)", ARN),
    ],
)
def test_what_can_not_be_converted(text: str, v: Any) -> None:
    with pytest.raises(Wrong):
        converted(text, v)


def test_items_keep_their_places() -> None:
    first = lit("a", 7)
    made = converted("list(string)", [first])
    assert isinstance(made, Seq)
    assert made.items[0] is first
    given = Obj(span=span(), entries={"a": lit(1, 7)}, keys={"a": span(5)}, places={"a": span(6)})
    made = types.convert(given, constraint("object({ a = string })"), span())
    assert isinstance(made, Obj)
    assert (made.entries["a"].span.start, made.keys["a"].start, made.places["a"].start) == (7, 5, 6)


def test_of_a_resource_only_what_is_wanted_is_asked_for() -> None:
    def get(name: str, _: Any) -> Term:
        if name != "arn":
            raise Wrong("nobody asked for this")
        return ARN

    def whole() -> Obj:
        raise AssertionError("nobody asked for all of it")

    lazy = Lazy(span=span(), get=get, whole=whole, what="aws_sqs_queue.q")
    assert said(types.convert(lazy, constraint("object({ arn = string })"), span())) == {"arn": "<aws_sqs_queue.q.arn>"}
    assert types.convert(lazy, types.ANY, span()) is lazy


def test_a_named_truth_value_is_one_or_the_other() -> None:
    made = types.choices(converted("bool", unk("var.on")))
    assert said(made) == {"`var.on` is true": True, "`var.on` is false": False}
    assert isinstance(made, Alt)
    assert types.choices(unk("", "bool")) is not made
    assert isinstance(types.choices(unk("", "bool")), Unk)
    assert isinstance(types.choices(unk("var.s", "string")), Unk)
    nested = types.choices(either("c", unk("var.on", "bool"), lit(v=True)))
    assert said(nested) == {
        "c is true and `var.on` is true": True,
        "c is true and `var.on` is false": False,
        "c is not true": True,
    }


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ((1, "a"), ["1", "a"]),
        (([1], ["a", "b"]), [["1"], ["a", "b"]]),
        (({"a": 1}, {"b": "x"}), [{"a": "1"}, {"b": "x"}]),
        ((None, 1), [None, 1]),
        ((unk("var.x"), 1), ["?var.x", 1]),
        ((ARN, 1), ["<aws_sqs_queue.q.arn>", "1"]),
        ((seq("b", "a", kind="set"), ["c"]), [["b", "a"], ["c"]]),
    ],
)
def test_branches_become_one_type(terms: tuple[Any, Any], expected: Any) -> None:
    assert [said(made) for made in types.together(tuple(map(term, terms)), span())] == expected


@pytest.mark.parametrize("terms", [(1, True), (1, [1]), ([1], {"a": 1}), ({"a": 1}, {"b": [1]})])
def test_branches_without_a_type_in_common(terms: tuple[Any, Any]) -> None:
    with pytest.raises(Wrong):
        types.together(tuple(map(term, terms)), span())


def test_a_set_holds_each_once_in_order() -> None:
    items = [term(v) for v in ("b", "a", "b", "\u00e9", "Z")]
    assert [said(item) for item in types.in_set(items)] == ["Z", "a", "b", "\u00e9"]
    items = [term(v) for v in (10, 9, 2, 10)]
    assert [said(item) for item in types.in_set(items)] == [2, 9, 10]
    items = [term(v) for v in (["b"], ["a", "b"], ["a"], ["b"])]
    assert [said(item) for item in types.in_set(items)] == [["a", "b"], ["a"], ["b"]]
    assert isinstance(types.in_set([lit(v=True), lit(v=False)])[0], Lit)
