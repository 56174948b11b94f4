"""The parts of the README and of other pages that are real output: marked blocks, made anew by `stockade dev readme`."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from stockade import api
from stockade.cli.fix import difference
from stockade.errors import UsageError
from stockade.patterns import regex
from stockade.reports.text import render

EXAMPLE = Path("examples/orders")
OTHERS = (Path("examples/orders-terraform"), Path("examples/orders-serverless"))  # the same in other formats
# The day that the output is made for: what runtimes are out of support depends on it, and a test must not.
TODAY = datetime.date(2026, 11, 21)
_SHOWN = ("SK301", "SK119")  # the findings shown whole
_FIXED = "SK119"
_WIDTH = 92


def updated(text: str) -> str:
    """The README with all blocks made anew. Raises UsageError where one is missing or names nothing that is known."""
    blocks = {"orders": _findings, "formats": _formats, "fix": _fix}
    for name, make in blocks.items():
        pattern = re.compile(rf"(<!-- output:{name} -->\n).*?(<!-- /output:{name} -->)", re.DOTALL)
        if pattern.search(text) is None:
            raise UsageError(f"the README has no block `output:{name}`", hint="begin and end it with comments")
        body = make()
        text = pattern.sub(lambda found, body=body: found[1] + body + found[2], text)  # type: ignore[misc]
    return rerun(text)


def rerun(text: str) -> str:
    """A page with the output of each command that it shows, between `<!-- run -->` and `<!-- /run -->`, made anew."""
    return _RUN.sub(lambda found: f"{found[1]}{found[3]}\n{_output(found[3])}{found[4]}", text)


_RUN = regex(r"(<!-- run -->\n(`{3,})\w+\n)(\$ stockade [^\n]*)\n.*?(\2\n<!-- /run -->)", re.DOTALL)


def _output(line: str) -> str:
    """What a command prints, as it would on a terminal that is not one, and its exit code where that is not 0."""
    import shlex

    from click.testing import CliRunner

    from stockade.cli._group import group

    done = CliRunner().invoke(group, shlex.split(line)[2:], env={"COLUMNS": str(_WIDTH), "NO_COLOR": "1"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    shown = f"{done.output.rstrip()}\n"
    return shown if not done.exit_code else f"{shown}$ echo $?\n{done.exit_code}\n"


def _findings() -> str:
    """A few findings whole, and the summary of all."""
    whole = render(api.scan(EXAMPLE, today=TODAY), width=_WIDTH)
    blocks = whole.split("\n\n")
    begin = next(i for i, block in enumerate(blocks) if block.startswith("function "))
    chosen = [next(b for b in blocks if f"[{code}]" in b.partition("\n")[0]) for code in _SHOWN]
    shown = "\n\n".join([*chosen, "…", *blocks[begin:]])
    return f"```text\n$ stockade scan {EXAMPLE.as_posix()}\n{shown.rstrip()}\n```\n"


def _formats() -> str:
    """A finding that is shown whole above, in the other formats."""
    shown = []
    for example in OTHERS:
        found = render(api.scan(example, select=[_FIXED], today=TODAY), width=_WIDTH).partition("\n\n")[0]
        shown.append(f"$ stockade scan {example.as_posix()} --select {_FIXED}\n{found.rstrip()}\n")
    whole = "\n".join(shown)
    return f"```text\n{whole}```\n"


def _fix() -> str:
    """The difference of one fix."""
    change = api.fix(EXAMPLE, select=[_FIXED], today=TODAY)
    lines = [
        line for path, text in sorted(change.after.items()) for line in difference(change.before[path].text, text, path)
    ]
    return f"```diff\n{''.join(lines).rstrip()}\n```\n"
