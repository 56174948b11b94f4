"""Which rules run: by code, name, prefix of a code, domain and persona."""

from __future__ import annotations

from collections.abc import Sequence

from stockade.engine.findings import PERSONAS
from stockade.errors import UsageError
from stockade.near import did_you_mean
from stockade.rules._base import Rule


def select_rules(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str], persona: str) -> tuple[Rule, ...]:
    """The rules that these words mean. Raises UsageError for a word that means none, with the nearest that does."""
    if persona not in PERSONAS:
        hint = did_you_mean(persona, PERSONAS) or f"use one of {', '.join(PERSONAS)}"
        raise UsageError(f"there is no persona `{persona}`", hint=hint)
    chosen = {r.code for word in _words(select) for r in matching(rules, word)} if select else {r.code for r in rules}
    chosen -= {r.code for word in _words(ignore) for r in matching(rules, word)}
    return tuple(r for r in rules if r.code in chosen)


def _words(given: Sequence[str]) -> list[str]:
    """The words of options that may name several, between commas."""
    return [word for one in given for word in one.split(",") if word.strip()]


def matching(rules: Sequence[Rule], word: str) -> list[Rule]:
    """The rules that one word means."""
    wanted = word.strip()
    upper = wanted.upper()
    found = [
        r
        for r in rules
        if upper == r.code or wanted == r.name or wanted == domain_of(r) or (upper.startswith("SK") and r.code.startswith(upper))
        or wanted in r.aliases
    ]  # fmt: skip
    if not found:
        words = [r.code for r in rules] + [r.name for r in rules] + sorted({domain_of(r) for r in rules})
        hint = did_you_mean(wanted, words, cutoff=0.5) or "`stockade rules` lists all of them"
        raise UsageError(f"no rule is called `{word}`", hint=hint)
    return found


def domain_of(rule: Rule) -> str:
    """The folder that a rule stands in."""
    return rule.module.split(".")[-2]
