"""What a variable's name says about its value: words, and which of them is the head.

A name is read as an English noun phrase: its last word says what the value is. `DB_PASSWORD` is a password,
`PASSWORD_LENGTH` a length, `SECRET_ARN` an ARN. Words that say nothing about the kind (`PROD`, `V2`, `VALUE`) are left
out at the end. The words themselves are in `data/secret_words.json`.
"""

from functools import cache, lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json
from stockade.patterns import regex

Head: TypeAlias = Literal["password", "secret", "token", "key", "credentials", "connection", "webhook", ""]


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The words that names and values are judged by.

    Attributes:
        provenance: where they come from.
        neutral: say nothing about what the value is, when they come last.
        switches: before a head they make it a switch or a number.
        passwords: are a password.
        password_abbreviations: are one after an account.
        accounts: what has a password.
        secrets: are a secret.
        tokens: are a token.
        token_not: a token after one of these is a piece of text or a cursor.
        credentials: are credentials.
        key_of: a key after one of these is a secret …
        key_not: … and never one after one of these.
        one_word: endings of words that were written together, with their head.
        kept_elsewhere: the secret of one of these is usually kept in a store, and the value is its name.
        shared_with: the secret of one of these is a text that is handed over, and not the name of one.
        webhooks_of: whoever has the URL of a webhook of one of these may use it; other webhooks may be one's own.
        identifiers: a value under such a name is an identifier, however random it looks.
        nothing: values that say that there is none.
        defaults: passwords that everybody tries first.
    """

    provenance: Provenance
    neutral: frozenset[str]
    switches: frozenset[str]
    passwords: frozenset[str]
    password_abbreviations: frozenset[str]
    accounts: frozenset[str]
    secrets: frozenset[str]
    tokens: frozenset[str]
    token_not: frozenset[str]
    credentials: frozenset[str]
    key_of: frozenset[str]
    key_not: frozenset[str]
    one_word: dict[str, Head]
    kept_elsewhere: frozenset[str]
    shared_with: frozenset[str]
    webhooks_of: frozenset[str]
    identifiers: frozenset[str]
    nothing: frozenset[str]
    defaults: frozenset[str]


@cache
def known_words() -> Words:
    """The word lists."""
    return read_json("secret_words.json", Words)


_WORD = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are the same two."""
    return tuple(word.lower() for word in _WORD.findall(name))


def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those at the end that say nothing."""
    neutral, end = known_words().neutral, len(words)
    while end > 1 and (words[end - 1] in neutral or words[end - 1].isdigit()):
        end -= 1
    return words[:end]


@lru_cache(maxsize=4096)
def head_of(name: str) -> Head:
    """What kind of secret a name says it holds; "" if it says nothing of the kind."""
    every = words_of(name)
    if set(every[-2:-1]) & {"connection", "conn"} and every[-1] in {"string", "strings", "str", "uri", "url"}:
        return "connection"
    words = _core(every)
    if not words or words[0] in known_words().switches:
        return ""
    if _names_webhook(words):
        return "webhook"
    return _head(words[-1], words[-2] if len(words) > 1 else "")


def _names_webhook(words: tuple[str, ...]) -> bool:
    """Whether it is a webhook of a service that asks for nothing but its URL."""
    rest = words[:-1] if words[-1] in {"url", "urls", "uri", "endpoint"} else words
    return rest[-1:] in {("webhook",), ("webhooks",), ("hook",)} and not known_words().webhooks_of.isdisjoint(rest[:-1])


def _head(last: str, previous: str) -> Head:
    known = known_words()
    if last in known.passwords or (last in known.password_abbreviations and previous in known.accounts):
        return "password"
    if last in known.secrets:
        return "secret"
    if last in known.tokens:
        return "" if previous in known.token_not or previous in known.switches else "token"
    if last in known.credentials:
        return "credentials"
    if last in {"key", "keys"}:
        return "key" if previous in known.key_of and previous not in known.key_not else ""
    return next((head for ending, head in known.one_word.items() if last.endswith(ending)), "")


def may_name_a_secret(name: str) -> bool:
    """Whether the value may as well be the *name* of a secret that is kept elsewhere (`DB_SECRET`, `CREDENTIALS`)."""
    known, words = known_words(), _core(words_of(name))
    if not words or words[-1] not in known.secrets | known.credentials:
        return False
    return len(words) == 1 or words[-2] in known.kept_elsewhere or words[-1] in known.credentials


def names_either(name: str) -> bool:
    """Whether the name ends in a secret without saying if its text or its name is meant: `DB_SECRET`, not `CLIENT_SECRET`."""
    known, words = known_words(), words_of(name)
    return bool(words) and words[-1] in known.secrets | known.credentials and known.shared_with.isdisjoint(words[-2:-1])


def names_an_identifier(name: str) -> bool:
    """Whether the name says that the value is an id, a version, a place or a piece of text."""
    return not known_words().identifiers.isdisjoint(_core(words_of(name))[-2:])
