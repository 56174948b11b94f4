"""What writing intents into sources results in."""

from __future__ import annotations

from msgspec import Struct, field

from stockade.text.document import Document
from stockade.text.edits import Edit


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
