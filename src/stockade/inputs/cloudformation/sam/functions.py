"""AWS::Serverless::Function.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs import nodes
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.policies import lower_statements
from stockade.inputs.cloudformation.sam import events
from stockade.inputs.cloudformation.sam.deployments import note_deployment
from stockade.inputs.cloudformation.sam.expand import FUNCTION, Caller, Expansion
from stockade.inputs.cloudformation.sam.roles import RoleDraft, trust_of
from stockade.inputs.cloudformation.tables import tables
from stockade.inputs.intrinsic import intrinsic
from stockade.model.app import Alias, AsyncConfig, Permission, Url, Version
from stockade.model.value import Default, Known, OneOf, Reference, Text, Value, When, conjoin, one_of
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

_API = "https://docs.aws.amazon.com/lambda/latest/api/"
_DLQ = {"SQS": "dead-letter-queue:SQS", "SNS": "dead-letter-queue:SNS"}
_MADE = {"SQS": ("Queue", "AWS::SQS::Queue", "Arn"), "SNS": ("Topic", "AWS::SNS::Topic", "Ref")}


def lower_function(lowering: Lowering, found: Declared) -> None:
    """A function with everything that SAM makes of it."""
    sam = lowering.sam
    if sam is None:  # pragma: no cover - it is there as soon as a template has a resource of SAM's
        return
    block = found.properties if type(found.properties) is Mapping and nodes.is_block(found.properties) else None
    caller = sam.callers.get(found.id) or Caller(found.id)
    role, role_value = _role(sam, found, block)
    fields: dict[str, Any] = {"role": role_value}
    if block is not None:
        fields |= _code(lowering, block)
        if (tracing := block.get("Tracing")) is not None:
            fields["tracing"] = _tracing(sam, tracing)
    lowering.add_by_table(found, **fields)
    if block is None:
        if role is not None:
            role.feature("base", found.body.span, {})
            _finish_role(sam, found, role, None)
        return
    if caller.alias:
        _alias(sam, found, block, caller)
    if (url := block.entry("FunctionUrlConfig")) is not None:
        _url(sam, found, url.value, url.key.span, caller)
    if (preference := block.entry("DeploymentPreference")) is not None:
        note_deployment(sam, found, preference.value, preference.key.span)
    if role is not None:
        _features(found, block, role)
    if (config := block.entry("EventInvokeConfig")) is not None:
        _async_config(sam, found, config.value, config.key.span, caller, role)
    if role is not None and (policies := block.entry("Policies")) is not None:
        role.policies(policies.value, policies.key.span)
    for event in sam.events.get(found.id, ()):
        events.lower_event(sam, event, caller, role)
    if role is not None:
        _finish_role(sam, found, role, block)


# ----------------------------------------------------------------------------------------------------------------- role


def _role(sam: Expansion, found: Declared, block: Mapping | None) -> tuple[RoleDraft | None, Value[str]]:
    """The role that is made where none is given, and what the function's role is."""
    origin = sam.evaluator.place(found.key_span)
    role_id = f"{found.id}Role"
    made: Value[str] = Text(parts=(Reference(sam.evaluator.key(role_id), "Arn", f"{role_id}.Arn"),), origin=origin)
    entry = block.entry("Role") if block is not None else None
    if entry is None or (type(entry.value) is Scalar and entry.value.value is None and entry.value.tag is None):
        return RoleDraft(sam, found, role_id), made
    options: list[tuple[When, Value[Any]]] = []
    without: list[When] = []
    for case in sam.evaluator.cases(entry.value, entry.key.span):
        if case.node is None:
            without.append(case.when)
            options.append((case.when, made))
            continue
        with sam.evaluator.assuming(case.when):
            stated = text(sam.evaluator.value(case.node, entry.key.span))
        for inner, leaf in stated.leaves():
            both = conjoin(case.when, inner)
            if both is not None:
                options.append((both, leaf))
    value = one_of(options, sam.evaluator.origin(entry.value, entry.key.span))
    if not without:
        return None, value
    # The condition that chooses the role takes the place of the function's own.
    owner = sam.owner_when(found, without[0] if len(without) == 1 else ())
    return RoleDraft(sam, owner, role_id), value


def _features(found: Declared, block: Mapping, role: RoleDraft) -> None:
    """What the function's own settings add to its role."""
    durable = block.entry("DurableConfig")
    if durable is not None and nodes.is_set(durable.value):
        role.feature("durable", durable.key.span, {})
    else:
        role.feature("base", found.key_span, {})
    tracing = block.entry("Tracing")
    if tracing is not None and nodes.is_set(tracing.value) and not _disabled(role, tracing.value):
        role.feature("tracing", tracing.key.span, {})
    vpc = block.entry("VpcConfig")
    if vpc is not None and nodes.is_set(vpc.value):
        role.feature("vpc", vpc.key.span, {})
    queue = block.entry("DeadLetterQueue")
    if queue is not None and type(queue.value) is Mapping:
        target = queue.value.get("TargetArn")
        kind = _DLQ.get(nodes.literal(queue.value.get("Type")) or "")
        if target is not None and kind is not None:
            role.feature(kind, queue.value.span, {"destination": target}, name="DeadLetterQueuePolicy")


def _disabled(role: RoleDraft, node: Node) -> bool:
    value = role.evaluator.value(node)
    return isinstance(value, Known) and value.v == "Disabled"


def _finish_role(sam: Expansion, found: Declared, role: RoleDraft, block: Mapping | None) -> None:
    table = tables()[f"{FUNCTION}/Role"]
    fields = sam.lowering.fields(table, block) if block is not None else {}
    trust = block.get("AssumeRolePolicyDocument") if block is not None else None
    origin = sam.evaluator.place(found.key_span)
    statements = (
        lower_statements(sam.evaluator, trust) if nodes.is_set(trust) else trust_of("lambda.amazonaws.com", origin)
    )
    made = role.make(found.body.span, trust=statements, fields=fields)
    sam.write_at(made, found, f"{FUNCTION}/Role", ("Properties",), found.key_span)


# ------------------------------------------------------------------------------------------------------------- settings


def _tracing(sam: Expansion, node: Node) -> Value[str]:
    """`Tracing`; `Disabled` is SAM's word for not setting it."""
    value = text(sam.evaluator.value(node))
    return _pass_through(value)


def _pass_through(value: Value[Any]) -> Value[str]:
    if isinstance(value, OneOf):
        return OneOf(options=tuple((when, _pass_through(leaf)) for when, leaf in value.options), origin=value.origin)
    if (isinstance(value, Known) and value.v == "Disabled") or (isinstance(value, Default) and value.v is None):
        return Default(v="PassThrough", origin=value.origin)
    return value


def _code(lowering: Lowering, block: Mapping) -> dict[str, Any]:
    """`CodeUri`: a path on disk, an S3 URI, or a bucket and key. `InlineCode` goes before it."""
    entry = block.entry("CodeUri")
    if entry is None or nodes.is_set(block.get("InlineCode")):
        return {}
    return code_location(lowering, entry.value, entry.key.span)


def code_location(lowering: Lowering, node: Node, key_span: Span, bucket_field: str = "code_bucket") -> dict[str, Any]:
    """Where code is: on disk or in a bucket."""
    evaluator = lowering.evaluator
    paths: list[tuple[When, Value[Any]]] = []
    buckets: list[tuple[When, Value[Any]]] = []
    nothing: Default[Any] = Default(v=None, origin=evaluator.origin(node, key_span))
    for case in evaluator.cases(node, key_span):
        with evaluator.assuming(case.when):
            path, bucket = _location(lowering, case.node, key_span, nothing)
        paths.append((case.when, path))
        buckets.append((case.when, bucket))
    origin = nothing.origin
    result: dict[str, Any] = {}
    if any(value is not nothing for _, value in paths):
        result["code_path"] = one_of(paths, origin)
    if bucket_field and any(value is not nothing for _, value in buckets):
        result[bucket_field] = one_of(buckets, origin)
    return result


def _location(
    lowering: Lowering, node: Node | None, key_span: Span, nothing: Value[Any]
) -> tuple[Value[Any], Value[Any]]:
    """A path and a bucket, of which one is nothing."""
    if type(node) is Mapping and intrinsic(node) is None:
        stated = lowering.value_at(node, "Bucket")
        return nothing, nothing if stated is None else stated
    if node is None:
        return nothing, nothing
    value = text(lowering.evaluator.value(node, key_span))
    if isinstance(value, Known) and str(value.v).startswith("s3://"):
        return nothing, Known(v=str(value.v).removeprefix("s3://").partition("/")[0], origin=value.origin)
    return value, nothing


# ---------------------------------------------------------------------------------------------- alias, URL, invocations


def _alias(sam: Expansion, found: Declared, block: Mapping, caller: Caller) -> None:
    """`AutoPublishAlias`: a version, and the alias that points to it."""
    entry = block.entry("AutoPublishAlias")
    if entry is None:  # pragma: no cover - the caller has an alias because it is there
        return
    span, key_span = entry.value.span, entry.key.span
    origin = sam.evaluator.place(span, key_span)
    name = text(sam.evaluator.value(entry.value, key_span))
    function = sam.reference(found.id, "Ref", origin)
    version_id = f"{found.id}Version"
    table = tables()[f"{FUNCTION}/AutoPublishAlias"]
    description = sam.lowering.value_at(block, "VersionDescription")
    version = sam.base(found, version_id, span, key_span)
    if description is not None:
        version["description"] = description
    sam.add(Version(**version, function_name=function))
    fields = sam.base(found, caller.alias, span, key_span) | sam.lowering.fields(table, block)
    if not isinstance(name, Default):
        fields["name"] = name
    alias = Alias(
        **fields,
        function_name=function,
        version=sam.reference(version_id, "Version", origin),
    )
    sam.add(alias)
    sam.write_at(alias, found, f"{FUNCTION}/AutoPublishAlias", ("Properties",), key_span)


def _url(sam: Expansion, found: Declared, node: Node, key_span: Span, caller: Caller) -> None:
    """`FunctionUrlConfig`, and the permissions that make a URL without authorization public."""
    table = tables()[f"{FUNCTION}/FunctionUrlConfig"]
    for case in sam.evaluator.cases(node, key_span):
        if case.node is None or (type(case.node) is Scalar and case.node.value is None):
            continue
        if type(case.node) is not Mapping or not nodes.is_block(case.node):
            sam.evaluator.gap(
                case.node,
                f"the URL of `{found.id}`",
                "it is not a mapping",
                kind="wrong-shape",
                remedy="correct it",
                hides=True,
            )
            continue
        span = case.node.span
        target = text(sam.evaluator.value(caller.name(span)))
        url = Url(
            **sam.base(found, f"{found.id}Url", span, key_span, case.when),
            **sam.lowering.fields(table, case.node),
            function_name=target,
        )
        sam.add(url)
        sam.write_at(url, found, table.type, ("Properties", "FunctionUrlConfig"), key_span)
        if nodes.literal(case.node.get("AuthType")) != "NONE":
            continue
        origin = url.origin
        public = Known(v="*", origin=origin)
        by = "SAM FunctionUrlConfig"
        sam.add(
            Permission(
                **sam.base(found, f"{found.id}UrlPublicPermissions", span, key_span, case.when),
                function_name=target,
                action=Known(v="lambda:InvokeFunctionUrl", origin=origin),
                principal=public,
                url_auth=url.auth,
                generated_by=by,
            )
        )
        sam.add(
            Permission(
                **sam.base(found, f"{found.id}URLInvokeAllowPublicAccess", span, key_span, case.when),
                function_name=target,
                action=Known(v="lambda:InvokeFunction", origin=origin),
                principal=public,
                via_url_only=Known(v=True, origin=origin),
                generated_by=by,
            )
        )


def _async_config(
    sam: Expansion, found: Declared, node: Node, key_span: Span, caller: Caller, role: RoleDraft | None
) -> None:
    """`EventInvokeConfig`: retries and destinations, with the queue or topic that SAM makes where no ARN is given."""
    if not nodes.is_set(node):
        return
    if type(node) is not Mapping or not nodes.is_block(node):
        sam.evaluator.gap(
            node,
            f"the asynchronous invocations of `{found.id}`",
            "they are not a mapping",
            kind="wrong-shape",
            remedy="correct it",
        )
        return
    table = tables()[f"{FUNCTION}/EventInvokeConfig"]
    logical_id = f"{found.id}EventInvokeConfig"
    fields = sam.lowering.fields(table, node)
    destinations = node.get("DestinationConfig")
    if type(destinations) is Mapping:
        for name, field in (("OnSuccess", "on_success"), ("OnFailure", "on_failure")):
            entry = destinations.entry(name)
            if entry is not None and type(entry.value) is Mapping:
                value = _destination(sam, found, logical_id + name, entry.value, name, role)
                if value is not None:
                    fields[field] = value
    origin = sam.evaluator.place(node.span, key_span)
    if caller.alias:
        block = found.properties
        alias = block.get("AutoPublishAlias") if type(block) is Mapping else None
        fields["qualifier"] = (
            text(sam.evaluator.value(alias)) if alias is not None else Known(v="$LATEST", origin=origin)
        )
    config = AsyncConfig(
        **sam.base(found, logical_id, node.span, key_span),
        **fields,
        function_name=sam.reference(found.id, "Ref", origin),
    )
    sam.add(config)
    sam.write_at(config, found, table.type, ("Properties", "EventInvokeConfig"), key_span)


def _destination(
    sam: Expansion, found: Declared, logical_id: str, node: Mapping, name: str, role: RoleDraft | None
) -> Value[str] | None:
    evaluator = sam.evaluator
    kind = nodes.literal(node.get("Type")) or ""
    entry = node.entry("Destination")
    cases = evaluator.cases(entry.value, entry.key.span) if entry is not None else evaluator.cases(None)
    made_id, type_, attribute = _MADE.get(kind, ("", "", ""))
    options: list[tuple[When, Value[Any]]] = []
    arn = (
        nodes.ref(node.span, logical_id + made_id)
        if attribute == "Ref"
        else nodes.get_att(node.span, logical_id + made_id, attribute)
    )
    for case in cases:
        if case.node is not None and not (type(case.node) is Scalar and case.node.value is None):
            with evaluator.assuming(case.when):
                options.append((case.when, text(evaluator.value(case.node, case.key_span))))
        elif made_id:
            sam.emit(found, logical_id + made_id, type_, Mapping(node.span, ()), span=node.span, when=case.when)
            options.append((case.when, evaluator.value(arn)))
        else:
            options.append((case.when, Default(v=None, origin=evaluator.origin(node))))
            evaluator.gap(node, f"the destination `{name}` of `{found.id}`", "it names no resource", kind="wrong-shape")
    if role is not None:
        target = (
            entry.value if entry is not None and entry.value.tag is None and intrinsic(entry.value) is None else None
        )
        if target is None:
            target = _destination_node(entry.value if entry is not None else None, arn, made=bool(made_id))
        if target is not None:
            role.feature(f"on-failure:{kind}", node.span, {"destination": target})
    return one_of(options, evaluator.origin(node)) if options else None


def _destination_node(node: Node | None, arn: Node, *, made: bool) -> Node | None:
    """The destination as a node, with what SAM makes where nothing is given."""
    call = intrinsic(node)
    if node is None or (call is not None and call.name == "Ref" and nodes.target_of(node) == "AWS::NoValue"):
        return arn if made else None
    if call is not None and call.name == "Fn::If" and made and type(call.argument) is Sequence:
        items = call.argument.items
        if len(items) == 3:
            yes, no = (_destination_node(item, arn, made=made) or item for item in items[1:])
            return nodes.conditional(node.span, (items[0], yes, no))
    return node


MAKERS = {FUNCTION: lower_function}
