"""Records what the public Lambda module itself makes of our calls of it, for the tests of our description of it.

    python -m scripts.oracles.record_known_modules SNAPSHOTS

`SNAPSHOTS` is a folder with a snapshot of that module in `terraform-aws-modules+terraform-aws-lambda`. The calls are in
`tests/oracles/terraform/known_modules`, and what is recorded goes beside them: what our own evaluator, which other tests hold
against `terraform plan`, makes of the module's code. Nothing of that code is kept.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from tests.oracles.known_modules import CALLS, FACTS, SNAPSHOT, real

_CALL = re.compile(r'^module "([^"]+)" \{\s*source\s*=\s*"([^"]+)"', re.MULTILINE)


def calls_in(text: str) -> dict[str, str]:
    """The modules that a configuration calls, by the names of the calls."""
    return dict(_CALL.findall(text))


def main() -> None:
    """Record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("snapshots", type=Path, help="a folder with a snapshot of the module")
    snapshot = parser.parse_args().snapshots / SNAPSHOT
    text = CALLS.read_text(encoding="utf-8")
    changes = (snapshot / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.search(r"^## \[([\d.]+)\]", changes, re.MULTILINE)
    held = {"version": version[1] if version else "", "records": real(text, snapshot, calls_in(text))}
    lines = [f"  {json.dumps(key)}: {json.dumps(fields)}" for key, fields in sorted(held["records"].items())]  # type: ignore[union-attr]
    body = ",\n".join(lines)
    FACTS.write_text(
        f'{{\n "version": {json.dumps(held["version"])},\n "records": {{\n{body}\n }}\n}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
