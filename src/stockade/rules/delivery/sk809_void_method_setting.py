"""Settings of methods that set nothing, or are of no method.

## What it does
Reports entries of a stage's method settings that name methods and set nothing for them, and those whose path does not begin with
a slash.

## Why is this bad?
API Gateway drops an entry that sets nothing: the limit or the logging that somebody meant to add is not there. A path without
its slash is refused, and the deployment is rolled back.

## When it is fine
Never: remove the entry, or say what it is to set.

## Example
```yaml bad
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Shop
      StageName: live
      MethodSettings: [{HttpMethod: POST, ResourcePath: /orders}]
```
```yaml good
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Shop
      StageName: live
      MethodSettings: [{HttpMethod: POST, ResourcePath: /orders, ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5}]
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  stage_name    = "live"
  deployment_id = "a1b2c3"
}

resource "aws_api_gateway_method_settings" "orders" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "orders/POST"
  settings {}
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" { name = "shop" }

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  stage_name    = "live"
  deployment_id = "a1b2c3"
}

resource "aws_api_gateway_method_settings" "orders" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  stage_name  = aws_api_gateway_stage.live.stage_name
  method_path = "orders/POST"
  settings { throttling_rate_limit = 10 }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Live:
      Type: AWS::ApiGateway::Stage
      Properties:
        RestApiId: !Ref Shop
        StageName: live
        MethodSettings: [{HttpMethod: POST, ResourcePath: orders, ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5}]
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    Live:
      Type: AWS::ApiGateway::Stage
      Properties:
        RestApiId: !Ref Shop
        StageName: live
        MethodSettings: [{HttpMethod: POST, ResourcePath: /orders, ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5}]
```

## Fix safety
Advice only: what was to be set is known to who wrote it.

## References
- [MethodSetting](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html)
- [aws_api_gateway_method_settings](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_method_settings)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Stage
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, given
from stockade.rules._base import LOW, Context, Outcome, found, rule

_FIX = Fix.advice("say what the entry is to set, and of which methods")


@rule(
    "SK809",
    "void-method-setting",
    severity=LOW,
    since="0.1",
    controls=["DELV-2"],
    aliases=["E3723", "W3705"],
    applies="is behind no stage with settings of methods",
    holds="all settings of methods set something",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at every entry of every stage."""
    del ctx
    for stage in app.of(Stage):
        for number, setting in enumerate(stage.method_settings):
            path = setting.path.show() if setting.path.is_set().truth == "yes" else ""
            of = f" of `{path}`" if path else ""
            yield from found(
                given(setting.exists, NO if setting.sets else YES),
                subject=stage,
                at=setting.origin,
                message=f"an entry{of} in the method settings of `{stage}` sets nothing",
                help="say what it is to set, or remove it",
                fix=_FIX,
                evidence=f"{path or number}",
            )
            # Terraform writes the method behind the path, and no slash before it.
            if stage.type.startswith("AWS::") and setting.sets:
                starts = setting.path.where(lambda text: str(text).startswith(("/", "*")))
                yield from found(
                    given(setting.exists, setting.path.is_set() & ~starts),
                    subject=stage,
                    at=setting.path,
                    message=f"the path `{path}` in the method settings of `{stage}` does not begin with a slash",
                    help=f"write /{path}",
                    fix=_FIX,
                    evidence=f"{path or number} slash",
                )
