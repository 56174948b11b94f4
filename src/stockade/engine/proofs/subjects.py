"""Whose policies are asked about: a file's, AWS's own, those of a function or role of a tree."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.engine.proofs.alike import alike_in, names_of
from stockade.engine.proofs.documents import read_policy
from stockade.engine.proofs.proof import Source
from stockade.errors import UsageError
from stockade.iam.sets import modelled
from stockade.iam.sets.access import Access, by_itself
from stockade.iam.sets.clauses import MalformedError, of_document
from stockade.iam.sets.modelled import Names
from stockade.iam.sets.questions import OPEN, Setting
from stockade.knowledge import iam as facts
from stockade.model.app import App, Function, Resource, Role
from stockade.model.value import Value, When
from stockade.near import did_you_mean
from stockade.patterns import regex

Load: TypeAlias = Callable[[Path], App]
_MANAGED = regex(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)")


class Subject(Struct, frozen=True, kw_only=True):
    """Policies that are asked about.

    Attributes:
        label: what people called it.
        access: the policies.
        names: the symbols in them; None where everything is written out.
        holder: the function or role of a tree that they belong to.
        written: the document, of a policy that is one file's.
    """

    label: str
    access: Access
    names: Names | None = None
    holder: Resource | None = None
    written: Mapping[str, object] | None = None


def setting_of(*subjects: Subject, steps: int | None = None) -> Setting:
    """What has to be known of the symbols of subjects."""
    setting = OPEN if steps is None else replace(OPEN, steps=steps)
    for subject in subjects:
        if subject.names is not None:
            setting = subject.names.setting(setting)
    return setting


def subject(source: Source, load: Load) -> Subject:
    """The policies that a text stands for: a file or `-`, one of AWS's policies by ARN or name, or `PATH#FUNCTION`.

    Or a document itself. Raises UsageError where there is no such thing.
    """
    if isinstance(source, Mapping):
        return _of_written(dict(source), "the policy", "policy")
    text = os.fspath(source)
    path, name = split(text)
    if name:
        return of_holder(load(Path(path)), name, text, folder_of(path))
    match = _MANAGED.fullmatch(text)
    managed = facts.managed_policy(match[1] if match else text) if not Path(text).exists() else None
    if match and managed is None:
        raise UsageError(f"AWS has no policy `{text}`", hint="see `aws iam list-policies --scope AWS`")
    if managed is not None:
        clauses = of_document(managed.document, managed.name)
        return Subject(label=managed.name, access=Access(identity=clauses), written=managed.document)
    if Path(text).is_dir():
        raise UsageError(f"`{text}` is a folder", hint=f"write {text}#FUNCTION for the role of a function in it")
    label = "standard input" if text == "-" else text
    return _of_written(read_policy(text), label, Path(text).name)


def split(text: str) -> tuple[str, str]:
    """A path and the name behind it, if there is one; either may hold a `#` of its own."""
    if os.path.lexists(text) or "#" not in text:
        return text, ""
    ends = [at for at, char in enumerate(text) if char == "#"]
    at = next((at for at in reversed(ends) if at and os.path.lexists(text[:at])), ends[0])
    return text[:at] or ".", text[at + 1 :]


def pair(left: Source, right: Source, load: Load) -> tuple[Subject, Subject]:
    """Two subjects; of two trees in different formats, what is called alike is one. Raises UsageError."""
    ours, theirs = subject(left, load), subject(right, load)
    if ours.names is None or theirs.names is None or ours.holder is None or theirs.holder is None:
        return ours, theirs
    alike = alike_in(theirs.names.app, ours.names.app)
    if not alike:
        return ours, theirs
    before, after = names_of(theirs.names.app, ours.names.app, alike, (theirs.names.folder, ours.names.folder))
    return _renamed(ours, after), _renamed(theirs, before)


def _renamed(one: Subject, names: Names) -> Subject:
    access = _access(one.holder, names) if isinstance(one.holder, Function | Role) else one.access
    return replace(one, names=names, access=access)


def _access(holder: Function | Role, names: Names) -> Access:
    return of_function(holder, names) if isinstance(holder, Function) else modelled.of_role(holder, names)


def _of_written(document: dict[str, object], label: str, name: str) -> Subject:
    try:
        clauses = of_document(document, name)
    except MalformedError as error:
        hint = "`stockade policy validate` says all that is wrong"
        raise UsageError(f"{label} is no policy: {error}", hint=hint) from None
    return Subject(label=label, access=by_itself(clauses), written=document)


def folder_of(path: str) -> str:
    """What stands before the paths of a tree, for people; nothing for the current folder."""
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    return "" if folder == Path() else folder.as_posix()


def of_holder(app: App, name: str, label: str, folder: str = "") -> Subject:
    """What the role of a function may do, or a role, by its address or its name."""
    holder = _found(app, name)
    names = Names(app, folder=folder)
    return Subject(label=label, access=_access(holder, names), names=names, holder=holder)


def _found(app: App, name: str) -> Function | Role:
    candidates: list[Function | Role] = [*app.functions, *app.roles]
    found = [each for each in candidates if name in {each.address, each.key}]
    found = found or [each for each in candidates if each.name.only() == name]
    functions = [each for each in found if isinstance(each, Function)]
    if len(found) == 1 or len(functions) == 1:
        return (functions or found)[0]
    if found:
        what = "functions" if functions else "roles"
        raise UsageError(
            f"`{name}` is the name of several {what}",
            hint=f"write {' or '.join(each.key for each in functions or found)}",
        )
    hint = did_you_mean(name, (each.address for each in candidates), most=3, cutoff=0.4) or "see `stockade scan`"
    raise UsageError(f"there is no function or role `{name}`", hint=hint)


def of_function(function: Function, names: Names) -> Access:
    """What a function may do: its role's policies; of roles that a condition chooses from, each under its premises."""
    called = names.called(function)
    leaves = list(function.role.leaves())
    if function.execution_role is None or (len(leaves) == 1 and not function.role_cases):
        return _of_one(function, names)
    cases: list[tuple[When, Role | str]] = list(function.role_cases) or [((), function.execution_role)]
    if len(leaves) > 1:
        cases = [(when, _role_of(leaf, names) or f"the role of {called}: {leaf.show()}") for when, leaf in leaves]
    return modelled.of_roles(cases, names, called)


def _of_one(function: Function, names: Names) -> Access:
    if function.execution_role is not None:
        return modelled.of_role(function.execution_role, names)
    why = function.role_unknown.why if function.role_unknown is not None else "it is not part of the scanned code"
    called = names.called(function)
    return Access(identity=modelled.anything(f"the role of {called}: {why}", called, mark=function.role.show()))


def _role_of(leaf: Value[str], names: Names) -> Role | None:
    """The role that a value refers to, as far as it is one of the application's."""
    found = [names.app.get(reference.target) for _, reference in leaf.refers()]
    return found[0] if len(found) == 1 and isinstance(found[0], Role) else None
