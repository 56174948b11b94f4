"""Gets AWS's Service Reference, from the network or from files. Nothing here runs but when a person asks for it."""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

from stockade.errors import UsageError
from stockade.knowledge.iam.refresh import BadReference, Document, Listed, parse_document, parse_index

# Where AWS has it: Service Authorization Reference, "Simplified AWS service information for programmatic access".
URL = "https://servicereference.us-east-1.amazonaws.com/"
_MOST_BYTES = 16 << 20  # of one document; the largest, EC2's, is a fraction of that
_MOST_SERVICES = 2000
_AT_ONCE = 8
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def checked(url: str) -> str:
    """The URL, if it may be asked: by HTTPS, or of this machine.

    Raises `UsageError` for any other.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and parts.hostname in _LOCAL:
        return url
    raise UsageError(f"`{url}` is no address to fetch data from", hint="give one that begins with https://")


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirection only to where a person allowed it."""

    def redirect_request(
        self, req: urllib.request.Request, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        if urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc:
            raise BadReference(f"{req.full_url} leads to another place: {newurl}")
        checked(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def read(url: str, timeout: float) -> bytes:
    """What an address answers, all of it.

    Raises `BadReference` where there is no answer, where it ends early, and where it is larger than any document is.
    """
    request = urllib.request.Request(checked(url), headers={"User-Agent": "stockade", "Accept": "application/json"})  # noqa: S310 - checked
    try:
        with urllib.request.build_opener(_SameHost).open(request, timeout=timeout) as answer:
            said = answer.headers.get("Content-Length", "")
            text: bytes = answer.read(_MOST_BYTES + 1)
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise BadReference(f"{url} does not answer: {error}", hint="nothing was changed; try again") from error
    if len(text) > _MOST_BYTES:
        raise BadReference(f"{url} answers with more than {_MOST_BYTES >> 20} MB")
    if said.isdecimal() and int(said) != len(text):
        raise BadReference(
            f"{url} ended after {len(text):,} of {int(said):,} bytes", hint="nothing was changed; try again"
        )
    return text


def from_network(url: str, timeout: float) -> tuple[list[Document], date]:
    """Every document of the reference, and today's date. One that can't be had is the end of it: there is no half of it."""
    listed = parse_index(read(url, timeout))
    if not listed or len(listed) > _MOST_SERVICES:
        raise BadReference(f"the index at {url} has {len(listed)} services")
    host = urllib.parse.urlsplit(url).netloc

    def one(row: Listed) -> Document:
        place = urllib.parse.urljoin(url, row.url)
        if urllib.parse.urlsplit(place).netloc != host:
            raise BadReference(f"the index at {url} leads to another place: {place}")
        return parse_document(read(place, timeout), place)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(one, row) for row in listed]
        try:
            return [each.result() for each in waiting], datetime.now(tz=UTC).date()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def from_files(path: Path) -> tuple[list[Document], date]:
    """The documents that a file or a folder holds, and the day of the newest."""
    documents, day = [], date.min
    for name, text, written in read_files(path, _MOST_BYTES):
        documents.append(parse_document(text, name))
        day = max(day, written)
    return documents, day


def read_files(path: Path, most: int) -> Iterator[tuple[str, bytes, date]]:
    """The name, the text and the day of a file, or of the `.json` files in a folder but `index.json`. Raises `UsageError`."""
    files = sorted(one for one in path.glob("**/*.json") if one.name != "index.json") if path.is_dir() else [path]
    if not files:
        raise UsageError(f"there are no .json files in {path}")
    for one in files:
        try:
            about = one.stat()
            if about.st_size > most:
                raise BadReference(f"{one} has more than {most >> 20} MB")
            yield str(one), one.read_bytes(), datetime.fromtimestamp(about.st_mtime, tz=UTC).date()
        except OSError as error:
            raise UsageError(f"{one} can't be read: {error.strerror}") from error
