"""Functions, their log groups, versions, aliases, URLs and asynchronous configuration.

Source: serverless.com/framework/docs/providers/aws/guide/functions and what `serverless package` 3.40.0 makes, as of 2026-11-28.
"""

from __future__ import annotations

from msgspec import structs

from stockade.inputs import nodes
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.layers import layers_of
from stockade.inputs.serverless.plugins import extended
from stockade.inputs.serverless.service import Function, Property, Service
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

MEMORY = 1024  # MB, where nothing is written
TIMEOUT = 6  # seconds
RETENTION = "serverless-plugin-log-retention"
RUNTIME = {3: "nodejs16.x", 4: "nodejs20.x"}

# What stands in a function's block as it stands in CloudFormation's.
_COPIED = {
    "handler": "Handler",
    "description": "Description",
    "reservedConcurrency": "ReservedConcurrentExecutions",
}
_MANAGEMENT = {"auto": "Auto", "onFunctionUpdate": "FunctionUpdate", "manual": "Manual"}
_CORS_HEADERS = (
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amzn-Trace-Id",
)


def read_functions(service: Service) -> None:
    """The functions that the configuration declares."""
    for entry in service.block(service.root, "functions").entries:
        block = entry.value
        if type(block) is Sequence and block.tag is None:
            block = Mapping(block.span, tuple(e for i in block.items if type(i) is Mapping for e in i.entries))
        if type(block) is not Mapping or intrinsic(block) is not None:
            if not (type(block) is Scalar and block.value is None and block.tag is None):
                service.odd_function(entry)
            continue
        key = entry.key.raw
        own = service.at(block, "name")
        name = own if own is not None else service.prefixed(entry.key.span, f"-{key}")
        function = Function(key, structs.replace(entry, value=block), block, name)
        service.functions.append(function)
        service.addresses[function.id] = key
        if service.is_true(block, "snapStart"):
            function.target, function.qualifier = f"{naming.normal(key)}SnapStartLambdaAlias", "snapstart"
        if service.is_true(block, "provisionedConcurrency"):
            function.target, function.qualifier = f"{naming.normal(key)}ProvConcLambdaAlias", "provisioned"


def make_functions(service: Service) -> None:
    """Everything of the functions but their roles and events."""
    for function in service.functions:
        _log_group(service, function)
        _function(service, function)
        _version(service, function)
        _url(service, function)
        _invoke_config(service, function)


def either(service: Service, function: Function, key: str) -> Entry | None:
    """An entry of a function's block, or else of the provider's."""
    for block in (function.block, service.provider):
        found = service.entry(block, key)
        if found is not None and (service.is_true(block, key)):
            return found
    return None


def log_group_name(service: Service, function: Function) -> Node:
    """The name of a function's log group."""
    return service.joined(function.entry.key.span, "/aws/lambda/", function.name)


def _log_group(service: Service, function: Function) -> None:
    if service.is_true(function.block, "disableLogs"):
        return
    properties: dict[str, Property] = {
        "LogGroupName": log_group_name(service, function),
        "RetentionInDays": _retention(service, function),
        "DataProtectionPolicy": either(service, function, "logDataProtectionPolicy"),
    }
    logical_id = naming.log_group_id(function.key)
    service.make(logical_id, "AWS::Logs::LogGroup", properties, at=function)
    service.generated[logical_id] = "the function's logs"


def _retention(service: Service, function: Function) -> Property:
    """How long logs are kept; a plugin lets `custom` say it for all functions, over the provider's word."""
    usual = either(service, function, "logRetentionInDays")
    custom = service.at(service.root, "custom")
    if RETENTION not in service.plugins or not service.is_true(custom, "logRetentionInDays"):
        return usual
    own = service.is_true(function.block, "logRetentionInDays")
    return usual if own else service.entry(custom, "logRetentionInDays")


def _function(service: Service, function: Function) -> None:
    block, span = function.block, function.entry.key.span
    if service.entry(block, "handler") is None and service.entry(block, "image") is None:
        service.gap(
            function.entry.key,
            f"the function `{function.key}`",
            "it has neither a `handler` nor an `image`",
            kind="wrong-shape",
            remedy="say what it runs",
        )
    memory = either(service, function, "memorySize")
    timeout = either(service, function, "timeout")
    properties: dict[str, Property] = {name: service.entry(block, key) for key, name in _COPIED.items()}
    properties |= _code(service, function)
    tracing = service.entry(block, "tracing") if service.is_true(block, "tracing") else None
    tracing = tracing or _of(service, service.provider, "tracing", "lambda")
    architecture = either(service, function, "architecture")
    logs = service.at(service.provider, "logs", "lambda")
    properties |= {
        "FunctionName": service.entry(block, "name") or function.name,
        "MemorySize": memory or Scalar(span, MEMORY, str(MEMORY)),
        "Timeout": timeout or Scalar(span, TIMEOUT, str(TIMEOUT)),
        "Architectures": _one(architecture),
        "Tags": _tags(service, function),
        "EphemeralStorage": _named(service, block, "ephemeralStorageSize", "Size"),
        "DeadLetterConfig": _named(service, block, "onError", "TargetArn"),
        "KmsKeyArn": _key(service, function),
        "TracingConfig": _tracing(tracing),
        "Environment": _environment(service, function),
        "Role": _role(service, function),
        "VpcConfig": _vpc(service, function),
        "FileSystemConfigs": _file_system(service, function),
        "Layers": extended(service, "Layers", layers_of(service, function)),
        "LoggingConfig": _logging(service, block, logs),
        "SnapStart": _snap_start(service, function),
    }
    if service.entry(block, "image") is None:
        properties |= _management(service, function)
    condition = service.at(block, "condition")
    service.make(function.id, "AWS::Lambda::Function", properties, at=function, Condition=condition)


def _key(service: Service, function: Function) -> Property:
    """The key of the environment; up to version 2 it could stand beside the service's name."""
    older = service.entry(service.at(service.root, "service"), "awsKmsKeyArn")
    return either(service, function, "kmsKeyArn") or either(service, function, "awsKmsKeyArn") or older


def _of(service: Service, block: Node, *path: str) -> Entry | None:
    """An entry further down, if what stands there counts as true."""
    inner = service.at(block, *path[:-1])
    return service.entry(inner, path[-1]) if service.is_true(inner, path[-1]) else None


def _one(entry: Entry | None) -> Property:
    """A list of one."""
    return None if entry is None else Entry(entry.key, Sequence(entry.value.span, (entry.value,)))


def _named(service: Service, block: Node, key: str, name: str) -> Property:
    """A mapping of one entry."""
    found = service.entry(block, key)
    if found is None:
        return None
    return Entry(found.key, service.mapping(found.value.span, {name: found}))


def _code(service: Service, function: Function) -> dict[str, Property]:
    """Where the code is: the service's own folder, an archive that is named, or an image."""
    block = function.block
    image = service.entry(block, "image")
    if image is None:
        artifact = service.at(block, "package", "artifact") or service.at(service.root, "package", "artifact")
        code = artifact if artifact is not None else nodes.text(function.entry.key.span, ".")
        return {"Code": code, "Runtime": either(service, function, "runtime") or _runtime(service, function)}
    config = image.value
    if type(config) is Mapping and intrinsic(config) is None:
        uri, name = service.at(config, "uri"), service.text(config, "name")
        overrides = {"Command": "command", "EntryPoint": "entryPoint", "WorkingDirectory": "workingDirectory"}
        given = {to: service.entry(config, key) for to, key in overrides.items()}
    else:
        text = config.raw if type(config) is Scalar and config.tag is None else None
        named = text is not None and "/" not in text and ".dkr." not in text
        uri, name = (None, text) if named else (config, None)
        given = {}
    found: dict[str, Property] = {
        "PackageType": nodes.text(image.key.span, "Image"),
        "ImageConfig": service.mapping(config.span, dict(given)) if any(given.values()) else None,
    }
    if uri is None:
        uri = _own_image(service, name or "", image)
    found["Code"] = Entry(image.key, nodes.mapping(config.span, {"ImageUri": uri}))
    return found


def _own_image(service: Service, name: str, image: Entry) -> Node:
    """An image that is declared under `provider.ecr.images`: by its address, or to be built from a folder.

    One that is built is then named by its digest.
    """
    declared = service.at(service.provider, "ecr", "images", name)
    if type(declared) is Scalar:
        return declared
    uri = service.at(declared, "uri")
    if uri is not None:
        return uri
    span, why = image.value.span, "the image is built when the service is deployed"
    address = service.hole(span, f"repository of image {name}", why, cause="built image")
    digest = service.hole(span, f"digest of image {name}", why, cause="built image")
    return service.joined(span, address, "@sha256:", digest)


def _runtime(service: Service, function: Function) -> Node:
    return nodes.text(function.entry.key.span, RUNTIME[service.version])


def _tags(service: Service, function: Function) -> Property:
    every = {
        entry.key.raw: entry
        for block in (service.block(service.provider, "tags"), service.block(function.block, "tags"))
        for entry in block.entries
    }
    if not every:
        return None
    items: list[Node] = [
        nodes.mapping(e.span, {"Key": nodes.text(e.key.span, e.key.raw), "Value": e.value}) for e in every.values()
    ]
    return nodes.sequence(function.span, items)


def _tracing(entry: Entry | None) -> Property:
    if entry is None:
        return None
    value = entry.value
    mode = nodes.text(value.span, "Active") if type(value) is Scalar and value.value is True else value
    return Entry(entry.key, nodes.mapping(value.span, {"Mode": mode}))


def _environment(service: Service, function: Function) -> Property:
    every: dict[str, Entry] = {}
    found: list[Entry] = []
    for block in (service.provider, function.block):
        own = service.entry(block, "environment")
        if own is None:
            continue
        found.append(own)
        if service.resolver.hole_of(own.value) is not None or intrinsic(own.value) is not None:
            return Entry(own.key, nodes.mapping(own.value.span, {"Variables": own.value}))
        every |= {entry.key.raw: entry for entry in service.block(block, "environment").entries}
    if not found:
        return None
    variables = Mapping(found[-1].value.span, tuple(every.values()))
    return Entry(found[-1].key, nodes.mapping(variables.span, {"Variables": variables}))


def _role(service: Service, function: Function) -> Property:
    """The role: the function's own, one that is named for all, or the one that the framework makes."""
    own = service.roles.get(function.key)
    if own is not None:
        return own
    return nodes.get_att(function.entry.key.span, naming.ROLE, "Arn")


def _vpc(service: Service, function: Function) -> Property:
    own = function.block.entry("vpc")
    if own is not None and type(own.value) is Scalar and own.value.tag is None and not own.value.value:
        return None  # `vpc: null` or `~` leaves the VPC of all others
    entry = own or service.entry(service.provider, "vpc")
    if entry is None:
        return None
    names = {
        "SecurityGroupIds": "securityGroupIds",
        "SubnetIds": "subnetIds",
        "Ipv6AllowedForDualStack": "ipv6AllowedForDualStack",
    }
    if service.resolver.hole_of(entry.value) is not None or intrinsic(entry.value) is not None:
        return entry
    found: dict[str, Property] = {
        to: service.entry(function.block.get("vpc"), key) or service.entry(service.at(service.provider, "vpc"), key)
        for to, key in names.items()
    }
    if not found["SecurityGroupIds"] or not found["SubnetIds"]:
        return None
    return Entry(entry.key, service.mapping(entry.value.span, found))


def _file_system(service: Service, function: Function) -> Property:
    entry = service.entry(function.block, "fileSystemConfig")
    if entry is None:
        return None
    own = {"Arn": service.entry(entry.value, "arn"), "LocalMountPath": service.entry(entry.value, "localMountPath")}
    return Entry(entry.key, Sequence(entry.value.span, (service.mapping(entry.value.span, dict(own)),)))


def _logging(service: Service, block: Mapping, provider: Node | None) -> Property:
    """Version 4: how logs are written, and where."""
    own = service.at(block, "logs")
    if own is None and provider is None:
        return None
    names = {
        "LogFormat": "logFormat",
        "ApplicationLogLevel": "applicationLogLevel",
        "SystemLogLevel": "systemLogLevel",
        "LogGroup": "logGroup",
    }
    found: dict[str, Property] = {
        to: service.entry(own, key) or service.entry(provider, key) for to, key in names.items()
    }
    return service.mapping((own or provider or block).span, found) if any(found.values()) else None


def _snap_start(service: Service, function: Function) -> Property:
    entry = service.entry(function.block, "snapStart")
    if entry is None or not service.is_true(function.block, "snapStart"):
        return None
    own = {"ApplyOn": nodes.text(entry.value.span, "PublishedVersions")}
    return Entry(entry.key, nodes.mapping(entry.value.span, own))


def _management(service: Service, function: Function) -> dict[str, Property]:
    entry = either(service, function, "runtimeManagement")
    if entry is None:
        return {}
    value = entry.value
    mode = (
        service.text(value, "mode")
        if type(value) is Mapping
        else service.text(Mapping(value.span, (entry,)), entry.key.raw)
    )
    if mode is None or mode == "auto":
        return {}
    own: dict[str, Property] = {
        "UpdateRuntimeOn": nodes.text(value.span, _MANAGEMENT.get(mode, mode)),
        "RuntimeVersionArn": service.entry(value, "arn") if mode == "manual" else None,
    }
    return {"RuntimeManagementConfig": Entry(entry.key, service.mapping(value.span, own))}


def _version(service: Service, function: Function) -> None:
    """The version that each deployment publishes, and the alias that leads to it."""
    block = function.block
    switch = service.at(block, "versionFunction") or service.at(service.provider, "versionFunctions")
    published = not (type(switch) is Scalar and switch.value is False)
    if not published and not function.target:
        return
    version = f"{naming.normal(function.key)}LambdaVersion"
    name = nodes.ref(function.entry.key.span, function.id)
    properties: dict[str, Property] = {"FunctionName": name, "Description": service.entry(block, "description")}
    service.make(version, "AWS::Lambda::Version", properties, at=function)
    if not function.target:
        return
    span = function.entry.key.span
    provisioned = service.entry(block, "provisionedConcurrency")
    concurrency = None
    if provisioned is not None and function.qualifier == "provisioned":
        own = {"ProvisionedConcurrentExecutions": provisioned}
        concurrency = Entry(provisioned.key, service.mapping(provisioned.value.span, dict(own)))
    alias: dict[str, Property] = {
        "FunctionName": name,
        "FunctionVersion": nodes.get_att(span, version, "Version"),
        "Name": nodes.text(span, function.qualifier),
        "ProvisionedConcurrencyConfig": concurrency,
    }
    service.make(function.target, "AWS::Lambda::Alias", alias, at=function)


# --------------------------------------------------------------------------------------------------------------- URLs


def _url(service: Service, function: Function) -> None:
    entry = service.entry(function.block, "url")
    if entry is None or not service.is_true(function.block, "url"):
        return
    block, span = entry.value, entry.value.span
    authorizer = service.entry(block, "authorizer")
    signed = authorizer is not None and type(authorizer.value) is Scalar and authorizer.value.raw == "aws_iam"
    auth = nodes.text(authorizer.value.span if authorizer is not None else span, "AWS_IAM" if signed else "NONE")
    shown: Property = auth if authorizer is None else Entry(authorizer.key, auth)
    if authorizer is not None and service.resolver.hole_of(authorizer.value) is not None:
        shown = authorizer
    key = f"{naming.normal(function.key)}LambdaFunctionUrl"
    properties: dict[str, Property] = {
        "AuthType": shown,
        "TargetFunctionArn": service.target(function, entry.key.span),
        "Cors": _cors(service, block),
        "InvokeMode": service.entry(block, "invokeMode"),
    }
    service.make(key, "AWS::Lambda::Url", properties, at=entry, of=function)
    if not signed:
        allowed: dict[str, Property] = {
            "FunctionName": service.target(function, entry.key.span),
            "Action": nodes.text(span, "lambda:InvokeFunctionUrl"),
            "Principal": nodes.text(span, "*"),
            "FunctionUrlAuthType": auth,
        }
        permission = f"{naming.normal(function.key)}LambdaPermissionFnUrl"
        service.make(permission, "AWS::Lambda::Permission", allowed, at=entry)
        service.generated[permission] = "the function's `url`"


def _cors(service: Service, block: Node) -> Property:
    entry = service.entry(block, "cors")
    if entry is None or not service.is_true(block, "cors"):
        return None
    # What is not written is said by the key: where `true` stands, a block may be written.
    cors, span = entry.value, entry.value.span if nodes.is_block(entry.value) else entry.key.span
    defaults = {"allowedOrigins": ("*",), "allowedHeaders": _CORS_HEADERS, "allowedMethods": ("*",)}
    found: dict[str, Property] = {}
    for key, usual in defaults.items():
        written = cors.entry(key) if type(cors) is Mapping else None
        name = "Allow" + key.removeprefix("allowed")
        if written is None:
            found[name] = nodes.from_plain(list(usual), span, {})
        elif not (type(written.value) is Scalar and written.value.value is None):
            found[name] = written
    found["AllowCredentials"] = _of(service, cors, "allowCredentials")
    found["ExposeHeaders"] = service.entry(cors, "exposedResponseHeaders")
    found["MaxAge"] = service.entry(cors, "maxAge")
    return Entry(entry.key, service.mapping(span, found))


# ------------------------------------------------------------------------------------------------ asynchronous invocation


def destination(service: Service, function: Function, node: Node) -> Node:
    """The ARN of a destination: written, of a mapping with a type, or of a function of the service."""
    del function
    if type(node) is Mapping and intrinsic(node) is None:
        arn = service.at(node, "arn")
        return arn if arn is not None else node
    other = service.of_key(node.raw) if type(node) is Scalar and node.tag is None else None
    return service.target(other, node.span) if other is not None else node


def _invoke_config(service: Service, function: Function) -> None:
    block = function.block
    destinations = service.entry(block, "destinations")
    age = service.entry(block, "maximumEventAge")
    retries = service.entry(block, "maximumRetryAttempts")
    if destinations is None and age is None and retries is None:
        return
    span: Span = (destinations or age or retries or function.entry).value.span
    led: dict[str, Property] = {}
    for key, name in (("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")):
        entry = service.entry(destinations.value, key) if destinations is not None else None
        if entry is not None:
            own = {"Destination": destination(service, function, entry.value)}
            led[name] = Entry(entry.key, nodes.mapping(entry.value.span, own))
    qualifier = function.qualifier or "$LATEST"
    properties: dict[str, Property] = {
        "FunctionName": nodes.ref(span, function.id),
        "DestinationConfig": service.mapping(span, led) if led else None,
        "Qualifier": nodes.text(span, qualifier),
        "MaximumEventAgeInSeconds": age,
        "MaximumRetryAttempts": retries,
    }
    at = destinations or age or retries
    logical_id = f"{naming.normal(function.key)}LambdaEvConf"
    service.make(logical_id, "AWS::Lambda::EventInvokeConfig", properties, at=at, of=function)
