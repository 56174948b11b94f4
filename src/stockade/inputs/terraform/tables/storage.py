"""Buckets, tables, databases, file systems and repositories.

Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28. A type whose table makes a kind that another type is
the resource of (`aws_s3_bucket_versioning`) is joined to that resource.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app
from stockade.model.value import Doubt, ServiceDefault, Unknown, Value, unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_UPGRADE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade"
_RULE = "rule.apply_server_side_encryption_by_default."
_INLINE_RULE = "server_side_encryption_configuration." + _RULE
_BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def _changed(before: str, since: str) -> Value[bool]:
    """A default that version 6 of the provider changed."""
    why = f"what holds when nothing is written depends on the provider: {before} before version 6, {since} since"
    return Unknown(doubt=Doubt(why, "write it", "provider version"), origin=ServiceDefault(_UPGRADE))


def _database(type_: str, form: str, *constants: tuple[str, object], **fields: Lens) -> Table:
    return Table(type_, app.Database, {**fields, "tags": lens("tags", "tags")}, (("form", form), *constants))


def _private(type_: str) -> tuple[str, object]:
    return "publicly_accessible", unset(False, _DOCS + type_)  # noqa: FBT003 - it is the value


def _always_encrypted(source: str) -> tuple[str, object]:
    return "encrypted", unset(True, source)  # noqa: FBT003 - it is the value


_GROUPS = lens("vpc_security_group_ids", "texts")

TABLES: tuple[Table, ...] = (
    Table(
        "aws_s3_bucket",
        app.Bucket,
        {
            "name": lens("bucket"),
            "encryption": lens(_INLINE_RULE + "sse_algorithm"),
            "kms_key": lens(_INLINE_RULE + "kms_master_key_id"),
            "acl": lens("acl"),
            "versioning": lens("versioning.enabled", "boolean", by="lower_bucket"),
            "logging": lens("logging.target_bucket"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_s3_bucket_public_access_block",
        app.Bucket,
        {name: lens(name, "boolean") for name in _BLOCKS},
        tuple((name, unset(False, _DOCS + "s3_bucket_public_access_block")) for name in _BLOCKS),  # noqa: FBT003 - it is the value
    ),
    Table(
        "aws_s3_bucket_server_side_encryption_configuration",
        app.Bucket,
        {"encryption": lens(_RULE + "sse_algorithm"), "kms_key": lens(_RULE + "kms_master_key_id")},
    ),
    Table("aws_s3_bucket_versioning", app.Bucket, {"versioning": lens("versioning_configuration.status")}),
    Table("aws_s3_bucket_acl", app.Bucket, {"acl": lens("acl")}),
    Table("aws_s3_bucket_logging", app.Bucket, {"logging": lens("target_bucket")}),
    *(
        Table(
            f"aws_s3_bucket_notification/{part}",
            app.Notification,
            {
                "bucket_name": lens("bucket", by="lower_notification"),
                "destination": lens(destination),
                "events": lens("events", "texts"),
                "key_prefix": lens("filter_prefix"),
                "key_suffix": lens("filter_suffix"),
            },
        )
        for part, destination in (
            ("lambda_function", "lambda_function_arn"),
            ("queue", "queue_arn"),
            ("topic", "topic_arn"),
        )
    ),
    Table(
        "aws_dynamodb_table",
        app.Table,
        {
            "name": lens("name"),
            "kms_key": lens("server_side_encryption.kms_key_arn"),
            "customer_key": lens("server_side_encryption.enabled", "boolean"),
            "point_in_time_recovery": lens("point_in_time_recovery.enabled", "boolean"),
            "deletion_protection": lens("deletion_protection_enabled", "boolean"),
            "stream_view": lens("stream_view_type", by="lower_table"),
            "expires": lens("ttl.enabled", "boolean"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_ecr_repository",
        app.Repository,
        {
            "name": lens("name"),
            "tag_mutability": lens("image_tag_mutability"),
            "scan_on_push": lens("image_scanning_configuration.scan_on_push", "boolean"),
            "kms_key": lens("encryption_configuration.kms_key"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_ecr_registry_scanning_configuration",
        app.Repository,
        {"scan_on_push": lens("rule.scan_frequency", by="registry_scans")},
    ),
    Table(
        "aws_efs_file_system",
        app.FileSystem,
        {
            "encrypted": lens("encrypted", "boolean"),
            "kms_key": lens("kms_key_id"),
            "tags": lens("tags", "tags"),
        },
    ),
    Table(
        "aws_efs_access_point",
        app.AccessPoint,
        {
            "file_system": lens("file_system_id"),
            "root": lens("root_directory.path"),
            "user": lens("posix_user.uid"),
            "tags": lens("tags", "tags"),
        },
    ),
    _database(
        "aws_db_instance",
        "rds",
        _private("db_instance"),
        name=lens("identifier"),
        publicly_accessible=lens("publicly_accessible", "boolean"),
        encrypted=lens("storage_encrypted", "boolean", by="lower_database"),
        password=lens("password", also=("password_wo",)),
        security_groups=_GROUPS,
    ),
    _database(
        "aws_rds_cluster",
        "rds",
        name=lens("cluster_identifier"),
        encrypted=lens("storage_encrypted", "boolean", by="lower_cluster"),
        password=lens("master_password", also=("master_password_wo",)),
        security_groups=_GROUPS,
    ),
    _database(
        "aws_rds_cluster_instance",
        "rds",
        _private("rds_cluster_instance"),
        name=lens("identifier"),
        cluster=lens("cluster_identifier"),
        publicly_accessible=lens("publicly_accessible", "boolean"),
        encrypted=lens("cluster_identifier", "boolean", by="lower_cluster_instance"),
        security_groups=lens("cluster_identifier", "texts", by="lower_cluster_instance"),
    ),
    _database("aws_db_proxy", "rds-proxy", name=lens("name"), security_groups=_GROUPS),
    _database(
        "aws_docdb_cluster",
        "documentdb",
        name=lens("cluster_identifier"),
        encrypted=lens("storage_encrypted", "boolean", by="lower_database"),
        password=lens("master_password", also=("master_password_wo",)),
        security_groups=_GROUPS,
    ),
    _database(
        "aws_neptune_cluster",
        "neptune",
        name=lens("cluster_identifier"),
        encrypted=lens("storage_encrypted", "boolean", by="lower_database"),
        security_groups=_GROUPS,
    ),
    _database(
        "aws_elasticache_cluster",
        "elasticache",
        name=lens("cluster_id"),
        encrypted=lens("transit_encryption_enabled", "boolean"),
        security_groups=lens("security_group_ids", "texts"),
    ),
    _database(
        "aws_elasticache_replication_group",
        "elasticache",
        name=lens("replication_group_id"),
        encrypted=lens("at_rest_encryption_enabled", "boolean", by="lower_replication_group"),
        password=lens("auth_token"),
        security_groups=lens("security_group_ids", "texts"),
    ),
    _database(
        "aws_elasticache_serverless_cache",
        "elasticache",
        _always_encrypted("https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html"),
        name=lens("name"),
        security_groups=lens("security_group_ids", "texts"),
    ),
    _database(
        "aws_memorydb_cluster",
        "memorydb",
        _always_encrypted("https://docs.aws.amazon.com/memorydb/latest/devguide/at-rest-encryption.html"),
        name=lens("name"),
        security_groups=lens("security_group_ids", "texts"),
    ),
    _database(
        "aws_dax_cluster",
        "dax",
        name=lens("cluster_name"),
        encrypted=lens("server_side_encryption.enabled", "boolean"),
        security_groups=lens("security_group_ids", "texts"),
    ),
    _database(
        "aws_msk_cluster",
        "msk",
        _always_encrypted("https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html"),
        name=lens("cluster_name"),
        publicly_accessible=lens(
            "broker_node_group_info.connectivity_info.public_access.type", "boolean", by="lower_kafka"
        ),
        security_groups=lens("broker_node_group_info.security_groups", "texts"),
    ),
    _database(
        "aws_msk_serverless_cluster",
        "msk",
        _always_encrypted("https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html"),
        name=lens("cluster_name"),
        security_groups=lens("vpc_config.security_group_ids", "texts"),
    ),
    _database(
        "aws_mq_broker",
        "mq",
        _private("mq_broker"),
        _always_encrypted("https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/data-protection.html"),
        name=lens("broker_name"),
        publicly_accessible=lens("publicly_accessible", "boolean"),
        password=lens("user.password"),
        security_groups=lens("security_groups", "texts"),
    ),
    *(
        _database(
            type_,
            "opensearch",
            name=lens("domain_name"),
            encrypted=lens("encrypt_at_rest.enabled", "boolean"),
            password=lens("advanced_security_options.master_user_options.master_user_password"),
            security_groups=lens("vpc_options.security_group_ids", "texts"),
        )
        for type_ in ("aws_opensearch_domain", "aws_elasticsearch_domain")
    ),
    _database(
        "aws_redshift_cluster",
        "redshift",
        ("publicly_accessible", _changed("public", "private")),
        ("encrypted", _changed("not encrypted", "encrypted")),
        name=lens("cluster_identifier"),
        publicly_accessible=lens("publicly_accessible", "boolean"),
        encrypted=lens("encrypted", "boolean"),
        password=lens("master_password", also=("master_password_wo",)),
        security_groups=_GROUPS,
    ),
    _database(
        "aws_redshiftserverless_workgroup",
        "redshift",
        _private("redshiftserverless_workgroup"),
        _always_encrypted("https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-namespace.html"),
        name=lens("workgroup_name"),
        publicly_accessible=lens("publicly_accessible", "boolean"),
        security_groups=lens("security_group_ids", "texts"),
    ),
    _database(
        "aws_redshiftserverless_namespace",
        "redshift",
        _always_encrypted("https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-namespace.html"),
        name=lens("namespace_name"),
        password=lens("admin_user_password", also=("admin_user_password_wo",)),
    ),
)
