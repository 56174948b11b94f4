"""Roles that version 4 makes for single functions: the packaged templates of version 3 have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.model.app import Role
from tests.inputs.serverless.support import HEAD, app_of, function_of

V4 = 'frameworkVersion: "4"\n' + HEAD
SHARED = """\
  tracing: {lambda: true}
  iam:
    role:
      %sstatements: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]
"""


def actions(role: Role | None) -> set[str]:
    """Everything that a role allows."""
    assert role is not None
    stated = [s.actions for p in role.policies for s in p.statements]
    return {action.show() for actions_ in stated if actions_ is not None for action in actions_}


def test_each_function_has_a_role_with_what_all_are_allowed_and_what_it_takes(tmp_path: Path) -> None:
    mode = "mode: perFunction\n      managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess']\n      "
    functions = (
        "  f: {handler: a.b, kmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/a', events: [{websocket: $connect}]}\n"
        "  g: {handler: a.b, iam: {inheritStatements: false, role: {managedPolicies: ['arn:aws:iam::1:policy/own']}}}\n"
        "  h: {handler: a.b, role: 'arn:aws:iam::111122223333:role/h'}\n"
    )
    app = app_of(tmp_path, f"{V4}{SHARED % mode}functions:\n{functions}")
    first, second = function_of(app, "f").execution_role, function_of(app, "g").execution_role
    logs = {"logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"}
    traces = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    assert actions(first) == logs | traces | {"s3:GetObject", "kms:Decrypt", "execute-api:ManageConnections"}
    assert actions(second) == logs | traces
    assert first is not None
    assert second is not None
    assert [m.show() for m in first.managed] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    assert len(second.managed) == 2
    assert function_of(app, "h").execution_role is None
    assert {role.address for role in app.roles} == {"FIamRoleLambdaExecution", "GIamRoleLambdaExecution"}
    assert not app.gaps


@pytest.mark.parametrize(
    ("head", "block", "own"),
    [
        (V4, "iam: {role: {statements: []}}", True),
        (V4, "iam: {role: {managedPolicies: ['arn:aws:iam::1:policy/own']}}", True),
        (V4, "iam: {role: {name: only-a-name}}", False),
        (V4, "iamRoleStatements: []", True),
        (HEAD, "iamRoleStatements: []", False),
    ],
)
def test_which_functions_have_a_role_of_their_own(tmp_path: Path, head: str, block: str, own: bool) -> None:  # noqa: FBT001 - a case
    app = app_of(tmp_path, f"{head}{SHARED % ''}functions:\n  f: {{handler: a.b, {block}}}\n  g: {{handler: a.b}}\n")
    role = function_of(app).execution_role
    assert role is not None
    assert (role.address == "FIamRoleLambdaExecution") is own
    assert ("s3:GetObject" in actions(role)) is not own  # what all are allowed is not inherited unless it is said
    assert "xray:PutTraceSegments" in actions(role)


def test_a_mode_that_is_not_known_leaves_the_roles_open(tmp_path: Path) -> None:
    app = app_of(tmp_path, V4 + "  iam: {role: {mode: '${env:MODE}'}}\nfunctions:\n  f: {handler: a.b}\n")
    assert function_of(app).execution_role is None
    assert any("role of its own" in gap.why for gap in app.gaps)
