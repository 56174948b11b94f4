"""What well-known public Terraform modules declare, for configurations that call them where they have not been fetched.

`data/terraform_modules.json` says which modules are known, of which versions, how sure it is, and which arguments change
nothing that matters. A *description* of a module, in `data/terraform_modules/FOLDER`, is a small module of our own: resources
at the addresses of the real one, and what its documented arguments state of them. It is evaluated like any module. `main.tf` is
what all versions have, the files beside it what some have. Two variables are no arguments of the real module:

- `var.given.NAME`: whether the call states the argument, and as something else than null or "".
- `var.decides.NAME`: what the real module decides by itself, and the description does not know.

Of other modules it is only known what kinds of resources they make, so that what they don't make is not thought hidden.
"""

from functools import cache
from typing import Literal, TypeAlias
from urllib.parse import parse_qs

from msgspec import Struct

from stockade.knowledge._data import Provenance, path_of, read_json
from stockade.patterns import regex

# Variables of a description that the caller can't give.
OWN_VARIABLES = frozenset({"given", "decides"})
_FOLDER = "terraform_modules"
_HOSTS = ("registry.terraform.io/", "registry.opentofu.org/")
_REGISTRY = regex(r"(?P<space>[\w-]+)/(?P<name>[\w-]+)/(?P<target>[\w-]+)(?://(?P<sub>.*))?$")
_GITHUB = regex(
    r"(?:git::)?(?:(?:https|ssh|git)://)?(?:git@)?github\.com[:/](?P<space>[\w-]+)/terraform-(?P<target>[a-z]+)-(?P<name>[\w-]+?)"
    r"(?:\.git)?(?://(?P<sub>[^?]*))?(?:\?(?P<query>.*))?$"
)
_VERSION = regex(r"v?(\d+(?:\.\d+)*)$")
_CONSTRAINT = regex(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)(?:[-+][\w.+-]+)?\s*$")

Version: TypeAlias = tuple[int, ...]


class Variant(Struct, frozen=True, forbid_unknown_fields=True):
    """One stretch of versions that a description covers.

    Attributes:
        since: the first version.
        before: the first version that is covered no more.
        shown: the versions in words.
        also: the files of the description that they have beside `main.tf`.
    """

    since: str
    before: str
    shown: str
    also: tuple[str, ...] = ()


class KnownModule(Struct, frozen=True, forbid_unknown_fields=True):
    """One module.

    Attributes:
        source: its source in the registry, with the path of a submodule behind `//`.
        address: where its documentation is.
        confidence: how sure the description is. "high": every fact was read in the module or its documentation; "medium":
            the arguments were, what the module does where they are not given is as generally known; "low": in parts.
        folder: of the description in `data/terraform_modules`; empty if there is none.
        variants: the versions that are covered, in order.
        inert: arguments that change nothing that Stockade looks at.
        unseen: arguments that make resources which are not described, with the kinds of these.
        makes: the kinds of resources that it makes and the description, if any, does not hold.
        along: what a call has to state along with an argument, for that to work.
        first: the first versions that take an argument, of those that came after the first version that is covered.
        notes: what else a reader has to know.
    """

    source: str
    address: str
    confidence: Literal["high", "medium", "low"]
    folder: str = ""
    variants: tuple[Variant, ...] = ()
    inert: frozenset[str] = frozenset()
    unseen: dict[str, tuple[str, ...]] = {}
    makes: tuple[str, ...] = ()
    along: dict[str, str] = {}
    first: dict[str, str] = {}
    notes: str = ""


class Found(Struct, frozen=True):
    """What is known of the module that a call names; `variant` is the stretch of versions, if there is a description."""

    module: KnownModule
    variant: Variant | None
    provenance: Provenance


class _Data(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    modules: tuple[KnownModule, ...]


@cache
def _data() -> _Data:
    return read_json("terraform_modules.json", _Data)


def provenance() -> Provenance:
    """Where this comes from, and as of when."""
    return _data().provenance


@cache
def modules() -> dict[str, KnownModule]:
    """Every known module by its source."""
    return {module.source: module for module in _data().modules}


class _Unset(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    types: dict[str, str]


@cache
def _unset_data() -> dict[str, frozenset[str]]:
    return {type_: frozenset(names.split()) for type_, names in read_json("terraform_unset.json", _Unset).types.items()}


def unset(type_: str) -> frozenset[str]:
    """The attributes of a resource type of the AWS provider that are null if nobody writes them.

    The provider has no default for them, and AWS does not fill them in. None for a type of which that is not known.
    """
    return _unset_data().get(type_, frozenset())


@cache
def description(folder: str, file: str = "main.tf") -> str:
    """The text of one file of a description."""
    return path_of(f"{_FOLDER}/{folder}/{file}").read_text(encoding="utf-8")


def find(source: str, version: str = "") -> Found | None:
    """What is known of the module of a source, in a version that the constraint allows; None if nothing is.

    `terraform init` takes the newest version that a constraint allows: that one decides.
    """
    named = _named(source)
    if named is None:
        return None
    name, pinned = named
    module = modules().get(name)
    if module is None:
        return None
    if not module.folder:
        return Found(module, None, provenance())
    bounds_ = bounds(pinned or version)
    if bounds_ is None:
        return None
    low, high, inclusive = bounds_
    for variant in reversed(module.variants):
        since, before = parsed(variant.since), parsed(variant.before)
        starts = high is None or (since <= high if inclusive else since < high)
        if starts:
            # The newest version that is allowed is not before this stretch: it is in it, or behind all that is known.
            return Found(module, variant, provenance()) if low is None or low < before else None
    return None


def name_of(source: str) -> str:
    """The name in the registry of a source, whatever the version; empty for what is none."""
    named = _named(source)
    return named[0] if named is not None else ""


def allowed(source: str, version: str = "") -> tuple[Version | None, Version | None, bool] | None:
    """The bounds (see `bounds`) of what a call allows: the version that its source states, or else its constraint."""
    named = _named(source)
    return bounds((named[1] if named is not None else "") or version)


def _named(source: str) -> tuple[str, str] | None:
    """The name in the registry and the version that the source itself states, if it does; None for what is none."""
    text = source
    for host in _HOSTS:
        text = text.removeprefix(host)
    found = _REGISTRY.match(text)
    pinned = ""
    if found is None:
        found = _GITHUB.match(source)
        if found is None:
            return None
        ref = parse_qs(found["query"] or "").get("ref", [""])[0]
        tag = _VERSION.match(ref)
        if tag is not None:
            pinned = tag[1]
        elif ref not in {"", "master", "main"}:
            return None  # a commit, or a branch: of what version is not known
    sub = (found["sub"] or "").strip("/")
    name = f"{found['space']}/{found['name']}/{found['target']}"
    return (f"{name}//{sub}" if sub and sub != "." else name), pinned


def bounds(constraint: str) -> tuple[Version | None, Version | None, bool] | None:
    """The least version that a constraint allows, its upper bound, and whether that is allowed itself.

    None if it is no constraint.
    """
    low: Version | None = None
    high: Version | None = None
    inclusive = False
    for part in constraint.split(",") if constraint.strip() else ():
        found = _CONSTRAINT.match(part)
        if found is None:
            return None
        operator, version = found[1] or "=", parsed(found[2])
        if operator in {"=", ">", ">=", "~>"} and (low is None or version > low):
            low = version
        above: tuple[Version, bool] | None = None
        if operator in {"=", "<="}:
            above = version, True
        elif operator == "<":
            above = version, False
        elif operator == "~>" and "." in found[2]:
            given = tuple(int(n) for n in found[2].split("."))
            above = _padded((*given[:-2], given[-2] + 1)), False
        if above is not None and (high is None or (above[0], above[1]) < (high, inclusive)):
            high, inclusive = above
    return low, high, inclusive


def parsed(version: str) -> Version:
    """A version as numbers that can be compared."""
    return _padded(tuple(int(n) for n in version.split(".")))


def _padded(version: Version) -> Version:
    return (*version, 0, 0, 0)[:3]
