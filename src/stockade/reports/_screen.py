"""What a terminal may be shown of a document: paths from the current folder on, and no secret.

Reports end up in the logs of builds, which more people read than the template. So a secret that stands in plain text is
shown by its first characters only. The masked text is as long as the real one, so that every place stays where it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from stockade.knowledge.secrets import inspect
from stockade.model.app import App, Database, Parameter, Secret
from stockade.model.sensitive import Plain, plain_secrets
from stockade.model.value import File, Known
from stockade.patterns import regex
from stockade.reports._shared import from_here
from stockade.text.document import Document, Span

_SHOWN = 3  # characters of a secret that stay, so that it can be told from others
_PASSWORD = regex(r"(://[^/@\s:]*:)([^@\s/]+)(?=@)")
_WORD = regex(r"\$\{[^}]*\}|[^\s\"'\[\]{},:]{4,}")
_REFERENCE = regex(
    r"""!Ref\s|\{\s*["']?Ref["']?\s*:|["']?\w+["']?$|"?(?:\$\{)?(?:var|local|module|data|each)\.[\w.\[\]"*-]+\}?"?$"""
)
_TAG = regex(r"!\w+(?:::\w+)*|\b(?:Fn::\w+|Ref)\b")

# A name and a value, in YAML, JSON or HCL; and what says nothing by itself, so that the lines above have to.
_PAIR = regex(r"""([\w.-]+)["']?\s*[:=]\s*["']?([^\s"',{}\[\]]{4,})""")
_NO_NAMES = frozenset({"value", "default", "defaultvalue", "default_value", "secretstring", "secret_string"})
_NAMED = regex(r"""\b[Nn]ame["']?\s*[:=]\s*["']?([\w.-]+)""")
_TITLE = regex(r"[\w-]{3,}")
_FAR = 30  # lines


class Screen:
    """The documents of one application as they may be shown, under paths that begin with a folder."""

    def __init__(self, app: App | None, folder: str) -> None:
        self.folder = folder
        self._secrets: dict[int, list[Span]] = defaultdict(list)
        for plain in _secrets(app) if app is not None else ():
            for span in _places(plain):
                own = self._secrets[id(span.doc)]
                if not any(span.start < have.end and have.start < span.end for have in own):
                    own.append(span)
        self._shown: dict[int, Document] = {}
        self._words: dict[str, str] | None = None
        self._lines: dict[tuple[int, int], str] = {}

    def span(self, span: Span) -> Span:
        """The same place in the document as it may be shown."""
        doc = span.doc
        shown = self._shown.get(id(doc))
        if shown is None:
            text = doc.text
            for secret in self._secrets.get(id(doc), ()):
                text = text[: secret.start] + masked(text[secret.start : secret.end]) + text[secret.end :]
            shown = Document(from_here(self.folder, doc.path), text, syntax=doc.syntax)
            self._shown[id(doc)] = shown
        return Span(shown, span.start, span.end)

    def line(self, doc: Document, number: int) -> str:
        """A line of a document that `span` led to, without what looks like a secret in it.

        What stands around a place may be anything: of what is no function's, nobody has asked the model for secrets.
        """
        key = (id(doc), number)
        if key not in self._lines:
            text = doc.line_text(number)
            for found in _PAIR.finditer(text):
                names = [found[1]] if found[1].lower() not in _NO_NAMES else list(_names_above(doc, number))
                if any(inspect(name, found[2]) is not None for name in names):
                    text = text[: found.start(2)] + masked(found[2]) + text[found.end(2) :]
            self._lines[key] = text
        return self._lines[key]

    def hide(self, text: str) -> str:
        """A text that is to be written into a document, which may hold what it moves from one place to another."""
        if self._words is None:
            written = [span.text for spans in self._secrets.values() for span in spans]
            self._words = {
                word[0]: hidden
                for secret in written
                for word in _WORD.finditer(secret)
                if (hidden := masked(secret)[word.start() : word.end()]) != word[0]
            }
        for word, hidden in self._words.items():
            text = text.replace(word, hidden)
        for found in _PAIR.finditer(text):
            if inspect(found[1], found[2]) is not None:
                text = text[: found.start(2)] + masked(found[2]) + text[found.end(2) :]
        return text


def _names_above(doc: Document, number: int) -> Iterator[str]:
    """What a value that is only called one is the value of: its entry's `Name`, and the block that it stands in."""
    indent = _indent(doc.line_text(number))
    for above in range(number - 1, max(0, number - _FAR), -1):
        text = doc.line_text(above)
        if named := _NAMED.search(text):
            yield named[1]
        if text.strip() and _indent(text) < indent:
            yield from _TITLE.findall(text)
            return


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def _secrets(app: App) -> Iterator[Plain]:
    for function in app.functions:
        for variable in function.environment:
            yield from plain_secrets(variable.name, variable.value)
    for secret in app.of(Secret):
        yield from plain_secrets("password", secret.literal)
    for database in app.of(Database):
        yield from plain_secrets("password", database.password)
    for parameter in app.of(Parameter):
        yield from plain_secrets(str(parameter.name.only() or parameter.address), parameter.literal)


def _places(plain: Plain) -> Iterator[Span]:
    """Where the characters of the secret stand: a text that uses a parameter among other things holds them itself."""
    origin = plain.leaf.origin
    if not isinstance(origin, File):
        return
    own = origin.span
    place = own if plain.default is not None and not is_reference(own) else plain.place
    if place is not None and not (is_reference(place) and origin.via):
        yield place
    for via in origin.via:
        if via.span is not None and isinstance(plain.leaf, Known) and str(plain.leaf.v) in via.span.text:
            yield via.span


def is_reference(span: Span) -> bool:
    """Whether what is written there is a reference to one other thing, and nothing besides."""
    return _REFERENCE.match(span.text) is not None


def masked(text: str) -> str:
    """A secret as it is written, with all but its first characters as asterisks, and as long as before."""
    if _PASSWORD.search(text):
        return _PASSWORD.sub(lambda found: found[1] + _stars(found[2]), text)
    tags = {place for found in _TAG.finditer(text) for place in range(found.start(), found.end())}

    def hide(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith("${") or found.start() in tags else _stars(found[0])

    return _WORD.sub(hide, text)


def _stars(word: str) -> str:
    shown = min(_SHOWN, len(word) // 4)
    return word[:shown] + "*" * (len(word) - shown)
