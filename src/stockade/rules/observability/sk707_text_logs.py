"""Logs that are plain text.

## What it does
Reports functions whose log format is not JSON. Functions whose runtime is the operating system alone write their own
format and are left out, as are those with Powertools' logger. For pedantic readers; told once for a template.

Of what the code logs Lambda makes JSON for Java, Node.js from 16, Python from 3.8 and .NET from 8 on. For the others,
such as Ruby, the setting is for Lambda's own lines only, and the code needs a logger that writes JSON.

## Why is this bad?
Lines of plain text carry no fields: whoever looks for one customer or one error has to guess how the code words it, and
levels can't be filtered: it is all or nothing. Only the lines that Lambda itself writes around a request name its id in
one form. As JSON, Lambda adds the request's id, the time and the level to every line.

## When it is fine
Where the code writes JSON itself.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, LoggingConfig: {LogFormat: JSON}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}
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
  logging_config { log_format = "JSON" }
}
```
```yaml bad
service: shop
frameworkVersion: "4"
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml bad
service: shop
frameworkVersion: "3"
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.13
  logs: {lambda: {logFormat: JSON}}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: what reads the logs (metric filters, subscriptions) gets JSON from then on. Advice only for runtimes whose logs
Lambda does not format: the code has to change.

## References
- [Configuring JSON and plain text log formats](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import lambda_, runtimes
from stockade.model.app import App, Function
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, Tri, any_of, given, tri
from stockade.rules._base import LOW, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format
from stockade.rules.observability._functions import not_ours


@rule(
    "SK707",
    "text-logs",
    severity=LOW,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["OBSV-4", "OBSV-7"],
    aliases=["LambdaLogging"],
    applies="writes its own log format: its runtime is the operating system, or a logger of its own is set up",
    holds="its logs are JSON",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its log format."""
    del ctx
    for function in app.functions:
        if _own_format(function).is_yes or not_ours(function):
            yield from spared(function, not_ours(function))
            continue
        left = _left_to_code(function)
        if not left.is_yes:
            yield from _formatted(function, ~left)
        if not left.is_no:
            yield from _of_the_code(function, left)


def _formatted(function: Function, applies: Tri) -> Iterator[Outcome]:
    """Ask one of which Lambda formats all lines."""
    unset = function.log_format.is_set().is_no
    yield from found(
        applies & ~function.log_format.is_("JSON"),
        subject=function,
        at=function if unset else function.log_format,
        message=f"`{function}` logs plain text, which has no fields to query, and no levels to filter by",
        together="{} log plain text, which has no fields to query, and no levels to filter by" if unset else "",
        help=f"set {_setting(function)}",
        fix=Fix.unsafe(
            "log as JSON",
            Set(function, "log_format", "JSON"),
            why="what reads the logs, such as metric filters, gets JSON from then on",
        ),
    )


def _of_the_code(function: Function, applies: Tri) -> Iterator[Outcome]:
    """Ask one whose code alone can write JSON."""
    unset = function.log_format.is_set().is_no
    yield from found(
        applies & ~function.log_format.is_("JSON"),
        subject=function,
        at=function if unset else function.log_format,
        evidence="left to the code",
        message=f"`{function}` logs plain text, unless its code writes JSON: Lambda formats no logs of its runtime",
        together="{} log plain text, unless their code writes JSON: Lambda formats no logs of their runtime"
        if unset
        else "",
        help=f"use a logger that writes JSON; {_setting(function)} makes JSON of Lambda's own lines only",
        fix=Fix.advice("log as JSON in the code"),
        passes="the lines of Lambda itself are JSON; what its code writes is not looked at",
    )


def _setting(function: Function) -> str:
    return by_format(
        function,
        "`LogFormat: JSON` in `LoggingConfig`",
        '`log_format = "JSON"` in `logging_config`',
        "`logs: {lambda: {logFormat: JSON}}` under `provider` (from version 4 of the framework on; before that, "
        "`LoggingConfig: {LogFormat: JSON}` of the function under `resources.extensions`)",
    )


def _left_to_code(function: Function) -> Tri:
    """Where its runtime is known to be one of which Lambda does not format what the code logs."""

    def left(name: object) -> bool:
        known = runtimes.runtime(str(name))
        return known is not None and not lambda_.formats_logs(known)

    cases = function.runtime.where(left).split()
    return any_of(given(when, case if case.is_yes else NO) for when, case in cases)


def _own_format(function: Function) -> Tri:
    def bare(name: object) -> bool:
        known = runtimes.runtime(str(name))
        return known is not None and known.language in {"custom", "go"}

    logger = any(
        variable.name.startswith(("POWERTOOLS_LOG", "POWERTOOLS_SERVICE")) for variable in function.environment
    )
    library = any_of(layer.reads("(?i).*powertools.*") for layer in function.layers)
    image = function.package_type.is_("Image") | function.image_uri.is_set()
    return function.runtime.where(bare) | image | tri(logger, function.origin) | library
