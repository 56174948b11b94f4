"""What an attribute that is known only after apply may be, told by its name.

Neither a plan nor a preview of Pulumi's says more of it than what it is made of.
"""

from __future__ import annotations

from stockade.patterns import regex

# Attributes whose value is a document or a script: never just what they refer to.
_DOCUMENTS = regex(r"polic(?!y_arn|ies)|definition|body|template|json|content|script|user_data|code|hash|config|data$")
# Attributes in which a reference is a part of a longer text as often as not.
_COMPOSED = regex(r"(?:^|_)(?:uri|url|endpoint|name|name_prefix|description|path|key|arn_pattern|pattern|value)$")
_WHOLE = frozenset({"function_name", "topic_name", "log_group_name", "role_name", "event_bus_name", "queue_url",
                    "domain_name", "table_name", "user_name", "group_name", "rule_name"})  # fmt: skip
_PLURAL = regex(r"(?:_ids|_arns|_names|^layers|^subnets|^security_groups|^roles|^users|^groups|_keys|_layers)$")
# What a resource is known by to others.
IDENTIFYING = frozenset({"arn", "id", "name", "execution_arn", "invoke_arn", "qualified_arn", "url", "bucket"})


def is_document(name: str) -> bool:
    """Whether it is a document or a script: more than what it refers to."""
    return _DOCUMENTS.search(name) is not None and not name.endswith(("_arn", "_id", "_name"))


def is_list(name: str) -> bool:
    """Whether it is a list of what it refers to."""
    return _PLURAL.search(name) is not None


def is_composed(name: str) -> bool:
    """Whether a reference may be only a part of it."""
    return name not in _WHOLE and _COMPOSED.search(name) is not None
