"""Limits of the rate of requests that plugins set after each deployment.

Sources: the readmes of serverless-api-gateway-throttling and serverless-apigateway-route-settings, and what the first asks of
API Gateway in release 2.0.3, as of 2026-11-28.
"""

from __future__ import annotations

from msgspec import Struct

from stockade.inputs import nodes
from stockade.inputs.serverless.service import Property, Service
from stockade.text.node import Entry, Mapping, Node, Scalar

# The stage of each kind of API, and the block of it that holds the limits.
_REST, _HTTP = "AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Stage"
_BLOCKS = {_REST: "StageDescription", _HTTP: "DefaultRouteSettings"}


class _Plugin(Struct, frozen=True):
    """How a plugin is told: its key under `custom`, those of rate and burst there (with usual limits), and for which stages."""

    key: str
    rate: tuple[str, int | None]
    burst: tuple[str, int | None]
    stages: tuple[str, ...]


_PLUGINS = {
    "serverless-api-gateway-throttling": _Plugin(
        "apiGatewayThrottling", ("maxRequestsPerSecond", 10_000), ("maxConcurrentRequests", 5_000), (_REST, _HTTP)
    ),
    "serverless-apigateway-route-settings": _Plugin(
        "routeSettings", ("rateLimit", None), ("burstLimit", None), (_HTTP,)
    ),
}


def limit_rates(service: Service) -> None:
    """Put the limits for all routes into the stages that the framework makes."""
    for name, plugin in _PLUGINS.items():
        config = service.entry(service.at(service.root, "custom"), plugin.key)
        if name not in service.plugins or config is None:
            continue
        limits = {
            "ThrottlingRateLimit": _limit(service, config.value, *plugin.rate),
            "ThrottlingBurstLimit": _limit(service, config.value, *plugin.burst),
        }
        for logical_id, entry in service.resources.items():
            type_ = nodes.literal(service.at(entry.value, "Type")) or ""
            if type_ in plugin.stages and type(entry.value) is Mapping and not logical_id.startswith("Websockets"):
                body = _limited(service, entry.value, _BLOCKS[type_], limits)
                service.resources[logical_id] = Entry(entry.key, body)


def _limit(service: Service, config: Node, key: str, usual: int | None) -> Property:
    """A limit as it is written, or what it is without."""
    return service.entry(config, key) or (None if usual is None else Scalar(config.span, usual, str(usual)))


def _limited(service: Service, body: Mapping, block: str, limits: dict[str, Property]) -> Node:
    properties = service.block(body, "Properties")
    there = service.block(properties, block)
    made = service.mapping(there.span, limits)
    kept = tuple(e for e in there.entries if e.key.raw not in made)
    own = Mapping(there.span, (*kept, *made.entries))
    return nodes.with_entries(body, {"Properties": nodes.with_entries(properties, {block: own})})
