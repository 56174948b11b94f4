"""A secret as the default of a template parameter.

## What it does
Reports parameters whose default is a secret, by its form or by the parameter's name. It says so too when the parameter
lacks `NoEcho`. Where the default ends in a function's environment, `secret-in-environment` tells it instead.

## Why is this bad?
A default is part of the template, and of every copy of it. `NoEcho` does not help: it hides what is given when the
stack is deployed, not what is written. Most stacks keep their defaults, so that all of them share one password.

## When it is fine
For a default that is refused by what it is given to, so that nobody can deploy with it.

## Example
```yaml bad
Parameters:
  DbPassword:
    Type: String
    NoEcho: true
    Default: Tk4vW9qzR2m
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t4g.micro
      Engine: postgres
      AllocatedStorage: "20"
      MasterUsername: orders
      MasterUserPassword: !Ref DbPassword
```
```yaml good
Parameters:
  DbPassword:
    Type: String
    NoEcho: true
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t4g.micro
      Engine: postgres
      AllocatedStorage: "20"
      MasterUsername: orders
      MasterUserPassword: !Ref DbPassword
```
```hcl bad
variable "db_password" {
  type      = string
  sensitive = true
  default   = "Tk4vW9qzR2m"
}
resource "aws_db_instance" "db" {
  instance_class    = "db.t4g.micro"
  engine            = "postgres"
  allocated_storage = 20
  username          = "orders"
  password          = var.db_password
}
```
```hcl good
variable "db_password" {
  type      = string
  sensitive = true
}
resource "aws_db_instance" "db" {
  instance_class    = "db.t4g.micro"
  engine            = "postgres"
  allocated_storage = 20
  username          = "orders"
  password          = var.db_password
}
```
```yaml bad
service: orders
provider:
  name: aws
  runtime: python3.13
functions:
  orders: {handler: app.handler}
resources:
  Parameters:
    DbPassword: {Type: String, NoEcho: true, Default: Tk4vW9qzR2m}
  Resources:
    Db:
      Type: AWS::RDS::DBInstance
      Properties:
        DBInstanceClass: db.t4g.micro
        Engine: postgres
        AllocatedStorage: "20"
        MasterUsername: orders
        MasterUserPassword: !Ref DbPassword
```
```yaml good
service: orders
provider:
  name: aws
  runtime: python3.13
  stackParameters:
    - {ParameterKey: DbPassword, ParameterValue: "${env:DB_PASSWORD}"}
functions:
  orders: {handler: app.handler}
resources:
  Parameters:
    DbPassword: {Type: String, NoEcho: true}
  Resources:
    Db:
      Type: AWS::RDS::DBInstance
      Properties:
        DBInstanceClass: db.t4g.micro
        Engine: postgres
        AllocatedStorage: "20"
        MasterUsername: orders
        MasterUserPassword: !Ref DbPassword
```

## Fix safety
Unsafe: without the default everybody who deploys has to give a value. The password itself has to be changed as well.
In Terraform, what an ephemeral resource reads can only go to providers and to write-only arguments, such as `password_wo`: it is
offered where the variable goes to one of those. Elsewhere mark the variable as `sensitive`, and keep its value out of the code.

## References
- [Parameters: NoEcho](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html)
- [Dynamic references](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Variable
from stockade.model.intent import Fix, Set, Unset
from stockade.model.sensitive import Plain, plain_secrets
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules._words import by_format, join
from stockade.rules.secrets._shared import reached, readers, runs, secrets_in, severity_of, thing, write_only


@rule(
    "SK302",
    "secret-in-parameter-default",
    severity=HIGH,
    since="0.1",
    controls=["SECR-1"],
    maps={"cwe": [312, 798, 1392]},
    aliases=["plainTextParameters"],
    applies="no secret reaches it by the default of a parameter",
    holds="no parameter has a secret as its default",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at the default of every parameter."""
    del ctx
    by = readers(app)
    told = {id(plain.place) for run in runs(app) for _, plain in secrets_in(run)}
    for variable in app.of(Variable):
        for plain in plain_secrets(variable.address, variable.default):
            if id(plain.place) in told:
                continue
            hidden = "" if variable.hidden.is_true().is_yes else ", and is not hidden"
            yield from found(
                plain.answer,
                subject=variable,
                at=plain.leaf,
                severity=severity_of(plain),
                confidence=plain.hit.confidence,
                message=(
                    f"the default of the {by_format(variable, 'parameter', 'variable')} `{variable}` is {thing(plain)}"
                    f" in plain text{hidden}"
                ),
                help=by_format(
                    variable,
                    "leave the default out, or let the template read the secret with {{resolve:secretsmanager:…}}",
                    _in_terraform(app, plain, hidden=not hidden),
                ),
                fix=Fix.unsafe(
                    "remove the default" + (", and hide the value" if hidden else ""),
                    Unset(variable, "default"),
                    *((Set(variable, "hidden", True),) if hidden else ()),  # noqa: FBT003 - the value to write
                    why="whoever deploys has to give a value; the secret has to be changed as well",
                ),
                functions=reached(variable, by),
            )


def _in_terraform(app: App, plain: Plain, *, hidden: bool) -> str:
    """What to do of a variable. What an ephemeral resource reads may go to few arguments, so these are named."""
    first = "leave the default out" + ("" if hidden else ", and mark the variable as `sensitive`")
    taken = join(f"`{argument}` of `{resource}`" for argument, resource in write_only(app, plain))
    return (
        f"{first}; {taken} may take the value from an ephemeral resource of Secrets Manager instead" if taken else first
    )
