"""Records what Terraform's functions, operators and conversions give, for the tests that hold ours against them.

    python -m scripts.oracles.record_functions

needs `terraform` (1.11) on the PATH. In `tests/oracles/terraform`:

- `functions.txt` holds expressions, which are evaluated in the folder `files`; what they are goes to `functions.json`, together
  with what Terraform says of each function, and with many expressions that are made at random (the same each time).
- `conversions.txt` holds types and expressions; what a variable of the type makes of the expression goes to
  `functions_conversions.json`.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from scripts.oracles.console import Answer, Console, types_of
from scripts.oracles.expressions import Maker

FOLDER = Path(__file__).parents[2] / "tests" / "oracles" / "terraform"
AT_RANDOM = 1500


def lines(name: str) -> list[str]:
    """The lines of a file that are no comments."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def signatures() -> dict[str, Any]:
    """What Terraform says of its functions, those of the namespace `core` left out: they are the same again."""
    done = subprocess.run(
        ["terraform", "metadata", "functions", "-json"],  # noqa: S607 - by its name, as a user would
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)["function_signatures"]
    return {name: signature for name, signature in sorted(found.items()) if "::" not in name}


def conversions(cases: list[tuple[str, str]]) -> list[Answer]:
    """What variables of a type make of expressions: each in a module of its own, all in one configuration."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        calls: list[str] = []
        for number, (type_, expression) in enumerate(cases):
            module = folder / f"m{number}"
            module.mkdir()
            (module / "main.tf").write_text(
                f'variable "v" {{\n  type = {type_}\n}}\noutput "json" {{\n  value = jsonencode(var.v)\n}}\n'
                'output "v" {\n  value = { v = var.v }\n}\n',
                encoding="utf-8",
            )
            calls.append(f'module "m{number}" {{\n  source = "./m{number}"\n  v      = {expression}\n}}\n')
        (folder / "main.tf").write_text("".join(calls), encoding="utf-8")
        subprocess.run(["terraform", "init"], capture_output=True, cwd=folder, check=True)  # noqa: S607 - as a user would
        console = Console(folder)
        found: list[Answer] = []
        for number, (type_, expression) in enumerate(cases):
            name = f"{type_} <- {expression}"
            # What can't be converted is an error of its module, and unknown in the console. Of such modules it warns first.
            value = (console.line(f"base64encode(module.m{number}.json)") or "").rpartition("\n")[2]
            if not value.startswith('"'):
                found.append(Answer(name, no="wrong"))
                continue
            said = console.line(f"type([module.m{number}.v.v])") or ""
            text = base64.b64decode(value.strip('"')).decode()
            found.append(Answer(name, text, types_of(said)[0]))
    return found


def main() -> int:
    """Records all of it."""
    console = Console(FOLDER / "files")
    known = signatures()
    maker = Maker(known, Random(1))  # noqa: S311 - the same each time
    made = list(dict.fromkeys(maker.expression() for _ in range(AT_RANDOM)))
    answers = {"written": console.ask(lines("functions.txt")), "random": console.ask(made)}
    cases = [line.partition(" <- ") for line in lines("conversions.txt")]
    records: dict[str, dict[str, Any]] = {
        "functions.json": {"signatures": known, **answers},
        "functions_conversions.json": {
            "conversions": conversions([(type_, expression) for type_, _, expression in cases])
        },
    }
    for name, record in records.items():
        body = ",\n".join(f" {json.dumps(key)}: {_listed(value)}" for key, value in record.items())
        (FOLDER / name).write_text(f"{{\n{body}\n}}\n", encoding="utf-8")
    return 0


def _listed(value: Any) -> str:  # noqa: ANN401 - JSON
    """A list or map with each member on a line of its own, so that a change can be read."""
    data = msgspec.to_builtins(value)
    if isinstance(data, dict):
        return "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in data.items()) + "\n }"
    return "[\n" + ",\n".join(f"  {json.dumps(v, ensure_ascii=False)}" for v in data) + "\n ]"


if __name__ == "__main__":
    sys.exit(main())
