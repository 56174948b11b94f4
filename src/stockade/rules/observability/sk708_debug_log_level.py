"""A log level that tells too much.

## What it does
Reports functions that log at `DEBUG` or `TRACE`, by `LoggingConfig` or by the environment variables that loggers read
(`LOG_LEVEL`, `POWERTOOLS_LOG_LEVEL`), and those that log every event whole (`POWERTOOLS_LOGGER_LOG_EVENT`). The latter
is of medium severity where events hold what callers send, and low where all that invokes the function says only that
something has happened (S3, a schedule).

`POWERTOOLS_LOG_LEVEL` is the level of Powertools' own logger, and so of what the function's code writes with it; in Java,
Powertools sets that of every logger. The other levels are taken to be those of all loggers. A level and the logging of events
are two findings, since each can be mended without the other.

## Why is this bad?
At these levels libraries write requests with headers, tokens and bodies, and SQL with its values, and code writes what its
authors looked at while they made it. Logs are read by more people than the data itself, are kept longer, and are often sent on
to other systems.

## When it is fine
In a development stage. A value that depends on the stage is only reported for the stages that it is so in.

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
      Environment: {Variables: {LOG_LEVEL: DEBUG}}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: b, S3Key: a.zip}
      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: TRACE}
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
      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}
      Environment: {Variables: {LOG_LEVEL: INFO}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  logging_config {
    log_format            = "JSON"
    application_log_level = "TRACE"
  }
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment {
    variables = { LOG_LEVEL = "INFO" }
  }
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {LOG_LEVEL: DEBUG}
```
```yaml bad
service: shop
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.13
  logs: {lambda: {logFormat: JSON, applicationLogLevel: TRACE}}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.13
  logs: {lambda: {logFormat: JSON, applicationLogLevel: INFO}}
functions:
  orders:
    handler: app.handler
    environment: {LOG_LEVEL: INFO}
```

## Fix safety
Safe for `LoggingConfig`: fewer lines are logged. Advice for environment variables, which the code may read too.

## References
- [Log-level filtering](https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html)
- [Powertools: logger](https://docs.powertools.aws.dev/lambda/python/latest/core/logger/)
- [Powertools for .NET: log levels](https://docs.aws.amazon.com/powertools/dotnet/core/logging/)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from stockade.model.app import App, EnvVar, Function
from stockade.model.intent import Fix, Set
from stockade.model.value import File, Tri, Value, given
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._words import names

_LEVELS = frozenset(
    {"LOG_LEVEL", "LOGLEVEL", "LOGGING_LEVEL", "POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LAMBDA_LOG_LEVEL"}
)
_WORDY = r"(?i)\s*(?:debug|trace|silly|verbose)\s*"
_LIBRARIES = "libraries write requests and data"
_EVENTS = "POWERTOOLS_LOGGER_LOG_EVENT"
# What invokes functions with events that say what has happened, and hold nothing that a caller chooses but names.
_BARE = frozenset(
    {"s3", "schedule", "config", "cloudformation", "custom-resource", "codecommit", "codepipeline", "secretsmanager"}
)
_YES = frozenset({"true", "1", "yes", "on", "y", "t"})


@rule(
    "SK708",
    "debug-log-level",
    severity=LOW,
    since="0.1",
    controls=["OBSV-4", "OBSV-6"],
    maps={"cwe": [532]},
    aliases=["LambdaLogLevel"],
    applies="sets no log level",
    holds="its log level is not for debugging",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function for its log levels, and for the variables that loggers read."""
    del ctx
    sharing = _sharing(app)
    for function in app.functions:
        yield from _unseen(function)
        if not function.log_level.is_set().is_no:
            level = function.log_level.only()
            who, s = sharing[_place(function.log_level)].said
            yield from found(
                function.log_level.is_set() & function.log_level.matches(_WORDY),
                subject=function,
                at=function.log_level,
                message=f"{who} log{s} at level {level}, at which {_LIBRARIES}",
                help="log at `INFO` outside of development",
                fix=Fix.safe("log at INFO", Set(function, "log_level", "INFO")),
                evidence="ApplicationLogLevel",
            )
        for variable in function.environment:
            if _is_asked(variable):
                yield from _variable(function, variable, sharing[_place(variable.value)])


def _place(value: Value[str]) -> tuple[object, ...]:
    """Where a value is written: one that several functions share stands at one place."""
    at = value.origin
    return (at.path, at.span.start, at.span.end) if isinstance(at, File) else (id(value),)


class _Sharing:
    """The functions that have what is written at one place, and what is said of all of them: worked out once for each place."""

    def __init__(self) -> None:
        self.functions: list[Function] = []

    @cached_property
    def said(self) -> tuple[str, str]:
        """The functions as the subject of a sentence, and the ending of its verb."""
        return names(self.functions, 3), "" if len(self.functions) > 1 else "s"

    @cached_property
    def are_sent(self) -> bool:
        """Whether events of one may hold what somebody has sent; also where nothing here is seen to invoke it."""
        ways = ({invoker.via for invoker in function.invokers} for function in self.functions)
        return any(not each or not each <= _BARE for each in ways)

    @cached_property
    def written(self) -> str:
        """What Powertools' variable writes at a level for debugging: by all that log, or by what the code tells its own logger.

        In Java, Powertools sets the level of all loggers (https://docs.aws.amazon.com/powertools/java/latest/core/logging/,
        and its `LoggingManager`s, as of 2026-11-28).
        """
        if any(_runs(function, "java") for function in self.functions):
            return _LIBRARIES
        whose = "their" if len(self.functions) > 1 else "its"
        return f"the Powertools logger writes {whose} debug lines, with what the code puts in them"

    @cached_property
    def info(self) -> str:
        """The quieter level by its name: that of .NET's logging is another, and Powertools for .NET takes it as it is.

        https://docs.aws.amazon.com/powertools/dotnet/core/logging/, as of 2026-11-28
        """
        dotnet = [_runs(function, "dotnet") for function in self.functions]
        if not any(dotnet):
            return "`INFO`"
        return "`Information`" if all(dotnet) else "`INFO` (`Information` in .NET)"

    @cached_property
    def in_code(self) -> str:
        """What in the code wins over the variable that says whether events are logged.

        https://docs.aws.amazon.com/powertools/python/latest/core/logger/ and
        https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/, as of 2026-11-28
        """
        languages = {"python": "`log_event`", "nodejs": "`logEvent`"}
        words = [word for language, word in languages.items() if any(_runs(each, language) for each in self.functions)]
        return f" (where the code sets {' or '.join(words)}, that wins)" if words else ""


def _sharing(app: App) -> dict[tuple[object, ...], _Sharing]:
    """By place, the functions that have what is written there."""
    found_: dict[tuple[object, ...], _Sharing] = defaultdict(_Sharing)
    for function in app.functions:
        asked = [variable.value for variable in function.environment if _is_asked(variable)]
        for place in dict.fromkeys(map(_place, (function.log_level, *asked))):
            found_[place].functions.append(function)
    return found_


def _unseen(function: Function) -> Iterator[Outcome]:
    """What is to be said of a function that sets no level that can be seen."""
    if function.environment.gaps:
        answer = Tri("maybe", (function.origin,), function.environment.gaps)
        yield from found(
            answer, subject=function, message=f"`{function}` logs at a level for debugging", evidence="unseen"
        )
    elif function.log_level.is_set().is_no and not any(_is_asked(variable) for variable in function.environment):
        yield from spared(function)


def _is_asked(variable: EnvVar) -> bool:
    return variable.name.upper() in _LEVELS or variable.name.upper() == _EVENTS


def _runs(function: Function, language: str) -> bool:
    return not function.runtime.starts_with(language).is_no and function.runtime.is_set().is_yes


def _variable(function: Function, variable: EnvVar, sharing: _Sharing) -> Iterator[Outcome]:
    name = variable.name.upper()
    who, s = sharing.said
    if name in _LEVELS:
        shown = variable.value.show()
        of_powertools = name.startswith("POWERTOOLS_")
        quiet, written = (sharing.info, sharing.written) if of_powertools else ("`INFO`", _LIBRARIES)
        yield from found(
            given(variable.exists, variable.value.matches(_WORDY)),
            subject=function,
            at=variable.value,
            message=f"{who} log{s} at level {shown}, at which {written}",
            help=f"log at {quiet} outside of development",
            fix=Fix.advice(f"set `{variable.name}` to {quiet.replace('`', '')}"),
            evidence=variable.name,
        )
    else:
        sent = sharing.are_sent
        yield from found(
            given(variable.exists, variable.value.where(lambda v: v is True or str(v).strip().lower() in _YES)),
            subject=function,
            at=variable.value,
            severity=MEDIUM if sent else LOW,
            message=f"{who} let{s} Powertools log every event whole" + (", with whatever callers send" if sent else ""),
            help=f"leave `{variable.name}` out{sharing.in_code}, and log the fields that are needed",
            fix=Fix.advice(f"leave `{variable.name}` out"),
            evidence=variable.name,
        )
