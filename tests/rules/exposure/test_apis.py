"""The rules about APIs and who reaches a function through them: SK109 to SK118, SK127."""

from __future__ import annotations

import pytest

from stockade.engine.findings import Finding
from stockade.model.intent import Set
from stockade.model.value import File
from tests.rules.support import judge

SAM = "Transform: AWS::Serverless-2016-10-31\n"


def function(name: str, *events: str, more: str = "") -> str:
    lines = "".join(f"        E{number}: {event}\n" for number, event in enumerate(events))
    return (
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        f"      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: src/\n{more}"
        + (f"      Events:\n{lines}" if events else "")
    )


def route(method: str, path: str, kind: str = "Api", more: str = "") -> str:
    return f"{{Type: {kind}, Properties: {{Method: {method}, Path: {path}{more}}}}}"


def api(properties: str = "", kind: str = "Api") -> str:
    stage = "StageName: prod" if kind == "Api" else ""
    inner = ", ".join(p for p in (stage, properties) if p)
    return f"  Shop: {{Type: AWS::Serverless::{kind}, Properties: {{{inner}}}}}\n"


OF_SHOP = ", RestApiId: !Ref Shop"
OF_HTTP = ", ApiId: !Ref Shop"


class TestOpenRoute:
    @pytest.mark.parametrize(
        ("method", "severity"), [("get", "medium"), ("post", "high"), ("any", "high"), ("delete", "high")]
    )
    @pytest.mark.parametrize("kind", ["Api", "HttpApi"])
    def test_severity_by_method(self, method: str, severity: str, kind: str) -> None:
        found = judge("SK112", SAM + "Resources:\n" + function("Orders", route(method, "/orders", kind)))
        assert found.severities == [severity]
        assert found.by_function == {"Orders": "fail"}

    def test_the_finding_stands_at_the_event(self) -> None:
        text = SAM + "Resources:\n" + function("Orders", route("post", "/orders"))
        found = judge("SK112", text)
        assert found.lines == [next(n for n, line in enumerate(text.splitlines(), 1) if "E0:" in line)]

    def test_an_api_without_any_authorizer_is_one_finding(self) -> None:
        text = (
            SAM
            + "Resources:\n"
            + function("A", route("get", "/a"), route("post", "/a"))
            + function("B", route("get", "/b"))
        )
        found = judge("SK112", text)
        assert len(found.fails) == 1
        assert found.severities == ["high"]
        assert found.by_function == {"A": "fail", "B": "fail"}
        assert len(found.fails[0].related) == 3

    def test_a_hole_in_a_guarded_api_is_told_by_route(self) -> None:
        guarded = route("post", "/a", more=OF_SHOP + ", Auth: {Authorizer: AWS_IAM}")
        text = SAM + "Resources:\n" + api() + function("A", guarded) + function("B", route("get", "/b", more=OF_SHOP))
        found = judge("SK112", text)
        assert found.by_function == {"A": "pass", "B": "fail"}

    @pytest.mark.parametrize(
        "properties",
        [
            "Auth: {DefaultAuthorizer: AWS_IAM}",
            'Auth: {DefaultAuthorizer: Pool, Authorizers: {Pool: {UserPoolArn: "arn:aws:cognito-idp:a:1:userpool/p"}}}',
            "EndpointConfiguration: {Type: PRIVATE}",
            'Auth: {ResourcePolicy: {IpRangeWhitelist: ["10.0.0.0/8"]}}',
        ],
    )
    def test_what_keeps_people_out(self, properties: str) -> None:
        text = SAM + "Resources:\n" + api(properties) + function("A", route("post", "/a", more=OF_SHOP))
        assert judge("SK112", text).by_function == {"A": "pass"}

    def test_client_certificates_keep_people_out_where_there_is_no_way_around(self) -> None:
        domain = (
            "Domain: {DomainName: a.example, CertificateArn: c, SecurityPolicy: TLS_1_2, "
            "MutualTlsAuthentication: {TruststoreUri: s3://b/k}}"
        )
        only = SAM + "Resources:\n" + api(domain + ", DisableExecuteApiEndpoint: true")
        assert judge("SK112", only + function("A", route("post", "/a", more=OF_SHOP))).by_function == {"A": "pass"}
        both = SAM + "Resources:\n" + api(domain) + function("A", route("post", "/a", more=OF_SHOP))
        assert judge("SK112", both).by_function == {"A": "fail"}
        assert judge("SK127", both).severities == ["medium"]

    def test_one_route_may_opt_out_of_the_default(self) -> None:
        open_ = route("get", "/health", more=OF_SHOP + ", Auth: {Authorizer: NONE}")
        text = (
            SAM + "Resources:\n" + api("Auth: {DefaultAuthorizer: AWS_IAM}")
            + function("A", route("post", "/a", more=OF_SHOP), open_)
        )  # fmt: skip
        (finding,) = judge("SK112", text).fails
        assert finding.severity == "medium"
        assert finding.span is not None
        assert finding.span.text == "NONE"

    def test_preflight_is_fine(self) -> None:
        text = SAM + "Resources:\n" + function("A", route("options", "/a"))
        assert judge("SK112", text).by_function == {"A": "pass"}

    def test_an_api_key_is_another_rules_business(self) -> None:
        text = SAM + "Resources:\n" + function("A", route("post", "/a", more=", Auth: {ApiKeyRequired: true}"))
        assert not judge("SK112", text).findings
        assert judge("SK113", text).severities == ["medium"]

    def test_a_mock_calls_nothing(self) -> None:
        text = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: MOCK}
"""
        assert not judge("SK112", text).findings

    SOCKET = """
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
  Call:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: "arn:aws:apigateway:a:lambda:path/x"}
  Send:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: send, Target: !Sub "integrations/${Call}"}
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: $connect, AuthorizationType: %s, Target: !Sub "integrations/${Call}"}
"""

    def test_a_websocket_is_open_where_one_connects(self) -> None:
        found = judge("SK112", self.SOCKET % "NONE")
        (finding,) = found.fails
        assert finding.message == "anyone can call the 2 routes of `Api` (send and $connect)"
        assert finding.span is not None
        assert finding.span.text == "NONE"
        assert [label.text for label in finding.related] == ["`send`: whoever is connected can call it"]
        assert finding.help == "set `AuthorizationType` of the route `$connect`: it lets clients in"
        (fix,) = finding.fixes
        assert [intent.resource.address for intent in fix.intents if isinstance(intent, Set)] == ["Connect"]
        assert not judge("SK112", self.SOCKET % "AWS_IAM").findings

    def test_a_mocked_connect_opens_what_comes_after_it(self) -> None:
        text = """
resource "aws_apigatewayv2_api" "chat" {
  name                       = "chat"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}
resource "aws_apigatewayv2_integration" "mock" {
  api_id           = aws_apigatewayv2_api.chat.id
  integration_type = "MOCK"
}
resource "aws_apigatewayv2_integration" "topic" {
  api_id           = aws_apigatewayv2_api.chat.id
  integration_type = "AWS"
  integration_uri  = "arn:aws:apigateway:eu-west-1:sns:action/Publish"
}
resource "aws_apigatewayv2_route" "connect" {
  api_id             = aws_apigatewayv2_api.chat.id
  route_key          = "$connect"
  authorization_type = "%s"
  target             = "integrations/${aws_apigatewayv2_integration.mock.id}"
}
resource "aws_apigatewayv2_route" "order" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "order"
  target    = "integrations/${aws_apigatewayv2_integration.topic.id}"
}
"""
        (finding,) = judge("SK112", text % "NONE").fails
        assert finding.message == "anyone can call `order` of `aws_apigatewayv2_api.chat`"
        assert finding.span is not None
        assert finding.span.text == '"NONE"'
        assert finding.help.startswith("set `authorization_type` of the route `$connect`")
        assert [label.text for label in finding.related] == ["`order`: whoever is connected can call it"]
        assert not judge("SK112", text % "AWS_IAM").findings
        without = (
            text[: text.index('resource "aws_apigatewayv2_route" "connect"')]
            + text[text.index('resource "aws_apigatewayv2_route" "order"') :]
        )
        (undeclared,) = judge("SK112", without).fails
        assert undeclared.help.startswith("declare the route `$connect`")
        assert not undeclared.fixes[0].intents

    def test_the_key_of_a_route_without_a_method(self) -> None:
        text = """
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.shop.id
  integration_type = "AWS_PROXY"
  integration_uri  = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
}
resource "aws_apigatewayv2_route" "rest" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.orders.id}"
}
"""
        (finding,) = judge("SK112", text).fails
        assert finding.message == "anyone can call `$default` of `aws_apigatewayv2_api.shop`"
        assert finding.help == "set `authorization_type` of the route to AWS_IAM, or to what its authorizer is"

    @pytest.mark.parametrize(
        ("policies", "severity"),
        [
            ("[{Statement: {Effect: Allow, Action: dynamodb:GetItem, Resource: '*'}}]", "medium"),
            ("[{Statement: {Effect: Allow, Action: [logs:*, xray:*, cloudwatch:Put*], Resource: '*'}}]", "medium"),
            ("[{Statement: {Effect: Allow, Action: [kms:Decrypt, 'kms:GenerateDataKey*'], Resource: '*'}}]", "medium"),
            ("[AWSLambdaVPCAccessExecutionRole, AmazonS3ReadOnlyAccess]", "medium"),
            ("[{Statement: {Effect: Deny, Action: 'dynamodb:*', Resource: '*'}}]", "medium"),
            ("[{Statement: {Effect: Allow, Action: dynamodb:PutItem, Resource: '*'}}]", "high"),
            ("[{Statement: {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}}]", "high"),
            ("[{Statement: {Effect: Allow, NotAction: 'iam:*', Resource: '*'}}]", "high"),
            ("[AmazonS3FullAccess]", "high"),
            ("[{DynamoDBCrudPolicy: {TableName: t}}]", "high"),
            ("[{DynamoDBReadPolicy: {TableName: t}}]", "medium"),
        ],
    )
    def test_reading_weighs_more_where_the_function_may_write(self, policies: str, severity: str) -> None:
        more = f"      Policies: {policies}\n"
        text = SAM + "Resources:\n" + function("Orders", route("get", "/orders"), more=more)
        (finding,) = judge("SK112", text).fails
        assert finding.severity == severity
        labels = [label.text for label in finding.related]
        assert labels == (
            ["lets `Orders` change something, so that reading weighs as much as writing"] if severity == "high" else []
        )

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (
                """
Resources:
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: "arn:aws:apigateway:eu-west-1:lambda:path/x"}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
""",
                "`AuthorizationType` of the method",
            ),
            (
                """
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }
resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "get" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  resource_id = aws_api_gateway_rest_api.shop.root_resource_id
  http_method = aws_api_gateway_method.get.http_method
  type        = "AWS_PROXY"
  uri         = "arn:aws:apigateway:eu-west-1:lambda:path/x"
}
""",
                "`authorization` of the method",
            ),
        ],
    )
    def test_it_stands_where_no_authorization_is_written(self, text: str, words: str) -> None:
        (finding,) = judge("SK112", text).fails
        assert finding.span is not None
        assert finding.span.text.strip('"') == "NONE"
        assert words in finding.help


class TestStages:
    def test_throttling(self) -> None:
        limits = (
            'MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5}]'
        )
        shop = function("A", route("post", "/a", more=OF_SHOP))
        assert judge("SK114", SAM + "Resources:\n" + api() + shop).severities == ["medium"]
        assert judge("SK114", SAM + "Resources:\n" + api(limits) + shop).by_function == {"A": "pass"}
        closed = api("Auth: {DefaultAuthorizer: AWS_IAM}")
        assert judge("SK114", SAM + "Resources:\n" + closed + shop).severities == ["low"]

    @pytest.mark.parametrize(
        ("events", "where"),
        [
            (route("get", "/a", more=OF_SHOP), "in its `MethodSettings`"),
            (route("get", "/a"), "in the `MethodSettings` under `Api` in `Globals`, or of an API that you declare"),
            (
                route("get", "/a", "HttpApi"),
                "in the `DefaultRouteSettings` under `HttpApi` in `Globals`, or of an API that you declare",
            ),
        ],
    )
    def test_the_help_says_where_the_limits_are_written(self, events: str, where: str) -> None:
        shop = api() if OF_SHOP in events else ""
        (finding,) = judge("SK114", SAM + "Resources:\n" + shop + function("A", events)).fails
        assert finding.help == f"set a rate and a burst limit for all routes {where}"

    @pytest.mark.parametrize(
        ("limits", "verdict"),
        [
            ("Throttle: {RateLimit: 10, BurstLimit: 20}", "pass"),
            ("Quota: {Limit: 5000, Period: MONTH}", "pass"),
            ("UsagePlanName: free", "fail"),
        ],
    )
    def test_a_usage_plan_meters_keys_if_it_limits_anything(self, limits: str, verdict: str) -> None:
        key = function("A", route("post", "/a", more=OF_SHOP + ", Auth: {ApiKeyRequired: true}"))
        plan = "\n".join(
            (
                "  Plan:",
                "    Type: AWS::ApiGateway::UsagePlan",
                f"    Properties: {{ApiStages: [{{ApiId: !Ref Shop, Stage: prod}}], {limits}}}\n",
            )
        )
        assert judge("SK114", SAM + "Resources:\n" + api() + key + plan).by_function == {"A": verdict}

    def test_a_usage_plan_that_is_elsewhere_may_limit_or_not(self) -> None:
        key = function("A", route("post", "/a", more=OF_SHOP + ", Auth: {ApiKeyRequired: true}"))
        assert judge("SK114", SAM + "Resources:\n" + api() + key).by_function == {"A": "unknown"}

    def test_http_apis_have_no_firewall(self) -> None:
        text = SAM + "Resources:\n" + function("A", route("post", "/a", "HttpApi"))
        assert judge("SK115", text).by_function == {"A": "not_applicable"}
        found = judge("SK116", text)
        assert found.severities == ["medium"]
        assert found.fails[0].message.endswith("keeps no access log")

    def test_it_stands_at_the_settings_of_all_methods_where_there_are_some(self) -> None:
        settings = "MethodSettings: [{HttpMethod: GET, ResourcePath: /a, MetricsEnabled: true}, %s]"
        every = '{HttpMethod: "*", ResourcePath: "/*", MetricsEnabled: true}'
        (finding,) = judge("SK114", SAM + "Resources:\n" + api(settings % every)).fails
        assert finding.span is not None
        assert finding.span.text == every
        terraform = """
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }
resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  stage_name    = "prod"
  deployment_id = "d"
}
resource "aws_api_gateway_method_settings" "%s" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  stage_name  = aws_api_gateway_stage.prod.stage_name
  method_path = "%s"

  settings { metrics_enabled = true }
}
"""
        (of_all,) = judge("SK114", terraform % ("every", "*/*")).fails
        assert of_all.span is not None
        assert of_all.span.text.startswith('resource "aws_api_gateway_method_settings" "every"')
        (of_one,) = judge("SK114", terraform % ("one", "orders/GET")).fails
        assert of_one.span is not None
        assert of_one.span.text.startswith('resource "aws_api_gateway_stage" "prod"')


class TestTls:
    @pytest.mark.parametrize(
        ("policy", "verdict"),
        [
            (", SecurityPolicy: TLS_1_0", "fail"),
            (", SecurityPolicy: TLS_1_2", "pass"),
            ("", "pass"),
            (", SecurityPolicy: !Ref Policy", "unknown"),
        ],
    )
    def test_of_domain_names(self, policy: str, verdict: str) -> None:
        domain = f"Domain: {{DomainName: a.example, CertificateArn: c{policy}}}"
        text = "Parameters: {Policy: {Type: String}}\n" + SAM + "Resources:\n" + api(domain)
        assert judge("SK117", text + function("A", route("post", "/a", more=OF_SHOP))).by_function == {"A": verdict}


class TestUncapped:
    URL = "      FunctionUrlConfig: {AuthType: NONE}\n"
    WITHOUT_STAGE = """
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_integration" "orders" {
  api_id           = aws_apigatewayv2_api.shop.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.orders.invoke_arn
}
resource "aws_apigatewayv2_route" "orders" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "GET /orders"
  target    = "integrations/${aws_apigatewayv2_integration.orders.id}"
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
}
"""

    def test_only_where_anybody_can_invoke(self) -> None:
        text = SAM + "Resources:\n" + function("A", '{Type: Schedule, Properties: {Schedule: "rate(1 day)"}}')
        assert judge("SK118", text).by_function == {"A": "not_applicable"}

    def test_an_open_url(self) -> None:
        assert judge("SK118", SAM + "Resources:\n" + function("A", more=self.URL)).severities == ["medium"]
        capped = self.URL + "      ReservedConcurrentExecutions: 5\n"
        assert judge("SK118", SAM + "Resources:\n" + function("A", more=capped)).by_function == {"A": "pass"}

    def test_the_functions_behind_one_api_are_one_finding(self) -> None:
        text = SAM + "Resources:\n" + function("A", route("get", "/a")) + function("B", route("get", "/b"))
        found = judge("SK118", text)
        assert not found.findings, "the rule about the stage tells it"
        assert found.by_function == {"A": "fail", "B": "fail"}
        (finding,) = judge("SK114", text).fails
        assert [label.text for label in finding.related] == ["has no reserved concurrency either"] * 2
        (without_stage,) = judge("SK118", self.WITHOUT_STAGE).fails
        assert without_stage.severity == "low"

    def test_throttling_is_a_cap(self) -> None:
        limits = (
            'MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5}]'
        )
        text = SAM + "Resources:\n" + api(limits) + function("A", route("post", "/a", more=OF_SHOP))
        assert judge("SK118", text).by_function == {"A": "pass"}

    def test_the_help_says_where_the_edit_goes(self) -> None:
        (url,) = judge("SK118", SAM + "Resources:\n" + function("A", more=self.URL)).fails
        assert url.message.endswith("and nothing below the account's limit caps how often at once")
        assert url.help == "set `ReservedConcurrentExecutions` of `A`, after a look at the account's limit"
        (terraform,) = judge("SK118", self.WITHOUT_STAGE).fails
        assert terraform.message == (
            "anyone can invoke `aws_lambda_function.orders` through `aws_apigatewayv2_api.shop`: no stage here limits the rate, "
            "and nothing below the account's limit caps how often at once"
        )
        assert terraform.help == (
            "set `reserved_concurrent_executions` of `aws_lambda_function.orders`, after a look at the account's limit; "
            "or limit the rate of its stage in its `default_route_settings`, where that stage is made"
        )

    @pytest.mark.parametrize(
        ("written", "verdict"),
        [
            ("Identity: {ReauthorizeEvery: 0}", "fail"),
            ("FunctionPayloadType: REQUEST, Identity: {Headers: [A], ReauthorizeEvery: 0}", "fail"),
            ("Identity: {ReauthorizeEvery: 0, ValidationExpression: 'Bearer .+'}", "not_applicable"),
            ("Identity: {ReauthorizeEvery: 60}", "not_applicable"),
            ("Identity: {Header: Authorization}", "not_applicable"),
            ("Identity: {ReauthorizeEvery: !Ref Seconds}", "unknown"),
        ],
    )
    def test_whoever_calls_runs_an_authorizer_that_remembers_nothing(self, written: str, verdict: str) -> None:
        auth = f"Auth: {{DefaultAuthorizer: Own, Authorizers: {{Own: {{FunctionArn: !GetAtt A.Arn, {written}}}}}}}"
        text = SAM + "Parameters: {Seconds: {Type: Number}}\nResources:\n" + api(auth) + function("A")
        found = judge("SK118", text + function("B", route("get", "/b", more=OF_SHOP)))
        assert found.by_function["A"] == verdict

    @pytest.mark.parametrize(
        ("authorizer", "method", "verdict"),
        [
            ("authorizer_result_ttl_in_seconds = 0", 'authorization = "CUSTOM"', "fail"),
            (
                "authorizer_result_ttl_in_seconds = 0",
                'authorization = "CUSTOM"\n  api_key_required = true',
                "not_applicable",
            ),
            (
                'authorizer_result_ttl_in_seconds = 0\n  identity_validation_expression = "Bearer .+"',
                'authorization = "CUSTOM"',
                "not_applicable",
            ),
            ("", 'authorization = "CUSTOM"', "not_applicable"),
        ],
    )
    def test_an_authorizer_of_terraform(self, authorizer: str, method: str, verdict: str) -> None:
        text = f"""
resource "aws_api_gateway_rest_api" "shop" {{ name = "shop" }}
resource "aws_lambda_function" "checks" {{
  function_name = "checks"
  role          = "arn:aws:iam::111122223333:role/checks"
}}
resource "aws_api_gateway_authorizer" "own" {{
  name           = "own"
  rest_api_id    = aws_api_gateway_rest_api.shop.id
  authorizer_uri = aws_lambda_function.checks.invoke_arn
  {authorizer}
}}
resource "aws_api_gateway_method" "root" {{
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorizer_id = aws_api_gateway_authorizer.own.id
  {method}
}}
"""
        assert judge("SK118", text).by_function == {"aws_lambda_function.checks": verdict}
        unused = text[: text.index('resource "aws_api_gateway_method"')]
        assert judge("SK118", unused).by_function == {"aws_lambda_function.checks": "not_applicable"}

    @pytest.mark.parametrize("service", [False, True])
    def test_a_stage_that_is_made_elsewhere_is_not_spoken_of(self, service: bool) -> None:  # noqa: FBT001 - a case
        own = """Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: "arn:aws:iam::111122223333:role/a", Code: {S3Bucket: b, S3Key: k}}
"""
        head = "service: shop\nprovider: {name: aws, runtime: python3.13}\nresources:\n"
        text = head + "".join(f"  {line}\n" for line in own.splitlines()) if service else own
        (finding,) = judge("SK118", text).fails
        assert "through `Api`: no stage here limits the rate, and " in finding.message
        assert finding.help.startswith("set `ReservedConcurrentExecutions` of `Orders`, ")
        assert finding.help.endswith("or limit the rate of its stage in its `MethodSettings`, where that stage is made")


class TestCors:
    @pytest.mark.parametrize(
        ("cors", "severities"),
        [
            ('AllowOrigins: ["*"], AllowCredentials: true', ["high"]),
            ('AllowOrigins: ["https://*"], AllowCredentials: true', ["high"]),
            ('AllowOrigins: ["*"]', ["low"]),
            ('AllowOrigins: ["https://a.example"], AllowCredentials: true', []),
            ('AllowOrigins: ["https://a.example"], AllowMethods: ["*"]', ["info"]),
            ('AllowOrigins: ["https://a.example"], AllowMethods: ["*"], AllowCredentials: true', ["info"]),
            ('AllowOrigins: ["*"], AllowMethods: ["*"], AllowHeaders: ["*"]', ["low"]),
        ],
    )
    def test_of_urls_and_apis(self, cors: str, severities: list[str]) -> None:
        url = f"      FunctionUrlConfig: {{AuthType: NONE, Cors: {{{cors}}}}}\n"
        assert judge("SK109", SAM + "Resources:\n" + function("A", more=url)).severities == severities
        http = api(f"CorsConfiguration: {{{cors}}}", "HttpApi") + function("A", route("get", "/a", "HttpApi", OF_HTTP))
        assert judge("SK110", SAM + "Resources:\n" + http).severities == severities

    def test_a_page_can_not_sign(self) -> None:
        def url(auth: str, more: str = "") -> Finding:
            block = f"      FunctionUrlConfig: {{AuthType: {auth}, Cors: {{AllowOrigins: ['*']{more}}}}}\n"
            (finding,) = judge("SK109", SAM + "Resources:\n" + function("A", more=block)).fails
            return finding

        assert url("NONE").persona == "regular"
        assert url("AWS_IAM").persona == "pedantic"
        with_cookies = url("AWS_IAM", ", AllowCredentials: true")
        assert (with_cookies.persona, with_cookies.severity) == ("pedantic", "low")
        assert "credentials" not in with_cookies.message
        assert "pages of every origin that sign their requests in the query string may call" in with_cookies.message
        for headers in ("'*'", "authorization"):
            named = url("AWS_IAM", f", AllowHeaders: [{headers}]")
            assert "pages of every origin that can sign their requests may call" in named.message
        assert url("NONE", ", AllowCredentials: true").severity == "high"

    def test_a_url_that_asks_for_signatures_in_production_only(self) -> None:
        block = (
            "      FunctionUrlConfig: {AuthType: !If [IsProd, AWS_IAM, NONE], "
            "Cors: {AllowOrigins: ['*'], AllowCredentials: true}}\n"
        )
        text = "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\n"
        found = judge("SK109", text + SAM + "Resources:\n" + function("A", more=block)).fails
        assert sorted((f.severity, f.persona) for f in found) == [("high", "regular"), ("low", "pedantic")]
        assert any(f.message.endswith("when Stage is not prod") for f in found if f.severity == "high")

    def test_who_may_read_the_answers_of_a_rest_api(self) -> None:
        """Its OPTIONS methods only say what may be sent."""

        def fault(*answers: str) -> Finding:
            methods = "".join(
                f"  M{number}:\n    Type: AWS::ApiGateway::Method\n    Properties:\n"
                "      RestApiId: !Ref Api\n      ResourceId: !GetAtt Api.RootResourceId\n"
                f"      HttpMethod: {method}\n      AuthorizationType: NONE\n"
                "      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200, ResponseParameters: "
                f"{{method.response.header.Access-Control-Allow-Origin: \"'{origin}'\"}}}}]}}\n"
                for number, (method, _, origin) in enumerate(answer.partition(" ") for answer in answers)
            )
            text = "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}\n" + methods
            (finding,) = judge("SK110", text).fails
            return finding

        preflight = fault("OPTIONS *", "OPTIONS *", "GET https://shop.example.com")
        assert (preflight.severity, preflight.persona) == ("info", "pedantic")
        assert preflight.message == (
            "preflight requests of every origin pass at `Api`; whether pages can read its answers is decided by the headers "
            "that these come with"
        )
        assert [label.text for label in preflight.related] == ["and here"]
        read = fault("OPTIONS *", "GET *")
        assert (read.severity, read.persona) == ("low", "regular")
        assert "and read its answers" in read.message
        assert [label.text for label in read.related] == ["and here"]

    @pytest.mark.parametrize(
        ("authorizer", "credentials", "told"),
        [
            ("", "", ("low", "regular", "and read its answers")),
            ("Jwt", "", ("low", "pedantic", "that hold what the authorizers ask for may call")),
            ("Jwt", ", AllowCredentials: true", ("low", "pedantic", "that hold what the authorizers ask for may call")),
            ("Asks", ", AllowCredentials: true", ("medium", "regular", "if its authorizer takes cookies")),
            (
                "AWS_IAM",
                ", AllowCredentials: true",
                ("low", "pedantic", "that sign their requests in the query string"),
            ),
        ],
    )
    def test_a_browser_lends_a_page_nothing_but_cookies(
        self, authorizer: str, credentials: str, told: tuple[str, str, str]
    ) -> None:
        authorizers = (
            "Auth: {EnableIamAuthorizer: true, Authorizers: {Asks: {AuthorizerPayloadFormatVersion: '2.0', "
            "FunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:a}, "
            "Jwt: {IdentitySource: $request.header.Authorization, "
            "JwtConfiguration: {issuer: 'https://id.example.com', audience: [a]}}}}"
        )
        cors = f"CorsConfiguration: {{AllowOrigins: ['https://*']{credentials}}}"
        auth = OF_HTTP + (f", Auth: {{Authorizer: {authorizer}}}" if authorizer else "")
        text = SAM + "Resources:\n" + api(f"{cors}, {authorizers}", "HttpApi")
        (finding,) = judge("SK110", text + function("A", route("get", "/a", "HttpApi", auth))).fails
        severity, persona, words = told
        assert (finding.severity, finding.persona) == (severity, persona)
        assert words in finding.message

    @pytest.mark.parametrize(
        ("headers", "words"),
        [
            ("['*']", ", with every header but `Authorization`"),
            ("['*', authorization]", ", with every header"),
            ("[Authorization]", "read its answers"),
        ],
    )
    def test_a_star_among_the_headers_is_not_all(self, headers: str, words: str) -> None:
        """Fetch: Authorization is the one name that a wildcard does not stand for."""
        http = api(f"CorsConfiguration: {{AllowOrigins: ['*'], AllowHeaders: {headers}}}", "HttpApi")
        (finding,) = judge("SK110", SAM + "Resources:\n" + http).fails
        assert finding.message.endswith(words)

    @pytest.mark.parametrize(
        ("cors", "words"),
        [
            ("AllowOrigins: ['*']", "with the user's credentials"),
            (
                "AllowOrigins: ['https://a.example']",
                "every method at the URL of `A`, in requests without the user's credentials",
            ),
        ],
    )
    def test_with_credentials_a_star_is_only_itself(self, cors: str, words: str) -> None:
        block = f"      FunctionUrlConfig: {{AuthType: NONE, Cors: {{{cors}, AllowMethods: ['*'], AllowCredentials: true}}}}\n"
        (finding,) = judge("SK109", SAM + "Resources:\n" + function("A", more=block)).fails
        assert finding.message.endswith(words)

    def test_that_every_method_may_be_used_stands_where_it_is_written(self) -> None:
        block = """      FunctionUrlConfig:
        AuthType: NONE
        Cors:
          AllowOrigins: ['https://a.example']
          AllowMethods: ['*']
"""
        text = SAM + "Resources:\n" + function("A", more=block)
        assert judge("SK109", text).lines == [1 + text[: text.index("['*']")].count("\n")]

    @pytest.mark.parametrize(
        ("auth", "more", "fails"),
        [
            ("NONE", "", 0),
            ("NONE", ", AllowMethods: [GET, POST], AllowHeaders: [Accept]", 0),
            ("NONE", ", AllowMethods: [GET, PUT]", 1),
            ("NONE", ", AllowMethods: ['*']", 1),
            ("NONE", ", AllowHeaders: [content-type]", 1),
            ("AWS_IAM", ", AllowHeaders: [content-type]", 0),
            ("AWS_IAM", ", AllowHeaders: [content-type, Authorization]", 1),
            ("AWS_IAM", ", AllowHeaders: ['*']", 1),
        ],
    )
    def test_a_max_age_is_missed_where_browsers_have_something_to_remember(
        self, auth: str, more: str, fails: int
    ) -> None:
        cors = f"{{AllowOrigins: ['https://a.example']{more}}}"
        block = f"      FunctionUrlConfig: {{AuthType: {auth}, Cors: {cors}}}\n"
        assert len(judge("SK111", SAM + "Resources:\n" + function("A", more=block)).fails) == fails
        signed = "Auth: {EnableIamAuthorizer: true}"
        one = OF_HTTP + (", Auth: {Authorizer: AWS_IAM}" if auth == "AWS_IAM" else "")
        http = api(f"CorsConfiguration: {cors}, {signed}", "HttpApi") + function(
            "A", route("get", "/a", "HttpApi", one)
        )
        assert len(judge("SK111", SAM + "Resources:\n" + http).fails) == fails

    def test_a_max_age_is_missed_at_a_method_that_browsers_ask_before(self) -> None:
        def methods(*rows: tuple[str, str]) -> str:
            return (
                "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}\n"
                + "".join(
                    f"  P{path}: {{Type: AWS::ApiGateway::Resource, Properties: "
                    f"{{RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: {path}}}}}\n"
                    for path in ("a", "b")
                )
                + "".join(
                    f"  {path}{method}:\n    Type: AWS::ApiGateway::Method\n    Properties:\n"
                    f"      RestApiId: !Ref Api\n      ResourceId: !Ref P{path}\n"
                    f"      HttpMethod: {method}\n      AuthorizationType: NONE\n"
                    "      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200"
                    + (
                        f", ResponseParameters: {{method.response.header.Access-Control-Allow-Origin: \"'{path}'\"}}"
                        if method == "OPTIONS"
                        else ""
                    )
                    + "}]}\n"
                    for path, method in rows
                )
            )

        reads = (("a", "OPTIONS"), ("a", "GET"), ("b", "OPTIONS"))
        for rows, path in (((*reads, ("b", "POST")), "b"), ((*reads, ("b", "GET")), "a")):
            (finding,) = judge("SK111", methods(*rows)).fails
            assert finding.span is not None
            assert finding.span.text == f"\"'{path}'\""
            assert finding.message == (
                "browsers repeat the preflight request for nearly every call of `Api` that they ask about first"
            )
            assert (
                finding.help == "answer preflight requests with the header `Access-Control-Max-Age` too, for each path"
            )
            (other,) = finding.related
            assert other.text == "and here"
            assert isinstance(other.origin, File)
            assert other.origin.span.text == f"\"'{'a' if path == 'b' else 'b'}'\""
        age = "\"'b'\", method.response.header.Access-Control-Max-Age: \"'600'\""
        aged = methods(*reads, ("b", "POST")).replace("\"'b'\"", age)
        (finding,) = judge("SK111", aged).fails
        assert finding.span is not None
        assert finding.span.text == "\"'a'\""
        assert not finding.related

    def test_each_path_of_a_service_lacks_a_max_age_by_itself(self) -> None:
        text = (
            "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  a:\n    handler: a.b\n    events:\n"
            "      - http: {path: todos, method: get, cors: true}\n"
            "      - http: {path: todos/new, method: put, cors: true}\n"
        )
        (finding,) = judge("SK111", text).fails
        assert finding.span is not None
        assert finding.span.line == 8
        assert [(one.text, one.origin.span.line) for one in finding.related if isinstance(one.origin, File)] == [
            ("and here", 7)
        ]
        assert finding.help == (
            "state `maxAge` in `cors` of an event `http` (for `true`, that is `cors: {origin: '*', maxAge: 600}`), for each path"
        )
        assert [fix.safety for fix in finding.fixes] == ["advice"]
        again = text.replace("cors: true", "cors: {origin: '*', maxAge: 600}")
        assert not judge("SK111", again).fails

    def test_the_cors_of_a_path_is_shown_that_counts(self) -> None:
        text = (
            "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  a:\n    handler: a.b\n    events:\n"
            "      - http:\n          path: todos\n          method: put\n          cors: true\n"
            "      - http:\n          path: todos\n          method: get\n          cors: true\n"
        )
        (finding,) = judge("SK111", text).fails
        assert finding.span is not None
        assert (finding.span.line, finding.span.text) == (14, "true")
        # One of them says it for the path.
        one = text.replace("cors: true", "cors: {origin: '*', maxAge: 600}", 1)
        assert not judge("SK111", one).fails

    @pytest.mark.parametrize(
        ("authorizer", "headers", "fails"),
        [
            ("Jwt", "['*']", 0),
            ("Jwt", "['*', authorization]", 1),
            ("Jwt", "[content-type]", 0),
            ("Asks", "['*']", 0),
            ("Elsewhere", "['*']", 1),
            ("NONE", "['*']", 1),
            ("AWS_IAM", "['*']", 1),
        ],
    )
    def test_a_star_lets_no_token_through(self, authorizer: str, headers: str, fails: int) -> None:
        """Fetch: `*` is no `Authorization`, so that a call with a token never gets past its preflight request."""
        function_arn = (
            "FunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:a, AuthorizerPayloadFormatVersion: '2.0'"
        )
        authorizers = (
            "Auth: {EnableIamAuthorizer: true, Authorizers: {"
            f"Asks: {{{function_arn}, Identity: {{Headers: [Authorization]}}}}, "
            f"Elsewhere: {{{function_arn}, Identity: {{Headers: [X-Token]}}}}, "
            "Jwt: {IdentitySource: $request.header.Authorization, "
            "JwtConfiguration: {issuer: 'https://id.example.com', audience: [a]}}}}"
        )
        http = api(f"CorsConfiguration: {{AllowOrigins: ['*'], AllowHeaders: {headers}}}, {authorizers}", "HttpApi")
        routed = route("post", "/a", "HttpApi", f"{OF_HTTP}, Auth: {{Authorizer: {authorizer}}}")
        text = SAM + "Resources:\n" + http
        assert len(judge("SK111", text + function("A", routed)).fails) == fails
        two = judge("SK111", text + function("A", routed) + function("B", route("post", "/b", "HttpApi", OF_HTTP)))
        assert len(two.fails) == 1

    @pytest.mark.parametrize(("headers", "fails"), [("'*'", 0), ("'Content-Type,Authorization'", 1)])
    def test_a_star_lets_no_token_through_to_a_rest_api(self, headers: str, fails: int) -> None:
        pool = "Authorizers: {Pool: {UserPoolArn: 'arn:aws:cognito-idp:eu-west-1:111122223333:userpool/p'}}"
        auth = f"Auth: {{DefaultAuthorizer: Pool, AddDefaultAuthorizerToCorsPreflight: false, {pool}}}"
        text = api(f'Cors: {{AllowOrigin: "\'*\'", AllowHeaders: "{headers}"}}, {auth}')
        assert (
            len(judge("SK111", SAM + "Resources:\n" + text + function("A", route("post", "/a", more=OF_SHOP))).fails)
            == fails
        )

    @pytest.mark.parametrize(("headers", "fails"), [('"*"', 0), ('"authorization"', 1)])
    def test_a_star_lets_no_token_through_in_other_formats(self, headers: str, fails: int) -> None:
        terraform = f"""
resource "aws_apigatewayv2_api" "shop" {{
  name          = "shop"
  protocol_type = "HTTP"
  cors_configuration {{
    allow_origins = ["*"]
    allow_headers = [{headers}]
  }}
}}
resource "aws_apigatewayv2_authorizer" "users" {{
  api_id           = aws_apigatewayv2_api.shop.id
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  name             = "users"
}}
resource "aws_apigatewayv2_route" "post" {{
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "POST /orders"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.users.id
}}
"""
        service = (
            "service: shop\nprovider:\n  name: aws\n  runtime: python3.13\n  httpApi:\n"
            f"    cors: {{allowedOrigins: ['*'], allowedHeaders: [{headers}]}}\n"
            "    authorizers: {users: {type: jwt, identitySource: $request.header.Authorization, "
            "issuerUrl: 'https://id.example.com', audience: [a]}}\n"
            "functions:\n  orders:\n    handler: app.handler\n    events:\n"
            "      - httpApi: {path: /orders, method: post, authorizer: users}\n"
        )
        for text in (terraform, service):
            assert len(judge("SK111", text).fails) == fails

    def test_without_cors_nothing_applies(self) -> None:
        url = "      FunctionUrlConfig: {AuthType: AWS_IAM}\n"
        for code in ("SK109", "SK111"):
            text = SAM + "Resources:\n" + function("A", more=url)
            assert judge(code, text).by_function == {"A": "not_applicable"}

    def test_an_origin_in_a_parameter_is_not_decided(self) -> None:
        url = "      FunctionUrlConfig: {AuthType: AWS_IAM, Cors: {AllowOrigins: [!Ref Origin]}}\n"
        text = "Parameters: {Origin: {Type: String}}\n" + SAM + "Resources:\n" + function("A", more=url)
        assert judge("SK109", text).by_function == {"A": "unknown"}
        assert judge("SK109", text, Origin="https://a.example").by_function == {"A": "pass"}
        assert judge("SK109", text, Origin="*").by_function == {"A": "fail"}


_REST = """
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }
resource "aws_api_gateway_method" "post" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "POST"
  authorization = "NONE"
}
"""


def _integrated(*lines: str) -> str:
    stated = "".join(f"  {line}\n" for line in lines)
    return f"""{_REST}
resource "aws_api_gateway_integration" "post" {{
  rest_api_id = aws_api_gateway_rest_api.shop.id
  resource_id = aws_api_gateway_method.post.resource_id
  http_method = aws_api_gateway_method.post.http_method
  type        = "HTTP_PROXY"
  uri         = "http://orders.internal/"
{stated}}}
"""


class TestWhatARouteReaches:
    def test_a_vpc_link_leads_into_the_account(self) -> None:
        found = judge("SK112", _integrated('connection_type = "VPC_LINK"', 'connection_id = "abc"'))
        assert [f.message for f in found.fails] == ["anyone can call `POST /` of `aws_api_gateway_rest_api.shop`"]

    def test_another_web_server_does_not(self) -> None:
        assert not judge("SK112", _integrated()).findings

    def test_the_same_holds_for_templates(self) -> None:
        text = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration: {Type: HTTP_PROXY, Uri: "http://orders.internal/", ConnectionType: VPC_LINK, ConnectionId: abc}
"""
        assert judge("SK112", text).fails
        assert not judge(
            "SK112", text.replace("ConnectionType: VPC_LINK, ConnectionId: abc", "Credentials: x")
        ).findings

    def test_a_definition_says_it_too(self) -> None:
        text = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: shop
      Body:
        openapi: 3.0.1
        paths:
          /orders:
            post:
              x-amazon-apigateway-integration: {type: http_proxy, uri: "http://orders.internal/", connectionType: VPC_LINK}
"""
        assert judge("SK112", text).fails

    def test_an_integration_made_elsewhere_is_not_known(self) -> None:
        found = judge("SK112", _REST)
        assert not found.fails
        assert [d.why for f in found.unsure for d in f.doubts] == [
            "no integration in the scanned code is known to be that of `aws_api_gateway_method.post`"
        ]


class TestDomainUnderACondition:
    TEXT = """
Parameters: {Name: {Type: String}}
Conditions: {Named: !Not [!Equals [!Ref Name, ""]]}
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
  Domain: {Type: AWS::ApiGatewayV2::DomainName, Condition: Named, Properties: {DomainName: !Ref Name}}
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Condition: Named
    Properties: {ApiId: !Ref Api, DomainName: !Ref Domain, Stage: $default}
"""

    def test_it_counts_where_the_domain_is(self) -> None:
        (finding,) = judge("SK127", self.TEXT).fails
        assert [(premise.key, premise.text) for when in finding.when for premise in when] == [
            ("Name", "Name is not ''")
        ]
        assert "around its domain name: the default endpoint still answers when Name is not ''" in finding.message
        assert "same condition" in finding.help
        assert [fix.safety for fix in finding.fixes] == ["advice"]
        assert not judge("SK127", self.TEXT, Name="").findings

    def test_one_that_is_always_there(self) -> None:
        always = self.TEXT.replace("Condition: Named, ", "").replace("    Condition: Named\n", "")
        (finding,) = judge("SK127", always).fails
        assert not finding.when
        assert [fix.safety for fix in finding.fixes] == ["unsafe"]

    def test_an_api_under_the_same_condition_is_never_without_it(self) -> None:
        both = self.TEXT.replace("AWS::ApiGatewayV2::Api,", "AWS::ApiGatewayV2::Api, Condition: Named,")
        (finding,) = judge("SK127", both).fails
        assert [fix.safety for fix in finding.fixes] == ["unsafe"]


def mapped(api: str, *, rest: bool) -> str:
    """A domain name that an API is mapped to."""
    version, mapping, field = ("", "BasePathMapping", "RestApiId") if rest else ("V2", "ApiMapping", "ApiId")
    return f"""
  Domain: {{Type: AWS::ApiGateway{version}::DomainName, Properties: {{DomainName: shop.example.com}}}}
  Mapping:
    Type: AWS::ApiGateway{version}::{mapping}
    Properties: {{{field}: !Ref {api}, DomainName: !Ref Domain, Stage: prod}}
"""


def in_service(event: str, domain: str) -> str:
    indented = "".join(f"  {line}\n" for line in domain.splitlines())
    return f"""
service: shop
provider: {{name: aws, runtime: python3.13}}
functions:
  orders: {{handler: app.handler, events: [{event}]}}
resources:
  Resources:
{indented}"""


def with_terraform(*, rest: bool) -> str:
    start, name, mapping = ("api_gateway", "rest_api", "base_path") if rest else ("apigatewayv2", "api", "api")
    own = "" if rest else 'protocol_type = "HTTP"'
    return f"""
resource "aws_{start}_{name}" "shop" {{
  name = "shop"
  {own}
}}
resource "aws_{start}_domain_name" "shop" {{ domain_name = "shop.example.com" }}
resource "aws_{start}_{mapping}_mapping" "shop" {{
  api_id      = aws_{start}_{name}.shop.id
  domain_name = aws_{start}_domain_name.shop.domain_name
}}
"""


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        (
            f"Resources:\n  Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: a}}}}\n{mapped('Shop', rest=True)}",
            "set `DisableExecuteApiEndpoint` to true",
        ),
        (with_terraform(rest=True), "set `disable_execute_api_endpoint` to true"),
        (with_terraform(rest=False), "set `disable_execute_api_endpoint` to true"),
        (
            in_service("http: GET a", mapped("ApiGatewayRestApi", rest=True)),
            "set `apiGateway.disableDefaultEndpoint` under `provider` to true",
        ),
        (
            in_service("httpApi: GET /a", mapped("HttpApi", rest=False)),
            "set `httpApi.disableDefaultEndpoint` under `provider` to true",
        ),
        (
            in_service("websocket: $connect", mapped("WebsocketsApi", rest=False)),
            "set `DisableExecuteApiEndpoint` under `resources.extensions` to true",
        ),
        (
            """
Transform: AWS::Serverless-2016-10-31
Globals: {HttpApi: {Domain: {DomainName: shop.example.com, CertificateArn: "arn:aws:acm:a:1:certificate/b"}}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Web: {Type: HttpApi, Properties: {Path: /, Method: GET}}}
""",
            "declare the API as an `AWS::Serverless::HttpApi`, and set `DisableExecuteApiEndpoint` to true",
        ),
    ],
)
def test_the_default_endpoint_is_disabled_in_the_words_of_the_format(text: str, help_: str) -> None:
    assert [finding.help for finding in judge("SK127", text).fails] == [help_]
