"""Writes src/stockade/knowledge/data/terraform_unset.json: what of the AWS provider's resources is null if nobody writes it.

    python -m scripts.knowledge.build_terraform_unset --plugins FOLDER 2025-06-13       # the day of the provider's release

`FOLDER` is a plugin folder with the AWS provider; nothing is fetched, and no call to AWS is made. The schema tells which
attributes AWS doesn't fill in, and a plan of each type which of these the provider has no default for.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from scripts.oracles.record_plans import Workspace
from scripts.oracles.record_schema import DEFAULTS

OUT = Path(__file__).parents[2] / "src/stockade/knowledge/data/terraform_unset.json"


def unset(schemas: Any, plan: Any) -> dict[str, str]:  # noqa: ANN401 - what Terraform prints
    """The attributes of each type that is planned, in one text."""
    known = next(own for name, own in schemas["provider_schemas"].items() if name.endswith("/aws"))["resource_schemas"]
    found: dict[str, str] = {}
    for change in plan["resource_changes"]:
        attributes = known[change["type"]]["block"]["attributes"]
        after, pending = change["change"]["after"], change["change"]["after_unknown"]
        names = [
            name
            for name, own in sorted(attributes.items())
            if own.get("optional")
            and not own.get("computed")
            and not own.get("write_only")
            and after.get(name) is None
            and not pending.get(name)
        ]
        if names:
            found[change["type"]] = " ".join(names)
    return dict(sorted(found.items()))


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Records what is null if nobody writes it.")
    parser.add_argument("--plugins", type=Path, required=True, help="a plugin folder with the AWS provider")
    parser.add_argument("day", help="the day of the provider's release")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(DEFAULTS, Path(folder), given.plugins)
        version = workspace.versions()["aws"]
        types = unset(workspace.schemas(), workspace.plan({}))
    document = {
        "provenance": {
            "as_of": given.day,
            "sources": [
                {
                    "name": "AWS provider for Terraform, schema and plans",
                    "version": version,
                    "date": given.day,
                    "licence": "facts",
                    "gives": "attributes that only the configuration states, and that have no default",
                }
            ],
            "notes": "Of the types that `tests/oracles/terraform/defaults` plans. What a later version adds is not in it.",
        },
        "types": types,
    }
    lines = json.dumps(document, indent=1).split("\n")
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
