"""A secret parameter that everybody can read.

## What it does
Reports parameters whose name says that they take a secret (`DbPassword`, `ApiToken`, `SlackWebhookUrl`) and that lack
`NoEcho: true`. A parameter whose default is the secret is told by `secret-in-parameter-default`.

## Why is this bad?
Without `NoEcho` the value that was given stands in plain text in the console, in `describe-stacks` and in the events of
the stack, for everybody who may look at stacks.

## When it is fine
For a parameter that takes the *name* of a secret; call it that, and it is quiet: `DbPasswordSecretArn`.

## Example
```yaml bad
Parameters:
  DbPassword:
    Type: String
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
```yaml bad
Transform: AWS::Serverless-2016-10-31
Parameters:
  ApiToken:
    Type: String
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment: {Variables: {API_TOKEN: !Ref ApiToken}}
```
```hcl bad
variable "db_password" {
  type = string
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
  stackParameters:
    - {ParameterKey: DbPassword, ParameterValue: "${env:DB_PASSWORD}"}
functions:
  orders: {handler: app.handler}
resources:
  Parameters:
    DbPassword: {Type: String}
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
Safe: only what is shown changes.

## References
- [Parameters: NoEcho](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge.secrets import is_reference
from stockade.model.app import App, Variable
from stockade.model.intent import Fix, Set
from stockade.model.sensitive import plain_secrets, takes_secret
from stockade.model.value import NO
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.secrets._shared import reached, readers


@rule(
    "SK310",
    "secret-parameter-without-noecho",
    severity=LOW,
    since="0.1",
    controls=["SECR-1"],
    maps={"cwe": [200, 312]},
    aliases=["W1011"],
    applies="no parameter with a secret reaches it",
    holds="parameters that take secrets are not shown",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every parameter that says it takes a secret whether it is hidden."""
    del ctx
    by = readers(app)
    for variable in app.of(Variable):
        if not takes_secret(variable.address.removeprefix("var.")):
            continue
        if any(True for _ in plain_secrets(variable.address, variable.default)):
            why = f"the default of `{variable}` is written out, of which secret-in-parameter-default tells"
            yield from found(NO, subject=variable, message="", functions=reached(variable, by), passes=why)
            continue
        kept_elsewhere = variable.default.where(lambda text: isinstance(text, str) and is_reference(text))
        yield from found(
            ~variable.hidden.is_true() & variable.form.is_("String") & ~kept_elsewhere,
            subject=variable,
            at=variable,
            message=f"the {by_format(variable, 'parameter', 'variable')} `{variable}` takes a secret and is not hidden",
            help=f"hide the value: `{by_format(variable, 'NoEcho: true', 'sensitive = true')}`",
            fix=Fix.safe("hide the value", Set(variable, "hidden", True)),  # noqa: FBT003 - the value to write
            functions=reached(variable, by),
        )
