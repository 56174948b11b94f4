"""A user pool that does not notice stolen passwords.

## What it does
Reports Cognito user pools without threat protection, or with it set to watch only.

## Why is this bad?
Threat protection knows passwords from leaks and sign-ins from unlikely places, and blocks them or asks for a second
factor. Without it Cognito limits guesses for a time, and nothing more.

Cognito compares a password with leaks only where it gets the password itself: at sign-up, when it is changed, and in flows
such as `USER_PASSWORD_AUTH`, not in those with SRP.

## When it is fine
Where its price for each user is not worth it: it needs the Plus plan.

## Example
```yaml bad
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
```
```yaml good
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolTier: PLUS, UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
```
```hcl bad
resource "aws_cognito_user_pool" "users" {
  name = "users"
  user_pool_add_ons { advanced_security_mode = "AUDIT" }
}
```
```hcl good
resource "aws_cognito_user_pool" "users" {
  name           = "users"
  user_pool_tier = "PLUS"
  user_pool_add_ons { advanced_security_mode = "ENFORCED" }
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
      Properties: {UserPoolTier: PLUS, UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
```

## Fix safety
Advice only: it has a price, and may lock out users until it is set up.

## References
- [Threat protection](https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, UserPool
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK146",
    "pool-without-threat-protection",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    maps={"aws-fsbp": ["Cognito.1"], "cwe": [307]},
    aliases=[
        "AwsSolutions-COG3", "AwsSolutions-COG8", "cognito_user_pool_advanced_security_enabled",
        "cognito_user_pool_blocks_compromised_credentials_sign_in_attempts",
    ],
    applies="is a trigger of no user pool of the scanned code",
    holds="user pools block sign-ins that look stolen",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every user pool for threat protection."""
    del ctx
    for pool in app.of(UserPool):
        watches = pool.threat_protection.is_("AUDIT").is_yes
        yield from found(
            ~pool.threat_protection.is_("ENFORCED"),
            subject=pool,
            at=pool.threat_protection if pool.threat_protection.is_set().is_yes else pool,
            message=f"the user pool `{pool}` lets in who signs in with a password from a leak"
            + (": its threat protection only watches" if watches else ""),
            help=f"set `{by_format(pool, 'AdvancedSecurityMode', 'advanced_security_mode')}` to ENFORCED, with the Plus plan;"
            " even then passwords of sign-ins with SRP are not looked up",
            fix=Fix.advice("turn threat protection on"),
        )
