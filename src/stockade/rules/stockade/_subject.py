"""The subject of findings about an ignore: the file it stands in."""

from __future__ import annotations

from stockade.model.app import SourceFile
from stockade.model.suppression import Suppression
from stockade.model.value import File


def file_of(suppression: Suppression) -> SourceFile:
    """The file of an ignore, placed at the ignore."""
    path = suppression.span.doc.path
    return SourceFile(address=path, key=path, type="file", origin=File(suppression.span))


def shown(suppression: Suppression) -> str:
    """What an ignore ignores, for a message."""
    words = ", ".join(suppression.rules)
    return f"`[[suppress]]` of `{words}`" if suppression.source == "config" else f"`ignore[{words}]`"
