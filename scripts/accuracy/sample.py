"""Draws the sample that docs/accuracy.md reviews: findings, or verdicts of the matrix, of the projects of a corpus.

    python scripts/accuracy/sample.py CORPUS --seed 1 --count 100
    python scripts/accuracy/sample.py CORPUS --seed 1 --count 60 --verdict pass
    python scripts/accuracy/sample.py CORPUS --seed 1 --count 40 --verdict unknown
    python scripts/accuracy/sample.py CORPUS --seed 1 --of terraform
    python scripts/accuracy/sample.py CORPUS --seed 1 --of serverless

A corpus is a folder of repositories. A project is a topmost folder of a repository that itself holds a template, and is
scanned by itself, as its owner would. What is drawn is decided by a hash of the seed and of what each candidate says,
never by the order in which things are found: the same corpus, seed and code draw the same sample, and a change of one
rule leaves the rest of the draw as it was. No rule fills the sample: `--per-rule` and `--per-project` are the most of
one rule in all and of one rule in one project, and `--of-project` the most of one project.

Prints a tab-separated line for each: rule, fingerprint (of a verdict: the function), project, path:line, message.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from stockade import api
from stockade.errors import NothingToScan
from stockade.model.value import File
from stockade.text.document import Span

# Inputs that somebody wrote to test a translator or a builder: nobody would deploy them.
SYNTHETIC = ("aws+serverless-application-model",)
SYNTHETIC_TERRAFORM = (*SYNTHETIC, "aws+aws-sam-cli")
# What a project's folder holds, by what is asked for: the ends of names, or a name without its suffix.
HOLDS = {
    "templates": (".yaml", ".yml", ".json", ".template"),
    "terraform": (".tf", ".tofu"),
    "serverless": ("serverless",),
}


class Drawn(NamedTuple):
    """One candidate. `key` is its finding's fingerprint, or the function that a verdict is about."""

    rule: str
    key: str
    project: str
    place: str
    message: str


def projects(corpus: Path, of: str) -> Iterator[Path]:
    """The topmost folders below each repository that hold a file which may be what is asked for."""
    synthetic = SYNTHETIC_TERRAFORM if of == "terraform" else SYNTHETIC
    for repository in sorted(corpus.iterdir()):
        if repository.is_dir() and repository.name not in synthetic:
            yield from _topmost(repository, HOLDS[of])


def _topmost(folder: Path, marks: tuple[str, ...]) -> Iterator[Path]:
    entries = sorted(folder.iterdir())
    if any(entry.is_file() and (entry.suffix in marks or entry.stem in marks) for entry in entries):
        yield folder
        return
    for entry in entries:
        if entry.is_dir():
            yield from _topmost(entry, marks)


def candidates(corpus: Path, verdict: str, today: datetime.date, of: str) -> Iterator[Drawn]:
    """Everything that the regular persona is told of the corpus: findings, or verdicts of one kind."""
    for project in projects(corpus, of):
        name = project.relative_to(corpus).as_posix()
        try:
            result = api.scan(project, today=today)
        except NothingToScan:
            continue
        if verdict == "fail":
            for finding in result.visible:
                place = f"{name}/{_place(finding.span)}"
                message = f"[{finding.severity}] {finding.message}"
                yield Drawn(finding.rule.code, finding.fingerprint, name, place, message)
            continue
        for row in result.rows:
            if row.verdict == verdict and result.covers(row.rule):
                origin = row.origin or row.function.origin
                place = f"{name}/{_place(origin.span if isinstance(origin, File) else None)}"
                yield Drawn(row.rule.code, row.function.address, name, place, row.reason)


def _place(span: Span | None) -> str:
    return "-" if span is None else f"{span.doc.path}:{span.line}"


def draw(found: list[Drawn], given: argparse.Namespace) -> list[Drawn]:
    """The first in the order of the hashes that the limits allow, as many as are asked for."""

    def lot(one: Drawn) -> str:
        return hashlib.sha256(f"{given.seed}\x00{one.rule}\x00{one.key}\x00{one.place}".encode()).hexdigest()

    chosen: list[Drawn] = []
    rules: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    shares: Counter[tuple[str, str]] = Counter()
    for one in sorted(found, key=lot):
        share = shares[one.rule, one.project] < given.per_project and whole[one.project] < given.of_project
        if share and rules[one.rule] < given.per_rule and len(chosen) < given.count:
            rules[one.rule] += 1
            whole[one.project] += 1
            shares[one.rule, one.project] += 1
            chosen.append(one)
    return sorted(chosen, key=lambda one: (one.rule, one.place, one.key))


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--seed", required=True)
    parser.add_argument("--of", choices=sorted(HOLDS), default="templates", help="what a project's folder holds")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--verdict", choices=["fail", "pass", "unknown"], default="fail")
    parser.add_argument("--per-rule", type=int, default=8)
    parser.add_argument("--per-project", type=int, default=3)
    parser.add_argument("--of-project", type=int, default=10**6)
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date(2026, 11, 21))
    given = parser.parse_args()
    found = list(candidates(given.corpus, given.verdict, given.today, given.of))
    drawn = draw(found, given)
    for one in drawn:
        print("\t".join(" ".join(part.split()) for part in one))
    print(
        f"# {len(drawn)} of {len(found)}, of {len({one.rule for one in drawn})} rules"
        f" in {len({one.project for one in drawn})} projects"
    )


if __name__ == "__main__":
    main()
