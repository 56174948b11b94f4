"""Single requests beside moto's enforcement, where moto follows AWS's documentation.

Where it does not, `left_out` says so, with the page of AWS's IAM user guide that says otherwise; a test shows that each of these
rules is needed. In moto's reading a wildcard reaches beyond the colons of an ARN.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count
from moto.iam.access_control import IAMPolicy, PermissionResult

from stockade.iam.sets.requests import Request, decide

ACTIONS = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:ListBucket",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "lambda:InvokeFunction",
]
PATTERNS = [*ACTIONS, "*", "s3:*", "s3:Get*", "s3:*Object", "sqs:*Message", "*:*", "s3:G?tObject", "S3:getobject"]
RESOURCES = [
    *("arn:aws:s3:::orders/1", "arn:aws:s3:::orders/a/b", "arn:aws:s3:::invoices/1", "arn:aws:s3:::orders"),
    *("arn:aws:sqs:eu-west-1:111122223333:work", "arn:aws:lambda:eu-west-1:111122223333:function:api", "*"),
]
OF_RESOURCES = [
    *(*RESOURCES, "arn:aws:s3:::*", "arn:aws:s3:::orders/*", "arn:aws:s3:::*/1", "arn:aws:sqs:*:111122223333:*"),
    *("arn:aws:lambda:*", "arn:aws:s3:::orders/?", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::orders.1/*"),
]
CONDITIONS: list[dict[str, Any]] = [
    *(
        {},
        {},
        {},
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
        {"StringLike": {"aws:RequestedRegion": "eu-*"}},
    ),
    {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
]
PERMISSION = {"allow": PermissionResult.PERMITTED, "deny": PermissionResult.DENIED, "none": PermissionResult.NEUTRAL}
Document = dict[str, Any]

PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_"
WHY = {
    "NotResource": f"moto knows no NotResource, and permits: {PAGE}elements_notresource.html",
    "other operators": f"moto takes every operator but StringEquals as fulfilled: {PAGE}elements_condition_operators.html",
    "conditions not met": f"moto denies where a condition of an Allow is not met, and takes a key that is not there as met: "
    f"{PAGE}elements_condition.html",
    "question marks": f"moto makes a regular expression of a pattern, in which `?` is no character: {PAGE}elements_resource.html",
    "full stops": f"and `.` is any: {PAGE}elements_resource.html",
    "case": f"moto tells actions by their case: {PAGE}elements_action.html",
    "variables": f"moto fills in no variables: {PAGE}variables.html",
}


def texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def left_out(statement: Document, request: Request) -> str | None:
    """Why moto says something else than AWS about a statement; a key of `WHY`."""
    actions = texts(statement.get("Action", statement.get("NotAction")))
    resources = texts(statement.get("Resource", []))
    condition = statement.get("Condition", {})
    if "NotResource" in statement:
        return "NotResource"
    if any("${" in each for each in resources):
        return "variables"
    if any("?" in each for each in (*actions, *resources)):
        return "question marks"
    if any("." in each for each in resources):
        return "full stops"
    if any(each.lower() == request.action.lower() and each != request.action for each in actions):
        return "case"
    if condition and "StringEquals" not in condition:
        return "other operators"
    for key, wanted in condition.get("StringEquals", {}).items():
        if not set(request.keys.get(key.lower(), ())) & set(texts(wanted)):
            return "conditions not met"
    return None


def asked(count: int) -> Iterator[tuple[Document, Request]]:
    chance = random.Random(5)  # noqa: S311 - policies for a test
    for _ in range(count):
        listed = []
        for _ in range(chance.choice((1, 2, 2, 3))):
            statement: Document = {"Effect": chance.choice(("Allow", "Allow", "Deny"))}
            statement["NotAction" if chance.random() < 0.15 else "Action"] = chance.sample(
                PATTERNS, chance.choice((1, 2))
            )
            name = "NotResource" if chance.random() < 0.1 else "Resource"
            statement[name] = chance.choice((chance.choice(OF_RESOURCES), chance.sample(OF_RESOURCES, 2)))
            if condition := chance.choice(CONDITIONS):
                statement["Condition"] = condition
            listed.append(statement)
        keys = {} if chance.random() < 0.3 else {"aws:requestedregion": (chance.choice(("eu-west-1", "us-east-1")),)}
        for _ in range(3):
            request = Request(chance.choice(ACTIONS), chance.choice(RESOURCES), "", keys)
            yield {"Version": "2012-10-17", "Statement": listed}, request


def moto_says(document: Document, request: Request) -> PermissionResult:
    region = request.keys.get("aws:requestedregion")
    values = {"aws:RequestedRegion": region[0]} if region else {}
    return IAMPolicy(json.dumps(document)).is_action_permitted(
        request.action, request.resource, incoming_condition_values=values
    )


def test_moto_agrees_on_single_requests() -> None:
    compared: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    for document, request in asked(3000):
        reasons = {why for each in document["Statement"] if (why := left_out(each, request)) is not None}
        ours = decide([document], request, flat=True)
        same = moto_says(document, request) is PERMISSION[ours]
        if not reasons:
            assert same, (document, request, ours)
            compared[ours] += 1
        elif len(reasons) == 1 and not same:
            differing[reasons.pop()] += 1
    assert compared.total() >= 500
    assert min(compared[each] for each in PERMISSION) >= 80
    # Nothing is left out that moto and the documentation agree about.
    assert set(differing) == set(WHY)


@pytest.fixture
def user() -> Iterator[tuple[Any, dict[str, str]]]:
    """A client of IAM, and the keys of a user whom moto asks for permissions from then on."""
    with mock_aws():
        iam = boto3.client("iam", region_name="eu-west-1")
        iam.create_user(UserName="bob")
        key = iam.create_access_key(UserName="bob")["AccessKey"]
        yield iam, {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def is_let_through(call: Callable[[], object]) -> bool:
    try:
        call()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
            raise
        return False
    return True


CALLS = [("s3", "list_buckets", "s3:ListAllMyBuckets"), ("sqs", "list_queues", "sqs:ListQueues")]
POLICIES = [
    [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    [{"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}],
    [{"Effect": "Allow", "Action": ["sqs:ListQueues", "s3:GetObject"], "Resource": "*"}],
    [{"Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"}],
    [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
    [{"Effect": "Deny", "Action": "sqs:List*", "Resource": "*"}],
]


@pytest.mark.parametrize("listed", POLICIES)
def test_calls_through_moto_are_let_through_and_refused_alike(
    user: tuple[Any, dict[str, str]], listed: list[Any]
) -> None:
    iam, credentials = user
    document = {"Version": "2012-10-17", "Statement": listed}
    iam.put_user_policy(UserName="bob", PolicyName="own", PolicyDocument=json.dumps(document))
    for service, operation, action in CALLS:
        client = boto3.client(service, region_name="eu-west-1", **credentials)
        allowed = set_initial_no_auth_action_count(0)(is_let_through)(getattr(client, operation))
        assert allowed is (decide([document], Request(action, "*")) == "allow"), (service, listed)
