"""What the rules about alarms ask: which alarms watch a metric of a function."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Alarm, App, Function
from stockade.model.intent import Fix
from stockade.model.value import Tri, any_of, given
from stockade.rules._base import Outcome, found, spared
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules.observability._functions import not_ours


def watched(app: App, function: Function, metric: str) -> Tri:
    """Whether an alarm watches a metric: one of the function's, or one over all functions, which names none."""
    over_all = any_of(
        given(alarm.exists, _is_on(alarm, metric)) for alarm in app.of(Alarm) if alarm.dimensions.is_empty().is_yes
    )
    return over_all | any_of(given(alarm.exists, _is_on(alarm, metric)) for alarm in function.alarms)


def unwatched(app: App, function: Function, metric: str, what: str, told: str = "") -> Iterator[Outcome]:
    """One outcome: whether no alarm watches a metric of a function, which is called `what` in messages."""
    if function.framework_owned:
        yield from spared(function, not_ours(function))
        return
    yield from found(
        ~watched(app, function, metric) & ~may_be_elsewhere(app, function, Alarm),
        subject=function,
        at=function,
        message=f"no alarm watches {what} of `{function}`",
        together=f"no alarm watches {what} of {{}}",
        help=f"add an alarm on the metric `{metric}` of `AWS/Lambda` that tells somebody",
        fix=Fix.advice(f"add an alarm on the metric `{metric}`"),
        told=told,
    )


def has_none(app: App, function: Function) -> str:
    """The rule that tells of a function that no alarm watches at all; empty where one does."""
    return "SK710" if watched(app, function, "Errors").is_no and not len(function.alarms) else ""


def _is_on(alarm: Alarm, metric: str) -> Tri:
    return alarm.namespace.is_("AWS/Lambda") & alarm.metric.is_(metric)
