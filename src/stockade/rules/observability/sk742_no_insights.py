"""A function of whose memory, processor and network there is no metric.

## What it does
Reports functions without the extension of Lambda Insights. For pedantic readers; told once for a file. Container images
bring extensions with them, and are not asked.

## Why is this bad?
Lambda's own metrics say how often and how long a function runs, and a line in its log how much memory a call took. What
it uses of memory, processor and network over time says whether it does what it always did: mining, or sending data away,
shows there.

## When it is fine
Where another vendor's extension does the same, and for functions whose calls are cheap: each invocation writes a line
that is paid for.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Layers: [!Sub "arn:aws:lambda:${AWS::Region}:580247275435:layer:LambdaInsightsExtension:53"]
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  layers        = ["arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53"]
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    layers: ["arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53"]
```

## Fix safety
Advice only: the layer's ARN is another in each region, and the role needs the policy
`CloudWatchLambdaInsightsExecutionRolePolicy`.

## References
- [Using Lambda Insights](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, VpcEndpoint
from stockade.model.intent import Fix
from stockade.model.value import any_of, given
from stockade.rules._base import INFO, Context, Outcome, found, rule, spared
from stockade.rules.network._network import is_attached, is_isolated
from stockade.rules.observability._functions import not_ours
from stockade.rules.observability._log_access import may_write_to

_GROUP = "/aws/lambda-insights"
_POLICY = "CloudWatchLambdaInsightsExecutionRolePolicy"
_EXTENSION = (
    r".*:layer:(?:LambdaInsightsExtension|Datadog-Extension|NewRelic|Dynatrace|Lumigo|splunk|Sentry|AWSOpenTelemetry).*"
)


@rule(
    "SK742",
    "no-insights",
    severity=INFO,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["OBSV-8"],
    maps={"cwe": [778]},
    aliases=["lambdaEnhancedMonitoring"],
    applies="is a container image, or its settings are not the team's to make",
    holds="an extension measures what it uses",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for the extension among the layers of every function."""
    del ctx
    for function in app.functions:
        if other := not_ours(function):
            yield from spared(function, other)
        elif function.package_type.is_("Image").is_yes:
            yield from spared(function)
        else:
            yield from _ask(app, function)


def _ask(app: App, function: Function) -> Iterator[Outcome]:
    # The extension writes with the function's role, to a log group of its own.
    policy = (
        ""
        if may_write_to(app, function, _GROUP)
        else f"; Lambda Insights needs `{_POLICY}` attached to the role, for nothing in it allows to write to `{_GROUP}`"
    )
    yield from found(
        ~function.layers.any(lambda layer: layer.reads(_EXTENSION)),
        subject=function,
        at=function,
        message=f"no metric shows what `{function}` uses of memory, processor and network",
        together="no metric shows what {} use of memory, processor and network",
        help=f"add the layer of Lambda Insights, or that of another extension that measures these{policy}{_way(app, function)}",
        fix=Fix.advice("add the layer of Lambda Insights"),
    )


def _way(app: App, function: Function) -> str:
    """What the extension lacks where its lines don't leave the VPC: it writes by the function's own network.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-VPC.html (as of 2026-11-28).
    """
    endpoint = any_of(given(one.exists, one.service.reads(r".*\.logs(?:-fips)?")) for one in app.of(VpcEndpoint))
    if not is_attached(function).is_yes or not (is_isolated(app, function) & ~endpoint).is_yes:
        return ""
    return "; its subnets have no way out of their VPC, which needs an endpoint for `logs` then"
