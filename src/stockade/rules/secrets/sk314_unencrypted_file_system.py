"""A file system that is not encrypted.

## What it does
Reports EFS file systems without encryption at rest.

## Why is this bad?
What functions write there stays, and lies as it was written. Encryption can't be turned on later: it takes a new file
system and a copy of everything.

## When it is fine
For caches that can be made again.

## Example
```yaml bad
Resources:
  Files: {Type: AWS::EFS::FileSystem}
```
```yaml good
Resources:
  Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true}}
```
```hcl bad
resource "aws_efs_file_system" "files" {}
```
```hcl good
resource "aws_efs_file_system" "files" { encrypted = true }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files: {Type: AWS::EFS::FileSystem}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true}}
```

## Fix safety
Advice only: the change makes a new, empty file system in place of the old one.

## References
- [Encryption of EFS](https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, FileSystem
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK314",
    "unencrypted-file-system",
    severity=MEDIUM,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["EFS.1"], "cwe": [311]},
    aliases=[
        "CKV_AWS_42", "AWS-0037", "48207659", "2ff8e83c", "F32", "AwsSolutions-EFS1", "EFS_ENCRYPTED_CHECK",
        "efs_encryption_at_rest_enabled",
    ],
    applies="mounts no file system of the scanned code",
    holds="the file systems that it mounts are encrypted",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every file system whether it is encrypted."""
    del ctx
    for system in app.of(FileSystem):
        yield from found(
            ~system.encrypted.is_true(),
            subject=system,
            at=system.encrypted if system.encrypted.is_set().is_yes else system,
            message=f"the file system `{system}` is not encrypted",
            help=f"set `{by_format(system, 'Encrypted', 'encrypted')}` to true before there is anything in it",
            fix=Fix.advice(
                "make a new file system that is encrypted",
                why="the change makes a new, empty file system in place of the old one",
            ),
        )
