"""APIs, schedules, rules, logs and load balancers of a service: what is not known stays unknown, what is wrong is no crash.

What they become where all is well is held against the framework's own packaging (tests/oracles/test_serverless_package.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.inputs.load import load
from stockade.model.app import (
    Api,
    App,
    Authorizer,
    EventRule,
    Listener,
    LogGroup,
    Permission,
    Role,
    Route,
    Schedule,
    Stage,
)
from stockade.model.value import File

_HEAD = "service: s\nprovider:\n  name: aws\n  runtime: nodejs20.x\n"
_EVENT = "functions:\n  f:\n    handler: a.b\n    events:\n      - "


def _load(folder: Path, text: str) -> App:
    (folder / "serverless.yml").write_text(text, encoding="utf-8")
    return load(folder)


def _event(folder: Path, event: str, provider: str = "") -> App:
    return _load(folder, f"{_HEAD}{provider}{_EVENT}{event}\n")


# ---------------------------------------------------------------------------------------------------------- HTTP APIs


@pytest.mark.parametrize(
    "event",
    [
        "httpApi: ${ssm:/route}",
        "httpApi: {method: GET, path: /, authorizer: '${ssm:/name}'}",
        "httpApi: {method: GET, path: /, authorizer: {type: '${ssm:/type}'}}",
        "httpApi: {method: GET, path: /, authorizer: {name: '${ssm:/name}'}}",
        "httpApi: {method: GET, path: /, authorizer: absent}",
        "httpApi: {method: GET, path: /, authorizer: part}",
        "httpApi: {method: GET, path: /, authorizer: whole}",
    ],
)
def test_who_may_ask_a_route_is_not_known(tmp_path: Path, event: str) -> None:
    provider = "  httpApi: {authorizers: {part: {type: '${ssm:/t}', issuerUrl: x}, whole: '${ssm:/w}'}}\n"
    (route,) = _event(tmp_path, event, provider).of(Route)
    assert route.authorization.is_("NONE").truth == "maybe"
    assert route.authorization.is_("JWT").truth == "maybe"


@pytest.mark.parametrize("settings", ["'${ssm:/all}'", "{authorizers: '${ssm:/all}'}", "{authorizers: 5}"])
def test_authorizers_of_which_nothing_is_known_hide_some(tmp_path: Path, settings: str) -> None:
    app = _event(tmp_path, "httpApi: {method: GET, path: /, authorizer: any}", f"  httpApi: {settings}\n")
    (route,) = app.of(Route)
    assert route.authorization.is_("JWT").truth == "maybe"
    # Where nothing at all is known, it may be an API that is there already.
    assert route.api is None if "all" in settings and "{" not in settings[3:] else any(gap.hides for gap in app.gaps)


def test_what_an_api_allows_is_not_known(tmp_path: Path) -> None:
    provider = "  logs: {httpApi: '${ssm:/l}'}\n  httpApi: {cors: '${ssm:/c}', disableDefaultEndpoint: '${ssm:/d}'}\n"
    app = _event(tmp_path, "httpApi: '*'", provider)
    (api,) = app.of(Api)
    (stage,) = app.of(Stage)
    assert not api.cors_origins.complete
    assert api.default_endpoint_disabled.is_true().truth == "maybe"
    assert stage.access_log.is_("x").truth == "maybe"


def test_a_route_keeps_what_is_known_of_its_key(tmp_path: Path) -> None:
    (route,) = _event(tmp_path, "httpApi: 'GET /${ssm:/part}/x'").of(Route)
    assert route.method.is_("GET").is_yes
    assert route.path.is_("/a/x").truth == "maybe"
    assert route.path.is_("/a/y").is_no


def test_a_route_stands_where_it_is_written(tmp_path: Path) -> None:
    event = "httpApi: {method: GET, path: /, authorizer: {type: aws_iam}}"
    (route,) = _event(tmp_path, event).of(Route)
    origin = route.authorization.origin
    assert isinstance(origin, File)
    assert origin.span.text == "aws_iam"
    assert isinstance(route.origin, File)
    assert route.origin.span.text == event


@pytest.mark.parametrize("event", ["httpApi: GET", "httpApi: {method: GET}", "httpApi: 5", "httpApi: [GET]"])
def test_an_event_that_is_no_route_hides_one(tmp_path: Path, event: str) -> None:
    app = _event(tmp_path, event)
    assert not app.of(Route)
    assert any(gap.hides for gap in app.gaps)


def test_version_4_names_the_log_group_of_an_api(tmp_path: Path) -> None:
    app = _event(tmp_path, "httpApi: '*'", "  logs: {httpApi: {logGroup: /own/group}}\n")
    assert any(group.name.is_("/own/group").is_yes for group in app.of(LogGroup))


def test_an_authorizer_whose_function_is_absent_is_told(tmp_path: Path) -> None:
    provider = "  httpApi: {authorizers: {a: {type: request, functionName: absent}}}\n"
    app = _event(tmp_path, "httpApi: {method: GET, path: /, authorizer: a}", provider)
    (authorizer,) = app.of(Authorizer)
    assert authorizer.form.is_("REQUEST").is_yes
    assert any("no function" in gap.why for gap in app.gaps)


# ------------------------------------------------------------------------------------------------- schedules and rules


@pytest.mark.parametrize(
    "event",
    [
        "schedule: {rate: rate(1 minute), enabled: '${ssm:/on}'}",
        "eventBridge: {schedule: rate(1 minute), enabled: '${ssm:/on}'}",
        "cloudwatchEvent: {event: {source: [x]}, enabled: '${ssm:/on}'}",
    ],
)
def test_whether_a_rule_is_on_is_not_known(tmp_path: Path, event: str) -> None:
    (rule,) = _event(tmp_path, event).of(EventRule)
    assert rule.state.is_("ENABLED").truth == "maybe"


@pytest.mark.parametrize(
    "rate", ["rate(1 minute)", "[rate(1 minute)]", "{rate: rate(1 minute)}", "{rate: [rate(1 minute)]}"]
)
def test_a_rate_is_a_text_or_a_list(tmp_path: Path, rate: str) -> None:
    (rule,) = _event(tmp_path, f"schedule: {rate}").of(EventRule)
    assert rule.schedule.is_("rate(1 minute)").is_yes


def test_the_input_of_a_rule_keeps_what_is_known_of_it(tmp_path: Path) -> None:
    text = r"""schedule: {rate: rate(1 minute), input: {a: '${ssm:/x}', b: 'c"${ssm:/x}', d: !GetAtt Q.Arn}}"""
    (rule,) = _event(tmp_path, text).of(EventRule)
    shown = next(iter(rule.targets)).input.show()
    assert shown.startswith('{"a":')
    assert r'"b":"c\"' in shown
    assert shown.endswith('"d":{"Fn::GetAtt":["Q","Arn"]}}')


def test_the_role_of_version_4_is_trusted_by_scheduler(tmp_path: Path) -> None:
    text = f"{_HEAD}functions:\n  f:\n    handler: a.b\n    iam: {{role: {{statements: []}}}}\n    events:\n      - "
    app = _load(tmp_path, text + "schedule: {method: scheduler, rate: [rate(1 minute)]}\n")
    (role,) = app.of(Role)
    (schedule,) = app.of(Schedule)
    assert next(iter(schedule.targets)).role.show() == "${FIamRoleLambdaExecution.Arn}"
    assert "scheduler.amazonaws.com" in repr(role.trust)


def test_how_a_function_is_scheduled_is_not_known(tmp_path: Path) -> None:
    app = _event(tmp_path, "schedule: {method: '${ssm:/m}', rate: [rate(1 minute)]}")
    assert any(gap.hides for gap in app.gaps)


def test_the_name_of_a_bus_is_the_end_of_its_arn(tmp_path: Path) -> None:
    arn = "arn:aws:events:${ssm:/region}:1:event-bus/b${ssm:/n}"
    (rule,) = _event(tmp_path, f"eventBridge: {{eventBus: '{arn}', pattern: {{source: [x]}}}}").of(EventRule)
    assert rule.bus.is_("b1").truth == "maybe"
    assert rule.bus.is_("c1").is_no


def test_subscriptions_of_log_groups_that_are_not_known_are_allowed_for_what_is_not_known(tmp_path: Path) -> None:
    app = _event(tmp_path, "cloudwatchLog: ${ssm:/group}\n      - cloudwatchLog: /aws/x")
    (permission,) = app.of(Permission)
    assert permission.source_arn.matches("*:log-group:/aws/x:*").truth == "maybe"


# ------------------------------------------------------------------------------------------------------ load balancers


def test_a_rule_with_an_authorizer_is_for_whom_it_lets_in(tmp_path: Path) -> None:
    provider = "  alb: {authorizers: {a: {type: cognito, userPoolArn: x, userPoolClientId: y, userPoolDomain: z}}}\n"
    event = "alb: {listenerArn: !Ref L, priority: 1, conditions: {path: /}, authorizer: a}"
    (listener,) = _event(tmp_path, event, provider).of(Listener)
    assert listener.authenticates.is_true().is_yes


# ------------------------------------------------------------------------------------------------------- wrong shapes


@pytest.mark.parametrize("type_", ["httpApi", "schedule", "eventBridge", "cloudwatchEvent", "cloudwatchLog", "alb"])
@pytest.mark.parametrize(
    "body", ["", "5", "true", "false", "''", "[]", "[1]", "{}", "{a: 1}", "x", "'${ssm:/x}'", "!Ref X"]
)
@pytest.mark.parametrize("provider", ["", "  httpApi: 5\n  alb: []\n  logs: x\n  eventBridge: {}\n  tags: 1\n"])
def test_odd_events_are_no_crash(tmp_path: Path, type_: str, body: str, provider: str) -> None:
    app = _event(tmp_path, f"{type_}: {body}", provider)
    assert len(app.functions) >= 1
