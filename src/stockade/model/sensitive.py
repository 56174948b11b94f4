"""Questions about values that hold, or lead to, secrets and places that nobody outside should learn of.

Rules never look into values; this does it for them. The answers name what was found, never the secret.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from stockade.knowledge.secrets import SecretHit, inspect, is_documented, names_either, names_secret
from stockade.model.value import NO, Doubt, File, Hole, Known, Text, Tri, Unknown, Value, Via, When, given, mix, yes
from stockade.patterns import regex
from stockade.text.document import Span

# What `inspect` says by a name or by randomness holds only of a value that is known as a whole.
_NEEDS_ALL = frozenset({"password", "default-password", "secret", "random"})
_WRITTEN = (Known, Text)
_INPUT = regex(r"\b(?:parameter|variable) (\w+)")
# What AWS is given as an "SSH key" is the name of a key pair, or its public half.
_PUBLIC_HALF = regex(r"(?:^|[^a-z])ssh[_-]?keys?$", re.IGNORECASE)
# Parts of a database's secret that are none themselves.
_PLAIN = "username|user|host|hostname|port|engine|dbname|database|dbInstanceIdentifier"
_RESOLVES = regex(r"\{\{resolve:(?:secretsmanager:(.*?)|ssm-secure:.*?)\}\}")
_NO_SECRETS = regex(rf":SecretString:(?:{_PLAIN})(?::|$)", re.IGNORECASE)
_PLAIN_KEY = regex(rf"\.(?:{_PLAIN})$", re.IGNORECASE)
# Variables of the Serverless Framework: what is given when a service is deployed, or stands in a file, and what is fetched
# and decrypted then.
_GIVEN = regex(r"^(?:env:|opt:|param:|process\.env\.|file\(.+?\):)([\w.-]+)")
_FETCHED = regex(r"^(?:[\w-]+:)?ssm(?:\.[\w-]+)?(?:\(([^)]*)\))?:([^,~]+)")
_MADE_UP = regex(r"(?:^|[.#])(?:module\.[\w.\[\]\"-]+\.)?random_password\.")
_ABOUT_ONE = regex(r"(?:Arn|ARN|Id|ID|Name|Path|Ur[il]|UR[IL]|Host)$|(?:^|[^A-Za-z])(?:arn|id|name|path|ur[il]|host)$")
_OF_SECRETS_MANAGER = "/aws/reference/secretsmanager/"


@lru_cache(maxsize=4096)
def _look(name: str, text: str) -> SecretHit | None:
    return inspect(name, text)


class Plain(Struct, frozen=True, eq=False):
    """A secret in plain text: what, where, and under which premises. `default` is the input whose default it is."""

    leaf: Value[str]
    when: When
    hit: SecretHit
    default: Via | None = None

    @property
    def place(self) -> Span | None:
        """Where the secret itself is written: for the default of an input, there."""
        if self.default is not None:
            return self.default.span
        return self.leaf.origin.span if isinstance(self.leaf.origin, File) else None

    @property
    def answer(self) -> Tri:
        """YES where it holds."""
        return given(self.when, yes(self.leaf.origin))


def plain_secrets(name: str, value: Value[str]) -> Iterator[Plain]:
    """The secrets among what a value may be, under a name that may say so."""
    for when, leaf in value.leaves():
        if isinstance(leaf, Known):
            hit = _look(name, str(leaf.v))
        elif isinstance(leaf, Text) and any(isinstance(part, str) for part in leaf.parts):
            hit = _look(name, leaf.show())
            hit = None if hit is not None and hit.kind in _NEEDS_ALL else hit
        else:
            continue
        if hit is not None:
            yield Plain(leaf, when, hit, default_of(leaf))


def default_of(leaf: Value[str]) -> Via | None:
    """The input whose default a value is, or whose default, a secret by itself, stands in it."""
    if not isinstance(leaf, Known):
        return None
    text = str(leaf.v)
    for via in leaf.origin.via:
        if via.input_name and via.span is not None:
            written = via.span.doc.text[via.span.start : via.span.end].strip("\"'")
            if text in written or (written in text and _look(via.input_name, written) is not None):
                return via
    return None


def is_documented_example(value: Value[str]) -> bool:
    """Whether a value is the access key that AWS's documentation shows, in some case."""
    return any(isinstance(leaf, Known) and is_documented(str(leaf.v)) for _, leaf in value.leaves())


def takes_secret(name: str) -> bool:
    """Whether the name of an input says that it takes a secret, and not the name of one that is kept elsewhere."""
    return names_secret(name) and not names_either(name) and _PUBLIC_HALF.search(name) is None


def is_secret_input(value: Value[str]) -> Tri:
    """Whether it is made of an input that is a secret: the source hides it (`NoEcho`), or its name says so."""

    def asks(leaf: Value[str]) -> bool:
        for name in _unknown_parts(leaf):
            given_ = _GIVEN.search(name)
            if takes_secret(given_[1] if given_ is not None else name if isinstance(leaf, Text) else ""):
                return True
        for via in leaf.origin.via:
            named = _INPUT.search(via.what)
            if via.hidden or (named is not None and takes_secret(named[1])):
                return True
        return False

    return _each(value, asks)


def is_generated_secret(value: Value[str]) -> Tri:
    """Whether it is a password that Terraform makes up (`random_password`)."""
    return _each(value, lambda leaf: any(_MADE_UP.search(reference.target) for _, reference in leaf.references()))


def may_be_secret(name: str, value: Value[str], *, written: bool = False) -> Tri:
    """MAYBE where nothing is known of a value that may be a secret: by its name, or since it is in a file that was not read.

    `written`: in the source; what is fetched when a service is deployed is not.
    """
    doubts = [
        Doubt(f"what `{name}` holds is not known: {doubt.why}", doubt.remedy, doubt.cause)
        for _, leaf in value.leaves()
        if (doubt := _nothing_known(leaf)) is not None
        and (takes_secret(name) or _is_in_file(leaf))
        and not (written and any(_FETCHED.search(part) for part in _unknown_parts(leaf)))
    ]
    return Tri("maybe", (), tuple(doubts)) if doubts else NO


def _is_in_file(leaf: Value[str]) -> bool:
    """Whether a value would stand in a file of its own (`${file(…)}` of the Serverless Framework)."""
    return any(name.startswith("file(") for name in _unknown_parts(leaf))


def _nothing_known(leaf: Value[str]) -> Doubt | None:
    if isinstance(leaf, Unknown):
        return leaf.doubt
    if isinstance(leaf, Text) and len(leaf.parts) == 1 and isinstance(leaf.parts[0], Hole):
        return leaf.parts[0].doubt
    return None


def resolves_secret(value: Value[str], name: str = "") -> Tri:
    """Whether deploying puts a secret into it, which is kept elsewhere (`{{resolve:secretsmanager:…}}`, `${ssm:…}`).

    `name`: of the variable that it is put into, which may say so of a parameter whose own name does not.
    """
    sensitive = takes_secret(name)

    def asks(leaf: Value[str]) -> bool:
        if any(_fetches_secret(part, sensitive=sensitive) for part in _unknown_parts(leaf)):
            return True
        whole = leaf.show() if isinstance(leaf, _WRITTEN) else ""
        if "{{resolve:" not in whole:
            return False
        return any(_NO_SECRETS.search(found[1] or "") is None for found in _RESOLVES.finditer(whole))

    return _each(value, asks)


def _unknown_parts(leaf: Value[str]) -> list[str]:
    """What is not known of a value: the names of its parts, or of all of it."""
    if isinstance(leaf, Unknown):
        return [leaf.name]
    return [part.name for part in leaf.parts if isinstance(part, Hole)] if isinstance(leaf, Text) else []


def _fetches_secret(name: str, *, sensitive: bool) -> bool:
    """Whether a variable of the Serverless Framework is a secret, which it reads and decrypts when a service is deployed.

    `sensitive`: it goes where a secret belongs, and so is one unless its own name says that it is something about one.
    """
    found = _FETCHED.search(name)
    if found is None or "noDecrypt" in (found[1] or ""):
        return False
    path = found[2].strip()
    last = path.rpartition("/")[2]
    if path.startswith(_OF_SECRETS_MANAGER):
        return _PLAIN_KEY.search(last) is None
    return takes_secret(last) or (sensitive and _ABOUT_ONE.search(last) is None)


def internal_place(value: Value[str]) -> tuple[Tri, str]:
    """Whether it holds a private address, a host of an internal domain or an account id outside of an ARN, and what."""
    found = ""

    def look(leaf: Value[str]) -> bool:
        nonlocal found
        what = next((what for text in _texts(leaf) if (what := _internal(text))), "")
        found = found or what
        return bool(what)

    answer = _each(value, look)
    return answer, found


def _each(value: Value[str], question: Callable[[Value[str]], bool]) -> Tri:
    cases = [(when, yes(leaf.origin) if question(leaf) else NO) for when, leaf in value.leaves()]
    return mix(cases) if any(answer is not NO for _, answer in cases) else NO


def _texts(leaf: Value[str]) -> list[str]:
    if isinstance(leaf, Known):
        return [str(leaf.v)]
    if isinstance(leaf, Text):
        return [part if isinstance(part, str) else part.name for part in leaf.parts if isinstance(part, str | Hole)]
    return []


_ADDRESS = regex(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_HOST = regex(
    r"(?<![\w.-])(?:[a-z0-9-]+\.)+(?:internal|intranet|corp|lan|local|localdomain|private)(?![\w-])", re.IGNORECASE
)
_ACCOUNT = regex(r"\d{12}")


def _internal(text: str) -> str:
    for match in _ADDRESS.finditer(text):
        try:
            address = ipaddress.ip_address(match[0])
        except ValueError:
            continue
        if address.is_private and not address.is_loopback and not address.is_unspecified:
            return "a private address"
    if _HOST.search(text) and "host.docker.internal" not in text:
        return "the name of an internal host"
    return "an account id" if _ACCOUNT.fullmatch(text.strip()) else ""
