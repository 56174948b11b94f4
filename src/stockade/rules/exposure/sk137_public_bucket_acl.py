"""A bucket whose ACL lets in everybody.

## What it does
Reports buckets with one of the canned ACLs for everybody or for every AWS account (`public-read`,
`public-read-write`, `authenticated-read`), where the public access block lets ACLs take effect.

## Why is this bad?
An ACL of the bucket lets everybody list what is in it, and with `public-read-write` put files there, which functions
are then given as events. `authenticated-read` sounds narrower and is not: it is every account of AWS.

## When it is fine
Never: what is meant for the public needs no list of the bucket.

## Example
```yaml bad
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
      PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}
```
```yaml good
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: Private
      OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
```
```hcl bad
resource "aws_s3_bucket" "files" {}
resource "aws_s3_bucket_public_access_block" "files" {
  bucket              = aws_s3_bucket.files.id
  block_public_policy = true
}
resource "aws_s3_bucket_acl" "files" {
  bucket = aws_s3_bucket.files.id
  acl    = "public-read"
}
```
```hcl good
resource "aws_s3_bucket" "files" {}
resource "aws_s3_bucket_acl" "files" {
  bucket = aws_s3_bucket.files.id
  acl    = "private"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files:
      Type: AWS::S3::Bucket
      Properties:
        AccessControl: PublicRead
        OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
        PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files:
      Type: AWS::S3::Bucket
      Properties:
        AccessControl: Private
        OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}
```

## Fix safety
Unsafe: whoever lists the bucket without credentials can't any more.

## References
- [Canned ACLs](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl)
- [Block public access](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Bucket
from stockade.model.intent import Fix, Set
from stockade.rules._base import CRITICAL, HIGH, Context, Outcome, found, rule
from stockade.rules._words import by_format

_READ = ("PublicRead", "public-read", "AuthenticatedRead", "authenticated-read")
_WRITE = ("PublicReadWrite", "public-read-write")


@rule(
    "SK137",
    "public-bucket-acl",
    severity=HIGH,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["S3.2", "S3.3", "S3.12"], "cwe": [284, 732]},
    aliases=[
        "CKV_AWS_20",
        "CKV_AWS_57",
        "AWS-0092",
        "F14",
        "W31",
        "s3_bucket_public_list_acl",
        "s3_bucket_public_write_acl",
    ],
    applies="uses no bucket of the scanned code",
    holds="no ACL of its buckets is for everybody",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every bucket for its ACL, and whether ACLs for everybody count."""
    del ctx
    for bucket in app.of(Bucket):
        writes = bucket.acl.one_of(*_WRITE)
        counts = ~bucket.ignore_public_acls.is_true() & ~bucket.block_public_acls.is_true()
        private = by_format(bucket, "Private", "private")
        yield from found(
            (bucket.acl.one_of(*_READ) | writes) & counts,
            subject=bucket,
            at=bucket.acl,
            severity=HIGH if writes.is_no else CRITICAL,
            message=f"everybody may list {'' if writes.is_no else 'and write to '}the bucket `{bucket}`: its ACL is "
            f"`{bucket.acl.show()}`",
            help=f"set `{by_format(bucket, 'AccessControl', 'acl')}` to {private}, or leave it out",
            fix=Fix.unsafe(
                "make the ACL private",
                Set(bucket, "acl", private),
                why="whoever lists the bucket without credentials can't any more",
            ),
            passes="its ACL is not for everybody, or such ACLs do not count",
        )
