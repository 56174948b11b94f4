"""`sqs`: a queue that Lambda polls."""

from __future__ import annotations

from stockade.inputs.serverless import naming
from stockade.inputs.serverless.roles import poll
from stockade.inputs.serverless.service import Event, Property, Service
from stockade.inputs.serverless.sources import arn_of, filters, id_for, last_name, reports_failures, set_, switched_on
from stockade.text.node import Scalar

_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_BATCH = 10


def _queue(service: Service, event: Event) -> None:
    arn, source = arn_of(service, event)
    if arn is None:
        return
    poll(service, event.function, _ACTIONS, arn)
    concurrency = set_(service, event, "maximumConcurrency")
    properties: dict[str, Property] = {
        "BatchSize": set_(service, event, "batchSize") or Scalar(event.span, _BATCH, str(_BATCH)),
        "MaximumBatchingWindowInSeconds": service.entry(event.block, "maximumBatchingWindow"),
        "EventSourceArn": source,
        "FunctionName": service.target(event.function, event.span),
        "Enabled": switched_on(service, event),
        "FunctionResponseTypes": reports_failures(service, event),
        "FilterCriteria": filters(service, event),
        "ScalingConfig": None
        if concurrency is None
        else service.mapping(concurrency.value.span, {"MaximumConcurrency": concurrency}),
    }
    start = f"{naming.normal(event.function.key)}EventSourceMappingSQS"
    logical_id = id_for(service, start, last_name(arn), arn)
    service.make(logical_id, "AWS::Lambda::EventSourceMapping", properties, at=event)


EVENTS = {"sqs": _queue}
