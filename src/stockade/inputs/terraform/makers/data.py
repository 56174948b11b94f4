"""Buckets with their parts, tables, databases, repositories, secrets and keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from stockade.inputs.convert import mapped
from stockade.inputs.databases import AS_THE_PRIMARY, AURORA, OLD_OR_NEW, as_its_source
from stockade.inputs.terraform.choices import default_of, either
from stockade.inputs.terraform.makers.messaging import embedded_policy
from stockade.inputs.terraform.walk import open_at
from stockade.model.app import Other, Repository
from stockade.model.value import Default, Doubt, Known, Relation, ServiceDefault, Unknown, Value, one_of

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared, Lowering

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_BUCKET = "aws_s3_bucket"
_BUCKET_PARTS = (
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_acl",
    "aws_s3_bucket_logging",
)


# ---------------------------------------------------------------------------------------------------------------- buckets


def lower_bucket(lowering: Lowering, found: Declared) -> None:
    """aws_s3_bucket, with what is stated of it beside it and what is still written inside of it."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    versioned = lowering.value_at(found, found.block, "versioning", "enabled", as_="boolean")
    if versioned is not None:
        fields["versioning"] = mapped(versioned, lambda on: "Enabled" if on else "Suspended")
    for part in _BUCKET_PARTS:
        lowering.join(found, part, "bucket", fields)
    lowering.add_stated(found, fields)
    embedded_policy(lowering, found)


def lower_bucket_part(lowering: Lowering, found: Declared) -> None:
    """What a bucket has as a resource of its own."""
    lowering.add_joined(found, "bucket", _BUCKET)


def lower_notification(lowering: Lowering, found: Declared) -> None:
    """aws_s3_bucket_notification: one record for each thing that is told."""
    lowering.add(Other(**lowering.base(found)))
    bucket = lowering.value_at(found, found.block, "bucket")
    own: dict[str, Any] = {} if bucket is None else {"bucket_name": bucket}
    for part in ("lambda_function", "queue", "topic"):
        for index, item in enumerate(lowering.items(found, found.block, part)):
            suffix = f"/{part}/{index}"
            lowering.add_part(found, f"aws_s3_bucket_notification/{part}", item, suffix=suffix, **own)
        for doubt in open_at(found.block, part):
            why = f"how many there are is not known: {doubt.why}"
            lowering.gap(found, found.key_span, f"`{part}`", why, kind="expression", remedy=doubt.remedy, hides=True)


def lower_access_point(lowering: Lowering, found: Declared) -> None:
    """aws_s3_access_point, as the policy that it puts in front of its bucket."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    lowering.join(found, "aws_s3control_access_point_policy", "access_point_arn", fields)
    lowering.add_stated(found, fields)


def lower_access_point_policy(lowering: Lowering, found: Declared) -> None:
    """aws_s3control_access_point_policy: a part of the access point."""
    lowering.add_joined(found, "access_point_arn", "aws_s3_access_point")


# ------------------------------------------------------------------------------------------------------- secrets and keys


def lower_secret(lowering: Lowering, found: Declared) -> None:
    """aws_secretsmanager_secret, with the value that is written for it."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    lowering.join(found, "aws_secretsmanager_secret_version", "secret_id", fields)
    lowering.add_stated(found, fields)
    embedded_policy(lowering, found)


def lower_secret_version(lowering: Lowering, found: Declared) -> None:
    """aws_secretsmanager_secret_version: a part of the secret; of one elsewhere it is kept as that secret."""
    names = lowering.value_at(found, found.block, "secret_id")
    if names is not None and lowering.resolve(names, "aws_secretsmanager_secret"):
        lowering.add_joined(found, "secret_id", "aws_secretsmanager_secret")
    else:
        lowering.add_by_table(found, **({} if names is None else {"name": names}))


def lower_key(lowering: Lowering, found: Declared) -> None:
    """A key of KMS; a replica rotates when its primary key does."""
    fields: dict[str, Any] = {}
    if found.type == "aws_kms_replica_key":
        primary = lowering.value_at(found, found.block, "primary_key_arn")
        keys = [] if primary is None else lowering.resolve(primary, "aws_kms_key")
        for when, key in keys:
            rotation = lowering.value_at(key, key.block, "enable_key_rotation", as_="boolean")
            if rotation is not None:
                off: Value[bool] = Default(v=False, origin=ServiceDefault(_DOCS + "kms_key"))
                fields["rotation"] = either(when, rotation, fields.get("rotation", off))
        if not keys:
            doubt = Doubt(
                "its primary key is not in the configuration", "scan the code that declares it too", "key elsewhere"
            )
            fields["rotation"] = Unknown(doubt=doubt, origin=found.places.block(found.span, found.key_span))
    lowering.add_by_table(found, **fields)
    embedded_policy(lowering, found)


# ----------------------------------------------------------------------------------------------------------- repositories


def lower_repository(lowering: Lowering, found: Declared) -> None:
    """aws_ecr_repository; a registry may be told to scan the images of repositories when they are pushed."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    before = fields.get("scan_on_push", default_of(Repository, "scan_on_push"))
    fields["scan_on_push"] = registry_scans(lowering, fields.get("name"), before)
    lowering.add_stated(found, fields)


def lower_registry(lowering: Lowering, found: Declared) -> None:
    """aws_ecr_registry_scanning_configuration: the repositories say what it means for them."""
    lowering.add(Other(**lowering.base(found)))


def registry_scans(lowering: Lowering, name: Value[str] | None, before: Value[bool]) -> Value[bool]:
    """Whether images are scanned when they are pushed, after what the registry says of all its repositories."""
    scans = before
    for registry in lowering.of_type("aws_ecr_registry_scanning_configuration"):
        for item in lowering.items(registry, registry.block, "rule"):
            frequency = lowering.value_at(registry, item.block, "scan_frequency")
            filters = [
                value
                for block in lowering.items(registry, item.block, "repository_filter")
                if (value := lowering.value_at(registry, block.block, "filter")) is not None
            ]
            if frequency is None or not frequency.one_of("SCAN_ON_PUSH", "CONTINUOUS_SCAN").is_yes:
                continue
            if any(_covers(value, name) for value in filters):
                yes: Value[bool] = Known(v=True, origin=frequency.origin)
                scans = either((*registry.exists, *item.when), yes, scans)
    return scans


def _covers(value: Value[str], name: Value[str] | None) -> bool:
    """Whether a filter of a registry is known to be for a repository."""
    if not isinstance(value, Known):
        return False
    pattern = ".*".join(re.escape(piece) for piece in str(value.v).split("*"))
    if pattern == ".*":
        return True
    return isinstance(name, Known) and re.fullmatch(pattern, str(name.v)) is not None


# ----------------------------------------------------------------------------------------------------------------- tables


def lower_table(lowering: Lowering, found: Declared) -> None:
    """aws_dynamodb_table: a view of its stream says something only where it has one."""
    fields: dict[str, Any] = {}
    view = lowering.value_at(found, found.block, "stream_view_type")
    enabled = lowering.value_at(found, found.block, "stream_enabled", as_="boolean")
    if view is not None and enabled is not None:
        off = enabled.where(lambda on: on is not True)
        nothing: Value[Any] = Default(v=None, origin=enabled.origin)
        options = [(when, nothing if answer.is_yes else view) for when, answer in off.split()]
        fields["stream_view"] = one_of(options, view.origin)
    lowering.add_by_table(found, **fields)


# -------------------------------------------------------------------------------------------------------------- databases


def lower_cluster(lowering: Lowering, found: Declared) -> None:
    """aws_rds_cluster: one that is serverless in the first way is encrypted if nothing says otherwise."""
    lowering.add_by_table(found, **_encrypted_cluster(lowering, found))


def _encrypted_cluster(lowering: Lowering, found: Declared) -> dict[str, Any]:
    copied = _copied(lowering, found)
    if copied:
        return copied
    fields = _encrypted(lowering, found, "storage_encrypted", "engine_mode", "serverless")
    engine = lowering.value_at(found, found.block, "engine")
    if fields["encrypted"].is_true().is_yes or engine is None or engine.matches(AURORA).is_no:
        return fields
    return {"encrypted": Unknown(doubt=OLD_OR_NEW, origin=engine.origin)}


def lower_replication_group(lowering: Lowering, found: Declared) -> None:
    """aws_elasticache_replication_group: one of Valkey is encrypted if nothing says otherwise."""
    primary = lowering.value_at(found, found.block, "global_replication_group_id")
    if primary is not None:
        lowering.add_by_table(found, encrypted=Unknown(doubt=AS_THE_PRIMARY, origin=primary.origin))
        return
    lowering.add_by_table(found, **_encrypted(lowering, found, "at_rest_encryption_enabled", "engine", "valkey"))


# What a database is made from, whose encryption it has then.
_COPIED = ("snapshot_identifier", "replicate_source_db", "replication_source_identifier", "global_cluster_identifier")


def lower_database(lowering: Lowering, found: Declared) -> None:
    """A database with storage of its own."""
    lowering.add_by_table(found, **_copied(lowering, found))


def _copied(lowering: Lowering, found: Declared) -> dict[str, Any]:
    """Whether a database is encrypted, where that is written, or may follow from what it is made from."""
    stated = lowering.value_at(found, found.block, "storage_encrypted", as_="boolean")
    if stated is not None:
        return {"encrypted": stated}
    for name in _COPIED:
        source = lowering.value_at(found, found.block, name)
        if source is not None and not source.is_("").is_yes:
            return {"encrypted": as_its_source(name, source)}
    if list(lowering.items(found, found.block, "restore_to_point_in_time")):
        doubt = Doubt("it is encrypted if what it is restored from is", "look at that", "reference")
        return {"encrypted": Unknown(doubt=doubt, origin=found.places.block(found.span, found.key_span))}
    return {}


def _encrypted(lowering: Lowering, found: Declared, attribute: str, by: str, word: str) -> dict[str, Any]:
    stated = lowering.value_at(found, found.block, attribute, as_="boolean")
    if stated is not None:
        return {"encrypted": stated}
    form = lowering.value_at(found, found.block, by)
    origin = ServiceDefault(_DOCS + found.type.removeprefix("aws_"))
    if form is None:
        return {"encrypted": Default(v=False, origin=origin)}
    options: list[tuple[Any, Value[Any]]] = []
    for when, answer in form.is_(word).split():
        if answer.truth == "maybe":
            why = f"it depends on whether `{by}` is `{word}`: {answer.doubts[0].why}"
            doubt = Doubt(why, answer.doubts[0].remedy, "reference")
            options.append((when, Unknown(doubt=doubt, origin=form.origin)))
        else:
            options.append((when, Default(v=answer.is_yes, origin=origin)))
    return {"encrypted": one_of(options, origin)}


def lower_cluster_instance(lowering: Lowering, found: Declared) -> None:
    """aws_rds_cluster_instance: its storage and its security groups are its cluster's."""
    fields: dict[str, Any] = {}
    cluster = lowering.value_at(found, found.block, "cluster_identifier")
    owners = [] if cluster is None else lowering.resolve(cluster, "aws_rds_cluster")
    if len(owners) == 1:
        owner = owners[0][1]
        fields |= _encrypted_cluster(lowering, owner)
        fields["security_groups"] = lowering.texts_at(owner, owner.block, "vpc_security_group_ids")
    else:
        doubt = Doubt(
            "its cluster is not in the configuration", "scan the code that declares it too", "cluster elsewhere"
        )
        fields["encrypted"] = Unknown(doubt=doubt, origin=found.places.block(found.span, found.key_span))
        fields["security_groups"] = Relation((), complete=False, gaps=(doubt,))
    lowering.add_by_table(found, **fields)


def lower_kafka(lowering: Lowering, found: Declared) -> None:
    """aws_msk_cluster: public access is a word, not a truth value."""
    path = ("broker_node_group_info", "connectivity_info", "public_access", "type")
    stated = lowering.value_at(found, found.block, *path)
    fields: dict[str, Any] = {}
    if stated is not None:
        fields["publicly_accessible"] = mapped(stated, lambda word: word != "DISABLED")
    lowering.add_by_table(found, **fields)


def lower_domain(lowering: Lowering, found: Declared) -> None:
    """aws_opensearch_domain and aws_elasticsearch_domain, with the access policy that is written inside."""
    lowering.add_by_table(found)
    embedded_policy(lowering, found, "access_policies")


MAKERS = {
    _BUCKET: lower_bucket,
    **dict.fromkeys(_BUCKET_PARTS, lower_bucket_part),
    "aws_s3_bucket_notification": lower_notification,
    "aws_s3_access_point": lower_access_point,
    "aws_s3control_access_point_policy": lower_access_point_policy,
    "aws_secretsmanager_secret": lower_secret,
    "aws_secretsmanager_secret_version": lower_secret_version,
    **dict.fromkeys(
        ("aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key"), lower_key
    ),
    "aws_ecr_repository": lower_repository,
    "aws_ecr_registry_scanning_configuration": lower_registry,
    "aws_dynamodb_table": lower_table,
    **dict.fromkeys(("aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster"), lower_database),
    "aws_rds_cluster": lower_cluster,
    "aws_rds_cluster_instance": lower_cluster_instance,
    "aws_elasticache_replication_group": lower_replication_group,
    "aws_msk_cluster": lower_kafka,
    "aws_opensearch_domain": lower_domain,
    "aws_elasticsearch_domain": lower_domain,
}
