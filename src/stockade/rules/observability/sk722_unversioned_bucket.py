"""A bucket in which what is overwritten is gone.

## What it does
Reports buckets without versions. That deployed code is taken from such a bucket everybody hears; of other buckets
only the pedantic persona does. Nothing is said of a bucket of which all that can be seen to use it is AWS, which delivers
logs: each is an object of its own that is written once.

## Why is this bad?
What is overwritten or deleted in a bucket without versions is gone. In a bucket of deployment packages that also
means that nobody can tell which code ran, and that the last good one can't be had back.

## When it is fine
For buckets whose objects are made once, or can be made again.

## Example
```yaml bad
Resources:
  Artifacts: {Type: AWS::S3::Bucket}
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: !Ref Role, Code: {S3Bucket: !Ref Artifacts, S3Key: a.zip}}
```
```yaml good
Resources:
  Artifacts: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Role: !Ref Role, Code: {S3Bucket: !Ref Artifacts, S3Key: a.zip}}
```
```hcl bad
resource "aws_s3_bucket" "files" {}
```
```hcl good
resource "aws_s3_bucket" "files" {}
resource "aws_s3_bucket_versioning" "files" {
  bucket = aws_s3_bucket.files.id
  versioning_configuration { status = "Enabled" }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Artifacts: {Type: AWS::S3::Bucket}
    Orders:
      Type: AWS::Lambda::Function
      Properties: {Runtime: python3.13, Handler: a.b, Role: !Ref Role, Code: {S3Bucket: !Ref Artifacts, S3Key: a.zip}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Artifacts: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
    Orders:
      Type: AWS::Lambda::Function
      Properties: {Runtime: python3.13, Handler: a.b, Role: !Ref Role, Code: {S3Bucket: !Ref Artifacts, S3Key: a.zip}}
```

## Fix safety
Safe: nothing changes for who uses the bucket. Old versions have a price until a lifecycle rule removes them.

## References
- [Versions in S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Bucket, Function, Output
from stockade.model.intent import Fix, Set
from stockade.model.places import scope_of
from stockade.rules._base import INFO, LOW, Context, Outcome, found, rule
from stockade.rules._deliveries import log_buckets
from stockade.rules._words import by_format, is_made, names


@rule(
    "SK722",
    "unversioned-bucket",
    severity=LOW,
    since="0.1",
    controls=["FLEET-2", "DRFT-1"],
    maps={"aws-fsbp": ["S3.14"]},
    aliases=[
        "CKV_AWS_21",
        "AWS-0090",
        "568a4d22",
        "a227ec01",
        "S3_BUCKET_VERSIONING_ENABLED",
        "s3_bucket_object_versioning",
        "FG_R00101",
        "CTL.LAMBDA.MICROVM.S3VERSION.001",
    ],
    applies="uses no bucket of the scanned code",
    holds="its buckets keep what is overwritten",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every bucket for versions."""
    del ctx
    deployed, logs = _deployed(app), log_buckets(app)
    for bucket in app.of(Bucket):
        functions = deployed.get(bucket.key, [])
        if (is_made(bucket) or _is_of_a_package(app, bucket)) and len(bucket.functions) <= len(functions):
            continue  # a framework's own bucket keeps each deployment under a name of its own
        if bucket.key in logs and not functions:
            continue
        what = f", from which the code of {names(functions)} comes," if functions else ""
        yield from found(
            ~bucket.versioning.is_("Enabled"),
            subject=bucket,
            at=bucket if bucket.versioning.is_set().is_no else bucket.versioning,
            severity=LOW if functions else INFO,
            persona="regular" if functions else "pedantic",
            message=f"what is overwritten in the bucket `{bucket}`{what} is gone",
            help=f"enable {by_format(bucket, '`VersioningConfiguration`', 'versioning')}, with a lifecycle rule for old versions",
            fix=_fix(bucket),
        )


def _is_of_a_package(app: App, bucket: Bucket) -> bool:
    """Whether a template that the Serverless Framework has packaged declares its own bucket so: with an output of its name."""
    outputs = {output.address.rpartition("/")[2] for output in app.of(Output) if scope_of(output) == scope_of(bucket)}
    return bucket.address == "ServerlessDeploymentBucket" and "ServerlessDeploymentBucketName" in outputs


def _fix(bucket: Bucket) -> Fix:
    """In Terraform, versions are stated by a resource of their own, which has to be there."""
    if bucket.versioning.is_set().is_no and by_format(bucket, "", "terraform"):
        return Fix.advice("keep versions, by an `aws_s3_bucket_versioning` of it")
    return Fix.safe("keep versions", Set(bucket, "versioning", "Enabled"))


def _deployed(app: App) -> dict[str, list[Function]]:
    """By the key of a bucket, the functions whose code is taken from it."""
    taken: dict[str, list[Function]] = {}
    for function in app.functions:
        for _, reference in function.code_bucket.references():
            taken.setdefault(reference.target, []).append(function)
    return taken
