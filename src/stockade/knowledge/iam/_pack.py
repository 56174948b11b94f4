"""Reads a pack: a file of compressed parts with a header that says where each is.

`scripts/knowledge/build_iam.py` writes them.
"""

import zlib
from typing import Any, Generic, TypeVar

import msgspec

from stockade.knowledge._data import Provenance, path_of

_MAGIC = b"stockade pack 1\n"

H = TypeVar("H", bound="Header")
P = TypeVar("P")


class Header(msgspec.Struct, frozen=True):
    """What every pack's header has: its provenance, and where each part is (offset and length after the header)."""

    provenance: Provenance
    parts: dict[str, tuple[int, int]]


class Pack(Generic[H, P]):
    """An open pack: the header is read at once, a part when it is asked for.

    A column that is not in `shape` is left alone, so that a newer file can be read.
    """

    def __init__(self, name: str, header: type[H], shape: type[P]) -> None:
        self._path = path_of(name)
        with self._path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise ValueError(f"{self._path} is not a pack that this version can read")
            length = int.from_bytes(file.read(4), "big")
            self.header: H = msgspec.msgpack.decode(zlib.decompress(file.read(length)), type=header)
        self._start = len(_MAGIC) + 4 + length
        self._decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(shape)

    def part(self, name: str) -> P | None:
        """One part, decoded; None if there is no such part."""
        place = self.header.parts.get(name)
        if place is None:
            return None
        with self._path.open("rb") as file:
            file.seek(self._start + place[0])
            found: P = self._decoder.decode(zlib.decompress(file.read(place[1])))
        return found

    def parts(self) -> dict[str, P]:
        """Every part, in one pass over the file."""
        with self._path.open("rb") as file:
            file.seek(self._start)
            body = memoryview(file.read())
        return {
            name: self._decoder.decode(zlib.decompress(body[at : at + length]))
            for name, (at, length) in self.header.parts.items()
        }
