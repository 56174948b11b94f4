"""Writes `unlisted_actions.json`: what AWS's own managed policies name and the Service Authorization Reference does not.

Retired services and actions that AWS never documented. A policy that names them is not wrong for that.

    python scripts/knowledge/build_unlisted.py
"""

from __future__ import annotations

import json

from stockade.knowledge import iam
from stockade.knowledge._data import path_of


def unlisted() -> tuple[list[str], list[str]]:
    """The action patterns, and the condition keys."""
    actions: set[str] = set()
    keys: set[str] = set()
    for name in iam.managed_policies():
        policy = iam.managed_policy(name)
        stated = policy.document["Statement"] if policy is not None else []
        for statement in stated if isinstance(stated, list) else [stated]:
            for element in ("Action", "NotAction"):
                listed = statement.get(element, [])
                for pattern in listed if isinstance(listed, list) else [listed]:
                    if pattern != "*" and not iam.expand(pattern):
                        actions.add(pattern)
            for block in (statement.get("Condition") or {}).values():
                keys |= {key for key in block if not _is_listed(key)}
    return sorted(actions), sorted(keys)


def _is_listed(key: str) -> bool:
    return iam.condition_key(key) is not None


def main() -> None:
    """Write the file."""
    actions, keys = unlisted()
    told = iam.managed_provenance()
    source = next(source for source in told.sources)
    data = {
        "provenance": {
            "as_of": told.as_of.isoformat(),
            "sources": [
                {
                    "name": source.name,
                    "version": source.version,
                    "date": source.date.isoformat(),
                    "licence": source.licence,
                    "gives": "action patterns and condition keys of AWS's managed policies that its reference does not list",
                }
            ],
            "notes": "",
        },
        "actions": actions,
        "condition_keys": keys,
    }
    path_of("unlisted_actions.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(f"{len(actions)} action patterns, {len(keys)} condition keys")


if __name__ == "__main__":
    main()
