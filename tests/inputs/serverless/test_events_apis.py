"""REST and WebSocket APIs of a service: what no packaged template can say of them."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from stockade.model.app import Api, App, Authorizer, Route, Stage
from tests.inputs.serverless.support import HEAD, app_of


def service(folder: Path, events: str, provider: str = "", rest: str = "") -> App:
    """A service with one function and these events."""
    head = HEAD + indent(provider, "  ")
    text = f"functions:\n  f:\n    handler: a.b\n    events:\n{indent(events, '      ')}\n  check:\n    handler: a.c\n"
    return app_of(folder, head + text + rest, {"a.py": "def b(e, c): ...\n"})


def only_stage(app: App) -> Stage:
    """The stage of the only API."""
    (stage,) = app.of(Stage)
    return stage


def route(app: App, path: str) -> Route:
    """The route with this path that is no preflight."""
    return next(r for r in app.of(Route) if r.path.is_(path).is_yes and not r.method.is_("OPTIONS").is_yes)


# ------------------------------------------------------------------------------------------- what is set once all is there


def test_logs_of_a_rest_api_are_seen(tmp_path: Path) -> None:
    stage = only_stage(
        service(tmp_path, "- http: GET /x", "logs: {restApi: {level: ERROR, fullExecutionData: false}}\n")
    )
    assert stage.access_log.is_set().is_yes
    assert stage.execution_log_level.is_("ERROR").is_yes
    assert stage.data_trace.is_true().is_no


@pytest.mark.parametrize("logs", ["restApi: false", "restApi: {accessLogging: false, executionLogging: false}"])
def test_logs_of_a_rest_api_that_are_switched_off(tmp_path: Path, logs: str) -> None:
    stage = only_stage(service(tmp_path, "- http: GET /x", f"logs: {{{logs}}}\n"))
    assert stage.access_log.is_set().is_no
    assert stage.execution_log_level.is_("OFF").is_yes


def test_traces_and_metrics_of_a_rest_api_are_seen(tmp_path: Path) -> None:
    stage = only_stage(
        service(tmp_path, "- http: GET /x", "tracing: {apiGateway: true}\napiGateway: {metrics: true}\n")
    )
    assert stage.tracing.is_true().is_yes
    assert stage.metrics.is_true().is_yes


def test_a_stage_of_an_api_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    provider = "apiGateway: {restApiId: abc, restApiRootResourceId: def}\nlogs: {restApi: true}\n"
    app = service(tmp_path, "- http: GET /x", provider)
    assert not list(app.of(Api))
    assert not list(app.of(Stage))  # which is there as well, with settings that are made elsewhere


# ---------------------------------------------------------------------------------------------------------- what is unknown


@pytest.mark.parametrize(
    "where", ["logs: '${ssm:/l}'", "logs: {restApi: '${ssm:/l}'}", "logs: {restApi: {accessLogging: '${ssm:/l}'}}"]
)
def test_unknown_logs_may_be_on(tmp_path: Path, where: str) -> None:
    stage = only_stage(service(tmp_path, "- http: GET /x", where + "\n"))
    assert stage.access_log.is_set().truth == "mixed"


def test_unknown_logs_of_a_websocket_api_may_be_on(tmp_path: Path) -> None:
    stage = only_stage(service(tmp_path, "- websocket: $connect", "logs: {websocket: '${ssm:/l}'}\n"))
    assert stage.access_log.is_set().truth == "mixed"
    assert stage.execution_log_level.is_("OFF").truth == "maybe"


@pytest.mark.parametrize("config", ["apiGateway: '${ssm:/c}'", "apiGateway: {resourcePolicy: '${ssm:/p}'}"])
def test_an_unknown_policy_is_no_missing_policy(tmp_path: Path, config: str) -> None:
    (api,) = service(tmp_path, "- http: GET /x", config + "\n").of(Api)
    assert not api.policy.complete


@pytest.mark.parametrize("form", ["'${ssm:/a}'", "{name: '${ssm:/n}'}", "{type: '${ssm:/t}', arn: '${ssm:/a}'}"])
def test_an_unknown_authorizer_is_neither_none_nor_known(tmp_path: Path, form: str) -> None:
    app = service(tmp_path, f"- http: {{path: x, method: get, authorizer: {form}}}")
    assert route(app, "/x").authorization.is_("NONE").truth == "maybe"


def test_an_unknown_authorizer_of_a_websocket_route(tmp_path: Path) -> None:
    app = service(tmp_path, "- websocket: {route: $connect, authorizer: '${ssm:/a}'}")
    assert route(app, "$connect").authorization.is_("NONE").truth == "maybe"


def test_an_arn_that_is_known_in_part_says_what_it_is_of(tmp_path: Path) -> None:
    arn = "arn:aws:cognito-idp:${aws:region}:${aws:accountId}:userpool/${env:POOL}"
    app = service(tmp_path, f"- http: {{path: x, method: get, authorizer: '{arn}'}}")
    assert route(app, "/x").authorization.is_("COGNITO_USER_POOLS").is_yes
    (authorizer,) = app.of(Authorizer)
    assert authorizer.form.is_("COGNITO_USER_POOLS").is_yes


def test_a_path_that_is_known_in_part(tmp_path: Path) -> None:
    app = service(tmp_path, "- http: GET /${env:STAGE}/x/{id}")
    (found,) = app.of(Route)
    assert found.path.show().endswith("/x/{id}")
    assert found.method.is_("GET").is_yes


@pytest.mark.parametrize(
    "event", ["http: '${ssm:/e}'", "http: 5", "http: [a]", "http: {path: x}", "websocket: {}", "websocket: [a]"]
)
def test_an_event_of_which_nothing_can_be_made_hides_something(tmp_path: Path, event: str) -> None:
    assert any(gap.hides for gap in service(tmp_path, f"- {event}").gaps)


def test_an_unknown_origin_is_not_the_known_one(tmp_path: Path) -> None:
    cors = "{origins: ['https://a.example.com', '${env:ORIGIN}']}"
    (api,) = service(tmp_path, f"- http: {{path: x, method: get, cors: {cors}}}").of(Api)
    assert api.cors_origins.any(lambda v: v.is_("'*'")).truth == "maybe" or not api.cors_origins.complete


def test_every_origin_among_others_is_every_origin(tmp_path: Path) -> None:
    (api,) = service(tmp_path, "- http: {path: x, method: get, cors: {origins: ['https://a.example.com', '*']}}").of(
        Api
    )
    assert api.cors_origins.any(lambda v: v.is_("*")).is_yes


# ------------------------------------------------------------------------------------------------------ version 4, and places


def test_what_version_four_says_of_the_endpoint(tmp_path: Path) -> None:
    provider = "apiGateway: {endpoint: {securityPolicy: SecurityPolicy_TLS13_2025_EDGE, disable: true}}\n"
    (api,) = service(tmp_path, "- http: GET /x", provider).of(Api)
    assert api.minimum_tls.is_("SecurityPolicy_TLS13_2025_EDGE").is_yes
    assert api.default_endpoint_disabled.is_true().is_yes


def test_a_method_that_streams_calls_the_function(tmp_path: Path) -> None:
    app = service(tmp_path, "- http: {path: x, method: get, response: {transferMode: STREAM}}")
    assert route(app, "/x").integration.show().endswith("/response-streaming-invocations")
    function = route(app, "/x").function
    assert function is not None
    assert function.address == "f"


def test_routes_and_authorizers_stand_where_they_are_written(tmp_path: Path) -> None:
    app = service(tmp_path, "- http: {path: x, method: get, authorizer: check}\n- websocket: $connect")
    text = (tmp_path / "serverless.yml").read_text(encoding="utf-8")
    shown = {
        record.address: text[record.origin.span.start : record.origin.span.end]  # type: ignore[union-attr]
        for record in (*app.of(Route), *app.of(Authorizer))
    }
    assert shown["ApiGatewayMethodXGet"] == "http: {path: x, method: get, authorizer: check}"
    assert "$connect" in shown["SconnectWebsocketsRoute"]
    (authorizer,) = app.of(Authorizer)
    assert "authorizer: check" in shown[authorizer.address]


def test_the_throttling_plugin_limits_the_rate_of_both_kinds_of_api(tmp_path: Path) -> None:
    text = HEAD + (
        "plugins: [serverless-api-gateway-throttling]\n"
        "custom: {apiGatewayThrottling: {maxRequestsPerSecond: 50}}\n"
        "functions:\n  f:\n    handler: a.b\n    events: [{http: GET a}, {httpApi: GET /b}, {websocket: c}]\n"
    )
    app = app_of(tmp_path, text)
    rates = {stage.type: stage.throttle_rate for stage in app.of(Stage)}
    assert rates["AWS::ApiGateway::Deployment"].is_(50).is_yes
    assert rates["AWS::ApiGatewayV2::Stage"] is not None
    limited = [stage for stage in app.of(Stage) if stage.throttle_burst.is_(5000).is_yes]
    assert len(limited) == 2
    assert not app.gaps


def test_a_shared_api_is_given_to_the_stage_that_is_there_only_with_its_settings(tmp_path: Path) -> None:
    provider = "apiGateway: {restApiId: {'Fn::ImportValue': id}, restApiRootResourceId: {'Fn::ImportValue': root}}\n"
    assert not list(service(tmp_path, "- http: GET /x", provider).of(Stage))


def test_each_of_several_origins_counts(tmp_path: Path) -> None:
    cors = "{origins: ['https://a.example.com', 'https://*.example.org']}"
    (api,) = service(tmp_path, f"- http: {{path: x, method: get, cors: {cors}}}").of(Api)
    assert [origin.show() for origin in api.cors_origins] == ["https://a.example.com", "https://*.example.org"]


def test_the_plugin_for_route_settings_limits_the_rate_of_an_http_api(tmp_path: Path) -> None:
    text = HEAD + (
        "plugins: [serverless-apigateway-route-settings, serverless-offline-ses-v2]\n"
        "custom: {routeSettings: {rateLimit: 40}}\n"
        "functions:\n  f:\n    handler: a.b\n    events: [{http: GET a}, {httpApi: GET /b}]\n"
    )
    app = app_of(tmp_path, text)
    rates = {stage.type: stage.throttle_rate for stage in app.of(Stage)}
    assert rates["AWS::ApiGatewayV2::Stage"].is_(40).is_yes
    assert rates["AWS::ApiGateway::Deployment"].is_set().is_no
    assert not app.gaps
