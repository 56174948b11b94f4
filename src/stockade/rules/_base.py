"""What a rule is made of: the decorator, the questions' outcome, and the context."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from msgspec import Meta, Struct

from stockade.model.app import App, Function, Gap, Resource
from stockade.model.intent import Fix
from stockade.model.suppression import Audit
from stockade.model.value import NO, Origin, Tri, Value

Severity: TypeAlias = Literal["critical", "high", "medium", "low", "info"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
Persona: TypeAlias = Literal["regular", "pedantic", "auditor"]
AccountId: TypeAlias = Annotated[str, Meta(pattern=r"^\d{12}$")]

CRITICAL: Severity = "critical"
HIGH: Severity = "high"
MEDIUM: Severity = "medium"
LOW: Severity = "low"
INFO: Severity = "info"

_PLACED = (Value, Resource)
_EMPTY: Mapping[type[Struct], Any] = MappingProxyType({})
OptionsT = TypeVar("OptionsT", bound=Struct)


class Context(Struct, frozen=True):
    """What a rule may know besides the application. Rules do no I/O: the date comes in here."""

    today: datetime.date
    options: Mapping[type[Struct], Any] = _EMPTY  # those that the configuration sets, by the type that declares them
    # For the rules about Stockade's own run (SK9xx), which come last:
    audits: tuple[Audit, ...] = ()
    crashes: tuple[Gap, ...] = ()

    def options_of(self, kind: type[OptionsT]) -> OptionsT:
        """A rule's own options, as its `Options` declares them: as they are configured, else their defaults."""
        found: OptionsT = self.options.get(kind) or kind()
        return found


class Label(Struct, frozen=True, eq=False):
    """A related place with a word on it."""

    origin: Origin
    text: str


class Outcome(Struct, frozen=True, eq=False, kw_only=True):
    """The answer to one question about one subject. The engine makes findings and matrix rows of it."""

    answer: Tri
    subject: Resource
    message: str
    functions: tuple[Function, ...]
    at: Origin | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    help: str = ""
    fixes: tuple[Fix, ...] = ()
    related: tuple[Label, ...] = ()
    evidence: str = ""  # tells findings of one rule on one subject apart, without line numbers
    passes: str = ""  # why it is fine, where it is
    persona: Persona | None = None  # where one finding of a rule is only for stricter readers than the rest
    spares: bool = (
        False  # the rule has nothing to say of the functions, and what could not be seen would not change that
    )
    told: str = ""  # the rule that tells of the cause: a verdict on the functions, and no finding of its own
    together: str = ""  # what is said once where it is so of several functions of one file; `{}` stands for their names


def found(  # noqa: PLR0913 - they are the fields of an Outcome
    answer: Tri,
    *,
    subject: Resource,
    message: str,
    at: Value[Any] | Resource | Origin | None = None,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    help: str = "",  # noqa: A002 - the word people see
    fix: Fix | tuple[Fix, ...] | None = None,
    related: tuple[Label, ...] = (),
    evidence: str = "",
    passes: str = "",
    functions: tuple[Function, ...] | None = None,
    persona: Persona | None = None,
    together: str = "",
    told: str = "",
) -> Iterator[Outcome]:
    """One outcome: a FAIL where the answer is YES, an UNSURE where it is MAYBE, a pass where it is NO.

    `message` states the fact of the bad case in the present tense, lower case, and names the resource. `at` is the place to
    show; without it, the first place that decided the answer, else the subject. `functions` are those that the outcome is about
    (the subject's own without it). Where the cause is that a whole file leaves something out, `together` is the message for all
    of its functions: "{} are not traced". `told` names the rule that tells of the cause: one cause is one finding, but each
    rule's verdict on a function says what is so.
    """
    place: Origin | None = at.origin if isinstance(at, _PLACED) else at
    yield Outcome(
        answer=answer,
        subject=subject,
        message=message,
        functions=subject.functions if functions is None else functions,
        at=place,
        severity=severity,
        confidence=confidence,
        help=help,
        fixes=fix if isinstance(fix, tuple) else () if fix is None else (fix,),
        related=related,
        evidence=evidence,
        passes=passes,
        persona=persona,
        together=together,
        told=told,
    )


def spared(function: Function, why: str = "") -> Iterator[Outcome]:
    """One outcome: the rule does not apply to a function, as its own block shows.

    `why`, if it is another reason than the rule's `applies`.
    """
    yield Outcome(answer=NO, subject=function, message="", functions=(function,), passes=why, spares=True)


Check: TypeAlias = Callable[[App, Context], Iterator[Outcome]]


class Rule(Struct, frozen=True, eq=False, kw_only=True):
    """A rule with everything that is said about it. `doc` is its page, in Markdown.

    `applies` says what a function must have for the rule to say anything ("a function URL"); `holds` what a pass means.
    """

    code: str
    name: str
    title: str
    severity: Severity
    confidence: Confidence
    persona: Persona
    since: str
    controls: tuple[str, ...]
    maps: Mapping[str, tuple[str | int, ...]]
    aliases: tuple[str, ...]
    applies: str
    holds: str
    options: type[Struct] | None  # what of it can be configured: a field each, with its default and what it means
    asks: tuple[str, ...]  # kinds that it looks at by way of functions, beside those that it asks the App for
    doc: str
    module: str
    check: Check

    @property
    def is_meta(self) -> bool:
        """Whether it is about Stockade's own run, and so about no function."""
        return self.code.startswith("SK9")


def rule(  # noqa: PLR0913 - they are the fields of a Rule
    code: str,
    name: str,
    *,
    severity: Severity,
    since: str,
    controls: list[str],
    applies: str,
    holds: str,
    confidence: Confidence = "high",
    persona: Persona = "regular",
    maps: Mapping[str, list[Any]] | None = None,
    aliases: list[str] | None = None,
    asks: list[str] | None = None,
    options: type[Struct] | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a check function. The docstring of its module is the rule's page; its first line the title."""

    def make(check: Check) -> Rule:
        doc = check.__globals__.get("__doc__") or ""
        return Rule(
            code=code,
            name=name,
            title=doc.strip().partition("\n")[0].rstrip("."),
            severity=severity,
            confidence=confidence,
            persona=persona,
            since=since,
            controls=tuple(controls),
            maps={key: tuple(values) for key, values in (maps or {}).items()},
            aliases=tuple(aliases or ()),
            applies=applies,
            holds=holds,
            options=options,
            asks=tuple(asks or ()),
            doc=doc,
            module=check.__module__,
            check=check,
        )

    return make
