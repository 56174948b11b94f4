"""An image repository that everybody may pull from or push to.

## What it does
Reports statements of a repository's policy that let every AWS account pull its images or push to it. Conditions and
denials are counted.

## Why is this bad?
The image is the function: whoever pulls it has its code, its dependencies and what was left in its layers. Whoever
may push replaces what runs with the function's role.

## When it is fine
For images that are meant for everybody, which the public gallery of ECR is made for.

## Example
```yaml bad
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Statement: {Effect: Allow, Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer], Principal: "*"}
```
```yaml good
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Statement:
          Effect: Allow
          Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
          Principal: {Service: lambda.amazonaws.com}
```
```hcl bad
resource "aws_ecr_repository" "images" { name = "images" }
resource "aws_ecr_repository_policy" "images" {
  repository = aws_ecr_repository.images.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "ecr:*", Principal = "*" }]
  })
}
```
```hcl good
resource "aws_ecr_repository" "images" { name = "images" }
resource "aws_ecr_repository_policy" "images" {
  repository = aws_ecr_repository.images.name
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Images:
      Type: AWS::ECR::Repository
      Properties:
        RepositoryPolicyText:
          Statement: {Effect: Allow, Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer], Principal: "*"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Images:
      Type: AWS::ECR::Repository
      Properties:
        RepositoryPolicyText:
          Statement:
            Effect: Allow
            Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
            Principal: {Service: lambda.amazonaws.com}
```

## Fix safety
Advice only: who has to be let in is not written anywhere.

## References
- [Policies of repositories](https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.opened import Open
from stockade.model.app import App, Repository
from stockade.rules._base import CRITICAL, HIGH, Context, Outcome, Severity, rule
from stockade.rules.exposure._policies import Ways, may_do, public

_WAYS: Ways = (
    (("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"), "pull from"),
    (("ecr:PutImage", "ecr:UploadLayerPart"), "push to"),
)


@rule(
    "SK135",
    "public-repository-policy",
    severity=HIGH,
    since="0.1",
    controls=["PACK-8", "FLEET-2"],
    maps={"cwe": [284, 732]},
    aliases=[
        "CKV_AWS_32", "AWS-0032", "e86e26fc", "75be209d", "AwsSolutions-ECR1",
        "ecr_repositories_not_publicly_accessible",
    ],
    applies="runs no image of a repository in the scanned code",
    holds="the policies of its repositories let nobody in whom they don't name",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of repositories for everybody."""
    del ctx
    yield from public(
        app,
        kinds=(Repository,),
        types=("aws_ecr_repository_policy",),
        noun=lambda _: "the repository",
        ways=_WAYS,
        severity=_severity,
        help_="name the accounts or services that pull, or add the condition StringEquals aws:PrincipalOrgID",
    )


def _severity(one: Open) -> Severity:
    return CRITICAL if may_do(one.statement, "ecr:PutImage", "ecr:SetRepositoryPolicy") else HIGH
