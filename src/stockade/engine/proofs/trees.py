"""Whether one tree gives more access than another: of files, folders, and revisions of git."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.engine.proofs.alike import Alike, alike_in, counterpart, names_of, ours_of
from stockade.engine.proofs.documents import is_tree
from stockade.engine.proofs.proof import Proof
from stockade.engine.proofs.questions import hides_access, told
from stockade.engine.proofs.subjects import Load, Subject, folder_of, of_function, pair, setting_of
from stockade.engine.proofs.tell import part_of, proof_of, together
from stockade.engine.revisions import write_revision
from stockade.errors import NothingToScan, UsageError
from stockade.iam.allows import roles_of
from stockade.iam.sets.access import Access, by_itself
from stockade.iam.sets.clauses import Clauses
from stockade.iam.sets.derived import decided, difference
from stockade.iam.sets.modelled import Names, all_of, of_resources, of_role, of_trust
from stockade.iam.sets.questions import within
from stockade.model.app import App, Gap
from stockade.patterns import regex

_REVISION = regex(r"git:([^:]+)(?::(.*))?")


def no_new_access(old: str, new: str, load: Load, *, future: bool = False) -> Proof:
    """Whether nothing is allowed by the second that was not by the first.

    Each is a policy file, one of AWS's policies, a function of a tree (`PATH#FUNCTION`), a whole tree, or a revision of one:
    `git:REVISION` or `git:REVISION:PATH`. Raises UsageError.
    """
    with checked_out(old) as old_place, checked_out(new) as new_place:
        if is_tree(old_place) and is_tree(new_place):
            return _trees(old_place, new_place, load, old, new, future=future)
        after, before = pair(new_place, old_place, load)
        before, after = replace(before, label=old), replace(after, label=new)
        found, answer, doubts = difference(after.access, before.access, setting_of(after, before), future=future)
        labels = {"part": new, "new": new, "old": old}
        proof = proof_of(f"{new} allows nothing that {old} does not", answer, labels)
        parts = tuple(part_of(each, labels) for each in found)
        return replace(
            proof, parts=parts, why="; ".join(doubts) or proof.why, otherwise=f"{new} allows what {old} does not"
        )


def _app(place: str, load: Load) -> App:
    try:
        return load(Path(place))
    except NothingToScan:
        return App([], (), ())


class _Held(Struct, frozen=True):
    """Somebody who may do something, or something that lets others do something.

    Attributes:
        label: what people call it.
        access: what is allowed.
        denies: of policies of resources, what they keep everybody from.
    """

    label: str
    access: Access
    denies: Clauses = ()


_Key: TypeAlias = tuple[str, str]


def _trees(old_place: str, new_place: str, load: Load, old_label: str, new_label: str, *, future: bool) -> Proof:
    old, new = _app(old_place, load), _app(new_place, load)
    if not (old.resources or old.gaps or new.resources or new.gaps):
        load(Path(new_place))  # which says what there is to say about it
    return compared(old, new, old_label, new_label, future=future)


def compared(old: App, new: App, old_label: str, new_label: str, *, future: bool = False) -> Proof:
    """Whether one application allows nothing that another does not.

    There is one answer for each function and role, and for each resource that has a policy, in `Proof.items`.
    """
    alike = alike_in(old, new)
    before, after = names_of(old, new, alike, (folder_of(old_label), folder_of(new_label)))
    was, now = dict(_holders(old, before)), dict(_holders(new, after))
    counterparts = {key: _counterpart(key, was, alike) for key in now}
    items: list[Proof] = []
    for key, held in now.items():
        earlier = was.get(counterparts[key])
        items += _compared(held, earlier, before, after, future=future)
    there = {resource.key for resource in new.resources}
    for key in was.keys() - set(counterparts.values()):
        # The policy is gone, and with it what it denied; where the resource is gone too, there is nothing to be had.
        if key[0] == "policy" and (ours_of(key[1], alike) in there or key[1] in there):
            gone = replace(was[key], access=Access(), denies=())
            items += _compared(gone, was[key], before, after, future=future)
    items += _unread(old, new, old_label, new_label)
    proof = together(f"{new_label} allows nothing that {old_label} does not", tuple(items))
    why = proof.why if now else f"{new_label} declares nobody who may do anything"
    return replace(proof, why=why, otherwise=f"{new_label} allows what {old_label} does not")


def _unread(old: App, new: App, old_label: str, new_label: str) -> list[Proof]:
    """What could not be read in the new tree, and was not there in the old one, or written otherwise."""
    known = {_told(gap) for gap in old.gaps if hides_access(gap)}
    return [
        Proof(
            question=f"what could not be read of {new_label} allows nothing that {old_label} does not",
            verdict="unknown",
            why=told(gap, folder_of(new_label)),
        )
        for gap in new.gaps
        if hides_access(gap) and _told(gap) not in known
    ]


def _told(gap: Gap) -> tuple[str, ...]:
    return (gap.path, gap.what, gap.why, "" if gap.span is None else gap.span.text)


def _compared(held: _Held, earlier: _Held | None, before: Names, after: Names, *, future: bool) -> Iterator[Proof]:
    holder = held.label
    old = Subject(label=holder, access=earlier.access if earlier is not None else Access(), names=before)
    new = Subject(label=holder, access=held.access, names=after)
    setting = setting_of(new, old)
    found, answer, doubts = difference(new.access, old.access, setting, future=future)
    labels = {"part": holder, "new": holder, "old": f"{holder}, before"}
    proof = replace(
        proof_of(f"{holder} allows nothing new", answer, labels), otherwise=f"{holder} allows more than before"
    )
    if proof.verdict == "refuted":
        why = "; ".join(("it was not there before",) * (earlier is None) + doubts)
        proof = replace(proof, parts=tuple(part_of(each, labels) for each in found), why=why)
    yield proof
    if earlier is None or not earlier.denies:
        return
    # What a resource's policy denies is kept also from those to whom their own policies allow it.
    others = all_of()
    left, left_before = (Access(identity=(*others, *denies)) for denies in (held.denies, earlier.denies))
    answer = decided(partial(within, left, left_before), setting, future=future)
    yield replace(
        proof_of(f"{holder} denies all that it did", answer, labels), otherwise=f"{holder} denies less than before"
    )


def _holders(app: App, names: Names) -> Iterator[tuple[_Key, _Held]]:
    """Whoever may do something, and whatever lets others do something: by kind and key."""
    served = set()
    for function in app.functions:
        served |= {role.key for _, role in roles_of(function)}
        yield ("function", function.key), _Held(names.called(function), of_function(function, names))
    for role in app.roles:
        if role.key not in served:
            yield ("role", role.key), _Held(names.called(role), of_role(role, names))
    for resource, clauses in of_resources(names).items():
        yield ("policy", resource.key), _guarding(f"the policy of {names.called(resource)}", clauses)
    for function in app.functions:
        own = function.execution_role
        if own is not None and not function.role_cases:
            label = f"the trust of {names.called(function)}'s role"
            yield ("trust", function.key), _guarding(label, of_trust(own, names))
    for role in app.roles:
        if role.key not in served or any(each.role_cases for each in app.functions):
            yield ("trust", role.key), _guarding(f"the trust of {names.called(role)}", of_trust(role, names))


def _guarding(label: str, clauses: Clauses) -> _Held:
    return _Held(label, by_itself(clauses), tuple(each for each in clauses if not each.allows))


def _counterpart(key: _Key, was: Mapping[_Key, object], alike: Alike) -> _Key:
    """What somebody was before; a key that nobody has, if there was nothing."""
    return key if key in was else (key[0], counterpart(key[1], alike))


# ------------------------------------------------------------------------------------------------------ revisions


@contextmanager
def checked_out(place: str) -> Iterator[str]:
    """A path; of a revision one to which its files were written, and nothing else was done."""
    match = _REVISION.fullmatch(place)
    if match is None:
        yield place
        return
    path, _, fragment = (match[2] or ".").partition("#")
    with tempfile.TemporaryDirectory(prefix="stockade-") as folder:
        write_revision(match[1], path, Path(folder))
        inside = PurePosixPath(path)
        target = Path(folder) / inside
        if not target.exists():
            raise UsageError(f"there is no `{path}` in the revision `{match[1]}`", hint="see `git ls-tree`")
        yield f"{target}#{fragment}" if fragment else str(target)
