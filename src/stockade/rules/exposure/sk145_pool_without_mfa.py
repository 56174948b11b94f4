"""A user pool in which a password is all that it takes.

## What it does
Reports Cognito user pools that offer no second factor.

## Why is this bad?
Whoever learns a password from another site's leak or a false login page is in. With a second factor on offer, users
can protect themselves, and administrators can be made to.

## When it is fine
For users whose accounts open nothing of worth, and for pools that only hand on to other providers of identity.

## Example
```yaml bad
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
```
```yaml good
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {MfaConfiguration: OPTIONAL, EnabledMfas: [SOFTWARE_TOKEN_MFA]}
```
```hcl bad
resource "aws_cognito_user_pool" "users" { name = "users" }
```
```hcl good
resource "aws_cognito_user_pool" "users" {
  name              = "users"
  mfa_configuration = "OPTIONAL"
  software_token_mfa_configuration { enabled = true }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Pool: {Type: AWS::Cognito::UserPool}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Pool:
      Type: AWS::Cognito::UserPool
      Properties: {MfaConfiguration: OPTIONAL, EnabledMfas: [SOFTWARE_TOKEN_MFA]}
```

## Fix safety
Advice only: which factors users have is not written anywhere.

## References
- [MFA in user pools](https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, UserPool
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK145",
    "pool-without-mfa",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [308]},
    aliases=["AwsSolutions-COG2", "cognito_user_pool_mfa_enabled"],
    applies="is a trigger of no user pool of the scanned code",
    holds="user pools offer a second factor",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every user pool for a second factor."""
    del ctx
    for pool in app.of(UserPool):
        yield from found(
            pool.mfa.is_("OFF"),
            subject=pool,
            at=pool.mfa if pool.mfa.is_set().is_yes else pool,
            message=f"the user pool `{pool}` offers no second factor",
            help=f"set `{by_format(pool, 'MfaConfiguration', 'mfa_configuration')}` to OPTIONAL or ON, with an "
            "authenticator app as the factor",
            fix=Fix.advice("offer a second factor"),
        )
