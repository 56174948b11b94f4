"""What a framework makes of its own configuration: a template of CloudFormation, in nodes that stand in the user's files."""

from __future__ import annotations

from msgspec import Struct

from stockade.model.app import Gap, Source
from stockade.model.value import Doubt
from stockade.text.document import Document
from stockade.text.node import Mapping


class Hole(Struct, frozen=True):
    """What a `Ref` of the made template stands for where only the deployment can say: how it is written, and why."""

    shown: str
    doubt: Doubt


class Made(Struct, frozen=True, eq=False, kw_only=True):
    """One application of a framework.

    `document` is its configuration, `root` the template that it becomes, `holes` what is not known in it, by the name that a
    `Ref` says. `addresses` are what people call resources, by logical id, where that is not the logical id. `included` are
    the paths of further files that it is made of, `sources` what is in them. `hidden` says that resources may be missing.
    """

    input: str
    document: Document
    root: Mapping
    holes: dict[str, Hole]
    addresses: dict[str, str]
    included: frozenset[str]
    sources: tuple[Source, ...]
    hidden: bool
    gaps: tuple[Gap, ...]
