"""The functions that the framework adds to a service for what CloudFormation can't do, one for each kind of custom resource.

Source: what `serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from hashlib import md5

from stockade.inputs import nodes
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import Event, Function, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Node, Scalar

ROLE = "IamRoleCustomResourcesLambdaExecution"
_LONGEST = 64  # characters of a function's name
_RUNTIME = "nodejs18.x"
_MEMORY = 1024
_TIMEOUT = 180
_LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    ],
}


def custom_function(
    service: Service,
    name: str,
    handler: str,
    statements: list[Node],
    *,
    at: Function | Event | Entry | None,
) -> Node:
    """Add the function of a kind of custom resource, with what its role may do; the ARN by which it is called."""
    span = at.span if at is not None else service.span
    logical_id = naming.function_id(name)
    writes = service.is_true(service.provider, "logs", "frameworkLambda")
    own_name = _name(service, name, span)
    role = service.entry(service.at(service.provider, "iam"), "deploymentRole") or service.entry(
        service.provider, "cfnRole"
    )
    if role is None:
        _add_to_role(service, statements, span, writes=writes, at=at)
    bucket = service.at(service.provider, "deploymentBucket")
    named = service.at(bucket, "name") if nodes.is_block(bucket) else bucket
    code: dict[str, Node | None] = {
        "S3Bucket": named if named is not None else nodes.ref(span, naming.BUCKET),
        "S3Key": nodes.text(span, "custom-resources.zip"),
    }
    properties: dict[str, Property] = {
        "Code": nodes.mapping(span, code),
        "FunctionName": own_name,
        "Handler": nodes.text(span, handler),
        "MemorySize": Scalar(span, _MEMORY, str(_MEMORY)),
        "Runtime": nodes.text(span, _RUNTIME),
        "Timeout": Scalar(span, _TIMEOUT, str(_TIMEOUT)),
        "Role": role or nodes.get_att(span, ROLE, "Arn"),
    }
    service.make(logical_id, "AWS::Lambda::Function", properties, at=at)
    if writes:
        group: dict[str, Property] = {
            "LogGroupName": service.joined(span, "/aws/lambda/", own_name),
            "RetentionInDays": service.entry(service.provider, "logRetentionInDays"),
            "DataProtectionPolicy": service.entry(service.provider, "logDataProtectionPolicy"),
        }
        service.make(naming.log_group_id(name), "AWS::Logs::LogGroup", group, at=at)
    return nodes.get_att(span, logical_id, "Arn")


def _name(service: Service, name: str, span: Span) -> Node:
    """The function's name; of one that is too long, its start and a digest."""
    whole = service.prefixed(span, f"-{name}")
    text = nodes.literal(whole)
    if text is None or len(text) <= _LONGEST:
        return whole
    return nodes.text(span, text[: _LONGEST // 2] + md5(text.encode(), usedforsecurity=False).hexdigest())


def _add_to_role(
    service: Service, statements: list[Node], span: Span, *, writes: bool, at: Function | Event | Entry | None
) -> None:
    """The role that all of them share; what one of them may do, the others may too."""
    if not service.custom_statements and writes:
        service.custom_statements += _log_statements(service, span)
    for statement in statements:
        if not any(_same_resource(statement, other) for other in service.custom_statements):
            service.custom_statements.append(statement)
    document: dict[str, Node | None] = {
        "Version": nodes.text(span, "2012-10-17"),
        "Statement": nodes.sequence(span, list(service.custom_statements)),
    }
    policy: dict[str, Node | None] = {
        "PolicyName": service.joined(span, f"{service.stage}-", service.name, "-custom-resources-lambda"),
        "PolicyDocument": nodes.mapping(span, document),
    }
    properties: dict[str, Property] = {
        "AssumeRolePolicyDocument": nodes.from_plain(_TRUST, span, {}),
        "Policies": nodes.sequence(span, [nodes.mapping(span, policy)]),
    }
    service.make(ROLE, "AWS::IAM::Role", properties, at=at)


def _same_resource(one: Node, other: Node) -> bool:
    """The framework takes two statements for the same one if their resource is the same text."""
    texts = [nodes.literal(node.get("Resource")) if nodes.is_block(node) else None for node in (one, other)]  # type: ignore[union-attr]
    return texts[0] is not None and texts[0] == texts[1]


def _log_statements(service: Service, span: Span) -> list[Node]:
    found: list[Node] = []
    for actions, rest in (
        (["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"], "*:*"),
        (["logs:PutLogEvents"], "*:*:*"),
    ):
        arn = service.joined(span, nodes.sub(span, _LOGS), service.prefixed(span, rest))
        statement: dict[str, Node | None] = {
            "Effect": nodes.text(span, "Allow"),
            "Action": nodes.from_plain(actions, span, {}),
            "Resource": nodes.sequence(span, [arn]),
        }
        found.append(nodes.mapping(span, statement))
    return found
