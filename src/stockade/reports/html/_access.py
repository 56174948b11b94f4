"""What invokes a function and what its role may touch, for the page's picture and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from stockade.engine.run import say
from stockade.iam.managed import attached
from stockade.knowledge import iam as facts
from stockade.model.app import Invoker, Role
from stockade.model.policy import Statement
from stockade.model.value import Relation, Value, When
from stockade.patterns import regex
from stockade.text.snippet import clean

_EVERYTHING = "everything"
_LONGEST = 40  # characters of a resource's name
_MOST_TEXTS = 60  # actions or resources of one statement
_WAYS = {
    "alb": "Load balancer",
    "api": "API Gateway",
    "appsync": "AppSync",
    "authorizer": "API authorizer",
    "cloudfront": "CloudFront",
    "cloudformation": "CloudFormation",
    "cognito": "Cognito",
    "config": "AWS Config",
    "documentdb": "DocumentDB",
    "dynamodb": "DynamoDB stream",
    "events": "EventBridge",
    "iot": "IoT rule",
    "kafka": "Kafka",
    "kinesis": "Kinesis",
    "logs": "CloudWatch Logs",
    "mq": "Amazon MQ",
    "msk": "Amazon MSK",
    "permission": "Permission",
    "pipe": "EventBridge pipe",
    "s3": "S3",
    "schedule": "Schedule",
    "secretsmanager": "Secrets Manager",
    "ses": "SES",
    "sns": "SNS",
    "sqs": "SQS",
    "states": "Step Functions",
    "url": "Function URL",
}
# Several services share a prefix, and AWS's reference calls it by one of them.
_TITLES = {"*": "every service", "ses": "SES"}
_HOLE = regex(r"\$\{[^}]*\}")
_SHORT = regex(r"\((\w+)\)$")
_HOW = {"sync": "waits for the answer", "async": "does not wait", "poll": "Lambda polls it"}


class Grant(Struct, frozen=True):
    """What one statement allows, or denies, of one service."""

    service: str
    effect: str
    actions: list[str]
    resources: list[str]
    names: list[str]  # the resources, in a word each
    by: str
    when: str


def invoker_words(invoker: Invoker) -> tuple[str, str, str, str, str]:
    """One way in which a function is invoked: by what, its name, how, whether anyone can, and when it is there."""
    name = clean(invoker.source.address) if invoker.source is not None else ""
    when = clean(say((invoker.exists,))) if invoker.exists else ""
    return _WAYS.get(invoker.via, invoker.via), name, _HOW[invoker.how], invoker.public.truth, when


def grants(role: Role) -> list[Grant]:
    """What the policies of a role say, statement by statement and service by service."""
    found: list[Grant] = []
    whens = {id(policy): when for when, policy in role.attachments}
    for policy in role.policies.items:
        by = policy.template or policy.address
        for statement in policy.statements.items:
            found += _of_statement(statement, clean(by), (*whens.get(id(policy), ()), *statement.exists))
    for value in role.managed.items:
        for one in attached(value):
            known = facts.managed_policy(one.name) if one.name else None
            if known is not None:
                found += _of_document(known.document, f"{one.name} (AWS)", one.when)
    return found


def unseen(role: Role) -> list[str]:
    """Why more may be allowed than `grants` knows."""
    doubts = [*role.policies.gaps, *role.managed.gaps]
    doubts += [one.why for value in role.managed.items for one in attached(value) if not one.name]
    return list(dict.fromkeys(clean(doubt.why) for doubt in doubts))


def _of_statement(statement: Statement, by: str, when: When) -> Iterator[Grant]:
    actions, but = _texts(statement.actions), _texts(statement.not_actions)
    resources = _texts(statement.resources) or [f"all but {text}" for text in _texts(statement.not_resources)]
    places = statement.resources.items if statement.resources is not None else ()
    names = list(dict.fromkeys(map(_brief, places))) or resources
    conditions = [f"{c.operator} {c.key}" for c in statement.conditions.items]
    said = "; ".join(part for part in (say((when,)) if when else "", ", ".join(conditions)) if part)
    yield from _by_service(actions, but, statement.effect.show(), (resources, names, by, clean(said)))


def _of_document(document: dict[str, Any], by: str, when: When) -> Iterator[Grant]:
    for statement in document["Statement"]:
        actions, but, resources = (_listed(statement.get(key, [])) for key in ("Action", "NotAction", "Resource"))
        names = list(dict.fromkeys(_EVERYTHING if text == "*" else text for text in resources))
        conditions = ", ".join(
            f"{operator} {key}" for operator, keys in statement.get("Condition", {}).items() for key in keys
        )
        said = "; ".join(part for part in (say((when,)) if when else "", conditions) if part)
        yield from _by_service(actions, but, statement["Effect"], (resources, names, by, said))


def _by_service(
    actions: list[str], but: list[str], effect: str, rest: tuple[list[str], list[str], str, str]
) -> Iterator[Grant]:
    services: dict[str, list[str]] = {}
    for action in actions:
        services.setdefault(action.partition(":")[0].lower() if ":" in action else "*", []).append(action)
    if but:
        services.setdefault("*", []).extend(f"all but {action}" for action in but)
    resources, names, by, when = rest
    for prefix, own in services.items():
        yield Grant(_title(prefix), effect, own[:_MOST_TEXTS], resources[:_MOST_TEXTS], names, by, when)


def _title(prefix: str) -> str:
    if prefix in _TITLES:
        return _TITLES[prefix]
    service = facts.service(prefix)
    if service is None:
        return prefix
    short = _SHORT.search(service.title)
    return short[1] if short else service.title.removeprefix("Amazon ").removeprefix("AWS ")


def _texts(relation: Relation[Value[str]] | None) -> list[str]:
    return [clean(item.show()) for item in relation.items] if relation is not None else []


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _brief(value: Value[str]) -> str:
    """A resource in a word: what it refers to, or the end of what is written."""
    text = value.show()
    if text == "*":
        return _EVERYTHING
    own = [ref for _, ref in value.references() if not ref.shown.startswith("AWS::")]
    if own:
        return clean(own[-1].target.partition("#")[2] or own[-1].shown)
    # Of an ARN, what stands behind the account, if that says anything.
    parts = _HOLE.sub(lambda hole: hole[0].replace(":", ""), text).split(":", 5)
    end = parts[5] if len(parts) == 6 and parts[5] != "*" else text
    return clean(end if len(end) <= _LONGEST else "…" + end[-_LONGEST:])
