"""Resources of other services that call functions.

Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28.
"""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app

# Types without a name of their own, and types that take no tags.
_NAMELESS = frozenset({
    "aws_codecommit_trigger", "aws_connect_lambda_function_association", "aws_lambda_invocation",
    "aws_transfer_server", "aws_vpclattice_target_group_attachment",
})  # fmt: skip
_UNTAGGED = frozenset({
    "aws_bedrockagent_agent_action_group", "aws_bedrockagent_data_source", "aws_codecommit_trigger",
    "aws_config_organization_custom_rule", "aws_connect_lambda_function_association", "aws_lambda_invocation",
    "aws_lex_intent", "aws_s3control_object_lambda_access_point", "aws_ssm_maintenance_window_task",
    "aws_vpclattice_target_group_attachment",
})  # fmt: skip
_NAMES = {"aws_bedrockagent_agent_action_group": "action_group_name"}


def _caller(type_: str, via: str, how: str, path: str, *also: str) -> Table:
    fields = {"function_arns": lens(path, "texts", also=also)}
    if type_ not in _NAMELESS:
        fields["name"] = lens(_NAMES.get(type_, "name"))
    if type_ not in _UNTAGGED:
        fields["tags"] = lens("tags", "tags")
    return Table(type_, app.Caller, fields, (("via", via), ("how", how)))


_FIREHOSE = "processing_configuration.processors.parameters.parameter_value"
_SQL = "application_configuration.sql_application_configuration"

TABLES: tuple[Table, ...] = (
    _caller("aws_appconfig_extension", "appconfig", "sync", "action_point.action.uri"),
    _caller("aws_bedrockagent_agent_action_group", "bedrock", "sync", "action_group_executor.lambda"),
    _caller(
        "aws_bedrockagent_data_source",
        "bedrock",
        "sync",
        "vector_ingestion_configuration.custom_transformation_configuration.transformation.transformation_function"
        ".transformation_lambda_configuration.lambda_arn",
    ),
    _caller("aws_codecommit_trigger", "codecommit", "async", "trigger.destination_arn"),
    _caller("aws_codepipeline", "codepipeline", "async", "stage.action.configuration.FunctionName"),
    _caller("aws_config_config_rule", "config", "async", "source.source_identifier"),
    _caller("aws_config_organization_custom_rule", "config", "async", "lambda_function_arn"),
    _caller("aws_connect_lambda_function_association", "connect", "sync", "function_arn"),
    _caller("aws_iot_authorizer", "iot", "sync", "authorizer_function_arn"),
    _caller(
        "aws_kinesis_analytics_application",
        "kinesisanalytics",
        "sync",
        "inputs.processing_configuration.lambda.resource_arn",
        "outputs.lambda.resource_arn",
    ),
    _caller(
        "aws_kinesisanalyticsv2_application",
        "kinesisanalytics",
        "sync",
        f"{_SQL}.input.input_processing_configuration.input_lambda_processor.resource_arn",
        f"{_SQL}.output.lambda_output.resource_arn",
    ),
    _caller(
        "aws_kinesis_firehose_delivery_stream",
        "firehose",
        "sync",
        f"extended_s3_configuration.{_FIREHOSE}",
        f"elasticsearch_configuration.{_FIREHOSE}",
        f"http_endpoint_configuration.{_FIREHOSE}",
        f"iceberg_configuration.{_FIREHOSE}",
        f"opensearch_configuration.{_FIREHOSE}",
        f"opensearchserverless_configuration.{_FIREHOSE}",
        f"redshift_configuration.{_FIREHOSE}",
        f"snowflake_configuration.{_FIREHOSE}",
        f"splunk_configuration.{_FIREHOSE}",
    ),
    _caller("aws_lambda_invocation", "terraform", "sync", "function_name"),
    _caller("aws_lex_intent", "lex", "sync", "dialog_code_hook.uri", "fulfillment_activity.code_hook.uri"),
    _caller(
        "aws_s3control_object_lambda_access_point",
        "s3",
        "sync",
        "configuration.transformation_configuration.content_transformation.aws_lambda.function_arn",
    ),
    _caller("aws_ssm_maintenance_window_task", "ssm", "async", "task_arn"),
    _caller("aws_transfer_server", "transfer", "sync", "function"),
    _caller("aws_vpclattice_target_group_attachment", "lattice", "sync", "target.id"),
)
