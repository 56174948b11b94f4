"""What an API may call whose definition is not seen.

API Gateway calls a function that gives it permission, or with the credentials of a role that it may assume:
https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html (as of 2026-11-28).
"""

from __future__ import annotations

from stockade.iam.allows import may_call
from stockade.iam.principals import service_named
from stockade.model import app as m
from stockade.model.policy import Statement
from stockade.model.value import YES, Known, Tri, any_of

_GATEWAY = "apigateway.amazonaws.com"
_INVOKE = "lambda:InvokeFunction"


def limit_gaps(app: m.App) -> None:
    """Let what is not seen of an API concern, of all functions, those only that it may call."""
    for gap in app.gaps:
        api = app.get(gap.api) if gap.api else None
        if not isinstance(api, m.Api) or any(_may_call(app, role) for role in app.roles):
            continue
        if any(_may_be_for(permission, api) and _is_open(permission) for permission in app.of(m.Permission)):
            continue
        called = [f for f in app.functions if any(_may_be_for(permission, api) for permission in f.permissions)]
        own: tuple[m.Resource, ...] = (api, *api.stages, *api.domains)
        app.limit(gap, tuple(resource.address for resource in (*own, *called)))


def _may_be_for(permission: m.Permission, api: m.Api) -> bool:
    """Whether a permission may let an API call a function."""
    if permission.action.is_("lambda:InvokeFunctionUrl").is_yes:
        return False  # no API calls a function by its URL with this
    if isinstance(permission.source, m.Api) and permission.source is not api:
        return False
    everybody = permission.principal.is_("*") & ~permission.principal_org.is_set()  # a service is in no organization
    return not (service_named(permission.principal, _GATEWAY) | everybody).is_no


def _is_open(permission: m.Permission) -> bool:
    """Whether it may be for any function."""
    return permission.function is None and any(
        not isinstance(leaf, Known) for _, leaf in permission.function_name.leaves()
    )


def _may_call(app: m.App, role: m.Role) -> bool:
    """Whether API Gateway may assume a role with which it may call functions."""
    trusted = not role.trust.complete or any(not _trusts(statement).is_no for statement in role.trust)
    return trusted and not may_call(app, role, _INVOKE).is_no


def _trusts(statement: Statement) -> Tri:
    principals = statement.principals
    if principals is None:
        return YES  # or it says who may not, and so lets others in
    named = any_of(p.value.is_("*") | service_named(p.value, _GATEWAY) for p in principals)
    gaps = Tri("maybe", (), principals.gaps) if principals.gaps else named
    return statement.effect.is_("Allow") & (named | gaps)
