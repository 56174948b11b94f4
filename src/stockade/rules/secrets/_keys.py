"""What the rules about customer managed keys share."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Resource
from stockade.model.intent import Fix
from stockade.model.value import Tri, Value
from stockade.rules._base import Outcome, found
from stockade.rules._words import by_format, is_made

# How the keys that AWS manages are named: `alias/aws/sqs`, as an ARN too.
_OF_AWS = r"(?:arn:.*:)?alias/aws/.*"


# Where each kind names its key: in CloudFormation, and in Terraform.
_SETTINGS = {
    "bucket": (
        "`KMSMasterKeyID` in `BucketEncryption`, with the algorithm `aws:kms`",
        '`kms_master_key_id` in its `aws_s3_bucket_server_side_encryption_configuration`, with `sse_algorithm = "aws:kms"`',
    ),
    "table": (
        "`KMSMasterKeyId` in `SSESpecification`, with `SSEEnabled: true` and `SSEType: KMS`",
        "`kms_key_arn` in `server_side_encryption`, with `enabled = true`",
    ),
    "stream": (
        "`KeyId` in `StreamEncryption`, with `EncryptionType: KMS`",
        '`kms_key_id`, with `encryption_type = "KMS"`',
    ),
    "file-system": (
        "`KmsKeyId`, with `Encrypted: true`, of a new file system",
        "`kms_key_id`, with `encrypted = true`, of a new file system",
    ),
    "repository": (
        "`KmsKey` in `EncryptionConfiguration`, with `EncryptionType: KMS`, of a new repository",
        '`kms_key` in `encryption_configuration`, with `encryption_type = "KMS"`, of a new repository',
    ),
    "secret": ("`KmsKeyId`", "`kms_key_id`"),
    "parameter": ("`KeyId`", "`key_id`"),
    "queue": ("`KmsMasterKeyId`", "`kms_master_key_id`"),
    "topic": ("`KmsMasterKeyId`", "`kms_master_key_id`"),
    "event-bus": ("`KmsKeyIdentifier`", "`kms_key_identifier`"),
    "schedule": ("`KmsKeyArn`", "`kms_key_arn`"),
    "state-machine": (
        "`KmsKeyId` in `EncryptionConfiguration`, with `Type: CUSTOMER_MANAGED_KMS_KEY`",
        '`kms_key_id` in `encryption_configuration`, with `type = "CUSTOMER_MANAGED_KMS_KEY"`',
    ),
}


def has_own_key(key: Value[str]) -> Tri:
    """Whether a key is named, and is none that AWS manages."""
    return key.is_set() & ~key.reads(_OF_AWS)


def without_own_key(resource: Resource, noun: str, own: Tri, told: str = "") -> Iterator[Outcome]:
    """One outcome: the resource is encrypted, but not with a key of the account's own."""
    yield from found(
        ~own,
        subject=resource,
        at=resource,
        message=f"{noun} `{resource}` is not encrypted with a key of your own",
        help=f"make a KMS key for it, let in who reads and writes, and {_setting(resource)}",
        fix=Fix.advice("name a key of your own"),
        passes="it is encrypted with a key of your own",
        told=told,
    )


def _setting(resource: Resource) -> str:
    """Where to name the key, in the words of the format."""
    words, terraform = _SETTINGS[resource.kind]
    if resource.type == "AWS::Serverless::StateMachine":  # SAM has no such property, as of 2026-11-28
        return f"declare it as AWS::StepFunctions::StateMachine, which takes {words}"
    if resource.type == "AWS::DynamoDB::GlobalTable":
        words = "`KMSMasterKeyId` in `SSESpecification` of each replica, with `SSEEnabled: true` and `SSEType: KMS` for the table"
    if is_made(resource):
        words = f"{words}, under `resources.extensions`"
    return f"name it in {by_format(resource, words, terraform, words)}"
