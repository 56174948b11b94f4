"""A timeout above what Lambda allows.

## What it does
Reports timeouts of more than 900 seconds, and of more than 5400 seconds for functions on instances that Lambda manages
(a capacity provider), as of 2026-11-17. There, only asynchronous invocations and those of
event sources (but MQ and DocumentDB) may take longer than 900.

## Why is this bad?
Lambda refuses the function: the deployment fails, or the next one that changes it.

## When it is fine
Never.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Report:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Timeout: 1800}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Report:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, Timeout: 600}
```
```hcl bad
resource "aws_lambda_function" "report" {
  function_name = "report"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "report.zip"
  role          = "arn:aws:iam::111122223333:role/report"
  timeout       = 1800
}
```
```hcl good
resource "aws_lambda_function" "report" {
  function_name = "report"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "report.zip"
  role          = "arn:aws:iam::111122223333:role/report"
  timeout       = 1800

  capacity_provider_config {
    lambda_managed_instances_capacity_provider_config {
      capacity_provider_arn = "arn:aws:lambda:eu-west-1:111122223333:capacity-provider:workers"
    }
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  report: {handler: app.handler, timeout: 1800}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  report: {handler: app.handler, timeout: 600}
```

## Fix safety
Advice only: work that takes longer has to be divided, or belongs elsewhere.

## References
- [Configure Lambda function timeout](https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import lambda_
from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._stated import above


@rule(
    "SK527",
    "timeout-beyond-limit",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-7"],
    aliases=["E3717"],
    applies="is never spared",
    holds="its timeout is one that Lambda allows",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare every timeout with the longest that there is where the function runs."""
    del ctx
    usual, managed = lambda_.limits().timeout_max, lambda_.limits().timeout_max_managed_instances
    for function in app.functions:
        on_instances = function.capacity_provider.is_set()
        longest = managed if on_instances.is_yes else usual
        too_long = function.timeout.at_least(usual + 1) & ~on_instances
        yield from found(
            too_long | function.timeout.at_least(managed + 1),
            subject=function,
            at=function.timeout,
            message=f"`{function}` has a timeout of {above(function.timeout, longest)} seconds, and Lambda allows {longest}",
            help="divide the work, or run it as a state machine or a task",
            fix=Fix.advice("divide the work"),
        )
