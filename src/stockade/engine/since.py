"""What a change introduces: findings that are in a tree now, and were not at a revision of it.

Models are compared, not lines. A finding was there if each thing that it is about had the same fault, no less severe: in
the same file, in the file that it was before it was renamed, or in one that has it no more. Something that was given another
name is known by how it is written.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from stockade.engine.findings import PERSONAS, SEVERITIES, Finding, Result, Since
from stockade.engine.revisions import git, write_revision
from stockade.errors import NothingToScan, UsageError
from stockade.inputs.walk import SKIPPED
from stockade.model.app import App, Resource
from stockade.model.value import File

_Key: TypeAlias = tuple[str, str, str, str]  # rule, kind, address, evidence
_Rank: TypeAlias = tuple[int, int, int]  # verdict, severity, persona
_Names: TypeAlias = dict[str, dict[str, str]]  # by file: the names that things had, with those that they have
_MODULES = Path(".terraform", "modules")
_ALIKE = 0.6  # of its lines, so many have to be the same for something to be the same under another name


def only_new(
    findings: Sequence[Finding], app: App, path: Path, revision: str, scan: Callable[[Path], Result]
) -> tuple[list[Finding], list[Finding], Since]:
    """The findings that were not there at a revision, those that were, and what was compared.

    `scan` scans another folder in the same way.
    """
    at = path if path.is_dir() else path.parent
    commit, is_base = _commit(revision, at)
    renames = _renames(commit, at)
    with tempfile.TemporaryDirectory(prefix="stockade-") as folder:
        write_revision(commit, ".", Path(folder), at)
        _lend_modules(at, Path(folder))
        was = {new: old for old, new in renames.items()}
        inside = "" if path.is_dir() else was.get(path.name, path.name)
        try:
            before = scan(Path(folder) / inside)
            old_findings, old_app = before.findings, before.app
        except (NothingToScan, UsageError):  # there was nothing yet, or not this file
            old_findings, old_app = (), App([], (), ())
        old = [finding for finding in old_findings if finding.suppressed is None]
        matching = _Matching(old, findings, renames, _renamed(old_app, app, renames))
        new: list[Finding] = []
        there: list[Finding] = []
        for finding in findings:
            is_new = finding.suppressed is not None or not matching.was_there(finding)
            (new if is_new else there).append(finding)
    return new, there, Since(revision=revision, commit=commit[:12], is_base=is_base)


class _Matching:
    """The findings of the old tree, by what they say of what."""

    def __init__(
        self, old: Iterable[Finding], new: Iterable[Finding], renames: Mapping[str, str], names: _Names
    ) -> None:
        self.names = names
        self.ranks: dict[tuple[_Key, str], _Rank] = {}
        for finding in old:
            path = renames.get(_path(finding), _path(finding))
            for key in _keys(finding):
                place = (self._now(key, path), path)
                self.ranks[place] = min(_rank(finding), self.ranks.get(place, _rank(finding)))
        here = {(key, _path(finding)) for finding in new for key in _keys(finding)}
        # What is no more where it was may be what is somewhere else now; each counts for one.
        self.left: dict[_Key, list[_Rank]] = defaultdict(list)
        for (key, path), rank in self.ranks.items():
            if (key, path) not in here:
                self.left[key].append(rank)

    def was_there(self, finding: Finding) -> bool:
        """Whether all that a finding is about had the same fault before, no less severe."""
        return all(self._was(key, _path(finding), _rank(finding)) for key in _keys(finding))

    def _was(self, key: _Key, path: str, rank: _Rank) -> bool:
        there = self.ranks.get((key, path))
        if there is not None:
            return _no_better(there, rank)
        for index, other in enumerate(self.left.get(key, ())):
            if _no_better(other, rank):
                del self.left[key][index]
                return True
        return False

    def _now(self, key: _Key, path: str) -> _Key:
        """A key of the old tree, with the names that things have now."""
        rule, kind, address, evidence = key
        names = self.names.get(path, {})
        return rule, kind, names.get(address, address), _put(names, evidence)


def _put(names: Mapping[str, str], text: str) -> str:
    if not text or not names:
        return text
    return re.sub(r"[\w.\[\]\"-]+", lambda word: names.get(word[0], word[0]), text)


def _keys(finding: Finding) -> Iterator[_Key]:
    for subject in (finding.subject, *finding.also):
        yield finding.rule.code, subject.kind, subject.address, finding.evidence


def _rank(finding: Finding) -> _Rank:
    """How bad it is, in each respect: the less, the worse."""
    verdict = ("fail", "unsure").index(finding.verdict)
    return verdict, SEVERITIES.index(finding.severity), PERSONAS.index(finding.persona)


def _no_better(left: _Rank, right: _Rank) -> bool:
    return all(one <= other for one, other in zip(left, right, strict=True))


def _path(finding: Finding) -> str:
    span = finding.span
    return span.doc.path if span is not None else ""


# ------------------------------------------------------------------------------------------------------ other names


def _renamed(old: App, new: App, files: Mapping[str, str]) -> _Names:
    """By the file that they are in now, the resources that have another name: what is written of them is (nearly) the same."""
    ours = {_spot(each) for each in new.resources}
    theirs = {_spot(each, files) for each in old.resources}
    gone = [each for each in old.resources if _spot(each, files) not in ours]
    come: dict[tuple[str, str], list[Resource]] = defaultdict(list)
    for each in new.resources:
        if _spot(each) not in theirs:
            come[_spot(each)[0], each.kind].append(each)
    found: _Names = defaultdict(dict)
    for each in gone:
        path = _spot(each, files)[0]
        others = come[path, each.kind]
        lines = _lines(each)
        ranked = [(_likeness(lines, _lines(other)), -n) for n, other in enumerate(others)]
        best, index = max(ranked, default=(0.0, 0))
        if best >= _ALIKE:
            found[path][each.address] = others.pop(-index).address
    # What is made for something is called after it.
    for each in gone:
        path, address = _spot(each, files)
        names = found[path]
        if address not in names:
            stem = max((name for name in names if address.startswith(name)), key=len, default="")
            after = names[stem] + address[len(stem) :] if stem else ""
            if (path, after) in ours and (path, after) not in theirs:
                names[address] = after
    return found


def _spot(resource: Resource, files: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The file and the address of a resource; the file by the name that it has now."""
    path = resource.origin.span.doc.path if isinstance(resource.origin, File) else ""
    return (files or {}).get(path, path), resource.address


def _lines(resource: Resource) -> Counter[str]:
    """What is written of a resource, below its name."""
    if not isinstance(resource.origin, File):
        return Counter()
    _, _, body = resource.origin.span.text.partition("\n")
    return Counter(line.strip() for line in body.splitlines() if line.strip())


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    total = (left | right).total()
    return (left & right).total() / total if total else 0.0


# ------------------------------------------------------------------------------------------------------------- git


def _commit(revision: str, at: Path) -> tuple[str, bool]:
    """The commit to compare with, and whether it is not the revision itself but where the two parted.

    What has come to a main branch since is no doing of a change that does not have it yet.
    """
    if revision.startswith("-"):
        raise UsageError(f"`{revision}` is no revision", hint="name a branch, a tag or a commit")
    git("rev-parse", "--git-dir", at=at)  # which says so if this is no repository
    try:
        commit = git("rev-parse", "--verify", f"{revision}^{{commit}}", at=at).decode().strip()
    except UsageError:
        hint = "check its name; a clone that is not deep enough has no other (`git fetch`, or `fetch-depth: 0` of a checkout)"
        raise UsageError(f"there is no revision `{revision}` in this clone", hint=hint) from None
    try:
        base = git("merge-base", commit, "HEAD", at=at).decode().strip()
    except UsageError:  # of a clone that is not deep enough, the revision itself is all there is
        base = commit
    return base, base != commit


def _renames(commit: str, at: Path) -> dict[str, str]:
    """The files that were renamed since, with the name that they have now."""
    said = git(
        "diff", "--name-status", "--no-ext-diff", "--diff-filter=R", "-M", "-z", "--relative", commit, "--", ".", at=at
    )
    words = [os.fsdecode(word) for word in said.split(b"\0") if word]
    return {words[n + 1]: words[n + 2] for n in range(0, len(words) - 2, 3)}


def _lend_modules(now: Path, then: Path) -> None:
    """Modules that `terraform init` fetched are not in the revision: both trees are seen with those that there are now."""
    for current, folders, _ in os.walk(now):
        fetched = Path(current) / _MODULES
        target = then / Path(current).relative_to(now)
        if ".terraform" in folders and fetched.is_dir() and target.is_dir():
            shutil.copytree(fetched, target / _MODULES, symlinks=True, dirs_exist_ok=True)
        folders[:] = [name for name in folders if name not in SKIPPED]
