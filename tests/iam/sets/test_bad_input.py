"""Whatever stands where policies do: an answer comes, in time, the same one each time, and nothing is raised."""

from __future__ import annotations

import datetime
import itertools
import os
import subprocess
import sys
from typing import Any

import pytest

from stockade.iam.sets.questions import Answer, Proved, Refuted, Unknown, implies
from tests.oracles.iam.pairs import Maker

Document = dict[str, Any]


def policy(*statements: Document, version: str = "2012-10-17") -> Document:
    return {"Version": version, "Statement": list(statements)}


def allow(condition: Document | None = None, **parts: Any) -> Document:
    made = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **parts}
    return made if condition is None else {**made, "Condition": condition}


ALL = policy(allow())


def nested(depth: int) -> list[Any]:
    out: list[Any] = []
    for _ in range(depth):
        out = [out]
    return out


ITSELF: list[Any] = []
ITSELF.append(ITSELF)
ODD: list[Any] = [
    *(
        None,
        1,
        1.5,
        float("nan"),
        float("inf"),
        10**5000,
        True,
        b"x",
        {"a": 1},
        {1, 2},
        datetime.date(2020, 1, 1),
        (1, 2),
    ),
    *(
        object(),
        "",
        "\0",
        "\ud800",
        "\U000f0000",
        "\U000f0010",
        "\U0010ffff",
        "\ue000",
        "\x01",
        "é",
        "e\u0301",
        "\u017f\u212a",
    ),
    *(
        "${",
        "${}",
        "${ }",
        "${aws:username",
        "${a,'b'}",
        "${${a}}",
        "${*",
        "$",
        "*" * 100,
        "?" * 100,
        "arn:",
        "arn:::::",
    ),
    *(
        "::::::",
        "arn:aws:s3:::\n*",
        "--5",
        "1/3",
        "1_0",
        "٣",
        "1e999999999",
        "9" * 5000,
        "2026-13-01",
        "0001",
        "10.0.0",
    ),
    *("10.0.0.0/33", "::1%eth0", "10.0.0.0/255.0.0.0", nested(900), nested(100_000), ITSELF, {"AWS": ITSELF}),
]
PLACES = (
    *("Resource", "NotResource", "Action", "NotAction", "Sid", "Principal", "NotPrincipal", "Effect", "Condition"),
    *("Version", "Statement"),
)
OPERATORS = (
    *(
        "StringEquals",
        "StringLike",
        "ArnLike",
        "StringEqualsIgnoreCase",
        "BinaryEquals",
        "Bool",
        "Null",
        "NumericEquals",
    ),
    *(
        "NumericLessThan",
        "DateEquals",
        "DateLessThan",
        "IpAddress",
        "ForAllValues:StringLike",
        "ForAnyValue:NotIpAddress",
    ),
)


def is_honest(answer: Answer) -> bool:
    return not isinstance(answer, Unknown) or "please report" not in answer.reason


@pytest.mark.parametrize("place", PLACES)
def test_odd_things_in_every_place(place: str) -> None:
    for odd in ODD:
        document = {**ALL, place: odd} if place in ALL else policy(allow(**{place: odd}))
        assert all(is_honest(implies(*pair)) for pair in itertools.permutations((document, ALL)))
        assert is_honest(implies(document, document))


@pytest.mark.parametrize("operator", OPERATORS)
def test_odd_values_of_every_operator(operator: str) -> None:
    for odd, key in itertools.product(ODD, ("aws:SourceIp", "zz:k", "aws:CurrentTime", "s3:max-keys", "aws:TagKeys")):
        document = policy(allow({operator: {key: odd}}))
        denied = policy(allow(), {**allow({operator: {key: odd}}), "Effect": "Deny"})
        assert is_honest(implies(document, ALL))
        assert is_honest(implies(ALL, document))
        assert is_honest(implies(ALL, denied))


@pytest.mark.parametrize("document", [None, 1, "text", [], [ALL], {}, {"Statement": "x"}, {"Statement": [[allow()]]}])
def test_what_is_no_policy(document: Any) -> None:
    assert isinstance(implies(document, ALL), Unknown)
    assert isinstance(implies(ALL, document), Unknown)


HUNDRED = "arn:aws:s3:::" + "*a*b" * 50


@pytest.mark.parametrize(
    ("new", "old", "kind"),
    [
        (allow(Resource=HUNDRED), allow(Resource=HUNDRED), Proved),
        (allow(Resource=HUNDRED), allow(Resource="arn:aws:s3:::" + "*b*a" * 50), Refuted),
        (allow(Resource="a".join("*" * 900)), allow(Resource="b".join("*" * 900)), Refuted),
        (allow(Resource="*" * 1001), allow(Resource="x"), Unknown),
        # Texts whose last 26th character is an `a`, over and over: a subset automaton has 2 to the 26th states.
        (
            allow(Resource="*a" + "?" * 25),
            [
                allow(Resource=["*c" + "?" * n + "d" + "?" * (24 - n) for n in range(20)]),
                allow(Resource="*b" + "?" * 20 + "*"),
            ],
            Unknown | Refuted,
        ),
    ],
)
def test_many_wildcards(new: Document, old: Any, kind: Any) -> None:
    answer = implies(policy(new), policy(*(old if isinstance(old, list) else [old])), steps=300_000)
    assert isinstance(answer, kind), answer


def test_a_question_that_takes_too_long_says_so() -> None:
    # A condition that wants the same of a key makes sure that no candidate does.
    wild = allow({"StringLike": {"zz:k": "*a" + "?" * 25}}, Resource="*")
    others = [
        allow({"StringLike": {"zz:k": "*a" + "?" * 24 + "b"}}),
        allow({"StringLike": {"zz:k": "*b" + "?" * 20 + "*"}}),
        allow({"StringLike": {"zz:k": ["*c" + "?" * n + "d" + "?" * (24 - n) for n in range(20)]}}),
    ]
    answer = implies(policy(wild), policy(*others), steps=20_000)
    assert isinstance(answer, Refuted) or "20,000 steps" in str(answer)


def test_ten_thousand_statements() -> None:
    names = [f"arn:aws:s3:::b{n}" for n in range(10_000)]
    own = [allow(Action=f"s3:Get{n}", Resource=f"{name}/*") for n, name in enumerate(names)]
    wider = [allow(Action=f"s3:Get{n}*", Resource=f"{name}*") for n, name in enumerate(names)]
    assert implies(policy(*own), policy(*own)) == Proved()
    assert isinstance(implies(policy(*wider), policy(*own)), Refuted)
    assert implies(policy(*own[::4]), policy(*wider[::4])) == Proved()
    # Not one by one but all against all, which is proved of hundreds and given up of thousands.
    apart = policy(*(allow(Resource=name) for name in reversed(names[::4])))
    assert isinstance(implies(policy(allow(Resource=names[::4])), apart), Proved | Unknown)


def test_documents_of_six_megabytes() -> None:
    large = policy(allow(Resource=[f"arn:aws:s3:::b{n}/{'x' * 40}/*" for n in range(100_000)]))
    less = policy(allow(Resource=large["Statement"][0]["Resource"][:-1]))
    assert implies(large, large) == implies(large, ALL) == Proved()
    assert isinstance(implies(large, less), Refuted)


def test_a_thousand_keys_and_variables() -> None:
    keys = [f"zz:k{n}" for n in range(1000)]
    positive = policy(allow({"StringEquals": dict.fromkeys(keys, "v")}))
    negative = policy(allow({"StringNotEquals": dict.fromkeys(keys, "w")}))
    assert implies(positive, negative) == Proved()
    variables = [f"arn:aws:s3:::${{{key}}}/*" for key in keys]
    assert (
        implies(policy(allow(Resource=variables)), policy(allow(Resource=[f"{each}" for each in variables])))
        == Proved()
    )
    assert isinstance(implies(policy(allow(Resource=[f"${{zz:k{n}}}" for n in range(40_000)])), ALL), Unknown)
    assert isinstance(implies(policy(allow(Resource="".join(f"${{zz:k{n}}}" for n in range(5000)))), ALL), Unknown)


def test_a_fault_is_told_of_the_statement_it_is_in() -> None:
    faulty = {"Effect": "Allow", "Resource": "*"}
    for at in range(3):
        answer = implies(policy(*[allow()] * at, faulty), ALL)
        assert isinstance(answer, Unknown)
        assert f"{at}" in answer.reason


PROGRAM = """
from stockade.iam.sets.questions import implies
from tests.oracles.iam.pairs import Maker
for number in range(120):
    print(implies(*Maker(f"again/{number}").pair()))
"""


def test_answers_are_the_same_in_another_process() -> None:
    """Hashes of texts differ from process to process, and with them the order of sets."""

    def answers(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, check=True, capture_output=True, text=True
        ).stdout

    first = answers("1")
    assert first == answers("2")
    assert first.splitlines() == [str(implies(*Maker(f"again/{number}").pair())) for number in range(120)]


def test_what_was_asked_before_changes_no_answer() -> None:
    pair = Maker("again/7").pair()
    first = implies(*pair)
    pair[0]["Statement"][0]["Action"] = "sqs:*"
    pair[0]["Statement"][0].pop("NotAction", None)
    changed = implies(*pair)
    assert isinstance(first, Proved | Refuted | Unknown)
    assert changed == implies(*pair)
    assert implies(*Maker("again/7").pair()) == first
