"""A topic without a KMS key.

## What it does
Reports topics that have no KMS key. Topics for failed events are told by `unencrypted-dead-letter`.

## Why is this bad?
SNS keeps messages for moments only, on disks that are encrypted; the messages themselves are encrypted only with a
KMS key, and only then does the policy of a key say who may read them.

## When it is fine
Nearly always, for the reason above; so only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  News: {Type: AWS::SNS::Topic}
```
```yaml good
Resources:
  News: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
```
```hcl bad
resource "aws_sns_topic" "news" { name = "news" }
```
```hcl good
resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = "alias/aws/sns"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    News: {Type: AWS::SNS::Topic}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    News: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}
```

## Fix safety
Unsafe: other services that publish to the topic can't use the key of SNS, and need one of your own. Where one is seen to
publish, nothing is written.

## References
- [Server-side encryption in SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Topic
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._failures import keepers
from stockade.rules._topics import key_fix, key_help


@rule(
    "SK312",
    "unencrypted-topic",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["SNS.1"], "cwe": [311]},
    aliases=[
        "CKV_AWS_26", "AWS-0095", "28545147", "9d13b150", "W47", "AwsSolutions-SNS2", "SNS_ENCRYPTED_KMS",
        "sns_topics_kms_encryption_at_rest_enabled", "topicEncrypted", "SNSEncryptedKMS"],
    applies="uses no topic of the scanned code",
    holds="its topics have a KMS key",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every topic for a key."""
    del ctx
    kept = keepers(app)
    for topic in app.of(Topic):
        yield from found(
            ~topic.kms_key.is_set(),
            subject=topic,
            at=topic,
            message=f"the topic `{topic}` has no KMS key",
            help=key_help(app, topic),
            fix=key_fix(app, topic),
            told="SK704" if id(topic) in kept else "",
        )
