"""Every function, operator and conversion against Terraform itself.

What `terraform console` gave is recorded (`python -m scripts.oracles.record_functions`): for expressions that were written by
hand (`terraform/functions.txt`), and for many that are made at random. Where Terraform is at hand it is asked for others, made
anew; where it is not, the recorded ones stand in their place.

An answer is right if it is the same value, written the same way, and of the same type as far as ours are told apart; or if it
is wrong for both. What is not known to us is listed, as is what we say otherwise on purpose.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, cast

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scripts.oracles.console import Answer, Console
from scripts.oracles.expressions import Maker

from stockade.inputs.terraform import types
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.expressions import Evaluator, Scope
from stockade.inputs.terraform.functions import Files, functions
from stockade.inputs.terraform.terms import Lit, NotKnown, Term, Wrong, is_known, json_text, plain
from stockade.text.document import Document, Span
from stockade.text.hcl import nodes as hcl
from stockade.text.hcl.read import read_expression, read_hcl, read_template

EXAMPLES = 5  # of a hundred expressions each
HERE = Path(__file__).parent / "terraform"
FILES = HERE / "files"

# What Terraform knows and we do not, and why.
UNKNOWN = {
    'base64gzip("a")': "how it is compressed is up to the compressor",
    'cidrhost("::ffff:10.0.0.0/104",5)': "an address of IPv4 within IPv6, of which Terraform makes something odd",
    'file("sub")': "a folder is not told from a file that can't be read",
    'regex("\\\\p{Greek}+","a\u03b1\u03b2")': "a class of characters by their script, of which Python has no list",
    'timeadd("9999-12-31T23:59:59Z","1s")': "a year of five digits",
    'yamlencode({"k\\nl"=1})': "a key of several lines",
    'yamlencode({a="\\ufeffx"})': "a byte order mark",
}
UNKNOWN_IF = (
    (re.compile(r"yamlencode\(\{\"a long key"), "a key that is too long to stand on the line of its value"),
    (re.compile(r"pow\([^,]+, \"?-?[0-9]*\.[0-9]+"), "a power by a fraction, whose last digits depend on the machine"),
    (re.compile(r'file\(""\)|yamldecode\(file\("sub"\)\)'), "a folder is not told from a file that can't be read"),
    (re.compile(r"file[a-z0-9]*\(\"/"), "a path that leads elsewhere: nothing is read there"),
    (re.compile(r"cidrsubnet\(.*,\s*-"), "a range outside of the one it is part of"),
    (re.compile(r"filebase64\(|filebase64sha|filemd5|filesha"), "a file that is not there may be what a build makes"),
)
# Terraform refuses to put an empty collection that has no type beside one of objects or lists, and takes it beside one of
# texts (and, in another order, beside anything): we always take it. Nothing is lost by that, and it matters to nobody.
UNTYPED = re.compile(r"tomap\(\{\}\)|to(?:list|set)\(\[\]\)")
# What we say where Terraform says otherwise: its own answer after this, and why.
OTHERWISE = {
    "false&&null": ("false", "what decides, decides"),
    "true||null": ("true", "what decides, decides"),
    'true||"x"': ("true", "what decides, decides"),
    'regex("\\\\p{Foo}","a")': (None, "there is no such script, but we have no list of them"),
}
# What the evaluator answers by itself: what is sensitive is told of values, not of how they were chosen.
EVALUATOR = re.compile(r"issensitive\((sensitive\(true\) \?|\[for)")


class Module:
    """As much of a module as expressions of the tests ask for."""

    address = ""
    folder = ""
    root_folder = ""

    def __init__(self, evaluator: Evaluator) -> None:
        disk = Disk(FILES)
        self.files = Files(
            read=disk.text, raw=disk.raw, list_=disk.listing, template=lambda path: read_template(disk.text(path))
        )
        self._evaluator = evaluator
        self._locals = read_hcl(disk.text("main.tf")).body.blocks[0].body.attributes

    def path(self, word: str, span: Span) -> Term:
        return Lit(span=span, v=".")

    def local(self, name: str, span: Span) -> Term:
        return self._evaluator.evaluate(self._locals[name].expr, Scope(cast("Any", self)))


@cache
def scope() -> tuple[Evaluator, Scope]:
    evaluator = Evaluator()
    return evaluator, Scope(cast("Any", Module(evaluator)))


def evaluated(expression: str) -> Term:
    """Our term of an expression; raises Wrong."""
    document = Document("console.tf", expression, syntax="hcl")
    tree, problems = read_expression(document, 0, len(expression))
    if problems:
        raise Wrong(problems[0].message)
    evaluator, names = scope()
    if isinstance(tree, hcl.Conditional):
        # The branches of a condition become one type, whichever is chosen.
        condition = types.convert(evaluator.evaluate(tree.condition, names), types.BOOL, tree.span)
        branches = evaluator.evaluate(tree.then, names), evaluator.evaluate(tree.otherwise, names)
        chosen = dict(zip((True, False), types.together(branches, tree.span), strict=True))
        v = plain(condition)
        if v is None:
            raise Wrong("null is no condition")
        return chosen[v]
    return evaluator.evaluate(tree, names)


def answer(expression: str, make: Any = evaluated) -> Answer:
    """What we say of an expression, in the form of the record."""
    try:
        term = make(expression)
        return Answer(expression, json_text(plain(term)), shown(types.type_of(term)))
    except Wrong:
        return Answer(expression, no="wrong")
    except NotKnown:
        return Answer(expression, no="unknown")


def shown(t: types.Type) -> str:
    """A type as the console shows it, in one line."""
    if t.kind in {"any", "none"}:
        return "dynamic"
    if t.kind == "tuple":
        return f"tuple([{','.join(map(shown, t.items))}])"
    if t.kind == "object":
        return f"object({{{','.join(f'{key}: {shown(held)}' for key, held in sorted(t.attributes.items()))}}})"
    return f"{t.kind}({shown(t.item)})" if t.item is not None else t.kind


def differs(theirs: Answer, ours: Answer) -> str | None:
    """How ours differs from theirs; None where it does not."""
    if theirs.no in {"infinite", "unknown"}:
        return None if ours.no else f"{theirs.expr}: Terraform does not know it, ours is {ours}"
    if theirs.no or ours.no:
        return None if theirs.no == ours.no else f"{theirs.expr}: theirs is {theirs}, ours {ours}"
    if theirs.json == "-0":  # zero has no sign here
        return None if ours.json == "0" else f"{theirs.expr}: theirs is zero, ours {ours.json}"
    if theirs.json != ours.json:
        return f"{theirs.expr}: theirs is {theirs.json}, ours {ours.json}"
    # A null, and an empty list, do not say of what type they are.
    if "dynamic" not in ours.type and "".join(theirs.type.split()) != "".join(ours.type.split()):
        return f"{theirs.expr}: theirs is of type {theirs.type}, ours of {ours.type}"
    return None


class Recorded(msgspec.Struct):
    signatures: dict[str, Any]
    written: list[Answer]
    random: list[Answer]


class Conversions(msgspec.Struct):
    conversions: list[Answer]


@cache
def recorded() -> Recorded:
    return msgspec.json.decode((HERE / "functions.json").read_bytes(), type=Recorded)


def expected(theirs: Answer) -> str | None:
    """Why an expression is not known to us, or said otherwise."""
    known = UNKNOWN.get(theirs.expr)
    if known is not None:
        return known
    return next((why for pattern, why in UNKNOWN_IF if pattern.match(theirs.expr)), None)


def disagreements(answers: list[Answer]) -> list[str]:
    """Where ours differ from theirs for no reason that is stated."""
    found: list[str] = []
    for theirs in answers:
        if theirs.expr in OTHERWISE or EVALUATOR.search(theirs.expr):
            continue
        ours = answer(theirs.expr)
        if ours.no == "unknown" and expected(theirs) is not None:
            continue
        if theirs.no == "wrong" and not ours.no and UNTYPED.search(theirs.expr):
            continue
        difference = differs(theirs, ours)
        if difference is not None:
            found.append(difference)
    return found


# ------------------------------------------------------------------------------------------------------------ what is there


def test_every_function_is_there() -> None:
    # `try` and `can` are not given values but expressions, so that the evaluator does them.
    assert set(functions()) - {"list", "map"} == set(recorded().signatures) - {"try", "can"}


def test_every_function_was_asked_for() -> None:
    text = (HERE / "functions.txt").read_text(encoding="utf-8")
    random = {"bcrypt", "plantimestamp", "timestamp", "uuid", "rsadecrypt"}
    asked = set(re.findall(r"\b([a-z0-9]+)\(", text))
    assert set(recorded().signatures) - asked - random == set()


def test_record_holds_what_is_asked() -> None:
    lines = (HERE / "functions.txt").read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line.strip() and not line.startswith("#")]
    assert [theirs.expr for theirs in recorded().written] == asked


@pytest.mark.parametrize("name", ["list", "map"])
def test_what_was_removed_is_wrong(name: str) -> None:
    assert answer(f'{name}("a", "b")').no == "wrong"


@pytest.mark.parametrize("call", ["timestamp()", "plantimestamp()", "uuid()", 'bcrypt("a")', 'rsadecrypt("a", "b")'])
def test_what_is_another_each_time_is_not_known(call: str) -> None:
    assert not is_known(evaluated(call))


# ------------------------------------------------------------------------------------------------------------- as recorded


def test_written_expressions_are_as_recorded() -> None:
    assert disagreements(recorded().written) == []


def test_random_expressions_are_as_recorded() -> None:
    assert disagreements(recorded().random) == []


def test_the_reasons_for_not_knowing_are_in_use() -> None:
    written = {theirs.expr for theirs in recorded().written}
    assert set(UNKNOWN) <= written
    for expression in UNKNOWN:
        assert answer(expression).no == "unknown", expression
    every = [*recorded().written, *recorded().random]
    for pattern, _ in UNKNOWN_IF:
        assert any(pattern.match(a.expr) and answer(a.expr).no == "unknown" for a in every), pattern


@pytest.mark.parametrize("expression", OTHERWISE)
def test_what_is_said_otherwise_on_purpose(expression: str) -> None:
    theirs = next(a for a in recorded().written if a.expr == expression)
    ours = answer(expression)
    assert ours.json == (OTHERWISE[expression][0] or "")
    assert differs(theirs, ours) is not None


def test_few_are_left_to_the_evaluator() -> None:
    assert len([a for a in recorded().written if EVALUATOR.search(a.expr)]) < 5


# ------------------------------------------------------------------------------------------------------------- conversions


def converted(case: str) -> Term:
    """What a variable of a type makes of an expression."""
    type_, _, expression = case.partition(" <- ")
    document = Document("variables.tf", type_, syntax="hcl")
    tree, problems = read_expression(document, 0, len(type_))
    assert not problems
    given_ = evaluated(expression)
    return types.convert(given_, types.read_type(tree), given_.span)


def test_conversions_are_as_recorded() -> None:
    known = msgspec.json.decode((HERE / "functions_conversions.json").read_bytes(), type=Conversions).conversions
    asked = [line for line in (HERE / "conversions.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert [theirs.expr for theirs in known] == asked
    found = [differs(theirs, answer(theirs.expr, converted)) for theirs in known]
    assert [difference for difference in found if difference is not None] == []


# --------------------------------------------------------------------------------------------------------------------- live


# Making a failing batch smaller would ask Terraform a hundred times over, to show what the message shows anyway.
@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(random=st.randoms(use_true_random=False))
def test_other_expressions_are_as_terraform_has_them(random: Random) -> None:
    maker = Maker(recorded().signatures, random)
    if shutil.which("terraform") is None:
        theirs = [random.choice(recorded().random) for _ in range(100)]
    else:
        theirs = Console(FILES).ask([maker.expression() for _ in range(100)])
    assert disagreements(theirs) == []
