"""Reads and writes packs: files of compressed parts, with a header that says where each is.

One line of magic, the length of the header, the compressed header, the compressed parts. A part is a mapping of columns: a
reader takes those that it knows, so that a column can be added without a new format.
"""

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from stockade.knowledge._data import Provenance, path_of

_MAGIC = b"stockade pack 1\n"
# Of the columns: one more where what a column holds is no longer what a reader takes it for.
FORMAT = 1

H = TypeVar("H", bound="Header")
P = TypeVar("P")
Q = TypeVar("Q")


class Header(msgspec.Struct, frozen=True):
    """What every pack's header has: its provenance, where each part is (offset and length after the header), its format."""

    provenance: Provenance
    parts: dict[str, tuple[int, int]]
    format: int = FORMAT


class NotAPack(ValueError):
    """A file that is no pack, or not all of one."""


class Pack(Generic[H, P]):
    """An open pack: the header is read at once, a part when it is asked for.

    A column that is not in `shape` is left alone, so that a newer file can be read.
    """

    def __init__(self, name: str | Path, header: type[H], shape: type[P]) -> None:
        self._path = path_of(name) if isinstance(name, str) else name
        with self._path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise NotAPack(f"{self._path} is not a pack that this version can read")
            length = int.from_bytes(file.read(4), "big")
            try:
                self.header: H = msgspec.msgpack.decode(zlib.decompress(file.read(length)), type=header)
            except (zlib.error, msgspec.DecodeError) as error:
                raise NotAPack(f"{self._path} is damaged: {error}") from error
        self._start = len(_MAGIC) + 4 + length
        self._decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(shape)

    def part(self, name: str) -> P | None:
        """One part, decoded; None if there is no such part."""
        return None if name not in self.header.parts else self._decoder.decode(self._bytes(name))

    def other(self, name: str, shape: type[Q]) -> Q:
        """A part that has a shape of its own."""
        return msgspec.msgpack.decode(self._bytes(name), type=shape)

    def _bytes(self, name: str) -> bytes:
        at, length = self.header.parts[name]
        with self._path.open("rb") as file:
            file.seek(self._start + at)
            return zlib.decompress(file.read(length))

    def parts(self) -> dict[str, P]:
        """Every part, in one pass over the file."""
        with self._path.open("rb") as file:
            file.seek(self._start)
            body = memoryview(file.read())
        return {
            name: self._decoder.decode(zlib.decompress(body[at : at + length]))
            for name, (at, length) in self.header.parts.items()
        }


def pack(header: Mapping[str, Any], parts: Mapping[str, Any]) -> bytes:
    """The bytes of a pack; the same for the same content."""
    body, places, at = [], {}, 0
    for name, part in parts.items():
        blob = zlib.compress(msgspec.msgpack.encode(part), 9)
        body.append(blob)
        places[name] = (at, len(blob))
        at += len(blob)
    head = zlib.compress(msgspec.msgpack.encode({**header, "parts": places}), 9)
    return _MAGIC + len(head).to_bytes(4, "big") + head + b"".join(body)
