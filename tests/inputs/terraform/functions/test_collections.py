"""Lists, sets and maps that are known in part."""

from __future__ import annotations

from typing import Any

import pytest

from stockade.inputs.terraform.terms import Alt, Json, Lazy, Lit, Obj, Seq, Unk, Wrong, is_known
from tests.inputs.terraform.functions.support import DOUBT, call, either, hole, lit, obj, ref, said, seq, span, txt, unk

ARN = txt(ref())
STAGE = unk("var.stage", "string")


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("merge", ({"a": 1}, {"b": ARN}), {"a": 1, "b": "<aws_sqs_queue.q.arn>"}),
        ("merge", (unk("var.tags"), {"a": 1}), {"a": 1, "…": None}),
        ("merge", ({"a": 1}, None), {"a": 1}),
        ("concat", (["a"], [ARN]), ["a", "<aws_sqs_queue.q.arn>"]),
        ("concat", (["a"], unk("var.more")), ["a", "…"]),
        ("concat", (seq("a", opened=True), ["b"]), ["a", "b", "…"]),
        ("flatten", ([["a"], [[ARN]], unk("var.s", "string")],), ["a", "<aws_sqs_queue.q.arn>", "?var.s"]),
        ("flatten", ([["a"], unk("var.l")],), ["a", "…"]),
        ("flatten", ([seq("a", opened=True), "b"],), ["a", "b", "…"]),
        ("lookup", ({"a": ARN}, "a"), "<aws_sqs_queue.q.arn>"),
        ("lookup", (obj({"a": 1}, opened=True), "a", 2), 1),
        ("element", ([ARN, "b"], 2), "<aws_sqs_queue.q.arn>"),
        ("element", ([ARN], unk("count.index")), "<aws_sqs_queue.q.arn>"),
        ("values", ({"b": ARN, "a": 1},), [1, "<aws_sqs_queue.q.arn>"]),
        ("values", (obj({"a": 1}, opened=True),), [1, "…"]),
        ("keys", (obj({"b": ARN, "a": 1}, opened=True),), ["a", "b", "…"]),
        ("zipmap", (["a", "b"], [ARN, STAGE]), {"a": "<aws_sqs_queue.q.arn>", "b": "?var.stage"}),
        ("zipmap", (["a"], unk("var.v")), {"a": "?"}),
        ("zipmap", (["a", STAGE], [1, 2]), {"a": "?", "…": None}),  # the stage may be `a` too
        ("toset", ([ARN, "b", "a", "b"],), ["a", "b", "<aws_sqs_queue.q.arn>"]),
        ("toset", ([STAGE, STAGE],), ["?var.stage"]),
        ("tolist", ([1, ARN],), ["1", "<aws_sqs_queue.q.arn>"]),
        ("tomap", ({"a": 1, "b": ARN},), {"a": "1", "b": "<aws_sqs_queue.q.arn>"}),
        ("one", ([ARN],), "<aws_sqs_queue.q.arn>"),
        ("compact", (["a", "", ARN, None],), ["a", "<aws_sqs_queue.q.arn>"]),
        ("compact", (["a", STAGE],), ["a", "…"]),
        ("compact", ([txt(hole(plain=True))],), ["<var.x>"]),
        ("distinct", ([ARN, "a", ARN, "a", STAGE, STAGE],), ["<aws_sqs_queue.q.arn>", "a", "?var.stage"]),
        ("reverse", (["a", ARN],), ["<aws_sqs_queue.q.arn>", "a"]),
        ("slice", (["a", ARN, "c"], 1, 2), ["<aws_sqs_queue.q.arn>"]),
        ("chunklist", ([ARN, "b", "c"], 2), [["<aws_sqs_queue.q.arn>", "b"], ["c"]]),
        ("coalesce", (None, "", ARN), "<aws_sqs_queue.q.arn>"),
        ("coalesce", (unk("region", plain=True), "x"), "?region"),
        ("coalescelist", ([], [ARN]), ["<aws_sqs_queue.q.arn>"]),
        ("setunion", (["a"], [ARN]), ["a", "<aws_sqs_queue.q.arn>"]),
        ("setunion", (["a"], unk("var.l")), ["a", "…"]),
        ("setintersection", (["a", "b"], [ARN, "a"]), ["a", "…"]),  # the ARN may be `b`, as far as is known
        ("setintersection", (["a"], []), []),
        ("setintersection", (unk("var.l"), []), []),
        ("setsubtract", (["a", "b"], ["a"]), ["b"]),
        ("setsubtract", (["a", "b"], [STAGE]), ["…"]),
        ("setproduct", ([ARN], ["a", "b"]), [["<aws_sqs_queue.q.arn>", "a"], ["<aws_sqs_queue.q.arn>", "b"]]),
        ("setproduct", (unk("var.l"), []), []),
        ("setproduct", (unk("var.l"), ["a"]), ["…"]),
        ("sort", (["b", "a"],), ["a", "b"]),
        ("sort", (["b", ARN, "a"],), ["a", "b", "<aws_sqs_queue.q.arn>", "…"]),
        ("transpose", ({"a": ["x"], "b": ["x", STAGE]},), {"x": ["a", "b", "…"], "…": None}),
        ("matchkeys", ([ARN, 2], ["a", "b"], ["a"]), ["<aws_sqs_queue.q.arn>"]),
        ("matchkeys", ([1, 2], ["a", STAGE], ["a"]), [1, "…"]),
        ("length", ([ARN, STAGE],), 2),
        ("length", ({"a": ARN},), 1),
        ("alltrue", ([True, unk("var.b", "bool"), False],), False),
        ("alltrue", ([True, unk("var.b", "bool")],), "?var.b"),
        ("anytrue", ([True, unk("var.b", "bool")],), True),
        ("contains", (["a", STAGE], "a"), True),
        ("contains", ([ARN], "*"), False),  # no ARN is a wildcard
        ("index", (["a", STAGE], "a"), 0),
    ],
)
def test_what_is_known_stays(name: str, args: tuple[Any, ...], expected: Any) -> None:
    assert said(call(name, *args)) == expected


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("length", (seq("a", opened=True),)),
        ("length", (obj({"a": 1}, opened=True),)),
        ("length", (unk("var.l"),)),
        ("length", (seq(unk(), "a", kind="set"),)),  # the two may be one
        ("contains", (seq("a", opened=True), "b")),
        ("contains", (unk("var.l"), "b")),
        ("contains", ([unk()], "b")),
        ("index", ([unk("var.a"), "b"], "b")),
        ("element", (seq("a", opened=True), 0)),
        ("element", (["a", "b"], unk("var.n"))),
        ("lookup", (obj({"a": 1}, opened=True), "b", 2)),
        ("lookup", (unk("var.m"), "b")),
        ("one", (seq("a", opened=True),)),
        ("slice", (seq("a", opened=True), 0, 1)),
        ("coalescelist", (seq(opened=True), ["a"])),
        ("coalesce", (unk(), "a")),
        ("sum", ([1, unk("var.n")],)),
        ("max", (1, unk("var.n"))),
        ("range", (unk("var.n"),)),
    ],
)
def test_what_could_be_otherwise_is_not_told(name: str, args: tuple[Any, ...]) -> None:
    assert type(call(name, *args)) is Unk


def test_what_may_be_overridden_is_not_told() -> None:
    made = call("merge", {"a": 1, "b": 2}, unk("var.more"), {"b": 3})
    assert said(made) == {"a": "?", "b": 3, "…": None}
    made = call("merge", {"a": 1, "b": 2}, obj({"a": 5}, opened=True))
    assert said(made) == {"a": 5, "b": "?", "…": None}


def test_items_keep_their_places() -> None:
    first, second = lit("a", 3), lit("b", 5)
    for made in (
        call("concat", [first], [second]),
        call("flatten", [[first], second]),
        call("compact", [first, second]),
        call("toset", [first, second]),
        call("sort", [second, first]),
        call("distinct", [first, second, lit("a", 9)]),
        call("values", {"a": first, "b": second}),
        call("setunion", [first], [second]),
    ):
        assert isinstance(made, Seq)
        assert [item.span.start for item in made.items] == [3, 5]
    merged = call("merge", Obj(span=span(), entries={"a": first}, keys={"a": span(2)}), {"b": second})
    assert isinstance(merged, Obj)
    assert merged.entries["a"] is first
    assert merged.keys["a"].start == 2
    assert call("lookup", {"a": first}, "a") is first
    assert call("element", [first, second], 1) is second
    assert call("coalesce", None, second) is second
    keys = call("keys", merged)
    assert isinstance(keys, Seq)
    assert keys.items[0].span.start == 2


def test_a_named_unknown_among_known_ones_makes_cases() -> None:
    made = call("contains", ["prod", "live"], STAGE)
    assert said(made) == {
        "`var.stage` is prod": True,
        "`var.stage` is not prod and `var.stage` is live": True,
        "`var.stage` is not prod and `var.stage` is not live": False,
    }


def test_an_unknown_key_chooses_among_the_entries() -> None:
    made = call("lookup", {"dev": 1, "prod": 2}, STAGE, 3)
    assert said(made) == {
        "`var.stage` is dev": 1,
        "`var.stage` is prod": 2,
        "`var.stage` is not dev and `var.stage` is not prod": 3,
    }
    assert said(call("lookup", {"dev": 1, "prod": 2}, STAGE)) == {"`var.stage` is dev": 1, "`var.stage` is prod": 2}
    assert type(call("lookup", {"dev": 1}, unk(), 3)) is Unk


def test_what_may_be_empty_leaves_room_for_the_next() -> None:
    made = call("coalesce", unk("var.cidr", "string"), "0.0.0.0/0")
    assert said(made) == {"`var.cidr` is set": "?var.cidr", "`var.cidr` is not set": "0.0.0.0/0"}


def test_conditional_items_make_cases() -> None:
    assert said(call("flatten", [["a"], either("c", ["b"], [])])) == {"c is true": ["a", "b"], "c is not true": ["a"]}
    assert said(call("compact", ["a", either("c", "b", "")])) == {"c is true": ["a", "b"], "c is not true": ["a"]}
    assert said(call("contains", [either("c", "x", "y")], "x")) == {"c is true": True, "c is not true": False}
    assert said(call("toset", ["a", either("c", "b", "a")])) == {"c is true": ["a", "b"], "c is not true": ["a"]}
    assert said(call("alltrue", [True, either("c", yes=True, no=False)])) == {"c is true": True, "c is not true": False}
    # What is inside of an object stays there.
    made = call("flatten", [[{"effect": either("c", "Allow", "Deny")}]])
    assert said(made) == [{"effect": {"c is true": "Allow", "c is not true": "Deny"}}]


def test_too_many_conditions_leave_what_depends_on_none() -> None:
    items = ["a", *(either(f"c{number}", f"b{number}", "") for number in range(8))]
    made = call("compact", items)
    assert said(made) == ["a", "…"]
    # The same condition eight times is one.
    made = call("compact", ["a", *(either("c", f"b{number}", "") for number in range(8))])
    assert isinstance(made, Alt)
    assert len(made.options) == 2


def test_resources_are_the_objects_that_they_are() -> None:
    inner = obj({"arn": ARN, "name": "q"})
    lazy = Lazy(span=span(), get=lambda name, _: inner.entries[name], whole=lambda: inner, what="aws_sqs_queue.q")
    assert said(call("keys", lazy)) == ["arn", "name"]
    assert said(call("merge", lazy, {"x": 1})) == {"arn": "<aws_sqs_queue.q.arn>", "name": "q", "x": 1}
    assert said(call("lookup", lazy, "name")) == "q"
    assert isinstance(call("jsonencode", lazy), Json)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("concat", (["a"], None)),
        ("concat", ("a",)),
        ("concat", (seq("a", kind="set"),)),
        ("keys", (None,)),
        ("keys", (["a"],)),
        ("length", (None,)),
        ("length", (5,)),
        ("lookup", ({"a": 1}, "b")),
        ("element", ([], 0)),
        ("slice", (["a"], 0, 2)),
        ("one", (["a", "b"],)),
        ("zipmap", (["a"], [1, 2])),
        ("coalesce", (None, "")),
        ("coalescelist", ([], [])),
        ("contains", (["a"], None)),
        ("merge", (["a"],)),
        ("range", (1, 2, 0)),
        ("setproduct", (["a"],)),
        ("sum", ([],)),
        ("max", ()),
        ("tolist", ([1, True],)),
        ("toset", ("a",)),
        ("tomap", ([1],)),
        ("transpose", ({"a": [None]},)),
    ],
)
def test_what_terraform_refuses(name: str, args: tuple[Any, ...]) -> None:
    with pytest.raises(Wrong):
        call(name, *args)


def test_marks() -> None:
    secret = call("sensitive", {"a": [1]})
    assert secret.sensitive
    assert isinstance(secret, Obj)
    assert secret.entries["a"].sensitive  # so that what is taken out stays one
    assert said(call("issensitive", secret)) is True
    assert said(call("issensitive", [secret])) is False
    bare = call("nonsensitive", secret)
    assert isinstance(bare, Obj)
    assert not bare.sensitive
    assert not bare.entries["a"].sensitive
    merged = call("merge", secret, {"b": 2})
    assert isinstance(merged, Obj)
    assert merged.entries["b"].sensitive
    assert not call("merge", {"a": lit(1, sensitive=True)}, {"b": 2}).sensitive


def test_what_would_be_too_large_is_not_made() -> None:
    many = seq(*range(1000))
    assert not is_known(call_or_unknown("setproduct", many, many))
    with pytest.raises(Wrong, match="1024"):
        call("range", 10**9)


def call_or_unknown(name: str, *args: Any) -> Any:
    """As the evaluator calls: what a function gives up on is not known."""
    from stockade.inputs.terraform.terms import NotKnown

    try:
        return call(name, *args)
    except NotKnown as why:
        return Unk(span=span(), doubt=why.doubt)


def test_unknown_lists_keep_their_doubt() -> None:
    made = call("keys", unk("var.m"))
    assert isinstance(made, Unk)
    assert made.doubt is DOUBT
    assert made.name == "keys(var.m)"
    assert made.kind == "list"
    assert isinstance(call("length", unk("var.m")), Unk)
    assert isinstance(call("length", lit("abc")), Lit)
