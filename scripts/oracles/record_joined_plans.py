"""Records the plans of the configurations that the tests join plans to.

    python -m scripts.oracles.record_joined_plans --plugins FOLDER [NAME…]

`FOLDER` is a plugin folder with the AWS provider, as `record_plans.py` wants it. Each folder of `tests/inputs/terraform/plans` is
planned: with the values of `dev.tfvars` and from the state `before.tfstate`, where it has these. Its `plan.json` is what
`terraform show -json` prints (on one line), less what differs from run to run; `state.json` is the state in the public format.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from scripts.oracles.record_plans import TESTS, Workspace, forget_offline

PLANS = TESTS / "inputs" / "terraform" / "plans"


def record(root: Path, plugins: Path) -> int:
    """Write the plan of a root, and its state if it has one; how many changes there are."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(root, Path(folder), plugins)
        words = ["plan", "-no-color", "-input=false", "-refresh=false", "-lock=false", "-out=recorded.plan"]
        if (root / "dev.tfvars").exists():
            words.append("-var-file=dev.tfvars")
        if (root / "before.tfstate").exists():
            shutil.copy(root / "before.tfstate", workspace.folder / "terraform.tfstate")
        workspace.run(*words)
        plan: dict[str, Any] = json.loads(workspace.run("show", "-json", "recorded.plan"))
        forget_offline(plan)
        plan.pop("timestamp", None)
        _write(root / "plan.json", plan, folder)
        if (root / "before.tfstate").exists():
            _write(root / "state.json", json.loads(workspace.run("show", "-json")), folder)
    return len(plan["resource_changes"])


def _write(into: Path, data: dict[str, Any], folder: str) -> None:
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    if folder in text:
        raise SystemExit(f"{into.name}: it names a folder of this machine")
    into.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Record everything, or what is named."""
    parser = argparse.ArgumentParser(description="Records the plans that the tests join to configurations.")
    parser.add_argument("--plugins", type=Path, required=True, help="a plugin folder with the AWS provider")
    parser.add_argument("names", nargs="*", help="of roots; all of them by default")
    given = parser.parse_args()
    for root in sorted(path for path in PLANS.iterdir() if path.is_dir()):
        if not given.names or root.name in given.names:
            print(f"{root.name}: {record(root, given.plugins)} changes")


if __name__ == "__main__":
    main()
