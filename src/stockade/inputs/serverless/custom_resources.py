"""Custom resources: functions of the framework's own, which change at deployment what is no part of the stack.

Source: what `serverless package` 3.40.0 makes, as of 2026-11-28; the runtime of version 4 from its documentation.
"""

from __future__ import annotations

import hashlib
from typing import Any

from stockade.inputs import nodes
from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.service import BY_FUNCTION, OWN, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

ROLE = "IamRoleCustomResourcesLambdaExecution"
_RUNTIME = {3: "nodejs18.x", 4: "nodejs22.x"}
_MEMORY = 1024  # MB
_TIMEOUT = 180  # seconds
_LONGEST_NAME = 64
_LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"


def make_custom_resource(
    service: Service,
    name: str,
    handler: str,
    statements: list[Node],
    at: Entry,
    *,
    declared: bool = False,
    instead: str = "",
) -> str:
    """The function of a kind of custom resources, and what its role is allowed. Its logical id.

    `at`: the setting that has it made; `declared`: what it changes is declared in the service; `instead`: with what it is
    not made, as the rest of a sentence.
    """
    span = at.span
    logical_id = naming.function_id(name)
    role = _deployment_role(service)
    logs = service.is_true(service.provider, "logs", "frameworkLambda")
    if role is None:
        _allow(service, statements, at, logs=logs)
        role = nodes.get_att(span, ROLE, "Arn")
    function_name = _name(service, span, name)
    code: dict[str, Node] = {
        "S3Bucket": nodes.ref(span, naming.BUCKET),
        "S3Key": nodes.text(span, "custom-resources.zip"),
    }
    bucket = service.at(service.provider, "deploymentBucket")
    if bucket is not None:
        code["S3Bucket"] = service.at(bucket, "name") or (code["S3Bucket"] if nodes.is_block(bucket) else bucket)
    properties: dict[str, Property] = {
        "Code": nodes.mapping(span, code),
        "FunctionName": function_name,
        "Handler": nodes.text(span, handler),
        "MemorySize": Scalar(span, _MEMORY, str(_MEMORY)),
        "Runtime": nodes.text(span, _RUNTIME[service.version]),
        "Timeout": Scalar(span, _TIMEOUT, str(_TIMEOUT)),
        "Role": role,
    }
    service.make(logical_id, "AWS::Lambda::Function", properties, at=at)
    service.addresses[logical_id] = name
    why = (BY_FUNCTION if declared else OWN) + instead
    for own in (logical_id, naming.log_group_id(name)):
        service.framework[own] = why
    # One role is for the functions of all kinds.
    service.framework[ROLE] = why if service.framework.get(ROLE, why) == why else BY_FUNCTION
    if logs:
        group: dict[str, Property] = {
            "LogGroupName": service.joined(span, "/aws/lambda/", function_name),
            "RetentionInDays": service.entry(service.provider, "logRetentionInDays"),
            "DataProtectionPolicy": service.entry(service.provider, "logDataProtectionPolicy"),
        }
        service.make(naming.log_group_id(name), "AWS::Logs::LogGroup", group, at=at)
    return logical_id


def declares(service: Service, value: Node, type_: str, property_: str) -> bool:
    """Whether what a value names, by reference or by name, is a resource under `resources`."""
    declared = service.block(service.root, "resources", "Resources")
    call = intrinsic(value)
    if call is not None:
        named = argument_of(call)
        first = named.items[0] if type(named) is Sequence and named.items else named
        text = nodes.literal(first) if call.name in {"Ref", "Fn::GetAtt"} else None
        found = declared.get(text.partition(".")[0]) if text is not None else None
        return found is not None and service.text(found, "Type") == type_
    name = nodes.literal(value)
    return name is not None and any(
        service.text(entry.value, "Type") == type_ and service.text(entry.value, "Properties", property_) == name
        for entry in declared.entries
    )


def _deployment_role(service: Service) -> Node | None:
    """The role that deploys, which then runs these functions too."""
    return service.at(service.provider, "iam", "deploymentRole") or service.at(service.provider, "cfnRole")


def _name(service: Service, span: Span, name: str) -> Node:
    whole = service.prefixed(span, f"-{name}")
    text = nodes.literal(whole)
    if text is None or len(text) <= _LONGEST_NAME:
        return whole
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return nodes.text(span, text[:32] + digest)


def _allow(service: Service, statements: list[Node], at: Entry, *, logs: bool) -> None:
    """Add to the role that all of these functions share; for one resource, written as a text, the first statement counts."""
    made = service.resources.get(ROLE)
    known = _stated(made.value) if made is not None else _log_statements(service, at.span) if logs else []
    for statement in statements:
        shown = _resource(statement)
        if shown is None or all(_resource(other) != shown for other in known):
            known.append(statement)
    span = made.value.span if made is not None else at.span
    parts = nodes.sequence(
        span, [nodes.text(span, service.stage), service.name, nodes.text(span, "custom-resources-lambda")]
    )
    document: dict[str, Node] = {"Version": nodes.text(span, "2012-10-17"), "Statement": nodes.sequence(span, known)}
    policy: dict[str, Node] = {
        "PolicyName": Sequence(span, (nodes.text(span, "-"), parts), "!Join"),
        "PolicyDocument": nodes.mapping(span, document),
    }
    trust: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
        ],
    }
    properties: dict[str, Property] = {
        "AssumeRolePolicyDocument": nodes.from_plain(trust, span, {}),
        "Policies": nodes.sequence(span, [nodes.mapping(span, policy)]),
    }
    service.make(ROLE, "AWS::IAM::Role", properties, at=at)


def _stated(role: Node) -> list[Node]:
    """The statements of the role as it was made before."""
    policies = role.get("Properties") if type(role) is Mapping else None
    policies = policies.get("Policies") if type(policies) is Mapping else None
    policy = policies.items[0] if type(policies) is Sequence and policies.items else None
    document = policy.get("PolicyDocument") if type(policy) is Mapping else None
    statements = document.get("Statement") if type(document) is Mapping else None
    return list(statements.items) if type(statements) is Sequence else []


def _resource(statement: Node) -> str | None:
    return nodes.literal(statement.get("Resource")) if type(statement) is Mapping else None


def _log_statements(service: Service, span: Span) -> list[Node]:
    prefix = service.joined(span, "/aws/lambda/", service.prefixed(span))
    found: list[Node] = []
    for actions, rest in (
        (["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"], "*:*"),
        (["logs:PutLogEvents"], "*:*:*"),
    ):
        text = nodes.literal(prefix)
        known = nodes.sub(span, f"{_LOGS}{text}{rest}")
        arn = known if text is not None else service.joined(span, nodes.sub(span, _LOGS), prefix, rest)
        found.append(statement(span, actions, nodes.sequence(span, [arn])))
    return found


def statement(span: Span, actions: list[str], resource: Node) -> Node:
    """A statement that allows."""
    own = {
        "Effect": nodes.text(span, "Allow"),
        "Resource": resource,
        "Action": nodes.from_plain(actions, span, {}),
    }
    return nodes.mapping(span, own)
