"""A secret that Terraform sends to another server each time it plans.

## What it does
Reports data sources `http` and `external` whose address, headers, body, query or program hold a secret: a variable that is
`sensitive`, what is read from Secrets Manager or Parameter Store, a password that Terraform makes. For auditors: many services
ask for a token.

## Why is this bad?
It is sent by whoever runs `plan`, a build of a pull request included, so a change of the address sends the secret elsewhere
before anybody has approved it. It is kept in the state with the answer, and a program's arguments are seen by everyone on the
machine.

## When it is fine
Where the server is the one that the secret is for, and whoever may change the code may know the secret.

## Example
```hcl bad
variable "token" { sensitive = true }

data "http" "flags" {
  url             = "https://flags.example.com/shop"
  request_headers = { Authorization = "Bearer ${var.token}" }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { FLAGS = data.http.flags.response_body } }
}
```
```hcl good
data "http" "flags" {
  url = "https://flags.example.com/shop"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { FLAGS = data.http.flags.response_body } }
}
```

## Fix safety
Advice only: what needs the answer has to get it in another way.

## References
- [The data source http](https://registry.terraform.io/providers/hashicorp/http/latest/docs/data-sources/http)
- [The data source external](https://registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external)
- [Sensitive values](https://developer.hashicorp.com/terraform/language/manage-sensitive-data)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Request
from stockade.model.intent import Fix
from stockade.model.value import NO, YES
from stockade.rules._base import INFO, Context, Label, Outcome, found, rule

_FIX = Fix.advice("let the function ask for it when it runs", why="then its own role decides who learns of the secret")


@rule(
    "SK340",
    "secret-sent-by-terraform",
    severity=INFO,
    since="0.1",
    persona="auditor",
    controls=["SECR-1"],
    maps={"cwe": [201]},
    aliases=["CKV2_AWS_36"],
    applies="uses nothing that Terraform asks other servers for with a secret",
    holds="Terraform sends no secret to other servers",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at everything that Terraform asks for."""
    del ctx
    for request in app.of(Request):
        if not request.uses:
            yield from found(NO, subject=request, message="")
            continue
        first, *others = request.uses
        to = "to another server" if request.form == "http" else "to a program"
        yield from found(
            YES,
            subject=request,
            at=first.origin,
            message=f"`{request}` sends `{first.form}` {to} each time Terraform plans",
            help="leave the secret out of it",
            fix=_FIX,
            related=tuple(Label(use.origin, f"`{use.form}` goes out too") for use in others),
        )
