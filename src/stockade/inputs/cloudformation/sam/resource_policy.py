"""`ResourcePolicy` of a REST API: lists of accounts, addresses and networks, as statements.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html
"""

from __future__ import annotations

from collections.abc import Callable

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam.events import permission_path
from stockade.inputs.cloudformation.sam.openapi import ANY, POLICY, branches
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence


class ResourcePolicy:
    """The policy of a REST API, as its statements are collected path by path."""

    def __init__(self, document: Mapping, plain: Callable[[Node | None], str | None]) -> None:
        self._document = document
        self._plain = plain
        old = document.get(POLICY)
        self._rest = old if type(old) is Mapping else None
        self._statements = _items(self._rest.get("Statement")) if self._rest is not None else []
        self._written = {nodes.shape(item) for item in self._statements}

    def for_path(self, rules: Mapping, path: str, stage: Node) -> None:
        """The statements that the lists of a `ResourcePolicy` make for the methods of one path."""
        span = rules.span
        resources = self._resources(path, stage, span)
        for name, effect in (("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")):
            accounts = rules.get(name)
            if accounts is not None and nodes.is_set(accounts):
                principal = nodes.mapping(span, {"AWS": nodes.sequence(accounts.span, _items(accounts))})
                self._statements.append(_statement(span, effect, resources, principal, None))
        for name, operator in (("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")):
            ranges = rules.get(name)
            if ranges is not None and nodes.is_set(ranges):
                condition = nodes.mapping(span, {"aws:SourceIp": nodes.sequence(ranges.span, _items(ranges))})
                self._all_but(span, resources, nodes.mapping(span, {operator: condition}))
        for side, operator in (("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")):
            sources = self._networks(rules, side)
            if sources:
                condition = nodes.mapping(span, {k: nodes.sequence(span, v) for k, v in sources.items()})
                self._all_but(span, resources, nodes.mapping(span, {operator: condition}))

    def custom(self, statements: Node) -> None:
        """`CustomStatements`: as they are written, each once."""
        for item in _items(statements):
            self._once(item)

    def document(self) -> Mapping:
        """The document with the policy."""
        if not self._statements:
            return self._document
        span = self._document.span
        base = (
            self._rest if self._rest is not None else nodes.mapping(span, {"Version": nodes.text(span, "2012-10-17")})
        )
        made = nodes.with_entries(base, {"Statement": nodes.sequence(span, self._statements)})
        return nodes.with_entries(self._document, {POLICY: made})

    def _networks(self, rules: Mapping, side: str) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for item in _items(rules.get(f"SourceVpc{side}")):
            text = self._plain(item) or ""
            key = "aws:SourceVpce" if text.startswith("vpce-") else "aws:SourceVpc" if text.startswith("vpc-") else ""
            if key:
                found.setdefault(key, []).append(item)
        for name, key in ((f"IntrinsicVpc{side}", "aws:SourceVpc"), (f"IntrinsicVpce{side}", "aws:SourceVpce")):
            items = _items(rules.get(name))
            if items:
                found.setdefault(key, []).extend(items)
        return found

    def _resources(self, path: str, stage: Node, span: Span) -> Node:
        paths = self._document.get("paths")
        item = paths.get(path) if type(paths) is Mapping else None
        blocks = list(branches(item)) if item is not None else []
        names = [e.key.raw for block in blocks if type(block) is Mapping for e in block.entries]
        shown = permission_path(path, greedy=True, strip=False)
        text = nodes.literal(stage)
        made: list[Node] = []
        for name in names:
            method = "*" if name.lower() in {ANY, "any"} else name.upper()
            if text is not None and "${" not in text:
                made.append(nodes.text(span, f"execute-api:/{text}/{method}{shown}"))
            else:
                made.append(nodes.sub(span, "execute-api:/${__Stage__}/" + method + shown, {"__Stage__": stage}))
        return nodes.sequence(span, made)

    def _all_but(self, span: Span, resources: Node, condition: Node) -> None:
        """Everybody is allowed, but for whom a condition names."""
        everybody = nodes.text(span, "*")
        self._once(_statement(span, "Allow", resources, everybody, None))
        self._once(_statement(span, "Deny", resources, everybody, condition))

    def _once(self, statement: Node) -> None:
        shape = nodes.shape(statement)
        if shape not in self._written:
            self._written.add(shape)
            self._statements.append(statement)


def _statement(span: Span, effect: str, resources: Node, principal: Node, condition: Node | None) -> Node:
    return nodes.mapping(
        span,
        {
            "Effect": nodes.text(span, effect),
            "Action": nodes.text(span, "execute-api:Invoke"),
            "Resource": resources,
            "Principal": principal,
            "Condition": condition,
        },
    )


def _items(node: Node | None) -> list[Node]:
    if node is None or (type(node) is Scalar and node.value is None and node.tag is None):
        return []
    return list(node.items) if type(node) is Sequence and nodes.is_list(node) else [node]
