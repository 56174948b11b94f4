"""Limits of the rate of requests that the plugin serverless-api-gateway-throttling sets after each deployment.

Source: its readme, and what it asks of API Gateway in release 2.0.3, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.serverless.service import Property, Service
from stockade.text.node import Entry, Mapping, Node, Scalar

PLUGIN = "serverless-api-gateway-throttling"
_RATE, _BURST = 10_000, 5_000  # where the configuration names none
# The stage of each kind of API, and the block of it that holds the limits.
_STAGES = {"AWS::ApiGateway::Deployment": "StageDescription", "AWS::ApiGatewayV2::Stage": "DefaultRouteSettings"}


def limit_rates(service: Service) -> None:
    """Put the limits for all routes into the stages that the framework makes."""
    config = service.entry(service.at(service.root, "custom"), "apiGatewayThrottling")
    if PLUGIN not in service.plugins or config is None:
        return
    span = config.value.span
    limits: dict[str, Property] = {
        "ThrottlingRateLimit": service.entry(config.value, "maxRequestsPerSecond") or Scalar(span, _RATE, str(_RATE)),
        "ThrottlingBurstLimit": service.entry(config.value, "maxConcurrentRequests")
        or Scalar(span, _BURST, str(_BURST)),
    }
    for logical_id, entry in service.resources.items():
        block = _STAGES.get(nodes.literal(service.at(entry.value, "Type")) or "")
        if block is not None and type(entry.value) is Mapping and not logical_id.startswith("Websockets"):
            service.resources[logical_id] = Entry(entry.key, _limited(service, entry.value, block, limits))


def _limited(service: Service, body: Mapping, block: str, limits: dict[str, Property]) -> Node:
    properties = service.block(body, "Properties")
    there = service.block(properties, block)
    made = service.mapping(there.span, limits)
    kept = tuple(e for e in there.entries if e.key.raw not in made)
    own = Mapping(there.span, (*kept, *made.entries))
    return nodes.with_entries(body, {"Properties": nodes.with_entries(properties, {block: own})})
