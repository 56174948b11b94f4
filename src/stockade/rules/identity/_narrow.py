"""How a statement that reaches too far can be narrowed: by names, as far as these are anybody's choice; and where."""

from __future__ import annotations

import re

from stockade.iam.actions import taken_in
from stockade.iam.resources import breadth, texts_of
from stockade.iam.statements import Charge
from stockade.knowledge import iam as facts
from stockade.knowledge import lambda_

# What AWS and the providers of models name: https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html,
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html and
# https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-routing.html. As of 2026-11-28.
_MODELS = frozenset({"foundation-model", "inference-profile", "default-prompt-router"})
_MODEL = "name the model, or its provider's prefix"
_LAYER = "name the layer"
_OF_AWS = "name what of AWS's is meant"
_BY_REFERENCE = "name the resource, best by reference, in a policy of its own where the resource needs the function"
_OWN = "name the resource, or begin its name with a prefix of your own"
# An id is given by the service when something is made, and begins with nothing that says whose it is. What these call an id,
# whoever makes it chooses.
_CHOSEN = frozenset({"elasticache", "iot", "secretsmanager"})
_VARIABLE = r"\$\{([^}]*)\}"


def narrower(charge: Charge) -> str:
    """What to write in place of the resources that cover everything of their kind."""
    said: dict[str, None] = {}
    resources = charge.statement.resources
    for _, text, _ in texts_of(resources) if resources is not None else ():
        for known in charge.actions:
            if text is not None and breadth(text, known.kinds) == "kind":
                said[_how(text, known.kinds)] = None
    if _MODEL in said:  # what a model is reached by has the same name in it
        said.pop(_BY_REFERENCE, None)
    return "; ".join(said) or _OWN


def _how(text: str, kinds: tuple[str, ...]) -> str:
    service, *types = kinds
    fields = text.split(":", 5)
    account = fields[4] if len(fields) > 5 else ""
    if account == "aws":
        return _OF_AWS
    if account.isdigit() and lambda_.layer_publisher(account) is not None:
        return _LAYER
    covered = [kind for kind in types if breadth(text, (service, kind)) == "kind"]
    if service == "bedrock" and _MODELS.intersection(covered):
        return _MODEL
    return _BY_REFERENCE if covered and all(_has_id(service, kind) for kind in covered) else _OWN


def _has_id(service: str, kind: str) -> bool:
    """Whether the service makes up what resources of a kind are told apart by."""
    ends = [re.findall(_VARIABLE, template)[-1:] for template in facts.arn_templates(service, kind)]
    return service not in _CHOSEN and bool(ends) and all(end and end[0].endswith("Id") for end in ends)


def apart(charge: Charge) -> str:
    """For the end of an advice to name resources: that the statement also holds what can be allowed on `*` only."""
    statement = charge.statement
    resources = [] if statement.resources is None else [text for _, text, _ in texts_of(statement.resources)]
    if not any(text is not None and not text.strip("*?") for text in resources):
        return ""
    actions = [] if statement.actions is None else [text for _, text, _ in texts_of(statement.actions)]
    written = [text for text in actions if text is not None and text.isprintable() and text.strip("*?:")]
    return ", in a statement of its own" if any(not k.limitable for text in written for k in taken_in(text)) else ""
