"""Measure the reports of one scan: the CPU time that each takes, and its size.

    .venv/bin/python -m benchmarks.reports
    .venv/bin/python -m benchmarks.reports --functions 5000

Each is made `--runs` times in this process, after the scan, which is not counted; the least time is told.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from importlib import import_module
from pathlib import Path

from benchmarks.templates import write_project

from stockade import api
from stockade.cli.scan import FORMATS


def main() -> None:
    """Run the benchmark as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--functions", type=int, default=1000, help="how many functions the project has")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--persona", default="regular")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stockade-bench-") as folder:
        project = Path(folder) / "project"
        write_project(project, options.functions)
        result = api.scan(project, persona=options.persona)
        print(f"{options.functions:,} functions, {len(result.visible):,} findings, {len(result.rules)} rules")
        print(f"{'report':<20} {'ms':>8} {'KB':>10}")
        for name in FORMATS:
            took, size = _measured(result, name, options.runs)
            print(f"{name:<20} {took:>8,.0f} {size / 1000:>10,.0f}")


def _measured(result: api.Result, name: str, runs: int) -> tuple[float, int]:
    render = import_module(f"stockade.reports.{name.replace('-', '_')}").render
    took, size = [], 0
    for _ in range(runs):
        start = time.process_time()
        report = render(result)
        took.append((time.process_time() - start) * 1000)
        size = len(report.encode())
    return min(took), size


if __name__ == "__main__":
    main()
