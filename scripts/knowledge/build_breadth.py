"""Writes src/stockade/knowledge/data/breadth.pack: how broad each of AWS's managed policies is.

    python -m scripts.knowledge.build_breadth

Follows from managed.pack, iam.pack and sensitive.json alone, and has to be run again when one of them changes. A policy such
as ReadOnlyAccess takes in thousands of actions: finding that out at every scan costs more than the rest of a small one.
"""

from __future__ import annotations

import sys

from scripts.knowledge.build_iam import DATA

from stockade.knowledge import iam
from stockade.knowledge.iam.refresh_managed import packed_breadth


def main() -> int:
    """Write the file."""
    policies = [policy for name in iam.managed_policies() if (policy := iam.managed_policy(name)) is not None]
    provenance = {
        "as_of": max(iam.managed_provenance().as_of, iam.provenance().as_of),
        "sources": [*iam.managed_provenance().sources, *iam.provenance().sources],
        "notes": "Our own judgement of these documents, by what knowledge/iam says of a policy's breadth.",
    }
    data = packed_breadth(policies, {"provenance": provenance})
    (DATA / "breadth.pack").write_bytes(data)
    sys.stdout.write(f"{len(data):,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
