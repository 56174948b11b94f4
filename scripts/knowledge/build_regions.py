"""Writes src/stockade/knowledge/data/regions.json.

Run with the package `botocore` (Apache-2.0) installed:

    python scripts/knowledge/build_regions.py 2026-11-17       # the day of that release
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

OUT = Path(__file__).parents[2] / "src/stockade/knowledge/data/regions.json"

# Suffixes that a service principal may have besides `amazonaws.com`, which works everywhere (CDK, region-info).
PRINCIPALS = {
    "aws-cn": ["amazonaws.com.cn"],
    "aws-iso": ["c2s.ic.gov"],
    "aws-iso-b": ["sc2s.sgov.gov"],
    "aws-eusc": ["amazonaws.eu"],
}


def main() -> int:
    """Write the file; the argument is the day of botocore's release."""
    (day,) = sys.argv[1:]
    found = json.loads((files("botocore") / "data/partitions.json").read_text(encoding="utf-8"))
    document = {
        "provenance": {
            "as_of": day,
            "sources": [
                {
                    "name": "botocore, partitions",
                    "version": version("botocore"),
                    "date": day,
                    "licence": "Apache-2.0",
                    "gives": "partitions, regions, suffixes of host names",
                },
                {
                    "name": "aws-cdk-lib, region-info",
                    "version": "2.276.0",
                    "date": "2026-11-10",
                    "licence": "Apache-2.0",
                    "gives": "suffixes of service principals",
                },
            ],
            "notes": "",
        },
        "partitions": [
            {
                "id": partition["id"],
                "dns_suffix": partition["outputs"]["dnsSuffix"],
                "region_pattern": partition["regionRegex"].replace("\\-", "-"),
                "principal_suffixes": ["amazonaws.com", *PRINCIPALS.get(partition["id"], [])],
                "regions": {
                    name: region.get("description", "")
                    for name, region in partition["regions"].items()
                    if not name.endswith("-global")
                },
            }
            for partition in found["partitions"]
        ],
    }
    OUT.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
