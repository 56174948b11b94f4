"""Who may ask the routes of an HTTP API: the authorizers of `provider.httpApi`, and what each event says of them."""

from __future__ import annotations

from msgspec import Struct

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.inputs.serverless.texts import known
from stockade.text.node import Entry, Mapping, Node

_TYPES = {"request": "CUSTOM", "aws_iam": "AWS_IAM"}


class _Authorizer(Struct, frozen=True):
    """One that is declared: its logical id, empty where nothing is known of it, and its type, a hole where nobody knows it."""

    id: str
    type: Node | None


class Authorizers:
    """The authorizers of one API. Declares those of the service. `source`: the ARN of everything that the API is asked."""

    def __init__(self, service: Service, api: Property, source: Node, *, external: bool) -> None:
        self.service = service
        self.api = api
        self.source = source
        self.declared: dict[str, _Authorizer] = {}
        self.unknown: Node | None = None  # stands for authorizers of which not even the names are known
        if not external:
            self._declare()

    def _declare(self) -> None:
        whole = self.service.at(self.service.provider, "httpApi")
        if whole is not None and self.service.resolver.hole_of(whole) is None:
            whole = self.service.at(whole, "authorizers")
        if whole is not None and not nodes.is_block(whole):
            hole = self.service.resolver.hole_of(whole)
            why = hole.doubt.why if hole is not None else "a mapping belongs here"
            remedy = hole.doubt.remedy if hole is not None else "correct it"
            what = "the authorizers of the HTTP API"
            self.service.gap(whole, what, why, kind="unresolved", remedy=remedy, hides=True)
            self.unknown = whole if intrinsic(whole) is not None else self.service.hole(whole.span, what, why)
            return
        for entry in whole.entries if type(whole) is Mapping else ():
            self._one(entry)

    def _one(self, entry: Entry) -> None:
        service, key, block = self.service, entry.key.raw, entry.value
        span = block.span
        own = service.entry(block, "name") if service.is_true(block, "name") else None
        name = known(own.value) if own is not None else key
        logical_id = f"HttpApiAuthorizer{naming.normal(name or key)}"
        kind = service.entry(block, "type")
        if not nodes.is_block(block):
            known_not = service.hole(span, f"authorizer {key}", "a mapping belongs here", cause="wrong shape")
            self.declared[key] = _Authorizer("", block if intrinsic(block) is not None else known_not)
            return
        self.declared[key] = _Authorizer(logical_id, kind.value if kind is not None else None)
        called = service.at(block, "functionArn") or service.at(block, "functionName")
        unsure = kind is not None and intrinsic(kind.value) is not None
        request = (kind is not None and known(kind.value) == "request") or (unsure and called is not None)
        form: Property = nodes.text(span, "REQUEST" if request else "JWT")
        if kind is not None:
            form = kind if unsure else Entry(kind.key, nodes.text(kind.value.span, "REQUEST" if request else "JWT"))
        properties: dict[str, Property] = {
            "ApiId": self.api,
            "Name": own or nodes.text(entry.key.span, key),
            "IdentitySource": self._listed(block, "identitySource") or nodes.sequence(span, []),
            "AuthorizerType": form,
        }
        if request:
            properties |= self._request(entry, name or key)
        else:
            config: dict[str, Property] = {
                "Audience": self._listed(block, "audience"),
                "Issuer": service.entry(block, "issuerUrl"),
            }
            properties["JwtConfiguration"] = service.mapping(span, config)
        service.make(logical_id, "AWS::ApiGatewayV2::Authorizer", properties, at=entry)

    def _request(self, entry: Entry, name: str) -> dict[str, Property]:
        service, block, span = self.service, entry.value, entry.value.span
        target = self._function(block)
        if not service.is_true(block, "managedExternally"):
            allowed: dict[str, Property] = {
                "FunctionName": target,
                "Action": nodes.text(span, "lambda:InvokeFunction"),
                "Principal": nodes.text(span, "apigateway.amazonaws.com"),
                "SourceArn": self.source,
            }
            logical_id = f"{naming.normal(name)}LambdaAuthorizerPermissionHttpApi"
            service.make(logical_id, "AWS::Lambda::Permission", allowed, at=entry)
            service.generated[logical_id] = "an authorizer of the HTTP API"
        uri = service.joined(
            span,
            "arn:",
            nodes.ref(span, "AWS::Partition"),
            ":apigateway:",
            nodes.ref(span, "AWS::Region"),
            ":lambda:path/2015-03-31/functions/",
            target,
            "/invocations",
        )
        version = service.entry(block, "payloadVersion") if service.is_true(block, "payloadVersion") else None
        return {
            "EnableSimpleResponses": service.entry(block, "enableSimpleResponses"),
            "AuthorizerResultTtlInSeconds": service.entry(block, "resultTtlInSeconds"),
            "AuthorizerPayloadFormatVersion": version or nodes.text(span, "2.0"),
            "AuthorizerUri": uri,
        }

    def _function(self, block: Node) -> Node:
        """The function that authorizes."""
        service = self.service
        arn = service.at(block, "functionArn")
        if arn is not None:
            return arn
        named = service.at(block, "functionName")
        name = known(named)
        function: Function | None = service.of_key(name) if name is not None else None
        if function is not None and named is not None:
            return service.target(function, named.span)
        span = (named or block).span
        if named is not None and name is None:
            return named
        why = "the service has no function of this name" if name is not None else "it names no function"
        service.gap(span, "an authorizer of the HTTP API", why, kind="undefined", remedy="name a function")
        return service.hole(span, f"function {name or ''}".rstrip(), why, cause="undefined")

    def _listed(self, block: Node, key: str) -> Property:
        entry = self.service.entry(block, key)
        if entry is None or nodes.is_list(entry.value) or self.service.resolver.hole_of(entry.value) is not None:
            return entry
        return Entry(entry.key, nodes.sequence(entry.value.span, [entry.value]))

    # -------------------------------------------------------------------------------------------------------- routes

    def of(self, event: Event) -> dict[str, Property]:
        """What an event's route states of who may ask it."""
        service = self.service
        entry = service.entry(event.block, "authorizer")
        if entry is None or not service.is_true(event.block, "authorizer"):
            return self._whole(event)
        value = entry.value
        if not nodes.is_block(value):
            return self._named(entry, value, None)
        kind, own, named = (service.entry(value, key) for key in ("type", "id", "name"))
        if own is not None:
            shown = self._type(entry, kind.value if kind is not None else None)
            return {"AuthorizationType": shown, "AuthorizerId": own, **self._scopes(value)}
        if kind is not None and (known(kind.value) == "aws_iam" or intrinsic(kind.value) is not None):
            found: dict[str, Property] = {"AuthorizationType": self._type(kind, kind.value)}
            return found
        return self._named(entry, named.value if named is not None else None, value)

    def _whole(self, event: Event) -> dict[str, Property]:
        """Nothing is said of who may ask, unless the whole event is not known."""
        hole = self.service.resolver.hole_of(event.body)
        return {} if hole is None else {"AuthorizationType": event.body}

    def _named(self, entry: Entry, named: Node | None, block: Node | None) -> dict[str, Property]:
        """By the name of an authorizer."""
        service = self.service
        name = known(named)
        declared = self.declared.get(name) if name is not None else None
        if declared is not None:
            return {
                "AuthorizationType": self._type(entry, declared.type),
                "AuthorizerId": Entry(entry.key, nodes.ref(entry.value.span, declared.id)) if declared.id else None,
                **self._scopes(block),
            }
        if name is None and named is not None and intrinsic(named) is not None:
            return {"AuthorizationType": Entry(entry.key, named)}
        if self.unknown is not None:
            return {"AuthorizationType": Entry(entry.key, self.unknown)}
        why = f"no authorizer `{name}` is declared" if name is not None else "it names no authorizer"
        service.gap(entry.value, "the authorizer of a route", why, kind="undefined", remedy="declare it")
        return {
            "AuthorizationType": Entry(
                entry.key, service.hole(entry.value.span, "the authorizer", why, cause="undefined")
            )
        }

    def _type(self, entry: Entry, kind: Node | None) -> Property:
        """The type of authorization in CloudFormation's words; as it is where it is not known."""
        if kind is not None and intrinsic(kind) is not None:
            return Entry(entry.key, kind)
        return Entry(entry.key, nodes.text(entry.value.span, _TYPES.get(known(kind) or "", "JWT")))

    def _scopes(self, block: Node | None) -> dict[str, Property]:
        if block is None or not self.service.is_true(block, "scopes"):
            return {}
        return {"AuthorizationScopes": self._listed(block, "scopes")}
