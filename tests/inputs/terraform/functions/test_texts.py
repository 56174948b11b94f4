"""Texts that are known in part: what functions keep of them, and where they say that they do not know."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.inputs.terraform.terms import Txt, Unk, Wrong, is_known
from tests.inputs.terraform.functions.support import call, either, hole, lit, ref, said, seq, txt, unk

ARN = ref()
REGION = hole("region", plain=True)
STAGE = hole("var.stage")


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("join", ("-", ["a", txt("x", STAGE), "b"]), "a-x<var.stage>-b"),
        ("join", ("/", ["a", unk("var.b")]), "a/<var.b>"),
        ("join", (txt(STAGE), ["a", "b"]), "a<var.stage>b"),
        ("join", (",", [txt(ARN)]), "<aws_sqs_queue.q.arn>"),
        ("join", (",", ["a"], ["b"]), "a,b"),
        ("format", ("%s/%v", txt(ARN), "x"), "<aws_sqs_queue.q.arn>/x"),
        ("format", ("%d-%s", unk("var.n", "number"), "x"), "<var.n>-x"),
        ("format", ("%03d", unk("var.n", "number")), '<format("%03d", var.n)>'),
        ("format", ("%q", txt('a"', STAGE)), '"a\\"<var.stage>"'),
        ("format", ("%v", [txt(ARN), 1]), '["<aws_sqs_queue.q.arn>",1]'),
        ("lower", (txt("ARN:", ARN, "/X"),), "arn:<lower(aws_sqs_queue.q.arn)>/x"),
        ("upper", (txt("a", STAGE),), "A<upper(var.stage)>"),
        ("lower", (txt(ref("aws_s3_bucket.b.bucket", lit("Logs")), "-X"),), "logs-x"),
        ("trimspace", (txt("  a", STAGE, "b \n"),), "a<var.stage>b"),
        ("trimspace", (txt(" ", REGION, " "),), "<region>"),
        ("chomp", (txt(ARN, "\n"),), "<aws_sqs_queue.q.arn>"),
        ("trimprefix", (txt("arn:aws:", STAGE), "arn:"), "aws:<var.stage>"),
        ("trimprefix", (txt("x-", STAGE), "arn:"), "x-<var.stage>"),
        ("trimsuffix", (txt(ARN, ":*"), ":*"), "<aws_sqs_queue.q.arn>"),
        ("replace", (txt(ARN, ":*"), ":*", ""), "<aws_sqs_queue.q.arn>"),
        ("replace", (txt("a:", REGION, ":b"), ":", "/"), "a/<region>/b"),
        ("replace", ("a-b", "-", txt(STAGE)), "a<var.stage>b"),
        ("replace", (txt(ref("aws_iam_role.r.name", lit("a_b")), "_c"), "_", "-"), "a-b-c"),
        ("replace", (txt(ref("aws_iam_role.r.name", txt("a_", REGION)), ":c"), ":", "-"), "a_<region>-c"),
        ("indent", (2, txt("a\nb", ARN, "\n")), "a\n  b<aws_sqs_queue.q.arn>\n  "),
        ("indent", (2, txt("a\n", STAGE)), "a\n  <indent(2, var.stage)>"),
        ("substr", (txt("arn:aws", STAGE), 0, 3), "arn"),
        ("substr", (txt("arn:aws", STAGE), 4, 3), "aws"),
        ("substr", (txt("arn:", STAGE), 0, -1), "arn:<var.stage>"),
        ("formatlist", ("%s/*", [txt(ARN), "b"]), ["<aws_sqs_queue.q.arn>/*", "b/*"]),
        ("split", (":", txt("a:", REGION, ":b")), ["a", "<region>", "b"]),
        ("split", (",", txt("a,b,", STAGE, ",c")), ["a", "b", "…"]),
        ("split", ("/", txt(ref("aws_api.a.arn", lit("x/y")), "/z")), ["x", "y", "z"]),
    ],
)
def test_what_is_known_stays(name: str, args: tuple[Any, ...], expected: Any) -> None:
    assert said(call(name, *args)) == expected


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("replace", (txt(STAGE, "-b"), "-", "_")),  # the stage may hold a `-`
        ("replace", (txt("a", ARN, "b"), "ab", "_")),  # the ARN may be anything but a wildcard
        ("replace", (txt(REGION, ":b"), "/:/", "_")),
        ("trimprefix", (txt(STAGE, "x"), "a")),
        ("trimprefix", (txt("ar", STAGE), "arn:")),  # the stage may begin with `n:`
        ("trimsuffix", (txt("x", STAGE), "/")),
        ("trimspace", (txt(" ", STAGE),)),
        ("chomp", (txt("a", STAGE, "\n"),)),
        ("trim", (txt("-", STAGE, "-"), "-")),
        ("strrev", (txt("a", STAGE),)),
        ("title", (txt("a", STAGE),)),
        ("regex", ("a+", txt("a", STAGE))),
        ("regexall", ("a+", txt("a", STAGE))),
        ("base64encode", (txt("a", STAGE),)),
        ("sha256", (txt("a", STAGE),)),
        ("urlencode", (unk("var.x"),)),
        ("substr", (txt(STAGE, "x"), 0, 1)),
        ("length", (txt("a", STAGE),)),
        ("cidrsubnet", (unk("var.cidr"), 8, 1)),
    ],
)
def test_what_could_be_otherwise_is_not_told(name: str, args: tuple[Any, ...]) -> None:
    assert not is_known(call(name, *args))


def test_what_is_cut_off_keeps_its_start() -> None:
    made = call("substr", txt("arn:aws:", STAGE), 0, 60)
    assert isinstance(made, Txt)
    assert made.parts[0] == "arn:aws:"
    assert len(made.parts) == 2


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("startswith", (txt("arn:", STAGE), "arn"), True),
        ("startswith", (txt("arn:", STAGE), "x"), False),
        ("startswith", (txt("ar", STAGE), "arn"), "unknown"),
        ("startswith", (txt(STAGE, "x"), "arn"), "unknown"),
        ("endswith", (txt(STAGE, "/*"), "*"), True),
        ("endswith", (txt(STAGE, "/x"), "/*"), False),
        ("endswith", (txt(STAGE, "*"), "/*"), "unknown"),
        ("strcontains", (txt("a:b", STAGE), ":"), True),
        ("strcontains", (txt("ab", STAGE), ":"), "unknown"),
        ("strcontains", (txt("ab", REGION), ":"), False),
        ("strcontains", (txt("ab", ARN), "*"), False),
        ("strcontains", (txt("a", ARN, "b"), "ab"), "unknown"),
    ],
)
def test_questions(name: str, args: tuple[Any, ...], expected: object) -> None:
    made = call(name, *args)
    assert (said(made) if is_known(made) else "unknown") == expected


def test_the_same_unknown_has_the_same_name() -> None:
    first, second = call("trimsuffix", unk("var.domain"), "."), call("trimsuffix", unk("var.domain"), ".")
    assert isinstance(first, Unk)
    assert isinstance(second, Unk)
    assert first.name == second.name == 'trimsuffix(var.domain, ".")'
    nameless = call("trimsuffix", unk(), ".")
    assert isinstance(nameless, Unk)
    assert nameless.name == ""


def test_a_case_that_is_wrong_is_left_out() -> None:
    assert said(call("join", ",", ["a", either("c", "b", None)])) == "a,b"


def test_conditional_items_make_cases() -> None:
    made = call("join", ",", ["a", either("c", "b", "d")])
    assert said(made) == {"c is true": "a,b", "c is not true": "a,d"}
    made = call("formatlist", "%s!", [either("c", "x", "y")])
    assert said(made) == {"c is true": ["x!"], "c is not true": ["y!"]}


def test_what_comes_of_a_secret_is_one() -> None:
    secret = lit("s", sensitive=True)
    for name, args in (
        ("join", (",", [secret])),
        ("format", ("%s", secret)),
        ("upper", (secret,)),
        ("upper", (txt("a", STAGE, sensitive=True),)),
        ("split", (",", secret)),
        ("replace", (secret, "s", "t")),
        ("sha256", (secret,)),
        ("regex", ("s", secret)),
        ("base64encode", (secret,)),
        ("length", (secret,)),
    ):
        assert call(name, *args).sensitive, name
    assert not call("join", ",", ["a"]).sensitive


def test_null_is_refused() -> None:
    for name, args in (
        ("upper", (None,)),
        ("join", (",", ["a", None])),
        ("replace", ("a", None, "b")),
        ("split", (",", None)),
    ):
        with pytest.raises(Wrong):
            call(name, *args)


def test_too_few_arguments_are_refused() -> None:
    for name, args in (("upper", ()), ("upper", ("a", "b")), ("join", (",",)), ("replace", ("a", "b")), ("format", ())):
        with pytest.raises(Wrong, match="argument"):
            call(name, *args)


def test_a_list_that_may_be_longer_joins_to_a_text_with_a_hole() -> None:
    made = call("join", ",", seq("a", "b", opened=True))
    assert isinstance(made, Txt)
    assert made.parts[0] == "a,b"
    assert len(made.parts) == 2


@given(
    st.lists(st.sampled_from(["a", ":", "*", "ab", "b:"]), max_size=4),
    st.lists(st.sampled_from(["", "a", ":", "x:y", "*", "b"]), min_size=3, max_size=3),
    st.sampled_from(["a", ":", "b:", ":*", "ab", "a:b", "**"]),
)
def test_a_replacement_holds_whatever_the_unknown_is(literals: list[str], fillings: list[str], wanted: str) -> None:
    """Against the same done on whole texts, for several of what the unknown parts may be."""
    parts: list[Any] = []
    for number, literal in enumerate(literals):
        parts += [literal, hole(f"h{number}")]
    if not parts:
        return
    made = call("replace", txt(*parts), wanted, "_")
    if not isinstance(made, Txt):
        return  # it says that it does not know
    filled = {f"h{number}": fillings[number % 3] for number in range(len(literals))}
    whole = "".join(p if isinstance(p, str) else filled[p.name] for p in parts)
    assert "".join(p if isinstance(p, str) else filled[getattr(p, "name", "")] for p in made.parts) == whole.replace(
        wanted, "_"
    )


@given(
    st.lists(st.sampled_from(["a", "-", "/", "ab", "b/"]), min_size=1, max_size=4),
    st.lists(st.sampled_from(["eu-west-1", "eu", "a", "b/c"]), min_size=3, max_size=3),
    st.sampled_from(["a", ":", "b:", ":*", "*", "a:b", ": "]),
    st.sampled_from(["split", "replace", "strcontains"]),
)
def test_plain_parts_hold_neither_colons_nor_wildcards(
    literals: list[str], fillings: list[str], wanted: str, name: str
) -> None:
    parts: list[Any] = []
    for number, literal in enumerate(literals):
        parts += [literal, ":" if number % 2 else "*", hole(f"h{number}", plain=True)]
    filled = {f"h{number}": fillings[number % 3] for number in range(len(literals))}
    whole = "".join(p if isinstance(p, str) else filled[p.name] for p in parts)
    args: tuple[Any, ...] = {
        "split": (wanted, txt(*parts)),
        "replace": (txt(*parts), wanted, "_"),
        "strcontains": (txt(*parts), wanted),
    }[name]
    expected: Any = {
        "split": whole.split(wanted),
        "replace": whole.replace(wanted, "_"),
        "strcontains": wanted in whole,
    }[name]
    made = call(name, *args)

    def fill(v: Any) -> Any:
        if isinstance(v, list):
            return [fill(item) for item in v]
        if isinstance(v, str):
            for hole_name, filling in filled.items():
                v = v.replace(f"<{hole_name}>", filling)
        return v

    found = fill(said(made))
    if isinstance(found, str) and found.startswith("?"):
        return
    if isinstance(found, list) and found[-1:] == ["…"]:
        assert expected[: len(found) - 1] == found[:-1]
    else:
        assert found == expected
