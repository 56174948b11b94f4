"""What SAM leaves in the templates that it makes: whose source every resource is, by which these templates are known.

SAM's command line writes `SamResourceId` into the metadata of everything that a template declares, and the transform keeps it;
what the transform adds begins with the id of what it is made for, or with one of a few words. Sources:
aws-sam-cli (`samcli/lib/samlib/resource_metadata_normalizer.py`) and aws-sam-translator 1.110, as of 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterable

from stockade.text.node import Mapping, Node, Scalar

_WRITTEN = "SamResourceId"
_ADDED = ("ApiGatewayDomainName", "CodeDeployServiceRole", "RecordSetGroup", "Serverless")
_OF_SAM = "AWS::Serverless::"


def sources(resources: Iterable[tuple[str, Node]]) -> frozenset[str]:
    """The ids that the resources of a template had in SAM's source; none where it is no template that SAM has made.

    One that was copied from such a template into another says nothing of that one.
    """
    bodies = dict(resources)
    written = {name for name, body in bodies.items() if _text(body, "Metadata", _WRITTEN) == name}
    if not written or any(_text(body, "Type").startswith(_OF_SAM) for body in bodies.values()):
        return frozenset()
    begins = (*written, *_ADDED)
    return frozenset(written) if all(name.startswith(begins) for name in bodies) else frozenset()


def refusal(known: frozenset[str], logical_id: str) -> str:
    """Why a resource of such a template can't be changed there, and where it can."""
    own = max((name for name in known if logical_id.startswith(name)), key=len, default="")
    what = f"`{own}`" if own else "it"
    return f"SAM writes the template: change {what} in the template that this one is made of"


def _text(node: Node | None, *path: str) -> str:
    for key in path:
        node = node.get(key) if type(node) is Mapping else None
    return node.raw if type(node) is Scalar else ""
