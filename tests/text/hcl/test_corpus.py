"""Real projects are read without a problem, but for the file that is broken on purpose."""

from __future__ import annotations

import os
import pathlib

import pytest

from stockade.text.document import Document, read_document
from stockade.text.hcl.read import read_hcl
from tests.text.hcl.trees import check_places

BROKEN = "broken_tf/main.tf"


@pytest.mark.snapshots
def test_every_file_of_the_corpus_is_read() -> None:
    root = pathlib.Path(os.environ["STOCKADE_TERRAFORM"])
    found = 0
    for path in sorted(root.rglob("*.tf")):
        document = read_document(path, path.relative_to(root).as_posix())
        assert isinstance(document, Document), document
        file = read_hcl(document)
        found += 1
        check_places(file)
        if not document.path.endswith(BROKEN):
            assert file.problems == (), document.path
    assert found > 0
