"""Roles and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from stockade.model.kinds.base import CFN, NONE, NULL, Resource
from stockade.model.value import NO, Origin, Relation, Tri, Value, When, unset

if TYPE_CHECKING:
    from stockade.model.policy import Fault, PolicyType, Statement


class Policy(Resource, frozen=True, eq=False, kw_only=True):
    """A policy document that is attached to something.

    `form`: "inline" (in a role or attached by a policy resource), "managed" (a customer managed policy), "template" (a SAM
    policy template, whose name is in `template`), "connector", "resource" (a queue's, bucket's, key's, API's … policy),
    "generated" (the framework adds it by itself).
    """

    kind: ClassVar[str] = "policy"

    form: str = "inline"
    template: str = ""
    statements: Relation[Statement] = NONE
    roles: Relation[Value[str]] = NONE  # what an attachment written on the policy names
    users: Relation[Value[str]] = NONE
    groups: Relation[Value[str]] = NONE
    targets: Relation[Value[str]] = NONE  # for a resource policy: the resources that it is put on
    # links
    attached_to: tuple[Role, ...] = ()
    guards: tuple[Resource, ...] = ()  # for a resource policy: the resources of the application that it is put on

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the syntax of the document."""
        faults: tuple[Fault, ...] = getattr(self.statements, "faults", ())
        return faults

    @property
    def policy_type(self) -> PolicyType:
        """What kind of policy it is. A role's trust policy is no `Policy`, but the role's field `trust`."""
        return "resource" if self.form == "resource" else "identity"


class Withheld(Struct, frozen=True, eq=False):
    """A policy that a role does not get, since an input of its module is not `wanted`.

    `origin` is where the input is `stated`, else the call that leaves it out. `texts` are those of the policy, as written.
    """

    origin: Origin
    input: str
    wanted: bool
    stated: bool
    texts: tuple[str, ...]


class Role(Resource, frozen=True, eq=False, kw_only=True):
    """An IAM role. `policies` holds every document that the application shows; `managed` every ARN attached to it."""

    kind: ClassVar[str] = "role"

    path: Value[str] = unset("/", CFN + "aws-resource-iam-role.html")
    trust: Relation[Statement] = NONE
    managed: Relation[Value[str]] = NONE
    boundary: Value[str] = NULL
    max_session: Value[int] = unset(3600, CFN + "aws-resource-iam-role.html")  # seconds
    inline: Relation[Policy] = NONE
    generated: bool = False  # made by the framework for one function (SAM's default role), not written
    withheld: tuple[Withheld, ...] = ()
    # links
    policies: Relation[Policy] = NONE  # inline, attached, customer managed of this application
    attachments: tuple[tuple[When, Policy], ...] = ()  # the same, each with the premises under which it is attached
    is_execution_role: Tri = NO
