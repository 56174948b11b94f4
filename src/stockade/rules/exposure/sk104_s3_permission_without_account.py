"""A permission for a source whose ARN names no account, without the source account.

## What it does
Reports permissions for S3, and any other service whose ARNs have no account in them, that have a source ARN but no
`SourceAccount`.

## Why is this bad?
`arn:aws:s3:::uploads` says nothing about who owns the bucket. Bucket names are global: when yours is deleted, anybody
may make one of that name, point its notifications at your function, and the permission still holds.

## When it is fine
Where the bucket can never be deleted. Adding the account costs nothing, so do it there too.

## Example
```yaml bad
Resources:
  FromBucket:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: thumbnails
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::uploads
```
```yaml good
Resources:
  FromBucket:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: thumbnails
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::uploads
      SourceAccount: !Ref AWS::AccountId
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Uploads:
    Type: AWS::S3::Bucket
  Thumbnails:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Upload:
          Type: S3
          Properties: {Bucket: !Ref Uploads, Events: "s3:ObjectCreated:*"}
```
```hcl bad
resource "aws_s3_bucket" "uploads" { bucket = "uploads" }

resource "aws_lambda_permission" "from_bucket" {
  function_name = "thumbnails"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.uploads.arn
}
```
```hcl good
data "aws_caller_identity" "current" {}

resource "aws_s3_bucket" "uploads" { bucket = "uploads" }

resource "aws_lambda_permission" "from_bucket" {
  function_name  = "thumbnails"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = aws_s3_bucket.uploads.arn
  source_account = data.aws_caller_identity.current.account_id
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  resize: {handler: app.handler}
resources:
  Resources:
    FromBucket:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref ResizeLambdaFunction
        Action: lambda:InvokeFunction
        Principal: s3.amazonaws.com
        SourceArn: arn:aws:s3:::shop-uploads
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  resize:
    handler: app.handler
    events:
      - s3: shop-uploads
```

## Fix safety
Safe where the bucket belongs to this application. Otherwise unsafe: a bucket of another account stops calling the
function.

## References
- [Lambda.1 of Security Hub](https://docs.aws.amazon.com/securityhub/latest/userguide/lambda-controls.html#lambda-1)
- [Process S3 notifications](https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import lambda_
from stockade.model.app import App, Bucket, Permission
from stockade.model.intent import Fix, Here, Set
from stockade.rules._base import HIGH, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import called, place


@rule(
    "SK104",
    "s3-permission-without-account",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-1"],
    maps={"aws-fsbp": ["Lambda.1"], "cwe": [441]},
    aliases=["W3663"],
    applies="has no permission for S3 or another source without an account in its ARN",
    holds="the permission names the account that has to own the source",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission whose source ARN has no account for its source account."""
    del ctx
    for permission in app.of(Permission):
        concerned = permission.principal.where_anywhere(_names_no_account)
        if concerned.is_no:
            continue
        every = permission.source_arn.reads(r"\*|arn:[^:]*:s3:::\*")
        write = Set(permission, "source_account", Here("account"))
        source = permission.source_arn.show()
        title = "name this account as the owner of the source"
        yield from found(
            concerned & permission.source_arn.is_set() & ~permission.source_account.is_set(),
            subject=permission,
            at=place(permission, permission.source_arn),
            severity=HIGH if every.is_yes else MEDIUM,
            message=(
                f"any account's bucket may invoke `{called(permission)}`: the source ARN `{source}` matches all of them"
                if every.is_yes
                else f"the permission for `{called(permission)}` does not say which account owns `{source}`"
            ),
            help=by_format(permission, "add SourceAccount", "add `source_account`"),
            fix=(
                Fix.safe(title, write)
                if isinstance(permission.source, Bucket)
                else Fix.unsafe(title, write, why="a bucket of another account stops calling the function")
            ),
        )


def _names_no_account(principal: object) -> bool:
    row = lambda_.invoker(str(principal))
    return row is not None and row.needs_source_account
