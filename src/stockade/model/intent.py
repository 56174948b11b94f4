"""What a fix wants to be true of the model. The input that produced a resource knows how to write it into its source."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from stockade.model.app import Resource
from stockade.model.value import Origin, When


class To(Struct, frozen=True, eq=False):
    """A reference to an attribute of a resource, to be written in the source's own language."""

    resource: Resource | New
    attribute: str = "Arn"


class Joined(Struct, frozen=True, eq=False):
    """A text with references in it, to be written in the source's own language.

    Terraform is asked for those to resources, CloudFormation for what it is deployed to.
    """

    parts: tuple[str | To | Here, ...]


class Here(Struct, frozen=True, eq=False):
    """What the application is deployed to, to be written in the source's own language (`!Ref AWS::AccountId`, …)."""

    what: Literal["account", "region", "partition", "stack"] = "account"  # a stack is CloudFormation's alone


class Set(Struct, frozen=True, eq=False):
    """`field` of `resource` shall be `value` (plain data, `To`, `Joined`, `Here`, or a list of these).

    `when` are the cases in which what is there is wrong, which are all that may change: `((),)` is every case. The engine
    states it where the finding is about the resource; None says that it is not known of the field.
    """

    resource: Resource
    field: str
    value: Any
    when: tuple[When, ...] | None = None


class Unset(Struct, frozen=True, eq=False):
    """`field` of `resource` shall not be written."""

    resource: Resource
    field: str


class Add(Struct, frozen=True, eq=False):
    """The list `field` of `resource` shall also hold `value`."""

    resource: Resource
    field: str
    value: Any


class Remove(Struct, frozen=True, eq=False):
    """What stands at `origin` in the list `field` of `resource` shall go."""

    resource: Resource
    field: str
    origin: Origin


class Rewrite(Struct, frozen=True, eq=False):
    """The text at `origin`, which is a part of `field` of `resource`, shall be `value`."""

    resource: Resource
    field: str
    origin: Origin
    value: str


class New(Struct, frozen=True, eq=False):
    """A resource of `kind` shall be there, beside `beside`, with these fields; `name` is a stem for its identifier.

    `first`: whether it has to be there before `beside` is made or changed, though nothing of that refers to it.
    """

    kind: type[Resource]
    name: str
    fields: dict[str, Any]
    beside: Resource
    first: bool = False


Intent: TypeAlias = Set | Unset | Add | Remove | Rewrite | New

Safety: TypeAlias = Literal["safe", "unsafe", "advice"]


class Fix(Struct, frozen=True, eq=False):
    """A remedy. `safe`: nothing that works today stops working. `unsafe`: something may, and `why` says what. `advice`: words."""

    title: str
    safety: Safety
    why: str = ""
    intents: tuple[Intent, ...] = ()

    @staticmethod
    def safe(title: str, *intents: Intent, why: str = "") -> Fix:
        """A remedy after which everything that worked works."""
        return Fix(title, "safe", why, intents)

    @staticmethod
    def unsafe(title: str, *intents: Intent, why: str) -> Fix:
        """A remedy after which something may stop working; `why` says what."""
        return Fix(title, "unsafe", why, intents)

    @staticmethod
    def advice(title: str, why: str = "") -> Fix:
        """A remedy in words only."""
        return Fix(title, "advice", why)
