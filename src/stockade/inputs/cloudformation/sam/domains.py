"""Custom domain names of SAM's APIs.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-domainconfiguration.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam.expand import API, Expansion, hashed
from stockade.text.node import Mapping, Node, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared


def rest_domain(sam: Expansion, found: Declared, node: Node | None) -> None:
    """`Domain` of a REST API."""
    domain = _domain(sam, found, node)
    if domain is None:
        return
    span = domain.span
    endpoint = domain.get("EndpointConfiguration")
    private = nodes.literal(endpoint) == "PRIVATE"
    version = "V2" if private else ""
    logical_id = _domain_id(sam, f"ApiGatewayDomainName{version}", domain)
    name = "DomainNameArn" if private else "DomainName"
    for suffix in _base_paths(domain):
        mapping: dict[str, Node | None] = {
            name: nodes.ref(span, logical_id),
            "RestApiId": nodes.ref(span, found.id),
            "Stage": nodes.ref(span, f"{found.id}.Stage"),
        }
        sam.emit(
            found,
            f"{found.id}{suffix}BasePathMapping",
            f"AWS::ApiGateway::BasePathMapping{version}",
            nodes.mapping(span, mapping),
            span=span,
        )
    _emit_domain(
        sam,
        found,
        logical_id,
        f"AWS::ApiGateway::DomainName{version}",
        {
            "DomainName": domain.get("DomainName"),
            "SecurityPolicy": domain.get("SecurityPolicy"),
            "MutualTlsAuthentication": domain.get("MutualTlsAuthentication"),
            "EndpointConfiguration": nodes.mapping(
                span,
                {"Types": nodes.sequence(span, [endpoint if endpoint is not None else nodes.text(span, "REGIONAL")])},
            ),
        },
        domain,
        API,
    )


def v2_domain(sam: Expansion, found: Declared, node: Node | None, owner: str) -> None:
    """`Domain` of an HTTP or WebSocket API."""
    domain = _domain(sam, found, node)
    if domain is None:
        return
    span = domain.span
    logical_id = _domain_id(sam, "ApiGatewayDomainNameV2", domain)
    for suffix in _base_paths(domain):
        mapping: dict[str, Node | None] = {
            "DomainName": nodes.ref(span, logical_id),
            "ApiId": nodes.ref(span, found.id),
            "Stage": nodes.ref(span, f"{found.id}.Stage"),
        }
        sam.emit(
            found,
            f"{found.id}{suffix}ApiMapping",
            "AWS::ApiGatewayV2::ApiMapping",
            nodes.mapping(span, mapping),
            span=span,
        )
    endpoint = domain.get("EndpointConfiguration")
    config = nodes.mapping(
        span,
        {
            "CertificateArn": domain.get("CertificateArn"),
            "EndpointType": endpoint if endpoint is not None else nodes.text(span, "REGIONAL"),
            "SecurityPolicy": domain.get("SecurityPolicy"),
        },
    )
    _emit_domain(
        sam,
        found,
        logical_id,
        "AWS::ApiGatewayV2::DomainName",
        {
            "DomainName": domain.get("DomainName"),
            "DomainNameConfigurations": nodes.sequence(span, [config]),
            "MutualTlsAuthentication": domain.get("MutualTlsAuthentication"),
        },
        domain,
        owner,
    )


def _emit_domain(
    sam: Expansion,
    found: Declared,
    logical_id: str,
    type_: str,
    properties: dict[str, Node | None],
    domain: Mapping,
    owner: str,
) -> None:
    # Several APIs may name the same domain; it is made once.
    if logical_id in sam.made:
        return
    sam.made.add(logical_id)
    # It waits for the last API, so that it knows all that are mapped to it.
    sam.later.append(lambda: _make_domain(sam, found, logical_id, type_, properties, domain, owner))


def _make_domain(
    sam: Expansion,
    found: Declared,
    logical_id: str,
    type_: str,
    properties: dict[str, Node | None],
    domain: Mapping,
    owner: str,
) -> None:
    block = found.properties
    entry = block.entry("Domain") if type(block) is Mapping else None
    implicit = found.id not in sam.lowering.template.resources
    sam.emit(
        found,
        logical_id,
        type_,
        nodes.mapping(domain.span, properties),
        span=domain.span,
        key_span=entry.key.span if entry is not None else None,
        table="" if implicit else f"{owner}/Domain",
        at=("Properties",),
    )


def _domain(sam: Expansion, found: Declared, node: Node | None) -> Mapping | None:
    if node is None or not nodes.is_set(node):
        return None
    if type(node) is Mapping and nodes.is_block(node):
        return node
    sam.evaluator.gap(
        node, f"the domain of `{found.id}`", "it is not a mapping", kind="wrong-shape", remedy="correct it"
    )
    return None


def _domain_id(sam: Expansion, prefix: str, domain: Mapping) -> str:
    """The logical id of a domain: with a hash of its name."""
    name = domain.get("DomainName")
    value = sam.evaluator.value(name).show() if name is not None else ""
    return hashed(prefix, value)


def _base_paths(domain: Mapping) -> list[str]:
    node = domain.get("BasePath")
    items = node.items if type(node) is Sequence and nodes.is_list(node) else (node,) if nodes.is_set(node) else ()
    texts = [nodes.literal(item) for item in items]
    found = ["".join(c for c in text if c.isalnum()) for text in texts if text is not None]
    return found or [""]
