"""Services in folders, for the tests beside."""

from __future__ import annotations

import posixpath
from pathlib import Path

from stockade.inputs.disk import Disk
from stockade.inputs.serverless.program.program import Program
from stockade.text.document import Document
from stockade.text.node import Mapping, Node, Sequence
from stockade.text.script import Computed, Template


def lay_out(root: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def exported(root: Path, name: str = "serverless.ts", environment: dict[str, str] | None = None) -> object:
    """What a file exports, as plain data: see `plain`."""
    disk = Disk(root)
    document = disk.document(name)
    assert isinstance(document, Document)
    return plain(Program(disk, posixpath.dirname(name), environment or {}).configuration(document))


def plain(node: Node | None) -> object:
    """Plain data, in which `<expression>` stands for what is computed."""
    if type(node) is Mapping:
        return {entry.key.raw: plain(entry.value) for entry in node.entries}
    if type(node) is Sequence:
        return [plain(item) for item in node.items]
    if type(node) is Template:
        return "".join(str(plain(part)) for part in node.parts)
    if type(node) is Computed:
        return f"<{node.raw}>"
    return None if node is None else node.value  # type: ignore[union-attr]
