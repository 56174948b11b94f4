"""Terragrunt's own functions, and how it lays the inputs of one file over those of another.

https://terragrunt.gruntwork.io/docs/reference/built-in-functions/, as of 2026-11-28.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from stockade.inputs.terraform.attributes import ACCOUNT
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.terms import (
    Json,
    Lit,
    Obj,
    Seq,
    Term,
    Unk,
    Wrong,
    doubt_of,
    in_full,
    is_null,
    plain,
    unknown,
)
from stockade.model.value import Doubt
from stockade.text.document import Problem, Span

if TYPE_CHECKING:
    from stockade.inputs.terraform.terragrunt import Config

DEFAULT = "terragrunt.hcl"
ENVIRONMENT = "set the value in the file, or scan a plan (`terragrunt show -json`)"
MAX_READ = 40  # files that read each other, one inside of the other

Own = Callable[["Config", Span, "tuple[Term, ...]"], Term]


def _text(args: tuple[Term, ...], index: int) -> str | None:
    if index >= len(args):
        return None
    found = plain(args[index])
    return str(found) if found is not None else None


def _find(config: Config, span: Span, args: tuple[Term, ...]) -> Term:
    """`find_in_parent_folders`: the nearest file or folder of a name above the unit."""
    name = _text(args, 0) or DEFAULT
    disk = config.terragrunt.disk
    at = config.at
    while at:
        at = posixpath.dirname(at)
        path = posixpath.normpath(posixpath.join(at, name))
        if posixpath.basename(path) in disk.names(posixpath.dirname(path)) or disk.is_folder(path):
            return config.terragrunt.term_of(path, span)
    if len(args) > 1:
        return args[1]
    why = f"no folder above `{config.at or '.'}` holds `{name}`, as far as the scan goes"
    return unknown(why, span, cause="terragrunt", remedy="scan the folder that holds it")


def _included_folder(config: Config, args: tuple[Term, ...]) -> str | None:
    """The folder of the included file that is meant; None where nothing is included."""
    if config.including is not None:
        return config.including
    name = _text(args, 0)
    for include in config.includes():
        if name is None or include.name == name:
            return include.config.folder
    return None


def _to_include(config: Config, span: Span, args: tuple[Term, ...]) -> Term:
    folder = _included_folder(config, args)
    return Lit(span=span, v="." if folder is None else posixpath.relpath(config.at or ".", folder or "."))


def _from_include(config: Config, span: Span, args: tuple[Term, ...]) -> Term:
    folder = _included_folder(config, args)
    return Lit(span=span, v="." if folder is None else posixpath.relpath(folder or ".", config.at or "."))


def _own_folder(config: Config, span: Span, _: tuple[Term, ...]) -> Term:
    return config.terragrunt.term_of(config.at, span)


def _unit_folder(config: Config, span: Span, _: tuple[Term, ...]) -> Term:
    return config.terragrunt.term_of(config.unit, span)


def _parent_folder(config: Config, span: Span, args: tuple[Term, ...]) -> Term:
    folder = _included_folder(config, args)
    return config.terragrunt.term_of(config.at if folder is None else folder, span)


def _repository(config: Config, span: Span, _: tuple[Term, ...]) -> Term:
    top = config.terragrunt.repository
    if top is None:
        return unknown("the scanned folder is in no Git repository", span, cause="terragrunt", remedy="scan a checkout")
    return config.terragrunt.term_of(top, span)


def _from_repository(config: Config, span: Span, _: tuple[Term, ...]) -> Term:
    top = config.terragrunt.repository
    if top is None:
        return unknown("the scanned folder is in no Git repository", span, cause="terragrunt", remedy="scan a checkout")
    root = config.terragrunt.disk.root.absolute()
    found = os.path.relpath(os.path.normpath(root / config.at), os.path.normpath(root / top))
    return Lit(span=span, v=found.replace(os.sep, "/"))


def _to_repository(config: Config, span: Span, _: tuple[Term, ...]) -> Term:
    top = config.terragrunt.repository
    if top is None:
        return unknown("the scanned folder is in no Git repository", span, cause="terragrunt", remedy="scan a checkout")
    root = config.terragrunt.disk.root.absolute()
    found = os.path.relpath(os.path.normpath(root / top), os.path.normpath(root / config.at))
    return Lit(span=span, v=found.replace(os.sep, "/"))


def _environment(_: Config, span: Span, args: tuple[Term, ...]) -> Term:
    name = _text(args, 0) or ""
    doubt = Doubt(f"the environment variable `{name}` is not looked at", ENVIRONMENT, "environment")
    return Unk(span=span, doubt=doubt, name=f"get_env({name})", kind="string")


def _account(_: Config, span: Span, __: tuple[Term, ...]) -> Term:
    return Unk(span=span, doubt=ACCOUNT.doubt, name=ACCOUNT.name, kind="string", plain=True)


def _running(what: str) -> Own:
    """A function whose answer is known only where Terragrunt runs."""

    def told(_: Config, span: Span, __: tuple[Term, ...]) -> Term:
        why = f"what `{what}` gives is known only where Terragrunt runs"
        return unknown(why, span, cause="terragrunt", remedy=ENVIRONMENT)

    return told


def _decrypted(_: Config, span: Span, args: tuple[Term, ...]) -> Term:
    path = _text(args, 0) if args and type(args[0]) is Lit else ""
    doubt = Doubt(f"`{path}` is encrypted, and stays so", "", "secret")
    return Unk(span=span, doubt=doubt, name=f"{{{{resolve:sops:{path}}}}}", kind="string", sensitive=True)


def _same(_: Config, span: Span, args: tuple[Term, ...]) -> Term:
    return args[0] if args else Lit(span=span, v=None)


def _values(config: Config, span: Span, args: tuple[Term, ...]) -> Term:
    """`read_tfvars_file`: the values of a file, as JSON."""
    path = config.terragrunt.path_of(args[0], config.folder) if args else None
    if path is None:
        return unknown("which file is read can't be told", span, cause="terragrunt")
    file = config.terragrunt.file(path)
    if isinstance(file, Problem):
        raise Wrong(f"`{path}` {file.message}", span)
    entries = {
        name: config.tried(stated.expr, Scope(config), f"the value of `{name}`")
        for name, stated in file.body.attributes.items()
    }
    return Json(span=span, inner=Obj(span=file.body.span, entries=entries))


def _config(config: Config, span: Span, args: tuple[Term, ...]) -> Term:
    """`read_terragrunt_config`: another file's locals, inputs and so on."""
    path = config.terragrunt.path_of(args[0], config.folder) if args else None
    disk = config.terragrunt.disk
    if path is not None and disk.is_folder(path):
        path = posixpath.join(path, DEFAULT)
    if path is None:
        doubt = doubt_of(args[0]) if args else Doubt("which file is read is not said")
        return Unk(span=span, doubt=Doubt(f"which file is read can't be told: {doubt.why}", doubt.remedy, doubt.cause))
    if posixpath.basename(path) not in disk.names(posixpath.dirname(path)):
        if len(args) > 1:
            return args[1]
        if path.startswith(".."):
            why = f"`{path}` lies outside of the scanned folder"
            return unknown(why, span, cause="terragrunt", remedy="scan the folder that holds both")
        raise Wrong(f"there is no file `{path}`", span)
    if config.depth >= MAX_READ:
        return unknown("files read each other in a circle", span, cause="circular", remedy="break the circle")
    file = config.terragrunt.file(path)
    if isinstance(file, Problem):
        return unknown(f"`{path}` {file.message}", span, cause="syntax", remedy=file.remedy)
    at = posixpath.dirname(path)
    return config.reading(file, at).term(span)


def _deep_merge(_: Config, span: Span, args: tuple[Term, ...]) -> Term:
    merged: Term = Obj(span=span, entries={})
    for arg in args:
        found = in_full(arg)
        if not is_null(found):
            merged = together(merged, found, "deep")
    return merged


FUNCTIONS: dict[str, Own] = {
    "find_in_parent_folders": _find,
    "path_relative_to_include": _to_include,
    "path_relative_from_include": _from_include,
    "get_terragrunt_dir": _own_folder,
    "get_original_terragrunt_dir": _unit_folder,
    "get_parent_terragrunt_dir": _parent_folder,
    "get_repo_root": _repository,
    "get_path_from_repo_root": _from_repository,
    "get_path_to_repo_root": _to_repository,
    "get_env": _environment,
    "get_aws_account_id": _account,
    "sops_decrypt_file": _decrypted,
    "mark_as_read": _same,
    "mark_glob_as_read": _same,
    "read_tfvars_file": _values,
    "read_terragrunt_config": _config,
    "deep_merge": _deep_merge,
    **{
        name: _running(name)
        for name in (
            "get_platform", "run_cmd", "get_terraform_command", "get_terraform_cli_args", "get_working_dir",
            "get_aws_account_alias", "get_aws_caller_identity_arn", "get_aws_caller_identity_user_id",
            "get_terragrunt_source_cli_flag", "get_default_retryable_errors", "constraint_check",
            "get_terraform_commands_that_need_vars", "get_terraform_commands_that_need_input",
            "get_terraform_commands_that_need_locking", "get_terraform_commands_that_need_parallelism",
        )
    },
}  # fmt: skip


def together(below: Term, above: Term, how: str) -> Term:
    """Inputs over those of an included file."""
    if type(below) is not Obj or type(above) is not Obj:
        doubt = doubt_of(below if type(below) is not Obj else above)
        known = above if type(above) is Obj else below if type(below) is Obj else None
        entries = known.entries if known is not None and known is above else {}
        return Obj(span=above.span, entries=entries, open=doubt)
    entries = dict(below.entries)
    for name, value in above.entries.items():
        entries[name] = _deeply(entries[name], value, how) if name in entries and how.startswith("deep") else value
    return Obj(
        span=above.span,
        entries=entries,
        keys={**below.keys, **above.keys},
        places={**below.places, **above.places},
        open=below.open or above.open,
    )


def _deeply(below: Term, above: Term, how: str) -> Term:
    if type(below) is Obj and type(above) is Obj:
        return together(below, above, how)
    if type(below) is Seq and type(above) is Seq and how == "deep":
        return Seq(span=above.span, items=(*below.items, *above.items), open=below.open or above.open)
    return above
