"""OpenAPI definitions with Amazon's extensions: the routes and authorizers of an API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html (as of 2026-11-21).

A definition can stand in any source format, as its own mappings or as a text inside of it. So it is read through `Piece`
and `Home`: what an input has to say about one piece of a definition, and about the resource that the definition is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, Protocol, Self, TypeVar

from msgspec import Struct

from stockade.inputs.convert import boolean, integer, mapped, text
from stockade.inputs.lens import Table, lens
from stockade.inputs.routes import INVOCATION_HEADER, that_checks
from stockade.model.app import Api, Authorizer, Resource, Route
from stockade.model.policy import Statement
from stockade.model.value import (
    Default,
    Doubt,
    File,
    Known,
    Origin,
    Relation,
    Unknown,
    Value,
    When,
    conjoin,
    one_of,
    otherwise,
)
from stockade.patterns import regex

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_VALIDATOR = "x-amazon-apigateway-request-validator"
_FLAGS = ("validateRequestBody", "validateRequestParameters")
_FORMS = {"token": "CUSTOM", "request": "CUSTOM", "cognito_user_pools": "COGNITO_USER_POOLS", "jwt": "JWT"}


DEFINED = ("route", "authorizer")
"""The kinds of resource that a definition holds: what is hidden where a definition is not known."""

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

_AUTHORIZER_TABLE = Table(
    "openapi/authorizer",
    Authorizer,
    {
        "function_arn": lens("authorizerUri"),
        "ttl": lens("authorizerResultTtlInSeconds", "integer"),
        "providers": lens("providerARNs", "texts", also=("jwtConfiguration.issuer",)),
        "identity_sources": lens("identitySource", "texts"),
        "token_pattern": lens("identityValidationExpression"),
    },
)


# ------------------------------------------------------------------------------------------- what an input has to offer


class Piece(Protocol):
    """A piece of a definition as an input has it: a mapping, a list, or a single value, any of them perhaps not known.

    `cases` says what it may be; the other questions are about one case.
    """

    def cases(self) -> Iterable[tuple[When, Self]]:
        """What it may be, each with its premises; where it is nothing, there is no case."""

    def entries(self) -> Iterable[Entry[Self]] | None:
        """What a mapping holds, in order; None for what is no mapping."""

    def get(self, name: str) -> Self | None:
        """What a mapping holds at a name; None if it does not, and for what is no mapping."""

    def items(self) -> Iterable[Self] | None:
        """What a list holds; None for what is no list."""

    def doubt(self) -> Doubt | None:
        """Why it is not known, or not all of it; None if it is."""

    def is_null(self) -> bool:
        """Whether nothing is written there."""

    def word(self) -> str:
        """The text that it is; empty if it is none, or not known."""

    def value(self) -> Value[Any]:
        """The single value that it is."""

    def texts(self) -> Relation[Value[Any]]:
        """The texts of a list; of a single value that one."""

    def fields(self, table: Table) -> dict[str, Any]:
        """What a table finds in a mapping."""

    def statements(self) -> Relation[Statement]:
        """The statements of the policy document that it is."""

    def origin(self) -> Origin:
        """Where it is written."""


P = TypeVar("P", bound=Piece)
C_contra = TypeVar("C_contra", bound=Piece, contravariant=True)


class Entry(Struct, Generic[P], frozen=True, eq=False):
    """One entry of a mapping: its name, where that is written, and what stands behind it."""

    name: str
    key: P
    value: P


class Home(Protocol[C_contra]):
    """The API that a definition is of, in an input's terms."""

    def base(self, name: str, table: str, key: C_contra, block: C_contra, when: When) -> dict[str, Any]:
        """What every record has, for one that `block` states behind `key`; `name` tells it apart from its siblings."""

    def add(self, record: Resource) -> Resource:
        """Keep a record."""

    def gap(self, piece: C_contra, what: str, why: str, *, kind: str, remedy: str, kinds: tuple[str, ...] = ()) -> None:
        """Note that a part of the definition (`what`, of this API) can't be seen, and which records that may hide."""


# --------------------------------------------------------------------------------------------------------------- reading


def read_openapi(home: Home[P], body: P, api: Value[str], *, http: bool, when: When = ()) -> dict[str, Any]:
    """Records for every operation and authorizer of a definition, and the fields of the API that it states.

    `api` refers to the API; `http` says that it is an HTTP API, whose routes have another notion of security. `when` are
    the premises under which this is the definition.
    """
    reader = _Reader(home, body, api, http=http, when=when)
    reader.run()
    fields = body.fields(API_TABLE) | reader.preflight.fields
    policy = body.get("x-amazon-apigateway-policy")
    if policy is not None:
        fields["policy"] = policy.statements()
    return fields


class _Scheme(Struct, frozen=True):
    """One security scheme: how it authorizes, and the authorizer that it makes."""

    name: str
    authorization: str  # NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT
    is_key: bool = False


class _Reader(Generic[P]):
    def __init__(self, home: Home[P], body: P, api: Value[str], *, http: bool, when: When) -> None:
        self.home = home
        self.body = body
        self.api = api
        self.http = http
        self.when = when
        self.schemes: dict[str, _Scheme] = {}
        self.preflight = Preflight()

    def run(self) -> None:
        for place in (("securityDefinitions",), ("components", "securitySchemes")):
            for when, block in self._blocks(place, "authorizer"):
                for scheme in block.entries() or ():
                    self._scheme(scheme, when)
        for when, paths in self._blocks(("paths",), "route"):
            for path in paths.entries() or ():
                self._path(path, when)

    def _blocks(self, path: tuple[str, ...], kind: str) -> Iterator[tuple[When, P]]:
        """The mapping at a path of the definition, once for each of its cases."""
        found: list[tuple[When, P]] = [(self.when, self.body)]
        for step in path:
            following: list[tuple[When, P]] = []
            for when, block in found:
                written = block.get(step)
                for inner, case in written.cases() if written is not None else ():
                    both = conjoin(when, inner)
                    if both is not None and case.entries() is not None:
                        following.append((both, case))
                        self._rest(case, f"the rest of `{step}`", (kind,))
                    elif both is not None:
                        self._not_read(case, f"`{step}`", (kind,))
            found = following
        yield from found

    def _not_read(self, piece: P, what: str, kinds: tuple[str, ...]) -> None:
        doubt = piece.doubt()
        if doubt is not None:
            self.home.gap(piece, what, doubt.why, kind="unresolved", remedy=doubt.remedy, kinds=kinds)
        elif not piece.is_null():
            self.home.gap(piece, what, "a mapping belongs here", kind="wrong-shape", remedy="write it out", kinds=kinds)

    def _rest(self, piece: P, what: str, kinds: tuple[str, ...]) -> None:
        """Say so where a mapping may hold more than is known."""
        doubt = piece.doubt()
        if doubt is not None:
            self.home.gap(piece, what, doubt.why, kind="unresolved", remedy=doubt.remedy, kinds=kinds)

    # ------------------------------------------------------------------------------------------------------- security

    def _scheme(self, entry: Entry[P], when: When) -> None:
        name = entry.name
        for inner, block in entry.value.cases():
            both = conjoin(when, inner)
            if both is None:
                continue
            if block.entries() is None:
                self._not_read(block, f"the security scheme `{name}`", ("authorizer",))
                continue
            kind = _word(block, "x-amazon-apigateway-authtype").lower()
            if kind == "awssigv4":
                self.schemes[name] = _Scheme(name, "AWS_IAM")
                continue
            authorizer = _mapping(block.get(_AUTHORIZER))
            if authorizer is not None or kind:
                self._authorizer(entry, block, authorizer, both)
            elif _word(block, "type") == "apiKey":
                self.schemes[name] = _Scheme(name, "NONE", is_key=True)
            else:
                # Without an extension of Amazon's, the gateway checks nothing.
                self.schemes[name] = _Scheme(name, "NONE")

    def _authorizer(self, entry: Entry[P], block: P, authorizer: P | None, when: When) -> None:
        name = entry.name
        form = _word(authorizer, "type")
        self.schemes[name] = _Scheme(name, _FORMS.get(form.lower(), "CUSTOM"))
        if authorizer is None:
            return
        fields = authorizer.fields(_AUTHORIZER_TABLE)
        if "identity_sources" not in fields and _word(block, "in") == "header" and block.get("name") is not None:
            source = Known(v=f"method.request.header.{_word(block, 'name')}", origin=block.origin())
            fields["identity_sources"] = Relation((source,))
        if self.http and "ttl" not in fields:
            fields["ttl"] = Default(v=0, origin=authorizer.origin())
        if form:
            fields["form"] = Known(v=form.upper(), origin=(authorizer.get("type") or authorizer).origin())
        base = self.home.base(f"securitySchemes/{name}", "openapi/authorizer", entry.key, block, when)
        named = Known(v=name, origin=entry.key.origin())
        self.home.add(Authorizer(**(base | fields), name=named, api_id=self.api))

    # ---------------------------------------------------------------------------------------------------------- paths

    def _path(self, path: Entry[P], when: When) -> None:
        what = f"the operations of `{path.name}`"
        for inner, operations in path.value.cases():
            both = conjoin(when, inner)
            if both is None:
                continue
            entries = operations.entries()
            if entries is None:
                self._not_read(operations, what, ("route",))
                continue
            self._rest(operations, what, ("route",))
            for entry in entries:
                word = entry.name.lower()
                if word in _METHODS or word == _ANY:
                    self._method(path, entry, both, what)

    def _method(self, path: Entry[P], entry: Entry[P], when: When, what: str) -> None:
        for inner, operation in entry.value.cases():
            both = conjoin(when, inner)
            if both is not None and operation.entries() is not None:
                self._operation(path, entry, operation, both)
            elif both is not None:
                self._not_read(operation, what, ("route",))

    def _operation(self, path: Entry[P], entry: Entry[P], operation: P, when: When) -> None:
        method = "ANY" if entry.name.lower() == _ANY else entry.name.upper()
        name = f"{method} {path.name}"
        fields: dict[str, Any] = {
            "api_id": self.api,
            "method": Known(v=method, origin=entry.key.origin()),
            "path": Known(v=path.name, origin=path.key.origin()),
        }
        integration = self._integration(operation)
        if integration is not None:
            fields["integration"] = integration
        connection = _at(self._block(operation), "connectionType")
        if connection is not None:
            fields["connection"] = connection
        if not self.http:
            # An HTTP API maps no such header, and waits.
            invocation = _at(self._block(operation), "requestParameters", INVOCATION_HEADER)
            if invocation is not None:
                fields["invocation"] = invocation
        timeout = _at(self._block(operation), "timeoutInMillis")
        if timeout is not None:
            fields["timeout"] = integer(timeout)
        self._security(operation, fields)
        validator = self._validator(operation) if not self.http else None
        if validator is not None:
            fields["validator"] = validator
        base = self.home.base(name, "openapi/operation", entry.key, operation, when)
        self.home.add(Route(**(base | fields)))
        if not self.http:
            self._cors(operation, method)

    def _cors(self, operation: P, method: str) -> None:
        block = operation.get(_INTEGRATION)
        for when, integration in block.cases() if block is not None else ():
            responses = _mapping(integration.get("responses"))
            for entry in (responses.entries() if responses is not None else None) or ():
                self.preflight.add(method, entry.value.get("responseParameters"), when)

    def _block(self, operation: P) -> P | None:
        """The integration of an operation, also where it is one of the shared ones."""
        block = operation.get(_INTEGRATION)
        shared = _word(block, "$ref").rpartition("/")[2]
        if shared:
            components = self.body.get("components")
            all_ = components.get("x-amazon-apigateway-integrations") if components is not None else None
            block = all_.get(shared) if all_ is not None else None
        return block

    def _integration(self, operation: P) -> Value[Any] | None:
        block = self._block(operation)
        uri = _at(block, "uri")
        # What does something of AWS's by itself (`SQS-SendMessage`) has no URI.
        return uri if uri is not None else _at(block, "integrationSubtype")

    def _validator(self, operation: P) -> Value[Any] | None:
        """The validator of an operation, or the one of all; one that is defined to check nothing is none."""
        named = _at(operation, _VALIDATOR)
        named = _at(self.body, _VALIDATOR) if named is None else named
        every = self.body.get(f"{_VALIDATOR}s")
        if named is None or every is None:
            return named

        def flags(leaf: Value[Any]) -> list[Value[Any] | None] | None:
            defined = _mapping(every.get(leaf.show()))
            return None if defined is None else [_at(defined, flag) for flag in _FLAGS]

        return that_checks(named, flags)

    def _security(self, operation: P, fields: dict[str, Any]) -> None:
        stated = operation.get("security")
        where = stated if stated is not None else self.body.get("security")
        decided = False
        if where is not None:
            origin = where.origin()
            required = [(when, self._required(case, origin)) for when, case in where.cases()]
            decided = any("authorizer" in one or "iam" in one for _, one in required)
            for _, one in required if stated is not None else ():
                one.setdefault("authorization", Known(v="NONE", origin=origin))
            for name in dict.fromkeys(name for _, one in required for name in one if name != "iam"):
                fields[name] = _choice(name, required, origin)
            if stated is not None and not required:
                fields["authorization"] = Known(v="NONE", origin=origin)
        auth = _at(operation.get("x-amazon-apigateway-auth"), "type") if not decided else None
        if auth is not None:
            fields["authorization"] = auth

    def _required(self, requirements: P, origin: Origin) -> dict[str, Any]:
        """What one case of `security` asks for, as fields of a route; `iam` beside it where that is IAM's doing."""
        found: dict[str, Any] = {}
        schemes: list[_Scheme] = []
        scopes: list[Value[Any]] = []
        items = requirements.items()
        for requirement in items or ():
            for _, case in requirement.cases():
                for entry in case.entries() or ():
                    schemes.append(self.schemes.get(entry.name, _Scheme(entry.name, "NONE")))
                    scopes += [text(v) for v in entry.value.texts()]
        doubt = requirements.doubt()
        if items is None or doubt is not None:
            why = "what the operation requires is known only when it is deployed"
            found["authorization"] = Unknown(doubt=doubt or Doubt(why, cause="reference"), origin=origin)
        if scopes:
            found["scopes"] = Relation(tuple(scopes))
        if any(scheme.is_key for scheme in schemes):
            found["api_key"] = Known(v=True, origin=origin)
        deciding = next((scheme for scheme in schemes if scheme.authorization != "NONE"), None)
        if deciding is not None:
            found["authorization"] = Known(v=deciding.authorization, origin=origin)
            if deciding.authorization == "AWS_IAM":
                found["iam"] = True
            else:
                found["authorizer"] = Known(v=deciding.name, origin=origin)
        return found


_ROUTE: dict[str, Any] = dict(
    zip(Route.__struct_fields__[-len(Route.__struct_defaults__) :], Route.__struct_defaults__, strict=True)
)


def _choice(name: str, required: list[tuple[When, dict[str, Any]]], origin: Origin) -> Any:  # noqa: ANN401 - a field
    """One field of a route out of what the cases of its `security` say."""
    if len(required) == 1 and not required[0][0]:
        return required[0][1][name]
    if name == "scopes":
        return Relation(tuple(_under(when, v) for when, one in required for v in one.get(name, ())))
    options = [
        (both, leaf)
        for when, one in required
        for inner, leaf in one.get(name, _ROUTE[name]).leaves()
        if (both := conjoin(when, inner)) is not None
    ]
    return one_of(options, origin)


def _word(block: Piece | None, name: str) -> str:
    inner = block.get(name) if block is not None else None
    return inner.word() if inner is not None else ""


def _mapping(piece: P | None) -> P | None:
    """The piece if it is a mapping in every case: the first of them."""
    for _, case in piece.cases() if piece is not None else ():
        return case if case.entries() is not None else None
    return None


def _at(block: Piece | None, name: str, *below: str) -> Value[Any] | None:
    """The value of an entry of a block, or below it, for each case of the block; None where it is not written."""
    options: list[tuple[When, Value[Any]]] = []
    written: Value[Any] | None = None
    for when, case in block.cases() if block is not None else ():
        inner = case.get(name)
        own = _at(inner, *below) if below else None
        if own is None and not below and inner is not None and not inner.is_null():
            own = text(inner.value())
        if own is not None:
            written = own
            options += [(both, leaf) for w, leaf in written.leaves() if (both := conjoin(when, w)) is not None]
        elif case.entries() is None and case.doubt() is not None:
            written = Unknown(doubt=case.doubt() or Doubt(""), origin=case.origin())
            options.append((when, written))
        else:
            options.append((when, Default(v=None, origin=case.origin())))
    return one_of(options, written.origin) if written is not None else None


# ------------------------------------------------------------------------------------------------------------------ CORS

_HEADER = "method.response.header.access-control-"
_CORS_HEADERS = {
    "allow-origin": ("cors_origins", "texts"),
    "allow-methods": ("cors_methods", "texts"),
    "allow-headers": ("cors_headers", "texts"),
    "allow-credentials": ("cors_credentials", "boolean"),
    "max-age": ("cors_max_age", "integer"),
}
_ANSWER_HEADERS = {"allow-origin": ("answer_origins", "texts")}


# What the Serverless Framework writes of several origins: the header takes but one.
_OVERRIDE = regex(r"(?i)responseOverride\.header\.Access-Control-Allow-Origin")
_MATCHES = regex(r"""\.matches\(["']([^"']+)["']\)""")


def _origin_of(pattern: str) -> str:
    """An origin, with `*` for anything, of the regular expression that stands for it."""
    return pattern.replace("[.]", ".").replace("\\.", ".").replace(".+", "*").replace(".*", "*")


class Preflight:
    """The CORS headers that the methods of a REST API answer with by themselves, of all paths together.

    That is how REST APIs do CORS: `fields` says it in the fields of an `Api`. The OPTIONS methods say which requests pages may
    send; who may read an answer is said by that answer, which is a function's own where the integration is a proxy.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}

    def add(self, method: str, headers: Piece | None, when: When = ()) -> None:
        """Note the parameters of a method's response: from a header's name to a text in single quotes."""
        asks = method.upper() == "OPTIONS"
        known_headers = _CORS_HEADERS if asks else _ANSWER_HEADERS
        for inner, case in headers.cases() if headers is not None else ():
            both = conjoin(when, inner)
            said: dict[str, Value[Any]] = {}
            for entry in (case.entries() or ()) if both is not None else ():
                name = entry.name.lower()
                known = known_headers.get(name.removeprefix(_HEADER)) if name.startswith(_HEADER) else None
                if known is not None and not entry.value.is_null():
                    said[known[0]] = mapped(text(entry.value.value()), lambda v: str(v).strip().strip("'"))
                    self._note(*known, both or (), said[known[0]])
            if asks and "cors_origins" in said:
                self._forget(both or (), said["cors_origins"], said.get("cors_max_age"))

    def add_templates(self, method: str, templates: Piece | None, when: When = ()) -> None:
        """Note the templates of a method's response, in which it may answer with the origin that asks."""
        field = "cors_origins" if method.upper() == "OPTIONS" else "answer_origins"
        for inner, case in templates.cases() if templates is not None else ():
            both = conjoin(when, inner)
            for entry in (case.entries() or ()) if both is not None else ():
                template = text(entry.value.value())
                said = str(template.v) if isinstance(template, Known) else ""
                if _OVERRIDE.search(said) is None:
                    continue
                allowed = [_origin_of(found) for found in _MATCHES.findall(said)] or ([] if "#if" in said else ["*"])
                doubt = Doubt("a response template decides which origins are allowed", cause="response template")
                unknown: Value[Any] = Unknown(doubt=doubt, origin=template.origin)
                origins: list[Value[Any]] = [Known(v=origin, origin=template.origin) for origin in allowed]
                for one in origins or [unknown]:
                    self._note(field, "texts", both or (), one)

    def _note(self, field: str, read: str, when: When, value: Value[Any]) -> None:
        if read == "texts":
            have: Relation[Value[Any]] = self.fields.get(field, Relation())
            seen = {v.show(): _place(v) for v in have}
            new: list[Value[Any]] = []
            for one in (_under(when, v) for v in _listed(value)):
                if one.show() not in seen:
                    new.append(one)
                elif "origins" in field and seen[one.show()] != _place(one):
                    self._again(one)
            self.fields[field] = Relation(have.items + tuple(new))
        else:
            self.fields.setdefault(field, _under(when, boolean(value) if read == "boolean" else integer(value)))

    def _forget(self, when: When, origin: Value[Any], age: Value[Any] | None) -> None:
        """Note an answer that says for which origins it is, and not for how long: each path has an answer of its own."""
        cases = [((), age)] if age is None else [(inner, leaf) for inner, leaf in age.leaves() if leaf.is_set().is_no]
        for inner, _ in cases:
            both = conjoin(when, inner)
            if both is not None:
                before: tuple[Value[Any], ...] = self.fields.get("origins_forgotten", ())
                self.fields["origins_forgotten"] = (*before, _under(both, origin))

    def _again(self, value: Value[Any]) -> None:
        before: tuple[Value[Any], ...] = self.fields.get("origins_again", ())
        if all(_place(other) != _place(value) for other in before):
            self.fields["origins_again"] = (*before, value)


def _place(value: Value[Any]) -> tuple[str, int]:
    """Where a value is written: SAM writes the same one to the OPTIONS methods of all paths."""
    origin = value.origin
    return (origin.path, origin.span.start) if isinstance(origin, File) else ("", 0)


def _listed(value: Value[Any]) -> tuple[Value[Any], ...]:
    """The values of a header that lists them with commas, where it is known."""
    if isinstance(value, Known):
        return tuple(Known(v=part.strip(), origin=value.origin) for part in str(value.v).split(","))
    return (value,)


def _under(when: When, value: Value[Any]) -> Value[Any]:
    """A value that is there only under premises."""
    if not when:
        return value
    nothing: Value[Any] = Default(v=None, origin=value.origin)
    options = [(both, leaf) for inner, leaf in value.leaves() if (both := conjoin(when, inner)) is not None]
    return one_of([*options, *((other, nothing) for other in otherwise(when))], value.origin)
