"""One request, and whether policies allow it: read off AWS's documentation, and sharing nothing with what proves.

Every witness of a proof is asked here before it is told.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from stockade.iam.sets.access import weight

if TYPE_CHECKING:
    from stockade.iam.sets.access import Access
    from stockade.iam.sets.clauses import Clauses

Decision: TypeAlias = Literal["allow", "deny", "none"]


class Request(Struct, frozen=True):
    """A request, as policies see it.

    Attributes:
        action: "s3:GetObject".
        resource: an ARN, or `*` for actions that are about no resource.
        principal: who asks, as a kind ("AWS", "Service", "Federated", "CanonicalUser"), a bar and a name; "" where no
            policy wants to know.
        keys: the condition keys that the request has, in lower case, with their values.
    """

    action: str
    resource: str
    principal: str = ""
    keys: Mapping[str, tuple[str, ...]] = {}


# Of a statement; actions have no variables.
_FILLED_IN = ("Principal", "NotPrincipal", "Resource", "NotResource", "Condition")
_ESCAPES = frozenset("*?$")


def decide(
    documents: Iterable[Mapping[str, Any]], request: Request, *, flat: bool = False, whole: bool = True
) -> Decision:
    """What policy documents say together about a request: "deny" before "allow" before "none".

    `flat` lets wildcards in ARNs reach beyond colons; `whole` leaves a statement out that asks for the value of a key that
    the request has not, and else only the text that does. Documents must be well-formed.
    """
    decision: Decision = "none"
    for document in documents:
        listed = document["Statement"]
        variables = document.get("Version") == "2012-10-17"
        for statement in [listed] if isinstance(listed, Mapping) else listed:
            if whole and variables and any(_asks_in_vain(statement.get(name), request) for name in _FILLED_IN):
                continue
            if _matches(statement, request, flat=flat, variables=variables):
                if statement["Effect"] == "Deny":
                    return "deny"
                decision = "allow"
    return decision


def is_allowed(
    access: Access,
    request: Request,
    read: Callable[[Clauses], Iterable[Mapping[str, Any]]],
    *,
    flat: bool = False,
    whole: bool = True,
) -> bool:
    """Whether policies of several kinds let a request through: the steps of AWS's description, one after the other.

    `read` gives the documents that clauses stand for.
    """

    def says(clauses: Clauses) -> Decision:
        return decide(read(clauses), request, flat=flat, whole=whole)

    if access.is_identity_only:
        return says(access.identity) == "allow"
    if says(tuple(access.every())) == "deny":
        return False
    if access.boundary is not None:
        # Whoever has a boundary is denied by every Deny with `NotPrincipal`, whom it may name.
        for document in read(access.resource or ()):
            entries = [each for each in document["Statement"] if each["Effect"] == "Deny" and "NotPrincipal" in each]
            anybody = [{k: v for k, v in each.items() if k != "NotPrincipal"} for each in entries]
            if decide([{**document, "Statement": anybody}], request, flat=flat, whole=whole) == "deny":
                return False
    if any(says(level) != "allow" for level in (*access.control, *access.resource_control)):
        return False
    bounds = [each for each in (access.boundary, access.session) if each is not None]
    within = all(says(each) == "allow" for each in bounds)
    own = within and says(access.identity) == "allow"
    if access.resource is None:
        return own
    gives = set()
    for document in read(access.resource):
        for kind, entry in _entries(document):
            if decide([entry], request, flat=flat, whole=whole) == "allow":
                gives.add(weight(*kind, access.caller))
    if access.other_account:
        return "direct" in gives if access.caller == "service" else own and bool(gives)
    if "direct" in gives or ("limited" in gives and within):
        return True
    return own and (not access.resource_decides or "handed on" in gives)


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    """The Allows of a resource's policy, one for each principal that they name."""
    listed = document["Statement"]
    for statement in [listed] if isinstance(listed, Mapping) else listed:
        if statement["Effect"] != "Allow":
            continue
        element = statement.get("Principal", "*")
        pairs = [("AWS", "*")]
        if isinstance(element, Mapping):
            pairs = [(str(kind), name) for kind, names in element.items() for name in _list(names)]
        for kind, name in pairs:
            one = {**statement, "Principal": {kind: name}} if isinstance(element, Mapping) else statement
            yield (kind, name), {**document, "Statement": [one]}


def _asks_in_vain(element: object, request: Request) -> bool:
    """Whether a text somewhere asks for the value of a key that is not there."""
    if isinstance(element, str):
        if "${" not in element:
            return False
        names = (name.strip() for name in re.findall(r"\$\{([^{}]*)\}", element))
        return any(name not in _ESCAPES and not request.keys.get(name.lower()) for name in names)
    if isinstance(element, Mapping):
        return any(_asks_in_vain(each, request) for each in element.values())
    return isinstance(element, list) and any(_asks_in_vain(each, request) for each in element)


def _matches(statement: Mapping[str, Any], request: Request, *, flat: bool, variables: bool) -> bool:
    return (
        _principal_fits(statement, request, variables=variables)
        and _element_fits(statement, "Action", lambda text: _wild(text.lower(), request.action.lower()))
        and _element_fits(
            statement, "Resource", lambda text: _resource_fits(text, request, flat=flat, variables=variables)
        )
        and all(
            _condition_holds(operator, key, _list(values), request, variables=variables)
            for operator, keys in (statement.get("Condition") or {}).items()
            for key, values in keys.items()
        )
    )


def _list(value: object) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in listed]


def _element_fits(statement: Mapping[str, Any], name: str, fits: Callable[[str], bool]) -> bool:
    if name in statement:
        return any(fits(text) for text in _list(statement[name]))
    if f"Not{name}" in statement:
        return not any(fits(text) for text in _list(statement[f"Not{name}"]))
    return True


def _principal_fits(statement: Mapping[str, Any], request: Request, *, variables: bool) -> bool:
    def is_named(element: object) -> bool:
        if not isinstance(element, Mapping):
            return element == "*"
        return any(
            filled is not None and _is_principal(kind, filled, request.principal)
            for kind, names in element.items()
            for filled in (_filled(name, request, variables=variables) for name in _list(names))
        )

    if "Principal" in statement:
        return is_named(statement["Principal"])
    return not is_named(statement["NotPrincipal"]) if "NotPrincipal" in statement else True


def _is_principal(kind: str, name: str, asks: str) -> bool:
    if kind == "AWS" and name == "*":
        return True
    asks_kind, _, asks_name = asks.partition("|")
    if kind != asks_kind:
        return False
    if name == asks_name or kind != "AWS":
        return name == asks_name
    fields = asks_name.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn" or fields[2] not in {"iam", "sts"}:
        return False
    if re.fullmatch(r"\d{12}", name):
        return fields[4] == name
    wanted = name.split(":", 5)
    if len(wanted) < 6 or wanted[4] != fields[4] or wanted[1] != fields[1]:
        return False
    if wanted[5] == "root" and wanted[2] == "iam":
        return True
    # A session acts in the name of its role.
    session = fields[5].split("/", 2)
    role = wanted[5].split("/")
    return (
        fields[2] == "sts"
        and len(session) == 3
        and session[0] == "assumed-role"
        and role[0] == "role"
        and role[-1] == session[1]
    )


def _filled(text: str, request: Request, *, variables: bool, escape: bool = False) -> str | None:
    """The text with its variables, None where one has no value; with `escape`, wildcards in what is filled in are none."""
    if not variables or "${" not in text:
        return text
    if _asks_in_vain(text, request):
        return None

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        found = name if name in _ESCAPES else request.keys[name.lower()][0]
        return "".join(_PLAIN.get(char, char) for char in found) if escape else found

    return re.sub(r"\$\{([^{}]*)\}", value, text)


# Characters that mean themselves in a pattern, of a plane that Unicode leaves to private use.
_PLAIN = {"*": "\U000f0010", "?": "\U000f0011", ":": "\U000f0012"}
_MEANT = {mark: char for char, mark in _PLAIN.items()}


class _Pattern(Struct, frozen=True):
    """What has to be read, one after the other: "*" is any text, "+" any without a colon, "?" and "." one such character."""

    begin: str
    kinds: str
    chars: str


@lru_cache(maxsize=8192)
def _pattern(text: str, *, fields: bool) -> _Pattern:
    """With `fields`, wildcards stay inside of the first five fields of an ARN, but for a `*` at the end of one."""
    wildcard = re.search(r"[*?]", text)
    if wildcard is None:
        return _Pattern(_meant(text), "", "")
    begin, rest = text[: wildcard.start()], text[wildcard.start() :]
    kinds = []
    colons = begin.count(":")
    for at, char in enumerate(rest):
        colons += char == ":"
        inside = fields and colons < 5
        if char == "*":
            kinds.append("+" if inside and rest[at + 1 : at + 2] not in {"", ":"} else "*")
        elif char == "?":
            kinds.append("." if inside else "?")
        else:
            kinds.append("=")
    return _Pattern(_meant(begin), "".join(kinds), _meant(rest))


def _meant(text: str) -> str:
    return "".join(_MEANT.get(char, char) for char in text) if any(mark in text for mark in _MEANT) else text


def _wild(pattern: str, text: str, *, fields: bool = False) -> bool:
    """Whether a text fits a pattern, by following all ways to read it at once."""
    wanted = _pattern(pattern, fields=fields)
    if not text.startswith(wanted.begin):
        return False
    kinds, chars = wanted.kinds, wanted.chars
    if kinds in {"", "*"}:
        return bool(kinds) or len(text) == len(wanted.begin)

    def reached(places: set[int]) -> set[int]:
        out = set()
        for place in places:
            out.add(place)
            while place < len(kinds) and kinds[place] in "*+":
                place += 1  # noqa: PLW2901 - a wildcard may stand for nothing
                out.add(place)
        return out

    places = reached({0})
    for char in text[len(wanted.begin) :]:
        after = set()
        for place in places:
            kind = kinds[place : place + 1]
            if kind == "*" or (kind == "+" and char != ":"):
                after.add(place)
            elif kind == "?" or (kind == "." and char != ":") or (kind == "=" and chars[place] == char):
                after.add(place + 1)
        if not after:
            return False
        places = reached(after)
    return len(kinds) in places


def _resource_fits(pattern: str, request: Request, *, flat: bool, variables: bool) -> bool:
    filled = _filled(pattern, request, variables=variables, escape=True)
    return filled is not None and _wild(filled, request.resource, fields=not flat and filled.startswith("arn:"))


def _arn_fits(pattern: str, text: str) -> bool:
    wanted, fields = pattern.split(":", 5), text.split(":", 5)
    if len(wanted) < 6:
        return _wild(pattern, text)
    return len(fields) == 6 and all(map(_wild, wanted, fields))


def _condition_holds(operator: str, key: str, values: list[str], request: Request, *, variables: bool) -> bool:
    quantifier, _, word = operator.lower().rpartition(":")
    lax = word.endswith("ifexists")
    word = word.removesuffix("ifexists")
    there = request.keys.get(key.lower(), ())
    if word == "null":
        return any((value.strip().lower() == "true") is (not there) for value in values)
    negated = "not" in word
    if not there:
        return lax or quantifier == "forallvalues" or (negated and quantifier != "foranyvalue")
    escape = "like" in word or "arn" in word
    filled = [f for f in (_filled(v, request, variables=variables, escape=escape) for v in values) if f is not None]

    def fits(value: str) -> bool:
        return any(_compare(word.replace("not", ""), value, wanted) for wanted in filled)

    if quantifier == "forallvalues":
        return all(fits(value) is not negated for value in there)
    if quantifier == "foranyvalue":
        return any(fits(value) is not negated for value in there)
    return not any(map(fits, there)) if negated else any(map(fits, there))


def _compare(word: str, value: str, wanted: str) -> bool:
    if word in {"stringequals", "binaryequals"}:
        return value == wanted
    if word == "stringequalsignorecase":
        return value.lower() == wanted.lower()
    if word == "stringlike":
        return _wild(wanted, value)
    if word in {"arnequals", "arnlike"}:
        return _arn_fits(wanted, value)
    if word == "bool":
        return value.lower() == wanted.strip().lower()
    if word == "ipaddress":
        network = ipaddress.ip_network(wanted.strip(), strict=False)
        address = _address(value)
        return address is not None and address.version == network.version and address in network
    number = _date if word.startswith("date") else _number
    a, b = number(value), number(wanted)
    if a is None or b is None:
        return False
    return {
        "equals": a == b,
        "lessthan": a < b,
        "lessthanequals": a <= b,
        "greaterthan": a > b,
        "greaterthanequals": a >= b,
    }[word.removeprefix("date").removeprefix("numeric")]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    found = re.fullmatch(r"\s*([+-]?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?)\s*", text)
    return Decimal(found[1]) if found else None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _date(text: str) -> Decimal | None:
    """Seconds since 1970."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", text):
        text += "-01-01" if len(text) == 4 else "-01"
    elif re.fullmatch(r"-?[0-9.]+", text):
        return _number(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (
        Decimal(((found if found.tzinfo else found.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)) / 10**6
    )
