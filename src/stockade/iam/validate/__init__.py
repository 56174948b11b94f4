"""Checks policies as IAM Access Analyzer does, under the same ids, without an account or a network.

`validate()` says what is wrong with one policy, whatever it was written in. What is not known in it is never called wrong,
and what a policy takes back itself is not held against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.iam.validate import (
    actions,
    conditions,
    elements,
    grants,
    organizations,
    principals,
    redundancy,
    resources,
    size,
    tags,
    trust,
    values,
    variables,
)
from stockade.iam.validate._subject import Subject
from stockade.iam.validate.catalogue import CLASSES, Check, Class, checks, grade_of
from stockade.model.policy import Fault, PolicyType, Statements

if TYPE_CHECKING:
    from stockade.iam.sets.modelled import Names

__all__ = ["CLASSES", "Check", "Class", "checks", "grade_of", "validate"]

_MODULES = (
    elements,
    actions,
    resources,
    principals,
    trust,
    conditions,
    values,
    variables,
    tags,
    organizations,
    grants,
    redundancy,
    size,
)


_COSTLY = frozenset({grants, redundancy, size})  # and what they find, no statement is void for


def validate(
    statements: Statements,
    type_: PolicyType = "identity",
    *,
    resource_type: str = "",
    quota: int | None = None,
    names: Names | None = None,
    brief: bool = False,
) -> tuple[Fault, ...]:
    """Everything that is wrong with a policy: what its reader found, then what its statements say.

    `resource_type` is that of the resource that a resource policy is on, in CloudFormation's words ("AWS::S3::Bucket");
    `quota` is how many characters it may have, where that is another number than for policies of its type;
    `names` are those of the application that the policy is of.
    `brief` leaves out what is redundant, too long, or granted too widely.
    """
    subject = Subject(statements, type_, resource_type, quota, names)
    found = [*statements.faults]
    for module in _MODULES:
        if brief and module in _COSTLY:
            continue
        found += module.check(subject)
    return tuple(found)
