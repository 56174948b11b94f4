"""The methods of a REST API: what they call, what they want of requests, and what they answer with.

Sources: serverless.com/framework/docs/providers/aws/events/apigateway and what `serverless package` 3.40.0 makes, as of
2026-11-28. The framework's own mapping templates and its patterns of answers, which say nothing of security, are left out.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.events._rest_api import URI, Api, Http, put, shown
from stockade.inputs.serverless.events._rest_auth import Authorizer, authorization
from stockade.inputs.serverless.events._rest_cors import answer_headers
from stockade.inputs.serverless.service import Property, Service
from stockade.patterns import regex
from stockade.text.node import Entry, Mapping, Node

_PLACES = {"querystrings": "querystring", "paths": "path", "headers": "header"}
_STATUS = ("200", "400", "401", "403", "404", "422", "500", "502", "504")
_MAPPED = {"AWS", "HTTP", "MOCK"}  # integrations that are no proxies
_NO_TIMEOUT = 3  # the version that knows no `timeoutInMillis`, and leaves it out
_WORDS = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def make_method(api: Api, http: Http, authorizer: Authorizer | None) -> None:
    """The method of an event."""
    service, span, block = api.service, http.event.span, http.block
    private = service.entry(block, "private")
    given = _parameters(service, block)
    required = {f"method.request.{name}": _required(entry.value) for name, entry in given.items()}
    method = service.entry(block, "method")
    properties: dict[str, Property] = {
        "HttpMethod": http.method if method is None else Entry(method.key, http.method),
        "RequestParameters": nodes.mapping(span, dict(required)) if required else None,
        "ResourceId": api.resources.get(http.path) or api.root(span),
        "RestApiId": api.id(span),
        "OperationName": service.entry(block, "operationId"),
        "ApiKeyRequired": _flag(service, block, private) if private is not None else nodes.flag(span, value=False),
        "Integration": _integration(api, http, given),
        **authorization(service, http, authorizer),
    }
    models = _models(api, http)
    if models or any(nodes.is_set(node) for node in required.values()):
        properties["RequestValidatorId"] = nodes.ref(span, _validator(api, http))
        properties["RequestModels"] = nodes.mapping(span, dict(models)) if models else None
    put(service, http.method_id, "AWS::ApiGateway::Method", properties, at=http.event)


def _flag(service: Service, block: Mapping, entry: Entry) -> Entry:
    """True or false as JavaScript takes what is written; what can't be told, as it is."""
    if intrinsic(entry.value) is not None:
        return entry
    return Entry(entry.key, nodes.flag(entry.value.span, value=service.is_true(block, entry.key.raw)))


# --------------------------------------------------------------------------------------------------------- integrations


def _integration(api: Api, http: Http, given: dict[str, Entry]) -> Node:
    service, span, block = api.service, http.event.span, http.block
    request = service.at(block, "request")
    written = service.entry(block, "integration")
    kind: Property = nodes.text(span, http.integration)
    if written is not None:
        unknown = intrinsic(written.value) is not None
        kind = written if unknown else Entry(written.key, nodes.text(written.value.span, http.integration))
    proxy = http.integration not in _MAPPED
    transfer = service.entry(service.at(block, "response"), "transferMode") if proxy else None
    streams = transfer is not None and nodes.literal(transfer.value) == "STREAM"
    timeout = service.entry(block, "timeoutInMillis") or service.entry(api.config, "timeoutInMillis")
    properties: dict[str, Property] = {
        "Type": kind,
        "IntegrationHttpMethod": nodes.text(span, "POST"),
        "TimeoutInMillis": timeout if service.version > _NO_TIMEOUT else None,
        "ResponseTransferMode": transfer,
    }
    if http.integration in {"AWS", "AWS_PROXY"}:
        function = {"Function": service.target(http.event.function, span)}
        version, call = ("2021-11-15", "response-streaming-invocations") if streams else ("2015-03-31", "invocations")
        properties["Uri"] = nodes.sub(span, f"{URI}{version}/functions/${{Function}}/{call}", function)
    elif http.integration in {"HTTP", "HTTP_PROXY"}:
        method = (None if proxy else service.text(request, "method")) or http.verb
        properties |= {
            "Uri": service.entry(request, "uri"),
            "IntegrationHttpMethod": nodes.text(span, method.upper()),
            "ConnectionType": _connection(service, block),
            "ConnectionId": service.entry(block, "connectionId"),
        }
    if http.integration in _MAPPED:
        properties |= {
            "PassthroughBehavior": service.entry(request, "passThrough"),
            "ContentHandling": service.entry(request, "contentHandling"),
            "RequestTemplates": service.entry(request, "template"),
            "IntegrationResponses": _answers(service, http),
        }
    sent: dict[str, Node | None] = {}
    asynchronous = service.is_true(block, "async")
    if http.integration != "AWS_PROXY" or asynchronous:
        sent |= {f"integration.request.{name}": _mapped(name, entry.value) for name, entry in given.items()}
    if asynchronous:
        sent["integration.request.header.X-Amz-Invocation-Type"] = nodes.text(span, "'Event'")
    properties["RequestParameters"] = nodes.mapping(span, sent) if sent else None
    return service.mapping(span, properties)


def _connection(service: Service, block: Mapping) -> Property:
    entry = service.entry(block, "connectionType")
    text = nodes.literal(entry.value) if entry is not None else None
    if entry is None or text is None:
        return entry
    return Entry(entry.key, nodes.text(entry.value.span, text.upper().replace("-", "_", 1)))


def _answers(service: Service, http: Http) -> Node | None:
    """What the integration answers with: by status, the headers that are the same for all, and its own."""
    response = service.at(http.block, "response")
    if response is None and http.integration != "AWS":
        return None
    span = http.event.span if response is None else response.span
    headers = answer_headers(service, http)
    codes = {e.key.raw: e.value for e in service.block(response, "statusCodes").entries}
    if not codes:
        codes = {code: Mapping(span, ()) for code in _STATUS}
    elif all(service.text(code, "pattern") != "" for code in codes.values()):
        codes.setdefault("200", Mapping(span, ()))
    answers: list[Node] = []
    for code, config in codes.items():
        every = {e.key.raw: e.value for e in headers.entries} if headers is not None else {}
        own = service.block(config, "headers").entries
        every |= {f"method.response.header.{e.key.raw}": e.value for e in own}
        answer: dict[str, Node | None] = {
            "StatusCode": nodes.text(config.span, code),
            "ResponseParameters": nodes.mapping(config.span, dict(every)),
        }
        answers.append(nodes.mapping(config.span, answer))
    return nodes.sequence(span, answers)


# ------------------------------------------------------------------------------------------------------------- requests


def _parameters(service: Service, block: Mapping) -> dict[str, Entry]:
    """What a request may have, by place and name."""
    written = service.at(block, "request", "parameters")
    return {
        f"{singular}.{entry.key.raw}": entry
        for place, singular in _PLACES.items()
        for entry in service.block(written, place).entries
    }


def _required(node: Node) -> Node:
    if not nodes.is_block(node):
        return node
    found = node.get("required") if type(node) is Mapping else None
    return found if found is not None else nodes.flag(node.span, value=True)


def _mapped(name: str, node: Node) -> Node:
    found = node.get("mappedValue") if type(node) is Mapping and intrinsic(node) is None else None
    return found if nodes.is_set(found) and found is not None else nodes.text(node.span, f"method.request.{name}")


def _validator(api: Api, http: Http) -> str:
    service, span = api.service, http.event.span
    logical_id = f"ApiGateway{naming.alnum(shown(service.name))}RequestValidator"
    if logical_id not in service.resources:
        properties: dict[str, Property] = {
            "RestApiId": api.id(span),
            "ValidateRequestBody": nodes.flag(span, value=True),
            "ValidateRequestParameters": nodes.flag(span, value=True),
            "Name": service.prefixed(span, " | Validate request body and querystring parameters"),
        }
        service.make(logical_id, "AWS::ApiGateway::RequestValidator", properties, at=http.event)
    return logical_id


def _models(api: Api, http: Http) -> dict[str, Node]:
    """The models that a request's body must follow, by its type."""
    service = api.service
    shared = service.at(api.config, "request", "schemas")
    found: dict[str, Node] = {}
    for entry in service.block(http.block, "request", "schemas").entries:
        type_, node = entry.key.raw, entry.value
        name = nodes.literal(node)
        common = service.entry(shared, name) if name is not None else None
        if common is not None:
            logical_id = f"ApiGateway{_words(common.key.raw, lower=True)}Model"
            type_ = "application/json"
        else:
            logical_id = f"{http.method_id}{_words(type_, lower=False)}Model"
        config = entry if common is None else common
        _model(api, logical_id, type_, config)
        found[entry.key.raw] = nodes.ref(node.span, logical_id)
    return found


def _model(api: Api, logical_id: str, type_: str, entry: Entry) -> None:
    service, node = api.service, entry.value
    stated = service.entry(node, "schema") if service.is_true(node, "schema") else None
    properties: dict[str, Property] = {
        "RestApiId": api.id(node.span),
        "ContentType": nodes.text(entry.key.span, type_),
        "Schema": stated or node,
        "Name": service.entry(node, "name") if stated is not None else None,
        "Description": service.entry(node, "description") if stated is not None else None,
    }
    service.make(logical_id, "AWS::ApiGateway::Model", properties, at=entry)


def _words(text: str, *, lower: bool) -> str:
    """The words of a text, each with its first letter in upper case."""
    return "".join(naming.upper_first(word.lower() if lower else word) for word in _WORDS.findall(text))
