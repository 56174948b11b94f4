"""What a plaintext secret looks like: by its form, by the name it stands under, by its randomness.

`inspect()` looks at one name and value, as in a function's environment. In this order it tries the known forms of
tokens (with their checksums where they have one), private keys, web tokens, passwords within URLs and connection
strings, what the name says, and last randomness alone. References to secrets that are kept elsewhere, placeholders,
ids, digests, versions, names, hosts, paths and the like are no secrets. A secret itself is never in the answer.

The forms are in `data/secret_formats.json` with their sources; the words that names are judged by are our own.
"""

import re
import zlib
from functools import cache, lru_cache
from typing import Literal

from msgspec import Struct

from stockade.knowledge import _secret_values as values
from stockade.knowledge._data import Provenance, read_json
from stockade.knowledge._secret_names import head_of, may_name_a_secret, names_an_identifier, names_either, words_of
from stockade.knowledge._secret_values import is_reference
from stockade.patterns import regex

__all__ = ["Format", "SecretHit", "formats", "inspect", "is_reference", "names_either", "names_secret", "provenance"]

Confidence = Literal["high", "medium", "low"]

_LONGEST = 8_192  # characters of a value that are looked at; all variables of a function together have 4 KB
_REMEMBERED = 512  # characters of a value whose answer is kept
_DEEPEST = 3  # levels of JSON, lines and base64 within a value


class SecretHit(Struct, frozen=True):
    """A value that is, or may be, a secret in plain text.

    Attributes:
        kind: what it is: "github-token", "private-key", "database-url", "password", "default-password", "secret",
            "random" …
        confidence: "high" (its form leaves no doubt), "medium" (its name and its look), "low" (one of them).
        why: how it was recognised, in a sentence.
        redacted: enough of it to find it again, and too little to use it.
    """

    kind: str
    confidence: Confidence
    why: str
    redacted: str


class Format(Struct, frozen=True, forbid_unknown_fields=True):
    """A known form of a token.

    Attributes:
        kind: the kind of the hit.
        title: what such a token is, with an article.
        pattern: a regular expression; what stands before and after is checked besides.
        confidence: how sure a match is.
        check: "crc62" (its last six characters are a checksum), "discord" (its first part is a number), "upper" or
            "mixed" (it must not be an example or a placeholder).
        needs: another text that the value must have.
        hints: every match has one of these in it, so that most values need no regular expression.
    """

    kind: str
    title: str
    pattern: str
    confidence: Confidence
    check: str
    needs: str
    hints: tuple[str, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    formats: tuple[Format, ...]


@cache
def _file() -> _File:
    return read_json("secret_formats.json", _File)


def provenance() -> Provenance:
    """When the forms of tokens were as they are here, and where that is stated."""
    return _file().provenance


def formats() -> tuple[Format, ...]:
    """The known forms of tokens."""
    return _file().formats


@cache
def _hints() -> tuple[tuple[str, int], ...]:
    """What every form has in it, with the form's place in the list."""
    return tuple((hint, place) for place, known in enumerate(formats()) for hint in known.hints)


@cache
def _pattern(place: int) -> re.Pattern[str]:
    pattern = formats()[place].pattern
    before = "" if pattern.startswith("[?") else r"(?<![0-9A-Za-z_-])"
    return re.compile(f"{before}(?:{pattern})(?![0-9A-Za-z_-])")


# ------------------------------------------------------------------------------------------------------------ by name


def names_secret(name: str) -> bool:
    """Whether the name says that it holds a secret, whatever the value is.

    The last word decides: `DB_PASSWORD`, `apiKey`, `STRIPE_SECRET`, `AUTH_TOKEN_PROD` and `CONN_STR` do; `TOKEN_URL`,
    `SECRET_ARN`, `PASSWORD_LENGTH`, `KEY_ID`, `PUBLIC_KEY`, `PARTITION_KEY`, `S3_KEY` and `MAX_TOKENS` do not. Of URLs,
    `SLACK_WEBHOOK_URL` does: Slack asks for nothing else. `WEBHOOK_URL` does not, for it may be one's own.
    """
    return head_of(name) != ""


# ------------------------------------------------------------------------------------------------------------ by value


def inspect(name: str, value: str) -> SecretHit | None:
    """Look at one name and value; None if there is no secret in it."""
    return _remembered(name, value) if len(value) <= _REMEMBERED else _inspect(name, value[:_LONGEST], 0)


@lru_cache(maxsize=4096)
def _remembered(name: str, value: str) -> SecretHit | None:
    """The answer for a short value: the functions of one project share many, and several rules ask."""
    return _inspect(name, value, 0)


def _inspect(name: str, value: str, depth: int) -> SecretHit | None:
    text = value.strip().strip("\"'")
    if len(text) < 3 or is_reference(text):
        return None
    hit = _by_form(text) or _private_key(text) or _web_token(text) or _aws_secret_key(name, text)
    hit = hit or _in_url(text) or _in_connection_string(text) or _in_header(text)
    if hit is None and depth < _DEEPEST:
        hit = _within(name, text, depth)
    return hit or _by_name(name, text) or _by_randomness(name, text)


_SHORTEST = 20  # characters of the shortest token whose form is known


def _by_form(text: str) -> SecretHit | None:
    """A token of a known form."""
    if len(text) < _SHORTEST:
        return None
    for place in sorted({place for hint, place in _hints() if hint in text}):
        known = formats()[place]
        if known.needs not in text:
            continue
        for match in _pattern(place).finditer(text):
            if _CHECKS[known.check](match[0]):
                said = "its checksum is right" if known.check == "crc62" else "its form says so"
                return SecretHit(
                    known.kind, known.confidence, f"The value is {known.title}: {said}.", _redact(match[0])
                )
    return None


_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _crc62(token: str) -> bool:
    """GitHub's and npm's checksum: the CRC-32 of the thirty characters before it, in base 62."""
    body, said = token[-36:-6], token[-6:]
    number = 0
    for char in said:
        number = number * 62 + _ALPHABET.index(char)
    return number == zlib.crc32(body.encode()) and _varied(token)


def _varied(token: str) -> bool:
    """Whether the token is no example: no stand-in, no long runs, enough different characters."""
    low = token.lower()
    if "example" in low or "xxxx" in low or "placeholder" in low or "redacted" in low or "your" in low:
        return False
    if re.search(r"(.)\1{5,}", low) or any(
        run in low for run in ("0123456789", "1234567890", "abcdefghij", "a1b2c3d4e5")
    ):
        return False
    return len(set(token)) >= min(8, len(token) // 2)


def _discord(token: str) -> bool:
    number = values.readable(token.partition(".")[0])
    return number is not None and number.isdigit() and _varied(token)


_CHECKS = {"crc62": _crc62, "discord": _discord, "upper": _varied, "mixed": _varied}

_PEM = regex(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(.{0,200})", re.DOTALL)


def _private_key(text: str) -> SecretHit | None:
    """A private key: in PEM, in PEM within base64, or in DER within base64."""
    plain = text
    if text.startswith("LS0tLS1CRUdJ"):
        plain = values.readable(re.sub(r"\s", "", text)) or ""
    match = _PEM.search(plain) if "-----BEGIN" in plain else None
    if match is not None:
        body = re.sub(r"\\[rn]|\s|[A-Za-z-]+: \S+", "", match[1])
        run = re.match(r"[0-9A-Za-z+/=]*", body)
        if run is not None and len(run[0]) >= 32 and _varied(run[0]):
            return SecretHit(
                "private-key", "high", "The value is a private key.", match[0][:40].split("\n")[0][:36] + " …"
            )
        return None
    if values.der_private_key(text):
        return SecretHit("private-key", "high", "The value is a private key in base64.", _redact(text))
    return None


_JWT = regex(r"(?<![0-9A-Za-z_-])(eyJ[0-9A-Za-z_-]{8,})\.(eyJ[0-9A-Za-z_-]{8,})\.([0-9A-Za-z_-]{16,})(?![0-9A-Za-z_-])")


def _web_token(text: str) -> SecretHit | None:
    """A signed JSON web token whose header and payload can be read."""
    match = _JWT.search(text) if "eyJ" in text else None
    payload = None if match is None else _payload(match)
    if match is None or payload is None or _is_public(payload):
        return None
    return SecretHit("jwt", "high", "The value is a signed JSON web token.", _redact(match[0]))


def _payload(match: re.Match[str]) -> dict[str, object] | None:
    """What the token says, or None if it is no web token."""
    import json

    try:
        header, payload = (json.loads(values.readable(part) or "") for part in match.groups()[:2])
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(header, dict) and "alg" in header and isinstance(payload, dict) else None


def _is_public(payload: dict[str, object]) -> bool:
    """Whether the token is meant for browsers, or is everybody's example."""
    return payload.get("role") == "anon" or payload.get("name") == "John Doe"


def _is_public_token(text: str) -> bool:
    match = _JWT.fullmatch(text)
    payload = None if match is None else _payload(match)
    return payload is not None and _is_public(payload)


_DOCUMENTED = ("AKIAIOSFODNN7" + "EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY")


def is_documented(text: str) -> bool:
    """Whether a text holds the access key that AWS's documentation shows, which opens nothing."""
    return any(key in text for key in _DOCUMENTED)


_AWS_SECRET = regex(r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{40}(?![0-9A-Za-z+/=])")


def _aws_secret_key(name: str, text: str) -> SecretHit | None:
    """A secret access key: forty characters under a name that says so, or beside an access key's id."""
    if len(text) < 40:
        return None
    words = words_of(name)
    named = "secret" in words and ("access" in words or "aws" in words)
    beside = re.search(r"A[KS]IA[A-Z2-7]{16}", text) is not None
    match = _AWS_SECRET.search(text) if named or beside else None
    if match is None or values.is_hex(match[0]) or not _varied(match[0]) or values.is_words(match[0]):
        return None
    return SecretHit(
        "aws-secret-access-key",
        "high",
        "The value has the form of an AWS secret access key, and its name or its id beside it says so.",
        _redact(match[0]),
    )


_USERINFO = regex(
    r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{0,40})://([^\s/?#@:]{0,200}):([^\s?#@]{1,400})@([^\s/?#@,]{1,300})"
)
_DATABASES = (
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "amqp",
    "jdbc",
    "mssql",
    "sqlserver",
    "oracle",
    "snowflake",
    "clickhouse",
    "cassandra",
    "neo4j",
    "bolt",
    "cockroach",
    "redshift",
    "kafka",
    "nats",
    "ldap",
    "ftp",
    "sftp",
    "smtp",
    "imap",
)


def _in_url(text: str) -> SecretHit | None:
    """A password in the user part of a URL."""
    for match in _USERINFO.finditer(text) if "://" in text and "@" in text else ():
        scheme, user, password, host = match.groups()
        if is_reference(password) or values.is_placeholder(password) or "${" in password:
            continue
        database = scheme.lower().startswith(_DATABASES)
        shown = f"{scheme}://{user}:…@{host}"
        weak = values.is_default_password(password) or password.lower() == user.lower()
        local = host.partition(":")[0] in {"localhost", "127.0.0.1", "db", "host.docker.internal"}
        return SecretHit(
            "database-url" if database else "url-with-password",
            "low" if weak or local else "high",
            f"The value is a URL with a password for {user or 'its service'} in it.",
            shown,
        )
    return None


_PAIR = regex(
    r"(?:^|[;,\s?&])(password|passwd|pwd|secret|sas_?token)[ \t]{0,4}=[ \t]{0,4}('[^']*'|\"[^\"]*\"|[^;,\s&]+)",
    re.IGNORECASE,
)
_OTHER_PAIR = regex(
    r"(?:^|[;,\s?&])(?:server|data source|host|hostname|user id|uid|user|username|database|dbname|initial catalog|port"
    r"|addr|endpoint|account)[ \t]{0,4}=",
    re.IGNORECASE,
)


def _in_connection_string(text: str) -> SecretHit | None:
    """A password among the pairs of a connection string (`Server=…;Password=…`, `host=… password=…`)."""
    pair = _PAIR.search(text) if "=" in text else None
    if pair is None or _OTHER_PAIR.search(text) is None:
        return None
    password = pair[2].strip("'\"")
    if is_reference(password) or values.is_placeholder(password) or "${" in password:
        return None
    confidence: Confidence = "low" if values.is_default_password(password) else "high"
    return SecretHit(
        "connection-string", confidence, "The value is a connection string with a password in it.", f"…{pair[1]}=…"
    )


_HEADER = regex(r"^(Basic|Bearer|Token|ApiKey)\s+([0-9A-Za-z+/=._~-]{12,})$")


def _in_header(text: str) -> SecretHit | None:
    """The value of an authorization header."""
    match = _HEADER.match(text)
    if match is None or values.is_placeholder(match[2]):
        return None
    if match[1] == "Basic":
        pair = values.readable(match[2])
        if pair is None or ":" not in pair or values.is_placeholder(pair.partition(":")[2]):
            return None
        return SecretHit(
            "basic-auth", "high", "The value is a name and a password for basic authentication.", "Basic …"
        )
    if not values.looks_random(match[2]):
        return None
    return SecretHit("authorization", "medium", "The value is an authorization header with its token.", f"{match[1]} …")


_LINE = regex(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]{1,60})[ \t]*[=:][ \t]*(\S.*)$", re.MULTILINE)


def _within(name: str, text: str, depth: int) -> SecretHit | None:
    """A secret in JSON, in lines of settings, or in either of them within base64."""
    if text[0] in "{[":
        import json  # few values are

        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return _in_json(name, document, depth)
    if "\n" in text:
        for key, value in _LINE.findall(text):
            hit = _inspect(key, value, depth + 1)
            if hit is not None:
                return hit
        return None
    inner = values.readable(text) if len(text) >= 24 else None
    if inner is not None and (inner[0] in "{[" or "\n" in inner or "://" in inner):
        return _inspect(name, inner, depth + 1)
    return None


def _in_json(name: str, node: object, depth: int) -> SecretHit | None:
    if depth >= _DEEPEST:
        return None
    if isinstance(node, dict):
        pairs = [(str(key), value) for key, value in node.items()]
    elif isinstance(node, list):
        pairs = [(name, value) for value in node]
    else:
        return None
    for key, value in pairs:
        hit = _inspect(key, value, depth + 1) if isinstance(value, str) else _in_json(key, value, depth + 1)
        if hit is not None:
            return hit
    return None


def _by_name(name: str, text: str) -> SecretHit | None:
    """A literal under a name that says it is a secret."""
    head = head_of(name)
    if (
        head in {"", "connection", "webhook"}
        or values.is_placeholder(text)
        or text[0] in "{[<"
        or _is_public_token(text)
    ):
        return None
    if head == "password":
        return _password(name, text)
    if values.is_harmless(text) or text.isdigit():
        return None
    if values.is_uuid(text):
        return None if may_name_a_secret(name) else _named(name, text, "low")
    if values.is_default_password(text):
        # Keys and tokens are given out by somebody, and are never such a word: it stands in for one.
        return None if head in {"key", "token"} or may_name_a_secret(name) else _weak(name, text)
    inner = values.readable(text)
    if not values.looks_random(text) or _contains_name(name, text) or (inner is not None and inner[0] in "{["):
        return None  # plain words, the name of a secret, or a cursor: JSON in base64, which was looked into before
    return _named(name, text, "medium" if len(text) < 16 else "high")


def _password(name: str, text: str) -> SecretHit | None:
    if values.is_default_password(text):
        return _weak(name, text)
    if text.isdigit():
        return SecretHit(
            "password", "low", f"{name} says that it holds a password, and the value is written out.", _length(text)
        )
    if (values.is_harmless(text) and not text.isalnum() and "!" not in text) or _names_a_store(text):
        return None
    if " " in text and not values.looks_random(text.replace(" ", "")):
        return None  # a sentence: a label or a description
    confidence: Confidence = "high" if values.looks_random(text) and len(text) >= 10 else "medium"
    return SecretHit(
        "password", confidence, f"{name} says that it holds a password, and the value is written out.", _length(text)
    )


_STORE_WORDS = frozenset(
    [
        "secret",
        "secrets",
        "password",
        "passwords",
        "param",
        "parameter",
        "ssm",
        "credential",
        "credentials",
        "creds",
        "key",
    ]
)


def _names_a_store(text: str) -> bool:
    """Whether the text is rather the name of a secret or a parameter (`orders-db-password`, `prod/db/creds`)."""
    parts = re.split(r"[-_/.]", text)
    return (
        len(parts) > 1
        and values.is_words(text)
        and not _STORE_WORDS.isdisjoint(part.lower() for part in words_of(text))
    )


def _contains_name(name: str, text: str) -> bool:
    """Whether the text repeats the name's own words, as the name of a secret does."""
    mine = {word for word in words_of(text) if len(word) > 2}
    return values.is_words(text) and len(mine & set(words_of(name))) > 0


def _named(name: str, text: str, confidence: Confidence) -> SecretHit:
    return SecretHit(
        "secret", confidence, f"{name} says that it holds a secret, and the value looks like one.", _redact(text)
    )


def _weak(name: str, text: str) -> SecretHit:
    return SecretHit(
        "default-password",
        "low",
        f"{name} says that it holds a secret, and the value is one that everybody tries first.",
        _length(text),
    )


def _by_randomness(name: str, text: str) -> SecretHit | None:
    """A value that no name calls a secret, and that is too random to be anything else."""
    if (
        len(text) < 24
        or names_an_identifier(name)
        or not values.is_key_material(text)
        or not _varied(text)
        or values.is_harmless(text)
    ):
        return None
    return SecretHit(
        "random",
        "low",
        "The value is as random as a key is, and nothing says that it is something else.",
        _redact(text),
    )


# ------------------------------------------------------------------------------------------------------------ redacted


def _redact(token: str) -> str:
    """The beginning that names the form (of a URL: its host), and the last four characters of a long token."""
    if token.startswith("https://"):
        return f"https://{token[8:].partition('/')[0]}/…{token[-4:]}"
    prefix = re.match(
        r"(?:[A-Za-z0-9]{2,11}[_-])*?"
        r"(?:[A-Za-z]{2,11}_(?:live_|test_|v1_|pat_)?|sk-(?:ant-|proj-|or-)?|SG\.|eyJ|AKIA|ASIA|AIza|xox[a-z]-)",
        token,
    )
    start = prefix[0] if prefix and len(prefix[0]) <= 12 and len(token) - len(prefix[0]) >= 20 else token[:2]
    return f"{start}…{token[-4:]}" if len(token) >= 20 else f"{token[:2]}…"


def _length(text: str) -> str:
    return f"… ({len(text)} characters)"
