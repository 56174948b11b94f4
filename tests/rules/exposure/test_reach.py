"""Rules about what triggers functions, how mappings start, where events go, and the settings of stages."""

from __future__ import annotations

import pytest

from tests.inputs.terraform.support import app_of as terraform_app
from tests.rules.support import Verdict, judge

HEAD = "Transform: AWS::Serverless-2016-10-31\n"


def orders(properties: str = "", more: str = "") -> str:
    return f"""{HEAD}Parameters: {{Account: {{Type: String}}}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/{properties}}}
{more}"""


def test_a_public_function_is_told_by_its_own_rule() -> None:
    verdict = judge("SK150", orders(", FunctionUrlConfig: {AuthType: NONE}"))
    assert not verdict.findings
    assert verdict.by_function == {"Orders": "fail"}


def test_a_function_behind_a_throttled_api_is_told_here() -> None:
    event = ", Events: {Web: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /, Method: GET}}}"
    shop = "  Shop: {Type: AWS::Serverless::HttpApi%s}\n"
    limit = ", Properties: {DefaultRouteSettings: {ThrottlingRateLimit: 10, ThrottlingBurstLimit: 10}}"
    assert not judge("SK150", orders(event, shop % "")).findings
    assert judge("SK150", orders(event, shop % limit)).fails


@pytest.mark.parametrize(
    ("source", "fails"),
    [
        ("!Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/a", True),
        ("!Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/a:*", False),
        ("!Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:*", False),
        ("!GetAtt Group.Arn", False),  # CloudFormation's ARN of a log group ends with the streams
        ("!Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${Orders}", True),
    ],
)
def test_the_streams_of_a_log_group(source: str, *, fails: bool) -> None:
    more = f"""  Group: {{Type: AWS::Logs::LogGroup, Properties: {{RetentionInDays: 30}}}}
  Allowed:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Orders
      Principal: !Sub logs.${{AWS::Region}}.amazonaws.com
      SourceArn: {source}
"""
    assert bool(judge("SK151", orders(more=more)).fails) is fails


@pytest.mark.parametrize(
    ("events", "fails"),
    [
        ("A: {Type: HttpApi}, B: {Type: Api, Properties: {Path: /, Method: GET}}", False),  # both are APIs
        (
            "A: {Type: Schedule, Properties: {Schedule: rate(1 day)}}, B: {Type: EventBridgeRule}",
            False,
        ),
        (
            'A: {Type: HttpApi}, B: {Type: SNS, Properties: {Topic: "arn:aws:sns:eu-west-1:111122223333:t"}}',
            True,
        ),
    ],
)
def test_ways_that_are_one_way(events: str, *, fails: bool) -> None:
    assert bool(judge("SK153", orders(f", Events: {{{events}}}")).fails) is fails


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("", "fail"),
        ("Outputs: {Name: {Value: !Ref Orders}}\n", "pass"),
        ("  Flow: {Type: AWS::Transfer::Workflow, Properties: {Steps: []}}\n", "unknown"),
    ],
)  # fmt: skip
def test_what_may_invoke_a_function(more: str, verdict: str) -> None:
    assert judge("SK154", orders(more=more)).by_function == {"Orders": verdict}


def test_a_function_that_another_one_is_told_of_is_invoked() -> None:
    more = """  Front:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: front.handler
      CodeUri: src/
      Environment: {Variables: {ORDERS: !Ref Orders}}
      Events: {Web: {Type: HttpApi}}
"""
    assert not judge("SK154", orders(more=more)).findings


@pytest.mark.parametrize(
    ("plugin", "verdicts"),
    [
        ("serverless-step-functions", "unknown unknown not_applicable"),
        ("serverless-plugin-warmup", "unknown unknown unknown"),
        ("serverless-vpc-plugin", "not_applicable fail not_applicable"),
    ],
)
def test_a_plugin_may_add_what_invokes_a_function(plugin: str, verdicts: str) -> None:
    text = f"service: a\nprovider: {{name: aws, runtime: python3.13}}\nplugins: [{plugin}]\nfunctions: {{f: {{handler: a.b}}}}\n"
    assert [judge(code, text).by_function["f"] for code in ("SK153", "SK154", "SK703")] == verdicts.split()


@pytest.mark.parametrize(
    ("destination", "severities"),
    [
        ('{OnSuccess: {Type: SQS, Destination: "arn:aws:sqs:eu-west-1:444455556666:q"}}', ["medium"]),
        ('{OnFailure: {Type: SQS, Destination: "arn:aws:sqs:eu-west-1:444455556666:q"}}', ["low"]),
        ('{OnFailure: {Type: SQS, Destination: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q"}}', []),
        ('{OnFailure: {Type: SQS, Destination: !Sub "arn:aws:sqs:${AWS::Region}:${Account}:q"}}', []),
        ("{OnFailure: {Type: SQS}}", []),
    ],
)
def test_whose_a_destination_is(destination: str, severities: list[str]) -> None:
    text = orders(f", EventInvokeConfig: {{DestinationConfig: {destination}}}")
    assert judge("SK155", text).severities == severities


def test_the_own_account_is_known_in_terraform() -> None:
    text = """
provider "aws" {
  assume_role { role_arn = "arn:aws:iam::444455556666:role/deployer" }
}

resource "aws_lambda_function_event_invoke_config" "orders" {
  function_name = "orders"
  destination_config {
    on_failure { destination = "arn:aws:sqs:eu-west-1:%s:failed" }
  }
}
"""
    assert not judge("SK155", text % "444455556666").fails
    assert judge("SK155", text % "777788889999").severities == ["medium"]


def mapping(properties: str) -> str:
    return f"""
Parameters: {{Position: {{Type: String}}, Size: {{Type: Number}}}}
Resources:
  Queue: {{Type: AWS::SQS::Queue, Properties: {{FifoQueue: true}}}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {{StreamSpecification: {{StreamViewType: NEW_IMAGE}}}}
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{FunctionName: worker, {properties}}}
"""


@pytest.mark.parametrize(
    ("properties", "verdicts"),
    [
        ("EventSourceArn: !GetAtt Table.StreamArn", ["fail"]),
        ("EventSourceArn: !GetAtt Table.StreamArn, StartingPosition: !Ref Position", ["unsure"]),
        ("EventSourceArn: !GetAtt Table.StreamArn, StartingPosition: AT_TIMESTAMP", ["fail"]),
        ("EventSourceArn: !GetAtt Queue.Arn", []),
        ("EventSourceArn: !GetAtt Queue.Arn, StartingPosition: LATEST", ["fail"]),
        ('EventSourceArn: "arn:aws:kafka:eu-west-1:111122223333:cluster/a/b"', []),
    ],
)
def test_where_a_mapping_starts(properties: str, verdicts: list[str]) -> None:
    assert [f.verdict for f in judge("SK157", mapping(properties)).findings] == verdicts


@pytest.mark.parametrize(
    ("properties", "verdicts"),
    [
        ("EventSourceArn: !GetAtt Queue.Arn, BatchSize: 11", ["fail"]),
        ("EventSourceArn: !GetAtt Queue.Arn, BatchSize: 10", []),
        ("EventSourceArn: !GetAtt Queue.Arn, BatchSize: !Ref Size", ["unsure"]),
        ("EventSourceArn: !GetAtt Table.StreamArn, BatchSize: 1000", []),
        ('EventSourceArn: "arn:aws:sqs:eu-west-1:111122223333:q", BatchSize: 100, MaximumBatchingWindowInSeconds: 0', ["fail"]),
    ],
)  # fmt: skip
def test_how_much_a_mapping_reads(properties: str, verdicts: list[str]) -> None:
    assert [f.verdict for f in judge("SK158", mapping(properties)).findings] == verdicts


def test_the_bodies_of_a_stage_that_logs_nothing_are_not_logged() -> None:
    text = """
Resources:
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: abc
      DeploymentId: d1
      StageName: prod
      MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: "OFF", DataTraceEnabled: true}]
"""
    assert not judge("SK161", text).findings
    assert judge("SK160", text).fails


@pytest.mark.parametrize("code", ["SK160", "SK163", "SK164", "SK165", "SK166"])
def test_an_http_api_has_fewer_settings(code: str) -> None:
    more = "  Shop: {Type: AWS::Serverless::HttpApi}\n"
    assert not judge(code, orders(", Events: {Web: {Type: HttpApi, Properties: {ApiId: !Ref Shop}}}", more)).findings


@pytest.mark.parametrize("code", ["SK116", "SK160"])
def test_a_role_for_logs_that_is_declared_is_there(code: str) -> None:
    account = "  Account: {Type: AWS::ApiGateway::Account, Properties: {CloudWatchRoleArn: arn}}\n"
    (without,) = judge(code, _V1).fails
    assert (
        without.fixes[0].why == "deploying it fails in an account whose API Gateway has no role for CloudWatch Logs yet"
    )
    (beside,) = judge(code, _V1 + account).fails
    assert beside.fixes[0].why == (
        "a first deployment fails if the stage comes before `Account`, which gives API Gateway its role for CloudWatch Logs"
    )


def test_clients_can_not_call_what_is_run_when_they_go() -> None:
    route = """  {0}:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Socket, RouteKey: {1}, Target: !Sub "integrations/${{Run}}"}}
"""
    run = "Properties: {ApiId: !Ref Socket, IntegrationType: AWS_PROXY, IntegrationUri: arn}"
    text = f"{_SOCKET}  Run: {{Type: AWS::ApiGatewayV2::Integration, {run}}}\n"
    text += "".join(route.format(*one) for one in (("In", "$connect"), ("Say", "say"), ("Out", "$disconnect")))
    (finding,) = judge("SK112", text).fails
    assert finding.message == "anyone can call the 2 routes of `Socket` ($connect and say)"
    assert [label.text for label in finding.related] == [
        "`say`: whoever is connected can call it",
        "`$disconnect`: is run when a client goes",
    ]


_OF_EVENTS = ", Events: {Web: {Type: %s, Properties: {Path: /, Method: get}}}"
_V1 = "Resources:\n  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: abc, DeploymentId: d, StageName: prod}}\n"
_SOCKET = """Resources:
  Socket: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: WEBSOCKET}}
  Prod: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Socket, StageName: prod}}
"""
_HCL_V1 = 'resource "aws_api_gateway_stage" "prod" {\n  rest_api_id = "abc"\n  deployment_id = "d"\n  stage_name = "prod"\n}\n'
_HCL_SOCKET = """resource "aws_apigatewayv2_api" "socket" {
  name          = "a"
  protocol_type = "WEBSOCKET"
}
resource "aws_apigatewayv2_stage" "prod" {
  api_id = aws_apigatewayv2_api.socket.id
  name   = "prod"
}
"""
_DESTINATION = "with a log group as the destination, and a format with the caller's address and identity"
_EVERY = "for the path `/*` and the method `*`"
_IN_TERRAFORM = "in the `settings` of an `aws_api_gateway_method_settings` for the path `*/*`"


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("SK116", orders(_OF_EVENTS % "Api"), f"set `AccessLogSetting` under `Api` in `Globals` {_DESTINATION}"),
        (
            "SK116",
            orders(_OF_EVENTS % "HttpApi"),
            f"set `AccessLogSettings` under `HttpApi` in `Globals` {_DESTINATION}",
        ),
        ("SK116", _V1, f"set `AccessLogSetting` {_DESTINATION}"),
        ("SK116", _SOCKET, f"set `AccessLogSettings` {_DESTINATION}"),
        ("SK116", _HCL_V1, f"set `access_log_settings` {_DESTINATION}"),
        (
            "SK160",
            orders(_OF_EVENTS % "Api"),
            f"log errors: set `LoggingLevel: ERROR` in `MethodSettings` under `Api` in `Globals`, {_EVERY}",
        ),
        ("SK160", _V1, f"log errors: set `LoggingLevel: ERROR` in `MethodSettings`, {_EVERY}"),
        ("SK160", _SOCKET, "log errors: set `LoggingLevel: ERROR` in `DefaultRouteSettings`"),
        ("SK160", _HCL_V1, f'log errors: set `logging_level = "ERROR"` {_IN_TERRAFORM}'),
        ("SK160", _HCL_SOCKET, 'log errors: set `logging_level = "ERROR"` in `default_route_settings`'),
        (
            "SK163",
            orders(_OF_EVENTS % "Api"),
            "turn tracing of the stage on: `TracingEnabled: true` under `Api` in `Globals`",
        ),
        ("SK163", _V1, "turn tracing of the stage on: `TracingEnabled: true`"),
        ("SK163", _HCL_V1, "turn tracing of the stage on: `xray_tracing_enabled`"),
        (
            "SK164",
            orders((_OF_EVENTS % "Api").replace("Method: get", "Method: any")),
            f"turn the metrics of all methods on: `MetricsEnabled: true` in `MethodSettings` under `Api` in `Globals`, {_EVERY}",
        ),
        (
            "SK164",
            _SOCKET,
            "turn the metrics of all methods on: `DetailedMetricsEnabled: true` in `DefaultRouteSettings`",
        ),
        ("SK164", _HCL_V1, f"turn the metrics of all methods on: `metrics_enabled = true` {_IN_TERRAFORM}"),
        (
            "SK164",
            _HCL_SOCKET,
            "turn the metrics of all methods on: `detailed_metrics_enabled = true` in `default_route_settings`",
        ),
    ],
)
def test_the_settings_of_a_stage_are_named_as_they_are_written(code: str, text: str, said: str) -> None:
    assert [finding.help for finding in judge(code, text).fails] == [said]


@pytest.mark.parametrize("text", [_SOCKET, _HCL_SOCKET])
def test_a_websocket_api_can_not_be_traced(text: str) -> None:
    assert not judge("SK163", text).findings


def test_the_format_of_an_access_log_may_be_given() -> None:
    text = f"""{HEAD}
Parameters: {{Line: {{Type: String}}}}
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      AccessLogSetting: {{DestinationArn: "arn:aws:logs:eu-west-1:111122223333:log-group:a", Format: !Ref Line}}
"""
    assert [f.verdict for f in judge("SK162", text).findings] == ["unsure"]
    assert not judge("SK162", text, Line='{"id": "$context.requestId"}').findings


CLF = (
    "$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "
    '"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength '
    "$context.requestId $context.extendedRequestId"
)
CSV = '$context.identity.sourceIp,"$context.identity.user","$context.requestTime",$context.httpMethod,$context.status'


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (CLF, ""),
        (CSV, ""),
        ("$context.requestId", ""),
        (f'{CLF} "$context.identity.userAgent"', "`$context.identity.userAgent`"),
        (CLF.replace("resourcePath", "path"), "`$context.path`"),
        ("$context.status $context.error.validationErrorString", "`$context.error.validationErrorString`"),
        ('{"id": "$context.requestId", "path": "$context.path"}', ""),
    ],
)
def test_only_what_callers_write_can_look_like_other_fields(line: str, fields: str) -> None:
    text = f"""{HEAD}
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      AccessLogSetting:
        DestinationArn: "arn:aws:logs:eu-west-1:111122223333:log-group:a"
        Format: '{line}'
"""
    assert [fields in f.message for f in judge("SK162", text).fails] == [True] * bool(fields)


@pytest.mark.parametrize(
    ("uri", "fails"),
    [
        ('"https://api.open-meteo.com/v1/forecast"', False),
        ('!Sub "https://api.open-meteo.com/v1/${AWS::Region}"', False),
        ('"https://s3.amazonaws.com/shop/page"', False),
        ('"https://elsewhere.example.org.net/"', False),
        ('"https://orders.shop.example.org/"', True),  # beside the API's own domain
        ("!Ref Backend", True),
        ("!Ref Url", True),
        ('!Sub "https://${Backend}/orders"', True),
        ('"https://${stageVariables.backend}/orders"', True),
        ('!Sub "https://${Balancer.DNSName}/orders"', True),
        ('"http://shop-1.eu-west-1.elb.amazonaws.com:8080/"', True),
        ('"https://192.0.2.10/orders"', True),
    ],
)
def test_whose_a_web_server_may_be(uri: str, *, fails: bool) -> None:
    text = f"""
Parameters:
  Backend: {{Type: String, Default: "https://backend.example.net"}}
  Url: {{Type: String, Default: "https://backend.example.net"}}
Resources:
  Name: {{Type: AWS::ApiGateway::DomainName, Properties: {{DomainName: api.shop.example.org}}}}
  Balancer: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}}
  Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {{Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: {uri}}}
  Stage: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref Shop, DeploymentId: d1, StageName: prod}}}}
"""
    verdict = judge("SK166", text)
    assert bool(verdict.fails) is fails
    assert all(f.help.startswith("if the server is yours, ") for f in verdict.fails)


@pytest.mark.parametrize(
    ("custom", "host", "fails"),
    [
        ("shop.co.uk", "other.co.uk", False),
        ("shop.co.uk", "orders.shop.co.uk", True),
        ("shop.org", "orders.shop.org", True),
        ("api.shop.org", "ship.org", False),
    ],
)
def test_what_is_under_a_custom_domain(custom: str, host: str, *, fails: bool) -> None:
    text = f"""
resource "aws_api_gateway_domain_name" "shop" {{ domain_name = "{custom}" }}
resource "aws_api_gateway_rest_api" "shop" {{ name = "shop" }}
resource "aws_api_gateway_method" "get" {{
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}}
resource "aws_api_gateway_integration" "get" {{
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = aws_api_gateway_method.get.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "GET"
  uri                     = "https://{host}/"
}}
resource "aws_api_gateway_stage" "shop" {{
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  deployment_id = "d1"
  stage_name    = "prod"
}}
"""
    assert bool(judge("SK166", text).fails) is fails


def staged(integration: str) -> str:
    return f"""Parameters: {{Stage: {{Type: String}}}}
Conditions: {{Trial: !Equals [!Ref Stage, trial]}}
Resources:
  Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {{{integration}}}
  Live:
    Type: AWS::ApiGateway::Stage
    Condition: Trial
    Properties:
      RestApiId: !Ref Api
      DeploymentId: d1
      StageName: live
      MethodSettings: [{{ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO, DataTraceEnabled: true}}]
"""


def test_bodies_that_a_mock_answers_are_of_low_severity() -> None:
    (finding,) = judge("SK161", staged("Type: MOCK")).fails
    assert finding.severity == "low"
    assert "`Api`, which is there when Stage is trial, logs" in finding.message
    http = "Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: https://example.com"
    assert judge("SK161", staged(http)).severities == ["medium"]


@pytest.mark.parametrize("code", ["SK115", "SK149"])
def test_a_macro_may_add_what_is_missing(code: str) -> None:
    """A web ACL before a stage and a GraphQL API, a policy that denies requests without TLS."""
    more = """  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}
  Graph: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: graph, AuthenticationType: AWS_IAM}}
  Jobs: {Type: AWS::SQS::Queue}
"""
    text = orders(more=more)
    assert judge(code, text).fails
    verdict = judge(code, text.replace("AWS::Serverless-2016-10-31", "[AWS::Serverless-2016-10-31, Guard]"))
    assert not verdict.fails
    assert verdict.unsure


def test_services_are_called_as_people_call_them() -> None:
    permission = """  Allowed:
    Type: AWS::Lambda::Permission
    Properties: {Action: "lambda:InvokeFunction", FunctionName: !Ref Orders, Principal: config.amazonaws.com}
"""
    table = "arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/2026-01-01T00:00:00.000"
    stream = f'A: {{Type: DynamoDB, Properties: {{Stream: "{table}", StartingPosition: LATEST}}}}'
    (finding,) = judge("SK153", orders(f", Events: {{{stream}}}", permission)).fails
    assert finding.message == "`Orders` is invoked in 2 ways: DynamoDB and AWS Config"


def test_the_ways_of_a_module_are_told_at_its_call() -> None:
    module = """
variable "queue" {}
variable "topic" {}
resource "aws_lambda_function" "this" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_event_source_mapping" "this" {
  function_name    = aws_lambda_function.this.arn
  event_source_arn = var.queue
}
resource "aws_sns_topic_subscription" "this" {
  count     = var.topic == null ? 0 : 1
  topic_arn = var.topic
  protocol  = "lambda"
  endpoint  = aws_lambda_function.this.arn
}
"""
    call = """
module "orders" {
  source = "../module"
  queue  = "arn:aws:sqs:eu-west-1:111122223333:orders"
  topic  = TOPIC
}
"""
    topic = '"arn:aws:sns:eu-west-1:111122223333:orders"'
    files = {"module/main.tf": module}
    files |= {f"{name}/main.tf": call.replace("TOPIC", topic) for name in ("one", "two")}
    files["three/main.tf"] = call.replace("TOPIC", "null")
    found = Verdict("SK153", terraform_app(files)).fails
    assert sorted(f.span.doc.path for f in found if f.span is not None) == ["one/main.tf", "two/main.tf"]


def test_a_websocket_api_has_routes_and_no_methods() -> None:
    more = """  Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: c, ProtocolType: WEBSOCKET}}
  Invoke:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Orders
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Chat}/*/*"
"""
    (finding,) = judge("SK107", orders(more=more)).fails
    assert finding.message == "every route on every stage of the API may invoke `Orders`"
    assert finding.help == "end the source ARN in the stage and the key of the route"


def test_cloudfront_in_front_of_a_url_has_to_sign() -> None:
    url = ", FunctionUrlConfig: {AuthType: NONE}"
    (alone,) = judge("SK101", orders(url)).fails
    assert "CloudFront" not in alone.help
    more = """  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: o, DomainName: !Select [2, !Split ["/", !GetAtt OrdersUrl.FunctionUrl]]}]
"""
    (behind,) = judge("SK101", orders(url, more)).fails
    assert "with an origin access control and a permission for `cloudfront.amazonaws.com`" in behind.help
    assert "CloudFront without an origin access control among them" in behind.fixes[0].why


def test_an_answer_of_a_rest_api_holds_one_origin() -> None:
    method = """  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: r
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationResponses:
          - {StatusCode: 200, ResponseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: r
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        IntegrationResponses:
          - {StatusCode: 200, ResponseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}}
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
"""
    (finding,) = [f for f in judge("SK110", orders(more=method)).fails if "read its answers" in f.message]
    assert finding.help.startswith("name the one origin that needs it")
