"""How instances of resources name each other: by references, and by names and ARNs that are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from stockade.model.value import Doubt, Hole, Known, Reference, Text, Unknown, Value

Name: TypeAlias = "str | tuple[Any, ...]"

# The attribute that a resource has its own name in, by type; `name` for all others.
OWN_NAME: dict[str, tuple[str, ...]] = {
    "aws_s3_bucket": ("bucket",),
    "aws_lambda_function": ("function_name",),
    "aws_lambda_layer_version": ("layer_name",),
    "aws_opensearch_domain": ("domain_name",),
    "aws_elasticsearch_domain": ("domain_name",),
    "aws_api_gateway_domain_name": ("domain_name",),
    "aws_apigatewayv2_domain_name": ("domain_name",),
    "aws_cloudwatch_metric_alarm": ("alarm_name",),
    "aws_cloudwatch_composite_alarm": ("alarm_name",),
    "aws_redshiftserverless_namespace": ("namespace_name",),
    **dict.fromkeys(
        ("aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_redshift_cluster"), ("cluster_identifier",)
    ),
}
# What a resource that is a part of another one names that other one by: who refers to the part means the whole.
PART_OF: dict[str, str] = {
    "aws_lambda_alias": "function_name",
    **dict.fromkeys(
        (
            "aws_s3_bucket_acl",
            "aws_s3_bucket_cors_configuration",
            "aws_s3_bucket_lifecycle_configuration",
            "aws_s3_bucket_logging",
            "aws_s3_bucket_notification",
            "aws_s3_bucket_ownership_controls",
            "aws_s3_bucket_policy",
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_server_side_encryption_configuration",
            "aws_s3_bucket_versioning",
        ),
        "bucket",
    ),
}


def text_names(text_: str) -> Iterator[str]:
    """A name, and the name inside of an ARN or a queue's URL. AWS's own policies are nobody's here."""
    yield text_
    if text_.startswith("arn:"):
        fields = text_.split(":", 5)
        if len(fields) == 6 and fields[4] != "aws":
            rest = fields[5]
            yield (
                rest.partition(":")[2].partition(":")[0] if rest.startswith("function:") else re.split("[:/]", rest)[-1]
            )
    elif text_.startswith("https://sqs."):
        yield text_.rpartition("/")[2]


def meant(leaf: Text) -> Iterator[Reference]:
    """The references that a text is, or is an ARN of: not those that it is only made with (`${aws_s3_bucket.b.id}-logs`)."""
    first, last = leaf.parts[0], leaf.parts[-1]
    if isinstance(first, Reference) and (len(leaf.parts) == 1 or str(leaf.parts[1])[:1] in {":", "/"}):
        yield first
    elif isinstance(last, Reference) and isinstance(first, str) and first.startswith(("arn:", "https://")):
        yield last


def canonical(leaf: Text) -> tuple[Any, ...]:
    """A text as what it says, wherever it was written."""
    return tuple(
        (p.name,) if isinstance(p, Hole) else (p.target, p.attribute) if isinstance(p, Reference) else p
        for p in leaf.parts
    )


def same_text(leaf: Value[Any]) -> Name | None:
    """What two values have in common if they are the same, also where it is not known what; None if that can't be told."""
    if isinstance(leaf, Known):
        return str(leaf.v)
    if isinstance(leaf, Text):
        return canonical(leaf)
    return ((leaf.name,),) if isinstance(leaf, Unknown) and leaf.name else None


def unknown_in(leaf: Value[Any]) -> Doubt | None:
    """Why it is not known what a value names; None where it is, even if that is not part of the configuration."""
    if isinstance(leaf, Unknown):
        return leaf.doubt
    if isinstance(leaf, Text):
        return next((p.doubt for p in leaf.parts if isinstance(p, Hole) and not p.plain), None)
    return None
