"""Whether a document is the configuration of a service, by its content."""

from __future__ import annotations

from stockade.inputs.intrinsic import intrinsic
from stockade.text.node import Mapping, Node, Scalar


def looks_like_service(root: Node | None) -> bool:
    """Whether a document is a service's configuration, by its content."""
    if type(root) is not Mapping or "provider" not in root or "service" not in root:
        return False
    provider = root.get("provider")
    if type(provider) is Mapping:
        return "name" in provider or intrinsic(provider) is None
    return type(provider) is Scalar and isinstance(provider.value, str)
