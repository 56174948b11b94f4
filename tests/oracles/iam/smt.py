"""The question whether one policy allows no more than another one, put to z3: written from AWS's documentation, for the prover
to be held against.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html and the pages below it. Of a key that may have
several values there are as many here as the operators of both documents can tell apart. Documents with policy variables, and
keys that are compared as more than one kind of thing, are not in the fragment.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, TypeAlias

import z3

from stockade.iam.sets.compile import keys_with_many
from stockade.iam.sets.keys import kinds

Document: TypeAlias = dict[str, Any]
Told: TypeAlias = Literal["proved", "refuted", "depends on the reading"]


class NotInFragmentError(Exception):
    """A document says something that is not translated."""


class _Value(NamedTuple):
    """One value of a key, in the form that its operators ask for."""

    there: z3.BoolRef
    text: z3.SeqRef
    number: z3.ArithRef
    number_at_all: z3.BoolRef
    sixth: z3.BoolRef  # an address is one of IPv6


def _statements(document: Document) -> list[dict[str, Any]]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in listed]


_ANY = z3.AllChar(z3.ReSort(z3.StringSort()))
_NO_COLON = z3.Union(z3.Range("\\u{0}", "9"), z3.Range(";", "\\u{2ffff}"))
_UPPER = z3.Range("A", "Z")


def _concat(parts: list[z3.ReRef]) -> z3.ReRef:
    if not parts:
        return z3.Re("")
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def _wild(text: str, star: z3.ReRef, one: z3.ReRef, last: z3.ReRef | None = None) -> z3.ReRef:
    """A text with wildcards; `last` is for a `*` at the end."""
    parts = []
    for at, char in enumerate(text):
        if char == "*":
            parts.append(z3.Star(star if last is None or at + 1 < len(text) else last))
        else:
            parts.append(one if char == "?" else z3.Re(char))
    return _concat(parts)


def _by_fields(text: str, last: z3.ReRef | None) -> z3.ReRef:
    fields = text.split(":", 5)
    parts = []
    for at, field in enumerate(fields):
        if at:
            parts.append(z3.Re(":"))
        parts.append(_wild(field, _ANY, _ANY) if at == 5 else _wild(field, _NO_COLON, _NO_COLON, last))
    return _concat(parts)


def _resource(text: str, *, flat: bool) -> z3.ReRef:
    return _wild(text, _ANY, _ANY) if flat or not text.startswith("arn:") else _by_fields(text, _ANY)


def _arn(text: str, *, flat: bool) -> z3.ReRef:
    return _wild(text, _ANY, _ANY) if flat or text.count(":") < 5 else _by_fields(text, None)


def _folded(text: str) -> z3.ReRef:
    return _concat([z3.Union(z3.Re(c.lower()), z3.Re(c.upper())) if c.isalpha() else z3.Re(c) for c in text])


def _seconds(text: str) -> z3.ArithRef:
    if len(text) == 4:
        text += "-01-01"
    if text.isdecimal():
        return z3.RealVal(text)
    read = datetime.fromisoformat(text)
    return z3.RealVal(int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()))


_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "equals": lambda a, b: a == b,
    "lessthan": lambda a, b: a < b,
    "lessthanequals": lambda a, b: a <= b,
    "greaterthan": lambda a, b: a > b,
    "greaterthanequals": lambda a, b: a >= b,
}


class Encoding:
    """Documents as formulas over one request."""

    def __init__(self, documents: Iterable[Document], *, flat: bool) -> None:
        documents = list(documents)
        self.flat = flat
        self.action, self.resource, self.principal = (z3.String(name) for name in ("action", "resource", "principal"))
        # Actions are the same in any case, so it is enough to look at small letters.
        self.facts: list[z3.BoolRef] = [z3.Not(z3.InRe(self.action, _upper_somewhere()))]
        self.many = keys_with_many(documents)
        self.keys: dict[str, list[_Value]] = {}
        self.families: dict[str, set[str]] = {}
        self.size = 1 + sum(
            len(tests)
            for document in documents
            for statement in _statements(document)
            for tests in statement.get("Condition", {}).values()
        )

    def allowed(self, document: Document) -> z3.BoolRef:
        """What a document allows: some Allow matches, and no Deny."""
        if "${" in str(document):
            raise NotInFragmentError("variables")
        matches: dict[str, list[z3.BoolRef]] = {"Allow": [], "Deny": []}
        for statement in _statements(document):
            matches[statement["Effect"]].append(self._matches(statement))
        return z3.And(z3.Or(matches["Allow"]), z3.Not(z3.Or(matches["Deny"])))

    def _matches(self, statement: dict[str, Any]) -> z3.BoolRef:
        parts = []
        for name in ("Principal", "NotPrincipal"):
            if name in statement:
                found = z3.Or([z3.InRe(self.principal, each) for each in _principals(statement[name])])
                parts.append(z3.Not(found) if name.startswith("Not") else found)
        for name in ("Action", "NotAction"):
            if name in statement:
                patterns = (_wild(text.lower(), _ANY, _ANY) for text in _texts(statement[name]))
                found = z3.Or([z3.InRe(self.action, each) for each in patterns])
                parts.append(z3.Not(found) if name.startswith("Not") else found)
        for name in ("Resource", "NotResource"):
            if name in statement:
                patterns = (_resource(text, flat=self.flat) for text in _texts(statement[name]))
                found = z3.Or([z3.InRe(self.resource, each) for each in patterns])
                parts.append(z3.Not(found) if name.startswith("Not") else found)
        for operator, tests in statement.get("Condition", {}).items():
            parts += [self._holds(operator.lower(), key.lower(), _texts(values)) for key, values in tests.items()]
        return z3.And(parts)

    def _values(self, key: str) -> list[_Value]:
        if key not in self.keys:
            made = [
                _Value(
                    z3.Bool(f"{key} {n} there"),
                    z3.String(f"{key} {n} text"),
                    z3.Real(f"{key} {n} number"),
                    z3.Bool(f"{key} {n} is one"),
                    z3.Bool(f"{key} {n} sixth"),
                )
                for n in range(min(self.size, 4) if key in self.many else 1)
            ]
            self.keys[key] = made
        return self.keys[key]

    def _holds(self, operator: str, key: str, wanted: list[str]) -> z3.BoolRef:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
        quantifier, _, word = operator.rpartition(":")
        lax = word.endswith("ifexists")
        word = word.removesuffix("ifexists")
        values = self._values(key)
        present = z3.Or([value.there for value in values])
        if word == "null":
            return z3.Or([z3.Not(present) if text == "true" else present for text in wanted])
        negated = "not" in word
        word = word.replace("not", "")
        self._noted(key, word)
        fits = [z3.And(value.there, z3.Or([self._fits(word, key, value, text) for text in wanted])) for value in values]
        misses = [z3.And(value.there, z3.Not(fit)) for value, fit in zip(values, fits, strict=True)]
        if quantifier == "forallvalues":
            return z3.Not(z3.Or(fits if negated else misses))
        if quantifier == "foranyvalue":
            found = z3.Or(misses if negated else fits)
        else:
            # Also of a key that is not there, "not equal" is true.
            found = z3.Not(z3.Or(fits)) if negated else z3.Or(fits)
        return z3.Or(z3.Not(present), found) if lax else found

    def _noted(self, key: str, word: str) -> None:
        family = next((name for name in ("numeric", "date", "ipaddress") if word.startswith(name)), "text")
        self.families.setdefault(key, set()).add(family)
        if len(self.families[key]) > 1:
            raise NotInFragmentError(f"{key} is compared as {' and as '.join(sorted(self.families[key]))}")

    def _fits(self, word: str, key: str, value: _Value, wanted: str) -> z3.BoolRef:
        if word in {"stringequals", "binaryequals"}:
            return value.text == z3.StringVal(wanted)
        if word == "stringequalsignorecase":
            return z3.InRe(value.text, _folded(wanted))
        if word == "stringlike":
            return z3.InRe(value.text, _wild(wanted, _ANY, _ANY))
        if word in {"arnequals", "arnlike"}:
            return z3.InRe(value.text, _arn(wanted, flat=self.flat))
        if word == "bool":
            return z3.InRe(value.text, _folded(wanted))
        if word == "ipaddress":
            network = ipaddress.ip_network(wanted, strict=False)
            low, high = int(network[0]), int(network[-1])
            inside = z3.And(value.number >= low, value.number <= high, value.sixth == (network.version == 6))
            return z3.And(value.number_at_all, inside)
        number = _seconds(wanted) if word.startswith("date") else z3.RealVal(str(float(wanted)))
        how = _COMPARED[word.removeprefix("date").removeprefix("numeric")]
        return z3.And(value.number_at_all, how(value.number, number))

    def axioms(self) -> list[z3.BoolRef]:
        """What is known of the values of keys by their kind."""
        out = list(self.facts)
        for key, values in self.keys.items():
            families = self.families.get(key, set())
            for value in values:
                if "bool" in kinds(key):
                    out.append(z3.Or(value.text == z3.StringVal("true"), value.text == z3.StringVal("false")))
                if families & {"numeric", "date", "ipaddress"} and kinds(key):
                    out.append(value.number_at_all)
                if "ipaddress" in families:
                    most = z3.If(value.sixth, z3.RealVal(2**128), z3.RealVal(2**32))
                    out += [value.number >= 0, value.number < most, z3.IsInt(value.number)]
        return out


def _upper_somewhere() -> z3.ReRef:
    return z3.Concat(z3.Star(_ANY), _UPPER, z3.Star(_ANY))


def _principals(element: Any) -> Iterable[z3.ReRef]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html; `kind|name` asks"""
    anyone = z3.Star(_ANY)
    if element == "*":
        yield anyone
        return
    for kind, names in element.items():
        for name in _texts(names):
            account = name if name.isdecimal() else name.split(":")[4] if name.endswith(":root") else None
            if kind == "AWS" and name == "*":
                yield anyone
            elif kind == "AWS" and account is not None:
                partition = z3.Star(_NO_COLON) if name.isdecimal() else z3.Re(name.split(":")[1])
                service = z3.Union(z3.Re("iam"), z3.Re("sts"))
                yield z3.Concat(z3.Re("AWS|arn:"), partition, z3.Re(":"), service, z3.Re(f"::{account}:"), anyone)
                if name.isdecimal():
                    continue
            elif kind == "AWS" and ":role/" in name:
                fields = name.split(":")
                role = name.rsplit("/", 1)[1]
                begin = f"AWS|{fields[0]}:{fields[1]}:sts::{fields[4]}:assumed-role/{role}/"
                yield z3.Concat(z3.Re(begin), anyone)
            if account is None and name != "*":
                yield z3.Re(f"{kind}|{name}")


def ask_z3(new: Document, old: Document, *, milliseconds: int) -> Told | None:
    """What z3 says; None where it does not know in that time, or the documents are not in the fragment."""
    told = set()
    for flat in (False, True):
        encoding = Encoding((new, old), flat=flat)
        try:
            question = [encoding.allowed(new), z3.Not(encoding.allowed(old))]
        except NotInFragmentError:
            return None
        solver = z3.Solver()
        solver.set("timeout", milliseconds)
        solver.add(*question, *encoding.axioms())
        told.add(str(solver.check()))
    if "unknown" in told:
        return None
    if len(told) > 1:
        return "depends on the reading"
    return "proved" if told == {"unsat"} else "refuted"
