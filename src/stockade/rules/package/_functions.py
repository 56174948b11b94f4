"""What the rules of this folder ask in the same words: whether a function is an image, what its layers are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.knowledge import lambda_
from stockade.model.app import Function
from stockade.model.value import PART, Tri, Value
from stockade.patterns import regex
from stockade.rules._base import Outcome, found

# An ARN of a layer: the account, the layer's name, the version.
_LAYER = regex(rf"arn:[^:]*:lambda:[^:]*:(\d{{12}}|{PART}):layer:([^:]+)(?::(.*))?", re.DOTALL)

_WHOLE = regex(
    rf"arn:[^:]+:lambda:[a-z0-9{PART}-]+:(?:\d{{12}}|{PART}):layer:[A-Za-z0-9_{PART}-]+(?::(?:\d+|{PART}|\$LATEST))?",
    re.DOTALL,
)
_SEGMENTS = 8  # of such an ARN
_LONGEST = 140  # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (as of 2026-11-28)


def is_image(function: Function) -> Tri:
    """Whether a function is a container image, which brings its own runtime and layers."""
    return function.package_type.is_("Image") | function.image_uri.is_set()


def is_inline(function: Function) -> Tri:
    """Whether the code stands in the template, so that the service itself packs it."""
    return function.code_inline.is_set()


def has_layers(function: Function) -> bool:
    """Whether a function may have layers."""
    return bool(function.layers.gaps) or any(True for _ in layers(function))


def layers(function: Function) -> Iterator[Value[str]]:
    """The layers of a function that may be set."""
    for layer in function.layers:
        if not layer.is_set().is_no:
            yield layer


def layers_unseen(function: Function, message: str) -> Iterator[Outcome]:
    """Why a rule can't tell of layers that are not known; nothing where all are."""
    if function.layers.gaps:
        answer = Tri("maybe", (function.origin,), function.layers.gaps)
        yield from found(answer, subject=function, message=message, evidence="unseen")


def of_stranger(layer: Value[str]) -> Tri:
    """Whether a layer belongs to an account that is written as a number and publishes no layers that we know of."""

    def strange(text: str) -> bool:
        found = _LAYER.fullmatch(text)
        return found is not None and found[1] != PART and lambda_.layer_publisher(found[1], found[2]) is None

    return layer.is_set() & layer.read_by(strange)


def without_version(layer: Value[str]) -> Tri:
    """Whether the ARN of a layer ends before its version."""

    def unversioned(text: str) -> bool:
        found = _LAYER.fullmatch(text)
        return found is not None and (found[3] or "$LATEST") == "$LATEST"

    return layer.is_set() & layer.read_by(unversioned)


def is_malformed(layer: Value[str]) -> Tri:
    """Whether the text of a layer is no ARN of one; a text of which a part is known later is judged where its segments are."""

    def wrong(text: str) -> bool:
        if (PART in text or "*" in text) and text.count(":") != _SEGMENTS - 1:
            return False
        return _WHOLE.fullmatch(text.replace("*", PART)) is None or len(text) > _LONGEST

    return layer.is_set() & layer.read_by(wrong)


def account_and_name(layer: Value[str]) -> tuple[str, str]:
    """For messages: the account and the name in the ARN of a layer; nothing where they are not written."""
    for _, leaf in layer.leaves():
        found = re.search(r":(\d{12}):layer:([^:]+)", leaf.show())
        if found is not None:
            return found[1], found[2]
    return "", ""


def not_ours(function: Function) -> str:
    """Why a setting of a function is none that its team could make."""
    return f"is not yours to change: {function.framework_owned}"
