"""Values as Pulumi writes them into JSON: what is not known, secrets, files.

The words that mark them are those of Pulumi's source, read 2026-11-28: sdk/go/common/resource (plugin/rpc.go, sig, asset,
archive) and pkg/resource/stack/deployment.go, which writes all that is not known as the unknown text.
"""

from __future__ import annotations

from stockade.inputs.terraform.terms import Lit, Obj, Term
from stockade.model.value import Doubt

_UNKNOWN = frozenset({
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # a text, and whatever else is written by a preview
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a truth value
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
    "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
    "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
})  # fmt: skip
_SIGNATURE = "4dabf18193072939515e22adb298388d"  # the key whose value says what an object stands for
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a word for secrets
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_BLINDED = "[secret]"  # what a preview writes in the place of a secret
_SECRECY = Doubt("it is a secret of the stack, which is not looked into", cause="secret")
_LONGEST = 4096  # characters of a path


def is_unknown(text: str) -> bool:
    """Whether a text stands for what is not known yet."""
    return text in _UNKNOWN


def _signature(term: Term) -> str | None:
    held = term.entries.get(_SIGNATURE) if type(term) is Obj else None
    return held.v if type(held) is Lit and isinstance(held.v, str) else None


def secret_of(term: Term) -> Doubt | None:
    """Why a secret is not known; None for what is none. Its plain text is not read, even where it was exported."""
    if type(term) is Lit:
        return _SECRECY if term.v == _BLINDED else None
    return _SECRECY if _signature(term) == _SECRET else None


def is_archive(term: Term) -> bool:
    """Whether it is a file, or an archive of files."""
    return _signature(term) in {_ASSET, _ARCHIVE}


def path_of(term: Term) -> Lit | None:
    """The path of a file or folder that an archive is made of; None where it is made of something else, or of several."""
    for _ in range(8):
        if type(term) is not Obj or not is_archive(term):
            return None
        path = term.entries.get("path")
        if type(path) is Lit and isinstance(path.v, str) and path.v:
            return path if len(path.v) <= _LONGEST and not is_unknown(path.v) else None
        inside = term.entries.get("assets")
        if type(inside) is not Obj or len(inside.entries) != 1:
            return None
        term = next(iter(inside.entries.values()))
    return None


def value_in(term: Obj) -> Term | None:
    """What an output or a reference to a resource holds: itself where that is not known; None for any other object."""
    kind = _signature(term)
    if kind == _OUTPUT:
        return term.entries.get("value", term)
    if kind == _RESOURCE:
        return term.entries.get("id", term)
    return None
