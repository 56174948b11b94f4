"""FAULTS.md is only worth something while it is true: each anchor must stand on the line it names."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| (?P<id>[FG]\d+) \|(?P<rest>.*)\|$")
CONTROL = re.compile(r"(ROLE|INVK|SECR|NETW|OBSV|CODE|PACK|DRFT|DELV|COMP|FLEET|EDGE)-\d+")


def rows():
    for line in (ROOT / "FAULTS.md").read_text(encoding="utf-8").splitlines():
        if found := ROW.match(line):
            cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", found["rest"])]
            yield found["id"], cells


ROWS = list(rows())


def test_there_are_faults_and_twins():
    ids = [name for name, _ in ROWS]
    assert len(ids) == len(set(ids))
    assert sum(name.startswith("F") for name in ids) > 50
    assert sum(name.startswith("G") for name in ids) > 40


@pytest.mark.parametrize(("name", "cells"), ROWS, ids=[name for name, _ in ROWS])
def test_row(name, cells):
    controls, where, subject, anchor, *rest = cells
    assert len(rest) == (2 if name.startswith("F") else 1)
    assert all(CONTROL.fullmatch(control) for control in controls.split(", "))
    if name.startswith("F"):
        assert rest[0] in ("always", "Stage is prod", "Stage is not prod")
    path, number = where.rsplit(":", 1)
    line = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert anchor.strip("` ") in line


def test_subjects_exist():
    template = (ROOT / "template.yaml").read_text() + (ROOT / "network.yaml").read_text()
    known = set(re.findall(r"^  (\w+):$", template, re.MULTILINE))
    for name, (_, _, subject, *_) in ROWS:
        for part in subject.split(", "):
            assert part in known or part.startswith("all "), (name, part)
