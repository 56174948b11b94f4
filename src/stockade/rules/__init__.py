"""The rules: one file a rule, in a folder a domain. They are found by walking this folder."""

from __future__ import annotations

from functools import cache

from stockade.modules import modules
from stockade.rules._base import Rule

DOMAINS = {
    1: "exposure",
    2: "identity",
    3: "secrets",
    4: "code",
    5: "package",
    6: "network",
    7: "observability",
    8: "delivery",
    9: "stockade",
}


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    found: list[Rule] = []
    for domain in modules(__name__):
        found += [module.check for module in modules(domain.__name__)]
    return tuple(sorted(found, key=lambda rule: (len(rule.code), rule.code)))
