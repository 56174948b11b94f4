"""Who waits for a function behind an API, and for how long: SK510, and SK703 for those who do not wait."""

from __future__ import annotations

import json

import pytest

from tests.rules.support import judge

_HEADER = "integration.request.header.X-Amz-Invocation-Type"
_URI = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations"


def function(timeout: int) -> str:
    return (
        "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: app.handler, "
        f"Role: 'arn:aws:iam::111122223333:role/r', Code: {{S3Bucket: b, S3Key: k}}, Timeout: {timeout}}}}}"
    )


def method(integration: str, timeout: int) -> str:
    return f"""
Parameters: {{Wait: {{Type: Number}}}}
Resources:
  Orders: {function(timeout)}
  Shop: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: shop}}}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration: {{Type: AWS, IntegrationHttpMethod: POST, Uri: !Sub "{_URI}"{integration}}}
"""


def definition(integration: str, timeout: int) -> str:
    return f"""
Resources:
  Orders: {function(timeout)}
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: "3.0.1"
        paths:
          /orders:
            post:
              x-amazon-apigateway-integration: {{type: aws, httpMethod: POST, uri: !Sub "{_URI}"{integration}}}
"""


def socket(integration: str, timeout: int) -> str:
    return f"""
Resources:
  Orders: {function(timeout)}
  Chat: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: chat, ProtocolType: WEBSOCKET}}}}
  Say:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Chat, RouteKey: say, Target: !Sub "integrations/${{Run}}"}}
  Run:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Chat, IntegrationType: AWS, IntegrationUri: !Sub "{_URI}"{integration}}}
"""


def terraform(integration: str, timeout: int) -> str:
    return f"""
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  timeout       = {timeout}
}}
resource "aws_api_gateway_rest_api" "shop" {{ name = "shop" }}
resource "aws_api_gateway_method" "post" {{
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "POST"
  authorization = "AWS_IAM"
}}
resource "aws_api_gateway_integration" "post" {{
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_rest_api.shop.root_resource_id
  http_method             = aws_api_gateway_method.post.http_method
  integration_http_method = "POST"
  type                    = "AWS"
  uri                     = aws_lambda_function.orders.invoke_arn
  {integration}
}}
"""


def http(integration: str, timeout: int) -> str:
    return f"""
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  timeout       = {timeout}
}}
resource "aws_apigatewayv2_api" "shop" {{
  name          = "shop"
  protocol_type = "HTTP"
}}
resource "aws_apigatewayv2_integration" "orders" {{
  api_id           = aws_apigatewayv2_api.shop.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.orders.invoke_arn
  {integration}
}}
resource "aws_apigatewayv2_route" "orders" {{
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "GET /orders"
  target    = "integrations/${{aws_apigatewayv2_integration.orders.id}}"
}}
"""


def service(event: str, timeout: int) -> str:
    return f"""
service: shop
provider: {{name: aws, runtime: python3.13}}
functions:
  orders:
    handler: app.handler
    timeout: {timeout}
    events:
      - http: {{path: orders, method: post{event}}}
"""


def sam(event: str, timeout: int) -> str:
    return f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Timeout: {timeout}
      Events: {{Web: {event}}}
"""


_CFN_EVENT = f""", RequestParameters: {{{_HEADER}: "'Event'"}}"""
_NO_WAIT = [
    method(_CFN_EVENT, 120),
    definition(f""", requestParameters: {{{_HEADER}: "'Event'"}}""", 120),
    socket(_CFN_EVENT, 120),
    terraform(f"""request_parameters = {{ "{_HEADER}" = "'Event'" }}""", 120),
    service(", async: true", 120),
]


@pytest.mark.parametrize("text", _NO_WAIT)
def test_a_route_that_hands_on_and_does_not_wait(text: str) -> None:
    assert not judge("SK510", text).fails
    (finding,) = judge("SK703", text).fails
    assert finding.message.startswith("an event from API Gateway that ")
    assert [label.text for label in finding.related] == ["API Gateway invokes it without waiting"]


def test_without_waiting_only_the_longest_timeout_counts() -> None:
    (finding,) = judge("SK510", method(_CFN_EVENT, 900)).fails
    assert finding.message == "`Orders` may run for 900 seconds, the longest that there is"


@pytest.mark.parametrize(
    "text",
    [
        method(f", RequestParameters: {{{_HEADER}: method.request.header.InvocationType}}", 120),
        method(f""", RequestParameters: {{{_HEADER}: "'RequestResponse'"}}""", 120),
        method(f""", RequestParameters: {{{_HEADER}: "'DryRun'"}}""", 120),
        # An HTTP API can't ask for it.
        http(f"""request_parameters = {{ "{_HEADER}" = "'Event'" }}""", 120),
    ],
)
def test_where_callers_choose_or_nobody_asks_some_wait(text: str) -> None:
    assert len(judge("SK510", text).fails) == 1
    assert not judge("SK703", text).fails


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        (method("", 30), 29),
        (method(", TimeoutInMillis: 12500", 29), 12.5),
        (method(", TimeoutInMillis: 60000", 60), 0),  # its quota was raised
        (method(", TimeoutInMillis: 60000", 61), 60),
        (definition("", 30), 29),
        (definition(", timeoutInMillis: 5000", 6), 5),
        (socket("", 30), 29),
        (socket(", TimeoutInMillis: 10000", 29), 10),
        (terraform("", 30), 29),
        (terraform("timeout_milliseconds = 10000", 11), 10),
        (http("", 30), 0),
        (http("", 31), 30),
        (http("timeout_milliseconds = 5000", 6), 5),
        (service("", 30), 29),
        (service(", timeoutInMillis: 5000", 30), 29),  # version 3 does not know it
        ('frameworkVersion: "4"' + service(", timeoutInMillis: 5000", 6), 5),
        (sam("{Type: Api, Properties: {Path: /, Method: GET}}", 30), 29),
        (sam("{Type: Api, Properties: {Path: /, Method: GET, TimeoutInMillis: 5000}}", 6), 5),
        (sam("{Type: HttpApi, Properties: {Path: /, Method: GET}}", 30), 0),
        (sam("{Type: HttpApi, Properties: {Path: /, Method: GET, TimeoutInMillis: 5000}}", 6), 5),
    ],
)
def test_how_long_an_api_waits(text: str, waits: float) -> None:
    messages = [finding.message for finding in judge("SK510", text).fails]
    assert [message.partition("waits for ")[2] for message in messages] == ([f"{waits:g} at most"] if waits else [])


def test_a_socket_of_sam_says_how_long_it_waits() -> None:
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Orders": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.13",
                    "Handler": "app.handler",
                    "Role": "arn:aws:iam::111122223333:role/r",
                    "Code": {"S3Bucket": "b", "S3Key": "k"},
                    "Timeout": 20,
                },
            },
            "Chat": {
                "Type": "AWS::Serverless::WebSocketApi",
                "Properties": {
                    "RouteSelectionExpression": "$request.body.action",
                    "Routes": {"say": {"FunctionArn": {"Fn::GetAtt": ["Orders", "Arn"]}, "IntegrationTimeout": 10000}},
                },
            },
        },
    }
    (finding,) = judge("SK510", json.dumps(template)).fails
    assert finding.message.endswith("waits for 10 at most")


def test_a_wait_that_is_not_known() -> None:
    verdict = judge("SK510", method(", TimeoutInMillis: !Ref Wait", 20))
    assert not verdict.fails
    assert len(verdict.unsure) == 1
    assert len(judge("SK510", method(", TimeoutInMillis: !Ref Wait", 20), Wait="10000").fails) == 1


def test_the_route_that_waits_longest_counts() -> None:
    text = method(", TimeoutInMillis: 5000", 20)
    second = text[text.index("  Post:") :].replace("  Post:", "  Get:").replace("POST\n      Auth", "GET\n      Auth")
    assert len(judge("SK510", text).fails) == 1
    assert not judge("SK510", text + second.replace("5000", "25000")).fails


def test_who_may_wait_for_longer_is_told() -> None:
    (finding,) = judge("SK510", service("", 60)).fails
    assert finding.help.endswith(
        "a REST API waits for longer only if it is Regional or private, its quota is raised, and its integration says so"
    )
