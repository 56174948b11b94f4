"""Data without a key of your own.

## What it does
Reports buckets, tables, streams, file systems and image repositories that are encrypted with a key of AWS and not
with one of your own. Nothing is said of a bucket that receives access logs of S3, or of an Application or Classic Load
Balancer: these are not delivered to a bucket that encrypts with another key than S3's own.

## Why is this bad?
AWS encrypts all of these by itself. With a key of your own a second policy decides who may read, each use is in
CloudTrail, and disabling the key shuts everybody out at once.

## When it is fine
Nearly always: it costs money, and more to think of. Only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
```
```yaml good
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/orders}
```
```hcl bad
resource "aws_s3_bucket" "files" {}
```
```hcl good
resource "aws_s3_bucket" "files" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "files" {
  bucket = aws_s3_bucket.files.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "alias/files"
    }
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/orders}
```

## Fix safety
Advice only: a key has to be made, and everybody who reads needs it.

## References
- [Where S3 delivers access logs to](https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html)
- [Keys of AWS and keys of your own](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-mgmt)
- [Encryption of tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Bucket, FileSystem, Repository, Stream, Table
from stockade.model.value import NO, Tri
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._deliveries import with_s3_keys_only
from stockade.rules._words import is_made
from stockade.rules.secrets._keys import has_own_key, without_own_key


@rule(
    "SK315",
    "data-without-own-key",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["SECR-5", "FLEET-2"],
    maps={"aws-fsbp": ["S3.17"], "cwe": [311]},
    aliases=[
        "CKV_AWS_145", "CKV_AWS_19", "CKV_AWS_119", "CKV_AWS_184", "CKV_AWS_185", "AWS-0025", "AWS-0121",
        "AWS-0132", "b2e8752c", "ce089fd4", "4bd21e68", "W41", "W74", "s3_bucket_kms_encryption",
        "dynamodb_tables_kms_cmk_encryption_enabled", "kmsDefaultKeyUsage", "e52395b4", "FG_R00099", "FG_R00069", "ddb"],
    applies="keeps nothing in the scanned code",
    holds="what it keeps is encrypted with a key of your own",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask everything that keeps data for its key."""
    del ctx
    kept: tuple[Bucket | Table | Stream | FileSystem | Repository, ...] = (
        *app.of(Bucket), *app.of(Table), *app.of(Stream), *app.of(FileSystem), *app.of(Repository),
    )  # fmt: skip
    plain = with_s3_keys_only(app)
    for resource in kept:
        if resource.key in plain:
            yield from found(
                NO, subject=resource, message="", passes="it receives logs, which take no other key than S3's own"
            )
            continue
        if resource.functions or not is_made(resource):  # a framework's own bucket holds what is deployed
            own = has_own_key(resource.kms_key) & _uses(resource)
            yield from without_own_key(resource, _NOUNS[resource.kind], own)


_NOUNS = {
    "bucket": "the bucket",
    "table": "the table",
    "stream": "the stream",
    "file-system": "the file system",
    "repository": "the repository",
}


def _uses(resource: Bucket | Table | Stream | FileSystem | Repository) -> Tri:
    """Whether a key that is named is used."""
    if isinstance(resource, Bucket):
        return resource.encryption.one_of("aws:kms", "aws:kms:dsse")
    if isinstance(resource, Table):
        return resource.customer_key.is_true()
    return resource.kms_key.is_set()
