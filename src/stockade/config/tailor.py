"""From settings to what the engine takes: words become rules, options their types, paths patterns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from stockade.config.read import Configuration, Origin, wrong
from stockade.config.settings import PerPath, Suppress
from stockade.engine.findings import SEVERITIES
from stockade.engine.select import matching
from stockade.engine.tailor import Decision, Place, Tailoring
from stockade.errors import UsageError
from stockade.inputs.ignore import Patterns
from stockade.model.suppression import Suppression
from stockade.near import did_you_mean
from stockade.rules._base import Rule, Severity
from stockade.text.document import Document, Span


def tailor(configuration: Configuration, rules: Sequence[Rule], path: Path) -> Tailoring:
    """What is configured about rules and paths, for a scan of `path`. Raises ConfigError with the place of what is wrong."""
    return _Tailor(configuration, rules, path).tailoring()


class _Tailor:
    def __init__(self, configuration: Configuration, rules: Sequence[Rule], path: Path) -> None:
        self.configuration = configuration
        self.settings = configuration.settings
        self.rules = rules
        self.root = path if path.is_dir() else path.parent
        self.prefix = ""
        self.is_whole = False  # whether all that is configured here is scanned
        if configuration.folder is not None:
            inside = os.path.relpath(self.root.resolve(), configuration.folder.resolve()).replace(os.sep, "/")
            self.prefix = "" if inside == "." or inside.startswith("..") else f"{inside}/"
            self.is_whole = inside == "." and path.is_dir()

    def tailoring(self) -> Tailoring:
        for name in ("select", "ignore"):
            self._codes(getattr(self.settings, name), self.configuration.origin(name))
        options: dict[type[Struct], Any] = {}
        severity: dict[str, Severity] = {}
        for word, values in self.settings.rules.items():
            self._rule(word, values, options, severity)
        return Tailoring(
            options=options,
            severity=severity,
            places=tuple(self._place(n, place) for n, place in enumerate(self.settings.per_path)),
            decisions=tuple(self._decision(n, said) for n, said in enumerate(self.settings.suppress)),
            exclude=self._patterns(self.settings.exclude) if self.settings.exclude else None,
        )

    def _patterns(self, lines: Iterable[str]) -> Patterns:
        return Patterns(lines, self.prefix)

    def _codes(self, words: Iterable[str], origin: Origin) -> frozenset[str]:
        """The rules that words mean, each of them with commas or without."""
        every = (word for given in words for word in given.split(",") if word.strip())
        return frozenset(rule.code for word in every for rule in self._named(word, origin))

    def _named(self, word: str, origin: Origin) -> list[Rule]:
        try:
            return matching(self.rules, word)
        except UsageError as error:
            raise wrong(origin, error.message, error.hint) from None

    def _rule(
        self, word: str, values: dict[str, Any], options: dict[type[Struct], Any], severity: dict[str, Severity]
    ) -> None:
        origin = self.configuration.origin(f"rules.{word}")
        named = self._named(word, origin)
        own = dict(values)
        given = own.pop("severity", None)
        if given is not None:
            if given not in SEVERITIES:
                hint = did_you_mean(str(given), SEVERITIES) or f"use one of {', '.join(SEVERITIES)}"
                raise wrong(origin, f"`severity` of `{word}` can't be `{given}`", hint)
            severity |= {rule.code: given for rule in named}
        if not own:
            return
        declares = named[0].options if len(named) == 1 else None
        known = [field.encode_name for field in fields(declares)] if declares is not None else []
        for key in own:
            if key not in known:
                there = f"there are {', '.join(['severity', *known])}"
                raise wrong(origin, f"`{word}` has no option `{key}`", did_you_mean(key, ["severity", *known]) or there)
        if declares is not None:
            try:
                options[declares] = msgspec.convert(own, declares)
            except msgspec.ValidationError as error:
                what, _, where = str(error).partition(" - at `$.")
                raise wrong(origin, f"`{where.rstrip('`')}` of `{word}`: {what[:1].lower() + what[1:]}") from None

    def _place(self, number: int, place: PerPath) -> Place:
        origin = self.configuration.origin(f"per-path[{number}]")
        severity = {code: value for word, value in place.severity.items() for code in self._codes((word,), origin)}
        return Place(
            files=self._patterns((place.path,)),
            ignore=self._codes(place.ignore, origin),
            select=self._codes(place.select, origin) if place.select else None,
            severity=severity,
            said=self._suppression(
                "per-path", (*place.ignore, *place.select), origin, f"not reported in `{place.path}`"
            ),
        )

    def _decision(self, number: int, said: Suppress) -> Decision:
        origin = self.configuration.origin(f"suppress[{number}]")
        words = tuple(word.strip() for word in said.rule.split(",") if word.strip())
        suppression = self._suppression("config", words, origin, said.reason)
        until = said.until.isoformat() if said.until is not None else None
        return Decision(
            rules=self._codes(words, origin),
            files=self._patterns((said.path,)) if said.path else None,
            function=said.function,
            audited=self.is_whole,
            said=msgspec.structs.replace(suppression, until=until, owner=said.owner),
        )

    def _suppression(self, source: str, words: tuple[str, ...], origin: Origin, reason: str) -> Suppression:
        span = self._from_root(origin)
        return Suppression(source=source, rules=words, reason=reason, until=None, owner="", span=span, covers=span)

    def _from_root(self, origin: Origin) -> Span:
        """The place in the configuration, as reports name files: from the scanned folder on."""
        if origin.span is None:
            document = Document(origin.what, "")
            return Span(document, 0, 0)
        path = os.path.relpath(origin.what, self.root).replace(os.sep, "/")
        document = Document(path, origin.span.doc.text, syntax="toml")
        return Span(document, origin.span.start, origin.span.end)
