"""A permission for Alexa that does not say which skill may call.

## What it does
Reports permissions for the principals of Alexa without an event source token.

## Why is this bad?
Alexa calls for every skill that anybody has made. Without the token, which is the skill's id, somebody else's skill
may name your function as its endpoint and send it whatever requests they like.

## When it is fine
Only while the skill does not exist yet: Alexa gives out its id before it asks for the endpoint, so that time is
short. A handler that compares the application id of each request is a second line, not the first.

## Example
```yaml bad
Resources:
  FromAlexa:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: skill
      Action: lambda:InvokeFunction
      Principal: alexa-appkit.amazon.com
```
```yaml good
Resources:
  FromAlexa:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: skill
      Action: lambda:InvokeFunction
      Principal: alexa-appkit.amazon.com
      EventSourceToken: amzn1.ask.skill.00000000-0000-0000-0000-000000000000
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Skill:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Alexa:
          Type: AlexaSkill
          Properties: {SkillId: amzn1.ask.skill.00000000-0000-0000-0000-000000000000}
```
```hcl bad
resource "aws_lambda_permission" "from_alexa" {
  function_name = "skill"
  action        = "lambda:InvokeFunction"
  principal     = "alexa-appkit.amazon.com"
}
```
```hcl good
resource "aws_lambda_permission" "from_alexa" {
  function_name      = "skill"
  action             = "lambda:InvokeFunction"
  principal          = "alexa-appkit.amazon.com"
  event_source_token = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  skill: {handler: app.handler}
resources:
  Resources:
    FromAlexa:
      Type: AWS::Lambda::Permission
      Properties:
        {FunctionName: !Ref SkillLambdaFunction, Action: lambda:InvokeFunction, Principal: alexa-appkit.amazon.com}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  skill:
    handler: app.handler
    events:
      - alexaSkill: amzn1.ask.skill.0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f
```

## Fix safety
Advice only: the skill's id is in the Alexa developer console.

## References
- [Host a custom skill as a Lambda function](https://developer.amazon.com/docs/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Permission
from stockade.model.intent import Fix
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import ALEXA, called, place


@rule(
    "SK126",
    "alexa-permission-without-token",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-9"],
    maps={"cwe": [441]},
    aliases=["F45"],
    applies="has no permission for Alexa",
    holds="the permission for Alexa names the skill",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for Alexa for its token."""
    del ctx
    for permission in app.of(Permission):
        alexa = permission.principal.reads(ALEXA)
        if alexa.is_no:
            continue
        yield from found(
            alexa & ~permission.event_source_token.is_set(),
            subject=permission,
            at=place(permission, permission.principal),
            message=f"every Alexa skill may invoke `{called(permission)}`: the permission names none",
            help=by_format(
                permission,
                f"set `{'SkillId' if permission.generated_by else 'EventSourceToken'}` to the skill's id",
                "set `event_source_token` to the skill's id",
                "set `appId` to the skill's id",
            ),
            fix=Fix.advice("add the skill's id"),
        )
