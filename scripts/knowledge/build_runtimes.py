"""Writes src/stockade/knowledge/data/runtimes.json.

Run with the packages `cfn-lint` and `botocore` installed:

    python scripts/knowledge/build_runtimes.py

Dates of deprecation and of the two blocks come from cfn-lint (MIT-0), which copies AWS's page "Lambda runtimes". They
are held against the copy of the same page that endoflife.date (MIT) keeps by machine, which is restated below as of
2026-08-22: the script stops when the two differ. Identifiers come from botocore (Apache-2.0). Which runtimes take
SnapStart or inline code comes from aws-cdk-lib 2.276.0 (Apache-2.0), release dates from endoflife.date, operating
systems and architectures from AWS's page.
"""

from __future__ import annotations

import gzip
import json
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

OUT = Path(__file__).parents[2] / "src/stockade/knowledge/data/runtimes.json"

AL1, AL2, AL2023 = "Amazon Linux", "Amazon Linux 2", "Amazon Linux 2023"
BOTH, X86 = ["x86_64", "arm64"], ["x86_64"]

# id: (language, version, operating system, released, architectures)
BASE: dict[str, tuple[str, str, str, str | None, list[str]]] = {
    "nodejs": ("nodejs", "0.10", AL1, "2014-11-13", X86),
    "nodejs4.3": ("nodejs", "4.3", AL1, "2016-04-07", X86),
    "nodejs4.3-edge": ("nodejs", "4.3", AL1, "2017-07-17", X86),
    "nodejs6.10": ("nodejs", "6.10", AL1, "2017-03-22", X86),
    "nodejs8.10": ("nodejs", "8.10", AL1, "2018-04-02", X86),
    "nodejs10.x": ("nodejs", "10", AL2, "2019-05-15", X86),
    "nodejs12.x": ("nodejs", "12", AL2, "2019-11-18", BOTH),
    "nodejs14.x": ("nodejs", "14", AL2, "2021-02-03", BOTH),
    "nodejs16.x": ("nodejs", "16", AL2, "2022-05-12", BOTH),
    "nodejs18.x": ("nodejs", "18", AL2, "2022-11-18", BOTH),
    "nodejs20.x": ("nodejs", "20", AL2023, "2023-11-15", BOTH),
    "nodejs22.x": ("nodejs", "22", AL2023, "2024-11-22", BOTH),
    "nodejs24.x": ("nodejs", "24", AL2023, "2025-11-25", BOTH),
    "nodejs26.x": ("nodejs", "26", AL2023, None, BOTH),
    "python2.7": ("python", "2.7", AL1, "2015-10-08", X86),
    "python3.6": ("python", "3.6", AL1, "2017-04-18", X86),
    "python3.7": ("python", "3.7", AL1, "2018-11-19", X86),
    "python3.8": ("python", "3.8", AL2, "2019-11-18", BOTH),
    "python3.9": ("python", "3.9", AL2, "2021-08-16", BOTH),
    "python3.10": ("python", "3.10", AL2, "2023-04-18", BOTH),
    "python3.11": ("python", "3.11", AL2, "2023-07-27", BOTH),
    "python3.12": ("python", "3.12", AL2023, "2023-12-14", BOTH),
    "python3.13": ("python", "3.13", AL2023, "2024-11-14", BOTH),
    "python3.14": ("python", "3.14", AL2023, "2025-11-18", BOTH),
    "python3.15": ("python", "3.15", AL2023, None, BOTH),
    "java8": ("java", "8", AL1, "2015-06-15", X86),
    "java8.al2": ("java", "8", AL2, "2020-08-12", BOTH),
    "java8.al2023": ("java", "8", AL2023, "2026-07-31", BOTH),
    "java11": ("java", "11", AL2, "2019-11-18", BOTH),
    "java11.al2023": ("java", "11", AL2023, "2026-07-31", BOTH),
    "java17": ("java", "17", AL2, "2023-04-27", BOTH),
    "java17.al2023": ("java", "17", AL2023, "2026-07-31", BOTH),
    "java21": ("java", "21", AL2023, "2023-11-17", BOTH),
    "java25": ("java", "25", AL2023, "2025-11-14", BOTH),
    "dotnetcore1.0": ("dotnet", "1.0", AL1, "2016-12-01", X86),
    "dotnetcore2.0": ("dotnet", "2.0", AL1, "2018-01-15", X86),
    "dotnetcore2.1": ("dotnet", "2.1", AL1, "2018-07-09", X86),
    "dotnetcore3.1": ("dotnet", "3.1", AL2, "2020-03-31", BOTH),
    "dotnet5.0": ("dotnet", "5.0", AL2, "2020-12-02", BOTH),
    "dotnet6": ("dotnet", "6", AL2, "2022-02-24", BOTH),
    "dotnet7": ("dotnet", "7", AL2, "2022-11-15", BOTH),
    "dotnet8": ("dotnet", "8", AL2023, "2024-02-22", BOTH),
    "dotnet9": ("dotnet", "9", AL2023, "2024-12-09", BOTH),
    "dotnet10": ("dotnet", "10", AL2023, "2026-01-08", BOTH),
    "ruby2.5": ("ruby", "2.5", AL1, "2018-11-29", X86),
    "ruby2.7": ("ruby", "2.7", AL2, "2020-02-19", BOTH),
    "ruby3.2": ("ruby", "3.2", AL2, "2023-06-07", BOTH),
    "ruby3.3": ("ruby", "3.3", AL2023, "2024-04-04", BOTH),
    "ruby3.4": ("ruby", "3.4", AL2023, "2025-03-27", BOTH),
    "ruby4.0": ("ruby", "4.0", AL2023, "2026-04-30", BOTH),
    "go1.x": ("go", "1", AL1, "2018-01-15", X86),
    "provided": ("custom", "", AL1, "2018-11-29", X86),
    "provided.al2": ("custom", "", AL2, "2020-08-12", BOTH),
    "provided.al2023": ("custom", "", AL2023, "2023-11-10", BOTH),
}

# In public preview since 2026-07-24 (announced 2026-08-25): for trying out, without support or a service level.
PREVIEW = {"nodejs26.x", "python3.15"}
# .NET versions for which only a container image exists.
IMAGE_ONLY = {"dotnet5.0", "dotnet7", "dotnet9"}
EDGE_ONLY = {"nodejs4.3-edge"}
SNAPSTART = {
    *("java11", "java11.al2023", "java17", "java17.al2023", "java21", "java25"),
    *("python3.12", "python3.13", "python3.14", "python3.15", "dotnet8", "dotnet9", "dotnet10"),
}
# botocore names a value for functions whose runtime the customer manages: it is no runtime of Lambda's.
NOT_A_RUNTIME = {"custom"}

# endoflife.date's copy of AWS's table, 2026-08-22: deprecation, and the end of updates (None: not scheduled, "-":
# passed without a date).
CROSS_CHECK: dict[str, tuple[str, str | None]] = {
    "dotnet10": ("2028-11-14", "2029-01-15"),
    "dotnet5.0": ("2022-05-10", "-"),
    "dotnet6": ("2024-12-20", "2027-03-03"),
    "dotnet7": ("2024-05-14", "-"),
    "dotnet8": ("2026-11-10", "2027-03-03"),
    "dotnet9": ("2026-11-10", None),
    "dotnetcore2.0": ("2019-05-30", "2019-05-30"),
    "dotnetcore2.1": ("2022-01-05", "2022-04-13"),
    "dotnetcore3.1": ("2023-04-03", "2023-05-03"),
    "java11": ("2027-06-30", "2027-08-31"),
    "java11.al2023": ("2029-06-30", "2029-08-31"),
    "java17": ("2027-06-30", "2027-08-31"),
    "java17.al2023": ("2029-06-30", "2029-08-31"),
    "java21": ("2029-06-30", "2029-08-31"),
    "java25": ("2029-06-30", "2029-08-31"),
    "java8.al2": ("2027-06-30", "2027-08-31"),
    "java8.al2023": ("2029-06-30", "2029-08-31"),
    "nodejs10.x": ("2021-07-30", "2022-02-14"),
    "nodejs12.x": ("2023-03-31", "2023-04-30"),
    "nodejs14.x": ("2023-12-04", "2027-03-03"),
    "nodejs16.x": ("2024-06-12", "2027-03-03"),
    "nodejs18.x": ("2025-09-01", "2027-03-03"),
    "nodejs20.x": ("2026-04-30", "2027-03-03"),
    "nodejs22.x": ("2027-04-30", "2027-07-01"),
    "nodejs24.x": ("2028-04-30", "2028-07-01"),
    "nodejs8.10": ("2020-03-06", "2020-03-06"),
    "provided": ("2024-01-08", "2027-03-03"),
    "provided.al2": ("2026-07-31", "2027-03-03"),
    "provided.al2023": ("2029-06-30", "2029-08-31"),
    "python3.10": ("2026-10-31", "2027-03-03"),
    "python3.11": ("2027-06-30", "2027-08-31"),
    "python3.12": ("2028-10-31", "2029-01-10"),
    "python3.13": ("2029-06-30", "2029-08-31"),
    "python3.14": ("2029-06-30", "2029-08-31"),
    "python3.7": ("2023-12-04", "2027-03-03"),
    "python3.8": ("2024-10-14", "2027-03-03"),
    "python3.9": ("2025-12-15", "2027-03-03"),
    "ruby2.5": ("2021-07-30", "2022-03-31"),
    "ruby2.7": ("2023-12-07", "2027-03-03"),
    "ruby3.2": ("2026-03-31", "2027-03-03"),
    "ruby3.3": ("2027-03-31", "2027-05-31"),
    "ruby3.4": ("2028-03-31", "2028-05-31"),
    "ruby4.0": ("2029-03-31", "2029-05-31"),
}

# Not in cfn-lint: container-only versions and the Java runtimes on Amazon Linux 2023 (endoflife.date; the block on
# creation follows AWS's stated rule of thirty days and the row of java21, which has the same two other dates).
EXTRA: dict[str, dict[str, str | None]] = {
    "dotnet5.0": {"deprecated": "2022-05-10", "create-block": None, "update-block": None},
    "dotnet7": {"deprecated": "2024-05-14", "create-block": None, "update-block": None},
    **{
        name: {"deprecated": "2029-06-30", "create-block": "2029-07-31", "update-block": "2029-08-31"}
        for name in ("java8.al2023", "java11.al2023", "java17.al2023")
    },
}

# AWS's page has the end of creation before the deprecation in a few rows of long ago; they are kept as they are there.


def lifecycle() -> dict[str, dict[str, str | None]]:
    """cfn-lint's table, and ours where it has no row."""
    path = files("cfnlint") / "data/AdditionalSpecs/LmbdRuntimeLifecycle.json"
    table: dict[str, dict[str, str | None]] = json.loads(path.read_text(encoding="utf-8"))
    return EXTRA | table


def identifiers() -> set[str]:
    """Every value of the `Runtime` shape in the service's own interface description."""
    path = files("botocore") / "data/lambda/2015-03-31/service-2.json.gz"
    with gzip.open(str(path)) as file:
        return set(json.load(file)["shapes"]["Runtime"]["enum"])


def check(table: dict[str, dict[str, str | None]]) -> list[str]:
    """What the sources disagree about."""
    wrong = [f"botocore knows {name}, this table does not" for name in identifiers() - NOT_A_RUNTIME - set(BASE)]
    wrong += [f"{name} is in no lifecycle table" for name in set(BASE) - set(table) - PREVIEW]
    wrong += [f"cfn-lint knows {name}, this table does not" for name in set(table) - set(BASE)]
    for name, (deprecated, update) in CROSS_CHECK.items():
        row = table[name]
        if row["deprecated"] != deprecated:
            wrong.append(f"{name}: deprecated {row['deprecated']} or {deprecated}?")
        if update != "-" and row["update-block"] != update:
            wrong.append(f"{name}: updates end {row['update-block']} or {update}?")
    return wrong


def main() -> int:
    """Check the sources against each other and write the file."""
    table = lifecycle()
    if wrong := check(table):
        sys.stderr.write("\n".join(wrong) + "\n")
        return 1
    rows = []
    for name, (language, number, system, released, architectures) in BASE.items():
        dates = table.get(name, {})
        rows.append(
            {
                "id": name,
                "language": language,
                "version": number,
                "os": system,
                "architectures": architectures,
                "released": released,
                "deprecated": dates.get("deprecated"),
                "block_create": dates.get("create-block"),
                "block_update": dates.get("update-block"),
                "preview": name in PREVIEW,
                "image_only": name in IMAGE_ONLY,
                "edge_only": name in EDGE_ONLY,
                "snapstart": name in SNAPSTART,
                "inline_code": language in {"nodejs", "python"},
            }
        )
    document = {
        "provenance": {
            "as_of": "2026-10-20",
            "sources": [
                {
                    "name": "cfn-lint",
                    "version": version("cfn-lint"),
                    "date": "2026-10-20",
                    "licence": "MIT-0",
                    "gives": "dates of deprecation and of the blocks on creation and update",
                },
                {
                    "name": "endoflife.date, products/aws-lambda.md",
                    "version": "a70eca337600",
                    "date": "2026-08-22",
                    "licence": "MIT",
                    "gives": "release dates, the dates of the Java runtimes on Amazon Linux 2023, a check of others",
                },
                {
                    "name": "botocore",
                    "version": version("botocore"),
                    "date": "2026-11-17",
                    "licence": "Apache-2.0",
                    "gives": "identifiers",
                },
                {
                    "name": "aws-cdk-lib",
                    "version": "2.276.0",
                    "date": "2026-11-10",
                    "licence": "Apache-2.0",
                    "gives": "SnapStart and inline code",
                },
                {
                    "name": "AWS Lambda Developer Guide, Lambda runtimes",
                    "version": "",
                    "date": "2026-08-22",
                    "licence": "facts",
                    "gives": "operating systems and architectures; the page that the dates above are copied from",
                },
            ],
            "notes": "A machine's copy of AWS's table was last held against these dates on 2026-08-22. nodejs26.x and "
            "python3.15 were in public preview when last seen (2026-08-25). AWS has moved the dates "
            "of the two blocks several times, always to later.",
        },
        "runtimes": rows,
    }
    OUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
