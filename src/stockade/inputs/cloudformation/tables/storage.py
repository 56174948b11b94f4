"""Buckets, tables, databases, file systems and repositories.

Property names: AWS CloudFormation Template Reference, as of 2026-11-21.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app

_RULE = "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault."


def _database(type_: str, form: str, **fields: Lens) -> Table:
    return Table(type_, app.Database, {**fields, "tags": lens("Tags", "tags")}, (("form", form),))


TABLES: tuple[Table, ...] = (
    Table(
        "AWS::S3::Bucket",
        app.Bucket,
        {
            "name": lens("BucketName"),
            "encryption": lens(_RULE + "SSEAlgorithm"),
            "kms_key": lens(_RULE + "KMSMasterKeyID"),
            "block_public_acls": lens("PublicAccessBlockConfiguration.BlockPublicAcls", "boolean"),
            "block_public_policy": lens("PublicAccessBlockConfiguration.BlockPublicPolicy", "boolean"),
            "ignore_public_acls": lens("PublicAccessBlockConfiguration.IgnorePublicAcls", "boolean"),
            "restrict_public_buckets": lens("PublicAccessBlockConfiguration.RestrictPublicBuckets", "boolean"),
            "acl": lens("AccessControl"),
            "versioning": lens("VersioningConfiguration.Status"),
            "logging": lens("LoggingConfiguration.DestinationBucketName"),
            "tags": lens("Tags", "tags"),
        },
    ),
    *(
        Table(
            f"AWS::S3::Bucket/{part}",
            app.Notification,
            {
                "bucket_name": lens("BucketName", by="lower_bucket"),
                "destination": lens(destination),
                "events": lens("Event", "texts"),
                **{
                    f"key_{name}": lens("Filter.S3Key.Rules.*.Value", by="lower_bucket", item=(("Name", name),))
                    for name in ("prefix", "suffix")
                },
            },
        )
        for part, destination in (
            ("LambdaConfigurations", "Function"),
            ("QueueConfigurations", "Queue"),
            ("TopicConfigurations", "Topic"),
        )
    ),
    Table(
        "AWS::DynamoDB::Table",
        app.Table,
        {
            "name": lens("TableName"),
            "kms_key": lens("SSESpecification.KMSMasterKeyId"),
            "customer_key": lens("SSESpecification.SSEEnabled", "boolean"),
            "point_in_time_recovery": lens("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "boolean"),
            "deletion_protection": lens("DeletionProtectionEnabled", "boolean"),
            "stream_view": lens("StreamSpecification.StreamViewType"),
            "expires": lens("TimeToLiveSpecification.Enabled", "boolean"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::DynamoDB::GlobalTable",
        app.Table,
        {
            "name": lens("TableName"),
            "kms_key": lens("Replicas.0.SSESpecification.KMSMasterKeyId"),
            "customer_key": lens("SSESpecification.SSEEnabled", "boolean"),
            "point_in_time_recovery": lens(
                "Replicas.0.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "boolean"
            ),
            "deletion_protection": lens("Replicas.0.DeletionProtectionEnabled", "boolean"),
            "stream_view": lens("StreamSpecification.StreamViewType"),
            "expires": lens("TimeToLiveSpecification.Enabled", "boolean"),
            "tags": lens("Replicas.0.Tags", "tags"),
        },
    ),
    Table(
        "AWS::ECR::Repository",
        app.Repository,
        {
            "name": lens("RepositoryName"),
            "tag_mutability": lens("ImageTagMutability"),
            "scan_on_push": lens("ImageScanningConfiguration.ScanOnPush", "boolean"),
            "kms_key": lens("EncryptionConfiguration.KmsKey"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::EFS::FileSystem",
        app.FileSystem,
        {
            "encrypted": lens("Encrypted", "boolean"),
            "kms_key": lens("KmsKeyId"),
            "tags": lens("FileSystemTags", "tags"),
        },
    ),
    Table(
        "AWS::EFS::AccessPoint",
        app.AccessPoint,
        {
            "file_system": lens("FileSystemId"),
            "root": lens("RootDirectory.Path"),
            "user": lens("PosixUser.Uid"),
            "tags": lens("AccessPointTags", "tags"),
        },
    ),
    _database(
        "AWS::RDS::DBInstance",
        "rds",
        name=lens("DBInstanceIdentifier"),
        cluster=lens("DBClusterIdentifier"),
        publicly_accessible=lens("PubliclyAccessible", "boolean"),
        encrypted=lens("StorageEncrypted", "boolean", by="lower_database"),
        password=lens("MasterUserPassword"),
        security_groups=lens("VPCSecurityGroups", "texts"),
    ),
    _database(
        "AWS::RDS::DBCluster",
        "rds",
        name=lens("DBClusterIdentifier"),
        publicly_accessible=lens("PubliclyAccessible", "boolean"),
        encrypted=lens("StorageEncrypted", "boolean", by="lower_database"),
        password=lens("MasterUserPassword"),
        security_groups=lens("VpcSecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::RDS::DBProxy",
        "rds-proxy",
        name=lens("DBProxyName"),
        security_groups=lens("VpcSecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::DocDB::DBCluster",
        "documentdb",
        name=lens("DBClusterIdentifier"),
        encrypted=lens("StorageEncrypted", "boolean", by="lower_database"),
        password=lens("MasterUserPassword"),
        security_groups=lens("VpcSecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::Neptune::DBCluster",
        "neptune",
        name=lens("DBClusterIdentifier"),
        encrypted=lens("StorageEncrypted", "boolean", by="lower_database"),
        security_groups=lens("VpcSecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::ElastiCache::CacheCluster",
        "elasticache",
        name=lens("ClusterName"),
        encrypted=lens("TransitEncryptionEnabled", "boolean"),
        security_groups=lens("VpcSecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::ElastiCache::ReplicationGroup",
        "elasticache",
        name=lens("ReplicationGroupId"),
        encrypted=lens("AtRestEncryptionEnabled", "boolean", by="lower_replication_group"),
        password=lens("AuthToken"),
        security_groups=lens("SecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::ElastiCache::ServerlessCache",
        "elasticache",
        name=lens("ServerlessCacheName"),
        security_groups=lens("SecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::MemoryDB::Cluster",
        "memorydb",
        name=lens("ClusterName"),
        security_groups=lens("SecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::DAX::Cluster",
        "dax",
        name=lens("ClusterName"),
        encrypted=lens("SSESpecification.SSEEnabled", "boolean"),
        security_groups=lens("SecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::MSK::Cluster",
        "msk",
        name=lens("ClusterName"),
        publicly_accessible=lens("BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type", by="lower_kafka"),
        security_groups=lens("BrokerNodeGroupInfo.SecurityGroups", "texts"),
    ),
    _database(
        "AWS::MSK::ServerlessCluster",
        "msk",
        name=lens("ClusterName"),
        security_groups=lens("VpcConfigs.*.SecurityGroups", "texts"),
    ),
    _database(
        "AWS::AmazonMQ::Broker",
        "mq",
        name=lens("BrokerName"),
        publicly_accessible=lens("PubliclyAccessible", "boolean"),
        password=lens("Users.0.Password"),
        security_groups=lens("SecurityGroups", "texts"),
    ),
    *(
        _database(
            type_,
            "opensearch",
            name=lens("DomainName"),
            encrypted=lens("EncryptionAtRestOptions.Enabled", "boolean"),
            password=lens("AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword"),
            security_groups=lens("VPCOptions.SecurityGroupIds", "texts"),
        )
        for type_ in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
    ),
    _database(
        "AWS::Redshift::Cluster",
        "redshift",
        name=lens("ClusterIdentifier"),
        publicly_accessible=lens("PubliclyAccessible", "boolean"),
        encrypted=lens("Encrypted", "boolean"),
        password=lens("MasterUserPassword"),
        security_groups=lens("VpcSecurityGroupIds", "texts"),
    ),
    _database(
        "AWS::RedshiftServerless::Workgroup",
        "redshift",
        name=lens("WorkgroupName"),
        publicly_accessible=lens("PubliclyAccessible", "boolean"),
        security_groups=lens("SecurityGroupIds", "texts"),
    ),
)
