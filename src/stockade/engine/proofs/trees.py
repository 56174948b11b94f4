"""Whether one tree gives more access than another: of files, folders, and revisions of git."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from stockade.engine.proofs.proof import Proof, part_of, proof_of, together
from stockade.engine.proofs.subjects import Load, Subject, of_function, resource_policies, setting_of, subject
from stockade.errors import NothingToScan, UsageError
from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clauses
from stockade.iam.sets.derived import decided, difference
from stockade.iam.sets.modelled import Names, of_permission, of_statements
from stockade.iam.sets.questions import within
from stockade.model.app import App, Permission, Resource

_REVISION = re.compile(r"git:([^:]+)(?::(.*))?")
_MAX_FILE = 20 * 1024 * 1024
_MAX_FILES = 50_000


def no_new_access(old: str, new: str, load: Load, *, future: bool = False) -> Proof:
    """Whether nothing is allowed by the second that was not by the first.

    Each is a policy file, one of AWS's policies, a function of a tree (`PATH#FUNCTION`), a whole tree, or a revision of one:
    `git:REVISION` or `git:REVISION:PATH`. Raises UsageError.
    """
    with _checked_out(old) as old_place, _checked_out(new) as new_place:
        if Path(old_place).is_dir() and Path(new_place).is_dir():
            return _trees(_app(old_place, load), _app(new_place, load), old, new, future=future)
        before, after = subject(old_place, load), subject(new_place, load)
        before, after = replace(before, label=old), replace(after, label=new)
        found, answer = difference(after.access, before.access, setting_of(after, before), future=future)
        labels = {"part": new, "new": new, "old": old}
        proof = proof_of(f"{new} allows nothing that {old} does not", answer, labels)
        return replace(
            proof, parts=tuple(part_of(each, labels) for each in found), otherwise=f"{new} allows what {old} does not"
        )


def _app(place: str, load: Load) -> App:
    try:
        return load(Path(place))
    except NothingToScan:
        return App([], (), ())


def _trees(old: App, new: App, old_label: str, new_label: str, *, future: bool) -> Proof:
    """One answer for each function, and for each resource that has a policy."""
    alike = _alike(old, new)
    fixed = _fixed(old, new) if alike else {}
    before = Names(old, alike={theirs: name for name, (theirs, _) in alike.items()}, fixed=fixed)
    after = Names(new, alike={ours: name for name, (_, ours) in alike.items()}, fixed=fixed)
    was, now = dict(_holders(old, before)), dict(_holders(new, after))
    items = []
    for key, (holder, access) in now.items():
        known = was.get(key) or was.get(_counterpart(key, alike))
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


# ------------------------------------------------------------------------------------------------- across formats


def _alike(old: App, new: App) -> dict[str, tuple[str, str]]:
    """Resources of two trees that are one, by a name for both: of one kind, called alike, and there once in each."""
    if {each.key for each in old.resources} & {each.key for each in new.resources}:
        return {}  # one format, where the keys say what is what
    sides = [_by_word(app) for app in (old, new)]
    return {
        f"{kind} {word}": (sides[0][kind, word], sides[1][kind, word])
        for kind, word in sides[0]
        if (kind, word) in sides[1]
    }


def _fixed(old: App, new: App) -> dict[str, str]:
    """What is taken to be so of both, where one of them says it: the region, which then is one of AWS's common ones."""
    regions = {
        each.place.region for app in (old, new) for each in app.resources if each.place is not None and each.place.known
    }
    return {"AWS::Region": regions.pop(), "AWS::Partition": "aws"} if len(regions) == 1 else {}


def _by_word(app: App) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], list[str]] = {}
    for each in app.resources:
        found.setdefault((each.kind, _word(each)), []).append(each.key)
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}


def _word(resource: Resource) -> str:
    """What a resource is called, without the words of its kind: `orders` for `OrdersTable` and `aws_dynamodb_table.orders`."""
    own = re.sub(r"\[\"?([^\]\"]*)\"?\]", r".\1.", resource.address)
    segments = [
        each
        for each in own.split(".")
        if each not in {"", "module", "this", "main", "0"} and not each.startswith("aws_")
    ]
    words = (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", " ".join(segments[-1:]))
        .replace("_", " ")
        .replace("-", " ")
        .lower()
        .split()
    )
    kinds = {*resource.kind.split("-"), "lambda", "fn"}
    return " ".join(word.rstrip("s") for word in words if word.rstrip("s") not in kinds and word not in kinds)


def _counterpart(key: tuple[str, str], alike: dict[str, tuple[str, str]]) -> tuple[str, str]:
    return (key[0], next((theirs for theirs, ours in alike.values() if ours == key[1]), ""))


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
