"""Terraform that is written in a test: evaluated, lowered and linked without touching the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stockade.inputs.given import Variables
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.read import Found, read
from stockade.model.app import App
from stockade.model.link import link
from stockade.text.document import Document, Problem


class MemoryDisk(Disk):
    """Files that exist in the test alone, by path."""

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__(Path("/nonexistent"))
        self._files = dict(files)

    def document(self, path: str) -> Document | Problem:
        if path not in self._documents:
            text = self._files.get(path)
            self._documents[path] = (
                Document(path, text)
                if text is not None
                else Problem("can't be read: no such file", "check the path", None, path, "unreadable")
            )
        return self._documents[path]

    def names(self, folder: str) -> tuple[str, ...]:
        start = f"{folder}/" if folder else ""
        own = (p[len(start) :] for p in self._files if p.startswith(start))
        return tuple(sorted(n for n in own if "/" not in n))

    def is_folder(self, path: str) -> bool:
        return any(p.startswith(f"{path}/") for p in self._files)

    def text(self, path: str) -> Document:
        from stockade.inputs.terraform.terms import Wrong

        found = self.document(path)
        if isinstance(found, Problem):
            raise Wrong(f"there is no file `{path}`")
        return found

    def raw(self, path: str) -> bytes:
        return self.text(path).text.encode()

    def listing(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder not in {"", "."} else ""
        return sorted(p[len(start) :] for p in self._files if p.startswith(start))


def found_in(files: Mapping[str, str], **variables: str) -> Found:
    """What these files declare."""
    folders = {
        p.rpartition("/")[0] for p in files if p.endswith((".tf", ".tofu", ".tf.json")) and ".terraform/" not in p
    }
    return read(MemoryDisk(files), folders, Variables(values=variables))


def app_of(text: str | Mapping[str, str], **variables: str) -> App:
    """The application that a configuration declares: one file's text, or several files by path."""
    files = {"main.tf": text} if isinstance(text, str) else text
    found = found_in(files, **variables)
    return link(found.resources, tuple(found.sources), tuple(found.gaps))
