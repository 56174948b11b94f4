"""Logs that are plain text.

## What it does
Reports functions whose log format is not JSON. Functions whose runtime is the operating system alone write their own
format and are left out, as are those with Powertools' logger. For pedantic readers; told once for a template.

Of what the code logs Lambda makes JSON only where it goes through the runtime's own logger: in Python from 3.8 on
`logging`, in Node.js from 16 on `console`, in Java `LambdaLogger` or Log4j2, in .NET from 8 on the `ILambdaLogger` of the
context. What Python prints stays plain text. For other runtimes, such as Ruby or `go1.x`, the setting is for Lambda's own
lines only, and the code needs a logger that writes JSON.

## Why is this bad?
Lines of plain text carry no fields: whoever looks for one customer or one error has to guess how the code words it, and
levels can't be filtered: it is all or nothing. Only the lines that Lambda itself writes around a request name its id in
one form. As JSON, Lambda adds the request's id, the time and the level to every line that it formats.

## When it is fine
Where the code writes JSON itself.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, LoggingConfig: {LogFormat: JSON}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  logging_config { log_format = "JSON" }
}
```
```yaml bad
service: shop
frameworkVersion: "4"
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml bad
service: shop
frameworkVersion: "3"
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.13
  logs: {lambda: {logFormat: JSON}}
functions:
  orders: {handler: app.handler}
```

## Fix safety
Unsafe: what reads the logs (metric filters, subscriptions) gets JSON from then on. It is all there is to do where the code
logs by what Lambda formats; what Python prints stays as it is until the code changes. Advice only for runtimes whose
logs Lambda does not format: there the code has to change first.

## References
- [Configuring JSON and plain text log formats](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html)
- [Log and monitor Python Lambda functions](https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from stockade.knowledge import lambda_, runtimes
from stockade.model.app import App, Function
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, File, Tri, any_of, given, tri
from stockade.rules._base import LOW, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format, join
from stockade.rules.observability._functions import not_ours


@rule(
    "SK707",
    "text-logs",
    severity=LOW,
    confidence="medium",
    persona="pedantic",
    since="0.1",
    controls=["OBSV-4", "OBSV-7"],
    aliases=["LambdaLogging"],
    applies="writes its own log format: its runtime is the operating system, or a logger of its own is set up",
    holds="its logs are JSON",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its log format."""
    del ctx
    spare = {id(function) for function in app.functions if _own_format(function).is_yes or not_ours(function)}
    beside = _by_file([function for function in app.functions if id(function) not in spare])
    for function in app.functions:
        if id(function) in spare:
            yield from spared(function, not_ours(function))
            continue
        left = _left_to_code(function)
        if not left.is_yes:
            unset = function.log_format.is_set().is_no
            yield from _formatted(function, ~left, beside[_file(function)] if unset else _loggers([function]))
        if not left.is_no:
            yield from _of_the_code(function, left)


def _formatted(function: Function, applies: Tri, loggers: str) -> Iterator[Outcome]:
    """Ask one of which Lambda formats what goes through the runtime's own logger."""
    unset = function.log_format.is_set().is_no
    printed = _only_prints(function)
    gets_json = "what reads the logs, such as metric filters, gets JSON from then on"
    yield from found(
        applies & ~function.log_format.is_("JSON"),
        subject=function,
        at=function if unset else function.log_format,
        message=f"`{function}` logs plain text, which has no fields to query, and no levels to filter by",
        together="{} log plain text, which has no fields to query, and no levels to filter by" if unset else "",
        help=f"set {_setting(function)}, and log by {loggers}",
        fix=Fix.unsafe(
            "log as JSON, as far as the code does not print" if printed else "log as JSON",
            Set(function, "log_format", "JSON"),
            why=f"what the code prints stays plain text until it logs by `logging`, and {gets_json}"
            if printed
            else gets_json,
        ),
        passes="the lines of Lambda itself are JSON; what its code prints is not" if printed else "",
    )


def _only_prints(function: Function) -> bool:
    """Whether its code stands in the template, is Python, prints, and knows no `logging`, which alone Lambda formats there."""
    code = function.code_inline
    python = function.runtime.starts_with("python")
    return (python & code.reads(r"(?:.*\n)?[^#\n]*\bprint *\(.*") & ~code.contains("logging")).is_yes


_LANGUAGES = {"java": "Java", "dotnet": ".NET", "nodejs": "Node.js", "python": "Python"}


def _by_file(functions: list[Function]) -> dict[str, str]:
    """By file, what the functions that state no format have to log by: what a file leaves out is told once, for all of these."""
    found_: dict[str, list[Function]] = defaultdict(list)
    for function in functions:
        if function.log_format.is_set().is_no:
            found_[_file(function)].append(function)
    return {file: _loggers(own) for file, own in found_.items()}


def _file(function: Function) -> str:
    return function.origin.path if isinstance(function.origin, File) else ""


def _loggers(functions: Iterable[Function]) -> str:
    """What the code of functions has to log by."""
    known = {runtime.language: lambda_.formatted_logger(runtime) for one in functions for runtime in _runtimes(one)}
    loggers = {language: by for language, by in sorted(known.items()) if by}
    if len(loggers) == 1:
        return next(iter(loggers.values()))
    return join(f"{by} in {_LANGUAGES[language]}" for language, by in loggers.items()) or "the logger of the runtime"


def _runtimes(function: Function) -> Iterator[runtimes.Runtime]:
    """The runtimes that a function may have, as far as they are known."""
    for _, leaf in function.runtime.leaves():
        known = runtimes.runtime(leaf.show())
        if known is not None:
            yield known


def _of_the_code(function: Function, applies: Tri) -> Iterator[Outcome]:
    """Ask one whose code alone can write JSON."""
    unset = function.log_format.is_set().is_no
    yield from found(
        applies & ~function.log_format.is_("JSON"),
        subject=function,
        at=function if unset else function.log_format,
        evidence="left to the code",
        message=f"`{function}` logs plain text, unless its code writes JSON: Lambda formats no logs of its runtime",
        together="{} log plain text, unless their code writes JSON: Lambda formats no logs of their runtime"
        if unset
        else "",
        help=f"use a logger that writes JSON; {_setting(function)} makes JSON of Lambda's own lines only",
        fix=Fix.advice("log as JSON in the code"),
        passes="the lines of Lambda itself are JSON; what its code writes is not looked at",
    )


def _setting(function: Function) -> str:
    return by_format(
        function,
        "`LogFormat: JSON` in `LoggingConfig`",
        '`log_format = "JSON"` in `logging_config`',
        "`logs: {lambda: {logFormat: JSON}}` under `provider` (from version 4 of the framework on; before that, "
        "`LoggingConfig: {LogFormat: JSON}` of the function under `resources.extensions`)",
    )


def _left_to_code(function: Function) -> Tri:
    """Where its runtime is known to be one of which Lambda does not format what the code logs."""

    def left(name: object) -> bool:
        known = runtimes.runtime(str(name))
        return known is not None and not lambda_.formats_logs(known)

    cases = function.runtime.where(left).split()
    return any_of(given(when, case if case.is_yes else NO) for when, case in cases)


def _own_format(function: Function) -> Tri:
    def bare(name: object) -> bool:
        known = runtimes.runtime(str(name))
        return known is not None and known.language == "custom"

    logger = any(
        variable.name.startswith(("POWERTOOLS_LOG", "POWERTOOLS_SERVICE")) for variable in function.environment
    )
    library = any_of(layer.reads("(?i).*powertools.*") for layer in function.layers)
    image = function.package_type.is_("Image") | function.image_uri.is_set()
    return function.runtime.where(bare) | image | tri(logger, function.origin) | library
