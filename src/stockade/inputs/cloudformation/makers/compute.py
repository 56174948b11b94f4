"""What a table can't say of MicroVM images and of the policies that are put on functions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.lens import Lens
from stockade.model.app import EnvVar, Policy
from stockade.model.policy import Statement, Statements
from stockade.model.value import Doubt, Known, Relation, Value
from stockade.text.node import Scalar

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Lowering


def lower_microvm_image(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::MicrovmImage: its variables are a list of keys and values."""
    variables: list[EnvVar] = []
    doubts: list[Doubt] = []
    for item in lowering.items(found.properties, "EnvironmentVariables"):
        key, value = item.node.get("Key"), item.node.get("Value")
        if type(key) is Scalar and key.tag is None and value is not None:
            held = text(lowering.evaluator.value(value, key.span))
            variables.append(EnvVar(key.raw, held, held.origin, item.when))
        else:
            doubts.append(Doubt("the name of a variable is known only when the stack is deployed", cause="reference"))
    environment = Relation(tuple(variables), complete=not doubts, gaps=tuple(doubts))
    lowering.add_by_table(found, environment=environment)


# What a permission has a field for, by the key of a condition; all of them are compared for being equal (or like).
_FIELDS = {
    "aws:sourcearn": "source_arn",
    "aws:sourceaccount": "source_account",
    "aws:principalorgid": "principal_org",
    "lambda:eventsourcetoken": "event_source_token",
    "lambda:functionurlauthtype": "url_auth",
}
_OPERATORS = frozenset({"stringequals", "stringlike", "arnequals", "arnlike"})
_PRINCIPALS = frozenset({"AWS", "Service", "*"})


def lower_resource_policy(lowering: Lowering, found: Declared) -> None:
    """AWS::Lambda::ResourcePolicy: each statement is what one or more permissions would have added to the same policy."""
    table = lowering.table(found.type)
    statements = lowering.read(found.properties, Lens(("PolicyDocument",), "statements"), Policy, "statements")
    function = lowering.value_at(found.properties, "ResourceArn")
    if not isinstance(statements, Statements):
        return
    number = 0
    for statement in statements:
        made = list(_permissions(statement))
        if not made:
            _unread(lowering, found, statement)
        for fields in made:
            base = lowering.base(found, suffix=f"/{number}" if number else "", when=statement.exists)
            site = base.pop("site")
            site = replace(
                site, refuses=site.refuses or "it is a statement of a policy, which has to be changed as a whole"
            )
            stated = {} if function is None else {"function_name": function}
            origin = {"origin": statement.origin}
            lowering.add(table.makes(**(base | stated | fields | origin), site=site))
            number += 1


def _permissions(statement: Statement) -> Iterator[dict[str, Any]]:
    """The fields of each permission that a statement comes to; none if permissions can't say all of it."""
    effect, principals, actions = statement.effect, statement.principals, statement.actions
    if not (isinstance(effect, Known) and effect.v == "Allow") or principals is None or actions is None:
        return
    conditions: list[tuple[str, Relation[Value[str]]]] = []
    for condition in statement.conditions:
        field = _FIELDS.get(condition.key.lower())
        if field is None or condition.operator.lower() not in _OPERATORS or not condition.values.complete:
            return
        conditions.append((field, condition.values))
    whole = principals.complete and actions.complete and statement.conditions.complete
    if not whole or any(principal.kind not in _PRINCIPALS for principal in principals):
        return
    for principal in principals:
        for action, *values in product(actions, *(values for _, values in conditions)):
            stated = {field: value for (field, _), value in zip(conditions, values, strict=True)}
            yield {"principal": principal.value, "action": action, **stated}


def _unread(lowering: Lowering, found: Declared, statement: Statement) -> None:
    allows = not statement.effect.is_("Deny").is_yes
    lowering.evaluator.gap(
        found.key_span,
        f"a statement of the policy `{found.id}`",
        "permissions can't say what it does"
        if allows
        else "it denies; what others allow is told without regard to that",
        kind="unsupported",
        remedy="write what it allows as `AWS::Lambda::Permission`" if allows else "",
        hides=allows,
        kinds=("permission",),
    )


MAKERS = {
    "AWS::Lambda::MicrovmImage": lower_microvm_image,
    "AWS::Lambda::ResourcePolicy": lower_resource_policy,
}
