"""API Gateway: APIs, stages, routes, authorizers, domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from stockade.model.kinds.base import CFN, NONE, NULL, Resource
from stockade.model.value import Origin, Relation, Value, When, unset

if TYPE_CHECKING:
    from stockade.model.kinds.functions import EnvVar, Function
    from stockade.model.policy import Statement


_ASYNC = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integration-async.html"


class Api(Resource, frozen=True, eq=False, kw_only=True):
    """An API of API Gateway. `protocol`: REST, HTTP or WEBSOCKET.

    What a REST API says of CORS is what its OPTIONS methods answer; an HTTP API adds it to every answer.
    """

    kind: ClassVar[str] = "api"

    protocol: str = "REST"
    endpoint_type: Value[str] = NULL
    vpc_endpoints: Relation[Value[str]] = NONE
    default_endpoint_disabled: Value[bool] = unset(False, CFN + "aws-resource-apigateway-restapi.html")
    policy: Relation[Statement] = NONE
    cors_origins: Relation[Value[str]] = NONE
    cors_methods: Relation[Value[str]] = NONE
    cors_headers: Relation[Value[str]] = NONE
    cors_credentials: Value[bool] = unset(False, CFN + "aws-properties-apigatewayv2-api-cors.html")
    cors_max_age: Value[int] = NULL
    answer_origins: Relation[Value[str]] = NONE  # REST: what its own responses, but those of OPTIONS, say of origins
    minimum_tls: Value[str] = NULL
    minimum_compression: Value[int] = (
        NULL  # REST: bytes from which on answers are compressed; none are where it is not set
    )
    origins_again: tuple[Value[str], ...] = ()  # REST: where further methods say the same of origins
    origins_forgotten: tuple[Value[str], ...] = ()  # REST: those of preflight answers that set no maximum age
    implicit: bool = False  # SAM makes it because events name no API
    definition: Value[str] = NULL  # an OpenAPI document elsewhere
    body: bool = False  # REST: whether an OpenAPI document says what it has
    body_mode: Value[str] = NULL  # whether such a document leaves what is declared beside it: merge or overwrite
    # links
    stages: Relation[Stage] = NONE
    routes: Relation[Route] = NONE
    authorizers: Relation[Authorizer] = NONE
    domains: Relation[Domain] = NONE


class MethodSetting(Struct, frozen=True, eq=False):
    """Settings of some methods of a stage. `sets`: whether it sets anything."""

    origin: Origin
    path: Value[str] = NULL
    method: Value[str] = NULL
    sets: bool = True
    exists: When = ()


class Stage(Resource, frozen=True, eq=False, kw_only=True):
    """A stage of an API."""

    kind: ClassVar[str] = "stage"

    api_id: Value[str] = NULL
    access_log: Value[str] = NULL  # destination ARN
    access_log_format: Value[str] = NULL
    throttle_rate: Value[float] = NULL  # requests a second, for all routes
    throttle_burst: Value[int] = NULL
    tracing: Value[bool] = unset(False, CFN + "aws-resource-apigateway-stage.html")
    execution_log_level: Value[str] = unset("OFF", CFN + "aws-properties-apigateway-stage-methodsetting.html")
    data_trace: Value[bool] = unset(False, CFN + "aws-properties-apigateway-stage-methodsetting.html")
    metrics: Value[bool] = unset(False, CFN + "aws-properties-apigateway-stage-methodsetting.html")
    client_certificate: Value[str] = NULL
    cache_enabled: Value[bool] = unset(False, CFN + "aws-resource-apigateway-stage.html")
    cache_encrypted: Value[bool] = unset(False, CFN + "aws-properties-apigateway-stage-methodsetting.html")
    auto_deploy: Value[bool] = unset(False, CFN + "aws-resource-apigatewayv2-stage.html")
    variables: Relation[EnvVar] = NONE
    deployed_api: Value[str] = NULL  # the API of the deployment that it names
    method_settings: Relation[MethodSetting] = NONE  # REST: every one that is written, also those of some methods only
    settings_at: Origin | None = None  # where the settings of all methods stand, which need not be in the stage's block
    # links
    api: Api | None = None
    web_acls: Relation[WebAclAssociation] = NONE


class Route(Resource, frozen=True, eq=False, kw_only=True):
    """One method of one path of an API (for WebSocket APIs: a route key).

    `authorization`: NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS or JWT: what holds after the API's default.
    `invocation`: the header by which the integration asks Lambda for a manner of invocation, as API Gateway maps it: a text
    in single quotes stands for itself. `timeout` is in milliseconds; what it is where nothing states it, the protocol decides.
    """

    kind: ClassVar[str] = "route"

    api_id: Value[str] = NULL
    method: Value[str] = NULL
    path: Value[str] = NULL
    authorization: Value[str] = unset("NONE", CFN + "aws-resource-apigateway-method.html")
    authorizer: Value[str] = NULL
    api_key: Value[bool] = unset(False, CFN + "aws-resource-apigateway-method.html")
    integration: Value[str] = NULL  # what it calls: a function's ARN, or another integration's URI
    connection: Value[str] = unset("INTERNET", CFN + "aws-properties-apigateway-method-integration.html")  # or VPC_LINK
    invocation: Value[str] = unset("'RequestResponse'", _ASYNC)
    timeout: Value[int] = NULL
    scopes: Relation[Value[str]] = NONE
    validator: Value[str] = NULL  # REST: what checks a request before the integration is called
    # links
    api: Api | None = None
    function: Function | None = None


class Authorizer(Resource, frozen=True, eq=False, kw_only=True):
    """An authorizer of an API. `form`: TOKEN, REQUEST, COGNITO_USER_POOLS or JWT."""

    kind: ClassVar[str] = "authorizer"

    api_id: Value[str] = NULL
    form: Value[str] = NULL
    function_arn: Value[str] = NULL
    providers: Relation[Value[str]] = NONE
    ttl: Value[int] = unset(300, CFN + "aws-resource-apigateway-authorizer.html")  # seconds
    identity_sources: Relation[Value[str]] = NONE
    token_pattern: Value[str] = NULL  # REST, TOKEN: what a token has to look like, or its function is not called
    # links
    api: Api | None = None
    function: Function | None = None


class Domain(Resource, frozen=True, eq=False, kw_only=True):
    """A custom domain name of an API."""

    kind: ClassVar[str] = "domain"

    tls_policy: Value[str] = NULL
    endpoint_type: Value[str] = NULL
    mutual_tls: Value[str] = NULL
    apis: Relation[Value[str]] = NONE  # the APIs that are mapped to it


class UsagePlan(Resource, frozen=True, eq=False, kw_only=True):
    """A usage plan: how much the holders of API keys may call the APIs that it names."""

    kind: ClassVar[str] = "usage-plan"

    apis: Relation[Value[str]] = NONE
    throttle_rate: Value[float] = NULL  # requests a second, for each key
    throttle_burst: Value[int] = NULL
    quota: Value[int] = NULL  # requests a period


class AclRule(Struct, frozen=True, eq=False, kw_only=True):
    """One rule of a web ACL. `counts` is set where its group does nothing but count what it finds."""

    origin: Origin
    exists: When = ()
    managed: Value[str] = NULL  # a group of rules that somebody keeps up to date
    group: Value[str] = NULL  # the ARN of a group of one's own
    counts: Value[str] = NULL
    counted: Relation[Value[str]] = NONE  # rules of the group that block nothing


class WebAcl(Resource, frozen=True, eq=False, kw_only=True):
    """A web ACL of WAF, in its order of rules."""

    kind: ClassVar[str] = "web-acl"

    acl_rules: Relation[AclRule] = NONE


class WebAclAssociation(Resource, frozen=True, eq=False, kw_only=True):
    """A web ACL put in front of a stage or a load balancer."""

    kind: ClassVar[str] = "web-acl-association"

    acl: Value[str] = NULL
    target: Value[str] = NULL
