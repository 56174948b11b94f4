"""Policies that are put on resources. Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28.

A type with a slash is a policy that is written inside of the resource that it guards.
"""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app


def _policy(type_: str, targets: str, document: str = "policy") -> Table:
    fields = {"statements": lens(document, "statements")}
    if targets:
        fields["targets"] = lens(targets, "texts")
    return Table(type_, app.Policy, fields, (("form", "resource"),))


TABLES: tuple[Table, ...] = (
    _policy("aws_sqs_queue_policy", "queue_url"),
    _policy("aws_sns_topic_policy", "arn"),
    _policy("aws_s3_bucket_policy", "bucket"),
    _policy("aws_s3_access_point", "bucket"),
    Table("aws_s3control_access_point_policy", app.Policy, {"statements": lens("policy", "statements")}),
    _policy("aws_secretsmanager_secret_policy", "secret_arn"),
    _policy("aws_kinesis_resource_policy", "resource_arn"),
    _policy("aws_dynamodb_resource_policy", "resource_arn"),
    _policy("aws_cloudwatch_log_resource_policy", "", "policy_document"),
    _policy("aws_schemas_registry_policy", "registry_name"),
    _policy("aws_cloudwatch_log_destination_policy", "", "access_policy"),
    _policy("aws_cloudwatch_event_bus_policy", "event_bus_name"),
    # Its parts are attributes of the resource, of which code makes a statement.
    Table(
        "aws_cloudwatch_event_permission",
        app.Policy,
        {
            "statements": lens("principal", "statements", by="lower_event_permission"),
            "targets": lens("event_bus_name", "texts"),
        },
        (("form", "resource"),),
    ),
    _policy("aws_kms_key_policy", "key_id"),
    _policy("aws_ecr_repository_policy", "repository"),
    _policy("aws_efs_file_system_policy", "file_system_id"),
    _policy("aws_opensearch_domain_policy", "domain_name", "access_policies"),
    _policy("aws_elasticsearch_domain_policy", "domain_name", "access_policies"),
    _policy("aws_msk_cluster_policy", "cluster_arn"),
    _policy("aws_redshift_resource_policy", "resource_arn"),
    _policy("aws_redshiftserverless_resource_policy", "resource_arn"),
    *(
        _policy(f"{type_}/policy", "")
        for type_ in (
            "aws_sqs_queue",
            "aws_sns_topic",
            "aws_s3_bucket",
            "aws_secretsmanager_secret",
            "aws_kms_key",
            "aws_kms_replica_key",
            "aws_kms_external_key",
            "aws_kms_replica_external_key",
        )
    ),
    *(
        _policy(f"{type_}/access_policies", "", "access_policies")
        for type_ in ("aws_opensearch_domain", "aws_elasticsearch_domain")
    ),
)
