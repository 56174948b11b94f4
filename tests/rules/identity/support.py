"""Templates with one function and what is to be judged about its role."""

from __future__ import annotations

import json
from typing import Any

TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}


def role(*statements: Any, managed: Any = None, trust: Any = None, more: dict[str, Any] | None = None) -> str:
    """A CloudFormation template with a function `Fn` and its role `Role`."""
    properties: dict[str, Any] = {"AssumeRolePolicyDocument": {"Statement": trust} if trust else TRUST}
    if statements:
        properties["Policies"] = [{"PolicyName": "own", "PolicyDocument": {"Statement": list(statements)}}]
    if managed is not None:
        properties["ManagedPolicyArns"] = managed
    resources = {
        "Fn": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "a.b",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"S3Bucket": "b", "S3Key": "k"},
            },
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": properties},
    }
    document = {"Resources": resources | (more or {}).pop("Resources", {})} if more else {"Resources": resources}
    return json.dumps(document | (more or {}))


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def sam(*policies: Any, **functions: Any) -> str:
    """A SAM template with a function `Fn` that has these policies."""
    function = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/"}
    own = function | ({"Policies": list(policies)} if policies else {})
    resources = {
        name: {"Type": "AWS::Serverless::Function", "Properties": function | properties}
        for name, properties in {"Fn": own, **functions}.items()
    }
    return json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})
