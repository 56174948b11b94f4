"""Makes expressions at random: calls of every function that always gives the same, and operators, over odd values."""

from __future__ import annotations

import json
from random import Random
from typing import Any

_TEXTS = (
    *(
        "",
        "a",
        "b",
        "c",
        "A",
        "prod",
        "x y",
        " a ",
        "5",
        "1.5",
        "-3",
        "true",
        "false",
        "\u00e9",
        "\u65e5\u672c",
        "a,b,c",
    ),
    *(
        "a/b",
        "/a+/",
        "[a-z]+",
        "(a)(b)?",
        "%s",
        "%d-%v",
        "a\nb",
        "a: 1",
        "[1,2]",
        '{"k": [1]}',
        "10.0.0.0/8",
        "fd00::/64",
    ),
    *(
        "2020-01-01T00:00:00Z",
        "1h",
        "YYYY",
        "aGk=",
        "foo.bar",
        "0",
        "00",
        "1e3",
        "k=v",
        "$",
        "a-b_c",
        "text.txt",
        "sub",
    ),
)
_NUMBERS = ("0", "1", "2", "3", "-1", "-2", "10", "1.5", "0.1", "100", "255", "1e3", "16", "7", "-0.5", "1000000")
_OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=")
_NAMES = "abkxz"
# What depends on more than its arguments, or is tested elsewhere because its answer is not told.
LEFT_OUT = frozenset(
    [
        *("abspath", "base64gzip", "bcrypt", "can", "ephemeralasnull", "issensitive", "nonsensitive", "pathexpand"),
        *("plantimestamp", "rsadecrypt", "sensitive", "templatefile", "templatestring", "timestamp", "try", "uuid"),
    ]
)


class Maker:
    """Makes expressions; `signatures` are those of `terraform metadata functions -json`."""

    def __init__(self, signatures: dict[str, Any], random: Random) -> None:
        self._signatures = {name: s for name, s in signatures.items() if name not in LEFT_OUT}
        self._random = random

    def expression(self) -> str:
        """A call, or an operator between two values."""
        if self._random.randrange(6) == 0:
            return f"({self._value(1)} {self._random.choice(_OPERATORS)} {self._value(1)})"
        name = self._random.choice(sorted(self._signatures))
        signature = self._signatures[name]
        args = [self._of(parameter["type"]) for parameter in signature.get("parameters", [])]
        rest = signature.get("variadic_parameter")
        if rest is not None:
            args += [self._of(rest["type"]) for _ in range(self._random.randrange(4))]
        return f"{name}({', '.join(args)})"

    def _of(self, type_: Any, depth: int = 0) -> str:  # noqa: ANN401 - JSON
        """A value that mostly is of a type."""
        if self._random.randrange(8) == 0 or type_ == "dynamic":
            return self._value(depth)
        if type_ == "string":
            return self._text()
        if type_ == "number":
            return self._random.choice(_NUMBERS)
        if type_ == "bool":
            return self._random.choice(("true", "false"))
        kind, held = type_
        if kind == "map":
            return self._object([self._of(held, 1) for _ in range(self._random.randrange(4))])
        return f"[{', '.join(self._of(held, 1) for _ in range(self._random.randrange(4)))}]"

    def _text(self) -> str:
        text = json.dumps(self._random.choice(_TEXTS), ensure_ascii=False)
        return text.replace("${", "$${").replace("%{", "%%{")

    def _object(self, values: list[str]) -> str:
        return f"{{{', '.join(f'{self._random.choice(_NAMES)} = {value}' for value in values)}}}"

    def _value(self, depth: int) -> str:
        kind = self._random.randrange(16 if depth < 3 else 8)
        if kind < 4:
            return self._text()
        if kind < 6:
            return self._random.choice(_NUMBERS)
        if kind < 8:
            # A null in a list has no type, where ours may have one: those are written by hand.
            return self._random.choice(("true", "false", "null") if kind == 6 and not depth else ("true", "false"))
        size = self._random.randrange(4)
        if kind < 11:
            return f"[{', '.join(self._value(depth + 1) for _ in range(size))}]"
        if kind < 14:
            return self._object([self._value(depth + 1) for _ in range(size)])
        if kind == 14:
            return f"toset([{', '.join(self._text() for _ in range(size))}])"
        return f"tomap({self._object([self._random.choice(_NUMBERS) for _ in range(size)])})"
