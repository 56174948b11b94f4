"""The rules: one file a rule, in a folder a domain. They are found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

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
    for domain in pkgutil.iter_modules(__path__):
        if not domain.ispkg:
            continue
        package = importlib.import_module(f"{__name__}.{domain.name}")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name.startswith("sk"):
                loaded = importlib.import_module(f"{package.__name__}.{module.name}")
                found.append(loaded.check)
    return tuple(sorted(found, key=lambda rule: (len(rule.code), rule.code)))
