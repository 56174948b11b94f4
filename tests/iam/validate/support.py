"""Policies that are written in a test, and what is found in them."""

from __future__ import annotations

import json
from typing import Any

from stockade.iam.validate import validate
from stockade.inputs.policy_file import read_policy
from stockade.model.policy import Fault, PolicyType, Statements
from stockade.text.document import Document
from stockade.text.json import read_json


def statements_of(policy: Any) -> Statements:
    """What a policy says: JSON, or plain data."""
    text = policy if isinstance(policy, str) else json.dumps(policy)
    return read_policy(read_json(Document("policy.json", text, syntax="json")))


def faults_of(policy: Any, type_: PolicyType = "identity", resource_type: str = "") -> tuple[Fault, ...]:
    """What is wrong with a policy."""
    return validate(statements_of(policy), type_, resource_type=resource_type)


def ids_of(policy: Any, type_: PolicyType = "identity", resource_type: str = "") -> list[str]:
    """The ids of what is wrong."""
    return [fault.id for fault in faults_of(policy, type_, resource_type)]


def policy(*statements: Any, **more: Any) -> dict[str, Any]:
    """A policy of statements; one without an effect allows."""
    return {"Version": "2012-10-17", "Statement": [_full(s) for s in statements]} | more


def _full(statement: Any) -> Any:
    return {"Effect": "Allow"} | statement if isinstance(statement, dict) else statement
