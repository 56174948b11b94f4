"""aws_iam_*: roles, their policies, and what attaches policies to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.terraform.choices import under
from stockade.inputs.terraform.naming import unknown_in
from stockade.inputs.terraform.walk import open_at
from stockade.model.app import Other, Policy
from stockade.model.value import Default, Doubt, Known, Relation, Text, Unknown, Value, When, one_of

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared, Lowering

_ROLE, _POLICY = "aws_iam_role", "aws_iam_policy"
# What attaches policies: the attribute with the ARN (or ARNs), and those with whom they are attached to, by field.
_ATTACHMENTS: dict[str, tuple[str, dict[str, str]]] = {
    "aws_iam_role_policy_attachment": ("policy_arn", {"roles": "role"}),
    "aws_iam_role_policy_attachments_exclusive": ("policy_arns", {"roles": "role_name"}),
    "aws_iam_user_policy_attachment": ("policy_arn", {"users": "user"}),
    "aws_iam_group_policy_attachment": ("policy_arn", {"groups": "group"}),
    "aws_iam_policy_attachment": ("policy_arn", {"roles": "roles", "users": "users", "groups": "groups"}),
}


def lower_role(lowering: Lowering, found: Declared) -> None:
    """aws_iam_role, with its inline policies and with what attachments give it."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    fields["managed"] = attached_to_role(lowering, found, fields.get("managed", Relation()))
    lowering.add_stated(found, fields, inline=_inline(lowering, found), withheld=found.withheld)


def _inline(lowering: Lowering, found: Declared) -> Relation[Policy]:
    policies: list[Policy] = []
    doubts = open_at(found.block, "inline_policy")
    for index, item in enumerate(lowering.items(found, found.block, "inline_policy")):
        if not item.block.entries and item.block.open is None:
            continue  # an empty block says that the role has no inline policies
        suffix = f"/inline_policy/{index}"
        policies.append(lowering.add_part(found, "aws_iam_role/inline_policy", item, suffix=suffix))
    doubts += _stated_elsewhere(lowering, found)
    return Relation(tuple(policies), complete=not doubts, gaps=tuple(doubts))


def _stated_elsewhere(lowering: Lowering, found: Declared) -> list[Doubt]:
    """Inline policies that `aws_iam_role_policies_exclusive` says a role has, and that are nowhere declared."""
    doubts: list[Doubt] = []
    for named in lowering.named("aws_iam_role_policies_exclusive", "role_name", found):
        stated = lowering.texts_at(named.by, named.by.block, "policy_names")
        doubts += stated.gaps
        if not len(stated):
            continue
        own = lowering.naming("aws_iam_role_policy", "role", found)
        names = [lowering.value_at(p, p.block, "name") for p in own]
        names += [
            lowering.value_at(found, item.block, "name") for item in lowering.items(found, found.block, "inline_policy")
        ]
        shown = {leaf.show() for name in names if name is not None for _, leaf in name.leaves()}
        keys = {policy.key for policy in own}
        for value in stated:
            refers = any(reference.target in keys for _, reference in value.references())
            if not refers and not any(leaf.show() in shown for _, leaf in value.leaves()):
                why = (
                    f"`{named.by.address}` names the inline policy `{value.show()}`, which is not in the configuration"
                )
                doubts.append(Doubt(why, "scan the code that declares it too", "policy elsewhere"))
    return doubts


def attached_to_role(lowering: Lowering, found: Declared, stated: Relation[Value[str]]) -> Relation[Value[str]]:
    """The ARNs that are attached to a role.

    Not those of the configuration's own policies: these say themselves whom they are attached to.
    """
    values: list[Value[str]] = list(stated)
    doubts: list[Doubt] = list(stated.gaps)
    for type_, (attribute, holders) in _ATTACHMENTS.items():
        if "roles" not in holders:
            continue
        for named in lowering.named(type_, holders["roles"], found):
            arns = lowering.texts_at(named.by, named.by.block, attribute)
            doubts += arns.gaps
            for arn in arns:
                value = _foreign(lowering, named.when, arn, doubts)
                if value is not None:
                    values.append(value)
    return Relation(tuple(values), complete=not doubts, gaps=tuple(doubts))


def _foreign(lowering: Lowering, when: When, arn: Value[str], doubts: list[Doubt]) -> Value[str] | None:
    """An attached ARN without what is a policy of the configuration, or not known at all."""
    own = [case for case, _ in lowering.resolve(arn, _POLICY)]
    options: list[tuple[When, Value[Any]]] = []
    is_any = False
    for case, leaf in arn.leaves():
        if isinstance(leaf, Unknown):
            doubts.append(leaf.doubt)
        if isinstance(leaf, Unknown | Default) or case in own:
            options.append((case, Default(v=None, origin=leaf.origin)))
        else:
            is_any = True
            options.append((case, leaf))
    return under(when, one_of(options, arn.origin)) if is_any else None


def lower_role_policy(lowering: Lowering, found: Declared) -> None:
    """aws_iam_role_policy; any role may be meant by a name that is not known."""
    lowering.add_by_table(found)
    lowering.note_unresolved(found, "role", _ROLE)


def lower_policy(lowering: Lowering, found: Declared) -> None:
    """aws_iam_policy, with whom attachments attach it to."""
    lowering.add_by_table(found, **holders(lowering, found))


def holders(lowering: Lowering, found: Declared) -> dict[str, Relation[Value[str]]]:
    """The roles, users and groups that a policy is attached to."""
    values: dict[str, list[Value[str]]] = {}
    doubts: dict[str, list[Doubt]] = {}
    for type_, (attribute, fields) in _ATTACHMENTS.items():
        for named in lowering.named(type_, attribute, found):
            for field, name in fields.items():
                who = lowering.texts_at(named.by, named.by.block, name)
                values.setdefault(field, []).extend(under(named.when, value) for value in who)
                doubts.setdefault(field, []).extend(who.gaps)
    return {
        field: Relation(tuple(own), complete=not doubts[field], gaps=tuple(doubts[field]))
        for field, own in values.items()
    }


def lower_attachment(lowering: Lowering, found: Declared) -> None:
    """What attaches a policy: roles and policies of the configuration have it; for others it is kept as a policy.

    A role that is not known becomes a gap, since any role may be meant.
    """
    attribute, fields = _ATTACHMENTS[found.type]
    if "roles" not in fields:
        lowering.add(Other(**lowering.base(found)))
        return
    who = lowering.texts_at(found, found.block, fields["roles"])
    unknown = list(who.gaps)
    elsewhere: list[Value[str]] = []
    for value in who:
        here = [when for when, _ in lowering.resolve(value, _ROLE)]
        for when, leaf in value.leaves():
            if when in here or isinstance(leaf, Default):
                continue
            doubt = unknown_in(leaf)
            if doubt is not None:
                unknown.append(doubt)
            else:
                elsewhere.append(under(when, leaf))
    arns = lowering.texts_at(found, found.block, attribute)
    foreign = [
        under(case, leaf)
        for arn in arns
        for case, leaf in arn.leaves()
        if isinstance(leaf, Known | Text) and case not in [own for own, _ in lowering.resolve(arn, _POLICY)]
    ]
    for doubt in unknown[:1]:
        shown = ", ".join(f"`{arn.show()}`" for arn in arns) or "a policy"
        why = f"the role that it attaches {shown} to is not known: {doubt.why}"
        remedy = doubt.remedy or "name the role by a reference to it"
        lowering.gap(found, found.key_span, f"`{fields['roles']}`", why, kind="join", remedy=remedy)
    base = lowering.base(found)
    if not elsewhere or not foreign:
        lowering.add(Other(**base))
        return
    why_not = Doubt("a policy that is declared elsewhere", "scan the code that declares it too", "policy elsewhere")
    statements: Relation[Any] = Relation((), complete=False, gaps=(why_not,))
    for index, arn in enumerate(foreign):
        own = base if not index else lowering.base(found, suffix=f"/{index}")
        lowering.add(
            Policy(**(own | {"name": arn}), form="managed", statements=statements, roles=Relation(tuple(elsewhere)))
        )


MAKERS = {
    _ROLE: lower_role,
    _POLICY: lower_policy,
    "aws_iam_role_policy": lower_role_policy,
    **dict.fromkeys(_ATTACHMENTS, lower_attachment),
}
