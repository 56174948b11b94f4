"""Queues, topics, events, streams and what moves messages.

Property names: AWS CloudFormation Template Reference, as of 2026-11-21.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app

TARGET: dict[str, Lens] = {
    "arn": lens("Arn"),
    "dead_letter": lens("DeadLetterConfig.Arn"),
    "role": lens("RoleArn"),
    "input": lens("Input"),
    "max_retries": lens("RetryPolicy.MaximumRetryAttempts", "integer"),
}

TABLES: tuple[Table, ...] = (
    Table(
        "AWS::SQS::Queue",
        app.Queue,
        {
            "name": lens("QueueName"),
            "fifo": lens("FifoQueue", "boolean"),
            "visibility_timeout": lens("VisibilityTimeout", "integer"),
            "retention": lens("MessageRetentionPeriod", "integer"),
            "kms_key": lens("KmsMasterKeyId"),
            "managed_sse": lens("SqsManagedSseEnabled", "boolean"),
            "dead_letter": lens("RedrivePolicy.deadLetterTargetArn"),
            "max_receive": lens("RedrivePolicy.maxReceiveCount", "integer"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::SNS::Topic",
        app.Topic,
        {
            "name": lens("TopicName"),
            "fifo": lens("FifoTopic", "boolean"),
            "kms_key": lens("KmsMasterKeyId"),
            "delivery_log_roles": lens(
                "DeliveryStatusLogging.*.SuccessFeedbackRoleArn",
                "texts",
                also=("DeliveryStatusLogging.*.FailureFeedbackRoleArn",),
            ),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::SNS::Topic/Subscription",
        app.Subscription,
        {"topic_arn": lens("TopicArn", by="lower_topic"), "protocol": lens("Protocol"), "endpoint": lens("Endpoint")},
    ),
    Table(
        "AWS::SNS::Subscription",
        app.Subscription,
        {
            "topic_arn": lens("TopicArn"),
            "protocol": lens("Protocol"),
            "endpoint": lens("Endpoint"),
            "dead_letter": lens("RedrivePolicy.deadLetterTargetArn"),
            "filter": lens("FilterPolicy", "json"),
        },
    ),
    Table(
        "AWS::Kinesis::Stream",
        app.Stream,
        {
            "name": lens("Name"),
            "encryption": lens("StreamEncryption.EncryptionType"),
            "kms_key": lens("StreamEncryption.KeyId"),
            "retention": lens("RetentionPeriodHours", "integer"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::Events::EventBus",
        app.EventBus,
        {"name": lens("Name"), "kms_key": lens("KmsKeyIdentifier"), "tags": lens("Tags", "tags")},
    ),
    Table(
        "AWS::Events::Rule",
        app.EventRule,
        {
            "name": lens("Name"),
            "schedule": lens("ScheduleExpression"),
            "pattern": lens("EventPattern", "json"),
            "bus": lens("EventBusName"),
            "state": lens("State"),
            "targets": lens("Targets", by="lower_rule"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table("AWS::Events::Rule/Targets", app.Target, TARGET),
    Table(
        "AWS::Scheduler::Schedule",
        app.Schedule,
        {
            "name": lens("Name"),
            "expression": lens("ScheduleExpression"),
            "kms_key": lens("KmsKeyArn"),
            "state": lens("State"),
            "targets": lens("Target", by="lower_schedule"),
        },
    ),
    Table("AWS::Scheduler::Schedule/Target", app.Target, TARGET),
    Table(
        "AWS::Pipes::Pipe",
        app.Pipe,
        {
            "name": lens("Name"),
            "source_arn": lens("Source"),
            "enrichment": lens("Enrichment"),
            "role": lens("RoleArn"),
            "targets": lens("Target", by="lower_pipe"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::StepFunctions::StateMachine",
        app.StateMachine,
        {
            "name": lens("StateMachineName"),
            "type_": lens("StateMachineType"),
            "role": lens("RoleArn"),
            "log_level": lens("LoggingConfiguration.Level"),
            "log_data": lens("LoggingConfiguration.IncludeExecutionData", "boolean"),
            "tracing": lens("TracingConfiguration.Enabled", "boolean"),
            "kms_key": lens("EncryptionConfiguration.KmsKeyId"),
            "calls": lens("DefinitionString", by="lower_state_machine"),
            "texts": lens("DefinitionString", "variables", by="lower_state_machine"),
            "definition": lens("Definition", by="lower_state_machine"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::IoT::TopicRule",
        app.IotRule,
        {
            "name": lens("RuleName"),
            "sql": lens("TopicRulePayload.Sql"),
            "function_arns": lens(
                "TopicRulePayload.Actions.*.Lambda.FunctionArn",
                "texts",
                also=("TopicRulePayload.ErrorAction.Lambda.FunctionArn",),
            ),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::SES::ReceiptRule",
        app.ReceiptRule,
        {
            "name": lens("Rule.Name"),
            "function_arns": lens("Rule.Actions.*.LambdaAction.FunctionArn", "texts"),
            "scan": lens("Rule.ScanEnabled", "boolean"),
        },
    ),
)
