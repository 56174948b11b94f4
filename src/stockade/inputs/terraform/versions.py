"""Which versions of the AWS provider a configuration takes: as its modules require, and as `terraform init` has noted.

And which of a well-known module that has not been fetched a call of it takes.

https://developer.hashicorp.com/terraform/language/expressions/version-constraints and …/language/files/dependency-lock, as
of 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from stockade.errors import FixError
from stockade.inputs.terraform.configuration import attribute
from stockade.knowledge import terraform as knowledge
from stockade.knowledge.terraform import Version, bounds, parsed
from stockade.knowledge.terraform_provider import Need, is_met_below
from stockade.model.app import Pin
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance
    from stockade.text.document import Span

_SOURCE = "hashicorp/aws"


class Allowed(Struct, frozen=True, eq=False):
    """Versions that a constraint allows: where it is written, its bounds, and whether the upper one is allowed itself."""

    text: str
    span: Span
    low: Version | None
    high: Version | None
    inclusive: bool

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.span.doc.path}:{self.span.line}"

    def rules_out(self, need: Need) -> bool:
        """Whether no version is allowed that a need is met by."""
        return self.high is not None and not is_met_below(need, self.high, inclusive=self.inclusive)

    def meets(self, need: Need) -> bool:
        """Whether every version that is allowed meets a need; of a later version than a known one that can't be told."""
        return self.low is not None and self.low >= parsed(need.version) and not need.later


def said(need: Need, module: Instance) -> str:
    """What a fix has to say of a version that it needs; empty where every version that is allowed is new enough.

    Raises:
        FixError: none that is allowed is.
    """
    what = f"`{need.value or need.argument}` needs " + (
        f"a later version of the AWS provider than {need.version}"
        if need.later
        else f"version {need.version} of the AWS provider"
    )
    required = list(_required(module))
    for allowed in required:
        if allowed.rules_out(need):
            raise FixError(f"{what}, and {allowed.place} allows `{allowed.text}` only")
    locked = _locked(module)
    if locked is not None:
        if locked.rules_out(need):
            raise FixError(f"{what}, and {locked.place} has {locked.text}: `terraform init -upgrade` takes a newer one")
        return ""
    older = [allowed for allowed in required if not allowed.meets(need)]
    if not older or len(older) < len(required):
        return ""
    return f"{what}, and {older[0].place} allows older ones"


def said_of_module(block: hcl.Block, argument: str) -> str:
    """What a fix has to say of the version of a known module that an argument of its call needs; as `said`.

    Raises:
        FixError: the call allows no version that has the argument.
    """
    need = _need_of_module(block, argument)
    allowed = _allowed_of_module(block)
    if need is None or allowed is None:
        return ""
    what = f"`{argument}` needs version {need.version} of `{need.type}`"
    if allowed.rules_out(need):
        raise FixError(f"{what}, and {allowed.place} allows `{allowed.text}` only: upgrade the module")
    # Where nothing is said of versions, `terraform init` takes the newest one.
    return (
        f"{what}, and {allowed.place} allows older ones" if allowed.low is not None and not allowed.meets(need) else ""
    )


def from_which(block: hcl.Block, argument: str) -> str:
    """From which version of a known module on a call of it can state an argument, where it allows no such version."""
    need, allowed = _need_of_module(block, argument), _allowed_of_module(block)
    ruled_out = need is not None and allowed is not None and allowed.rules_out(need)
    return f" (from version {need.version} of the module on)" if need is not None and ruled_out else ""


def _need_of_module(block: hcl.Block, argument: str) -> Need | None:
    """The version of a known module that an argument of its call needs, if not all that are covered have it."""
    source = attribute(block, "source")
    name = knowledge.name_of(_text(source))
    known = knowledge.modules().get(name)
    first = known.first.get(argument, "") if known is not None else ""
    return Need(name, argument, first) if first else None


def _allowed_of_module(block: hcl.Block) -> Allowed | None:
    """The versions of a module that its call allows: by a constraint, or by the version in its source."""
    source, version = attribute(block, "source"), attribute(block, "version")
    if version is not None and not _text(version):
        return None
    found = knowledge.allowed(_text(source), _text(version))
    stated = version if version is not None else source
    return Allowed(_text(stated), stated.span, *found) if stated is not None and found is not None else None


def _text(expr: hcl.Expr | None) -> str:
    return expr.value if type(expr) is hcl.Constant and isinstance(expr.value, str) else ""


def pins(module: Instance) -> tuple[Pin, ...]:
    """What keeps the provider of a module's resources from being as new as it may be."""
    locked = _locked(module)
    found = [*_required(module), *([locked] if locked is not None else ())]
    return tuple(
        Pin(allowed.text, module.places.block(allowed.span), allowed.high, allowed.inclusive)
        for allowed in found
        if allowed.high is not None
    )


def _required(module: Instance) -> Iterator[Allowed]:
    """The constraints of a module and of those that call it, the nearest first."""
    at: Instance | None = module
    while at is not None:
        for block in at.module.settings:
            for inner in block.body.of("required_providers"):
                yield from (found for stated in inner.body.attributes.values() if (found := _stated(stated)))
        for block in at.module.providers:  # as it was done before version 0.13 of Terraform
            stated = attribute(block, "version") if block.labels == ("aws",) else None
            found = _allowed(stated) if stated is not None else None
            if found is not None:
                yield found
        at = at.caller.module if at.caller is not None else None


def _stated(stated: hcl.Attribute) -> Allowed | None:
    """What an entry of `required_providers` allows, if it is for the AWS provider."""
    expr = stated.expr
    if type(expr) is not hcl.Object:
        return _allowed(expr) if stated.name == "aws" else None
    said_ = {entry.key.value: entry.value for entry in expr.entries if type(entry.key) is hcl.Constant}
    source = said_.get("source")
    named = source.value if type(source) is hcl.Constant else "" if source is None else None
    ours = stated.name == "aws" if named == "" else str(named).endswith(_SOURCE)
    version = said_.get("version")
    return _allowed(version) if ours and version is not None else None


def _locked(module: Instance) -> Allowed | None:
    """The version that is noted beside the root module."""
    file = module.project.locks(module.root_folder)
    for block in file.body.of("provider") if file is not None else ():
        version = attribute(block, "version")
        if block.labels and block.labels[0].endswith(f"/{_SOURCE}") and version is not None:
            return _allowed(version)
    return None


def _allowed(expr: hcl.Expr) -> Allowed | None:
    if type(expr) is not hcl.Constant or not isinstance(expr.value, str):
        return None
    found = bounds(expr.value)
    return Allowed(expr.value, expr.span, *found) if found is not None else None
