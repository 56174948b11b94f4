"""What every record of the model has."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct

from stockade.model.value import NOTHING, Origin, Relation, Value, When, unset

if TYPE_CHECKING:
    from stockade.model.kinds.functions import Function
    from stockade.text.document import Document, Span

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"
API = "https://docs.aws.amazon.com/lambda/latest/api/"
CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"

NULL: Value[Any] = unset(None, "")
NONE: Relation[Any] = NOTHING


class Site(Struct, frozen=True, eq=False):
    """Where an input finds a resource again when something is to be written: its lens table and the place it starts at.

    `block` is the input's own node of the resource; `base` leads from there to what the resource was made of (for a URL in a
    SAM function: `("Properties", "FunctionUrlConfig")`). `made` says that a framework made the resource of what the user
    wrote in the framework's own words. `refuses`: why nothing can be written there although it is. Rules look at these and at
    `type`, and never into the rest.
    """

    input: str
    table: str
    document: Document
    address: str
    block: Any
    base: tuple[str | int, ...] = ()
    key_span: Span | None = None
    context: Any = None
    made: bool = False
    refuses: str = ""

    @property
    def type(self) -> str:
        """The type under which it is written, where that is another than what a framework makes of it."""
        return self.table.partition("/")[0]


class Place(Struct, frozen=True, eq=False):
    """Where a resource is deployed. Not in `Value`s, for no source writes it beside the resource.

    `region`: its name where it is `known`, else a word for it: two of one word are one region. `account`: its id, or a word
    for the credentials by which it is reached; two of one word are one account. `remedy`: what to give to know the region.
    """

    region: str = ""
    known: bool = False
    account: str = ""
    remedy: str = ""


class Gap(Struct, frozen=True, eq=False, kw_only=True):
    """Something that could not be seen. Always reported, never silent.

    `affects`: addresses of resources whose verdicts it makes unsure, or `("*",)` for all of `path`; empty if it is only told.
    `hides` says that resources may exist that are not in the model, so that "there is none" is not known. `api`: the key of the
    API whose routes these are, where all that is deployed with it is there: they concern only what that API may call.
    """

    what: str
    why: str
    remedy: str = ""
    kind: str = "unsupported"
    path: str = ""
    span: Span | None = None
    affects: tuple[str, ...] = ()
    hides: bool = False
    kinds: tuple[str, ...] = ()  # of the hidden resources, where that is known
    scopes: tuple[
        str, ...
    ] = ()  # what it hides resources of beside its file: the root modules of Terraform, as in keys
    api: str = ""

    @property
    def where(self) -> str:
        """The file, with the line where it is known; nothing where there is none."""
        return self.path if self.span is None else f"{self.span.doc.path}:{self.span.line}"

    def concerns(self, kinds: AbstractSet[str]) -> bool:
        """Whether what it is about may be of some kinds of resources."""
        return not self.kinds or not kinds.isdisjoint(self.kinds)


class Pin(Struct, frozen=True, eq=False):
    """An upper bound for the version of the provider by which Terraform makes a resource: how it is written, and where."""

    text: str
    origin: Origin
    high: tuple[int, ...]
    inclusive: bool  # the bound is allowed itself


class Resource(Struct, frozen=True, eq=False, kw_only=True):
    """What all resources have. `key` is unique in the App; `address` is what a person calls it; `type` is the source's word."""

    kind: ClassVar[str] = "resource"

    address: str
    key: str
    type: str
    origin: Origin
    exists: When = ()
    site: Site | None = None
    place: Place | None = None  # None where the source has but one place for everything
    name: Value[str] = NULL
    tags: Relation[Tag] = NONE
    framework_owned: str = (
        ""  # why people can't change it in place (a CDK custom-resource provider, say); empty if they can
    )
    # Whether a successor is made before it is removed (`create_before_destroy` of Terraform); None where nobody says so, or the
    # format doesn't leave it to the source. Not a `Value`: Terraform takes nothing but true or false there.
    created_first: bool | None = None
    pins: tuple[Pin, ...] = ()  # in Terraform
    twin: str = ""  # equal for what one program declares alike for several environments; empty if there is no other
    # links
    functions: tuple[Function, ...] = ()  # the functions that it concerns, for reports by function

    def __str__(self) -> str:
        return self.address

    def __repr__(self) -> str:
        # Records link to each other in circles, so that a record in full would never end.
        return f"<{self.kind} {self.address}>"


class Tag(Struct, frozen=True, eq=False):
    """One tag."""

    key: Value[str]
    value: Value[str]


class SourceFile(Resource, frozen=True, eq=False, kw_only=True):
    """A file as a subject of findings that are about no resource, such as an ignore that nothing falls under."""

    kind: ClassVar[str] = "file"
