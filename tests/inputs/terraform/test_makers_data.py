"""Buckets with their parts, secrets, keys, tables, repositories and databases in Terraform."""

from __future__ import annotations

import pytest

from stockade.model.app import Bucket, Database, Function, Key, Notification, Policy, Repository, Secret, Table
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_functions import FUNCTION, cases, one

BUCKET = """
resource "aws_s3_bucket" "b" {
  bucket = "orders-invoices"
  %s
}
"""


def test_the_parts_of_a_bucket_are_joined() -> None:
    text = (
        BUCKET % ""
        + """
resource "aws_s3_bucket_public_access_block" "b" {
  bucket            = aws_s3_bucket.b.id
  block_public_acls = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket_public_access_block.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "alias/orders"
    }
  }
}
resource "aws_s3_bucket_versioning" "b" {
  bucket = "orders-invoices"
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_acl" "b" {
  bucket = aws_s3_bucket.b.bucket
  acl    = "private"
}
resource "aws_s3_bucket_logging" "b" {
  bucket        = aws_s3_bucket.b.id
  target_bucket = "logs"
  target_prefix = "b/"
}
"""
    )
    app = app_of(text)
    bucket = one(app, Bucket)
    assert bucket.encryption.only() == "aws:kms"
    assert bucket.kms_key.only() == "alias/orders"
    assert bucket.versioning.only() == "Enabled"
    assert bucket.acl.only() == "private"
    assert bucket.logging.only() == "logs"
    assert bucket.block_public_acls.only() is True
    assert bucket.block_public_acls.is_set().is_yes
    # What the block leaves out is off, other than where there is no block at all.
    assert bucket.block_public_policy.only() is False
    assert bucket.block_public_policy.is_set().is_no
    assert app.gaps == ()
    assert bucket.site is not None
    joined = bucket.site.context.joined
    assert joined["block_public_policy"][0].address == "aws_s3_bucket_public_access_block.b"
    assert joined["versioning"][1].fields["versioning"].path == ("versioning_configuration", "status")


def test_without_parts_the_services_defaults_hold() -> None:
    bucket = one(app_of(BUCKET % ""), Bucket)
    assert bucket.block_public_policy.only() is True
    assert bucket.encryption.only() == "AES256"


def test_a_block_that_is_there_only_sometimes() -> None:
    text = (
        'variable "open" { type = bool }\n'
        + BUCKET % ""
        + """
resource "aws_s3_bucket_public_access_block" "b" {
  count             = var.open ? 1 : 0
  bucket            = aws_s3_bucket.b.id
  block_public_acls = false
}
"""
    )
    bucket = one(app_of(text), Bucket)
    assert cases(bucket.block_public_acls) == {"`var.open` is true": "false", "`var.open` is false": "true by default"}


def test_one_part_for_each_bucket() -> None:
    text = """
resource "aws_s3_bucket" "b" {
  for_each = { a = "Enabled", b = "Suspended" }
  bucket   = "orders-${each.key}"
}
resource "aws_s3_bucket_versioning" "b" {
  for_each = { a = "Enabled", b = "Suspended" }
  bucket   = aws_s3_bucket.b[each.key].id
  versioning_configuration {
    status = each.value
  }
}
"""
    app = app_of(text)
    assert one(app, Bucket, 'aws_s3_bucket.b["a"]').versioning.only() == "Enabled"
    assert one(app, Bucket, 'aws_s3_bucket.b["b"]').versioning.only() == "Suspended"


def test_what_is_still_written_inside_of_a_bucket() -> None:
    inside = """
  acl    = "public-read"
  policy = "{\\"Statement\\": []}"
  versioning {
    enabled = true
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aws:kms"
      }
    }
  }
"""
    app = app_of(BUCKET % inside)
    bucket = one(app, Bucket)
    assert bucket.acl.only() == "public-read"
    assert bucket.versioning.only() == "Enabled"
    assert bucket.encryption.only() == "aws:kms"
    assert one(app, Policy).guards == (bucket,)


def test_notifications_of_a_bucket() -> None:
    text = (
        FUNCTION % ""
        + BUCKET % ""
        + """
resource "aws_s3_bucket_notification" "b" {
  bucket = aws_s3_bucket.b.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.orders.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "in/"
  }
  queue {
    queue_arn = "arn:aws:sqs:eu-west-1:111122223333:q"
    events    = ["s3:ObjectRemoved:*"]
  }
}
"""
    )
    app = app_of(text)
    to_function, to_queue = app.of(Notification)
    assert to_function.bucket is one(app, Bucket)
    assert to_function.function is one(app, Function)
    assert [e.show() for e in to_queue.events] == ["s3:ObjectRemoved:*"]
    assert (to_function.key_prefix.only(), to_function.key_suffix.only()) == ("in/", None)
    assert to_function.key != to_queue.key
    assert [i.via for i in one(app, Function).invokers] == ["s3"]


def test_the_value_of_a_secret() -> None:
    text = """
resource "aws_secretsmanager_secret" "db" {
  name = "db"
}
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = "hunter2"
}
resource "aws_secretsmanager_secret_policy" "db" {
  secret_arn = aws_secretsmanager_secret.db.arn
  policy     = "{\\"Statement\\": []}"
}
"""
    app = app_of(text)
    secret = one(app, Secret)
    assert secret.literal.only() == "hunter2"
    assert one(app, Policy).guards == (secret,)


def test_the_value_of_a_secret_elsewhere_is_kept() -> None:
    text = """
resource "aws_secretsmanager_secret_version" "db" {
  secret_id     = "theirs"
  secret_string = "hunter2"
}
"""
    secret = one(app_of(text), Secret)
    assert secret.name.only() == "theirs"
    assert secret.literal.only() == "hunter2"


def test_keys_and_their_policies() -> None:
    text = """
resource "aws_kms_key" "k" {
  enable_key_rotation = true
  policy              = "{\\"Statement\\": []}"
}
resource "aws_kms_replica_key" "r" {
  primary_key_arn = aws_kms_key.k.arn
}
resource "aws_kms_external_key" "e" {}
resource "aws_kms_key_policy" "e" {
  key_id = aws_kms_external_key.e.id
  policy = "{\\"Statement\\": []}"
}
"""
    app = app_of(text)
    key, replica, external = (one(app, Key, f"aws_kms_{name}") for name in ("key.k", "replica_key.r", "external_key.e"))
    assert replica.rotation.only() is True
    assert external.material.only() == "EXTERNAL"
    assert [len(k.policies) for k in (key, replica, external)] == [1, 0, 1]


def test_a_replica_of_a_key_elsewhere() -> None:
    text = """
resource "aws_kms_replica_key" "r" {
  primary_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1"
}
"""
    assert one(app_of(text), Key).rotation.is_true().truth == "maybe"


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ('stream_enabled = true\n stream_view_type = "KEYS_ONLY"', "KEYS_ONLY"),
        ('stream_enabled = false\n stream_view_type = "KEYS_ONLY"', "not set"),
        ("", "not set"),
    ],
)
def test_the_stream_of_a_table(stated: str, shown: str) -> None:
    text = f'resource "aws_dynamodb_table" "t" {{\n name = "t"\n hash_key = "id"\n {stated}\n}}'
    assert one(app_of(text), Table).stream_view.show() == shown


@pytest.mark.parametrize(
    ("filter_", "frequency", "scans"),
    [
        ("*", "SCAN_ON_PUSH", True),
        ("shop-*", "CONTINUOUS_SCAN", True),
        ("other-*", "SCAN_ON_PUSH", False),
        ("*", "MANUAL", False),
    ],
)
def test_a_registry_scans_its_repositories(filter_: str, frequency: str, scans: bool) -> None:  # noqa: FBT001 - a case
    text = f"""
resource "aws_ecr_repository" "r" {{
  name = "shop-orders"
}}
resource "aws_ecr_registry_scanning_configuration" "all" {{
  scan_type = "BASIC"
  rule {{
    scan_frequency = "{frequency}"
    repository_filter {{
      filter      = "{filter_}"
      filter_type = "WILDCARD"
    }}
  }}
}}
"""
    assert one(app_of(text), Repository).scan_on_push.only() is scans


def test_an_instance_has_its_clusters_encryption_and_groups() -> None:
    text = """
resource "aws_rds_cluster" "db" {
  engine                 = "aurora-mysql"
  storage_encrypted      = true
  vpc_security_group_ids = ["sg-1"]
}
resource "aws_rds_cluster_instance" "db" {
  cluster_identifier = aws_rds_cluster.db.id
  engine             = "aurora-mysql"
  instance_class     = "db.r6g.large"
}
"""
    instance = one(app_of(text), Database, "aws_rds_cluster_instance.db")
    assert instance.encrypted.only() is True
    assert [g.show() for g in instance.security_groups] == ["sg-1"]
    assert instance.publicly_accessible.only() is False


@pytest.mark.parametrize(
    ("resource", "encrypted"),
    [
        ('"aws_rds_cluster" "d" {\n engine_mode = "serverless"\n}', True),
        ('"aws_rds_cluster" "d" {\n engine_mode = "provisioned"\n}', False),
        ('"aws_rds_cluster" "d" {\n engine_mode = "serverless"\n storage_encrypted = false\n}', False),
        ('"aws_elasticache_replication_group" "d" {\n engine = "valkey"\n}', True),
        ('"aws_elasticache_replication_group" "d" {\n engine = "redis"\n}', False),
        ('"aws_elasticache_replication_group" "d" {\n engine = "redis"\n at_rest_encryption_enabled = "true"\n}', True),
        ('"aws_msk_serverless_cluster" "d" {\n cluster_name = "c"\n}', True),
    ],
)
def test_what_is_encrypted_if_nothing_is_written(resource: str, encrypted: bool) -> None:  # noqa: FBT001 - a case
    assert one(app_of(f"resource {resource}"), Database).encrypted.only() is encrypted


def test_a_default_that_the_providers_versions_do_not_share() -> None:
    database = one(app_of('resource "aws_redshift_cluster" "d" {\n cluster_identifier = "d"\n}'), Database)
    assert database.publicly_accessible.is_true().truth == "maybe"
    stated = 'resource "aws_redshift_cluster" "d" {\n cluster_identifier = "d"\n publicly_accessible = false\n}'
    assert one(app_of(stated), Database).publicly_accessible.is_true().is_no


@pytest.mark.parametrize(("word", "public"), [("DISABLED", False), ("SERVICE_PROVIDED_EIPS", True)])
def test_public_access_of_brokers_is_a_word(word: str, public: bool) -> None:  # noqa: FBT001 - a case
    text = f"""
resource "aws_msk_cluster" "k" {{
  cluster_name = "k"
  broker_node_group_info {{
    security_groups = ["sg-1"]
    connectivity_info {{
      public_access {{
        type = "{word}"
      }}
    }}
  }}
}}
"""
    assert one(app_of(text), Database).publicly_accessible.only() is public
