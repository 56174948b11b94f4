"""Asks Terraform for the values of the expressions of `expressions.py`, and writes them to `recorded.json`.

    python -m tests.text.hcl.record

Terraform has to be on the PATH; it reads no provider and no state.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import tempfile
from typing import Any

from tests.text.hcl.expressions import EXPRESSIONS, configuration

RECORDED = pathlib.Path(__file__).parent / "recorded.json"


def ask(text: str, count: int, *, name: str = "main.tf") -> list[Any]:
    """The values of the locals `x0` to `x<count - 1>` of a configuration, as Terraform has them."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, name).write_bytes(text.encode())
        names = ", ".join(f"local.x{index}" for index in range(count))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
        done = subprocess.run(
            ["terraform", "console", "-no-color"],
            input=f"jsonencode([{names}])\n",
            capture_output=True,
            text=True,
            cwd=folder,
            env=environment,
            check=False,
        )
    if not done.stdout.startswith('"'):
        raise RuntimeError(done.stdout + done.stderr)
    answer: list[Any] = json.loads(json.loads(done.stdout))
    return answer


def version() -> str:
    """The version of Terraform that is asked."""
    done = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True, check=True)
    found: str = json.loads(done.stdout)["terraform_version"]
    return found


def main() -> None:
    recorded = {
        "terraform": version(),
        "expressions": EXPRESSIONS,
        "values": ask(configuration(EXPRESSIONS), len(EXPRESSIONS)),
        "values_with_crlf": ask(configuration(EXPRESSIONS, "\r\n"), len(EXPRESSIONS)),
    }
    RECORDED.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
