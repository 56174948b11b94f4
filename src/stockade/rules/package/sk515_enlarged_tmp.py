"""More room in /tmp than a function has by default.

## What it does
Reports functions with more than 512 MB of `/tmp`. For pedantic readers.

## Why is this bad?
Files in `/tmp` outlive an invocation: the next one, on behalf of somebody else, runs in the same place. The more room
there is, the more stays, and the more somebody who runs code in the function can gather before it is sent away.

## When it is fine
Where large files are worked on, and deleted in the end.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      EphemeralStorage: {Size: 4096}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  ephemeral_storage { size = 4096 }
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
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    ephemeralStorageSize: 4096
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: files that need the room no longer fit.

## References
- [Configure ephemeral storage for Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._stated import above

_BY_DEFAULT = 512  # MB


@rule(
    "SK515",
    "enlarged-tmp",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["CODE-6"],
    maps={"cwe": [459]},
    aliases=["A.4"],
    applies="is never spared",
    holds="its `/tmp` is as large as it is by default",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for the size of its `/tmp`."""
    del ctx
    for function in app.functions:
        yield from found(
            function.ephemeral_storage.where(lambda v: int(v) > _BY_DEFAULT),
            subject=function,
            at=function.ephemeral_storage,
            message=(
                f"`{function}` has {above(function.ephemeral_storage, _BY_DEFAULT)} MB of `/tmp`, "
                "where files outlive an invocation"
            ),
            help="keep what is large in S3, and delete from `/tmp` what an invocation has put there",
            # A block without a size is refused by CloudFormation, and Terraform leaves what nothing states as it is.
            fix=Fix.unsafe(
                "take the default size",
                Set(function, "ephemeral_storage", _BY_DEFAULT),
                why="files that need the room do not fit",
            ),
        )
