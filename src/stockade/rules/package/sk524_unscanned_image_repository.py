"""An image repository whose images are not scanned when they are pushed.

## What it does
Reports ECR repositories of the application that functions run images of, and that do not scan on push.

## Why is this bad?
Lambda patches no container image: its operating system, language and libraries are as old as the build. Without a scan
nobody learns that an image with a known vulnerability was pushed.

## When it is fine
Where the registry scans all repositories by its own configuration (enhanced scanning with Amazon Inspector), or the
pipeline scans images before it pushes them.

## Example
```yaml bad
Resources:
  Images: {Type: AWS::ECR::Repository}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: !GetAtt Role.Arn
      Code: {ImageUri: !Sub "${Images.RepositoryUri}:v1"}
```
```yaml good
Resources:
  Images: {Type: AWS::ECR::Repository, Properties: {ImageScanningConfiguration: {ScanOnPush: true}}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: !GetAtt Role.Arn
      Code: {ImageUri: !Sub "${Images.RepositoryUri}:v1"}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Images: {Type: AWS::ECR::Repository, Properties: {ImageScanningConfiguration: {ScanOnPush: false}}}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image, ImageUri: !Sub "${Images.RepositoryUri}:v1"}
```
```hcl bad
resource "aws_ecr_repository" "orders" { name = "orders" }
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  package_type  = "Image"
  image_uri     = "${aws_ecr_repository.orders.repository_url}:v1"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_ecr_repository" "orders" {
  name = "orders"
  image_scanning_configuration { scan_on_push = true }
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  package_type  = "Image"
  image_uri     = "${aws_ecr_repository.orders.repository_url}:v1"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```yaml bad
service: shop
provider: {name: aws}
functions:
  orders:
    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:v1
resources:
  Resources:
    Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: orders}}
```
```yaml good
service: shop
provider: {name: aws}
functions:
  orders:
    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:v1
resources:
  Resources:
    Images:
      Type: AWS::ECR::Repository
      Properties: {RepositoryName: orders, ImageScanningConfiguration: {ScanOnPush: true}}
```

## Fix safety
Safe: a scan only reports.

## References
- [Scan images for software vulnerabilities](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format, names
from stockade.rules.package._images import repositories, unnamed


@rule(
    "SK524",
    "unscanned-image-repository",
    severity=LOW,
    confidence="medium",
    since="0.1",
    controls=["PACK-8"],
    maps={"aws-fsbp": ["ECR.1"]},
    aliases=["CKV_AWS_163", "AWS-0030", "9630336b", "9025b2b3", "ecr_repositories_scan_images_on_push_enabled"],
    applies="runs no image of a repository in the scanned code",
    holds="its images are scanned when they are pushed",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every repository that functions run images of."""
    del ctx
    yield from unnamed(app)
    for repository, functions in repositories(app):
        yield from found(
            ~repository.scan_on_push.is_true(),
            subject=repository,
            at=repository if repository.scan_on_push.is_set().is_no else repository.scan_on_push,
            message=f"images of {names(functions)} are not scanned when they are pushed to `{repository}`",
            help=f"set `{by_format(repository, 'ScanOnPush', 'scan_on_push')}`, or say in an ignore where images are scanned",
            fix=Fix.safe("scan images when they are pushed", Set(repository, "scan_on_push", True)),  # noqa: FBT003 - a value
        )
