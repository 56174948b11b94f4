"""Every rule's page is held to its word: bad examples are bad, good ones are good, and it says what a page has to."""

from __future__ import annotations

import re

import pytest

from stockade.knowledge import lambda_
from stockade.model.app import LINKS
from stockade.model.intent import Intent, New
from stockade.rules import DOMAINS, all_rules
from stockade.rules._base import Rule
from tests.rules.support import TODAY, Verdict, app_of, examples, language_of, rule_of

RULES = [rule for rule in all_rules() if not rule.is_meta]
MOST_LINES = 150
HEADINGS = (
    "## What it does",
    "## Why is this bad?",
    "## When it is fine",
    "## Example",
    "## Fix safety",
    "## References",
)


def _cases(kind: str) -> list[object]:
    return [
        pytest.param(rule.code, text, id=f"{rule.code}-{kind}-{number}")
        for rule in RULES
        for number, text in enumerate(examples(rule, kind), 1)
    ]


@pytest.mark.parametrize(("code", "text"), _cases("bad"))
def test_a_bad_example_fails(code: str, text: str) -> None:
    verdict = Verdict(code, app_of(text))
    assert verdict.fails, [f.message for f in verdict.unsure]
    for finding in verdict.fails:
        assert finding.span is not None, "a finding has a place"
        _is_well_worded(finding.message)
        _is_well_worded(finding.help)
        assert finding.fixes, "a finding offers a fix or advice"
        for fix in finding.fixes:
            assert fix.intents or fix.safety == "advice", "a fix that changes nothing is advice"
            for intent in fix.intents:
                _is_possible(intent)


@pytest.mark.parametrize(("code", "text"), _cases("good"))
def test_a_good_example_is_decided_and_quiet(code: str, text: str) -> None:
    verdict = Verdict(code, app_of(text))
    assert [f.message for f in verdict.findings] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_a_page_says_what_pages_say(rule: Rule) -> None:
    places = [rule.doc.find(heading + "\n") for heading in HEADINGS]
    assert -1 not in places, f"the page lacks {HEADINGS[places.index(-1)]}"
    assert places == sorted(places), "the headings have another order"
    assert rule.doc.count("\n") <= MOST_LINES
    title = rule.doc.partition("\n")[0]
    assert title.endswith(".")
    assert title[0].isupper()
    assert "https://" in rule.doc[places[-1] :]
    assert examples(rule, "bad"), "the page has no bad example"
    assert examples(rule, "good"), "the page has no good example"
    assert rule.applies, "the matrix has no reason for functions that it does not apply to"
    assert rule.holds, "the matrix has no reason for a pass"
    assert rule.controls


@pytest.mark.parametrize("rule", all_rules(), ids=lambda r: r.code)
def test_a_rule_is_named_after_what_is_bad(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert not rule.name.startswith(("ensure-", "check-", "require-", "use-", "no-public-"))
    assert re.fullmatch(r"SK[1-9]\d{2,3}", rule.code)
    folder = rule.module.split(".")[-2]
    assert DOMAINS[int(rule.code[2])] == folder
    assert rule.module.endswith(f"{rule.code.lower()}_{rule.name.replace('-', '_')}")


def test_codes_names_and_aliases_are_used_once() -> None:
    codes = [r.code for r in all_rules()]
    names = [r.name for r in all_rules()]
    assert len(codes) == len(set(codes))
    assert len(names) == len(set(names))
    aliases = [a for r in all_rules() for a in r.aliases]
    assert sorted({a for a in aliases if aliases.count(a) > 1}) == []
    assert not set(names) & set(aliases)


def test_the_facts_are_not_from_the_future() -> None:
    assert lambda_.provenance().as_of <= TODAY
    assert rule_of("SK101").since


def _is_possible(intent: Intent) -> None:
    if isinstance(intent, New):
        unknown = set(intent.fields) - set(intent.kind.__struct_fields__)
        assert not unknown, f"a {intent.kind.kind} has no {unknown}"
        return
    assert intent.field in type(intent.resource).__struct_fields__, f"a {intent.resource.kind} has no {intent.field}"
    assert intent.field not in LINKS, f"{intent.field} is derived from other fields"


def _is_well_worded(text: str) -> None:
    assert text, "nothing is said"
    first = text.split(maxsplit=1)[0]
    assert first[0].islower() or not first[0].isalpha() or first.isupper() or first[1:] != first[1:].lower(), text
    assert not text.startswith(("Ensure", "ensure", "Should", "should"))
    assert not text.endswith((".", "!"))
    assert "  " not in text


# What not every format can say, or has resources for (`inputs/terraform/tables/inexpressible.py`).
_NOT_TERRAFORM = {"yaml", "serverless"}
SOME_FORMATS = {
    "SK180": _NOT_TERRAFORM,
    "SK181": _NOT_TERRAFORM,
    "SK340": {"hcl"},
    "SK750": _NOT_TERRAFORM,
    "SK803": {"hcl"},
    "SK806": {"yaml", "json", "serverless"},
    "SK807": {"yaml", "json"},
}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_a_page_shows_every_format(rule: Rule) -> None:
    for kind in ("bad", "good"):
        languages = {language_of(text) for text in examples(rule, kind)}
        if rule.code in SOME_FORMATS:
            assert languages == SOME_FORMATS[rule.code]
            continue
        assert {"hcl", "serverless"} <= languages, f"no {kind} example of {', '.join(languages)}"
        assert languages & {"yaml", "json"}
