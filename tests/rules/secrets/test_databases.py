"""Databases: whose storage is encrypted, and which can be reached from the internet."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

_INSTANCE = """\
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, %s}
"""


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        ("AllocatedStorage: '20'", "fail"),
        ("StorageEncrypted: false", "fail"),
        ("StorageEncrypted: true", ""),
        ("DBSnapshotIdentifier: last", "unsure"),  # as the snapshot is
        ("SourceDBInstanceIdentifier: first", "unsure"),
        ("DBSnapshotIdentifier: last, StorageEncrypted: true", ""),
        ("DBClusterIdentifier: other", ""),  # the cluster's own finding
    ],
)
def test_an_instance_of_rds(stated: str, verdict: str) -> None:
    found = judge("SK341", _INSTANCE % stated)
    assert [f.verdict for f in found.findings] == ([verdict] if verdict else [])


def test_a_cluster_and_its_instances_are_one_finding() -> None:
    found = judge(
        "SK341",
        "Resources:\n  All: {Type: AWS::RDS::DBCluster, Properties: {Engine: mysql}}\n"
        "  One: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref All}}\n"
        "  Two: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref All}}\n",
    )
    assert [f.message for f in found.fails] == ["the storage of `All` is not encrypted"]


@pytest.mark.parametrize(
    ("attributes", "verdict"),
    [
        ("", "fail"),
        ("storage_encrypted = true", ""),
        ('snapshot_identifier = "last"', "unsure"),
        ('restore_to_point_in_time {\n source_db_instance_identifier = "first"\n}', "unsure"),
    ],
)
def test_an_instance_of_terraform(attributes: str, verdict: str) -> None:
    text = f'resource "aws_db_instance" "db" {{\n instance_class = "db.t4g.micro"\n{attributes}\n}}\n'
    found = judge("SK341", text)
    assert [f.verdict for f in found.findings] == ([verdict] if verdict else [])


def test_caches_of_which_none_can_be_encrypted_are_not_asked() -> None:
    assert not judge(
        "SK341", "Resources:\n  C: {Type: AWS::ElastiCache::CacheCluster, Properties: {Engine: memcached}}\n"
    ).findings


@pytest.mark.parametrize(("word", "count"), [("DISABLED", 0), ("SERVICE_PROVIDED_EIPS", 1)])
def test_public_access_of_kafka_is_a_word(word: str, count: int) -> None:
    found = judge(
        "SK615",
        "Resources:\n  Events:\n    Type: AWS::MSK::Cluster\n    Properties:\n"
        f"      BrokerNodeGroupInfo: {{ConnectivityInfo: {{PublicAccess: {{Type: {word}}}}}}}\n",
    )
    assert len(found.fails) == count


def test_a_function_that_has_the_address_is_concerned() -> None:
    found = judge(
        "SK615",
        (_INSTANCE % "PubliclyAccessible: true")
        + "  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: arn:aws:iam::111122223333:role/x\n"
        "      Environment: {Variables: {HOST: !GetAtt Db.Endpoint.Address}}\n",
    )
    assert found.by_function == {"Fn": "fail"}


@pytest.mark.parametrize(
    ("resource", "verdict"),
    [
        ("AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql}", "unsure"),  # newer ones are, whatever is written
        ("AWS::RDS::DBCluster, Properties: {Engine: mysql, ReplicationSourceIdentifier: other}", "unsure"),
        ("AWS::RDS::DBCluster, Properties: {Engine: mysql, SnapshotIdentifier: ''}", "fail"),
        ("AWS::RDS::DBCluster, Properties: {Engine: aurora, EngineMode: serverless}", ""),
        ("AWS::ElastiCache::ReplicationGroup, Properties: {Engine: valkey}", ""),
        ("AWS::ElastiCache::ReplicationGroup, Properties: {Engine: redis}", "fail"),
        ("AWS::ElastiCache::ReplicationGroup, Properties: {GlobalReplicationGroupId: all}", "unsure"),
    ],
)
def test_what_is_encrypted_without_a_word(resource: str, verdict: str) -> None:
    found = judge("SK341", f"Resources:\n  Db: {{Type: {resource}}}\n")
    assert [f.verdict for f in found.findings] == ([verdict] if verdict else [])


@pytest.mark.parametrize(
    ("resource", "verdict"),
    [
        ('"aws_rds_cluster" "db" {\n engine = "aurora-mysql"\n}', "unsure"),
        ('"aws_rds_cluster" "db" {\n engine = "aurora"\n engine_mode = "serverless"\n}', ""),
        ('"aws_rds_cluster" "db" {\n engine = "mysql"\n}', "fail"),
        ('"aws_elasticache_replication_group" "db" {\n global_replication_group_id = "all"\n}', "unsure"),
    ],
)
def test_what_terraform_makes_encrypted_without_a_word(resource: str, verdict: str) -> None:
    found = judge("SK341", f"resource {resource}\n")
    assert [f.verdict for f in found.findings] == ([verdict] if verdict else [])


@pytest.mark.parametrize(("stated", "verdict"), [("Port: 5432", "unsure"), ("PubliclyAccessible: false", "")])
def test_the_network_decides_on_an_instance_that_says_nothing(stated: str, verdict: str) -> None:
    found = judge("SK615", _INSTANCE % stated)
    assert [f.verdict for f in found.findings] == ([verdict] if verdict else [])
