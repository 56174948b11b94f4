"""A function that anybody can invoke, as often as the account allows.

## What it does
Reports functions without reserved concurrency that somebody without credentials can invoke: by an open URL, an open
route of an API that does not throttle, a load balancer, or a permission for everybody. The function of an authorizer that
remembers no answer (`AuthorizerResultTtlInSeconds: 0`) and asks for no form of token is one of them: API Gateway runs it
for whatever stands in the header. What is open of one API is one finding; where the API's stage is in the scanned code,
`api-without-throttling` tells it.

## Why is this bad?
Concurrency is shared by all functions of the account in a region (1,000; 10 in new accounts). Whoever sends enough
requests to the open one leaves none for the others, and the bill has no upper end.

## When it is fine
Where a limit stands in front: throttling on the API's stage, a rate rule in a web ACL.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig: {AuthType: NONE}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig: {AuthType: NONE}
      ReservedConcurrentExecutions: 20
```
```yaml bad
Resources:
  Webhook:
    Type: AWS::Lambda::Function
    Properties: {Role: "arn:aws:iam::111122223333:role/webhook", Code: {ZipFile: ""}}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Webhook.Arn, AuthType: NONE}
```
```yaml good
Resources:
  Webhook:
    Type: AWS::Lambda::Function
    Properties: {Role: "arn:aws:iam::111122223333:role/webhook", Code: {ZipFile: ""}}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Webhook.Arn, AuthType: AWS_IAM}
```
```hcl bad
resource "aws_lambda_function" "webhook" {
  function_name = "webhook"
  role          = "arn:aws:iam::111122223333:role/webhook"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "webhook.zip"
}

resource "aws_lambda_function_url" "webhook" {
  function_name      = aws_lambda_function.webhook.function_name
  authorization_type = "NONE"
}
```
```hcl good
resource "aws_lambda_function" "webhook" {
  function_name                  = "webhook"
  role                           = "arn:aws:iam::111122223333:role/webhook"
  runtime                        = "python3.13"
  handler                        = "app.handler"
  filename                       = "webhook.zip"
  reserved_concurrent_executions = 20
}

resource "aws_lambda_function_url" "webhook" {
  function_name      = aws_lambda_function.webhook.function_name
  authorization_type = "NONE"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  webhook:
    handler: app.handler
    url: true
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  webhook:
    handler: app.handler
    reservedConcurrency: 10
    url: true
```

## Fix safety
Advice only: what is reserved is taken from the other functions, 100 have to stay unreserved, and a new account can
reserve nothing.

## References
- [Reserved concurrency](https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html)
- [Lambda authorizers](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Authorizer, Function, Invoker, Route, Stage
from stockade.model.intent import Fix
from stockade.model.invokers import api_admits_anybody
from stockade.model.value import NO, Tri, any_of, given, maybe
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule, spared
from stockade.rules._words import by_format, names
from stockade.rules.exposure._shared import (
    authorizer_of,
    listed,
    not_throttled,
    rate_settings,
    stage_name,
    stage_place,
    stages,
    start,
)

_HOW = {
    "url": "through its function URL",
    "alb": "through the load balancer",
    "permission": "by a permission for everybody",
    "api": "through the API",
    "authorizer": "by the authorizer of an API",
}
_UNCAPPED = "nothing below the account's limit caps how often at once"


@rule(
    "SK118",
    "uncapped-public-function",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-7"],
    maps={"cwe": [770]},
    aliases=["CTL.LAMBDA.CONFIG.CONCURRENCY.NOLIMIT.001"],
    asks=["route"],
    applies="can't be invoked without credentials",
    holds="its concurrency is capped, or what stands in front limits the requests",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function that anybody can invoke for its cap; those behind one API are told together."""
    del ctx
    behind: dict[int, tuple[Api, list[tuple[Function, Route, Tri]]]] = {}
    for function in app.functions:
        uncapped = ~function.reserved_concurrency.is_set()
        for invoker in function.invokers:
            public = given(invoker.exists, _public(invoker))
            if invoker.via not in _HOW or public.is_no:
                continue
            part = invoker.source
            if isinstance(part, Route | Authorizer) and part.api is not None:
                answer = given(function.exists, uncapped & public & not_throttled(app, part.api))
                behind.setdefault(id(part.api), (part.api, []))[1].append((function, _routes(part)[0], answer))
                continue
            # Nothing that stands behind a balancer's listener can be capped but the function.
            at, label = invoker.origin, Label(function.origin, "has no reserved concurrency")
            if invoker.via == "alb":
                at, label = function.origin, Label(invoker.origin, "the load balancer calls it")
            yield from found(
                uncapped & public,
                subject=function,
                at=at,
                message=f"anyone can invoke `{function}` {_HOW[invoker.via]}, and {_UNCAPPED}",
                help=f"set {_reserved(function)} of `{function}`, after a look at the account's limit",
                fix=Fix.advice("reserve a concurrency for the function"),
                related=(label,),
                evidence=invoker.via,
            )
    for api, cases in behind.values():
        yield from _api(app, api, cases)
    for function in app.functions:
        ways = [i for i in function.invokers if i.via in _HOW]
        if ways and all(i.via == "authorizer" and _public(i).is_no for i in ways):
            yield from spared(function, "is called to authorize the callers of an API, and answers nobody else")


def _public(invoker: Invoker) -> Tri:
    """Whether anybody can cause an invocation, also with credentials that are none.

    An authorizer's function is not called where a source of identity is missing, where a token (which only a TOKEN
    authorizer takes) has another form, and where the answer is remembered:
    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html (as of 2026-11-28).
    """
    authorizer = invoker.source
    if not isinstance(authorizer, Authorizer):
        return invoker.public
    asks = authorizer.token_pattern.is_set() & ~authorizer.form.is_("REQUEST")
    always = given(authorizer.exists, authorizer.ttl.at_most(0) & ~asks)
    if authorizer.api is None:
        return always & maybe("its API is not part of the scanned code", authorizer.origin, cause="API elsewhere")
    used = any_of(given(r.exists, ~r.api_key.is_true()) for r in _routes(authorizer))
    return always & used & api_admits_anybody(authorizer.api)


def _routes(part: Route | Authorizer) -> list[Route]:
    """The routes that an authorizer is asked for; of a route, that one."""
    if isinstance(part, Route):
        return [part]
    routes = () if part.api is None else part.api.routes.items
    return [r for r in routes if any(authorizer_of(r.api, leaf) is part for _, leaf in r.authorizer.leaves() if r.api)]


def _api(app: App, api: Api, cases: list[tuple[Function, Route, Tri]]) -> Iterator[Outcome]:
    open_ = [(function, route, answer) for function, route, answer in cases if not answer.is_no]
    for function in {id(f): f for f, _, answer in cases if answer.is_no}.values():
        if not any(f is function for f, _, _ in open_):
            yield from found(NO, subject=api, functions=(function,), message="")
    if open_:
        functions = tuple({id(f): f for f, _, _ in open_}.values())
        stage = next(stages(app, api), None)
        elsewhere = stage is None and not api.implicit  # SAM makes one of its own for an API that it makes
        yield from found(
            any_of(answer for _, _, answer in open_),
            subject=api,
            functions=functions,
            at=start(api, (open_[0][1],)) if stage is None else stage_place(stage),
            severity=LOW,
            message=(
                f"anyone can invoke {listed(f'`{f}`' for f in functions)} through `{api}`"
                + (": no stage here limits the rate, " if elsewhere else ", which sets no rate limit, ")
                + f"and {_UNCAPPED}"
            ),
            help=_of_each(api, functions) if elsewhere else _where(api, stage, functions),
            fix=Fix.advice(
                "reserve a concurrency for each function, or throttle the stage"
                if elsewhere
                else "throttle the stage, or reserve a concurrency for each function"
            ),
            related=tuple(Label(f.origin, "has no reserved concurrency") for f in functions[:8]),
            told="SK114" if stage is not None else "",  # whose limit would be the cap: one cause, one finding
        )


def _of_each(api: Api, functions: tuple[Function, ...]) -> str:
    """What to do where the stage is made elsewhere, if there is one: what can be written here comes first."""
    return (
        f"set {_reserved(functions[0])} of {names(functions)}, after a look at the account's limit; or limit the rate of its "
        f"stage {rate_settings(api)}, where that stage is made"
    )


def _where(api: Api, stage: Stage | None, functions: tuple[Function, ...]) -> str:
    """Where the edit goes: the stage of the API, or each function."""
    settings = rate_settings(api)
    named = "its stage" if stage is None else stage_name(stage)
    front = f"limit the rate of {named if stage is None or named.startswith('the stage') else f'the stage of {named}'}"
    front += f" {settings}"
    return f"{front}, or set {_reserved(functions[0])} of {names(functions)}, after a look at the account's limit"


def _reserved(function: Function) -> str:
    return by_format(
        function, "`ReservedConcurrentExecutions`", "`reserved_concurrent_executions`", "`reservedConcurrency`"
    )
