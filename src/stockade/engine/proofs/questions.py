"""The questions, of subjects."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from stockade.engine.proofs.proof import Proof
from stockade.engine.proofs.subjects import Subject, folder_of, of_function, resource_policies, setting_of
from stockade.engine.proofs.tell import part_of, proof_of, together
from stockade.errors import UsageError
from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clause, Clauses, documents
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
from stockade.iam.sets.formulas import And
from stockade.iam.sets.modelled import Names
from stockade.iam.sets.questions import Answer, Proved, Setting, apart, ask, within
from stockade.knowledge import iam as facts
from stockade.model.app import App, Function, Role


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
    found, answer = difference(new.access, old.access, setting_of(new, old), future=future)
    labels = _labels(part=new, new=new, old=old)
    proof = proof_of(f"{new.label} allows nothing beyond {old.label}", answer, labels)
    otherwise = f"{new.label} allows what {old.label} does not"
    return replace(proof, parts=tuple(part_of(each, labels) for each in found), otherwise=otherwise)


def granted(subject: Subject, actions: Sequence[str], resources: Sequence[str]) -> Proof:
    """Whether everything of some actions on some resources is allowed."""
    _check(actions)
    answer = grants(subject.access, tuple(actions), tuple(resources), setting_of(subject))
    return proof_of(
        f"{subject.label} allows all of {_words(actions)} on {_words(resources)}", answer, _labels(it=subject)
    )


def refused(subject: Subject, actions: Sequence[str], resources: Sequence[str]) -> Proof:
    """Whether nothing of some actions on some resources is allowed."""
    _check(actions)
    answer = not_granted(subject.access, tuple(actions), tuple(resources), setting_of(subject))
    return proof_of(
        f"{subject.label} allows nothing of {_words(actions)} on {_words(resources)}", answer, _labels(it=subject)
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
    found, unknown = redundant(subject.access.identity, setting_of(subject))
    question = f"every statement of {subject.label} makes a difference"
    if found:
        return Proof(question=question, verdict="refuted", statements=tuple(found), why="; ".join(unknown))
    return Proof(question=question, verdict="unknown" if unknown else "proved", why="; ".join(unknown))


def smallest(subject: Subject) -> Proof:
    """The policy without what makes no difference."""
    if subject.written is None:
        raise UsageError(f"{subject.label} is not one policy document", hint="name a policy file")
    kept = minimise(subject.access.identity, setting_of(subject))
    less = _texts_of(kept) < _texts_of(subject.access.identity)
    statements = [dict(clause.most) for clause in kept]
    question = f"nothing of {subject.label} can be left out"
    document = {**subject.written, "Statement": statements}
    return Proof(question=question, verdict="refuted" if less else "proved", document=document)


def _texts_of(clauses: Clauses) -> int:
    """How many statements, actions and resources there are."""
    lists = [value for clause in clauses for value in clause.most.values()]
    return len(clauses) + sum(len(value) if isinstance(value, list) else 1 for value in lists)


# ---------------------------------------------------------------------------------------------------- who may do what


class _Target(Struct, frozen=True):
    """What is to be done something to: its ARNs as patterns, its policy, and what people call it."""

    patterns: tuple[str, ...]
    label: str
    policy: Clauses | None = None
    decides: bool = False


def who_can(app: App, action: str, resource: str, label: str) -> Proof:
    """Which functions of an application may do something to a resource; `refuted` where one may."""
    _check((action,))
    names = Names(app, folder=folder_of(label))
    target = _target(app, names, resource)
    items = [
        _may(function.address, function.execution_role, of_function(function, names), action, target, names)
        for function in app.functions
    ]
    able = sum(item.verdict == "refuted" for item in items)
    proof = together(f"no function of {label} may do {action} on {target.label}", tuple(items))
    return replace(proof, otherwise=f"{able} of {len(items)} functions of {label} may do {action} on {target.label}")


def can(subject: Subject, action: str, resource: str) -> Proof:
    """Whether a function or role may do something to a resource: proved that it never may, or an example in which it may."""
    _check((action,))
    if subject.names is None:
        return refused(subject, (action,), (resource,))
    target = _target(subject.names.app, subject.names, resource)
    holder = subject.holder
    role = holder if isinstance(holder, Role) else holder.execution_role if isinstance(holder, Function) else None
    return _may(subject.label, role, subject.access, action, target, subject.names)


def _may(label: str, role: Role | None, access: Access, action: str, target: _Target, names: Names) -> Proof:
    """The proof that somebody may not do it, or an example."""
    asked = {"asked": asking((action,), target.patterns)}
    if target.policy is not None and role is not None:
        access = replace(access, resource=target.policy, resource_decides=target.decides)
        asked["who"] = _caller(role, names)
    setting = names.setting(Setting())
    answer = decided(partial(_shared, {"it": access, **asked}), setting)
    proof = proof_of(f"{label} may not do {action} on {target.label}", answer, {"it": label})
    proof = replace(proof, otherwise=f"{label} may do {action} on {target.label}")
    if (
        proof.verdict == "refuted"
        and target.policy is None
        and isinstance(within(asked["asked"], access, known(setting)), Proved)
    ):
        return replace(proof, why="whatever else is true of the request")
    return proof


def _shared(parties: Mapping[str, Access], setting: Setting) -> Answer:
    """Whether there is nothing that all of them allow."""
    return ask(parties, lambda allowed: And(*allowed.values()), lambda says: all(says.values()), setting)


def _caller(role: Role, names: Names) -> Access:
    """Requests of a role's sessions, and whatever else is not known of them."""
    statement = {"Effect": "Allow", "Principal": {"AWS": names.role_arn(role)}, "Action": "*", "Resource": "*"}
    return Access(identity=(Clause(statement, statement, role.address),))


def _target(app: App, names: Names, text: str) -> _Target:
    """A resource as people name it: an ARN with wildcards, or the address of one of the application."""
    if text == "*" or text.startswith("arn:"):
        return _Target((text,), text)
    found = next((each for each in app.resources if text in {each.address, each.key}), None)
    arn = names.arn(found) if found is not None else None
    if found is None or arn is None:
        near = difflib.get_close_matches(text, [each.address for each in app.resources if names.arn(each)], n=3)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else "write an ARN, in which `*` and `?` are wildcards, or an address"
        )
        raise UsageError(f"there is no resource `{text}` of which the ARN is known", hint=hint)
    policy = resource_policies(app, names).get(found)
    return _Target((arn, f"{arn}/*", f"{arn}:*"), found.address, policy, found.kind == "key")


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
            near = difflib.get_close_matches(action, [each.name for each in facts.actions(prefix)], n=2)
            hint = (
                f"did you mean {' or '.join(near)}?"
                if near
                else "write SERVICE:ACTION, in which `*` and `?` are wildcards"
            )
            raise UsageError(f"there is no action `{action}`", hint=hint)
