"""Resources with names of their own, which stand in the way of their replacement.

## What it does
Reports, once for a template or root module, the resources that are named, though AWS or the provider would make a name. For
auditors: other tools' checklists ask for it. What a framework names is not told.

## Why is this bad?
Some changes can't be made to a resource that is there: it is replaced by a new one. CloudFormation makes the new one
first and refuses, since the name is taken. Terraform removes the old one first, and nothing is there in between. And
the same template can't be deployed twice to one region.

## When it is fine
Mostly: names that people and other systems know are worth more. That one blocks a replacement shows before anything
is lost.

## Example
```yaml bad
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
```
```yaml good
Resources:
  Orders: {Type: AWS::SQS::Queue}
```
```hcl bad
resource "aws_sqs_queue" "orders" {
  name = "orders"
}
```
```hcl good
resource "aws_sqs_queue" "orders" {
  name_prefix = "orders-"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders: {Type: AWS::SQS::Queue}
```

## Fix safety
Advice only: a resource with another name is another resource, and what it holds stays behind.

## References
- [Name type in CloudFormation](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html)
- [create_before_destroy in Terraform](https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import (
    Alarm,
    App,
    Bucket,
    EventRule,
    Function,
    LoadBalancer,
    Policy,
    Queue,
    Repository,
    Resource,
    Role,
    Secret,
    SecurityGroup,
    StateMachine,
    Stream,
    Table,
    TargetGroup,
    Topic,
)
from stockade.model.intent import Fix
from stockade.model.value import any_of, given
from stockade.rules._base import INFO, Context, Label, Outcome, found, rule
from stockade.rules._words import is_made, names

_KINDS: tuple[type[Resource], ...] = (
    Function,
    Role,
    Policy,
    Table,
    Queue,
    Topic,
    Bucket,
    Stream,
    StateMachine,
    Secret,
    EventRule,
    Alarm,
    SecurityGroup,
    Repository,
    LoadBalancer,
    TargetGroup,
)
# Types of Terraform for which the provider makes a name where none is stated.
_NAMED_BY_PROVIDER = frozenset(
    {
        "aws_alb",
        "aws_alb_target_group",
        "aws_cloudwatch_event_rule",
        "aws_iam_policy",
        "aws_iam_role",
        "aws_lb",
        "aws_lb_target_group",
        "aws_s3_bucket",
        "aws_secretsmanager_secret",
        "aws_security_group",
        "aws_sfn_state_machine",
        "aws_sns_topic",
        "aws_sqs_queue",
    }
)
_MOST = 8  # that are shown


@rule(
    "SK802",
    "fixed-resource-name",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["DELV-2"],
    aliases=["W28"],
    applies="has nothing to do with a resource that is named",
    holds="names are made when it is deployed",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Gather what is named, by template or root module."""
    del ctx
    named: dict[str, list[Resource]] = {}
    for kind in _KINDS:
        for resource in app.of(kind):
            if _could_be_unnamed(resource) and not resource.name.is_set().is_no:
                named.setdefault(resource.key.partition("#")[0], []).append(resource)
    for resources in named.values():
        functions = {id(function): function for resource in resources for function in resource.functions}
        have = "has a name of its own" if len(resources) == 1 else "have names of their own"
        yield from found(
            any_of(given(resource.exists, resource.name.is_set()) for resource in resources),
            subject=resources[0],
            at=resources[0].name,
            functions=tuple(functions.values()),
            message=f"{names(resources, 4, of='resource')} {have}",
            help="leave the name out where nobody has to know it",
            fix=Fix.advice("leave the name out"),
            related=tuple(Label(each.name.origin, f"the name of `{each}`") for each in resources[1:_MOST]),
            evidence="names",
        )


def _could_be_unnamed(resource: Resource) -> bool:
    """Whether it would get a name where none is stated, and its name is not the framework's."""
    if resource.framework_owned or is_made(resource):
        return False
    if isinstance(resource, Policy) and resource.form != "managed":
        return False
    return not resource.type.startswith("aws_") or resource.type in _NAMED_BY_PROVIDER
