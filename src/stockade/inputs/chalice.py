"""AWS Chalice: what a project's configuration states of its functions. Routes and events are written in its program.

`.chalice/config.json` becomes a template with the function that serves the API, once for each stage, under the role with the
policy that is stated for it. Source: aws.github.io/chalice (topics/configfile), read 2026-11-28.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from stockade.inputs import nodes
from stockade.inputs.disk import Disk
from stockade.inputs.made import Hole, Made, owned_by
from stockade.inputs.projects import CHALICE
from stockade.model.app import Gap, Source
from stockade.model.value import Doubt
from stockade.text.document import Document, Problem, Span
from stockade.text.json import read_json
from stockade.text.node import Entry, Mapping, Node, Scalar

FORMAT = "chalice"

_STAGE = "dev"  # where the configuration names none
_RUNTIME = "ChaliceRuntime"
_POLICY = "ChalicePolicy"
_HOLES = {
    _RUNTIME: Hole(
        "the version of Python", Doubt("Chalice takes the version of Python that it runs on", cause="framework")
    ),
    _POLICY: Hole(
        "the policy",
        Doubt("Chalice makes the policy of what the code calls", CHALICE.remedy, "framework"),
    ),
}
# What the program may declare that the configuration does not.
_KINDS = (
    *(
        "api",
        "route",
        "stage",
        "authorizer",
        "permission",
        "event-source",
        "event-rule",
        "notification",
        "subscription",
    ),
    *("domain", "log-group", "alarm", "async-config"),
)
_COPIED = {
    "lambda_timeout": "Timeout",
    "lambda_memory_size": "MemorySize",
    "reserved_concurrency": "ReservedConcurrentExecutions",
    "layers": "Layers",
    "lambda_ephemeral_storage": "EphemeralStorage",
}


def read_project(config: str, disk: Disk) -> list[Made]:
    """What a project's configuration declares, and where it can't be read, why."""
    document = disk.document(config)
    if isinstance(document, Problem):
        return []
    return [_Project(document, disk).made()]


class _Project:
    def __init__(self, document: Document, disk: Disk) -> None:
        self.document = document
        self.disk = disk
        self.gaps: list[Gap] = []
        self.sources: list[Source] = []
        self.resources: list[Entry] = []
        self.addresses: dict[str, str] = {}

    def made(self) -> Made:
        root = self._read(self.document)
        if root is not None:
            stages = root.get("stages")
            named = stages.entries if type(stages) is Mapping else ()
            for entry in named or (Entry(Scalar(root.span, _STAGE, _STAGE), Mapping(root.span, ())),):
                if type(entry.value) is Mapping:
                    self._stage(root, entry, entry.value)
        span = root.span if root is not None else self.document.span(0, 0)
        why = f"it is of a project of {CHALICE.name}: routes and events are in its program, which is not read"
        self.gaps.append(
            Gap(
                what=f"`{self.document.path}`", why=why, remedy=CHALICE.remedy, kind="framework", path=self.document.path,
                span=span, hides=True, kinds=_KINDS,
            )
        )  # fmt: skip

        def roots() -> Iterator[Node]:
            return (root for source in self.sources for root in source.roots)

        return Made(
            input=FORMAT,
            document=self.document,
            root=nodes.mapping(span, {"Resources": Mapping(span, tuple(self.resources))}),
            holes=_HOLES,
            addresses=self.addresses,
            generated={},
            framework={},
            included=frozenset(),
            sources=tuple(self.sources),
            hidden=True,
            gaps=tuple(self.gaps),
            place=lambda _, __: None,
            roots=roots,
            owned=owned_by(roots),
        )

    def _read(self, document: Document) -> Mapping | None:
        parsed = read_json(document)
        self.gaps += [
            Gap(what=f"`{p.path}`", why=p.message, remedy=p.remedy, kind=p.kind, path=p.path, span=p.span)
            for p in parsed.problems
        ]
        self.sources.append(Source(document, parsed.roots))
        return parsed.root if type(parsed.root) is Mapping else None

    def _stage(self, root: Mapping, entry: Entry, stage: Mapping) -> None:
        def stated(key: str) -> Entry | None:
            return stage.entry(key) or root.entry(key)

        name, span = entry.key.raw, stage.span
        app = nodes.literal(root.get("app_name")) or "app"
        logical_id = "APIHandler" + "".join(filter(str.isalnum, name.title()))
        self.addresses[logical_id] = f"{app}-{name}"
        properties: list[Entry] = [
            _renamed(found, to) for key, to in _COPIED.items() if (found := stated(key)) is not None
        ]
        made = {
            "FunctionName": nodes.text(span, f"{app}-{name}"),
            "Handler": nodes.text(span, "app.app"),
            "Runtime": nodes.ref(span, _RUNTIME),
            "Code": nodes.text(span, ".."),
            "Role": self._role(stated, name, span),
            "TracingConfig": _nested(stated("xray"), "Mode", when_true="Active"),
            "Environment": _nested(stated("environment_variables"), "Variables"),
            "VpcConfig": _vpc(span, stated("subnet_ids"), stated("security_group_ids")),
        }
        properties += nodes.mapping(span, made).entries
        self._add(logical_id, "AWS::Lambda::Function", Mapping(span, tuple(properties)), entry.key.span)

    def _role(self, stated: Callable[[str], Entry | None], stage: str, span: Span) -> Node:
        """The role that is named, or the one that Chalice makes, with the policy of the stage."""
        arn = stated("iam_role_arn")
        if arn is not None:
            return arn.value
        own = stated("autogen_policy")
        written = own is not None and type(own.value) is Scalar and own.value.value is False
        file = stated("iam_policy_file")
        name = nodes.literal(file.value) if file is not None else None
        path = posixpath.join(posixpath.dirname(self.document.path), name or f"policy-{stage}.json")
        document = self.disk.document(path) if written else None
        policy = self._read(document) if isinstance(document, Document) else None
        if isinstance(document, Problem):
            problem = document
            self.gaps.append(
                Gap(
                    what=f"`{path}`",
                    why=problem.message,
                    remedy=problem.remedy,
                    kind=problem.kind,
                    path=path,
                    hides=True,
                )
            )
        shown = nodes.ref(span, _POLICY) if policy is None else policy
        inline = nodes.mapping(shown.span, {"PolicyName": nodes.text(shown.span, stage), "PolicyDocument": shown})
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        properties = {
            "AssumeRolePolicyDocument": nodes.from_plain({"Version": "2012-10-17", "Statement": [trust]}, span, {}),
            "Policies": nodes.sequence(span, [inline]),
        }
        logical_id = "DefaultRole" + "".join(filter(str.isalnum, stage.title()))
        self._add(logical_id, "AWS::IAM::Role", nodes.mapping(span, properties), span)
        return nodes.get_att(span, logical_id, "Arn")

    def _add(self, logical_id: str, type_: str, properties: Mapping, key: Span) -> None:
        body = nodes.mapping(properties.span, {"Type": nodes.text(properties.span, type_), "Properties": properties})
        self.resources.append(Entry(Scalar(key, logical_id, logical_id), body))


def _renamed(entry: Entry, name: str) -> Entry:
    value = entry.value
    if name == "EphemeralStorage":
        value = nodes.mapping(value.span, {"Size": value})
    return Entry(Scalar(entry.key.span, name, name), value)


def _nested(entry: Entry | None, name: str, *, when_true: str = "") -> Node | None:
    """A mapping of one entry; a switch that is on stands for a word."""
    if entry is None:
        return None
    value = entry.value
    if when_true:
        if not (type(value) is Scalar and value.value is True):
            return None
        value = nodes.text(value.span, when_true)
    return nodes.mapping(entry.value.span, {name: value})


def _vpc(span: Span, subnets: Entry | None, groups: Entry | None) -> Node | None:
    if subnets is None or groups is None:
        return None
    return nodes.mapping(span, {"SubnetIds": subnets.value, "SecurityGroupIds": groups.value})
