"""A question with its answer, as reports tell it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct, field

if TYPE_CHECKING:  # whoever asks nothing loads nothing
    from stockade.iam.sets.clauses import Clause
    from stockade.iam.sets.requests import Request

Source: TypeAlias = str | os.PathLike[str] | Mapping[str, object]
Verdict: TypeAlias = Literal["proved", "refuted", "unknown"]


class Example(Struct, frozen=True, kw_only=True):
    """One request that shows it.

    Attributes:
        request: the request.
        where: what things are taken to be in it that are known only by their names.
        when: the premises under which it is so.
        statements: the statements that match it, by the name of what they belong to.
    """

    request: Request
    where: Mapping[str, str] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    statements: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict)


class Part(Struct, frozen=True, kw_only=True):
    """A part of what differs: what one statement allows that nothing on the other side does.

    Attributes:
        statement: the statement.
        actions: its actions that do; none for what `NotAction` leaves.
        resources: its resources; none for what `NotResource` leaves, or where it names none.
        conditions: its conditions, as JSON has them.
        whole: nothing of it is allowed on the other side.
        examples: of patterns of which a part is allowed there, the actions that are not allowed at all.
        example: one request.
    """

    statement: Clause
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, object]
    whole: bool
    examples: tuple[str, ...]
    example: Example


class Proof(Struct, frozen=True, kw_only=True):
    """A question with its answer.

    Attributes:
        question: what was asked, as a sentence that may be true.
        otherwise: of a refuted question, what is so instead, as a sentence; empty where that goes without saying.
        verdict: "proved": it is true of every request; "refuted": it is not, of the example; or "unknown".
        why: of "unknown" why, else what there is to say beside.
        example: what refutes it.
        parts: of questions about what differs, all that does.
        items: the same question of parts of the whole, each with its answer: functions, roles.
        statements: of questions about statements, those that the answer is about.
        document: of `minimise`, the policy.
        assumes: what was taken to be so.
        of: the day whose actions it holds of, where an action that AWS may add could be otherwise; else nothing.
    """

    question: str
    verdict: Verdict
    otherwise: str = ""
    why: str = ""
    example: Example | None = None
    parts: tuple[Part, ...] = ()
    items: tuple[Proof, ...] = ()
    statements: tuple[Clause, ...] = ()
    document: Mapping[str, object] | None = None
    assumes: tuple[str, ...] = ()
    of: str = ""
