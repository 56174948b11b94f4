"""A function without tags.

## What it does
Reports functions that have no tags, neither of their own nor by default. That SAM tags each function as made by itself, and the
Serverless Framework its stack with the stage (`STAGE`), does not count. For pedantic readers; told once for a file.

## Why is this bad?
Who pays for a function, who answers for it, and how much what it holds matters is then known to those who wrote it
only. Policies and budgets that go by tags pass it by.

## When it is fine
Where stacks are tagged as a whole when they are deployed: their tags go on to the functions.

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
      Tags: {team: shop}
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
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
      Tags: [{Key: team, Value: shop}]
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
provider "aws" {
  default_tags { tags = { team = "shop" } }
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
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
provider:
  name: aws
  runtime: python3.13
  stackTags: {team: shop}
  tags: {team: shop}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Advice only: which tags mean something is yours to say.

## References
- [Using tags on Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format


@rule(
    "SK801",
    "untagged-function",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["COMP-1"],
    maps={"aws-fsbp": ["Lambda.6"]},
    aliases=["8df8e857", "a71ecabe", "f99d3482", "lambdaHasTags", "Lambda.6"],
    applies="is made by a framework for itself",
    holds="it has tags",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its tags."""
    del ctx
    for function in app.functions:
        if function.framework_owned:
            yield from spared(function)
            continue
        of_sam = function.type.startswith("AWS::Serverless::")
        in_service = function.site is not None and function.site.input == "serverless"
        none = "no tags of yours" if of_sam or in_service else "no tags"
        yield from found(
            function.tags.is_empty(),
            subject=function,
            at=function,
            message=f"`{function}` has {none}",
            together=f"{{}} have {none}",
            help="tag them all at once: "
            + by_format(
                function,
                "in `Globals`, or by tags of the stack" if of_sam else "by tags of the stack",
                "`default_tags` of the provider",
                "`tags` of `provider`",
            ),
            fix=Fix.advice("tag the function"),
        )
