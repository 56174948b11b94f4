"""Fields of the model that a format has no words for, each with the reason.

`IMPLIED` are fields that a resource has by where it is written; nobody states them.
"""

from __future__ import annotations

_EVENT = "the function or state machine that the event is written in"
_OWN = "SAM has no such property here; the CloudFormation type of the same resource has"

CLOUDFORMATION: dict[tuple[str, str], str] = {
    (
        "permission",
        "generated_by",
    ): "a permission in CloudFormation is written as such; only frameworks make them of events",
    ("policy", "template"): "policy templates are SAM's",
    ("role", "generated"): "a role in CloudFormation is written as such; only frameworks make them by themselves",
    ("log-group", "generated"): "a log group in CloudFormation is written as such",
    ("api", "implicit"): "an API in CloudFormation is written as such; only SAM makes one of events",
    ("output", "hidden"): "CloudFormation shows outputs to everybody who may see the stack",
    ("parameter", "kms_key"): "CloudFormation can't make SecureString parameters",
    (
        "route-table",
        "propagates",
    ): "it is a resource of its own, `AWS::EC2::VPNGatewayRoutePropagation`, whose routes nobody knows",
}

SAM: dict[tuple[str, str], str] = {
    ("log-group", "generated"): "SAM makes no log groups",
    ("alias", "weights"): "SAM shifts traffic by CodeDeploy while it deploys, and leaves none shifted",
    ("alias", "version"): "SAM publishes a version and points the alias to it",
    ("async-config", "qualifier"): "SAM takes the alias that it publishes, or $LATEST",
    ("url", "qualifier"): "SAM takes the alias that it publishes, or $LATEST",
    ("role", "max_session"): _OWN,
    ("route", "invocation"): "SAM makes proxies of events, which wait for what the function answers",
    ("stage", "client_certificate"): _OWN,
    ("table", "deletion_protection"): _OWN,
    ("table", "stream_view"): _OWN,
    ("table", "expires"): _OWN,
    ("state-machine", "kms_key"): _OWN,
    ("policy", "users"): "SAM attaches policies to the roles of functions and state machines only",
    ("policy", "groups"): "SAM attaches policies to the roles of functions and state machines only",
    ("policy", "targets"): "SAM writes policies of resources by itself, for events and connectors",
}

IMPLIED: dict[tuple[str, str], str] = {
    ("alias", "function_name"): "the function that it is written in",
    ("async-config", "function_name"): "the function that it is written in",
    ("url", "function_name"): "the function that it is written in",
    ("event-source", "function_name"): "the function that the event is written in",
    ("event-source", "service"): "the type of the event",
    ("policy", "form"): "how it is written: a name, a document, a template, a connector",
    ("policy", "template"): "the name of the policy template",
    ("policy", "roles"): "the role that SAM makes of the function or state machine",
    ("role", "generated"): "whether `Role` is left out",
    ("api", "protocol"): "the type of the resource",
    ("api", "implicit"): "whether an event names no API",
    ("stage", "api_id"): "the API that it is written in",
    ("stage", "deployed_api"): "the API that it is written in",
    ("stage", "auto_deploy"): "SAM sets it for HTTP and WebSocket APIs",
    ("route", "api_id"): "the API that the event names, or the implicit one",
    ("route", "integration"): _EVENT,
    ("route", "connection"): "SAM calls what an event is of directly",
    ("domain", "apis"): "the API that it is written in",
    ("subscription", "protocol"): "lambda, or sqs with a queue in between",
    ("subscription", "endpoint"): _EVENT,
    ("event-rule", "targets"): _EVENT,
    ("schedule", "targets"): _EVENT,
    ("log-subscription", "destination"): _EVENT,
    ("iot-rule", "function_arns"): _EVENT,
}
