"""Names that the framework gives to what it makes.

Source: the naming of resources in the framework's documentation (serverless.com/framework/docs/providers/aws/guide/resources,
read 2026-11-28) and what `serverless package` 3.40.0 makes.
"""

from __future__ import annotations

from stockade.patterns import regex

_NOT_ALNUM = regex(r"[^0-9A-Za-z]")
_VARIABLE = regex(r"\{(.*)\}")

ROLE = "IamRoleLambdaExecution"
BUCKET = "ServerlessDeploymentBucket"


def upper_first(name: str) -> str:
    """A name with its first letter in upper case."""
    return name[:1].upper() + name[1:]


def alnum(name: str) -> str:
    """A name as a part of a logical id: letters and digits only."""
    return upper_first(_NOT_ALNUM.sub("", name))


def normal(name: str) -> str:
    """A function's (or layer's, authorizer's, bus's) name as the start of a logical id."""
    return upper_first(name.replace("-", "Dash").replace("_", "Underscore"))


def path_part(part: str) -> str:
    """One part of a route's path, as a part of a logical id."""
    word = part[:1].upper() + part[1:].lower()
    return alnum(_VARIABLE.sub(r"\1Var", word.replace("-", "Dash")))


def path(whole: str) -> str:
    """A route's path, as a part of a logical id."""
    return "".join(map(path_part, whole.split("/")))


def function_id(key: str) -> str:
    """The logical id of a function."""
    return f"{normal(key)}LambdaFunction"


def log_group_id(key: str) -> str:
    """The logical id of a function's log group."""
    return f"{normal(key)}LogGroup"


def layer_id(key: str) -> str:
    """The logical id of a layer."""
    return f"{normal(key)}LambdaLayer"
