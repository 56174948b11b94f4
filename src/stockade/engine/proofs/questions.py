"""The questions, of subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from stockade.engine.proofs.proof import Proof
from stockade.engine.proofs.subjects import Subject, folder_of, of_function, setting_of
from stockade.engine.proofs.tell import part_of, proof_of, together
from stockade.errors import UsageError
from stockade.iam.allows import roles_of
from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clause, Clauses, Document, documents, keys_in
from stockade.iam.sets.derived import (
    asking,
    decided,
    difference,
    equivalent,
    grants,
    known,
    minimise,
    not_granted,
    not_public,
    redundant,
)
from stockade.iam.sets.formulas import And, Not
from stockade.iam.sets.modelled import Names, of_resources, of_trust
from stockade.iam.sets.questions import Answer, Proved, Refuted, Setting, Unknown, apart, ask, within
from stockade.knowledge import iam as facts
from stockade.model.app import App, Function, Gap, Resource, Role
from stockade.near import did_you_mean


def implies(new: Subject, old: Subject, *, future: bool = False) -> Proof:
    """Whether all that is allowed by the first is allowed by the second."""
    answer = decided(partial(within, new.access, old.access), setting_of(new, old), future=future)
    return proof_of(f"all that {new.label} allows is allowed by {old.label}", answer, _labels(new=new, old=old))


def same(left: Subject, right: Subject, *, future: bool = False) -> Proof:
    """Whether both allow the same."""
    answer, more = equivalent(left.access, right.access, setting_of(left, right), future=future)
    sides = {"new": left, "old": right} if more == "left" else {"new": right, "old": left}
    proof = proof_of(f"{left.label} and {right.label} allow the same", answer, _labels(**sides))
    if proof.verdict != "refuted":
        return proof
    return replace(proof, otherwise=f"{sides['new'].label} allows what {sides['old'].label} does not")


def disjoint(left: Subject, right: Subject, *, future: bool = False) -> Proof:
    """Whether there is nothing that both allow."""
    answer = decided(partial(apart, left.access, right.access), setting_of(left, right), future=future)
    return proof_of(
        f"nothing that {left.label} allows is allowed by {right.label}", answer, _labels(left=left, right=right)
    )


def beyond(new: Subject, old: Subject, *, future: bool = False) -> Proof:
    """All that is allowed by the first and not by the second."""
    found, answer, doubts = difference(new.access, old.access, setting_of(new, old), future=future)
    labels = _labels(part=new, new=new, old=old)
    proof = proof_of(f"{new.label} allows nothing beyond {old.label}", answer, labels)
    otherwise = f"{new.label} allows what {old.label} does not"
    parts = tuple(part_of(each, labels) for each in found)
    return replace(proof, parts=parts, why="; ".join(doubts) or proof.why, otherwise=otherwise)


def granted(subject: Subject, actions: Sequence[str], resources: Sequence[str]) -> Proof:
    """Whether everything of some actions on some resources is allowed."""
    _check(actions)
    answer = grants(subject.access, tuple(actions), tuple(resources), setting_of(subject))
    return proof_of(
        f"{subject.label} allows all of {_words(actions)} on {_words(resources)}", answer, _labels(old=subject)
    )


def refused(subject: Subject, actions: Sequence[str], resources: Sequence[str]) -> Proof:
    """Whether nothing of some actions on some resources is allowed."""
    _check(actions)
    answer = not_granted(subject.access, tuple(actions), tuple(resources), setting_of(subject))
    return proof_of(
        f"{subject.label} allows nothing of {_words(actions)} on {_words(resources)}", answer, _labels(right=subject)
    )


def private(subject: Subject) -> Proof:
    """Whether nothing is allowed to somebody whom no policy names."""
    statements = [each["Statement"][0] for each in documents(subject.access.every())]
    if statements and not any("Principal" in each or "NotPrincipal" in each for each in statements):
        raise UsageError(
            f"{subject.label} names no principal, so it says nothing about the public",
            hint="ask it of a resource's policy: a bucket's, a queue's, a function's",
        )
    answer = not_public(subject.access, setting_of(subject))
    return proof_of(f"{subject.label} allows the public nothing", answer, _labels(it=subject))


def needless(subject: Subject) -> Proof:
    """Whether every statement makes a difference."""
    found, unknown = redundant(subject.access.written, setting_of(subject))
    question = f"every statement of {subject.label} makes a difference"
    if found:
        return Proof(question=question, verdict="refuted", statements=tuple(found), why="; ".join(unknown))
    return Proof(question=question, verdict="unknown" if unknown else "proved", why="; ".join(unknown))


def smallest(subject: Subject) -> Proof:
    """The policy without what makes no difference."""
    if subject.written is None:
        raise UsageError(f"{subject.label} is not one policy document", hint="name a policy file")
    kept = minimise(subject.access.written, setting_of(subject))
    less = _texts_of(kept) < _texts_of(subject.access.written)
    statements = [dict(clause.most) for clause in kept]
    question = f"nothing of {subject.label} can be left out"
    document = {**subject.written, "Statement": statements}
    return Proof(question=question, verdict="refuted" if less else "proved", document=document)


def _texts_of(clauses: Clauses) -> int:
    """How many statements, actions and resources there are."""
    lists = [value for clause in clauses for value in clause.most.values()]
    return len(clauses) + sum(len(value) if isinstance(value, list) else 1 for value in lists)


# ---------------------------------------------------------------------------------------------------- who may do what


class _Guard(Struct, frozen=True):
    """A resource whose own policy has a say about some actions on it.

    Attributes:
        part: those actions on it, as what allows them and nothing else.
        policy: its policy.
        decides: the policy has to agree, as of KMS keys and of roles.
    """

    part: Access
    policy: Clauses
    decides: bool = False


class _Target(Struct, frozen=True):
    """What is asked about: an action on some resources, what people call them, and the policies that have a say."""

    action: str
    asked: Access
    label: str
    guards: tuple[_Guard, ...] = ()
    assumes: tuple[str, ...] = ()


def who_can(app: App, action: str, resource: str, label: str) -> Proof:
    """Which functions of an application may do something to a resource; `refuted` where one may."""
    _check((action,))
    names = Names(app, folder=folder_of(label))
    target = _target(names, action, resource)
    items = [
        _may(names.called(function), function, of_function(function, names), target, names)
        for function in app.functions
    ]
    able = sum(item.verdict == "refuted" for item in items)
    count = len(items)
    items += unread(app, label, f"what could not be read of {label} may not do {action} on {target.label}")
    proof = together(f"no function of {label} may do {action} on {target.label}", tuple(items))
    why = proof.why if count else f"there is no function in {label}"
    return replace(
        proof, why=why, otherwise=f"{able} of {count} functions of {label} may do {action} on {target.label}"
    )


def can(subject: Subject, action: str, resource: str) -> Proof:
    """Whether a function or role may do something to a resource: proved that it never may, or an example in which it may."""
    _check((action,))
    if subject.names is None:
        return refused(subject, (action,), (resource,))
    target = _target(subject.names, action, resource)
    proof = _may(subject.label, subject.holder, subject.access, target, subject.names)
    if proof.verdict != "proved":
        return proof
    folder = subject.names.folder
    gaps = tuple(
        f"what could not be read gives it nothing: {told(each, folder)}"
        for each in subject.names.app.gaps
        if hides_access(each)
    )
    return replace(proof, assumes=(*proof.assumes, *gaps))


def unread(app: App, label: str, question: str) -> list[Proof]:
    """What is not known since some of an application could not be read."""
    return [
        Proof(question=question, verdict="unknown", why=told(gap, folder_of(label)))
        for gap in app.gaps
        if hides_access(gap)
    ]


def hides_access(gap: Gap) -> bool:
    """Whether there may be functions, roles or policies in what was not read."""
    return gap.hides and gap.concerns(_OF_ACCESS)


_OF_ACCESS = frozenset({"function", "role", "policy", "permission"})


def told(gap: Gap, folder: str) -> str:
    """A gap in words, with the file that it is in."""
    where = f"{folder}/{gap.where}" if folder and gap.where else gap.where or folder
    return ": ".join(part for part in (where, gap.what, gap.why) if part)


def _may(label: str, holder: Resource | None, access: Access, target: _Target, names: Names) -> Proof:
    """The proof that somebody may not do it, or an example."""
    setting = names.setting(Setting())
    answers = [
        decided(
            partial(
                _allowed,
                replace(access, resource=guard.policy, resource_decides=guard.decides),
                holder,
                target,
                guard,
                names,
            ),
            setting,
        )
        for guard in target.guards
        if guard.policy  # else nobody may
    ]
    answers.append(decided(partial(_allowed, access, holder, target, None, names), setting))
    worst = next((each for kind in (Refuted, Unknown) for each in answers if isinstance(each, kind)), None)
    proofs = [proof_of("", each) for each in answers if isinstance(each, Proved)]
    proof = proof_of(f"{label} may not do {target.action} on {target.label}", worst or Proved(), {"it": label})
    proof = replace(proof, otherwise=f"{label} may do {target.action} on {target.label}")
    if proof.verdict == "proved":
        assumes = (*(each for one in proofs for each in one.assumes), *target.assumes)
        return replace(proof, assumes=tuple(dict.fromkeys(assumes)), of=next((p.of for p in proofs if p.of), ""))
    if (
        proof.verdict == "refuted"
        and not target.guards
        and isinstance(within(target.asked, access, known(setting)), Proved)
    ):
        return replace(proof, why="whatever else is true of the request")
    return proof


def _allowed(
    access: Access, holder: Resource | None, target: _Target, guard: _Guard | None, names: Names, setting: Setting
) -> Answer:
    """Whether there is nothing of the target that is allowed: of what a policy guards, or of what none does."""
    parties = {"it": access, "asked": target.asked}
    who = _caller(holder, access, names)
    if who is not None:
        parties["who"] = who
    if guard is not None:
        parties["guarded"] = guard.part
        return ask(parties, lambda allowed: And(*allowed.values()), lambda says: all(says.values()), setting)
    elsewhere = Access(identity=tuple(clause for each in target.guards for clause in each.part.identity))
    return ask(
        {**parties, "guarded": elsewhere},
        lambda allowed: And(*(Not(each) if name == "guarded" else each for name, each in allowed.items())),
        lambda says: all(said is not (name == "guarded") for name, said in says.items()),
        setting,
    )


def _caller(holder: Resource | None, access: Access, names: Names) -> Access | None:
    """Requests of the sessions of somebody's roles; None where those are not all known.

    What every request of a role says of who asks is so of these too:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, as of 2026-11
    """
    roles: list[Role] = [holder] if isinstance(holder, Role) else []
    if isinstance(holder, Function):
        if len(list(holder.role.leaves())) > 1 + len(holder.role_cases):
            return None
        roles = [role for _, role in roles_of(holder)]
    if not roles:
        return None
    arns = list(dict.fromkeys(map(names.role_arn, roles)))
    asked_for = {key for document in documents(access.every()) for key in keys_in(document)}
    tests: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in (
        ("ArnEquals", "aws:principalarn", arns),
        ("StringEquals", "aws:principalaccount", list(dict.fromkeys(arn.split(":")[4] for arn in arns))),
        ("StringEquals", "aws:principaltype", ["AssumedRole"]),
        ("Bool", "aws:principalisawsservice", ["false"]),
        *(
            ("Null", key, ["true"])
            for key in ("aws:username", "aws:principalservicename", "aws:sourcearn", "aws:sourceaccount")
        ),
    ):
        if key in asked_for:
            tests.setdefault(operator, {})[key] = values
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": tests}
    if access.resource is not None:
        statement["Principal"] = {"AWS": arns}
    return Access(identity=(Clause(statement, statement, ""),))


def _target(names: Names, action: str, text: str) -> _Target:
    """An action on a resource as people name it: an ARN with wildcards, or the address of one of the application."""
    if text == "*" or text.startswith("arn:"):
        asked = asking((action,), (text,))
        assumes = ("the policies of resources that are declared elsewhere do not let it",)
        return _Target(action, asked, text, tuple(_guards(names, asked)), assumes)
    resources = names.app.resources
    found = [each for each in resources if text == each.key] or [
        each for each in resources if text == each.address and names.arn(each) is not None
    ]
    if len(found) > 1:
        keys = " or ".join(each.key for each in found)
        raise UsageError(f"there are several resources `{text}`", hint=f"write {keys}")
    arn = names.arn(found[0]) if found else None
    if not found or arn is None:
        addresses = [each.address for each in resources if names.arn(each)]
        otherwise = "write an ARN, in which `*` and `?` are wildcards, or an address"
        hint = did_you_mean(text, addresses, most=3) or otherwise
        raise UsageError(f"there is no resource `{text}` of which the ARN is known", hint=hint)
    asked = asking((action,), _parts(arn, found[0].kind))
    return _Target(action, asked, names.called(found[0]), tuple(_guards(names, asked)))


# What ARNs of what is in a resource have behind its own.
_WITHIN = {
    **dict.fromkeys(("bucket", "table", "stream"), "/*"),
    **dict.fromkeys(("function", "log-group", "topic", "state-machine"), ":*"),
}


def _parts(arn: str, kind: str) -> tuple[str, ...]:
    """The patterns of a resource and of what is in it."""
    return (arn, arn + _WITHIN[kind]) if kind in _WITHIN else (arn,)


_ASSUMING = ("sts:AssumeRole*", "sts:SetContext", "sts:SetSourceIdentity", "sts:TagSession")


def _guards(names: Names, asked: Access) -> Iterator[_Guard]:
    """The policies of resources of the application that have a say about what is asked."""
    setting = names.setting(Setting())
    held: list[tuple[Access, Clauses, bool]] = []
    for resource, clauses in of_resources(names).items():
        policy = tuple(filter(_is_for_roles, clauses))
        if names.arn(resource) is None:
            why = f"whether {names.called(resource)} is about it"
            policy = tuple(replace(each, sure=None, doubt=each.doubt or why) for each in policy)
        held.append((asking(("*",), _parts(names.pattern(resource), resource.kind)), policy, resource.kind == "key"))
    for role in names.app.roles:
        policy = tuple(filter(_is_for_roles, of_trust(role, names)))
        held.append((asking(_ASSUMING, (names.role_arn(role),)), policy, True))
    for part, policy, decides in held:
        about = tuple(replace(each, most=_for_anybody(each), sure=None, doubt="") for each in policy)
        matters = (part,) if decides else (part, Access(identity=about))
        if not any(isinstance(apart(asked, each, setting), Proved) for each in matters):
            yield _Guard(part, policy, decides)


def _is_for_roles(clause: Clause) -> bool:
    """Whether a statement of a resource's policy may be about roles, and not about services and the like alone."""
    principal = clause.most.get("Principal")
    return not isinstance(principal, Mapping) or "AWS" in principal


def _for_anybody(clause: Clause) -> Document:
    """What a statement is about, whoever asks."""
    kept = {name: value for name, value in clause.most.items() if name not in {"Principal", "NotPrincipal"}}
    return {**kept, "Effect": "Allow"}


# ------------------------------------------------------------------------------------------------------------- helpers


def _labels(**subjects: Subject) -> dict[str, str]:
    return {name: subject.label for name, subject in subjects.items()}


def _words(texts: Sequence[str]) -> str:
    return ", ".join(texts)


def _check(actions: Sequence[str]) -> None:
    """Nothing is proved of actions that there are not."""
    for action in actions:
        if action != "*" and not facts.expand(action):
            prefix = action.partition(":")[0].lower()
            otherwise = "write SERVICE:ACTION, in which `*` and `?` are wildcards"
            hint = did_you_mean(action, (each.name for each in facts.actions(prefix)), most=2) or otherwise
            raise UsageError(f"there is no action `{action}`", hint=hint)
