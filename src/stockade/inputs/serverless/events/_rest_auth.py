"""Who may call the methods of a REST API: `authorizer` in all its forms.

Sources: serverless.com/framework/docs/providers/aws/events/apigateway (its parts on authorizers) and what `serverless package`
3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from msgspec import Struct

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.events._rest_api import URI, Api, Http, pieces, put, shown
from stockade.inputs.serverless.service import Function, Property, Service
from stockade.patterns import regex
from stockade.text.node import Entry, Node, Scalar

_IAM = "AWS_IAM"
_COGNITO = "COGNITO_USER_POOLS"
_TTL = 300  # seconds, where a mapping does not say
_SOURCE = "method.request.header.Authorization"
_POOL = regex(r"arn:[a-zA-Z-]*:cognito-idp")


class Authorizer(Struct, eq=False):
    """Whom an event asks. Without a `name` nothing is made for it."""

    entry: Entry
    form: Node | None = None  # what the method's `AuthorizationType` is
    id: Node | None = None  # of one that is there already
    name: str = ""
    label: Node | None = None  # the name as it is written
    arn: Node | None = None
    function: Function | None = None
    type: str = ""
    cognito: bool = False

    @property
    def logical_id(self) -> str:
        """The logical id of the authorizer."""
        return f"{naming.normal(self.name)}ApiGatewayAuthorizer"


def read_authorizer(service: Service, http: Http) -> Authorizer | None:
    """The authorizer of an event."""
    entry = http.authorizer
    if entry is None:
        return None
    node, span = entry.value, entry.value.span
    if not nodes.is_block(node):
        return _of_text(service, entry)
    found = Authorizer(entry)
    type_ = service.at(node, "type") if service.is_true(node, "type") else None
    word = nodes.literal(type_) or ""
    found.type = word.upper()
    if type_ is not None and service.is_true(node, "authorizerId"):
        custom = found.type in {"TOKEN", "REQUEST"}
        found.form, found.id = nodes.text(span, "CUSTOM") if custom else type_, service.at(node, "authorizerId")
    elif found.type == _IAM:
        found.form = nodes.text(type_.span if type_ is not None else span, _IAM)
    elif service.is_true(node, "arn"):
        found.arn = service.at(node, "arn")
        found.label = service.at(node, "name")
        found.name = shown(found.label) if found.label is not None else _name_in(found.arn or node)
    else:
        found.label = service.at(node, "name")
        _by_name(service, found, found.label if found.label is not None else node)
    _judge(found, type_)
    return found


def _of_text(service: Service, entry: Entry) -> Authorizer:
    node = entry.value
    found = Authorizer(entry)
    text = nodes.literal(node)
    if text is not None and text.upper() == _IAM:
        found.form = nodes.text(node.span, _IAM)
    elif text is not None and ":" not in text:
        _by_name(service, found, node)
    elif text is not None or isinstance(pieces(node)[0], str):
        found.arn, found.name = node, _name_in(node)
    else:
        found.form = node  # nothing is known of it
    _judge(found, None)
    return found


def _by_name(service: Service, found: Authorizer, node: Node) -> None:
    """A function of the service, by its key."""
    key = nodes.literal(node)
    if key is None:
        found.form = node if intrinsic(node) is not None else None
        found.form = found.form or service.hole(node.span, "an authorizer", "neither its name nor its ARN is said")
        return
    found.name, found.function = key, service.of_key(key)
    known = found.function is not None
    found.arn = (
        service.target(found.function, node.span)
        if found.function is not None and known
        else nodes.get_att(node.span, naming.function_id(key), "Arn")
    )


def _judge(found: Authorizer, type_: Node | None) -> None:
    """Which form an authorizer has that is made here."""
    if found.arn is None or found.form is not None:
        return
    start = pieces(found.arn)[0]
    found.cognito = found.type == _COGNITO or (isinstance(start, str) and _POOL.match(start) is not None)
    span = found.entry.value.span
    if type_ is not None and intrinsic(type_) is not None:
        found.form = type_
    else:
        found.form = nodes.text(span, _COGNITO if found.cognito else "CUSTOM")


def _name_in(arn: Node) -> str:
    """The name that the framework finds in an ARN; of one that is not known, some name."""
    name = shown(arn).rpartition(":")[2].rpartition("-")[2]
    return name if intrinsic(arn) is None else naming.alnum(name)


def authorization(service: Service, http: Http, authorizer: Authorizer | None) -> dict[str, Property]:
    """What a method says of who may call it."""
    if authorizer is None:
        return {"AuthorizationType": nodes.text(http.event.span, "NONE")}
    entry = authorizer.entry
    form = authorizer.form or nodes.text(entry.value.span, "CUSTOM")
    found: dict[str, Property] = {"AuthorizationType": Entry(entry.key, form)}
    if authorizer.id is not None:
        found["AuthorizerId"] = authorizer.id
    elif authorizer.name:
        found["AuthorizerId"] = nodes.ref(entry.value.span, authorizer.logical_id)
    scoped = authorizer.cognito or (authorizer.id is not None and authorizer.type == _COGNITO)
    if scoped and service.is_true(entry.value, "scopes"):
        found["AuthorizationScopes"] = service.entry(entry.value, "scopes")
    return found


def make_authorizer(api: Api, http: Http, authorizer: Authorizer | None) -> None:
    """The authorizer itself."""
    if authorizer is None or authorizer.arn is None:
        return
    service, entry = api.service, authorizer.entry
    block, span = entry.value, entry.value.span
    mapping = nodes.is_block(block)
    ttl: Property = service.entry(block, "resultTtlInSeconds")
    if mapping and ttl is None:
        ttl = Scalar(span, _TTL, str(_TTL))
    source: Property = service.entry(block, "identitySource") if service.is_true(block, "identitySource") else None
    asks_nothing = authorizer.type == "REQUEST" and service.text(block, "resultTtlInSeconds") == "0"
    if source is None and not asks_nothing:
        source = nodes.text(span, _SOURCE)
    properties: dict[str, Property] = {
        "AuthorizerResultTtlInSeconds": ttl,
        "IdentitySource": source,
        "IdentityValidationExpression": service.entry(block, "identityValidationExpression"),
        "Name": authorizer.label if authorizer.label is not None else nodes.text(span, authorizer.name),
        "RestApiId": api.id(span),
    }
    if authorizer.cognito:
        properties["Type"] = nodes.text(span, _COGNITO)
        properties["ProviderARNs"] = nodes.sequence(span, [authorizer.arn])
    else:
        type_ = service.entry(block, "type")
        properties["AuthorizerUri"] = nodes.sub(
            span, URI + "2015-03-31/functions/${Function}/invocations", {"Function": authorizer.arn}
        )
        if type_ is not None and intrinsic(type_.value) is not None:
            properties["Type"] = type_
        else:
            properties["Type"] = nodes.text(span, authorizer.type or "TOKEN")
    put(service, authorizer.logical_id, "AWS::ApiGateway::Authorizer", properties, at=entry)
    del http
