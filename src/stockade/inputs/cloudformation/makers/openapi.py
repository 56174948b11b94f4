"""OpenAPI definitions with Amazon's extensions: the routes and authorizers of an API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html (as of 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from stockade.inputs.cloudformation.convert import boolean, integer, mapped, text
from stockade.inputs.cloudformation.policies import lower_statements
from stockade.inputs.cloudformation.template import intrinsic
from stockade.inputs.lens import Table, lens
from stockade.model.app import Api, Authorizer, Route
from stockade.model.value import Default, Doubt, Known, Origin, Relation, Unknown, Value, When, conjoin
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_FORMS = {"token": "CUSTOM", "request": "CUSTOM", "cognito_user_pools": "COGNITO_USER_POOLS", "jwt": "JWT"}

# Where the definition says what the API's own properties may say too.
API_TABLE = Table(
    "openapi",
    Api,
    {
        "cors_origins": lens("x-amazon-apigateway-cors.allowOrigins", "texts"),
        "cors_methods": lens("x-amazon-apigateway-cors.allowMethods", "texts"),
        "cors_headers": lens("x-amazon-apigateway-cors.allowHeaders", "texts"),
        "cors_credentials": lens("x-amazon-apigateway-cors.allowCredentials", "boolean"),
        "cors_max_age": lens("x-amazon-apigateway-cors.maxAge", "integer"),
        "default_endpoint_disabled": lens(
            "x-amazon-apigateway-endpoint-configuration.disableExecuteApiEndpoint",
            "boolean",
            also=("servers.0.x-amazon-apigateway-endpoint-configuration.disableExecuteApiEndpoint",),
        ),
        "vpc_endpoints": lens("x-amazon-apigateway-endpoint-configuration.vpcEndpointIds", "texts"),
    },
)


_CORS_HEADERS = {
    "Allow-Origin": ("cors_origins", "texts"),
    "Allow-Methods": ("cors_methods", "texts"),
    "Allow-Headers": ("cors_headers", "texts"),
    "Allow-Credentials": ("cors_credentials", "boolean"),
    "Max-Age": ("cors_max_age", "integer"),
}


def _listed(value: Value[Any]) -> tuple[Value[Any], ...]:
    """The values of a header that lists them with commas, where it is known."""
    if isinstance(value, Known):
        return tuple(Known(v=part.strip(), origin=value.origin) for part in str(value.v).split(","))
    return (value,)


class _Scheme(Struct, frozen=True):
    """One security scheme: how it authorizes, and the authorizer that it makes."""

    name: str
    authorization: str  # NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT
    is_key: bool = False


def lower_openapi(
    lowering: Lowering,
    found: Declared,
    body: Mapping,
    api: Value[str],
    *,
    http: bool,
    when: When = (),
) -> dict[str, Any]:
    """Records for every operation and authorizer of a definition, and the fields of the API that it states.

    `api` refers to the API; `http` says that it is an HTTP API, whose routes have another notion of security.
    """
    reader = _Reader(lowering, found, body, api, http=http, when=when)
    reader.run()
    fields = lowering.fields(API_TABLE, body) | reader.preflight
    policy = body.get("x-amazon-apigateway-policy")
    if policy is not None:
        fields["policy"] = lower_statements(lowering.evaluator, policy)
    return fields


class _Reader:
    def __init__(
        self, lowering: Lowering, found: Declared, body: Mapping, api: Value[str], *, http: bool, when: When
    ) -> None:
        self.lowering = lowering
        self.evaluator = lowering.evaluator
        self.found = found
        self.body = body
        self.api = api
        self.http = http
        self.when = when
        self.schemes: dict[str, _Scheme] = {}
        self.preflight: dict[str, Any] = {}  # what the answers to preflight requests say: how REST APIs do CORS

    def run(self) -> None:
        for block in (("securityDefinitions",), ("components", "securitySchemes")):
            for item in self.lowering.block(self.body, *block):
                for entry in item.node.entries:
                    self._scheme(entry)
        for paths in self.lowering.block(self.body, "paths"):
            for path in paths.node.entries:
                for case in self.evaluator.cases(path.value, path.key.span):
                    when = conjoin(conjoin(self.when, paths.when) or (), case.when)
                    if type(case.node) is Mapping and intrinsic(case.node) is None and when is not None:
                        self._path(path, case.node, when)
                    elif case.node is not None:
                        self._not_read(case.node, path.key.raw)

    def _not_read(self, node: Node, path: str) -> None:
        if not (type(node) is Scalar and node.value is None):
            self.evaluator.gap(
                node,
                f"the operations of `{path}` of the API `{self.found.id}`",
                "they are not written as a mapping",
                kind="wrong-shape",
                remedy="write them out",
                hides=True,
            )

    # ------------------------------------------------------------------------------------------------------- security

    def _scheme(self, entry: Entry) -> None:
        name, block = entry.key.raw, entry.value
        if type(block) is not Mapping or intrinsic(block) is not None:
            return
        kind = _raw(block.get("x-amazon-apigateway-authtype")).lower()
        if kind == "awssigv4":
            self.schemes[name] = _Scheme(name, "AWS_IAM")
            return
        authorizer = block.get(_AUTHORIZER)
        if type(authorizer) is Mapping or kind:
            self._authorizer(entry, block, authorizer if type(authorizer) is Mapping else None)
        elif _raw(block.get("type")) == "apiKey":
            self.schemes[name] = _Scheme(name, "NONE", is_key=True)
        else:
            # Without an extension of Amazon's, the gateway checks nothing.
            self.schemes[name] = _Scheme(name, "NONE")

    def _authorizer(self, entry: Entry, block: Mapping, authorizer: Mapping | None) -> None:
        form = _raw(authorizer.get("type")) if authorizer is not None else ""
        self.schemes[entry.key.raw] = _Scheme(entry.key.raw, _FORMS.get(form.lower(), "CUSTOM"))
        if authorizer is None:
            return
        fields: dict[str, Any] = self.lowering.fields(_AUTHORIZER_TABLE, authorizer)
        if "identity_sources" not in fields and _raw(block.get("in")) == "header" and block.get("name") is not None:
            source = Known(v=f"method.request.header.{_raw(block.get('name'))}", origin=self.evaluator.origin(block))
            fields["identity_sources"] = Relation((source,))
        if self.http and "ttl" not in fields:
            fields["ttl"] = Default(v=0, origin=self.evaluator.origin(authorizer))
        if form:
            form_origin = self.evaluator.origin(authorizer.get("type") or authorizer)
            fields["form"] = Known(v=form.upper(), origin=form_origin)
        name = entry.key.raw
        base = self.lowering.base(
            self.found,
            suffix=f"/securitySchemes/{name}",
            table="openapi/authorizer",
            span=block.span,
            key_span=entry.key.span,
            when=self.when,
            address=f"{self.found.id}/{name}",
            block=block,
        )
        named = Known(v=name, origin=self.evaluator.origin(entry.key))
        self.lowering.add(Authorizer(**(base | fields), name=named, api_id=self.api))

    # ---------------------------------------------------------------------------------------------------------- paths

    def _path(self, path: Entry, operations: Mapping, when: When) -> None:
        for entry in operations.entries:
            word = entry.key.raw.lower()
            if word not in _METHODS and word != _ANY:
                continue
            for case in self.evaluator.cases(entry.value, entry.key.span):
                both = conjoin(when, case.when)
                if both is None or case.node is None:
                    continue
                if type(case.node) is Mapping and intrinsic(case.node) is None:
                    self._operation(path, entry, case.node, both)
                else:
                    self._not_read(case.node, path.key.raw)

    def _operation(self, path: Entry, entry: Entry, operation: Mapping, when: When) -> None:
        method = "ANY" if entry.key.raw.lower() == _ANY else entry.key.raw.upper()
        base = self.lowering.base(
            self.found,
            suffix=f"/{method} {path.key.raw}",
            table="openapi/operation",
            span=operation.span,
            key_span=entry.key.span,
            when=when,
            address=f"{self.found.id}/{method} {path.key.raw}",
            block=operation,
        )
        fields: dict[str, Any] = {
            "api_id": self.api,
            "method": Known(v=method, origin=self.evaluator.origin(entry.key)),
            "path": Known(v=path.key.raw, origin=self.evaluator.origin(path.key)),
        }
        integration = self._integration(operation)
        if integration is not None:
            fields["integration"] = integration
        self._security(operation, fields)
        self.lowering.add(Route(**(base | fields)))
        if method == "OPTIONS" and not self.http:
            self._preflight(operation)

    def _preflight(self, operation: Mapping) -> None:
        """The CORS headers that OPTIONS methods answer with by themselves (texts in single quotes), of all paths together."""
        for case in self.evaluator.lookup(operation, (_INTEGRATION, "responses", "default", "responseParameters")):
            headers = case.node
            if type(headers) is not Mapping or intrinsic(headers) is not None:
                continue
            for name, (field, read) in _CORS_HEADERS.items():
                written = headers.get(f"method.response.header.Access-Control-{name}")
                if written is None:
                    continue
                value = mapped(text(self.evaluator.value(written)), lambda v: str(v).strip().strip("'"))
                if read == "texts":
                    have: Relation[Value[Any]] = self.preflight.get(field, Relation())
                    shown = {v.show() for v in have}
                    more = tuple(v for v in _listed(value) if v.show() not in shown)
                    self.preflight[field] = Relation(have.items + more)
                else:
                    self.preflight.setdefault(field, boolean(value) if read == "boolean" else integer(value))

    def _integration(self, operation: Mapping) -> Value[Any] | None:
        block = operation.get(_INTEGRATION)
        if type(block) is Mapping and "$ref" in block:
            name = _raw(block.get("$ref")).rpartition("/")[2]
            shared = self.evaluator.lookup(self.body, ("components", "x-amazon-apigateway-integrations", name))
            block = next((case.node for case in shared if case.node is not None), None)
        if block is None:
            return None
        return self.lowering.value_at(block, "uri")

    def _security(self, operation: Mapping, fields: dict[str, Any]) -> None:
        auth = operation.get("x-amazon-apigateway-auth")
        stated = operation.get("security")
        where = stated if stated is not None else self.body.get("security")
        origin: Origin = self.evaluator.origin(where if where is not None else operation)
        schemes: list[_Scheme] = []
        if where is not None:
            for case in self.evaluator.cases(where):
                if type(case.node) is not Sequence or case.node.tag is not None:
                    if case.node is not None:
                        doubt = Doubt(
                            "what the operation requires is known only when the stack is deployed", cause="reference"
                        )
                        fields["authorization"] = Unknown(doubt=doubt, origin=origin)
                    continue
                for requirement in case.node.items:
                    for entry in requirement.entries if type(requirement) is Mapping else ():
                        schemes.append(self._required(entry))
                        scopes = self.evaluator.texts(entry.value)
                        if scopes.items:
                            fields["scopes"] = Relation(tuple(text(v) for v in scopes.items))
        if any(scheme.is_key for scheme in schemes):
            fields["api_key"] = Known(v=True, origin=origin)
        deciding = next((scheme for scheme in schemes if scheme.authorization != "NONE"), None)
        if deciding is not None:
            fields["authorization"] = Known(v=deciding.authorization, origin=origin)
            if deciding.authorization != "AWS_IAM":
                fields["authorizer"] = Known(v=deciding.name, origin=origin)
        elif stated is not None and "authorization" not in fields:
            fields["authorization"] = Known(v="NONE", origin=origin)
        if type(auth) is Mapping and auth.get("type") is not None and deciding is None:
            value = self.lowering.value_at(auth, "type")
            if value is not None:
                fields["authorization"] = value

    def _required(self, entry: Entry) -> _Scheme:
        known = self.schemes.get(entry.key.raw)
        return known if known is not None else _Scheme(entry.key.raw, "NONE")


_AUTHORIZER_TABLE = Table(
    "openapi/authorizer",
    Authorizer,
    {
        "function_arn": lens("authorizerUri"),
        "ttl": lens("authorizerResultTtlInSeconds", "integer"),
        "providers": lens("providerARNs", "texts", also=("jwtConfiguration.issuer",)),
        "identity_sources": lens("identitySource", "texts"),
    },
)


def _raw(node: Node | None) -> str:
    return node.raw if type(node) is Scalar else ""
