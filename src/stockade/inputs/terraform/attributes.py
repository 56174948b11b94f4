"""The attributes by which resources are referred to, in AWS's terms.

Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28; the words of AWS are those that CloudFormation's `Ref`
and `Fn::GetAtt` use, so that both formats refer alike.
"""

from __future__ import annotations

from stockade.inputs.terraform.terms import Ref, TxtPart
from stockade.model.value import Doubt, Hole, Reference

_DEPLOYED = Doubt("it is known only after apply", cause="reference")
REGION = Hole("AWS::Region", Doubt("the region is known only after apply", cause="region"), plain=True)
ACCOUNT = Hole("AWS::AccountId", Doubt("the account is known only after apply", cause="account"), plain=True)
PARTITION = Hole("AWS::Partition", Doubt("the partition is known only after apply", cause="partition"), plain=True)

# What names a resource to others, beside `id` and `name`; with the types where the attribute is nothing else.
_NAMES = frozenset({
    "bucket", "function_name", "key_id", "queue_url", "table_name", "cluster_identifier", "identifier", "alarm_name",
    "api_id", "rest_api_id", "user_pool_id", "domain_name",
})  # fmt: skip
_NAME_TYPES: dict[str, frozenset[str]] = {
    "bucket": frozenset({"aws_s3_bucket"}),
    "function_name": frozenset({"aws_lambda_function"}),
    "key_id": frozenset({"aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_ciphertext"}),
    "domain_name": frozenset({"aws_opensearch_domain", "aws_elasticsearch_domain", "aws_api_gateway_domain_name",
                              "aws_apigatewayv2_domain_name"}),
    "cluster_identifier": frozenset({"aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster",
                                     "aws_redshift_cluster"}),
    "identifier": frozenset({"aws_db_instance"}),
    "alarm_name": frozenset({"aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"}),
}  # fmt: skip
# Whose `id` is the ARN or a URL, which CloudFormation's Ref is too: the name is another attribute.
_REF_IS_NO_NAME = frozenset({
    "aws_iam_policy", "aws_lambda_alias", "aws_secretsmanager_secret", "aws_sfn_state_machine", "aws_sns_topic",
    "aws_sqs_queue",
})  # fmt: skip
_URL_NAMES = frozenset({"aws_sqs_queue"})  # whose `id` and `url` are the queue's URL, which CloudFormation's Ref is too


def word_for(type_: str, attribute: str) -> str | None:
    """What AWS calls an attribute that identifies a resource; None for one that does not."""
    if attribute == "arn":
        return "Arn"
    if attribute == "name" and type_ in _REF_IS_NO_NAME:
        return "Name"
    if attribute in {"id", "name"}:
        return "Ref"
    if attribute == "url" and type_ in _URL_NAMES:
        return "Ref"
    if attribute in _NAME_TYPES and type_ in _NAME_TYPES[attribute]:
        return "Ref"
    return None


def camel(attribute: str) -> str:
    """An attribute's name as AWS would write it: `stream_arn` is `StreamArn`."""
    return "".join(part.capitalize() for part in attribute.split("_"))


def shaped(type_: str, attribute: str, own: Ref) -> tuple[TxtPart, ...]:
    """A reference to an attribute, with the shape around it where it has one that matters: an API's execution ARN."""
    if attribute == "execution_arn" and type_ in {"aws_api_gateway_rest_api", "aws_apigatewayv2_api"}:
        return ("arn:", PARTITION, ":execute-api:", REGION, ":", ACCOUNT, ":", own)
    if attribute == "execution_arn" and type_ in {"aws_api_gateway_stage", "aws_apigatewayv2_stage"}:
        return ("arn:", PARTITION, ":execute-api:", REGION, ":", ACCOUNT, ":", own)
    return (own,)


def reference(key: str, type_: str, address: str, attribute: str) -> Reference:
    """A reference to an attribute of an instance."""
    word = word_for(type_, attribute)
    if attribute == "execution_arn":
        word = "Ref"
    return Reference(key, word if word is not None else camel(attribute), f"{address}.{attribute}")
