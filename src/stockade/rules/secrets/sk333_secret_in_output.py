"""A secret that a stack puts out.

## What it does
Reports outputs of templates and of root modules that are a secret in plain text, a parameter that the source hides or
that is named after a secret, or the secret key of a user. Outputs of Terraform that are marked `sensitive` are fine.

## Why is this bad?
Everybody who may describe the stack reads its outputs, other stacks import them, and pipelines print them into their
logs. A secret key that is shown there works for ever.

## When it is fine
Never, for what is a secret.

## Example
```yaml bad
Parameters: {DatabasePassword: {Type: String, NoEcho: true}}
Resources:
  Topic: {Type: AWS::SNS::Topic}
Outputs:
  Password: {Value: !Ref DatabasePassword}
```
```yaml bad
Resources:
  Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: deployer}}
Outputs:
  SecretKey: {Value: !GetAtt Key.SecretAccessKey}
```
```yaml good
Resources:
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
Outputs:
  SecretArn: {Value: !Ref Secret}
```
```hcl bad
variable "database_password" {}

output "password" {
  value = var.database_password
}
```
```hcl good
variable "database_password" { sensitive = true }

output "password" {
  value     = var.database_password
  sensitive = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Outputs:
    Token: {Value: "${opt:api_token}"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Outputs:
    Topic: {Value: orders}
```

## Fix safety
Advice only: whoever reads the output has to get it in another way.

## References
- [CloudFormation outputs](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html)
- [Output values in Terraform](https://developer.hashicorp.com/terraform/language/values/outputs)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Output
from stockade.model.intent import Fix
from stockade.model.sensitive import is_secret_input, plain_secrets
from stockade.model.value import YES, Tri, any_of, given
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules._words import by_format

_KEYS = frozenset({"SecretAccessKey"})  # attributes that are secrets, which CloudFormation shows


@rule(
    "SK333",
    "secret-in-output",
    severity=HIGH,
    since="0.2",
    controls=["SECR-1"],
    maps={"cwe": [200, 312]},
    aliases=["cloudformation_stack_outputs_find_secrets"],
    applies="is never asked: outputs are no function's",
    holds="no output gives a secret away",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for secrets in every output."""
    del ctx
    for output in app.of(Output):
        yield from found(
            _is_secret(output) & ~output.hidden.is_true(),
            subject=output,
            at=output.value,
            message=f"the output `{output.address.rpartition('.')[2]}` gives a secret away to everybody who may see outputs",
            help=by_format(
                output,
                "put out the name of the secret, and let Secrets Manager hand it to who needs it",
                "put out the name of the secret, or mark the output `sensitive`",
            ),
            fix=Fix.advice("put out the name of the secret"),
        )


def _is_secret(output: Output) -> Tri:
    plain = any_of(one.answer for one in plain_secrets(output.address.rpartition(".")[2], output.value))
    keys = any_of(given(when, YES) for when, ref in output.value.references() if ref.attribute in _KEYS)
    return plain | keys | is_secret_input(output.value)
