"""APIs: who may call a route, after everything that SAM adds."""

from __future__ import annotations

import pytest

from stockade.model.app import Api, App, Authorizer, Domain, Route, Stage, UsagePlan
from stockade.text.document import Document
from stockade.text.node import Node
from stockade.text.yaml import read_yaml
from tests.inputs.sam.support import keyed, sam, written

_AUTH = """
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors: "'*'"
      Auth:
        DefaultAuthorizer: Token
        {extra}
        Authorizers:
          Token: {{FunctionArn: !GetAtt Judge.Arn}}
          People: {{UserPoolArn: arn:aws:cognito-idp:us-east-1:123456789012:userpool/p}}
  Judge: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b}}}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Events:
        Default: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /d, Method: get}}}}
        Open: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /o, Method: get, Auth: {{Authorizer: NONE}}}}}}
        Pool: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /p, Method: get, Auth: {{Authorizer: People}}}}}}
        Iam: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /i, Method: get, Auth: {{Authorizer: AWS_IAM}}}}}}
        Key: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /k, Method: get, Auth: {{ApiKeyRequired: true}}}}}}
"""


def _routes(app: App) -> dict[str, tuple[str, str, bool]]:
    return {
        f"{r.method.show()} {r.path.show()}": (
            r.authorization.show().removesuffix(" by default"),
            r.authorizer.show(),
            r.api_key.is_true().is_yes,
        )
        for r in app.of(Route)
    }


def test_the_default_authorizer_holds_unless_an_event_says_otherwise() -> None:
    """NONE, another authorizer, signed requests; CORS's own OPTIONS get the default too."""
    routes = _routes(sam(_AUTH.format(extra="ApiKeyRequired: false")))
    assert routes["GET /d"] == ("CUSTOM", "Token", False)
    assert routes["GET /o"] == ("NONE", "not set", False)
    assert routes["GET /p"] == ("COGNITO_USER_POOLS", "People", False)
    assert routes["GET /i"] == ("AWS_IAM", "not set", False)
    assert routes["GET /k"] == ("CUSTOM", "Token", True)
    assert routes["OPTIONS /d"][:2] == ("CUSTOM", "Token")


def test_preflight_requests_can_be_left_open() -> None:
    """`AddDefaultAuthorizerToCorsPreflight: false`, which browsers need."""
    routes = _routes(sam(_AUTH.format(extra="AddDefaultAuthorizerToCorsPreflight: false")))
    assert routes["OPTIONS /d"][0] == "NONE"
    assert routes["GET /d"][0] == "CUSTOM"


def test_an_authorizers_function_may_be_called_by_its_api() -> None:
    """The permission and the authorizer are at the user's authorizer."""
    app = sam(_AUTH.format(extra="ApiKeyRequired: true"))
    judge = next(f for f in app.functions if f.address == "Judge")
    (permission,) = judge.permissions.items
    assert permission.generated_by == "SAM Authorizers"
    assert written(permission) == "{FunctionArn: !GetAtt Judge.Arn}"
    forms = {a.name.show(): a.form.show() for a in app.of(Authorizer)}
    assert forms == {"Token": "TOKEN", "People": "COGNITO_USER_POOLS"}
    assert all(key for _, _, key in _routes(app).values())


def test_a_rest_api_has_the_stage_that_sam_makes_beside_the_users() -> None:
    """Without `OpenApiVersion` the deployment makes a stage called Stage, which serves the same routes."""
    app = sam(_AUTH.format(extra="ApiKeyRequired: false"))
    assert sorted(s.name.show() for s in app.of(Stage)) == ["Stage", "prod"]
    stage = keyed(app, "ApiprodStage")
    assert stage.site is not None
    assert written(stage) == "prod"


def test_the_users_document_is_read_with_its_own_places() -> None:
    """Routes of a `DefinitionBody` keep their lines, and the default authorizer comes over those without security."""
    app = sam(
        """
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Jwt
        Authorizers: {Jwt: {JwtConfiguration: {issuer: "https://i", audience: [a]}, IdentitySource: $request.header.A}}
      DefinitionBody:
        openapi: 3.0.1
        paths:
          /a:
            get:
              x-amazon-apigateway-integration: {type: http_proxy, uri: "https://x"}
            post:
              security: [{Jwt: [s]}]
              x-amazon-apigateway-integration: {type: http_proxy, uri: "https://x"}
"""
    )
    assert _routes(app) == {"GET /a": ("JWT", "Jwt", False), "POST /a": ("JWT", "Jwt", False)}
    assert all("x-amazon-apigateway-integration" in written(r) for r in app.of(Route))


_DOCUMENT = """
openapi: 3.0.1
paths:
  /from/file:
    get: {x-amazon-apigateway-integration: {type: http_proxy, uri: "https://x"}}
"""


@pytest.mark.parametrize("type_", ["Api", "HttpApi"])
def test_a_definition_in_a_file_is_read_if_it_can_be(type_: str) -> None:
    """`DefinitionUri` of a local file: its routes; of anything else: a gap that says so."""

    def local(path: str) -> Node | None:
        return read_yaml(Document(path, _DOCUMENT, syntax="yaml")).root if path == "api/openapi.yaml" else None

    text = "Resources: {{Api: {{Type: AWS::Serverless::{}, Properties: {{StageName: v1, DefinitionUri: {}}}}}}}\n"
    app = sam(text.format(type_, "./api/openapi.yaml"), local)
    assert list(_routes(app)) == ["GET /from/file"]
    assert not app.gaps
    for elsewhere in ("./other.yaml", "s3://bucket/key.yaml"):
        app = sam(text.format(type_, elsewhere), local)
        assert not app.of(Route)
        assert [(g.kind, g.hides) for g in app.gaps] == [("not-fetched", True)]


def test_a_domain_knows_all_apis_that_are_mapped_to_it() -> None:
    """Two APIs under one domain name."""
    domain = "Domain: {DomainName: own.example, CertificateArn: c, SecurityPolicy: TLS_1_0, BasePath: [x]}"
    app = sam(
        f"""
Resources:
  One: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1, {domain}}}}}
  Two: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1, {domain}}}}}
"""
    )
    (found,) = app.of(Domain)
    assert found.tls_policy.is_("TLS_1_0").is_yes
    assert {ref.target for value in found.apis for _, ref in value.references()} == {
        "template.yaml#One",
        "template.yaml#Two",
    }
    assert found.site is not None
    assert found.site.base == ("Properties",)


def test_a_shared_usage_plan_is_one_for_all() -> None:
    """`CreateUsagePlan: SHARED` of two APIs."""
    auth = "Auth: {ApiKeyRequired: true, UsagePlan: {CreateUsagePlan: SHARED, Throttle: {RateLimit: 3}}}"
    app = sam(
        f"""
Resources:
  One: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1, {auth}}}}}
  Two: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1, {auth}}}}}
"""
    )
    (plan,) = app.of(UsagePlan)
    assert len(plan.apis) == 2
    assert plan.throttle_rate.is_(3).is_yes


def test_an_unknown_default_authorizer_is_told() -> None:
    """The transform would refuse it; the routes are read as if there were none."""
    app = sam(
        "Resources:\n"
        "  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Auth: {DefaultAuthorizer: Nobody}}}\n"
    )
    assert [g.kind for g in app.gaps] == ["undefined"]
    assert isinstance(keyed(app, "Api"), Api)
