"""Functions: their roles, policies, aliases and URLs, each at the user's line."""

from __future__ import annotations

from typing import Any

from stockade.model.app import Alias, AsyncConfig, Permission, Policy, Role
from stockade.model.value import File, Known, Relation, Value
from tests.inputs.sam.support import keyed, sam, written

_FUNCTION = "Handler: a.b, Runtime: python3.13, CodeUri: ./src"


def each(relation: Relation[Any] | None) -> tuple[Any, ...]:
    """What a part of a statement lists."""
    return () if relation is None else relation.items


def _names(role: Role) -> list[str]:
    return sorted(m.show().rpartition("/")[2] for m in role.managed)


def test_a_function_without_a_role_gets_one_that_can_be_referred_to() -> None:
    """`!GetAtt FnRole.Arn` is the generated role, and the role is the function's."""
    app = sam(
        f"""
Resources:
  Fn: {{Type: AWS::Serverless::Function, Properties: {{{_FUNCTION}, Tracing: Active}}}}
  Uses:
    Type: AWS::Lambda::Function
    Properties: {{Role: !GetAtt FnRole.Arn, Handler: x.y}}
"""
    )
    role = keyed(app, "FnRole")
    assert isinstance(role, Role)
    assert role.generated
    assert [f.execution_role for f in app.functions] == [role, role]
    assert _names(role) == ["AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"]
    principals = [p.value.show() for s in role.trust for p in each(s.principals)]
    assert principals == ["lambda.amazonaws.com"]


def test_a_role_that_a_condition_chooses_is_made_for_the_other_case() -> None:
    """`Role: !If [C, arn, NoValue]`: the generated role has the premises of the case without one."""
    app = sam(
        f"""
Parameters: {{Stage: {{Type: String}}}}
Conditions: {{IsProd: !Equals [!Ref Stage, prod]}}
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties: {{{_FUNCTION}, Role: !If [IsProd, "arn:aws:iam::123456789012:role/r", !Ref "AWS::NoValue"]}}
"""
    )
    role = keyed(app, "FnRole")
    assert [p.text for p in role.exists] == ["Stage is not prod"]
    function = app.functions[0]
    assert function.role.is_("arn:aws:iam::123456789012:role/r").truth == "mixed"


def test_policies_keep_the_places_of_their_templates() -> None:
    """A policy of a template is at the template's name, its statements too; the template's parameters are followed."""
    app = sam(
        f"""
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      {_FUNCTION.replace(", ", chr(10) + "      ")}
      Policies:
        - AmazonS3ReadOnlyAccess
        - DynamoDBCrudPolicy:
            TableName: !Ref Items
        - Statement:
            - {{Effect: Allow, Action: "s3:*", Resource: "*"}}
  Items: {{Type: AWS::Serverless::SimpleTable}}
"""
    )
    role = keyed(app, "FnRole")
    assert isinstance(role, Role)
    assert _names(role) == ["AWSLambdaBasicExecutionRole", "AmazonS3ReadOnlyAccess"]
    managed = [m for m in role.managed if "S3" in m.show()]
    assert written_at(managed[0]) == "AmazonS3ReadOnlyAccess"
    template, inline = role.inline.items
    assert (template.form, template.template, inline.form) == ("template", "DynamoDBCrudPolicy", "inline")
    assert written(template).startswith("DynamoDBCrudPolicy:")
    resources = [r for s in template.statements for r in each(s.resources)]
    assert [ref.target for r in resources for _, ref in r.references()] == [
        "template.yaml#Items",
        "template.yaml#Items",
    ]
    assert written(inline).startswith("Statement:")
    assert inline.site is not None
    assert inline.site.base == ("Properties", "Policies", 2)


def written_at(value: Value[Any]) -> str:
    """The text at a value's origin."""
    assert isinstance(value.origin, File)
    return value.origin.span.text


def test_an_alias_stands_between_events_and_the_function() -> None:
    """`AutoPublishAlias`: permissions and references go to the alias, linking finds the function behind it."""
    app = sam(
        f"""
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      {_FUNCTION.replace(", ", chr(10) + "      ")}
      AutoPublishAlias: live-1
      FunctionUrlConfig: {{AuthType: NONE}}
      EventInvokeConfig: {{MaximumRetryAttempts: 0}}
  Allow:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: !Ref Fn.Alias, Action: "lambda:InvokeFunction", Principal: "123456789012"}}
"""
    )
    alias = keyed(app, "FnAliasliveD1")
    assert isinstance(alias, Alias)
    function = app.functions[0]
    assert alias.function is function
    assert {p.key.rpartition("#")[2] for p in function.permissions} == {
        "FnUrlPublicPermissions",
        "FnURLInvokeAllowPublicAccess",
        "Allow",
    }
    config = keyed(app, "FnEventInvokeConfig")
    assert isinstance(config, AsyncConfig)
    assert config.qualifier.is_("live-1").is_yes


def test_a_url_is_public_only_where_it_is_plainly_so() -> None:
    """SAM adds the public permissions for a literal `NONE` and for nothing else."""
    app = sam(
        f"""
Parameters: {{Auth: {{Type: String, Default: NONE}}}}
Resources:
  Open: {{Type: AWS::Serverless::Function, Properties: {{{_FUNCTION}, FunctionUrlConfig: {{AuthType: NONE}}}}}}
  Chosen: {{Type: AWS::Serverless::Function, Properties: {{{_FUNCTION}, FunctionUrlConfig: {{AuthType: !Ref Auth}}}}}}
"""
    )
    permissions = app.of(Permission)
    assert {p.generated_by for p in permissions} == {"SAM FunctionUrlConfig"}
    assert {p.function.address for p in permissions if p.function is not None} == {"Open"}
    assert all(written(p) == "{AuthType: NONE}" for p in permissions)


def test_destinations_make_queues_and_what_the_role_needs_for_them() -> None:
    """Without an ARN SAM makes the queue; the role may send there."""
    app = sam(
        f"""
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      {_FUNCTION.replace(", ", chr(10) + "      ")}
      EventInvokeConfig: {{DestinationConfig: {{OnFailure: {{Type: SQS}}}}}}
"""
    )
    keyed(app, "FnEventInvokeConfigOnFailureQueue")
    (policy,) = [p for p in app.of(Policy) if p.form == "generated"]
    (statement,) = policy.statements.items
    assert [a.show() for a in each(statement.actions)] == ["sqs:SendMessage"]
    assert isinstance(statement.effect, Known)
    (resource,) = each(statement.resources)
    assert [ref.target for _, ref in resource.references()] == ["template.yaml#FnEventInvokeConfigOnFailureQueue"]
