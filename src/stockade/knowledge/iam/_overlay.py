"""Newer facts than those that Stockade was shipped with, where a person has fetched them by `stockade update iam`.

They are files in the user's cache, with the columns of those that are shipped. They count where they are not older, of the
format that this version reads, and laid over just the data that it was shipped with: what AWS's reference lacks is part of
them. `STOCKADE_DATA=shipped` leaves them alone, so that a scan is the same on every machine.
"""

import os
from datetime import date
from pathlib import Path
from typing import TypeVar

from stockade.errors import ConfigError, StockadeError, UsageError
from stockade.folders import cache_folder
from stockade.knowledge.iam._pack import FORMAT, Header, NotAPack, Pack

H = TypeVar("H", bound=Header)
P = TypeVar("P")


def overlay_path(name: str) -> Path:
    """Where the newer form of a pack would be."""
    return cache_folder() / "iam" / name


def wanted() -> bool:
    """Whether newer facts may be used at all."""
    return os.environ.get("STOCKADE_DATA", "") != "shipped"


def newest(name: str, header: type[H], shape: type[P], beside: str = "") -> Pack[H, P]:
    """A pack as it was shipped, or its newer form; where it says something of another pack, `beside`, that one's too.

    Raises `ConfigError` where the newer form can't be read: that it was there, and was not used, would not be seen.
    """
    shipped = Pack(name, header, shape)
    path = overlay_path(name)
    if not wanted() or not path.is_file():
        return shipped
    try:
        newer = Pack(path, header, shape)
        other = Pack(overlay_path(beside), Header, dict).header if beside else None
    except (NotAPack, OSError) as error:
        raise ConfigError(
            f"the newer data about IAM can't be read: {error}",
            hint=f"fetch it again with `stockade update iam`, or remove {path.parent}",
        ) from error
    fitting = other is None or fits(other, Pack(beside, Header, dict).header)
    return newer if fitting and fits(newer.header, shipped.header) else shipped


def fits(newer: Header, shipped: Header) -> bool:
    """Whether newer facts may stand for those that were shipped: laid over just these, and not older."""
    laid_over = newer.provenance.sources[1:] == shipped.provenance.sources
    return newer.format == FORMAT and laid_over and newer.provenance.as_of >= shipped.provenance.as_of


def replace_overlay(packs: dict[str, bytes], day: date) -> None:
    """Keep newer forms of packs: each is whole or as it was before.

    The last of them is the one that says how old what is shipped is.

    Raises `UsageError` where they are not newer than what is shipped, and `StockadeError` where the cache can't be written.
    """
    import tempfile

    shipped = Pack([*packs][-1], Header, dict).header.provenance.as_of
    if day < shipped:
        raise UsageError(
            f"these data are of {day}, and those that Stockade has are of {shipped}", hint="there is nothing to do"
        )
    folder = overlay_path("")
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in packs.items():
            file, made = tempfile.mkstemp(dir=folder, prefix=name)
            written = Path(made)
            waiting.append((written, folder / name))
            with os.fdopen(file, "wb") as out:
                out.write(data)
            Pack(written, Header, object).parts()  # what can't be read again is not kept
        for written, place in waiting:
            written.replace(place)
    except OSError as error:
        raise StockadeError(
            f"{folder} can't be written: {error.strerror}", hint="STOCKADE_CACHE names another"
        ) from error
    finally:
        for written, _ in waiting:
            written.unlink(missing_ok=True)


def unused() -> list[str]:
    """Why what is in the cache is not used, a line for each file; nothing where it is, or where there is nothing."""
    lines = []
    for name in ("iam.pack", "operations.pack", "managed.pack", "breadth.pack"):
        path = overlay_path(name)
        if not path.is_file():
            continue
        if not wanted():
            lines.append(f"{path} is left alone, as STOCKADE_DATA says")
            continue
        header = Pack(path, Header, dict).header
        if header.format != FORMAT:
            lines.append(f"{path} is not used: it was made for another version of Stockade")
        elif not fits(header, Pack(name, Header, dict).header):
            lines.append(
                f"{path} is not used: it is older, or was laid over other data than this version has; fetch it again"
            )
    return lines
