"""A function that sends no traces to X-Ray.

## What it does
Reports functions whose tracing is not active. What a whole template leaves out is told once.

## Why is this bad?
Without traces nobody can tell afterwards which calls one request caused, in which function it failed or was slow, or
what an intruder's request reached. Active tracing samples few requests and costs little.

## When it is fine
Where another tracer is in use (OpenTelemetry, a vendor's extension): say so in an ignore. A function with so much
traffic that it shall only trace what its caller traces says so by `PassThrough`; then only pedantic readers are told.

Most functions trace nothing, so that most applications have this finding. It is told to everybody all the same, once
for a file and of low severity: one line turns it on for all, and without it nobody can look back.

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
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      TracingConfig: {Mode: PassThrough}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Tracing: Active}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
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
      TracingConfig: {Mode: Active}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  tracing_config { mode = "PassThrough" }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  tracing_config { mode = "Active" }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  tracing: {lambda: true}
functions:
  orders: {handler: app.handler}
  labels: {handler: labels.handler, tracing: PassThrough}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  tracing: {lambda: true}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Safe where SAM makes the role, to which it adds the permission, and where the role is written here: the fix adds AWS's
policy to it. Unsafe where the role is not in the scanned code: without the permission Lambda refuses the deployment.

## References
- [Visualize Lambda function invocations using X-Ray](https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import roles_of
from stockade.model.app import App, Function
from stockade.model.intent import Add, Fix, Set
from stockade.model.value import File
from stockade.rules._base import LOW, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format
from stockade.rules.observability._functions import XRAY, XRAY_POLICY, may_trace, not_ours


@rule(
    "SK701",
    "untraced-function",
    severity=LOW,
    since="0.1",
    controls=["OBSV-1"],
    maps={"aws-fsbp": ["Lambda.7"], "cwe": [778]},
    aliases=[
        "CKV_AWS_50",
        "AWS-0066",
        "WS1000",
        "AWS-0125",
        "8152e0cf",
        "9488c451",
        "dc1ab429",
        "0d7ef70f",
        "LambdaTracing",
        "AC_AWS_0163",
        "AC_AWS_0485",
        "aws-lambda-x-ray-tracing-not-active",
        "lambdaTracingEnabled",
        "A.6",
        "Lambda.7",
        "CTL.LAMBDA.TRACE.001",
    ],
    applies="its settings are not the team's to make",
    holds="its requests are traced",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its tracing mode."""
    del ctx
    # What a file leaves out is told once, so that what its roles lack is told of any of them.
    lacking = {_file(function) for function in app.functions if _may_not_trace(app, function)}
    for function in app.functions:
        if other := not_ours(function):
            yield from spared(function, other)
            continue
        lacks = _file(function) in lacking if function.tracing.is_set().is_no else _may_not_trace(app, function)
        unset = function.tracing.is_set().is_no
        stated = (function.tracing.is_set() & function.tracing.one_of("Active", "PassThrough")).is_yes
        yield from found(
            ~function.tracing.is_("Active"),
            subject=function,
            at=function if unset else function.tracing,
            persona="pedantic" if stated else None,
            message=f"`{function}` traces only what its caller traces"
            if stated
            else f"`{function}` sends no traces to X-Ray",
            together="{} send no traces to X-Ray: nothing here turns tracing on" if unset else "",
            help="turn active tracing on" + _how(function) + (f"; its role has to allow `{XRAY}`" if lacks else ""),
            fix=_fix(app, function),
        )


def _file(function: Function) -> str:
    return function.origin.path if isinstance(function.origin, File) else ""


def _may_not_trace(app: App, function: Function) -> bool:
    """Whether a role that is written here allows no traces: with active tracing Lambda would refuse the deployment."""
    written = any(not role.generated for _, role in roles_of(function))
    return (
        written
        and not not_ours(function)
        and not function.tracing.is_("Active").is_yes
        and may_trace(app, function).is_no
    )


def _how(function: Function) -> str:
    if function.type.startswith("aws_"):
        return ": set `mode` in `tracing_config` to Active"
    where = "`Tracing: Active` under `Globals`" if function.type.startswith("AWS::Serverless::") else ""
    where = by_format(function, where, "", "`tracing: {lambda: true}` under `provider`")
    return f"; for all functions at once, with {where}" if where else ""


def _fix(app: App, function: Function) -> Fix:
    active = Set(function, "tracing", "Active")
    written = [role for _, role in roles_of(function) if not role.generated]
    allowed = may_trace(app, function)
    if roles_of(function) and (not written or allowed.is_yes):
        return Fix.safe("turn active tracing on", active)
    if len(written) == 1 and allowed.is_no:
        return Fix.safe(
            "turn active tracing on, and allow the role to write traces",
            active,
            Add(written[0], "managed", XRAY_POLICY),
        )
    why = "Lambda refuses the deployment if the role, which is not wholly known here, may not write traces"
    return Fix.unsafe("turn active tracing on", active, why=why)
