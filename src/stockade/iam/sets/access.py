"""How policies of several kinds decide together about one request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html, as of 2026-11
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.sets.clauses import PLAIN_SYMBOL, Clause, Clauses, Document, of_document
from stockade.iam.sets.compile import Policy
from stockade.iam.sets.formulas import EVERYTHING, And, Formula, Not, Or
from stockade.model.value import Premise
from stockade.patterns import regex

Caller: TypeAlias = Literal["role", "user", "federated-user", "service"]


class Access(Struct, frozen=True, kw_only=True):
    """The policies that decide about what one caller asks of one account's resources. None: there is no policy of the kind.

    Attributes:
        identity: what is attached to the caller, together.
        boundary: the permissions boundary.
        session: the session policies.
        control: service control policies, for each level from the root down those that are attached there together.
        resource_control: resource control policies, likewise, of the resource's account.
        resource: the resource's own policy.
        caller: what kind of principal asks; a role asks through a session.
        other_account: the caller is of another account than the resource.
        resource_decides: the resource's policy has to agree even within the account, as of KMS keys and of roles' trust.
    """

    identity: Clauses = ()
    boundary: Clauses | None = None
    session: Clauses | None = None
    control: tuple[Clauses, ...] = ()
    resource_control: tuple[Clauses, ...] = ()
    resource: Clauses | None = None
    caller: Caller = "role"
    other_account: bool = False
    resource_decides: bool = False

    @property
    def written(self) -> Clauses:
        """What somebody wrote to say what is allowed: whoever asks may have it, limits and what is only assumed aside."""
        return tuple(clause for clause in (*self.identity, *(self.resource or ())) if clause.name)

    @property
    def is_identity_only(self) -> bool:
        """Whether nothing but what is attached to the caller decides, as of a document that is asked about by itself."""
        others = (self.boundary, self.session, self.resource)
        return all(each is None for each in others) and not self.control and not self.resource_control

    def every(self) -> Iterator[Clause]:
        """The clauses of all of them."""
        for clauses in (
            self.identity,
            self.boundary,
            self.session,
            self.resource,
            *self.control,
            *self.resource_control,
        ):
            yield from clauses or ()

    def mapped(self, change: Callable[[Clauses], Clauses]) -> Access:
        """With every policy changed."""

        def maybe(clauses: Clauses | None) -> Clauses | None:
            return None if clauses is None else change(clauses)

        return replace(
            self,
            identity=change(self.identity),
            boundary=maybe(self.boundary),
            session=maybe(self.session),
            resource=maybe(self.resource),
            control=tuple(map(change, self.control)),
            resource_control=tuple(map(change, self.resource_control)),
        )

    def formula(self, policy: Callable[[Clauses], Policy]) -> Formula:
        """The requests that are allowed."""
        if self.is_identity_only:
            return policy(self.identity).formula

        def allowed(clauses: Clauses | None) -> Formula:
            return EVERYTHING if clauses is None else policy(clauses).allowed

        guards = tuple(map(self._as_applied, self.resource or ()))
        denied = policy((*replace(self, resource=None).every(), *guards)).denied
        if self.resource is None and not self.control and not self.resource_control:
            # As most are; and a document that is asked about by itself.
            within = [allowed(each) for each in (self.boundary, self.session) if each is not None]
            return And(policy(self.identity).allowed, *within, Not(denied))
        limits = And(*map(allowed, (*self.control, *self.resource_control)))
        within_own = And(allowed(self.boundary), allowed(self.session))
        own = And(policy(self.identity).allowed, within_own)
        if self.resource is None:
            granted: Formula = own
        else:
            split = _split(self.resource, self.caller)
            direct, limited, handed_on = (policy(split[each]).allowed for each in ("direct", "limited", "handed on"))
            if self.other_account:
                granted = And(own, Or(direct, limited, handed_on)) if self.caller != "service" else direct
            elif self.resource_decides:
                granted = Or(direct, And(limited, within_own), And(handed_on, own))
            else:
                # A policy that names the whole account leaves it to the account's own policies, which decide anyhow.
                granted = Or(own, direct, And(limited, within_own))
        return And(granted, limits, Not(denied))

    def _as_applied(self, clause: Clause) -> Clause:
        """A Deny of a resource's policy with `NotPrincipal` is one of everybody who has a permissions boundary.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html, as of 2026-11
        """
        if self.boundary is None or clause.allows or "NotPrincipal" not in clause.most:
            return clause
        most, sure = (
            None if each is None else {name: value for name, value in each.items() if name != "NotPrincipal"}
            for each in (clause.most, clause.sure)
        )
        return replace(clause, most=most or clause.most, sure=sure)


def alone(document: object, name: str) -> Access:
    """What one document allows by itself. Raises MalformedError."""
    return Access(identity=of_document(document, name))


# Whoever a policy names by the account alone has what the account's policies give too; whoever it names otherwise needs no more,
# in the account of the resource.
_OWN = Premise(
    "the caller's own policies",
    "the caller's own policies allow it too",
    "the caller is in the resource's account, and its own policies do not allow it",
)
_ANYTHING: Document = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def by_itself(clauses: Clauses) -> Access:
    """What one policy allows: of a resource's, also whether those whom it names need a policy of their own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html, as of 2026-11
    """
    if not any("Principal" in clause.most or "NotPrincipal" in clause.most for clause in clauses):
        return Access(identity=clauses)
    own = Clause(_ANYTHING, _ANYTHING, "", (_OWN,))  # nobody wrote it, so it has no name
    return Access(identity=(own,), resource=clauses, resource_decides=True)


_SESSION = regex(r"arn:[^:]*:sts::[^:]*:(?:assumed-role|federated-user)/")
_USER = regex(r"arn:[^:]*:iam::[^:]*:user/")
_ACCOUNT = regex(r"\d{12}|arn:[^:]*:iam::[^:]*:root|" + PLAIN_SYMBOL)


def weight(kind: str, name: str, caller: Caller) -> Literal["direct", "limited", "handed on"]:
    """What an Allow of a resource's policy gives whom it names.

    "direct": access, whatever boundary and session policies leave out; so too by `*`. "limited": access as far as those go,
    as of a role. "handed on": the account may give access by policies of its own.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html, as of 2026-11
    """
    if kind != "AWS":
        return "direct"
    if _ACCOUNT.fullmatch(name):
        return "handed on"
    if name == "*" or _SESSION.match(name) or (caller == "user" and _USER.match(name)):
        return "direct"
    return "limited"


def _split(clauses: Clauses, caller: Caller) -> dict[str, Clauses]:
    """The Allows of a resource's policy, by what they give."""
    out: dict[str, list[Clause]] = {"direct": [], "limited": [], "handed on": []}
    for clause in clauses:
        if not clause.allows:
            continue
        for kind, found in out.items():
            most = _only(clause.most, kind, caller)
            sure = None if clause.sure is None else _only(clause.sure, kind, caller)
            if most is not None:
                doubt = clause.doubt or ("" if sure is not None else clause.name)
                found.append(replace(clause, most=most, sure=sure, doubt=doubt))
    return {kind: tuple(found) for kind, found in out.items()}


def _only(statement: Document, kind: str, caller: Caller) -> Document | None:
    """A statement with the principals alone that it gives this to; None where there are none."""
    element = statement.get("Principal")
    if element is None or element == "*":
        return statement if weight("AWS", "*", caller) == kind else None
    if not isinstance(element, dict):
        return statement if kind == "limited" else None
    left = {}
    for name, values in element.items():
        listed = values if isinstance(values, list) else [values]
        chosen = [each for each in listed if weight(str(name), str(each), caller) == kind]
        if chosen:
            left[name] = chosen
    return {**statement, "Principal": left} if left else None
