"""A package that Lambda refuses.

## What it does
Reports functions whose package and settings do not go together: a container image with a runtime, a handler or layers;
an archive without a runtime or a handler; code in the template for a runtime that does not take any.

## Why is this bad?
Lambda refuses to make or change such a function, and the deployment is rolled back.

## When it is fine
Never: it can't be deployed. What a variable of Terraform's root module leaves empty may be given when it is deployed; that
can't be told then.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {ImageUri: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:v1"}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: java21
      Handler: app.Handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {ZipFile: "class Handler {}"}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: arn:aws:iam::111122223333:role/orders
      Code: {ImageUri: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:v1"}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:v1"
  runtime       = "python3.13"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:v1"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Labels:
      Type: AWS::Lambda::Function
      Properties:
        Role: arn:aws:iam::111122223333:role/labels
        Code: {S3Bucket: b, S3Key: a.zip}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Safe: what is taken away kept the function from being deployed. What is missing is advice.

## References
- [CreateFunction](https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)
- [AWS::Lambda::Function Code](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import runtimes
from stockade.model.app import App, Function
from stockade.model.intent import Fix, Unset
from stockade.model.value import Tri, any_of
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._stated import is_left_out, place_of_missing
from stockade.rules._words import join
from stockade.rules.package._functions import is_image, is_inline, layers


@rule(
    "SK506",
    "contradictory-package",
    severity=MEDIUM,
    since="0.1",
    controls=["PACK-8"],
    aliases=["E3685", "E3677", "E3678", "W2533", "lambda-redundant-field-with-image"],
    applies="is never spared",
    holds="its package and its settings go together",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function whether its package and its settings go together."""
    del ctx
    for function in app.functions:
        yield from _image(function)
        yield from _archive(function)
        yield from found(
            ~is_image(function) & is_inline(function) & function.runtime.where(_takes_no_text),
            subject=function,
            at=function.code_inline,
            message=f"the code of `{function}` stands in the template, which its runtime {function.runtime.show()} does not take",
            help="put the code into an archive; only Node.js and Python take it from the template",
            fix=Fix.advice("put the code into an archive"),
            evidence="inline",
        )


def _image(function: Function) -> Iterator[Outcome]:
    stated = {
        "runtime": function.runtime.is_set(),
        "handler": function.handler.is_set(),
        "layers": any_of(layer.is_set() for layer in layers(function)),
    }
    wrong = [name for name, answer in stated.items() if not answer.is_no]
    what = join(f"a {name}" if name != "layers" else name for name in wrong) or "more"
    yield from found(
        function.package_type.is_("Image") & any_of(stated.values()),
        subject=function,
        at=function.runtime if "runtime" in wrong else function.handler if "handler" in wrong else function,
        message=f"`{function}` is a container image, and has {what} beside, which Lambda refuses",
        help="leave it to the image: `CMD` names the handler, and what layers hold is copied into it",
        fix=Fix.safe("leave it to the image", *(Unset(function, name) for name in wrong)),
        evidence="image",
    )


def _archive(function: Function) -> Iterator[Outcome]:
    missing = [
        (word, answer)
        for word, answer in (
            ("runtime", is_left_out(function, function.runtime)),
            ("handler", is_left_out(function, function.handler)),
        )
        if not answer.is_no
    ]
    certain = [word for word, answer in missing if answer.truth in {"yes", "mixed"}]
    told = certain or [word for word, _ in missing]
    words = join(f"no {word}" for word in told) or "no runtime"
    at = place_of_missing(function, [function.runtime if word == "runtime" else function.handler for word in told])
    yield from found(
        ~is_image(function) & any_of(answer for _, answer in missing),
        subject=function,
        at=at,
        related=() if at is function else (Label(function.origin, "of this function"),),
        message=f"`{function}` is an archive with {words}, which Lambda refuses",
        help="name the runtime and the handler",
        fix=Fix.advice("name the runtime and the handler"),
        evidence="archive",
    )


def _takes_no_text(name: object) -> bool | Tri:
    known = runtimes.runtime(str(name))
    return known is not None and not known.inline_code
