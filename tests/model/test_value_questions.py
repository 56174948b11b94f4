"""Questions about texts that are known in part, and about two values at once."""

from __future__ import annotations

import pytest

from stockade.model.value import (
    PART,
    Default,
    Doubt,
    Hole,
    Known,
    OneOf,
    Premise,
    Reference,
    ServiceDefault,
    Text,
    Unknown,
    Value,
)

HERE = ServiceDefault("a test")
WHY = Doubt("nobody said")
REGION = Hole("AWS::Region", WHY, plain=True)
ACCOUNT = Hole("AWS::AccountId", WHY, plain=True)
PARAMETER = Hole("Topic", WHY)
TOPIC = Reference("t#Topic", "Ref", "Topic")
PROD = Premise("IsProd", "IsProd holds", "IsProd does not hold")

NO_STAR = r"[^*]*"


def text(*parts: str | Hole | Reference) -> Text:
    return Text(parts=parts, origin=HERE)


@pytest.mark.parametrize(
    ("value", "pattern", "truth"),
    [
        (Known(v="arn:aws:sns:a:1:t", origin=HERE), NO_STAR, "yes"),
        (Known(v="arn:aws:sns:a:1:*", origin=HERE), NO_STAR, "no"),
        (Known(v=None, origin=HERE), NO_STAR, "no"),
        (Default(v=None, origin=HERE), NO_STAR, "no"),
        (text("arn:aws:sns:", REGION, ":", ACCOUNT, ":t"), rf"arn:aws:sns:{PART}:{PART}:t", "yes"),
        (text("arn:aws:sns:", REGION, ":", ACCOUNT, ":*"), r"arn:[^:]*:sns:[^:]*:[^:]*:\*", "yes"),
        (text(TOPIC, "/*"), rf"{PART}/\*", "yes"),
        (text(TOPIC), NO_STAR, "yes"),
        (text("rule/", PARAMETER), NO_STAR, "maybe"),
        (text("rule/", PARAMETER), r"rule/.+", "yes"),
        (text(PARAMETER), r".*", "maybe"),
        (Unknown(doubt=WHY, origin=HERE), r".*", "maybe"),
    ],
)
def test_reads_sees_the_shape_of_a_text(value: Value[str], pattern: str, truth: str) -> None:
    assert value.reads(pattern).truth == truth


def test_reads_keeps_cases_apart() -> None:
    star, topic = Known(v="*", origin=HERE), text(TOPIC)
    either: Value[str] = OneOf(options=(((PROD,), topic), ((PROD.negated(),), star)), origin=HERE)
    cases = [(when[0].text, answer.truth) for when, answer in either.reads(NO_STAR).split()]
    assert cases == [("IsProd holds", "yes"), ("IsProd does not hold", "no")]


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (text(TOPIC, PARAMETER), "maybe"),
        (text("a", TOPIC, PARAMETER, "b"), "maybe"),
        (text(TOPIC, "/", PARAMETER), "no"),
        (text(TOPIC, REGION), "no"),
        (text(PARAMETER, TOPIC), "no"),
        (text(TOPIC), "no"),
        (Known(v="*", origin=HERE), "no"),
        (Unknown(doubt=WHY, origin=HERE), "no"),
    ],
)
def test_runs_on_where_nothing_is_known_behind_a_reference(value: Value[str], truth: str) -> None:
    assert value.runs_on().truth == truth
    either: Value[str] = OneOf(options=(((PROD,), value), ((PROD.negated(),), Known(v="*", origin=HERE))), origin=HERE)
    assert next(answer.truth for _, answer in either.runs_on().split()) == truth


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (text("logs.", REGION, ".amazonaws.com"), "yes"),
        (text("logs.", ACCOUNT, ".amazonaws.com"), "maybe"),
        (text(PARAMETER, ".amazonaws.com"), "maybe"),
        (Known(v="sns.amazonaws.com", origin=HERE), "no"),
    ],
)
def test_a_region_makes_no_difference_anywhere(value: Value[str], truth: str) -> None:
    assert value.where_anywhere(lambda v: str(v).startswith("logs.")).truth == truth


def test_compare_asks_both() -> None:
    thirty, sixty = Known(v=30, origin=HERE), Known(v=60, origin=HERE)
    unknown: Value[int] = Unknown(doubt=WHY, origin=HERE)
    assert thirty.compare(sixty, lambda a, b: a < b).is_yes
    assert sixty.compare(thirty, lambda a, b: a < b).is_no
    assert thirty.compare(unknown, lambda a, b: a < b).truth == "maybe"
    assert unknown.compare(thirty, lambda a, b: a < b).truth == "maybe"
    either: Value[int] = OneOf(options=(((PROD,), thirty), ((PROD.negated(),), sixty)), origin=HERE)
    assert either.compare(sixty, lambda a, b: a < b).truth == "mixed"
    assert either.compare(either, lambda a, b: a == b).is_yes, "one condition holds in both or in neither"


def test_only_is_what_is_known() -> None:
    assert Known(v=30, origin=HERE).only() == 30
    assert Default(v=3, origin=HERE).only() == 3
    assert text(TOPIC).only() is None
    assert Unknown(doubt=WHY, origin=HERE).only() is None


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (Known(v="latest", origin=HERE), "no"),
        (text("arn:", Hole("{{resolve:ssm:/team/latest}}", WHY)), "yes"),
        (text("arn:", PARAMETER), "no"),
        (text(TOPIC), "no"),
        (Unknown(doubt=WHY, origin=HERE, name="{{resolve:ssm:/team/latest}}"), "yes"),
        (Unknown(doubt=WHY, origin=HERE), "no"),
    ],
)
def test_resolves_asks_for_the_name_of_what_is_looked_up(value: Value[str], truth: str) -> None:
    assert value.resolves(r".*/latest\}\}").truth == truth


def test_read_by_takes_any_question_about_the_shape() -> None:
    def short(read: str) -> bool:
        return len(read) < 6

    assert text("a:", REGION).read_by(short).truth == "yes"
    assert text("a:", REGION, ":long").read_by(short).truth == "no"
    assert text("a:", PARAMETER).read_by(lambda read: "*" in read).truth == "maybe"
    long = Known(v="a long one", origin=HERE)
    either: Value[str] = OneOf(options=(((PROD,), text(TOPIC)), ((PROD.negated(),), long)), origin=HERE)
    assert either.read_by(short).truth == "mixed"


def test_an_unknown_of_which_some_values_are_left_answers_what_holds_of_all() -> None:
    stream = Unknown(doubt=WHY, origin=HERE, among=("kinesis", "dynamodb"))
    assert stream.is_("sqs").is_no
    assert stream.one_of("kinesis", "dynamodb").is_yes
    assert stream.is_("kinesis").doubts == (WHY,)
    assert stream.compare(stream, lambda a, b: a == b).truth == "maybe"
    assert stream.where(lambda v: stream.is_("sqs") if v == "kinesis" else False).is_no
    assert Unknown(doubt=WHY, origin=HERE).is_("sqs").truth == "maybe"
