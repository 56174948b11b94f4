"""An image that is named by a tag that moves.

## What it does
Reports image URIs in ECR that end in a moving tag such as `latest`, or in none, and name no digest. Other tags written
as such are reported to pedantic readers. Images that are built with the application (SAM) are fine.

## Why is this bad?
Lambda looks the tag up once, when the function is deployed. Which code runs then depends on who pushed last, not on the
commit; two functions of one template can run different images, and going back to an older commit changes nothing.

## When it is fine
In a sandbox.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image, ImageUri: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:latest}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: !GetAtt Role.Arn
      Code: {ImageUri: !Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/orders:latest"}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image}
    Metadata: {Dockerfile: Dockerfile, DockerContext: ./orders, DockerTag: v1}
```
```yaml good
Parameters: {Commit: {Type: String, Default: 3f2a9c1}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: !GetAtt Role.Arn
      Code:
        ImageUri: !Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/orders@sha256:\
          9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:latest"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
locals { digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders@${local.digest}"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```yaml bad
service: shop
provider: {name: aws}
functions:
  orders:
    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:latest
```
```yaml good
service: shop
provider:
  name: aws
  ecr: {images: {orders: {path: ./orders}}}
functions:
  orders: {image: orders}
  labels:
    image: >-
      111122223333.dkr.ecr.eu-west-1.amazonaws.com/labels@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
```

## Fix safety
Advice only: the digest is known to the pipeline.

## References
- [Create a Lambda function using a container image](https://docs.aws.amazon.com/lambda/latest/dg/images-create.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules.package._images import unnamed, with_image

_REGISTRY = r"[^/:@]*\.dkr\.ecr\.[^/:@]*/[^:@]*"
_MOVING = rf"(?i){_REGISTRY}(?::(?:latest|main|master|dev|develop|prod|production|staging|stable|test))?"
_TAGGED = rf"{_REGISTRY}(?::[\w.-]+)?"


@rule(
    "SK525",
    "image-by-tag",
    severity=LOW,
    since="0.1",
    controls=["PACK-8"],
    applies="is no container image, or its image is built with the application",
    holds="its image is named by digest, or by a tag that is given when it is deployed",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function with a named image."""
    del ctx
    yield from unnamed(app)
    for function in with_image(app):
        moving = function.image_uri.reads(_MOVING)
        answer = moving if not moving.is_no else function.image_uri.reads(_TAGGED)
        shown = function.image_uri.show()
        tag = shown.rpartition("/")[2].partition(":")[2]
        said = f"the tag `{tag}`" if tag else "no tag, which means `latest`"
        yield from found(
            answer,
            subject=function,
            at=function.image_uri,
            persona=None if not moving.is_no else "pedantic",
            message=f"which image `{function}` runs is decided by who pushed last: its URI has {said}, and no digest",
            help="name the image by digest (`@sha256:…`), or let the pipeline pass a tag of its own for every build",
            fix=Fix.advice("name the image by digest"),
        )
