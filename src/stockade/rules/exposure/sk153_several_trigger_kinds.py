"""A function that is invoked in several ways.

## What it does
Reports functions that services of different kinds invoke: an API and a queue, say. For pedantic readers.

## Why is this bad?
The handler has to tell the kinds of events apart by their shape, and whoever can send one kind may dress it up as
another: what an API's caller sends in is then handled as if a queue had delivered it. The role needs what all of the
ways need, and one way can take the concurrency from another.

## When it is fine
Where the handler uses a router that knows the event sources, and all of them are equally trusted.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Web: {Type: HttpApi, Properties: {Path: /orders, Method: GET}}
        Work: {Type: SQS, Properties: {Queue: "arn:aws:sqs:eu-west-1:111122223333:orders"}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Web: {Type: HttpApi, Properties: {Path: /orders, Method: GET}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_function_url" "orders" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_event_source_mapping" "orders" {
  function_name    = aws_lambda_function.orders.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_event_source_mapping" "orders" {
  function_name    = aws_lambda_function.orders.arn
  event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
      - s3: uploads
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
```

## Fix safety
Advice only: which code belongs together is yours to say.

## References
- [Comparing Lambda event-driven invocation modes](https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stockade.model.app import App, Function, Invoker
from stockade.model.intent import Fix
from stockade.model.invokers import CALLING
from stockade.model.value import YES, File, Origin, any_of, given
from stockade.rules._base import INFO, Context, Outcome, found, rule, spared
from stockade.rules.exposure._shared import listed

# Ways that are one to the handler, and ways that are no traffic of the application.
_SAME = {
    "schedule": "EventBridge",
    "events": "EventBridge",
    "api": "an API",
    "url": "a function URL",
    "alb": "a load balancer",
}
# What people call services whose names are more than a word or its capitals.
_CALLED = {
    "alexa": "Alexa",
    "appconfig": "AppConfig",
    "appsync": "AppSync",
    "bedrock": "Bedrock",
    "cloudfront": "CloudFront",
    "codecommit": "CodeCommit",
    "codepipeline": "CodePipeline",
    "cognito": "Cognito",
    "config": "AWS Config",
    "connect": "Amazon Connect",
    "documentdb": "DocumentDB",
    "dynamodb": "DynamoDB",
    "firehose": "Firehose",
    "iot": "IoT",
    "kafka": "Kafka",
    "kinesis": "Kinesis",
    "lattice": "VPC Lattice",
    "lex": "Lex",
    "logs": "CloudWatch Logs",
    "mq": "Amazon MQ",
    "msk": "Amazon MSK",
    "pipe": "a pipe of EventBridge",
    "poll": "an event source",
    "secretsmanager": "Secrets Manager",
    "states": "Step Functions",
    "transfer": "Transfer Family",
}
_ASIDE = frozenset({"authorizer", "cloudformation", "custom-resource", "permission", "terraform"})


@rule(
    "SK153",
    "several-trigger-kinds",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["ROLE-6"],
    maps={"cwe": [653]},
    aliases=["WS1002", "multiple_triggers"],
    asks=sorted(CALLING),
    applies="nothing invokes it",
    holds="it is invoked in one way",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Gather the ways in which every function is invoked."""
    del ctx
    for function in app.functions:
        ways: dict[str, list[Invoker]] = {}
        for invoker in function.invokers:
            if invoker.via not in _ASIDE:
                ways.setdefault(_SAME.get(invoker.via, invoker.via), []).append(invoker)
        if not ways:
            if function.invokers.items:
                yield from spared(function, "nothing invokes it that is a trigger: deployments, authorizers, roles")
            continue
        yield from found(
            any_of(
                given(one.exists, YES) & given(other.exists, YES)
                for number, own in enumerate(ways.values())
                for one in own
                for others in list(ways.values())[number + 1 :]
                for other in others
            ),
            subject=function,
            at=_place(function),
            message=f"`{function}` is invoked in {len(ways)} ways: {_words(ways)}",
            help="give each way a function of its own, with a role of its own",
            fix=Fix.advice("give each way a function of its own"),
        )


def _place(function: Function) -> Function | Origin:
    """The function; of one that a module makes, the call, which says what invokes it."""
    vias = function.origin.via if isinstance(function.origin, File) else ()
    call = next((via.span for via in vias if via.is_call and via.span is not None), None)
    return function if call is None else File(call)


def _words(ways: Iterable[str]) -> str:
    return listed(
        _CALLED.get(way) or (way if " " in way or not way.islower() else way.upper() if len(way) < 5 else way)
        for way in ways
    )
