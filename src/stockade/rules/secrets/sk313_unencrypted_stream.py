"""A Kinesis stream whose records are not encrypted.

## What it does
Reports Kinesis data streams without server-side encryption.

## Why is this bad?
Kinesis does not encrypt by itself. The records of a day, or of up to a year, lie as they were sent, and no policy of
a key says who may read them.

## When it is fine
Where producers encrypt the records themselves, or they hold nothing that matters.

## Example
```yaml bad
Resources:
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
```
```yaml good
Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 1, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}}
```
```hcl bad
resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}
```
```hcl good
resource "aws_kinesis_stream" "clicks" {
  name            = "clicks"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Clicks:
      Type: AWS::Kinesis::Stream
      Properties: {ShardCount: 1, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}}
```

## Fix safety
Unsafe: producers and consumers of other accounts can't use the key of Kinesis, and each call of KMS has a price.

## References
- [Data protection in Kinesis](https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Stream
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK313",
    "unencrypted-stream",
    severity=MEDIUM,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["Kinesis.1"], "cwe": [311]},
    aliases=[
        "CKV_AWS_43", "AWS-0064", "862fe4bf", "7f65be75", "W49", "AwsSolutions-KDS1", "AwsSolutions-KDS3",
        "kinesis_stream_encrypted_at_rest",
    ],
    applies="uses no stream of the scanned code",
    holds="the records of its streams are encrypted",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every stream how it encrypts."""
    del ctx
    for stream in app.of(Stream):
        setting = by_format(
            stream,
            "`EncryptionType: KMS` in `StreamEncryption`, with alias/aws/kinesis or a key of your own as its `KeyId`",
            '`encryption_type = "KMS"`, with alias/aws/kinesis or a key of your own as `kms_key_id`',
        )
        yield from found(
            ~stream.encryption.is_("KMS"),
            subject=stream,
            at=stream.encryption if stream.encryption.is_set().is_yes else stream,
            message=f"the records of the stream `{stream}` are not encrypted",
            help=f"set {setting}",
            fix=Fix.unsafe(
                "encrypt the stream with the key of Kinesis",
                Set(stream, "encryption", "KMS"),
                Set(stream, "kms_key", "alias/aws/kinesis"),
                why="producers and consumers of other accounts can't use that key",
            ),
        )
