"""An image repository in which a tag can be moved to another image.

## What it does
Reports ECR repositories of the application whose images functions run by tag, while tags can be overwritten.

## Why is this bad?
Whoever may push to the repository can put another image under a tag that was reviewed and scanned. The next deployment,
or the next change of the function, runs it. What ran at a given time can't be told from the tag afterwards.

## When it is fine
Where every function names its image by digest: then no tag decides anything, and nothing is reported.

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
  Images: {Type: AWS::ECR::Repository, Properties: {ImageTagMutability: IMMUTABLE}}
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
  Images: {Type: AWS::ECR::Repository}
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
  name                 = "orders"
  image_tag_mutability = "IMMUTABLE"
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
    Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: orders, ImageTagMutability: IMMUTABLE}}
```

## Fix safety
Unsafe: pushing a tag a second time fails from then on, so that a pipeline that always pushes `latest` breaks.

## References
- [Preventing image tags from being overwritten](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format, names
from stockade.rules.package._images import all_pinned, repositories, unnamed


@rule(
    "SK523",
    "mutable-image-tags",
    severity=LOW,
    since="0.1",
    controls=["PACK-8"],
    maps={"aws-fsbp": ["ECR.2"]},
    aliases=["CKV_AWS_51", "AWS-0031", "d1846b12", "33f41d31", "ecr_repositories_tag_immutability"],
    applies="runs no image of a repository in the scanned code",
    holds="the tags of its repository can't be moved, or its image is named by digest",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every repository that functions run images of."""
    del ctx
    yield from unnamed(app)
    for repository, functions in repositories(app):
        yield from found(
            repository.tag_mutability.is_("MUTABLE") & ~all_pinned(functions),
            subject=repository,
            at=repository if repository.tag_mutability.is_set().is_no else repository.tag_mutability,
            message=f"the image of {names(functions)} can be replaced: tags of `{repository}` can be overwritten",
            help=f"set `{by_format(repository, 'ImageTagMutability', 'image_tag_mutability')}` to `IMMUTABLE`, "
            "and give every build a tag of its own",
            fix=Fix.unsafe(
                "make tags immutable",
                Set(repository, "tag_mutability", "IMMUTABLE"),
                why="pushing a tag a second time fails from then on",
            ),
        )
