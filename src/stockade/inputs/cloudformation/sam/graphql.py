"""AWS::Serverless::GraphQLApi.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-graphqlapi.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.inputs import nodes
from stockade.inputs.cloudformation.sam.connectors import End, connect
from stockade.inputs.cloudformation.sam.expand import Expansion
from stockade.inputs.cloudformation.sam.globals import PREFIX
from stockade.inputs.cloudformation.sam.roles import RoleDraft, trust_of
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering

GRAPHQL_API = PREFIX + "GraphQLApi"
_LOGS = "service-role/AWSAppSyncPushToCloudWatchLogs"


def lower_graphql(lowering: Lowering, found: Declared) -> None:
    """An AppSync API with its logging role, data sources and authorizers."""
    sam = lowering.sam
    block = found.properties if type(found.properties) is Mapping and nodes.is_block(found.properties) else None
    if sam is None or block is None:
        lowering.evaluator.gap(
            found.key_span, f"the API `{found.id}`", "it has no properties", kind="wrong-shape", hides=True
        )
        return
    span = found.body.span
    name = block.get("Name")
    properties: dict[str, Node | None] = {
        "Name": name if nodes.is_set(name) else nodes.text(span, found.id),
        "XrayEnabled": block.get("XrayEnabled"),
        "Visibility": block.get("Visibility"),
        "LogConfig": _logging(sam, found, block),
        "Tags": block.get("Tags"),
        **_auth(block.get("Auth")),
    }
    sam.emit(
        found,
        found.id,
        "AWS::AppSync::GraphQLApi",
        nodes.mapping(span, properties),
        span=span,
        table=GRAPHQL_API,
        at=("Properties",),
    )
    _authorizers(sam, found, block.get("Auth"))
    if _uses_none(block):
        none = {
            "Name": nodes.text(span, f"{found.id}NoneDataSource"),
            "Type": nodes.text(span, "NONE"),
            "ApiId": nodes.get_att(span, found.id, "ApiId"),
        }
        sam.emit(found, f"{found.id}NoneDataSource", "AWS::AppSync::DataSource", nodes.mapping(span, none), span=span)
    sources = block.get("DataSources")
    if type(sources) is not Mapping or not nodes.is_block(sources):
        return
    for kind, name_of in (("DynamoDB", "DynamoDb"), ("Lambda", "Lambda")):
        group = sources.get(name_of)
        for entry in group.entries if type(group) is Mapping else ():
            if type(entry.value) is Mapping and nodes.is_block(entry.value):
                _source(sam, found, kind, entry, entry.value)


def _uses_none(block: Mapping) -> bool:
    """Whether some function has no data source, for which SAM makes one."""
    functions = block.get("Functions")
    return type(functions) is Mapping and any(
        (nodes.literal(e.value.get("DataSource")) or "").lower() == "none"
        for e in functions.entries
        if type(e.value) is Mapping
    )


def _auth(auth: Node | None) -> dict[str, Node | None]:
    if type(auth) is not Mapping or not nodes.is_block(auth):
        return {}
    more = auth.get("Additional")
    items = more.items if type(more) is Sequence and nodes.is_list(more) else ()
    providers = [
        nodes.mapping(
            item.span, {"AuthenticationType": item.get("Type"), "LambdaAuthorizerConfig": item.get("LambdaAuthorizer")}
        )
        for item in items
        if type(item) is Mapping
    ]
    return {
        "AuthenticationType": auth.get("Type"),
        "LambdaAuthorizerConfig": auth.get("LambdaAuthorizer"),
        "AdditionalAuthenticationProviders": nodes.sequence(auth.span, list(providers)) if providers else None,
    }


def _logging(sam: Expansion, found: Declared, block: Mapping) -> Node | None:
    """`Logging`: unless it is false, everything is logged, by a role that SAM makes where none is given."""
    entry = block.entry("Logging")
    node = entry.value if entry is not None else None
    if node is not None and type(node) is Scalar and node.tag is None and node.value is False:
        return None
    span = node.span if node is not None else found.body.span
    stated = node if type(node) is Mapping and nodes.is_block(node) else Mapping(span, ())
    level = stated.get("FieldLogLevel")
    role = stated.get("CloudWatchLogsRoleArn")
    if role is None or not nodes.is_set(role):
        role_id = f"{found.id}CloudWatchRole"
        draft = RoleDraft(sam, found, role_id)
        origin = sam.evaluator.place(span)
        draft.attach(_LOGS, origin)
        draft.make(span, trust=trust_of("appsync.amazonaws.com", origin), fields={})
        role = nodes.get_att(span, role_id, "Arn")
    shown = level if nodes.is_set(level) else nodes.text(span, "ALL")
    return nodes.mapping(span, {"FieldLogLevel": shown, "CloudWatchLogsRoleArn": role})


def _authorizers(sam: Expansion, found: Declared, auth: Node | None) -> None:
    """A Lambda authorizer may be called by the API."""
    if type(auth) is not Mapping or not nodes.is_block(auth):
        return
    more = auth.get("Additional")
    blocks = [auth, *(more.items if type(more) is Sequence and nodes.is_list(more) else ())]
    number = 0
    for block in blocks:
        config = block.get("LambdaAuthorizer") if type(block) is Mapping else None
        if (
            type(block) is not Mapping
            or nodes.literal(block.get("Type")) != "AWS_LAMBDA"
            or type(config) is not Mapping
        ):
            continue
        arn = config.get("AuthorizerUri")
        if arn is None:
            continue
        number += 1
        span = config.span
        source = End(
            "AWS::AppSync::GraphQLApi",
            {"Arn": nodes.ref(span, found.id), "ResourceId": nodes.get_att(span, found.id, "ApiId")},
        )
        destination = End("AWS::Lambda::Function", {"Arn": arn})
        connect(sam, found, f"{found.id}ToLambdaAuthConnector{number}", source, destination, ["Write"], span)


def _source(sam: Expansion, found: Declared, kind: str, entry: Entry, block: Mapping) -> None:
    """A data source, with the role that SAM makes where none is given."""
    span = block.span
    logical_id = f"{found.id}{entry.key.raw}{kind}DataSource"
    name = block.get("Name")
    function = block.get("FunctionArn")
    role = block.get("ServiceRoleArn")
    made = role is None or not nodes.is_set(role)
    if made:
        role = nodes.get_att(span, f"{logical_id}Role", "Arn")
    properties: dict[str, Node | None] = {
        "Name": name if nodes.is_set(name) else nodes.text(span, entry.key.raw),
        "Type": nodes.text(span, "AWS_LAMBDA" if kind == "Lambda" else "AMAZON_DYNAMODB"),
        "ApiId": nodes.get_att(span, found.id, "ApiId"),
        "LambdaConfig": nodes.mapping(span, {"LambdaFunctionArn": function}) if kind == "Lambda" else None,
        "ServiceRoleArn": role,
    }
    sam.emit(
        found,
        logical_id,
        "AWS::AppSync::DataSource",
        nodes.mapping(span, properties),
        span=span,
        key_span=entry.key.span,
    )
    if made:
        _source_role(sam, found, kind, logical_id, entry, block)


def _source_role(sam: Expansion, found: Declared, kind: str, logical_id: str, entry: Entry, block: Mapping) -> None:
    span = block.span
    role_id = f"{logical_id}Role"
    draft = RoleDraft(sam, found, role_id)
    origin = sam.evaluator.place(span, entry.key.span)
    draft.make(span, trust=trust_of("appsync.amazonaws.com", origin), fields={}, key_span=entry.key.span)
    source = End(
        "AWS::AppSync::DataSource",
        {"Arn": nodes.get_att(span, logical_id, "DataSourceArn"), "RoleName": nodes.ref(span, role_id)},
    )
    if kind == "Lambda":
        arn = block.get("FunctionArn")
        if arn is not None:
            connect(
                sam,
                found,
                f"{logical_id}ToLambdaConnector",
                source,
                End("AWS::Lambda::Function", {"Arn": arn}),
                ["Write"],
                span,
            )
        return
    asked = block.get("Permissions")
    wanted = [p for i in (asked.items if type(asked) is Sequence else ()) if (p := nodes.literal(i)) is not None]
    arn = block.get("TableArn") or _table_arn(block, span)
    if arn is not None:
        destination = End("AWS::DynamoDB::Table", {"Arn": arn})
        connect(sam, found, f"{logical_id}ToTableConnector", source, destination, wanted or ["Read", "Write"], span)


def _table_arn(block: Mapping, span: Span) -> Node | None:
    name = block.get("TableName")
    if name is None:
        return None
    region = block.get("Region")
    names: dict[str, Node] = {"__TableName__": name}
    shown = "${AWS::Region}"
    if region is not None and nodes.is_set(region):
        names["__Region__"] = region
        shown = "${__Region__}"
    return nodes.sub(span, "arn:aws:dynamodb:" + shown + ":${AWS::AccountId}:table/${__TableName__}", names)


MAKERS = {GRAPHQL_API: lower_graphql}
