"""`!Ref Function.Alias`, `!Ref Api.Stage`: names that SAM gives to the resources that it makes.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam.globals import PREFIX
from stockade.text.node import Mapping, Node

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.sam.expand import Expansion

_DESTINATIONS = {"SQS": "Queue", "SNS": "Topic"}


def note(sam: Expansion) -> None:
    """Tell the evaluator every such name."""
    renames = sam.evaluator.renames
    for found in sam.lowering.declared.values():
        block = found.properties if type(found.properties) is Mapping else None
        if found.type == PREFIX + "Function":
            caller = sam.callers[found.id]
            if caller.alias:
                renames[f"{found.id}.Alias"] = caller.alias
                renames[f"{found.id}.Version"] = f"{found.id}Version"
            config = block.get("EventInvokeConfig") if block is not None else None
            if config is not None:
                for case, kind in _made_destinations(config):
                    renames[f"{found.id}.Destination{kind}"] = f"{found.id}EventInvokeConfig{case}{kind}"
        elif found.type == PREFIX + "Api":
            renames[f"{found.id}.Stage"] = rest_stage_id(
                found.id, block.get("StageName") if block is not None else None
            )
        elif found.type == PREFIX + "HttpApi":
            renames[f"{found.id}.Stage"] = http_stage_id(
                found.id, block.get("StageName") if block is not None else None
            )
        elif found.type == PREFIX + "WebSocketApi":
            renames[f"{found.id}.Stage"] = web_socket_stage_id(
                found.id, block.get("StageName") if block is not None else None
            )


def _made_destinations(config: Node) -> list[tuple[str, str]]:
    """The destinations of asynchronous invocations for which SAM makes a queue or topic."""
    destinations = config.get("DestinationConfig") if type(config) is Mapping else None
    found: list[tuple[str, str]] = []
    for case in ("OnSuccess", "OnFailure"):
        block = destinations.get(case) if type(destinations) is Mapping else None
        kind = _DESTINATIONS.get(nodes.literal(block.get("Type")) or "") if type(block) is Mapping else None
        if kind is not None:
            found.append((case, kind))
    return found


def rest_stage_id(api: str, name: Node | None) -> str:
    """The logical id of a REST API's stage."""
    from stockade.inputs.cloudformation.sam.expand import hashed

    text = nodes.literal(name) or ""
    return f"{api}{text}Stage" if text.isalnum() else hashed(f"{api}Stage", text)


def http_stage_id(api: str, name: Node | None) -> str:
    """The logical id of an HTTP API's stage."""
    if name is None or nodes.literal(name) == "$default":
        return f"{api}ApiGatewayDefaultStage"
    return rest_stage_id(api, name)


def web_socket_stage_id(api: str, name: Node | None) -> str:
    """The logical id of a WebSocket API's stage."""
    text = (nodes.literal(name) or "") if name is not None else "default"
    return f"{api}DefaultStage" if text == "default" else f"{api}{text}Stage"
