"""Measure the rules: the CPU time of each over one application, and how it grows when there are twice as many functions.

    .venv/bin/python -m benchmarks.rules
    .venv/bin/python -m benchmarks.rules --tree path/to/project

What rules ask of an application together (surveys that are kept) counts for the first that asks. A rule whose time grows by more
than three times as the application doubles, and takes more than a millisecond, is marked: it looks at pairs of something.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
import time
from pathlib import Path

from benchmarks.templates import write_project

from stockade import api
from stockade.model.app import App
from stockade.rules._base import Context, Rule

_MARKED = 3.0
_LEAST = 1.0  # ms


def main() -> None:
    """Run the benchmark as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=500, help="how many functions the smaller project has")
    parser.add_argument("--tree", type=Path, help="measure this project, without growth")
    parser.add_argument("--most", type=int, default=25, help="how many rules are listed")
    options = parser.parse_args()
    rules = [rule for rule in api.rules() if not rule.is_meta]
    if options.tree is not None:
        _tell(rules, _measured(api.load(options.tree), rules), None, options.most)
        return
    with tempfile.TemporaryDirectory(prefix="stockade-bench-") as folder:
        apps = []
        for times in (1, 2):
            project = Path(folder) / f"project{times}"
            write_project(project, options.functions * times)
            apps.append(api.load(project))
        _tell(rules, _measured(apps[0], rules), _measured(apps[1], rules), options.most)


def _measured(app: App, rules: list[Rule]) -> dict[str, float]:
    """Milliseconds of each rule, the least of three runs."""
    context = Context(today=datetime.datetime.now(tz=datetime.UTC).date())
    took: dict[str, float] = {}
    for _ in range(3):
        for rule in rules:
            start = time.process_time()
            for _outcome in rule.check(app, context):
                pass
            spent = (time.process_time() - start) * 1000
            took[rule.code] = min(took.get(rule.code, spent), spent)
    return took


def _tell(rules: list[Rule], once: dict[str, float], twice: dict[str, float] | None, most: int) -> None:
    total = sum(once.values())
    print(f"{len(rules)} rules, {total:,.0f} ms together, {total / len(rules):.2f} ms a rule")
    if twice is not None:
        grown = sum(twice.values())
        print(f"twice the functions: {grown:,.0f} ms, {grown / total:.1f} times as much")
    for rule in sorted(rules, key=lambda rule: -once[rule.code])[:most]:
        growth = f"  x{twice[rule.code] / max(once[rule.code], 1e-9):.1f}" if twice is not None else ""
        print(f"  {rule.code} {rule.name:<36} {once[rule.code]:>8.2f} ms{growth}")
    if twice is not None:
        steep = [r for r in rules if twice[r.code] > _LEAST and twice[r.code] > _MARKED * max(once[r.code], 1e-9)]
        print(f"steep: {', '.join(rule.name for rule in steep) or 'none'}")


if __name__ == "__main__":
    main()
