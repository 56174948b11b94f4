"""Roles: the one that the framework makes for all functions, those of single functions, and those that are only named.

Sources: serverless.com/framework/docs/providers/aws/guide/iam, the readme of the plugin serverless-iam-roles-per-function, and
what `serverless package` 3.40.0 makes, as of 2026-11-28; for version 4, docs/sf/providers/aws/guide/iam.md and
packages/serverless/lib/plugins/aws/package/lib/roles-per-function.js of its repository, as of 2026-08-12.
"""

from __future__ import annotations

from collections.abc import Iterable

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.functions import destination
from stockade.inputs.serverless.service import Function, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

LAMBDA = "lambda.amazonaws.com"
PER_FUNCTION = "serverless-iam-roles-per-function"
_LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
_XRAY = {"Effect": "Allow", "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "Resource": ["*"]}
_VPC_POLICY = "service-role/AWSLambdaVPCAccessExecutionRole"
_WRITES = {
    "function": "lambda:InvokeFunction",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "eventBus": "events:PutEvents",
}
_BY_ARN = {":function:": "function", ":sqs:": "sqs", ":sns:": "sns", ":event-bus/": "eventBus"}


def named_role(node: Node) -> Node:
    """A role that is named: its ARN, or the ARN of the resource with this logical id."""
    if type(node) is Scalar and node.tag is None and not node.raw.startswith("arn:"):
        return nodes.get_att(node.span, node.raw, "Arn")
    return node


def read_roles(service: Service) -> None:
    """Which role each function has, and what is allowed to the one that they share."""
    provided = _existing(service)
    mode = service.entry(service.at(service.provider, "iam", "role"), "mode")
    if mode is not None and provided is None and nodes.literal(mode.value) is None:
        why = "whether each function has a role of its own is not known"
        remedy = "write it as it is to be"
        service.gap(mode.value, "the roles of the functions", why, kind="unresolved", remedy=remedy, hides=True)
        provided = Entry(mode.key, service.hole(mode.value.span, "a role of its own", why, cause="unresolved"))
    own_roles = PER_FUNCTION in service.plugins
    for function in service.functions:
        entry = service.entry(function.block, "role")
        if entry is not None:
            service.roles[function.key] = Entry(entry.key, named_role(entry.value))
        elif (own_roles and "iamRoleStatements" in function.block) or has_own(service, function):
            role = f"{naming.normal(function.key)}{naming.ROLE}"
            service.roles[function.key] = nodes.get_att(function.entry.key.span, role, "Arn")
            service.own_roles.append(function)
        elif provided is not None:
            service.roles[function.key] = Entry(provided.key, named_role(provided.value))
    service.shares_role = provided is None and any(
        "role" not in f.block and not has_own(service, f) for f in service.functions
    )


def _existing(service: Service) -> Entry | None:
    """A role for all functions that is there already."""
    entry = service.entry(service.at(service.provider, "iam"), "role")
    if entry is not None and (type(entry.value) is not Mapping or intrinsic(entry.value) is not None):
        return entry
    return service.entry(service.provider, "role")


def has_own(service: Service, function: Function) -> bool:
    """Version 4: whether the framework itself makes a role for the function alone, since all have one or its block says so."""
    if "role" in function.block or _existing(service) is not None:
        return False
    role = service.at(function.block, "iam", "role")
    stated = type(role) is Mapping and ("statements" in role or service.is_true(role, "managedPolicies"))
    older = service.version > 3 and PER_FUNCTION not in service.plugins and "iamRoleStatements" in function.block
    return stated or older or _each_has_own(service)


def _each_has_own(service: Service) -> bool:
    """Whether every function has a role of its own."""
    return service.text(service.provider, "iam", "role", "mode") == "perFunction"


def make_roles(service: Service) -> None:
    """The roles. Called when everything is known that the framework allows them by itself."""
    for function in service.own_roles:
        _own_role(service, function)
    if not service.shares_role:
        return
    role = service.at(service.provider, "iam", "role")
    block = role if type(role) is Mapping else Mapping(service.provider.span, ())
    key = service.entry(service.at(service.provider, "iam"), "role") or service.entry(
        service.provider, "iamRoleStatements"
    )
    stated = service.at(block, "statements") or service.at(service.provider, "iamRoleStatements")
    managed = _items(service.at(block, "managedPolicies") or service.at(service.provider, "iamManagedPolicies"))
    sharing = [function for function in service.functions if not has_own(service, function)]
    statements = [*_log_statements(service), *_items(stated), *service.statements, *_polls(service, sharing)]
    if service.at(service.provider, "vpc") is not None or any("vpc" in f.block for f in service.functions):
        managed = [*managed, _managed(service.span, _VPC_POLICY)]
    service.generated[naming.ROLE] = "the functions that share it"
    _make(service, naming.ROLE, statements, managed, block, at=key, opaque=_opaque(stated))


def _opaque(stated: Node | None) -> Node | None:
    """Statements that are one thing that is not known: then nobody can say what the role allows."""
    return stated if stated is not None and (intrinsic(stated) is not None) else None


def _items(node: Node | None) -> list[Node]:
    """The items of a list."""
    if type(node) is Sequence and node.tag is None:
        return list(node.items)
    return []


def _managed(span: Span, policy: str) -> Node:
    return nodes.sub(span, "arn:${AWS::Partition}:iam::aws:policy/" + policy)


def _make(  # noqa: PLR0913 - they are the parts of a role
    service: Service,
    logical_id: str,
    statements: list[Node],
    managed: list[Node],
    block: Mapping,
    *,
    at: Function | Entry | None,
    opaque: Node | None = None,
    name: Property = None,
    trusted: dict[str, Span] | None = None,
) -> None:
    _, span = service.place(at)
    others = trusted if trusted is not None else service.trusted
    principals: list[Node] = [nodes.text(span, LAMBDA), *(nodes.text(place, name) for name, place in others.items())]
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "${principals}"}, "Action": ["sts:AssumeRole"]}],
    }
    holes = {"principals": nodes.sequence(span, principals)}
    listed: Node = nodes.sequence(span, statements)
    policies: list[Node] = [_policy(service, span, listed)]
    if opaque is not None:
        policies.append(_policy(service, opaque.span, opaque))
    tags = service.block(block, "tags").entries
    properties: dict[str, Property] = {
        "AssumeRolePolicyDocument": nodes.from_plain(trust, span, holes),
        "Policies": nodes.sequence(span, policies),
        "Path": service.entry(block, "path") or nodes.text(span, "/"),
        "RoleName": service.entry(block, "name") or name or _role_name(service, span),
        "ManagedPolicyArns": nodes.sequence(span, managed) if managed else None,
        "PermissionsBoundary": service.entry(block, "permissionsBoundary")
        or service.entry(block, "permissionBoundary")
        or service.entry(service.at(service.provider, "iam", "role"), "permissionsBoundary")
        or service.entry(service.provider, "rolePermissionsBoundary"),
        "Tags": nodes.sequence(
            span, [nodes.mapping(t.span, {"Key": nodes.text(t.key.span, t.key.raw), "Value": t.value}) for t in tags]
        )
        if tags
        else None,
    }
    service.make(logical_id, "AWS::IAM::Role", properties, at=at)


def _policy(service: Service, span: Span, statements: Node) -> Node:
    document = nodes.mapping(span, {"Version": nodes.text(span, "2012-10-17"), "Statement": statements})
    name = service.prefixed(span, "-lambda")
    return nodes.mapping(span, {"PolicyName": name, "PolicyDocument": document})


def _role_name(service: Service, span: Span) -> Node:
    parts = [
        service.name,
        nodes.text(span, service.stage),
        nodes.ref(span, "AWS::Region"),
        nodes.text(span, "lambdaRole"),
    ]
    return Sequence(span, (nodes.text(span, "-"), nodes.sequence(span, parts)), "!Join")


# ---------------------------------------------------------------------------------------- what the framework allows by itself


def _log_statements(service: Service) -> list[Node]:
    """Writing the logs of all functions, by the start of their names where these are the framework's own."""
    _, span = service.place(None)
    prefix = service.prefixed(span)
    start = prefix.raw if type(prefix) is Scalar and prefix.tag is None else None
    named: list[Node] = []
    silent: list[Node] = []
    usual = False
    for function in service.functions:
        name = function.name
        text = name.raw if type(name) is Scalar and name.tag is None else None
        ours = service.entry(function.block, "name") is None or (
            text is not None and start is not None and text.startswith(start)
        )
        off = service.is_true(function.block, "disableLogs")
        if ours and off:
            silent.append(name)
        elif ours:
            usual = True
        elif not off:
            named.append(name)
    create = [_log_arn(service, span, name, ":*") for name in named]
    write = [_log_arn(service, span, name, ":*:*") for name in named]
    if usual:
        create.append(_log_arn(service, span, prefix, "*:*"))
        write.append(_log_arn(service, span, prefix, "*:*:*"))
    actions = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"]
    found = [_allow(span, actions, create), _allow(span, ["logs:PutLogEvents"], write)]
    if usual and silent:
        denied: dict[str, Node | None] = {
            "Effect": nodes.text(span, "Deny"),
            "Action": nodes.text(span, "logs:PutLogEvents"),
            "Resource": nodes.sequence(span, [_log_arn(service, span, name, ":*") for name in silent]),
        }
        found.append(nodes.mapping(span, denied))
    return found


def _log_arn(service: Service, span: Span, name: Node, rest: str) -> Node:
    if type(name) is Scalar and name.tag is None:
        return nodes.sub(span, f"{_LOGS}/aws/lambda/{name.raw}{rest}")
    return service.joined(span, nodes.sub(span, _LOGS), "/aws/lambda/", name, rest)


def _allow(span: Span, actions: Iterable[str], resources: list[Node]) -> Node:
    own: dict[str, Node] = {
        "Effect": nodes.text(span, "Allow"),
        "Action": nodes.from_plain(list(actions), span, {}),
        "Resource": nodes.sequence(span, resources),
    }
    return nodes.mapping(span, own)


def allow(service: Service, span: Span, actions: Iterable[str], resource: Node) -> None:
    """Allow something to the role that the functions share, once."""
    _append(service.statements, _allow(span, actions, [resource]))


def allow_by_functions(service: Service) -> None:
    """What the blocks of functions make the framework allow: traces, a key, a queue for failures, a file system."""
    for function in service.functions:
        block = function.block
        # A function for which the plugin makes a role still counts: the plugin comes when the shared one is done.
        own = has_own(service, function)
        shares = (function in service.own_roles and not own) or function.key not in service.roles
        tracing = service.is_true(block, "tracing") or service.is_true(service.provider, "tracing", "lambda")
        on_error = service.at(block, "onError")
        if type(on_error) is Scalar and on_error.tag is None and not own:  # to its own role it is allowed in any form
            _allow_function(service, function, _allow(on_error.span, ["sns:Publish"], [on_error]))
        key = service.at(block, "kmsKeyArn") or service.at(service.provider, "kmsKeyArn")
        if type(key) is Scalar and key.tag is None:
            _allow_function(service, function, _allow(key.span, ["kms:Decrypt"], [key]))
        if tracing:
            _allow_function(service, function, nodes.from_plain(_XRAY, function.span, {}))
        files = service.at(block, "fileSystemConfig", "arn")
        if files is not None:
            mount = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
            _allow_function(service, function, _allow(files.span, mount, [files]))
        for name in ("onSuccess", "onFailure"):
            node = service.at(block, "destinations", name)
            if node is not None and (shares or own):
                _allow_destination(service, function, node)


def _allow_function(service: Service, function: Function, statement: Node) -> None:
    """Allow something once: to the role that the framework makes for the function alone, or to the shared one."""
    own = has_own(service, function)
    _append(service.own_statements.setdefault(function.key, []) if own else service.statements, statement)


def grant(service: Service, function: Function, actions: Iterable[str], resources: list[Node]) -> None:
    """Allow what an event takes, as a statement of its own: to version 4's role of the function, or to the shared one."""
    statement = _allow(resources[0].span, actions, resources)
    if has_own(service, function):
        service.own_statements.setdefault(function.key, []).append(statement)
    else:
        service.statements.append(statement)


def grant_alone(service: Service, function: Function, actions: Iterable[str], resources: list[Node]) -> None:
    """Allow it to the role that a plugin makes for the function alone, if it does."""
    if function in service.own_roles and not has_own(service, function):
        statement = _allow(resources[0].span, actions, resources)
        service.own_statements.setdefault(function.key, []).append(statement)


def trust(service: Service, function: Function, principal: str, span: Span) -> None:
    """Let a service assume the role that runs a function, because of what stands there."""
    own = has_own(service, function)
    known = service.own_trusted.setdefault(function.key, {}) if own else service.trusted
    known.setdefault(principal, span)


def _append(statements: list[Node], statement: Node) -> None:
    if not any(nodes.shape(statement) == nodes.shape(other) for other in statements):
        statements.append(statement)


def _allow_destination(service: Service, function: Function, node: Node) -> None:
    kind = service.text(node, "type") if type(node) is Mapping else None
    other = service.of_key(node.raw) if type(node) is Scalar and node.tag is None else None
    if kind is None and type(node) is Scalar and node.tag is None:
        kind = "function" if other is not None else next((k for part, k in _BY_ARN.items() if part in node.raw), None)
    arn = destination(service, function, node)
    if other is not None:
        start = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
        arn = service.joined(node.span, nodes.sub(node.span, start), other.name)
        if type(other.name) is Scalar and other.name.tag is None:
            arn = nodes.sub(node.span, start + other.name.raw)
    if kind in _WRITES:
        _allow_function(
            service,
            function,
            nodes.mapping(
                node.span,
                {
                    "Effect": nodes.text(node.span, "Allow"),
                    "Action": nodes.text(node.span, _WRITES[kind]),
                    "Resource": arn,
                },
            ),
        )


# -------------------------------------------------------------------------------------------------- roles of single functions


def _own_role(service: Service, function: Function) -> None:
    """A function's own role: by the plugin serverless-iam-roles-per-function, or as version 4 has it."""
    role_id = f"{naming.normal(function.key)}{naming.ROLE}"
    span = function.entry.key.span
    shared = service.at(service.provider, "iam", "role", "statements") or service.at(
        service.provider, "iamRoleStatements"
    )
    block = service.at(function.block, "iam", "role")
    own = block if type(block) is Mapping else Mapping(function.span, ())
    stated = service.at(own, "statements") or service.at(function.block, "iamRoleStatements")
    each = has_own(service, function) and _each_has_own(service)
    logs = _allow(
        span,
        ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"],
        [_log_arn(service, span, function.name, ":*:*")],
    )
    # The plugin allows logs even to a function that has none.
    silent = has_own(service, function) and service.is_true(function.block, "disableLogs")
    statements: list[Node] = [] if silent else [logs]
    statements += _polls(service, [function])
    statements += service.own_statements.get(function.key, [])
    on_error = service.at(function.block, "onError")
    if on_error is not None:
        statements.append(_allow(on_error.span, ["sns:Publish"], [on_error]))
    inherits = _inherits(service, function, usually=each)
    statements += _items(shared) if inherits else []
    statements += _items(stated)
    managed = _items(service.at(service.provider, "iam", "role", "managedPolicies")) if each else []
    managed += _items(service.at(own, "managedPolicies"))
    if "vpc" in function.block or service.at(service.provider, "vpc") is not None:
        managed = [*managed, _managed(span, _VPC_POLICY)]
    name = service.entry(function.block, "iamRoleStatementsName")
    if name is None:
        parts: list[Node] = [service.name, *(nodes.text(span, t) for t in (service.stage, function.key))]
        parts += [nodes.ref(span, "AWS::Region"), nodes.text(span, "lambdaRole")]
        whole: Property = Sequence(span, (nodes.text(span, "-"), nodes.sequence(span, parts)), "!Join")
    else:
        whole = name
    trusted = service.own_trusted.get(function.key, {}) if has_own(service, function) else None
    opaque = _opaque(stated) or (_opaque(shared) if inherits else None)
    _make(service, role_id, statements, managed, own, at=function, opaque=opaque, name=whole, trusted=trusted)


def _inherits(service: Service, function: Function, *, usually: bool) -> bool:
    """Whether a function's own role also allows what is stated for all."""
    for path in (("iam", "inheritStatements"), ("iamRoleStatementsInherit",)):
        if service.at(function.block, *path) is not None:
            return service.is_true(function.block, *path)
    if service.at(service.root, "custom", PER_FUNCTION, "defaultInherit") is not None:
        return service.is_true(service.root, "custom", PER_FUNCTION, "defaultInherit")
    return usually


def poll(service: Service, function: Function, actions: Iterable[str], resource: Node) -> None:
    """Allow what reading an event source takes: one statement for all sources of a kind."""
    service.polled.setdefault(tuple(actions), {}).setdefault(function.key, []).append(resource)


def _polls(service: Service, functions: Iterable[Function]) -> list[Node]:
    keys = {function.key for function in functions}
    found: list[Node] = []
    for actions, by_function in service.polled.items():
        resources = [node for key, own in by_function.items() if key in keys for node in own]
        if resources:
            found.append(_allow(resources[0].span, actions, resources))
    return found
