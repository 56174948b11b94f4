"""Buckets, secrets, keys and the policies that are written inside of what they guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.cloudformation.makers.messaging import embedded_policy
from stockade.inputs.convert import mapped
from stockade.inputs.databases import AS_THE_PRIMARY, AURORA, OLD_OR_NEW, as_its_source
from stockade.model.kinds.base import NULL
from stockade.model.value import (
    Default,
    Doubt,
    Known,
    Relation,
    ServiceDefault,
    Text,
    Unknown,
    Value,
    When,
    conjoin,
    one_of,
    otherwise,
)
from stockade.text.node import Mapping

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.lower import Declared, Item, Lowering


def lower_bucket(lowering: Lowering, found: Declared) -> None:
    """AWS::S3::Bucket with what it notifies."""
    bucket = lowering.add_by_table(found)
    for part in ("LambdaConfigurations", "QueueConfigurations", "TopicConfigurations"):
        for index, item in enumerate(lowering.items(found.properties, "NotificationConfiguration", part)):
            own: dict[str, Any] = {"bucket_name": lowering.reference(found.id, "Ref", bucket.origin)}
            own |= key_filters(lowering, item, "Filter", "S3Key", "Rules")
            lowering.add_part(found, f"AWS::S3::Bucket/{part}", item, suffix=f"/{part}/{index}", **own)


def key_filters(lowering: Lowering, item: Item, *path: str) -> dict[str, Value[Any]]:
    """What the keys begin and end with that a notification tells of: rules, each of which has a name, in any case."""
    stated: dict[str, list[tuple[When, Value[Any]]]] = {"prefix": [], "suffix": []}
    with lowering.evaluator.assuming(item.when):
        for rule in lowering.items(item.node, *path):
            name, value = lowering.value_at(rule.node, "Name"), lowering.value_at(rule.node, "Value")
            if name is None or value is None:
                continue
            word = str(name.only() or "").lower()
            if not word:  # it may be about either end
                value = Unknown(doubt=Doubt("which end of a key the rule is about is not known"), origin=name.origin)
            for end in (word,) if word else stated:
                leaves = [(conjoin(rule.when, when), leaf) for when, leaf in value.leaves()]
                stated.setdefault(end, []).extend((when, leaf) for when, leaf in leaves if when is not None)
                stated[end] += [(when, NULL) for when in otherwise(rule.when)]
    return {f"key_{end}": one_of(stated[end], stated[end][0][1].origin) for end in ("prefix", "suffix") if stated[end]}


def lower_secret(lowering: Lowering, found: Declared) -> None:
    """AWS::SecretsManager::Secret."""
    fields: dict[str, Any] = {}
    cases = lowering.evaluator.lookup(found.properties, ("GenerateSecretString",))
    written = next((case for case in cases if case.node is not None), None)
    if written is not None and written.node is not None:
        origin = lowering.evaluator.origin(written.node, written.key_span)
        fields["generated"] = one_of(
            [(case.when, Known(v=case.node is not None, origin=origin)) for case in cases], origin
        )
    lowering.add_by_table(found, **fields)


def lower_key(lowering: Lowering, found: Declared) -> None:
    """AWS::KMS::Key and AWS::KMS::ReplicaKey; a replica rotates when its primary key does."""
    fields: dict[str, Any] = {}
    if found.type == "AWS::KMS::ReplicaKey":
        primary = lowering.value_at(found.properties, "PrimaryKeyArn")
        for other in lowering.of_type("AWS::KMS::Key"):
            if lowering.refers_to(primary, other):
                rotation = lowering.value_at(other.properties, "EnableKeyRotation", as_="boolean")
                if rotation is not None:
                    fields["rotation"] = rotation
    lowering.add_by_table(found, **fields)
    embedded_policy(lowering, found, "KeyPolicy")


def lower_global_table(lowering: Lowering, found: Declared) -> None:
    """AWS::DynamoDB::GlobalTable."""
    lowering.add_by_table(found)
    embedded_policy(lowering, found, "Replicas", "0", "ResourcePolicy", "PolicyDocument")


# What a database is made from, whose encryption it has then whatever is written beside it.
_COPIED = (
    *("DBSnapshotIdentifier", "SnapshotIdentifier", "DBClusterSnapshotIdentifier", "SourceDBInstanceIdentifier"),
    *("SourceDBClusterIdentifier", "SourceDbiResourceId", "SourceDBInstanceAutomatedBackupsArn"),
    *("ReplicationSourceIdentifier", "GlobalClusterIdentifier"),
)
_RDS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"


def lower_database(lowering: Lowering, found: Declared) -> None:
    """A database with storage: that of an instance in a cluster is the cluster's."""
    cluster = lowering.value_at(found.properties, "DBClusterIdentifier")
    if found.type != "AWS::RDS::DBInstance" or cluster is None:
        lowering.add_by_table(found, **_encrypted(lowering, found))
        return
    owners = [other for other in lowering.of_type("AWS::RDS::DBCluster") if lowering.refers_to(cluster, other)]
    if len(owners) == 1:
        lowering.add_by_table(found, **_encrypted(lowering, owners[0]))
        return
    doubt = Doubt("its cluster is not in the template", "scan the template that declares it too", "cluster elsewhere")
    lowering.add_by_table(found, encrypted=Unknown(doubt=doubt, origin=cluster.origin))


def _encrypted(lowering: Lowering, found: Declared) -> dict[str, Any]:
    """Whether a database is encrypted, where that is written or is not the service's default."""
    stated = lowering.value_at(found.properties, "StorageEncrypted", as_="boolean")
    if stated is not None:
        return {"encrypted": stated}
    for name in _COPIED:
        source = lowering.value_at(found.properties, name)
        if source is not None and not source.is_("").is_yes:
            return {"encrypted": as_its_source(name, source)}
    mode = lowering.value_at(found.properties, "EngineMode")
    if mode is not None and mode.is_("serverless").is_yes:  # Aurora Serverless v1 always is
        return {"encrypted": Default(v=True, origin=ServiceDefault(_RDS))}
    engine = lowering.value_at(found.properties, "Engine")
    if engine is not None and not engine.matches(AURORA).is_no:
        return {"encrypted": Unknown(doubt=OLD_OR_NEW, origin=engine.origin)}
    return {}


def lower_replication_group(lowering: Lowering, found: Declared) -> None:
    """AWS::ElastiCache::ReplicationGroup: one of Valkey is encrypted if nothing says otherwise."""
    stated = lowering.value_at(found.properties, "AtRestEncryptionEnabled", as_="boolean")
    engine = lowering.value_at(found.properties, "Engine")
    primary = lowering.value_at(found.properties, "GlobalReplicationGroupId")
    if primary is not None:
        lowering.add_by_table(found, encrypted=Unknown(doubt=AS_THE_PRIMARY, origin=primary.origin))
    elif stated is not None:
        lowering.add_by_table(found, encrypted=stated)
    elif engine is not None:
        lowering.add_by_table(found, encrypted=mapped(engine, lambda word: str(word).lower() == "valkey"))
    else:
        lowering.add_by_table(found)


def lower_kafka(lowering: Lowering, found: Declared) -> None:
    """AWS::MSK::Cluster: public access is a word, not a truth value."""
    path = ("BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type")
    stated = lowering.value_at(found.properties, *path)
    lowering.add_by_table(
        found, **({} if stated is None else {"publicly_accessible": mapped(stated, lambda word: word != "DISABLED")})
    )


_POLICY_AT = {
    "AWS::ECR::Repository": ("RepositoryPolicyText",),
    "AWS::EFS::FileSystem": ("FileSystemPolicy",),
    "AWS::DynamoDB::Table": ("ResourcePolicy", "PolicyDocument"),
    "AWS::OpenSearchService::Domain": ("AccessPolicies",),
    "AWS::Elasticsearch::Domain": ("AccessPolicies",),
}


def lower_guarded(lowering: Lowering, found: Declared) -> None:
    """A resource that holds its own policy."""
    lowering.add_by_table(found)
    embedded_policy(lowering, found, *_POLICY_AT[found.type])


def lower_user_pool(lowering: Lowering, found: Declared) -> None:
    """AWS::Cognito::UserPool: each trigger is a function's ARN, or a block that holds one."""
    triggers: list[Value[Any]] = []
    for item in lowering.block(found.properties, "LambdaConfig"):
        for entry in item.node.entries:
            if entry.key.raw == "KMSKeyID":
                continue
            block = type(entry.value) is Mapping and "LambdaArn" in entry.value
            path = (entry.key.raw, "LambdaArn") if block else (entry.key.raw,)
            value = lowering.value_at(item.node, *path)
            if isinstance(value, Known | Text) or (value is not None and not isinstance(value, Default)):
                triggers.append(lowering.evaluator.under(item.when, value))
    lowering.add_by_table(found, triggers=Relation(tuple(triggers)))


MAKERS = {
    "AWS::S3::Bucket": lower_bucket,
    "AWS::SecretsManager::Secret": lower_secret,
    "AWS::KMS::Key": lower_key,
    "AWS::KMS::ReplicaKey": lower_key,
    "AWS::DynamoDB::GlobalTable": lower_global_table,
    "AWS::Cognito::UserPool": lower_user_pool,
    **dict.fromkeys(
        ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"),
        lower_database,
    ),
    "AWS::ElastiCache::ReplicationGroup": lower_replication_group,
    "AWS::MSK::Cluster": lower_kafka,
    **dict.fromkeys(_POLICY_AT, lower_guarded),
}
