"""Policies that are put on resources. Property names: AWS CloudFormation Template Reference, as of 2026-11-21.

A type with a slash is a policy that is written inside of the resource that it guards.
"""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app


def _policy(type_: str, targets: str, document: str = "PolicyDocument") -> Table:
    fields = {"statements": lens(document, "statements")}
    if targets:
        fields["targets"] = lens(targets, "texts")
    return Table(type_, app.Policy, fields, (("form", "resource"),))


TABLES: tuple[Table, ...] = (
    _policy("AWS::SQS::QueuePolicy", "Queues"),
    _policy("AWS::SQS::QueueInlinePolicy", "Queue"),
    _policy("AWS::SNS::TopicPolicy", "Topics"),
    _policy("AWS::SNS::TopicInlinePolicy", "TopicArn"),
    _policy("AWS::S3::BucketPolicy", "Bucket"),
    _policy("AWS::S3::AccessPoint", "Bucket", "Policy"),
    _policy("AWS::SecretsManager::ResourcePolicy", "SecretId", "ResourcePolicy"),
    _policy("AWS::Kinesis::ResourcePolicy", "ResourceArn", "ResourcePolicy"),
    _policy("AWS::Logs::ResourcePolicy", ""),
    _policy("AWS::EventSchemas::RegistryPolicy", "RegistryName", "Policy"),
    _policy("AWS::Logs::Destination", "", "DestinationPolicy"),
    # The older form of an event bus's policy is made by code: its parts are properties of the resource.
    _policy("AWS::Events::EventBusPolicy", "EventBusName", "Statement"),
    _policy("AWS::KMS::Key/KeyPolicy", "", "KeyPolicy"),
    _policy("AWS::KMS::ReplicaKey/KeyPolicy", "", "KeyPolicy"),
    _policy("AWS::ECR::Repository/RepositoryPolicyText", "", "RepositoryPolicyText"),
    _policy("AWS::EFS::FileSystem/FileSystemPolicy", "", "FileSystemPolicy"),
    _policy("AWS::DynamoDB::Table/ResourcePolicy", "", "ResourcePolicy.PolicyDocument"),
    _policy("AWS::DynamoDB::GlobalTable/Replicas", "", "Replicas.0.ResourcePolicy.PolicyDocument"),
    _policy("AWS::Events::EventBus/Policy", "", "Policy"),
    _policy("AWS::OpenSearchService::Domain/AccessPolicies", "", "AccessPolicies"),
    _policy("AWS::Elasticsearch::Domain/AccessPolicies", "", "AccessPolicies"),
)
