"""Pairs of policies, made at random out of few words, and requests made out of a pair's own texts.

Requests at random hardly ever come upon the one that matters. These are made of what policies say: the fillings of their
wildcards and what is nearest to them but outside, the bounds of their numbers and what is next to them, keys that are missing.
"""

from __future__ import annotations

import copy
import ipaddress
import random
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import of_document
from stockade.iam.sets.compile import WAYS, Way, keys_with_many
from stockade.iam.sets.keys import kinds
from stockade.iam.sets.questions import Answer, Proved, Refuted, implies, within
from stockade.iam.sets.requests import Request, decide

Document = dict[str, Any]
Statement = dict[str, Any]

ACTIONS = [
    *("s3:GetObject", "s3:Get*", "s3:*", "*", "s3:Put*", "s3:PutObject", "s3:?etObject", "S3:getobject", "s3:*Object"),
    *("s3:*et*", "sqs:SendMessage", "sqs:*", "sqs:S*e", "*:*Object", "s?s:*"),
]
RESOURCES = [
    *("*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::*/x", "arn:aws:s3:::a*", "arn:aws:s3:::?/x"),
    *(
        "arn:aws:s3:*",
        "arn:aws:s3:::A/*",
        "arn:aws:s3:::*a*b*",
        "arn:aws:s3:::a*/b?",
        "arn:*:s3:::a/*",
        "arn:aws:s3:::ab",
    ),
    *("arn:aws:sqs:*:111122223333:q", "arn:aws:*:::a/x", "arn:aws:sqs:eu-*:*:q*", "arn:aws:sqs:eu-?:1*1:q", "*a*"),
    *(
        "arn:aws:s*s:eu-1:111122223333:q",
        "arn:aws:s3:::${aws:username}/*",
        "arn:aws:s3:::${aws:username}",
        "*/${zz:unknown}",
    ),
    *(
        "arn:aws:s3:::${aws:PrincipalTag/team}/${aws:username}/*",
        "arn:aws:s3:::a${*}",
        "arn:aws:sqs:${aws:RequestedRegion}:*:q",
    ),
]
TEXTS = {
    "aws:RequestedRegion": ["eu-west-1", "eu-*", "us-east-1", "*", "EU-WEST-1", "eu-west-?", ""],
    "aws:TagKeys": ["a", "b", "a*", "*", "A", "?"],
    "aws:username": ["bob", "b*", "al", "a", "${aws:PrincipalTag/team}", "Bob"],
    "aws:PrincipalTag/team": ["red", "r*", "${aws:username}", "a", "RED"],
    "zz:unknown": ["a", "b", "A", "a${?}", "a*"],
    "aws:RequestTag/n": ["5", "x", "5.0", "7?"],
    "aws:SourceArn": ["arn:aws:sns:*:*:t", "arn:aws:sns:eu-1:1:t", "arn:aws:s3:::*", "arn:aws:s*:eu-1:*:t*", "a"],
}
_EXACT = ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "BinaryEquals")
_LIKE = ("StringLike", "StringNotLike", "ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals")
_QUANTIFIED = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "ArnLike",
    "ArnNotLike",
)
OF_TEXTS = [
    *(*_EXACT, *_LIKE, *_EXACT[:2], *_LIKE[:3]),
    *(f"{name}IfExists" for name in (*_EXACT, *_LIKE)),
    *(f"{which}:{name}" for which in ("ForAllValues", "ForAnyValue") for name in _QUANTIFIED),
    *(f"{which}:{name}IfExists" for which in ("ForAllValues", "ForAnyValue") for name in _QUANTIFIED[:4]),
]
_COMPARED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")


def _all_forms(names: Iterable[str]) -> list[str]:
    names = list(names)
    return [*names, *names, *(f"{name}IfExists" for name in names), *(f"ForAnyValue:{name}" for name in names[:2])]


OTHERS: list[tuple[list[str], dict[str, list[Any]]]] = [
    (
        _all_forms(f"Numeric{how}" for how in _COMPARED),
        {
            "s3:max-keys": ["5", 10, "20", "10.5", "-1"],
            "aws:MultiFactorAuthAge": ["10", "100", "1e2"],
            "aws:RequestTag/n": ["5", "7"],
        },
    ),
    (
        _all_forms(["IpAddress", "NotIpAddress"]),
        {
            "aws:SourceIp": [
                "10.0.0.0/8",
                "10.1.0.0/16",
                "192.168.0.1",
                "::/0",
                "2001:db8::/32",
                "0.0.0.0/0",
                "10.0.0.1/24",
            ],
            "aws:VpcSourceIp": ["10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/23"],
        },
    ),
    (
        _all_forms(f"Date{how}" for how in _COMPARED),
        {"aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-06-01", "2027", "1767225600", "2026-01-01T01:00:00+01:00"]},
    ),
    (
        ["Bool", "BoolIfExists", "Bool", "ForAnyValue:Bool", "StringEquals"],
        {"aws:SecureTransport": ["true", "false", True], "aws:PrincipalTag/on": ["true", "false", "TRUE"]},
    ),
    (
        ["Null"],
        {
            key: ["true", "false", True]
            for key in ("aws:TagKeys", "s3:max-keys", "aws:SourceIp", "aws:username", "zz:unknown")
        },
    ),
]
OF_ANY: tuple[list[str], dict[str, list[Any]]] = (OF_TEXTS, {key: list(values) for key, values in TEXTS.items()})
# What a key of no certain kind may be compared with at once, to the confusion of whoever takes it for one thing.
_ANY_KIND: list[tuple[list[str], list[Any]]] = [
    (
        OF_TEXTS,
        ["5", "true", "True", "a", "A", "a*", "10.0.0.1", "2026", "${aws:PrincipalTag/b}", "${aws:PrincipalTag/a}"],
    ),
    (_all_forms(f"Numeric{how}" for how in _COMPARED), ["5", 7, "2026"]),
    (_all_forms(f"Date{how}" for how in _COMPARED), ["2026", "2027-01-01"]),
    (["Bool", "BoolIfExists", "ForAllValues:Bool"], ["true", "false"]),
    (_all_forms(["IpAddress", "NotIpAddress"]), ["10.0.0.0/8", "10.0.0.1"]),
    (["Null"], ["true", "false"]),
]
PRINCIPALS: list[Any] = [
    *("*", {"AWS": "*"}, {"AWS": "111122223333"}, {"AWS": "arn:aws:iam::111122223333:root"}),
    *(
        {"AWS": "arn:aws:iam::111122223333:role/api"},
        {"AWS": ["arn:aws:iam::111122223333:role/path/api", "444455556666"]},
    ),
    *({"AWS": "arn:aws:sts::111122223333:assumed-role/api/s"}, {"Service": "lambda.amazonaws.com"}),
    *({"Service": ["sns.amazonaws.com", "lambda.amazonaws.com"]}, {"Federated": "cognito-identity.amazonaws.com"}),
    *({"AWS": "arn:aws:iam::111122223333:user/bob", "Service": "sns.amazonaws.com"}, {"CanonicalUser": "79a5"}),
]


class Maker:
    """Makes documents and pairs of them; the same seed makes the same ones.

    `plain` ones have no variables, and mostly compare a key as one kind of thing only.
    """

    def __init__(self, seed: int | str, *, plain: bool = False) -> None:
        self.random = random.Random(seed)  # noqa: S311 - policies for a test
        self.plain = plain

    def _some(self, values: list[Any], most: int = 3) -> Any:
        if self.plain:
            values = [each for each in values if "${" not in str(each)]
        found = self.random.sample(values, self.random.randint(1, min(most, len(values))))
        return found[0] if len(found) == 1 and self.random.random() < 0.5 else found

    def condition(self) -> dict[str, dict[str, Any]]:
        """A `Condition` element with one operator and key, now and then with two."""
        out: dict[str, dict[str, Any]] = {}
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))):
            operators, keys = self.random.choice([OF_ANY, OF_ANY, OF_ANY, *OTHERS])
            key = self.random.choice(sorted(keys))
            spelled = key if self.random.random() < 0.9 else key.upper()
            out.setdefault(self.random.choice(operators), {})[spelled] = self._some(keys[key], 2)
        return out

    def statement(self, *, principals: bool) -> Statement:
        """One statement."""
        chance = self.random.random
        made: Statement = {"Effect": "Deny" if chance() < 0.25 else "Allow"}
        if principals:
            # AWS lets `NotPrincipal` stand with Deny only.
            name = "NotPrincipal" if made["Effect"] == "Deny" and chance() < 0.5 else "Principal"
            made[name] = self.random.choice(PRINCIPALS)
        made["NotAction" if chance() < 0.2 else "Action"] = self._some(ACTIONS)
        made["NotResource" if chance() < 0.2 else "Resource"] = self._some(RESOURCES)
        if chance() < 0.55:
            made["Condition"] = self.condition()
        return made

    def focused(self) -> list[Statement]:
        """Statements about the same actions and resources, which differ in what they ask of one or two keys."""
        made: list[Statement] = []
        kinds_ = self.random.sample(_ANY_KIND, 1 if self.plain else 2)
        keys = self.random.sample(["aws:PrincipalTag/a", "aws:PrincipalTag/b"], self.random.choice((1, 1, 2)))
        for _ in range(self.random.choice((1, 2, 2, 3, 3, 4))):
            effect = "Deny" if made and self.random.random() < 0.35 else "Allow"
            condition: dict[str, dict[str, Any]] = {}
            for _ in range(self.random.choice((0, 1, 1, 1, 2, 2)) if made else 1):
                operators, values = self.random.choice(kinds_)
                condition.setdefault(self.random.choice(operators), {})[self.random.choice(keys)] = self._some(
                    values, 2
                )
            made.append({"Effect": effect, "Action": "s3:*", "Resource": "*", "Condition": condition})
        return made

    def listed(self, *, principals: bool) -> list[Statement]:
        """A few statements, at least one of which allows something."""
        made = [self.statement(principals=principals) for _ in range(self.random.choice((1, 1, 2, 2, 3, 4)))]
        if all(each["Effect"] == "Deny" for each in made):
            made[0]["Effect"] = "Allow"
            if "NotPrincipal" in made[0]:
                made[0]["Principal"] = made[0].pop("NotPrincipal")
        return made

    def pair(self) -> tuple[Document, Document]:
        """Two documents; mostly the second is the first, changed in a few places."""
        if self.random.random() < 0.25:
            one = self.focused()
            other = [*one, *self.focused()] if self.random.random() < 0.3 else self.focused()
            return {"Version": "2012-10-17", "Statement": one}, {"Version": "2012-10-17", "Statement": other}
        principals = self.random.random() < 0.2
        one = self.listed(principals=principals)
        other = copy.deepcopy(one)
        changes: list[Callable[[list[Statement]], None]] = [
            *(self._wider, self._wider, self._narrower, self._split, self._without_one, self._shuffled),
            lambda listed: listed.append(self.statement(principals=principals)),
        ]
        if self.random.random() < 0.25:
            other = self.listed(principals=principals)
        else:
            for _ in range(self.random.choice((1, 1, 2, 3))):
                self.random.choice(changes)(other)
        version = "2012-10-17" if self.random.random() < 0.93 else "2008-10-17"
        made = [{"Version": version, "Statement": listed} for listed in (one, other)]
        if self.random.random() < 0.3:
            made.reverse()
        return made[0], made[1]

    def bounds(self) -> tuple[Document, ...]:
        """Permissions boundaries of both sides, or of the first alone; for most pairs none."""
        if self.random.random() < 0.75:
            return ()
        made = self.pair()
        return made if self.random.random() < 0.7 else made[:1]

    def _wider(self, listed: list[Statement]) -> None:
        """Makes one pattern take in more, a list longer, or drops a condition."""
        if not listed:
            return
        found = self.random.choice(listed)
        if found.get("Condition") and self.random.random() < 0.4:
            operators = found["Condition"]
            name = self.random.choice(sorted(operators))
            key = self.random.choice(sorted(operators[name]))
            how = self.random.random()
            if how < 0.4:
                del operators[name][key]
                if not operators[name]:
                    del operators[name]
            elif how < 0.7 and not name.lower().endswith("ifexists") and name != "Null":
                operators.setdefault(f"{name}IfExists", {})[key] = operators[name].pop(key)
                if not operators[name]:
                    del operators[name]
            else:
                values = operators[name][key]
                pool = next((keys[key] for names, keys in (OF_ANY, *OTHERS) if name in names and key in keys), None)
                if pool and name != "Null":
                    operators[name][key] = [
                        *(values if isinstance(values, list) else [values]),
                        self.random.choice(pool),
                    ]
            return
        what = "Action" if self.random.random() < 0.5 else "Resource"
        element = what if what in found else f"Not{what}"
        values = found[element] if isinstance(found[element], list) else [found[element]]
        at = self.random.randrange(len(values))
        if self.random.random() < 0.3:
            values = [*values, self.random.choice(ACTIONS if "Action" in element else RESOURCES)]
        else:
            values = [*values[:at], self._loosened(values[at]), *values[at + 1 :]]
        found[element] = values

    def _loosened(self, pattern: str) -> str:
        if "${" in pattern or len(pattern) < 2:
            return re.sub(r"\$\{[^}]*\}", "*", pattern)
        at = self.random.randrange(pattern.index(":") + 1 if ":" in pattern else 0, len(pattern))
        end = self.random.choice((at + 1, at + 1, len(pattern)))
        return pattern[:at] + self.random.choice("*?" if end == at + 1 else "*") + pattern[end:]

    def _narrower(self, listed: list[Statement]) -> None:
        if listed:
            found = self.random.choice(listed)
            for operator, keys in self.condition().items():
                found.setdefault("Condition", {}).setdefault(operator, {}).update(keys)

    def _split(self, listed: list[Statement]) -> None:
        """Makes two of a statement, one for when a condition holds and one for when it does not."""
        if not listed:
            return
        found = self.random.choice(listed)
        yes, no = copy.deepcopy(found), copy.deepcopy(found)
        text, texts = self.random.choice(sorted(TEXTS.items()))
        value = self._some(texts)
        word = self.random.choice(("StringEquals", "StringLike", "ArnLike"))
        choices = [
            ((word, text, value), (word.replace("Equals", "NotEquals").replace("Like", "NotLike"), text, value)),
            (("Null", text, "true"), ("Null", text, "false")),
            (("NumericLessThan", "s3:max-keys", "7"), ("NumericGreaterThanEqualsIfExists", "s3:max-keys", "7")),
            (("IpAddress", "aws:SourceIp", "10.0.0.0/9"), ("NotIpAddress", "aws:SourceIp", "10.0.0.0/9")),
            (("ForAllValues:StringLike", "aws:TagKeys", value), ("ForAnyValue:StringNotLike", "aws:TagKeys", value)),
            (("Bool", "aws:SecureTransport", "true"), ("BoolIfExists", "aws:SecureTransport", "false")),
        ]
        for made, (operator, key, wanted) in zip((yes, no), self.random.choice(choices), strict=True):
            made.setdefault("Condition", {}).setdefault(operator, {})[key] = wanted
        listed.remove(found)
        listed += [yes, no]

    def _without_one(self, listed: list[Statement]) -> None:
        if len(listed) > 1:
            listed.pop(self.random.randrange(len(listed)))

    def _shuffled(self, listed: list[Statement]) -> None:
        self.random.shuffle(listed)


# ------------------------------------------------------------------------------------------------------------- requests


def _listed(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in values]


def _elements(documents: Iterable[Document], *names: str) -> list[str]:
    found = (s[name] for d in documents for s in d["Statement"] for name in names if name in s)
    return list(dict.fromkeys(text for value in found for text in _listed(value)))


_FILLINGS = ("", "x", "a", "b/c", "a:b", "ab")


def _texts_of(pattern: str, chance: random.Random) -> Iterator[str]:
    """Texts of a pattern, and texts that only just are none."""
    plain = re.sub(r"\$\{([*?$])\}", r"\1", pattern)
    for _ in range(4):
        filling = iter(lambda: chance.choice(_FILLINGS), None)
        yield "".join(next(filling) if c == "*" else chance.choice("xaA:/1") if c == "?" else c for c in plain)
    filled = plain.replace("*", "x").replace("?", "y")
    yield filled
    yield filled[:-1]
    yield filled + "x"
    yield chance.choice((filled.upper(), filled.lower(), filled.swapcase()))
    if filled:
        at = chance.randrange(len(filled))
        yield filled[:at] + chance.choice("ab:/-") + filled[at + 1 :]


def _near_number(text: str) -> Iterator[str]:
    value = float(text)
    for near in (value, value - 1, value + 1, value - 0.25, value + 0.25):
        yield str(int(near)) if near == int(near) else str(near)


def _near_date(text: str) -> Iterator[str]:
    if len(text) == 4:
        text += "-01-01"
    read = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text)
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    for seconds in (0, -1, 1):
        yield (read + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def _near_address(text: str) -> Iterator[str]:
    network = ipaddress.ip_network(text, strict=False)
    yield str(network[0])
    yield str(network[-1])
    for outside in (int(network[0]) - 1, int(network[-1]) + 1):
        if 0 <= outside < 2**network.max_prefixlen:
            yield str(type(network[0])(outside))


_ANY_VALUE = {"aws:sourceip": "9.9.9.9"}


class Asker:
    """Makes requests that a pair of documents may tell apart."""

    def __init__(self, documents: tuple[Document, ...], seed: int | str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - requests for a test
        self.many = keys_with_many(documents)
        self.actions = self._worth(_elements(documents, "Action", "NotAction"), "ec2:Run")
        self.values = self._values(documents)
        self.resources = self._worth(_elements(documents, "Resource", "NotResource"), "arn:aws:s3:::zz/zz")
        principals = [s[n] for d in documents for s in d["Statement"] for n in ("Principal", "NotPrincipal") if n in s]
        self.principals = list(dict.fromkeys(self._principals(principals))) if principals else [""]
        self.by_statement = [self._own(each) for each in documents[0]["Statement"] if each["Effect"] == "Allow"]

    def _worth(self, patterns: list[str], other: str) -> list[str]:
        found = [other]
        for pattern in patterns:
            for each in self._spelled(pattern):
                found += _texts_of(each, self.random)
        return list(dict.fromkeys(found))

    def _spelled(self, pattern: str) -> Iterator[str]:
        """A pattern with values for its variables."""
        names = [name for name in re.findall(r"\$\{([^{}]+)\}", pattern) if name not in "*?$"]
        if not names:
            yield pattern
            return
        for _ in range(3):
            text = pattern
            for name in names:
                values = self.values.get(name.lower()) or ["w"]
                text = text.replace("${" + name + "}", self.random.choice(values).replace("*", "").replace("?", ""))
            yield text

    def _values(self, documents: Iterable[Document]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for document in documents:
            for statement in document["Statement"]:
                for operator, keys in statement.get("Condition", {}).items():
                    for key, values in keys.items():
                        found.setdefault(key.lower(), []).extend(
                            self._worth_asking(key.lower(), operator.lower(), _listed(values))
                        )
        for name in re.findall(r"\$\{([^{}]{2,})\}", str(documents)):
            found.setdefault(name.lower(), []).append("v")
        return {key: list(dict.fromkeys(values)) for key, values in found.items()}

    def _worth_asking(self, key: str, operator: str, values: list[str]) -> Iterator[str]:
        if "bool" in kinds(key):
            yield from ("true", "false")
            return
        if not kinds(key):
            yield "other"  # which is nothing but a text
        for value in values:
            if "null" in operator:
                yield _ANY_VALUE.get(key, "1")
            elif "numeric" in operator:
                yield from _near_number(value)
            elif "date" in operator:
                yield from _near_date(value)
            elif "ipaddress" in operator:
                yield from _near_address(value)
            elif "bool" in operator:
                yield from ("true", "false", *(() if kinds(key) else ("True", "FALSE")))
            else:
                yield from _texts_of(re.sub(r"\$\{[^{}]{2,}\}", "bob", value), self.random)

    def _principals(self, elements: list[Any]) -> Iterator[str]:
        yield from ("AWS|arn:aws:iam::999999999999:user/z", "Service|z.amazonaws.com")
        for element in elements:
            for kind, names in element.items() if isinstance(element, dict) else ():
                for name in _listed(names):
                    yield f"{kind}|{name}"
                    if re.fullmatch(r"\d+", name) or name.endswith(":root"):
                        yield f"AWS|arn:aws:iam::{re.findall(r'[0-9]{12}', name)[0]}:user/z"
                    if ":role/" in name:
                        account, role = name.split(":")[4], name.rsplit("/", 1)[1]
                        yield f"AWS|arn:aws:sts::{account}:assumed-role/{role}/s"
                        yield f"AWS|arn:aws:sts::{account}:assumed-role/{role}2/s"

    def _own(self, statement: Statement) -> tuple[list[str], list[str], list[tuple[str, list[str], bool]]]:
        """What fits a statement, as far as that is to be had by filling in what it says."""
        actions = self._worth(_listed(statement["Action"]), "ec2:Run") if "Action" in statement else self.actions
        resources = self.resources
        if "Resource" in statement:
            resources = self._worth(_listed(statement["Resource"]), "arn:aws:s3:::zz")
        keys = []
        for operator, tests in statement.get("Condition", {}).items():
            for key, values in tests.items():
                near = list(self._worth_asking(key.lower(), operator.lower(), _listed(values)))
                absent = "null" in operator.lower() and "true" in _listed(values)
                keys.append((key.lower(), near, absent))
        return actions, resources, keys

    def requests(self, count: int) -> Iterator[Request]:
        """Requests; most of them are near to what a statement of the first document allows."""
        chance = self.random
        for _ in range(count):
            keys: dict[str, tuple[str, ...]] = {}
            for key, values in self.values.items():
                if chance.random() < 0.6:
                    keys[key] = tuple(chance.sample(values, min(len(values), self._how_many(key))))
            if self.by_statement and chance.random() < 0.8:
                actions, resources, tests = chance.choice(self.by_statement)
                for key, near, absent in tests:
                    if absent or chance.random() < 0.1:
                        keys.pop(key, None)
                    elif near and chance.random() < 0.8:
                        keys[key] = tuple(chance.sample(near, min(len(near), self._how_many(key))))
            else:
                actions, resources = self.actions, self.resources
            resource = chance.choice(resources)
            yield Request(chance.choice(actions), resource, chance.choice(self.principals), keys)

    def _how_many(self, key: str) -> int:
        return self.random.choice((1, 1, 2, 3)) if key in self.many else 1


# ------------------------------------------------------------------------------------------------------------ comparing


def ways(documents: tuple[Document, ...]) -> tuple[Way, ...]:
    """The readings that may differ in these documents."""
    return WAYS if "${" in str(documents) else tuple(way for way in WAYS if way.whole)


def _allows(document: Document, bound: Document | None, request: Request, way: Way) -> bool:
    """Whether a policy within a boundary allows a request."""
    said = decide([document], request, flat=way.flat, whole=way.whole)
    if bound is None:
        return said == "allow"
    return said == "allow" and decide([bound], request, flat=way.flat, whole=way.whole) == "allow"


class Compared:
    """An answer beside what brute force finds; `bounds` are the boundaries of both documents, of the first, or none."""

    def __init__(
        self, documents: tuple[Document, Document], seed: int | str, count: int, bounds: tuple[Document, ...] = ()
    ) -> None:
        self.documents = documents
        self.bounds = bounds
        self.answer: Answer = self._asked()
        self.allowed = 0  # requests that the first document allows
        self.found: Request | None = None
        self.readings = ways((*documents, *bounds))
        for request in Asker((*documents, *bounds), seed).requests(count):
            told = [self.tells_apart(request, way) for way in self.readings]
            self.allowed += any(each is not None for each in told)
            if True in told:
                self.found = request
                break

    def _asked(self) -> Answer:
        if not self.bounds:
            return implies(*self.documents)
        new, old = (
            Access(
                identity=of_document(document, name),
                boundary=None if bound is None else of_document(bound, f"{name}'s boundary"),
            )
            for document, bound, name in zip(self.documents, self._bounds, ("new", "old"), strict=True)
        )
        return within(new, old)

    @property
    def _bounds(self) -> tuple[Document | None, Document | None]:
        first, second, *_ = (*self.bounds, None, None)
        return first, second

    def tells_apart(self, request: Request, way: Way) -> bool | None:
        """Whether a request is allowed by the first and not by the second; None where the first does not allow it either."""
        new, old = self.documents
        first, second = self._bounds
        if not _allows(new, first, request, way):
            return None
        return not _allows(old, second, request, way)

    @property
    def disagreement(self) -> str | None:
        """What is wrong with the answer, if anything is."""
        if isinstance(self.answer, Proved):
            return None if self.found is None else f"proved, but for {self.found}"
        if isinstance(self.answer, Refuted):
            holds = any(self.tells_apart(self.answer.witness, way) for way in self.readings)
            return None if holds else f"refuted by {self.answer.witness}, which is none"
        reason = self.answer.reason
        return None if reason.startswith("it depends on") or "compared both as" in reason else f"not decided: {reason}"
