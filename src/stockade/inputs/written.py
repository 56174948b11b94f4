"""What writing intents into sources results in."""

from __future__ import annotations

from msgspec import Struct, field

from stockade.errors import FixError
from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.edits import Edit

_QUOTED = regex(r"\"[^\"\\\n]*\"")
_PLAIN = regex(r"[^\"\\\n$%]*")


class Written(Struct, frozen=True, eq=False):
    """The edits that make intents true, or why there are none.

    `wider` says whom else they concern that can't be seen, `needs` what has to be there for them to work. `arguments` says of
    attributes of a resource in a module of which argument of whose call they are made.
    """

    edits: tuple[tuple[Document, Edit], ...] = ()
    refused: str = ""
    wider: str = ""
    needs: str = ""
    arguments: dict[str, str] = field(default_factory=dict)


def is_text_of_its_own(text: str) -> bool:
    """Whether a text that is to be written anew stands by itself, and is no document in which it is a part."""
    return text.strip()[:1] not in {"{", "["}


def respelled(span: Span, value: str) -> Edit:
    """Another text in the place of one in double quotes, as JSON has it inside of a text of the file.

    Raises:
        FixError: what stands there is something else, or escapes would be needed.
    """
    if not _QUOTED.fullmatch(span.text) or not _PLAIN.fullmatch(value):
        raise FixError("the text is not written out there")
    return Edit(Span(span.doc, span.start + 1, span.end - 1), value)
