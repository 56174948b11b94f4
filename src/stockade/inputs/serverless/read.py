"""From the configuration of a service to the template that it becomes."""

from __future__ import annotations

import posixpath

from msgspec import structs

from stockade.inputs import nodes
from stockade.inputs.disk import Disk
from stockade.inputs.made import Made, owned_by
from stockade.inputs.serverless import naming
from stockade.inputs.serverless.alarms import make_alarms
from stockade.inputs.serverless.compose import parameters_of
from stockade.inputs.serverless.events import make_events
from stockade.inputs.serverless.functions import make_functions, read_functions
from stockade.inputs.serverless.layers import make_layers
from stockade.inputs.serverless.plugins import note_plugins
from stockade.inputs.serverless.program.program import Program
from stockade.inputs.serverless.rates import limit_rates
from stockade.inputs.serverless.resources import SECTIONS, extend, lay_over, read_resources
from stockade.inputs.serverless.roles import allow_by_functions, make_roles, read_roles
from stockade.inputs.serverless.service import Service
from stockade.inputs.serverless.variables.resolve import Options, Resolver
from stockade.inputs.serverless.written import places, roots
from stockade.text.document import Document
from stockade.text.node import Entry, Mapping, Node, Scalar
from stockade.text.script import spread_of

FORMAT = "serverless"

# What a service is made of; everything else is asked for by variables only.
_USED = ("service", "provider", "functions", "resources", "layers", "plugins", "package", "frameworkVersion")


def provider_of(document: Document, root: Mapping, disk: Disk, options: Options, program: Program | None = None) -> str:
    """The cloud that a service is deployed to; empty where that is not known."""
    resolver = Resolver(document, root, disk, options, program)
    for path in (["provider", "name"], ["provider"]):
        found = resolver.lookup(path, root)
        if type(found) is Scalar and found.tag is None:
            return found.raw
    return ""


def read_service(
    document: Document, root: Mapping, disk: Disk, options: Options, program: Program | None = None
) -> Made:
    """The template that a service becomes. `program` is what its configuration was read from, where it is one."""
    given = parameters_of(posixpath.dirname(document.path), disk)
    options = structs.replace(options, parameters=given | dict(options.parameters))
    resolver = Resolver(document, root, disk, options, program)
    resolver.take()
    entries = [Entry(e.key, resolver.resolve(e.value)) for e in root.entries if e.key.raw in _USED]
    spread = spread_of(root)
    if spread is not None:
        resolver.gap(spread.span, f"`{spread.raw}`", spread.why, kind=spread.kind, remedy=spread.remedy, hides=True)
    # What plugins of a program are told is seldom literal, and matters only where a variable asks for it.
    resolver.quiet = program is not None
    entries += [Entry(e.key, resolver.resolve(e.value)) for e in root.entries if e.key.raw == "custom"]
    resolver.quiet = False
    service = Service(resolver, Mapping(root.span, tuple(entries)))
    note_plugins(service)
    read_functions(service)
    read_roles(service)
    make_layers(service)
    make_functions(service)
    allow_by_functions(service)
    make_events(service)
    limit_rates(service)
    make_alarms(service)
    make_roles(service)
    _bucket(service)
    made = frozenset(service.resources)
    sections = read_resources(service)
    lay_over(service, sections.get("Resources", []))
    extend(service, sections.get("extensions", []))
    return Made(
        input=FORMAT,
        document=document,
        root=_template(service, sections),
        holes=resolver.holes,
        addresses=service.addresses,
        generated=service.generated,
        framework=service.framework,
        included=frozenset(resolver.included),
        sources=tuple(resolver.sources),
        hidden=resolver.hidden,
        gaps=tuple(resolver.gaps),
        place=places(service, frozenset(service.resources) - made),
        roots=roots(service),
        owned=owned_by(roots(service)),
    )


def _template(service: Service, sections: dict[str, list[Entry]]) -> Mapping:
    span = service.span
    found: dict[str, Node | None] = {"AWSTemplateFormatVersion": nodes.text(span, "2010-09-09")}
    for name in SECTIONS:
        written = sections.get(name, [])
        if name == "Conditions":
            written = [*written, *service.conditions]
        if written and name == "Transform":
            found[name] = written[-1].value
        elif written:
            found[name] = Mapping(span, tuple(written))
    found["Resources"] = Mapping(span, tuple(service.resources.values()))
    return nodes.mapping(span, found)


def _bucket(service: Service) -> None:
    """The bucket that the framework uploads to, unless one is named."""
    named = service.entry(service.provider, "deploymentBucket")
    block = named.value if named is not None and type(named.value) is Mapping else None
    if named is not None and (block is None or service.entry(block, "name") is not None):
        return
    span = named.span if named is not None else service.span
    blocked = {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    properties = {
        "BucketEncryption": nodes.from_plain(encryption, span, {}),
        "PublicAccessBlockConfiguration": nodes.from_plain(blocked, span, {})
        if service.is_true(block, "blockPublicAccess")
        else None,
        "VersioningConfiguration": nodes.from_plain({"Status": "Enabled"}, span, {})
        if service.is_true(block, "versioning")
        else None,
    }
    service.make(naming.BUCKET, "AWS::S3::Bucket", dict(properties), at=named)
    if service.is_true(block, "skipPolicySetup"):
        return
    start = "arn:${AWS::Partition}:s3:::${" + naming.BUCKET + "}"
    statement = {
        "Action": "s3:*",
        "Effect": "Deny",
        "Principal": "*",
        "Resource": [{"Fn::Sub": start + "/*"}, {"Fn::Sub": start}],
        "Condition": {"Bool": {"aws:SecureTransport": False}},
    }
    policy = {"Bucket": {"Ref": naming.BUCKET}, "PolicyDocument": {"Statement": [statement]}}
    service.make(
        naming.BUCKET + "Policy",
        "AWS::S3::BucketPolicy",
        {name: nodes.from_plain(value, span, {}) for name, value in policy.items()},
        at=named,
    )
