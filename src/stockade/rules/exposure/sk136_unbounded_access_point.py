"""An access point that shows a whole file system.

## What it does
Reports access points of EFS file systems that set no user, so that whoever mounts chooses which user to be, or that
set no root directory, so that all of the file system is seen.

## Why is this bad?
An access point is what keeps functions that share a file system apart. Without a user each client says itself who it
is, root among others; without a directory one function reads and changes the files of all others.

## When it is fine
For a file system that a single function uses, and nobody else.

## Example
```yaml bad
Resources:
  Files:
    Type: AWS::EFS::AccessPoint
    Properties: {FileSystemId: fs-0123456789abcdef0}
```
```yaml good
Resources:
  Files:
    Type: AWS::EFS::AccessPoint
    Properties:
      FileSystemId: fs-0123456789abcdef0
      PosixUser: {Uid: "1000", Gid: "1000"}
      RootDirectory: {Path: /orders, CreationInfo: {OwnerUid: "1000", OwnerGid: "1000", Permissions: "750"}}
```
```hcl bad
resource "aws_efs_access_point" "files" { file_system_id = "fs-0123456789abcdef0" }
```
```hcl good
resource "aws_efs_access_point" "files" {
  file_system_id = "fs-0123456789abcdef0"
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = "/orders"
    creation_info {
      owner_uid   = 1000
      owner_gid   = 1000
      permissions = "750"
    }
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler, fileSystemConfig: {localMountPath: /mnt/files, arn: !GetAtt Files.Arn}}
resources:
  Resources:
    Files:
      Type: AWS::EFS::AccessPoint
      Properties: {FileSystemId: fs-0123456789abcdef0}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler, fileSystemConfig: {localMountPath: /mnt/files, arn: !GetAtt Files.Arn}}
resources:
  Resources:
    Files:
      Type: AWS::EFS::AccessPoint
      Properties:
        FileSystemId: fs-0123456789abcdef0
        PosixUser: {Uid: "1000", Gid: "1000"}
        RootDirectory: {Path: /orders, CreationInfo: {OwnerUid: "1000", OwnerGid: "1000", Permissions: "750"}}
```

## Fix safety
Advice only: which user owns the files is not written anywhere; and AWS replaces an access point to change it.

## References
- [Access points of EFS](https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html)
- [File systems for functions](https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem-efs.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import AccessPoint, App
from stockade.model.intent import Fix
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK136",
    "unbounded-access-point",
    severity=MEDIUM,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["EFS.3", "EFS.4"], "cwe": [732]},
    aliases=[
        "CKV_AWS_329",
        "CKV_AWS_330",
        "efs_access_point_enforce_root_directory",
        "efs_access_point_enforce_user_identity",
    ],
    applies="mounts no access point of the scanned code",
    holds="its access points set a user and a directory",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every access point for its user and its directory."""
    del ctx
    for point in app.of(AccessPoint):
        several = len(point.functions) > 1
        yield from found(
            ~point.user.is_set(),
            subject=point,
            at=point,
            severity=MEDIUM if several else LOW,
            message=f"who mounts the access point `{point}` chooses itself as which user it reads and writes files",
            help=f"set `{by_format(point, 'PosixUser', 'posix_user')}`",
            fix=Fix.advice("set the user of the access point"),
            evidence="user",
        )
        yield from found(
            point.root.is_("/"),
            subject=point,
            at=point,
            severity=MEDIUM if several else LOW,
            message=f"the access point `{point}` shows all of its file system",
            help=f"set `{by_format(point, 'RootDirectory', 'root_directory')}` to a directory of its own",
            fix=Fix.advice("set the root directory of the access point"),
            evidence="root",
        )
