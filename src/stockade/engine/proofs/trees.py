"""Whether one tree gives more access than another: of files, folders, and revisions of git."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from stockade.engine.proofs.alike import alike_in, counterpart, names_of
from stockade.engine.proofs.documents import read_policy
from stockade.engine.proofs.proof import Proof
from stockade.engine.proofs.subjects import Load, Subject, folder_of, of_function, pair, resource_policies, setting_of
from stockade.engine.proofs.tell import part_of, proof_of, together
from stockade.errors import NothingToScan, UsageError
from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clauses
from stockade.iam.sets.derived import decided, difference
from stockade.iam.sets.modelled import Names, of_permission, of_statements
from stockade.iam.sets.questions import within
from stockade.model.app import App, Permission, Resource
from stockade.patterns import regex

_REVISION = regex(r"git:([^:]+)(?::(.*))?")
_MAX_FILE = 20 * 1024 * 1024
_MAX_FILES = 50_000


def no_new_access(old: str, new: str, load: Load, *, future: bool = False) -> Proof:
    """Whether nothing is allowed by the second that was not by the first.

    Each is a policy file, one of AWS's policies, a function of a tree (`PATH#FUNCTION`), a whole tree, or a revision of one:
    `git:REVISION` or `git:REVISION:PATH`. Raises UsageError.
    """
    with _checked_out(old) as old_place, _checked_out(new) as new_place:
        if _is_tree(old_place) and _is_tree(new_place):
            return _trees(_app(old_place, load), _app(new_place, load), old, new, future=future)
        after, before = pair(new_place, old_place, load)
        before, after = replace(before, label=old), replace(after, label=new)
        found, answer = difference(after.access, before.access, setting_of(after, before), future=future)
        labels = {"part": new, "new": new, "old": old}
        proof = proof_of(f"{new} allows nothing that {old} does not", answer, labels)
        return replace(
            proof, parts=tuple(part_of(each, labels) for each in found), otherwise=f"{new} allows what {old} does not"
        )


def _is_tree(place: str) -> bool:
    """Whether it is a folder, or a file that is no policy by itself."""
    if not Path(place).is_file():
        return Path(place).is_dir()
    try:
        read_policy(place)
    except UsageError:
        return True
    return False


def _app(place: str, load: Load) -> App:
    try:
        return load(Path(place))
    except NothingToScan:
        return App([], (), ())


def _trees(old: App, new: App, old_label: str, new_label: str, *, future: bool) -> Proof:
    """One answer for each function, and for each resource that has a policy."""
    alike = alike_in(old, new)
    before, after = names_of(old, new, alike, (folder_of(old_label), folder_of(new_label)))
    was, now = dict(_holders(old, before)), dict(_holders(new, after))
    items = []
    for key, (holder, access) in now.items():
        known = was.get(key) or was.get((key[0], counterpart(key[1], alike)))
        earlier = known[1] if known is not None else Access()
        left = Subject(label=holder, access=earlier, names=before)
        right = Subject(label=holder, access=access, names=after)
        items.append(_compared(holder, left, right, is_new=known is None, future=future))
    proof = together(f"{new_label} allows nothing that {old_label} does not", tuple(items))
    return replace(proof, otherwise=f"{new_label} allows what {old_label} does not")


def _compared(holder: str, old: Subject, new: Subject, *, is_new: bool, future: bool) -> Proof:
    setting = setting_of(new, old)
    answer = decided(partial(within, new.access, old.access), setting, future=future)
    labels = {"part": holder, "new": holder, "old": f"{holder}, before"}
    proof = replace(
        proof_of(f"{holder} allows nothing new", answer, labels), otherwise=f"{holder} allows more than before"
    )
    if proof.verdict != "refuted":
        return proof
    found, _ = difference(new.access, old.access, setting, future=future)
    why = "it was not there before" if is_new else ""
    return replace(proof, parts=tuple(part_of(each, labels) for each in found), why=why)


def _holders(app: App, names: Names) -> Iterator[tuple[tuple[str, str], tuple[str, Access]]]:
    """Whoever may do something, and whatever lets others do something: by kind and key, with a name and the policies."""
    for function in app.functions:
        yield ("function", function.key), (function.address, of_function(function, names))
    guarded: dict[str, tuple[Resource, Clauses]] = {
        resource.key: (resource, clauses) for resource, clauses in resource_policies(app, names).items()
    }
    for permission in app.of(Permission):
        target = permission.function or permission
        resource, clauses = guarded.get(target.key, (target, ()))
        guarded[target.key] = (resource, (*clauses, *of_permission(permission, names)))
    for key, (resource, clauses) in guarded.items():
        yield ("policy", key), (f"the policy of {resource.address}", Access(identity=clauses))
    for function in app.functions:
        role = function.execution_role
        if role is not None:
            clauses = of_statements(role.trust, names, f"{role.address}, trust", role.key.partition("#")[0])
            yield ("trust", function.key), (f"the trust of {function.address}'s role", Access(identity=clauses))


# ------------------------------------------------------------------------------------------------------ revisions


@contextmanager
def _checked_out(place: str) -> Iterator[str]:
    """A path; of a revision one to which its files were written, and nothing else was done."""
    match = _REVISION.fullmatch(place)
    if match is None:
        yield place
        return
    path, _, fragment = (match[2] or ".").partition("#")
    with tempfile.TemporaryDirectory(prefix="stockade-") as folder:
        _write_revision(match[1], path, Path(folder))
        inside = PurePosixPath(path)
        target = Path(folder) / inside
        if not target.exists():
            raise UsageError(f"there is no `{path}` in the revision `{match[1]}`", hint="see `git ls-tree`")
        yield f"{target}#{fragment}" if fragment else str(target)


def _git(*arguments: str, given: bytes | None = None) -> bytes:
    try:
        # Of a partial clone, what is not there is not fetched: no network unless asked.
        environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
        done = subprocess.run(  # noqa: S603 - git, with arguments that are revisions and paths
            ["git", *arguments],  # noqa: S607 - wherever it is installed
            input=given,
            capture_output=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed", hint="revisions are read by it; or name two folders") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(
            f"git could not read the revision: {said[-1] if said else 'no reason given'}", hint="see `git log`"
        )
    return done.stdout


def _write_revision(revision: str, path: str, folder: Path) -> None:
    """The files of a revision, as they are stored: no filter, hook or attribute of the repository is followed."""
    if revision.startswith("-") or ".." in PurePosixPath(path).parts or PurePosixPath(path).is_absolute():
        raise UsageError(
            f"`git:{revision}:{path}` is no revision with a path inside of it", hint="write git:REVISION:PATH"
        )
    listed = _git("ls-tree", "-r", "-l", "-z", revision, "--", path)
    entries = []
    for line in listed.split(b"\0"):
        head, tab, name = line.partition(b"\t")
        fields = head.split()
        if tab and fields[1] == b"blob" and fields[0] != b"120000" and int(fields[3]) <= _MAX_FILE:
            entries.append((fields[2], name.decode(errors="surrogateescape")))
    if len(entries) > _MAX_FILES:
        raise UsageError(f"`git:{revision}:{path}` has more than {_MAX_FILES:,} files", hint="name a folder in it")
    stored = _git("cat-file", "--batch", given=b"\n".join(digest for digest, _ in entries) + b"\n") if entries else b""
    at = 0
    for _, path_in in entries:
        end = stored.index(b"\n", at)
        size = int(stored[at:end].split()[2])
        target = folder / path_in
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(stored[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
