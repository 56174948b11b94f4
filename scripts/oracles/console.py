"""Asks `terraform console` what expressions are, many at once: starting it takes longer than evaluating any of them.

In a pipe the console says what the last line is and stops at the first that is wrong, so a batch is one tuple: first whether
each can be evaluated, then the values of those that can, then their types. Where even that fails (a syntax error, an
infinite number, a value that is not known) the batch is halved until the culprit is alone.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from msgspec import Struct

AT_ONCE = 120
_ENVIRONMENT = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Answer(Struct, frozen=True, omit_defaults=True):
    """What an expression is: its value as JSON and its type, or why there is none.

    `no`: `wrong` is what Terraform refuses, `infinite` what JSON can't hold, `unknown` what it does not know itself.
    """

    expr: str
    json: str = ""
    type: str = ""
    no: str = ""


class Console:
    """`terraform console` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, expressions: list[str]) -> list[Answer]:
        """What each of the expressions is."""
        found: list[Answer] = []
        for start in range(0, len(expressions), AT_ONCE):
            found += self._batch(expressions[start : start + AT_ONCE])
        return found

    def line(self, line: str) -> str | None:
        """What one line is, as the console shows it; None where it is wrong."""
        # The state's lock would be a file beside those that expressions ask for.
        state = Path(tempfile.gettempdir()) / f"stockade-console-{os.getpid()}.tfstate"
        done = subprocess.run(  # noqa: S603 - what this is for
            ["terraform", "console", f"-state={state}"],  # noqa: S607 - by its name, as a user would
            input=line + "\n",
            capture_output=True,
            text=True,
            cwd=self._folder,
            env={**os.environ, **_ENVIRONMENT},
            check=False,
        )
        said = _COLOURS.sub("", done.stdout).strip()
        return None if done.returncode else said

    def value(self, expression: str) -> object:
        """The value of an expression; None where it is wrong, or not known."""
        said = self.line(f"nonsensitive(base64encode(jsonencode({expression})))")
        if said is None or not said.startswith('"'):
            return None
        found: object = json.loads(base64.b64decode(said.strip('"')))
        return found

    def _batch(self, expressions: list[str]) -> list[Answer]:
        if not expressions:
            return []
        can = self.value(f"[{', '.join(f'can({e})' for e in expressions)}]")
        if isinstance(can, list):
            good = [expression for expression, said in zip(expressions, can, strict=True) if said]
            values = self._values(good)
            if values is not None:
                answers = iter(values)
                return [
                    next(answers) if said else Answer(expression, no="wrong")
                    for expression, said in zip(expressions, can, strict=True)
                ]
        if len(expressions) == 1:
            return [Answer(expressions[0], no=self._why(expressions[0]))]
        half = len(expressions) // 2
        return self._batch(expressions[:half]) + self._batch(expressions[half:])

    def _values(self, expressions: list[str]) -> list[Answer] | None:
        values = self.value(f"[{', '.join(f'jsonencode({e})' for e in expressions)}]")
        said = self.line(f"type([{', '.join(expressions)}])")
        if not isinstance(values, list) or said is None:
            return None
        types = types_of(said)
        return [Answer(e, v, t) for e, v, t in zip(expressions, values, types, strict=True)]

    def _why(self, expression: str) -> str:
        said = self.line(expression)
        if said is None:
            return "wrong"
        return "infinite" if "Inf" in said else "unknown"


def types_of(said: str) -> list[str]:
    """The types in what the console says of a tuple, each in one line."""
    lines = said[said.index("tuple([") :].splitlines()
    found: list[str] = []
    current = ""
    for line in lines[1:-1]:
        current += line.strip()
        if line.startswith("    ") and line[4] != " " and line.endswith(","):
            found.append(re.sub(r",([\])}])", r"\1", current.removesuffix(",")))
            current = ""
    return found
