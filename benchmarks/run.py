"""Measure what a scan costs: CPU time and memory of whole processes, beside a bare interpreter and beside our peers.

Everything is measured in the same run on the same machine, interleaved, and told as medians and ratios: absolute
numbers say more about the machine than about the program. Beside the median stands the least of all runs, which is the
better estimate where neighbours are busy: they take a process's caches, and its CPU time grows with that. CPU time
(user and system, children included) is what is compared, since wall time on a shared machine measures the neighbours.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.templates import write_project

# Peers get the quietest, narrowest, offline form of the same question.
PEERS = {
    "cfn-lint": ["cfn-lint", "--format", "quiet", "{template}"],
    "checkov": [
        "checkov",
        "--quiet",
        "--compact",
        "--skip-download",
        "--framework",
        "cloudformation",
        "-f",
        "{template}",
    ],
}
BARE = "bare interpreter"


class Cost(NamedTuple):
    """What one process took; of several runs the medians, and the least CPU time."""

    cpu_ms: float
    rss_mb: float
    least_cpu_ms: float


class Subject(NamedTuple):
    """A command that is measured; `limit` is the largest project it is asked about."""

    name: str
    command: list[str]
    limit: int | None = None
    # An exit status above this one is a failure of the program, not an answer about the template.
    worst_answer: int = 1


def main() -> int:
    """Run the benchmark as the command line asks."""
    options = _options()
    subjects = _subjects(options)
    with tempfile.TemporaryDirectory(prefix="stockade-bench-") as folder:
        # Compiled modules are kept here, whatever the environment says about keeping them.
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        start = _measure([_bare(), *_starts(subjects)], options.runs, Path(folder))
        costs: dict[int, dict[str, Cost]] = {}
        for size in options.sizes:
            project = Path(folder) / str(size)
            write_project(project, size)
            able = [subject for subject in subjects if subject.limit is None or size <= subject.limit]
            costs[size] = _measure([_bare(), *able], options.runs, project)
    if options.json:
        print(json.dumps({"start": _plain(start), "scan": {str(size): _plain(cost) for size, cost in costs.items()}}))
    else:
        _print(start, costs, options.runs)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=_sizes, default=[10, 200, 1000], help="functions in a project (10,200,1000)")
    parser.add_argument(
        "--runs", type=int, default=5, help="runs of each command, of which the median and the least are told (5)"
    )
    parser.add_argument("--peers", type=Path, help="a folder with the peers' programs, such as .bench/bin")
    parser.add_argument("--peer-limit", type=int, default=200, help="ask peers about no larger project than this (200)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def _bare() -> Subject:
    return Subject(BARE, [sys.executable, "-c", "pass"], worst_answer=0)


def _subjects(options: argparse.Namespace) -> list[Subject]:
    stockade = shutil.which("stockade", path=str(Path(sys.executable).parent))
    if stockade is None:
        sys.exit("benchmarks: stockade is not installed beside this interpreter; run scripts/setup first")
    subjects = [Subject("stockade", [stockade, "scan", "--no-cache", "{project}"])]
    if options.peers is not None:
        for name, (program, *arguments) in PEERS.items():
            path = shutil.which(program, path=str(options.peers))
            if path is None:
                sys.exit(f"benchmarks: no {program} in {options.peers}; benchmarks/README.md says how to get it")
            subjects.append(Subject(name, [path, *arguments], limit=options.peer_limit, worst_answer=14))
    return subjects


def _starts(subjects: Sequence[Subject]) -> list[Subject]:
    return [Subject(subject.name, [subject.command[0], "--version"], worst_answer=0) for subject in subjects]


def _measure(subjects: Sequence[Subject], runs: int, project: Path) -> dict[str, Cost]:
    # One round of everything, then the next round: a neighbour's busy minute then falls on everybody.
    costs: dict[str, list[Cost]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        _run(subject, project)  # not counted: whoever comes first would compile its modules and warm the disk's cache
    for _ in range(runs):
        for subject in subjects:
            costs[subject.name].append(_run(subject, project))
    return {
        name: Cost(
            statistics.median(cost.cpu_ms for cost in each),
            statistics.median(cost.rss_mb for cost in each),
            min(cost.cpu_ms for cost in each),
        )
        for name, each in costs.items()
    }


def _run(subject: Subject, project: Path) -> Cost:
    command = [part.format(project=project, template=project / "template.yaml") for part in subject.command]
    said = Path(tempfile.gettempdir()) / f"stockade-bench-{os.getpid()}.txt"
    redirected = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, str(said), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=redirected)
    try:
        # wait4 tells of this child and what it waited for; getrusage(RUSAGE_CHILDREN) keeps the peak of all before it.
        _, status, usage = os.wait4(child, 0)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    code = os.waitstatus_to_exitcode(status)
    if not 0 <= code <= subject.worst_answer:
        sys.exit(f"benchmarks: exit status {code} from: {' '.join(command)}\n{said.read_text(errors='replace')}")
    kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    cpu_ms = (usage.ru_utime + usage.ru_stime) * 1000
    return Cost(cpu_ms, kilobytes / 1024, cpu_ms)


def _slope(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """The line of least squares through (size, CPU ms): what a function costs more, and what a scan costs at all."""
    sizes = [size for size, _ in points]
    line = statistics.linear_regression(sizes, [cpu for _, cpu in points])
    return line.slope, line.intercept


def _plain(costs: dict[str, Cost]) -> dict[str, dict[str, float]]:
    return {name: cost._asdict() for name, cost in costs.items()}


def _print(start: dict[str, Cost], costs: dict[int, dict[str, Cost]], runs: int) -> None:
    print(f"CPU time and peak memory of whole processes; medians of {runs} runs, and the least")
    _table("--version", start)
    for size, each in costs.items():
        _table(f"scan, {size} functions", each)
    print("\nCPU time by size (least squares over the sizes above; in brackets over the least of each)")
    for name in next(iter(costs.values())):
        points = [(size, each[name].cpu_ms) for size, each in costs.items() if name in each]
        if name != BARE and len(points) > 1:
            slope, intercept = _slope(points)
            least, none = _slope([(size, each[name].least_cpu_ms) for size, each in costs.items() if name in each])
            print(
                f"  {name:<18}{slope:>9.2f} ms per function {intercept:>9.0f} ms for none  ({least:.2f} and {none:.0f})"
            )


def _table(title: str, costs: dict[str, Cost]) -> None:
    ours = costs["stockade"].cpu_ms
    bare = costs[BARE].cpu_ms
    print(f"\n{title}")
    print(f"  {'':<18}{'CPU ms':>9}{'least':>9}{'over bare':>11}{'of ours':>9}{'peak MB':>9}")
    for name, cost in costs.items():
        print(
            f"  {name:<18}{cost.cpu_ms:>9.0f}{cost.least_cpu_ms:>9.0f}{cost.cpu_ms - bare:>11.0f}"
            f"{cost.cpu_ms / ours:>8.1f}x{cost.rss_mb:>9.0f}"
        )


if __name__ == "__main__":
    sys.exit(main())
