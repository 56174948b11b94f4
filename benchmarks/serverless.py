"""Measure what a scan of services of the Serverless Framework costs: made ones, or a folder that is named, beside checkov.

    .venv/bin/python -m benchmarks.serverless
    .venv/bin/python -m benchmarks.serverless --peers .bench/bin --tree path/to/services

The made tree holds a hundred services, put together by chance as those that the tests package. checkov is asked twice: for
services alone, and for all that it reads, as it is when nobody says which, and as we are.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.run import Subject, _bare, _measure
from benchmarks.terraform import print_costs

from tests.oracles.serverless_maker import service

SERVICES = 100


def write_tree(folder: Path, services: int = SERVICES) -> None:
    """A tree of services, each in a folder of its own."""
    for number in range(services):
        own = folder / f"service_{number:03}"
        own.mkdir(parents=True)
        (own / "serverless.yml").write_text(service(number), encoding="utf-8")


def main() -> int:
    """Run the benchmark as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="runs of each command, of which the median is told (5)")
    parser.add_argument("--tree", type=Path, action="append", default=[], help="a folder of real services; repeatable")
    parser.add_argument("--peers", type=Path, help="a folder with checkov's program, such as .bench/bin")
    options = parser.parse_args()
    stockade = shutil.which("stockade", path=str(Path(sys.executable).parent))
    if stockade is None:
        sys.exit("benchmarks: stockade is not installed beside this interpreter; run scripts/setup first")
    subjects = [Subject("stockade", [stockade, "scan", "--no-cache", "{project}"])]
    if options.peers is not None:
        checkov = shutil.which("checkov", path=str(options.peers))
        if checkov is None:
            sys.exit(f"benchmarks: no checkov in {options.peers}; benchmarks/README.md says how to get it")
        arguments = ["--quiet", "--compact", "--skip-download", "-d", "{project}"]
        alone = [checkov, *arguments, "--framework", "serverless"]
        subjects.append(Subject("checkov (services)", alone, worst_answer=1))
        subjects.append(Subject("checkov (all)", [checkov, *arguments], worst_answer=1))
    with tempfile.TemporaryDirectory(prefix="stockade-bench-") as made:
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(made) / "compiled")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        trees = {f"a tree of {SERVICES} services": Path(made) / "tree"}
        write_tree(Path(made) / "tree")
        trees |= {str(path): path for path in options.tree}
        print(f"CPU time and peak memory of whole processes; medians of {options.runs} runs, and the least")
        for title, folder in trees.items():
            print_costs(title, _measure([_bare(), *subjects], options.runs, folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
