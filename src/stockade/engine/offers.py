"""What of the fixes that rules propose can be carried out.

A rule says what shall be true; whether that can be written where the user can write it, only the writer knows. A report
that promises a fix promises what `stockade fix` does, so both ask here. What can't be written is advice, with the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from stockade.engine.findings import Finding, Result
from stockade.inputs.write import arguments_of, written_for
from stockade.inputs.written import Written
from stockade.model.app import LINKS, App, EnvVar, Permission, Policy, Resource, Role, Variable
from stockade.model.intent import Fix, Intent, New, Rewrite, Set
from stockade.model.value import File, Relation, Value, When
from stockade.patterns import regex
from stockade.text.document import Document
from stockade.text.edits import Edit

# An attribute as helps name it: `timeout`, `enabled = true`, `log_format` in `logging_config`.
_ATTRIBUTE = regex(r"`(?P<name>\w+)(?P<value> = [^`]+)?`(?: in `(?P<block>\w+)`)?")
Field = tuple[str, str, str]  # the kind, the key and the field's name


class Offers:
    """What can be done about the findings of one result."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self._known: dict[int, tuple[Finding, Fix | None, Written]] = {}
        self._index: _Index | None = None
        self._by_rule: dict[str, dict[Field, tuple[When, ...] | None]] = {}

    def first(self, finding: Finding) -> Fix | None:
        """The first fix of a finding, as what it is: advice, if it can't be written."""
        return self._of(finding)[1]

    def fixes(self, finding: Finding) -> tuple[Fix, ...]:
        """All its fixes, the first as `first` has it."""
        first = self.first(finding)
        return () if first is None else (first, *finding.fixes[1:])

    def edits(self, finding: Finding) -> tuple[tuple[Document, Edit], ...]:
        """The edits of its first fix; none for advice."""
        return self._of(finding)[2].edits

    def help(self, finding: Finding) -> str:
        """What to do, in words: where a call's argument decides an attribute, it is that that is named."""
        return _named(finding.help, self._of(finding)[2].arguments) if finding.fixes else finding.help

    def meant(self, findings: Iterable[Finding]) -> dict[Field, tuple[When, ...] | None]:
        """The fields that the fixes of findings set, with the cases in which they do; None is any.

        Those of other findings of the same rules are among them: one edit may do for several.
        """
        meant: dict[Field, tuple[When, ...] | None] = {}
        codes = {f.rule.code for f in findings}
        for code in codes:
            if code not in self._by_rule:
                own = [f for f in self.result.shown if f.verdict == "fail" and f.rule.code == code]
                self._by_rule[code] = fields_of(i for f in own for fix in f.fixes[:1] for i in fix.intents)
            _join(meant, self._by_rule[code])
        _join(meant, fields_of(i for f in findings for fix in f.fixes[:1] for i in fix.intents))
        return meant

    def _of(self, finding: Finding) -> tuple[Finding, Fix | None, Written]:
        known = self._known.get(id(finding))
        if known is None:
            fix = finding.fixes[0] if finding.fixes else None
            written = Written()
            if fix is not None and fix.safety != "advice":
                fix, written = self._offered(finding, fix)
            if fix is not None and not written.arguments and "`" in finding.help:
                written = replace(written, arguments=arguments_of((finding.subject, *finding.also)))
            known = self._known[id(finding)] = (finding, fix, written)
        return known

    def _offered(self, finding: Finding, fix: Fix) -> tuple[Fix, Written]:
        written = written_for(fix.intents)
        refused = "" if finding.verdict == "fail" else "whether it is needed can't be told"
        refused = refused or written.refused or ("" if written.edits else "there is no edit that does it")
        refused = refused or self._would_also_change(finding, fix, written)
        if refused:
            return Fix(fix.title, "advice", f"by hand, since {refused}"), replace(written, edits=(), refused=refused)
        why = "; ".join(said for said in (fix.why, written.wider, written.needs) if said)
        return replace(fix, safety="unsafe" if written.wider else fix.safety, why=why), written

    def _would_also_change(self, finding: Finding, fix: Fix, written: Written) -> str:
        """What else is made of the text that edits replace, in words; empty if nothing is."""
        if all(edit.span.start == edit.span.end for _, edit in written.edits):
            return ""
        if self._index is None:
            self._index = _Index(self.result.app)
        meant: dict[Field, tuple[When, ...] | None] | None = None
        removed = {id(i.resource) for i in fix.intents if not isinstance(i, New | Set | Rewrite)}
        for _, edit in written.edits:
            for resource, name in self._index.made_of(edit) if edit.text else ():
                if isinstance(resource, Variable) or id(resource) in removed or is_generated(resource):
                    continue
                meant = meant if meant is not None else self.meant([finding])
                if (resource.kind, resource.key, name) not in meant:
                    return f"it would also change `{name}` of `{resource.address}`"
        return ""


def is_generated(record: Resource) -> bool:
    """Whether a framework makes a record of another one, along with which it changes."""
    return bool(
        (isinstance(record, Role) and record.generated)
        or (isinstance(record, Permission) and record.generated_by)
        or (isinstance(record, Policy) and record.form == "generated")
    )


def fields_of(intents: Iterable[Intent]) -> dict[Field, tuple[When, ...] | None]:
    """The fields that intents name, with the cases in which they may change; None is any."""
    found: dict[Field, tuple[When, ...] | None] = {}
    for intent in intents:
        if not isinstance(intent, New):
            when = intent.when if isinstance(intent, Set) else None
            _join(found, {(intent.resource.kind, intent.resource.key, intent.field): when})
    return found


def _join(into: dict[Field, tuple[When, ...] | None], more: dict[Field, tuple[When, ...] | None]) -> None:
    for field, when in more.items():
        have = into.get(field, ())
        into[field] = None if have is None or when is None else (*have, *when)


def _named(text: str, arguments: dict[str, str]) -> str:
    """A text in which the arguments of a call are named in the place of the attributes that are made of them.

    An attribute after one that is said to be in a block is in that block as well, if it has one of that name.
    """
    block = ""

    def argument(found: re.Match[str]) -> str:
        nonlocal block
        block = found["block"] or block
        said = arguments.get(f"{block}.{found['name']}") or arguments.get(found["name"])
        if said is None:
            return found[0]
        if found["value"] is None:
            return said
        own, _, rest = said.removeprefix("`").partition("`")
        return f"`{own}{found['value']}`{f' in {rest[4:]}' if rest.startswith(' of ') else rest}"

    return _ATTRIBUTE.sub(argument, text)


class _Index:
    """Which fields of an application are made of which text."""

    def __init__(self, app: App) -> None:
        self._by_path: dict[str, list[tuple[int, int, Resource, str]]] = {}
        for resource in app.resources:
            for name in type(resource).__struct_fields__:
                value = getattr(resource, name)
                if isinstance(value, Value) or (isinstance(value, Relation) and name not in LINKS):
                    for origin in _origins(value):
                        via = [v.span for v in origin.via if v.span is not None and not v.is_call]
                        span = via[-1] if via else origin.span
                        self._by_path.setdefault(span.doc.path, []).append((span.start, span.end, resource, name))
        for places in self._by_path.values():
            places.sort(key=lambda place: place[:2])
        self._starts = {path: [start for start, *_ in places] for path, places in self._by_path.items()}

    def made_of(self, edit: Edit) -> Iterator[tuple[Resource, str]]:
        """The fields whose text an edit replaces; not those that are derived from a block that it is in."""
        path = edit.span.doc.path
        first = bisect_left(self._starts.get(path, []), edit.span.start)
        for start, end, resource, name in self._by_path.get(path, [])[first:]:
            if start > edit.span.end:
                break
            if end > edit.span.end:
                continue
            # Lines that are only moved, to stand below each other, hold the same afterwards.
            if edit.span.doc.text[start:end] not in edit.text:
                yield resource, name


def _origins(value: Value[Any] | Relation[Any]) -> Iterator[File]:
    values: Sequence[Any] = [value] if isinstance(value, Value) else value.items
    for item in values:
        own = item.value if isinstance(item, EnvVar) else item
        for _, leaf in own.leaves() if isinstance(own, Value) else ():
            if isinstance(leaf.origin, File):
                yield leaf.origin
