"""What the rules about alarms ask: which alarms watch a metric of a function."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Alarm, App, Function
from stockade.model.intent import Fix
from stockade.model.value import Tri, any_of, given
from stockade.rules._base import Outcome, found, spared
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules.observability._functions import IN_FRONT_OF_SOMEBODY, is_for_deployments, not_ours


def over_all(app: App, metric: str) -> Tri:
    """Whether an alarm watches a metric over all functions, which names none of them: asked once for each rule."""
    return any_of(
        given(alarm.exists, _is_on(alarm, metric)) for alarm in app.of(Alarm) if alarm.dimensions.is_empty().is_yes
    )


def _watched(function: Function, metric: str, everywhere: Tri) -> Tri:
    """Whether an alarm watches a metric: one of the function's, or one over all functions (`everywhere`)."""
    return everywhere | any_of(given(alarm.exists, _is_on(alarm, metric)) for alarm in function.alarms)


def unwatched(
    app: App, function: Function, metric: str, what: str, everywhere: Tri, told: str = ""
) -> Iterator[Outcome]:
    """One outcome: whether no alarm watches a metric of a function, which is called `what` in messages."""
    if function.framework_owned:
        yield from spared(function, not_ours(function))
        return
    if is_for_deployments(function):
        yield from spared(function, IN_FRONT_OF_SOMEBODY)
        return
    yield from found(
        ~_watched(function, metric, everywhere) & ~may_be_elsewhere(app, function, Alarm),
        subject=function,
        at=function,
        message=f"no alarm watches {what} of `{function}`",
        together=f"no alarm watches {what} of {{}}",
        help=f"add an alarm on the metric `{metric}` of `AWS/Lambda` that tells somebody",
        fix=Fix.advice(f"add an alarm on the metric `{metric}`"),
        told=told,
    )


def has_none(function: Function, everywhere: Tri) -> str:
    """The rule that tells of a function that no alarm watches at all, nor (`everywhere`) its errors; empty where one does."""
    return "SK710" if everywhere.is_no and not len(function.alarms) else ""


def _is_on(alarm: Alarm, metric: str) -> Tri:
    return alarm.namespace.is_("AWS/Lambda") & alarm.metric.is_(metric)
