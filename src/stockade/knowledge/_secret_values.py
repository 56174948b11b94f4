"""What a value looks like on its own: a reference, a placeholder, plain words, or randomness."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter
from functools import cache
from itertools import pairwise

from stockade.knowledge._secret_names import known_words
from stockade.patterns import regex

# ----------------------------------------------------------------------------------------------------------- references


@cache
def _reference() -> re.Pattern[str]:
    return re.compile(
        r"""
        \{\{resolve:[^}]+\}\}                                                  # CloudFormation's dynamic references
        | arn:[^:\s]*(?:\$\{[^}]*\})?:(?:secretsmanager|ssm|kms|acm|iam|s3|dynamodb|sts|lambda|rds):\S*
        | (?:aws:)?(?:secretsmanager|ssm|ssm-secure|sm|awssm|aws-sm|aws-ssm|gcpsm|gcp-sm|azurekv|vault|op|keyvault|doppler
            |bitwarden|akeyless|conjur|secretsmanager)(?::|://)\S+             # names of stores
        | ref\+\w+://\S+
        | @Microsoft\.KeyVault\(.*\)
        | ENC\[.*\] | ENC\(.*\) | !vault\b.*                                   # encrypted with sops, Jasypt, Ansible
        | AQICAH[0-9A-Za-z+/=]{60,}                                            # encrypted with AWS KMS
        | \$\{\{.*\}\} | \$\{[^}]*\} | \$\([^)]*\) | \$[A-Z_][A-Z0-9_]* | %[A-Z_][A-Z0-9_]*% | \{\{.*\}\} | <%.*%>
        | \#\{.*\}
        """,
        re.VERBOSE | re.DOTALL,
    )


def is_reference(value: str) -> bool:
    """Whether the value points at a secret that is kept elsewhere, is encrypted, or is filled in by a template engine.

    CloudFormation's dynamic references, ARNs, the names of secret stores (`ssm:/…`, `vault:…`, `op://…`), what sops or
    KMS encrypted, `${…}` and `{{…}}` are.
    """
    return _reference().fullmatch(value.strip()) is not None


# --------------------------------------------------------------------------------------------------------- placeholders


@cache
def _stand_ins() -> re.Pattern[str]:
    return re.compile(
        r"""
        (?:^|[^a-z])(?:replaced?|your|insert|enter|fill|put|paste|placeholder|example|sample|dummy|fake|mock|redacted
            |removed|hidden|masked|todo|fixme|tbd|notreal|not[-_]real|not[-_]?used|unused|not[-_]?set|(?:goes[-_])?here|foo|bar|baz
            |foobar|lorem)(?:[^a-z]|$)
        | example(?:key)?$ | ^my[-_]?(?:api[-_]?key|token)$ | change[-_ ]this | replace[-_ ]?(?:me|this|with) | your[-_ ]
        | ^<.*>$ | ^\[.*\]$ | ^\{.*\}$ | ^__.*__$ | x{4,} | \*{3,} | … | \.\.\.$
        | ^(?:x+|y+|z+|a+|0+|1+|\#+|\?+|_+|-+|\*+)$
        """,
        re.VERBOSE,
    )


def is_placeholder(value: str) -> bool:
    """Whether the value stands where somebody has to put one, or says that there is none."""
    text = value.strip().lower()
    return len(text) < 3 or text in known_words().nothing or _stand_ins().search(text) is not None or len(set(text)) < 3


_WEAK = regex(
    r"(?:my|the|your|our|a)?[-_ ]*(?:super|very|top|ultra|so)*[-_ ]*(?:very)?[-_ ]*secret[-_ ]*"
    r"(?:key|token|password|string|jwt)?[-_ ]*[0-9!]*"
)


def is_default_password(value: str) -> bool:
    """Whether the value is one that everybody tries first."""
    text = value.strip().lower()
    return text in known_words().defaults or _WEAK.fullmatch(text) is not None


# ------------------------------------------------------------------------------------------------------ harmless shapes

_UUID = regex(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile(
        r"""
        [+-]?\d+(?:[.,]\d+)*%?                                                 # numbers, versions
        | v?\d+\.\d+(?:\.\d+)*(?:[-+.][0-9A-Za-z.-]+)?                         # semantic versions
        | \d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?                                  # dates
        | \d+\s*(?:ms|s|m|h|d|w|sec|secs|min|mins|hours?|days?|minutes?|seconds?|[KMGT]i?B|B|px|em|%)
        | (?:\d{1,3}\.){3}\d{1,3}(?:/\d+)?(?::\d+)?                            # addresses
        | [0-9a-fA-F:]*::[0-9a-fA-F:]*(?:/\d+)?
        | \#[0-9a-fA-F]{3,8}                                                   # colours
        | arn:\S*
        | (?:rate|cron|at)\(.*\)
        | [^\s@/]+@[^\s@/]+\.[a-z]{2,}                                         # mail addresses
        | (?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?\.)+[a-zA-Z]{2,}(?::\d+)?(?:,.*)?   # host names, class names
        | [a-z]{2}(?:-[a-z]+)+-\d[a-z]?                                        # regions and zones
        | [a-z]+/[a-z0-9.+*-]+(?:;.*)?                                         # media types
        | [a-z]{2}-[a-z]+-\d_[0-9A-Za-z]{9}                                    # user pools
        | (?:subnet|vpc|sg|eni|ami|vol|snap|igw|nat|rtb|acl|eipalloc|vpce|tgw|lt|fs|fsap|i|pl)-[0-9a-f]{8,17}
        | (?:ssh-rsa|ssh-ed25519|ecdsa-sha2-\S+|ssh-dss)\ .*                   # public keys
        | -----BEGIN\ (?:PUBLIC\ KEY|RSA\ PUBLIC\ KEY|CERTIFICATE|CERTIFICATE\ REQUEST|PGP\ PUBLIC\ KEY\ BLOCK)-----.*
        | (?:sha1|sha256|sha384|sha512|md5)[-:=].*
        """,
        re.VERBOSE | re.DOTALL | re.IGNORECASE,
    )


_PATH = regex(r"(?:[A-Za-z]:)?(?:~|\.{1,2})?(?:[/\\][\w.@${}*+-]*)+|[\w.@${}-]+(?:[/\\][\w.@${}*-]+)+\.\w{1,6}")
_URL = regex(r"[A-Za-z][A-Za-z0-9+.-]*://\S*|[^\s/]+\.[^\s/]+/\S*")


def is_uuid(value: str) -> bool:
    """Whether the value is a UUID."""
    return _UUID.fullmatch(value) is not None


def is_harmless(value: str) -> bool:
    """Whether the value has a shape that holds no secret.

    Numbers, versions, dates, addresses, host names, ARNs, paths, URLs (whose passwords are looked for elsewhere), media
    types, ids of AWS resources, public keys, digests with their algorithm.
    """
    return (
        _harmless().fullmatch(value) is not None
        or _PATH.fullmatch(value) is not None
        or _URL.fullmatch(value) is not None
    )


# ----------------------------------------------------------------------------------------------------------- randomness

_HEX = regex(r"[0-9a-f]+|[0-9A-F]+")
_RANDOM_TEXT = regex(r"[0-9A-Za-z+/_=.~!@#$%^&*-]+")
_SEPARATORS = regex(r"[-_./:+=\s,;|~@#$%^&*()!]+")
_VOWELS = frozenset("aeiouy")


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits for each."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values()) if size else 0.0


def _pieces(part: str) -> list[str]:
    """The words of a part without separators: `myTableName2` gives my, Table, Name, 2."""
    return re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+", part)


def _pronounceable(word: str) -> bool:
    """Whether a run of letters could be a word: it has vowels, and no more than four consonants in a row."""
    text = word.lower()
    if len(text) <= 3:
        return True
    share = sum(char in _VOWELS for char in text) / len(text)
    return 0.2 <= share <= 0.8 and re.search(r"[^aeiouy]{5,}", text) is None


def is_words(value: str) -> bool:
    """Whether the value reads as words, with separators or in camel case, and at most short numbers between them."""
    parts = [part for part in _SEPARATORS.split(value) if part]
    if not parts:
        return True
    pieces = [piece for part in parts for piece in _pieces(part)]
    letters = [piece for piece in pieces if piece.isalpha()]
    digits = [piece for piece in pieces if piece.isdigit()]
    if not letters:
        return False
    short = sum(len(piece) <= 2 for piece in letters)
    mixed = sum(1 for part in parts if len(_pieces(part)) > 2 + len(part) / 4)
    return (
        all(map(_pronounceable, letters))
        and all(len(piece) <= 4 for piece in digits)
        and short <= max(2, len(letters) // 2)
        and len(digits) <= max(2, len(letters))
        and mixed == 0
    )


def is_hex(value: str) -> bool:
    """Whether the value is hexadecimal throughout, as digests, commits and ids are (in one case)."""
    return _HEX.fullmatch(value) is not None and any(char.isdigit() for char in value)


def looks_random(value: str) -> bool:
    """Whether the value looks generated rather than written: long, mixed, and no words.

    Used where the name already says that it is a secret; hexadecimal of 16 characters and more counts.
    """
    if len(value) < 8 or " " in value or _RANDOM_TEXT.fullmatch(value) is None:
        return False
    if is_hex(value):
        return len(value) >= 16 and entropy(value) >= 2.5
    if is_words(value):
        return False
    kinds = sum(
        (
            any(char.islower() for char in value),
            any(char.isupper() for char in value),
            any(char.isdigit() for char in value),
            any(not char.isalnum() for char in value),
        )
    )
    if kinds == 1:
        return len(value) >= 16 and entropy(value) >= 3
    return entropy(value) >= min(3.5, math.log2(len(value)) * 0.8)


# What the CDK and CloudFormation add to the names that they make, and digests within names.
_GENERATED_END = regex(r"[0-9a-f]{16,}|[0-9A-F]{8}$|-[0-9A-Z]{12,13}$|-[0-9A-Za-z]{12}$")
_TWO_WORDS = regex(r"(?:[A-Za-z][a-z]{2,})?(?:[A-Z][a-z]{3,}){2}|[a-z]{4,}(?:[A-Z][a-z]{3,})")


def is_key_material(value: str) -> bool:
    """Whether the value is so random that no name is needed to call it a secret.

    One run of at least 24 letters, digits and `+/_-` with upper and lower case and digits well mixed; no
    hexadecimal, no UUID, no words, no text in base64.
    """
    body = _GENERATED_END.sub("", value.rstrip("="))
    if not 24 <= len(body) <= 256 or re.fullmatch(r"[0-9A-Za-z+/_-]+", body) is None or is_hex(body):
        return False
    classes = [re.search(kind, body) for kind in ("[a-z]", "[A-Z]", "[0-9]")]
    if not all(classes) or entropy(body) < min(4.3, math.log2(len(body)) * 0.86):
        return False
    if _share_of_words(body) >= 0.4 or _TWO_WORDS.match(body):
        return False
    longest = max(_SEPARATORS.split(body), key=len)
    changes = sum(_kind(left) != _kind(right) for left, right in pairwise(longest))
    mixed = len(longest) >= 20 and changes / max(1, len(longest) - 1) >= 0.4
    return mixed and not is_words(longest) and readable(value) is None


def _share_of_words(value: str) -> float:
    """How much of the value is in words of four letters and more, as logical ids have them."""
    words = [word for word in re.findall(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}", value) if _pronounceable(word)]
    return sum(map(len, words)) / len(value)


def _kind(char: str) -> int:
    return 0 if char.isdigit() else 1 if char.isupper() else 2 if char.islower() else 3


def readable(value: str) -> str | None:
    """The text that the value is in base64, or None if it is no base64 or no text."""
    if len(value) < 8 or re.fullmatch(r"[0-9A-Za-z+/_-]+={0,2}", value) is None:
        return None
    try:
        data = binascii.a2b_base64(
            value.rstrip("=").replace("-", "+").replace("_", "/") + "=" * (-len(value.rstrip("=")) % 4)
        )
        text = data.decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return text if text and all(char.isprintable() or char in "\r\n\t" for char in text) else None


def der_private_key(value: str) -> bool:
    """Whether the value is a private key in DER and base64 (`MII…`), without the lines around it.

    A sequence whose first element is the version number 0 (PKCS#1 and PKCS#8) or 1 (SEC1); of public keys and
    certificates the first element is a sequence.
    """
    if len(value) < 100 or not value.startswith("M"):
        return False
    text = re.sub(r"\s|\\n", "", value)
    if len(text) < 100 or re.fullmatch(r"[0-9A-Za-z+/]+={0,2}", text) is None:
        return False
    try:
        data = binascii.a2b_base64(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return False
    if data[:1] != b"\x30":
        return False
    skip = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    return data[skip : skip + 3] in {b"\x02\x01\x00", b"\x02\x01\x01"}
