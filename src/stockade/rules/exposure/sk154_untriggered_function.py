"""A function that nothing invokes.

## What it does
Reports functions that nothing in the scanned code invokes, allows to invoke, or names in an environment or an output.
For pedantic readers.

## Why is this bad?
Code that nobody runs is patched by nobody, and its role still allows what it allows: whoever may invoke functions can
use it.

## When it is fine
Where people or other applications invoke it by its name.

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
      Events:
        Web: {Type: HttpApi, Properties: {Path: /orders, Method: GET}}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
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
}
resource "aws_lambda_event_source_mapping" "orders" {
  function_name    = aws_lambda_function.orders.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
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
    events:
      - httpApi: GET /orders
```

## Fix safety
Advice only: whether it is needed is yours to say.

## References
- [Invoking Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/lambda-invocation.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, Other, Output
from stockade.model.intent import Fix
from stockade.model.invokers import CALLING
from stockade.model.value import NO, YES, Doubt, Tri
from stockade.rules._base import INFO, Context, Outcome, found, rule, spared

# Services that call functions, by what their types are called in every format, and that the model does not look into.
_CALLERS = (
    "appconfig",
    "bedrock",
    "codedeploy",
    "codepipeline",
    "connect",
    "customresource",
    "firehose",
    "greengrass",
    "iot",
    "lex",
    "maintenancewindow",
    "s3objectlambda",
    "sagemaker",
    "servicecatalog",
    "ssmassociation",
    "ssm::",
    "transfer",
    "vpclattice",
)
_NAMING = CALLING | {Function.kind, Other.kind, Output.kind}


@rule(
    "SK154",
    "untriggered-function",
    severity=INFO,
    confidence="low",
    persona="pedantic",
    since="0.1",
    controls=["INVK-9"],
    maps={"cwe": [1164]},
    aliases=["CTL.LAMBDA.LIFECYCLE.NOTRIGGER.001"],
    applies="is made by a framework for itself",
    holds="something invokes it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for whatever invokes every function, or names it."""
    del ctx
    named = _named(app)
    for function in app.functions:
        if function.framework_owned:
            yield from spared(function)
            continue
        invoked = len(function.invokers) or len(function.permissions) or len(function.urls)
        known = invoked or function.key in named
        hidden = None if known else app.unread(function, _NAMING) or _unknown(app, function)
        answer = NO if known else YES if hidden is None else Tri("maybe", (), (hidden,))
        yield from found(
            answer,
            subject=function,
            at=function,
            message=f"nothing here invokes `{function}`",
            together="nothing here invokes {}",
            help="remove it, or say in an ignore who invokes it",
            fix=Fix.advice("remove it if nobody needs it"),
            passes=""
            if invoked
            else "an output or the environment of another function names it, so that somebody may invoke it",
        )


def _unknown(app: App, function: Function) -> Doubt | None:
    """Why a resource that the model does not look into may invoke a function."""
    for other in app.beside(function, Other):
        if any(word in other.type.lower().replace("_", "") for word in _CALLERS):
            return Doubt(f"what `{other}` ({other.type}) invokes is not looked at", cause="unsupported resource")
    return None


def _named(app: App) -> frozenset[str]:
    """The keys of the functions that the environments of other functions name, or outputs."""
    keys: set[str] = set()
    for function in app.functions:
        for variable in function.environment:
            keys |= {
                reference.target for _, reference in variable.value.references() if reference.target != function.key
            }
    for output in app.of(Output):
        keys |= {reference.target for _, reference in output.value.references()}
    return frozenset(keys)
