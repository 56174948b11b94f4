"""What `provider.logs` makes for REST and WebSocket APIs: the group of their logs, and the role by which they are written.

Sources: serverless.com/framework/docs/providers/aws/events/apigateway#logs and what `serverless package` 3.40.0 makes, as of
2026-11-28.
"""

from __future__ import annotations

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless.custom_resources import make_custom_resource
from stockade.inputs.serverless.service import Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar

_ACCOUNT = "CustomApiGatewayAccountCloudWatchRole"
_NAME = "custom-resource-apigw-cw-role"
_HANDLER = "api-gateway-cloud-watch-role/handler.handler"
_STATEMENTS = (
    {
        "Effect": "Allow",
        "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"},
        "Action": ["iam:AttachRolePolicy", "iam:CreateRole", "iam:ListAttachedRolePolicies", "iam:PassRole"],
    },
    {
        "Effect": "Allow",
        "Resource": {"Fn::Sub": "arn:${AWS::Partition}:apigateway:*::/account"},
        "Action": ["apigateway:GET", "apigateway:PATCH"],
    },
)
_INSTEAD = (
    ", unless `roleManagedExternally: true` under `provider.logs.restApi` says that the account has such a role already"
)
LEVEL = "INFO"


def reach(service: Service, block: Node | None, *path: str) -> Entry | None:
    """What is written at a path, or that on the way there of which nothing is known."""
    found: Entry | None = None
    for key in path:
        if found is not None and intrinsic(found.value) is not None:
            return found
        found = service.entry(block, key)
        if found is None:
            return None
        block = found.value
    return found


def on_unless(service: Service, block: Node, key: str) -> bool | Node:
    """Whether something is on that is so unless it is said; the node of what can't be told."""
    found = service.at(block, key)
    if found is None:
        return True
    return found if intrinsic(found) is not None else service.is_true(block, key)


def level(service: Service, logs: Node) -> Property:
    """How much of the execution is logged."""
    executes = on_unless(service, logs, "executionLogging")
    if executes is True:
        return service.entry(logs, "level") or nodes.text(logs.span, LEVEL)
    return nodes.text(logs.span, "OFF") if executes is False else executes


def full_data(service: Service, logs: Node) -> Property:
    """Whether whole requests and answers are logged."""
    full = on_unless(service, logs, "fullExecutionData")
    return service.entry(logs, "fullExecutionData") or (
        nodes.flag(logs.span, value=full) if isinstance(full, bool) else full
    )


def access_log(service: Service, logs: Node, destination: Node, usual: str) -> Property:
    """Where requests are logged, and how."""
    accesses = on_unless(service, logs, "accessLogging")
    if accesses is False:
        return None
    format_ = service.entry(logs, "format") if service.is_true(logs, "format") else None
    own: dict[str, Property] = {
        "DestinationArn": destination,
        "Format": format_ or nodes.text(logs.span, usual),
    }
    found = service.mapping(logs.span, own)
    return found if accesses is True else service.perhaps(accesses, found)


def log_group(service: Service, logical_id: str, start: str, at: Entry) -> None:
    """The group of an API's access logs."""
    properties: dict[str, Property] = {
        "LogGroupName": service.joined(at.value.span, start, service.name, f"-{service.stage}"),
        "RetentionInDays": service.entry(service.provider, "logRetentionInDays"),
        "DataProtectionPolicy": service.entry(service.provider, "logDataProtectionPolicy"),
    }
    service.make(logical_id, "AWS::Logs::LogGroup", properties, at=at)


def account_role(service: Service, at: Entry) -> None:
    """See that API Gateway may write logs in this account: a function of the framework's does that, once for all APIs."""
    rest = service.at(service.provider, "logs", "restApi")
    if service.is_true(rest, "roleManagedExternally") or _ACCOUNT in service.resources:
        return
    span = at.value.span
    statements = [nodes.from_plain(statement, span, {}) for statement in _STATEMENTS]
    function = make_custom_resource(service, _NAME, _HANDLER, statements, at, instead=_INSTEAD)
    properties: dict[str, Property] = {
        "ServiceToken": nodes.get_att(span, function, "Arn"),
        "RoleArn": service.entry(rest, "role"),
    }
    service.make(_ACCOUNT, "Custom::ApiGatewayAccountRole", properties, at=at)


def tags(service: Service, span: Span) -> Property:
    """The tags of a stage: those of the stack and of everything."""
    every = {e.key.raw: e for key in ("stackTags", "tags") for e in service.block(service.provider, key).entries}
    if not every:
        return None
    return nodes.sequence(
        span,
        [
            Mapping(
                e.span,
                (Entry(Scalar(e.key.span, "Key", "Key"), e.key), Entry(Scalar(e.span, "Value", "Value"), e.value)),
            )
            for e in every.values()
        ],
    )
