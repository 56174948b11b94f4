"""Resources of other services that call functions.

Property names: AWS CloudFormation Template Reference, as of 2026-11-21.
"""

from __future__ import annotations

from stockade.inputs.lens import Table, lens
from stockade.model import app


def _caller(type_: str, via: str, how: str, path: str, *also: str) -> Table:
    return Table(type_, app.Caller, {"function_arns": lens(path, "texts", also=also)}, (("via", via), ("how", how)))


_FIREHOSE = "ProcessingConfiguration.Processors.*.Parameters.*.ParameterValue"

TABLES: tuple[Table, ...] = (
    _caller("AWS::CloudFormation::CustomResource", "cloudformation", "async", "ServiceToken"),
    _caller("AWS::CloudFormation::Macro", "cloudformation", "sync", "FunctionName"),
    _caller("AWS::CloudFormation::LambdaHook", "cloudformation", "sync", "LambdaFunction"),
    _caller("AWS::Config::ConfigRule", "config", "async", "Source.SourceIdentifier"),
    _caller(
        "AWS::KinesisFirehose::DeliveryStream",
        "firehose",
        "sync",
        f"ExtendedS3DestinationConfiguration.{_FIREHOSE}",
        f"HttpEndpointDestinationConfiguration.{_FIREHOSE}",
        f"RedshiftDestinationConfiguration.{_FIREHOSE}",
        f"SplunkDestinationConfiguration.{_FIREHOSE}",
        f"AmazonopensearchserviceDestinationConfiguration.{_FIREHOSE}",
        f"ElasticsearchDestinationConfiguration.{_FIREHOSE}",
    ),
    _caller(
        "AWS::S3ObjectLambda::AccessPoint",
        "s3",
        "sync",
        "ObjectLambdaConfiguration.TransformationConfigurations.*.ContentTransformation.AwsLambda.FunctionArn",
    ),
    _caller("AWS::Bedrock::Agent", "bedrock", "sync", "ActionGroups.*.ActionGroupExecutor.Lambda"),
    _caller("AWS::BedrockAgentCore::GatewayTarget", "bedrock", "sync", "TargetConfiguration.Mcp.Lambda.LambdaArn"),
    _caller(
        "AWS::Lex::Bot",
        "lex",
        "sync",
        "TestBotAliasSettings.BotAliasLocaleSettings.*.BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn",
    ),
    _caller(
        "AWS::Lex::BotAlias",
        "lex",
        "sync",
        "BotAliasLocaleSettings.*.BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn",
    ),
    _caller("AWS::VpcLattice::TargetGroup", "lattice", "sync", "Targets.*.Id"),
    _caller("AWS::CodeCommit::Repository", "codecommit", "async", "Triggers.*.DestinationArn"),
    _caller("AWS::Connect::IntegrationAssociation", "connect", "sync", "IntegrationArn"),
    _caller("AWS::CodePipeline::Pipeline", "codepipeline", "async", "Stages.*.Actions.*.Configuration.FunctionName"),
)
