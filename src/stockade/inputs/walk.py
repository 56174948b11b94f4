"""Finds the files of a tree that may be infrastructure code, and knows by their bytes which can't be."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from stockade.inputs.assembly import Assembly, read_assembly
from stockade.inputs.ignore import Ignored, Patterns, above
from stockade.inputs.projects import framework_of
from stockade.text.document import MAX_BYTES

# Folders that hold nothing that people write.
SKIPPED = frozenset({
    ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", ".aws-sam", ".serverless", ".terraform", "terraform.tfstate.d", ".terragrunt-cache", ".idea",
    ".vscode",
})  # fmt: skip
# What `cdk synth` makes is read although it is ignored by git: it is all there is to see of a CDK application.
CDK_OUTPUT = "cdk.out"
SUFFIXES = frozenset({".yaml", ".yml", ".json", ".template", ".cfn", ".cform", ".sam"})
# Configuration of the Serverless Framework may be a program, too; it has this name.
SERVERLESS = "serverless."
SCRIPTS = frozenset({".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"})
_NO_CONFIGURATION = (".d.ts", ".d.mts", ".d.cts", ".test.ts", ".spec.ts", ".test.js", ".spec.js")
# Configuration of Terraform and OpenTofu: the folders of these files are modules.
TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
STATE = ".tfstate"
TERRAGRUNT = ("terragrunt.hcl", "terragrunt.hcl.json", "terragrunt.stack.hcl")

_HEAD = 256 * 1024
_MARKS = (
    b"AWSTemplateFormatVersion", b"AWS::", b"Custom::", b"Alexa::", b"Fn::ForEach", b"::MODULE", b'"planned_values"',
    b'"root_module"', b'"lineage"', b'"urn:pulumi:',
)  # fmt: skip

# What the configuration of a service of the Serverless Framework begins lines with, and how JSON has it.
_SERVICE = ((b"\nprovider:", b'"provider"'), (b"\nservice:", b'"service"'))

# Every module that gives something to others says so, in one way or the other.
_EXPORT = b"export"


class Candidate(Struct, frozen=True):
    """A file that may be infrastructure code, with its path relative to the root.

    `terraform`: it is a part of a module. `terragrunt`: it says with what a module is used. `plan`: it is too large for
    anything but a plan of Terraform or a stack of Pulumi's, which it may be. `framework`: it marks a project of a framework
    that is not read itself.
    """

    path: str
    shown: str
    terraform: bool = False
    terragrunt: bool = False
    plan: bool = False
    framework: bool = False


class Obstacle(Struct, frozen=True):
    """Something that keeps a part of the tree from being looked at. `hides`: there may be templates behind it."""

    shown: str
    why: str
    remedy: str
    kind: str
    hides: bool = False


Found: TypeAlias = Candidate | Obstacle | Assembly


def candidates(root: Path, exclude: Patterns | None = None) -> Iterator[Found]:
    """Every file below `root` (or `root` itself) that may be a template, and what could not be looked at.

    What `exclude` names is left out, whatever it is; but never the root itself, which somebody asked for. A cloud assembly of the
    CDK comes before the templates that it names.
    """
    if not root.is_dir():
        terragrunt = root.name in TERRAGRUNT
        terraform = root.name.endswith(TERRAFORM) and not terragrunt
        yield Candidate(str(root), root.name, terraform=terraform, terragrunt=terragrunt, plan=_is_large_plan(root))
        return
    inherited, prefix = above(str(root))
    yield from _Walk(root, prefix, exclude).folder(str(root), "", inherited)


class _Walk:
    def __init__(self, root: Path, prefix: str, exclude: Patterns | None) -> None:
        self.exclude = exclude
        self.root = os.path.realpath(root)
        self.prefix = prefix  # the root's path from the top of its repository, where patterns start

    def folder(self, folder: str, shown: str, ignored: Ignored | None, *, kept: bool = False) -> Iterator[Found]:
        """Everything in a folder. `kept` says that `.gitignore` has no say below it."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda e: e.name)
        except OSError as error:
            remedy = "give the user that scans permission to read it, or leave it out of the scan"
            yield Obstacle(
                shown or ".", f"the folder can't be read: {_reason(error)}", remedy, "unreadable", hides=True
            )
            return
        names = {e.name for e in entries}
        assembly = read_assembly(folder, shown, names)
        spoken_for: frozenset[str] = frozenset()
        if assembly is not None:
            yield assembly
            yield from _templates(assembly, folder, shown or ".")
            spoken_for = assembly.known | assembly.templates.keys() | frozenset(assembly.stale)
        if ".gitignore" in names:
            ignored = Ignored(ignored, folder, self.prefix + shown + "/" if shown else self.prefix)
        for entry in entries:
            path = f"{shown}/{entry.name}" if shown else entry.name
            if entry.name in SKIPPED or path in spoken_for:
                continue
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
            except OSError:
                continue
            if self.exclude is not None and self.exclude.name(path, folder=is_folder):
                continue
            if is_folder:
                output = entry.name == CDK_OUTPUT and os.path.exists(os.path.join(entry.path, "manifest.json"))
                asset = entry.name.startswith("asset.") and kept
                said = ignored is not None and not kept and ignored.says(self.prefix + path, folder=True)
                if output or not (said or asset):
                    yield from self.folder(entry.path, path, ignored, kept=kept or output)
                continue
            yield from self._entry(entry, entries, path, None if kept else ignored)

    def _file(self, entry: os.DirEntry[str], shown: str) -> Iterator[Candidate | Obstacle]:
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            return
        if not stat.S_ISREG(status.st_mode):
            yield Obstacle(
                shown, "it is a device, a socket or a pipe, not a file", "leave it out of the scan", "unreadable"
            )
        else:
            yield from _sniffed(entry.path, shown, status.st_size)

    def _entry(
        self, entry: os.DirEntry[str], beside: list[os.DirEntry[str]], path: str, ignored: Ignored | None
    ) -> Iterator[Found]:
        """What a file or a link is, with what is beside it; what `.gitignore` leaves out is left out."""
        is_link = entry.is_symlink()
        if framework_of(path) is not None and not is_link:
            yield Candidate(entry.path, path, framework=True)
        terragrunt = entry.name in TERRAGRUNT
        terraform = entry.name.endswith(TERRAFORM) and not entry.name.startswith(".")
        # A state tells nothing that the configuration beside it does not.
        state = entry.name.endswith(STATE) and not any(e.name.endswith(TERRAFORM) for e in beside)
        suffix = os.path.splitext(entry.name)[1].lower()
        wanted = terraform or terragrunt or state or is_script(entry.name) or suffix in SUFFIXES
        if ignored is not None and (wanted or is_link) and ignored.says(self.prefix + path, folder=False):
            return
        if is_link:
            yield from self._link(entry.path, path, wanted=wanted)
        elif terraform or terragrunt:
            yield Candidate(entry.path, path, terraform=terraform, terragrunt=terragrunt)
        elif wanted:
            yield from self._file(entry, path)

    def _link(self, path: str, shown: str, *, wanted: bool) -> Iterator[Candidate | Obstacle]:
        """A symbolic link: what it leads to inside the root is read there; what is outside is not read."""
        try:
            target = os.path.realpath(path, strict=True)
        except OSError as error:
            if error.errno == errno.ELOOP:
                yield Obstacle(shown, "the link leads back to itself", "remove it", "symlink")
            elif wanted:
                yield Obstacle(
                    shown, f"the link can't be followed: {_reason(error)}", "correct or remove it", "symlink"
                )
            return
        if target == self.root or target.startswith(self.root + os.sep):
            return
        if wanted or os.path.isdir(target):
            yield Obstacle(
                shown, "the link leads out of the scanned folder", "scan the place that it leads to as well", "symlink"
            )


def _templates(assembly: Assembly, folder: str, shown: str) -> Iterator[Candidate | Obstacle]:
    """The templates of an assembly, and what can't be seen of it, each kind told once."""
    for template in assembly.templates:
        path = os.path.join(folder, os.path.relpath(template, shown))
        yield from _sniffed(path, template, os.path.getsize(path))
    anew = "run `cdk synth` again"
    for manifest in assembly.unread:
        yield Obstacle(manifest, "the manifest can't be read", anew, "unreadable", hides=True)
    for template in assembly.missing:
        yield Obstacle(
            template, "the manifest names the template, and it is not there", anew, "not-fetched", hides=True
        )
    if assembly.stale:
        first, count = assembly.stale[0], len(assembly.stale)
        what = f"`{first}`" + (f" and {count - 1} more" if count > 1 else "")
        why = f"no manifest names {what} any more: left over from an earlier `cdk synth`, and not scanned"
        yield Obstacle(shown, why, "delete the folder, and run `cdk synth`", "stale")
    if assembly.lookups:
        several = assembly.lookups > 1
        why = (
            f"{assembly.lookups} value{'s' if several else ''} of the account {'were' if several else 'was'} not known "
            "when the templates were made; stand-ins are written there"
        )
        yield Obstacle(shown, why, "run `cdk synth` with credentials, so that it looks them up", "lookup")


def _sniffed(path: str, shown: str, size: int) -> Iterator[Candidate | Obstacle]:
    """A file, if its bytes may be those of a template. One that can't be opened is a candidate: reading it says why."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1 if size <= MAX_BYTES else _HEAD)
    except OSError:
        yield Candidate(path, shown)
        return
    plan = size > MAX_BYTES and may_be_plan(data)
    # One that is too large is told as such when it is read.
    script = is_script(os.path.basename(shown)) and (size > MAX_BYTES or _EXPORT in data.replace(b"\0", b""))
    if plan or script or may_be_template(data):
        yield Candidate(path, shown, plan=plan)


def is_script(name: str) -> bool:
    """Whether a file has the name of configuration of the Serverless Framework that is a program."""
    suffix = os.path.splitext(name)[1]
    return suffix in SCRIPTS and name.startswith(SERVERLESS) and not name.endswith(_NO_CONFIGURATION)


def _is_large_plan(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return os.fstat(stream.fileno()).st_size > MAX_BYTES and may_be_plan(stream.read(_HEAD))
    except OSError:
        return False


def may_be_plan(head: bytes) -> bool:
    """Whether a file that begins so may be a plan or a state of Terraform, or what Pulumi prints of a stack, in JSON."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.replace(b"\0", b"")
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and any(
        mark in head for mark in (b'"format_version"', b'"planned_values"', b'"root_module"', b'"urn:pulumi:')
    )


def may_be_template(data: bytes) -> bool:
    """Whether bytes can be those of a template: they speak of resources of AWS."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.replace(b"\0", b"")
    if any(mark in data for mark in _MARKS):
        return True
    return all(quoted in data or bare in data or data.startswith(bare[1:]) for bare, quoted in _SERVICE)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
