"""One application in every format: equal models but for what is stated, and equal verdicts of every rule.

Each folder here is an application that is written as a template of SAM and of CloudFormation, as a service of the Serverless
Framework and in Terraform; `cdk.template.json` is what the AWS CDK makes of it (`scripts/oracles/record_cdk.py`), `plan.json`
what Terraform plans of it (`scripts/oracles/record_families.py`), `pulumi.json` what Pulumi would export of it
(`scripts/oracles/make_pulumi_families.py`). Each format is scanned by itself.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pytest
from msgspec import Struct

from stockade import api
from stockade.model.app import App
from tests.families.shapes import Difference, Shape, Shaper, differences, only
from tests.support import TODAY

HERE = Path(__file__).parent
FORMATS = {
    "cloudformation": "cloudformation.yaml",
    "cdk": "cdk.template.json",
    "sam": "sam.yaml",
    "serverless": "serverless.yml",
    "terraform": "main.tf",
    "plan": "plan.json",
    "pulumi": "pulumi.json",
}
FAMILIES = sorted(path.parent.name for path in HERE.glob("*/cloudformation.yaml"))
TEMPLATES = frozenset({"cloudformation", "sam", "serverless"})
PLANNED = frozenset({"terraform", "plan", "pulumi"})


class Stated(Struct, frozen=True):
    """A difference from CloudFormation that is right: in these formats, of this field of a kind (or of this rule's verdict).

    The kind `open` is that of texts of a plan that are left open, and may be what CloudFormation says. An empty field is
    a record that only one of them has. `families`: the applications that it is stated for; all if empty.
    """

    formats: frozenset[str]
    kind: str
    field: str
    why: str
    families: tuple[str, ...] = ()
    holds: str = ""  # what is in one side of the difference

    def covers(self, family: str, format_: str, found: Difference) -> bool:
        """Whether a difference is the stated one."""
        return (
            format_ in self.formats
            and (self.kind, self.field) == (found.kind, found.field)
            and (not self.families or family in self.families)
            and (self.holds in found.left or self.holds in found.right)
        )


CDK, SAM, SERVERLESS = frozenset({"cdk"}), frozenset({"sam"}), frozenset({"serverless"})
PLAN = frozenset({"plan"})
_NO_CHOICE = "the framework makes the permission, and nobody can write another source"
_REFERENCES_ONLY = "of an expression that is known only after apply, a plan holds nothing but what it refers to"
_ONE_PERMISSION = "the framework makes one permission for all routes of an API"
_NO_SOURCE = "the framework makes one permission for each function of a WebSocket API, and has it name no source"
_ASSET = "the template names the bucket that the CDK puts code into; the file is named by the manifest beside it"
_NAMED = "the construct names it by a tag"
_GRANT = "what the constructs grant lets functions ask about what they use, too"
_NETWORKS = ("balancer", "network")
_ROTATED = "the construct lets the service call for every secret: its permission names no source"
_OWN_CODE = "the library sets what a bucket notifies by a function of its own, when the stack is deployed"
_EVENT = "the framework makes it of what the function says, where templates write it; the field says so"

STATED: tuple[Stated, ...] = (
    Stated(CDK, "function", "code_path", _ASSET),
    Stated(CDK, "function", "code_bucket", _ASSET),
    Stated(
        CDK,
        "permission",
        "source_arn",
        "the construct of the integration lets all methods of its path call",
        ("http_api",),
    ),
    Stated(CDK, "layer", "code_path", _ASSET, ("package",)),
    *(Stated(CDK, kind, "tags", _NAMED, _NETWORKS) for kind in ("vpc", "subnet")),
    *(Stated(CDK, kind, "tags", _NAMED, ("network",)) for kind in ("file-system", "access-point")),
    *(
        Stated(CDK, kind, "", "the construct of a subnet gives it a route table, here one without routes", _NETWORKS)
        for kind in ("route-table", "subnet-route-table")
    ),
    *(
        Stated(
            CDK,
            kind,
            field,
            "the construct gives a balancer a security group of its own",
            ("balancer",),
            "Automatically created Security Group for ELB",
        )
        for kind, field in (("security-group", ""), ("load-balancer", "security_groups"))
    ),
    Stated(
        CDK,
        "security-group-rule",
        "",
        "the construct of a file system opens its group, which is the function's too, to who mounts it",
        ("network",),
        "networkGroupBB179415:2049",
    ),
    Stated(
        CDK,
        "verdict",
        "SK606",
        "the construct of a file system opens its group, which is the function's too, to who mounts it",
        ("network",),
    ),
    *(
        Stated(CDK, kind, field, "the construct describes each rule by the addresses and ports", ("network",), holds)
        for kind, field, holds in (
            ("security-group", "inline_rules", "description=from 0.0.0.0/0:443"),
            ("verdict", "SK608", ""),
        )
    ),
    Stated(
        CDK,
        "role",
        "policies",
        "the construct lets a function mount by its access point only, whatever the file system",
        ("network",),
        "elasticfilesystem:AccessPointArn",
    ),
    Stated(CDK, "event-source", "batch_size", "the construct says the 100 that are the default", ("brokers",), "100"),
    Stated(CDK, "role", "policies", _GRANT, ("brokers",), "secretsmanager:describesecret"),
    Stated(
        CDK,
        "verdict",
        "SK232",
        "the construct grants asking for the cluster's brokers on the cluster, where AWS's reference has it for `*` alone",
        ("brokers",),
    ),
    Stated(CDK, "role", "policies", _GRANT, ("shops",), "sqs:getqueueurl"),
    Stated(
        CDK,
        "role",
        "managed",
        "the construct grants reading from this queue, where AWS's policy is for all queues",
        ("shops",),
        "AWSLambdaSQSQueueExecutionRole",
    ),
    Stated(
        CDK,
        "verdict",
        "SK227",
        "the construct grants reading from this queue by an inline policy, where AWS's policy is a managed one",
        ("shops",),
    ),
    *(
        Stated(CDK, "role", "policies", why, ("callers",), holds)
        for holds, why in (
            ("secretsmanager:updatesecretversionstage", "the construct grants all that a rotation may take"),
            ("{function price-answer.Arn}:*", "the construct grants calls of every version, too"),
            ("xray:puttracesegments", "the construct grants what tracing takes, and calls of every version, too"),
        )
    ),
    *(
        Stated(CDK, kind, field, "the construct binds the role to machines of the account", ("callers",), holds)
        for kind, field, holds in (("role", "trust", "aws:SourceAccount"), ("verdict", "SK214", ""))
    ),
    Stated(CDK, "permission", "source_arn", _ROTATED, ("callers",)),
    *(Stated(CDK, "verdict", f"SK{code}", _ROTATED, ("callers",)) for code in (103, 125, 129)),
    Stated(
        CDK,
        "policy",
        "",
        "the construct keeps the account from deleting a secret that is rotated",
        ("callers",),
        "secretsmanager:deletesecret",
    ),
    *(
        Stated(
            CDK,
            "verdict",
            code,
            "its policy by which the construct keeps the secret from deletion is asked",
            ("callers",),
        )
        for code in ("SK139", "SK141")
    ),
    *(
        Stated(CDK, "rotation", field, "the construct writes days as a schedule", ("callers",))
        for field in ("days", "expression")
    ),
    Stated(
        CDK,
        "secret",
        "generated",
        "the construct has a secret made up if no value is given",
        ("brokers", "callers", "split_roles"),
    ),
    Stated(
        CDK,
        "policy",
        "statements",
        "the construct of the secret lets the account use the key through Secrets Manager",
        ("split_roles",),
        "kms:ViaService",
    ),
    Stated(CDK, "output", "", "the construct puts out where the API is called", ("rest_api",)),
    Stated(
        CDK,
        "permission",
        "source_arn",
        "the constructs let only the stage that they deploy call, and only the authorizer that asks",
        ("rest_api",),
    ),
    Stated(
        CDK,
        "permission",
        "source_arn",
        "the construct of the integration lets all stages call, that of the authorizer only the authorizer that asks",
        ("websocket",),
    ),
    *(
        Stated(CDK, kind, "", _OWN_CODE, ("bucket",), holds)
        for kind, holds in (
            ("caller", "s3.put_bucket_notification_configuration"),
            ("function", "the CDK's library makes it for bucket notifications"),
            ("role", "the CDK's library makes it for bucket notifications"),
        )
    ),
    Stated(SAM, "role", "generated", "SAM makes a role for each function that names none"),
    Stated(SAM | SERVERLESS, "permission", "generated_by", _EVENT),
    Stated(SERVERLESS, "log-group", "generated", "the framework makes a log group for each function"),
    Stated(
        SAM,
        "verdict",
        "SK208",
        "SAM gives each role that it makes AWS's policy that writes to all log groups, and leaves no choice",
    ),
    Stated(
        SAM,
        "permission",
        "source_arn",
        "the bucket names the function, so that SAM can't have the permission name the bucket: it names the account",
        ("bucket",),
    ),
    Stated(
        SAM,
        "permission",
        "source_account",
        "SAM names the account as well as the rule of IoT",
        ("telemetry",),
    ),
    Stated(SAM, "verdict", "SK227", "SAM lets the role send to the destinations that the function names", ("later",)),
    Stated(SAM | SERVERLESS, "verdict", "SK129", _NO_CHOICE),
    Stated(
        SERVERLESS,
        "permission",
        "principal",
        "the framework names the service of logs with its region",
        ("telemetry",),
    ),
    Stated(SERVERLESS, "permission", "source_arn", _ONE_PERMISSION, ("http_api", "rest_api")),
    Stated(SERVERLESS, "permission", "", _ONE_PERMISSION, ("http_api", "rest_api")),
    Stated(SERVERLESS, "verdict", "SK107", _ONE_PERMISSION, ("http_api", "rest_api")),
    Stated(
        SERVERLESS,
        "verdict",
        "SK802",
        "the framework names every function by itself, so that a name of one's own is no other choice than its own",
    ),
    Stated(
        frozenset({"terraform"}),
        "verdict",
        "SK803",
        "which of two is made first is left to the source in Terraform only, and a plan does not say it",
        ("rest_api",),
    ),
    Stated(PLAN, "verdict", "SK107", _REFERENCES_ONLY),
    Stated(PLAN, "verdict", "SK182", _REFERENCES_ONLY, ("bucket",)),
    Stated(PLAN, "function", "environment", _REFERENCES_ONLY, ("shared_role", "shops")),
    *(Stated(PLAN, "verdict", f"SK{code}", _REFERENCES_ONLY, ("network",)) for code in (602, 603, 604, 605, 606, 607)),
    *(
        Stated(PLAN, "verdict", f"SK{code}", _REFERENCES_ONLY, ("split_roles",))
        for code in (134, 301, 303, 306, 307, 308, 309, 316, 330, 331, 332, 335, 336, 708)
    ),
    Stated(PLAN, "verdict", "SK321", _REFERENCES_ONLY, ("callers",)),
    *(Stated(PLAN, "verdict", f"SK{code}", _REFERENCES_ONLY, ("brokers", "callers")) for code in (134, 307, 309, 316)),
    Stated(PLAN, "alarm", "dimensions", _REFERENCES_ONLY, ("watched",)),
    *(Stated(PLAN, "verdict", f"SK{code}", _REFERENCES_ONLY, ("package",)) for code in (339, 511, 512, 517, 530, 742)),
    Stated(SERVERLESS, "permission", "source_arn", _NO_SOURCE, ("websocket",)),
    Stated(SERVERLESS, "permission", "", _NO_SOURCE, ("websocket",)),
    *(Stated(SERVERLESS, "verdict", f"SK{code}", _NO_SOURCE, ("websocket",)) for code in (103, 106, 107)),
    Stated(
        SERVERLESS,
        "permission",
        "",
        "the framework makes a second permission, which names the target group",
        ("balancer",),
    ),
    Stated(SERVERLESS, "route", "timeout", "the framework says the 30 seconds that are the default", ("http_api",)),
    Stated(PLANNED, "route", "timeout", "the provider says the 29 seconds that are the default", ("rest_api",)),
    Stated(SERVERLESS, "target-group", "tags", "the framework says by a tag which listener it is for", ("balancer",)),
    Stated(
        SERVERLESS, "variable", "", "the framework puts in what variables say before there is a template", ("stages",)
    ),
    Stated(SERVERLESS, "stage", "auto_deploy", "the framework makes a deployment of its own", ("websocket",)),
    Stated(SAM, "api", "body", "SAM defines its APIs by a document", ("rest_api",)),
    Stated(
        SAM | SERVERLESS, "stage", "deployed_api", "what the framework makes of an API is of that API", ("rest_api",)
    ),
    Stated(SERVERLESS, "stage", "deployed_api", "the framework makes a deployment of its own", ("websocket",)),
    Stated(PLAN, "state-machine", "definition", _REFERENCES_ONLY, ("callers",)),
    Stated(PLAN, "verdict", "SK744", _REFERENCES_ONLY, ("callers",)),
    Stated(PLAN, "verdict", "SK808", _REFERENCES_ONLY, ("rest_api",)),
    Stated(PLAN, "open", "", _REFERENCES_ONLY),
    Stated(PLAN, "verdict", "SK122", _REFERENCES_ONLY),
    Stated(
        PLANNED,
        "permission",
        "",
        "the provider's version that plans are recorded with has no argument for calls through the URL alone",
        holds="'via_url_only': 'true'",
    ),
)


class Scene(Struct, frozen=True):
    """The values that an application is looked at with, by the name that all formats share; nothing for what it leaves open."""

    name: str
    values: dict[str, str]
    formats: tuple[str, ...] = tuple(FORMATS)


AS_IT_IS = Scene("as it is", {})
SCENES: dict[str, tuple[Scene, ...]] = {
    # A service always has a stage. (A plan is left out: of its variables no records are made yet.)
    "stages": (
        Scene("no stage", {}, ("cloudformation", "cdk", "sam", "terraform")),
        Scene("dev", {"stage": "dev"}, ("cloudformation", "cdk", "sam", "serverless", "terraform")),
        Scene("prod", {"stage": "prod"}, ("cloudformation", "cdk", "sam", "serverless", "terraform")),
    )
}
CASES = [
    (family, scene, format_)
    for family in FAMILIES
    for scene in SCENES.get(family, (AS_IT_IS,))
    for format_ in scene.formats
    if format_ != "cloudformation" and (HERE / family / FORMATS[format_]).exists()
]


Verdicts: TypeAlias = dict[tuple[str, str], str]


@cache
def scanned(family: str, format_: str, scene: str) -> tuple[App, Verdicts]:
    """What one format says of an application, and the verdicts by rule and function."""
    given = next(s for s in SCENES.get(family, (AS_IT_IS,)) if s.name == scene).values
    with TemporaryDirectory() as name:
        folder = Path(name)
        source = HERE / family / FORMATS[format_]
        shutil.copy(source, folder / source.name)
        if format_ == "serverless":  # which may read other files
            for other in source.parent.glob("*.yml"):
                shutil.copy(other, folder / other.name)
        result = api.scan(
            folder,
            persona="auditor",
            today=TODAY,
            parameters={key.capitalize(): value for key, value in given.items()},
            variables=given if format_ == "terraform" else None,
            stage=given.get("stage", "") if format_ == "serverless" else "",
        )
    assert [f"{gap.what}: {gap.why}" for gap in result.gaps] == []
    verdicts: Verdicts = {
        (row.rule.code, only(row.function.name)): row.verdict
        for row in result.rows
        if not row.function.framework_owned  # of which the other formats have none
    }
    assert "" not in {function for _, function in verdicts}, "every format states the names of its functions"
    return result.app, verdicts


@cache
def shape(family: str, format_: str, scene: str, other: str = "") -> Shape:
    """What one format says of an application, told by what is not stated to differ in another one (in itself)."""
    app, verdicts = scanned(family, format_, scene)
    left_out: dict[str, frozenset[str]] = {"*": frozenset()}
    for stated in STATED:
        if (other or format_) in stated.formats and (not stated.families or family in stated.families):
            left_out[stated.kind] = left_out.get(stated.kind, frozenset()) | {stated.field}
    return Shape(Shaper(app, left_out, planned=format_ == "plan").records(), verdicts)


def found_in(family: str, scene: Scene, format_: str) -> Iterator[Difference]:
    """What is not as in CloudFormation."""
    yield from differences(shape(family, "cloudformation", scene.name, format_), shape(family, format_, scene.name))


@pytest.mark.parametrize(("family", "scene", "format_"), CASES, ids=lambda x: x.name if isinstance(x, Scene) else x)
def test_it_is_the_same_but_for_what_is_stated(family: str, scene: Scene, format_: str) -> None:
    others = [d for d in found_in(family, scene, format_) if not any(s.covers(family, format_, d) for s in STATED)]
    assert not others, "\n".join(map(str, others))


def preview_of(family: str) -> str:
    """An application as `pulumi preview --json` has it before it is deployed first.

    What is made of what another resource has only then is not known: all of a text, whatever else is in it. Names that are
    written are known. Source: `ShowPreviewDigest` of Pulumi (pkg/backend/display/json.go).
    """
    exported = json.loads((HERE / family / FORMATS["pulumi"]).read_text(encoding="utf-8"))["deployment"]["resources"]
    states = {state["urn"]: state for state in exported}
    steps = []
    for state in exported:
        later = {
            name: [
                text
                for urn in urns
                for text in states[urn]["outputs"].values()
                if isinstance(text, str) and text not in states[urn]["inputs"].values()
            ]
            for name, urns in state.get("propertyDependencies", {}).items()
        }
        inputs = {name: _before(value, later.get(name, [])) for name, value in state.get("inputs", {}).items()}
        kept = {key: value for key, value in state.items() if key not in {"id", "outputs", "inputs"}}
        steps.append({"op": "create", "urn": state["urn"], "newState": {**kept, "inputs": inputs}})
    return json.dumps({"config": {}, "steps": steps, "changeSummary": {"create": len(steps)}}, indent=4)


def _before(value: Any, later: list[str]) -> Any:
    if isinstance(value, str):
        return "04da6b54-80e4-46f7-96ec-b56ff0331ba9" if any(text in value for text in later) else value
    if isinstance(value, list):
        return [_before(item, later) for item in value]
    if isinstance(value, dict):
        return {name: _before(item, later) for name, item in value.items()}
    return value


@pytest.mark.parametrize("family", [family for family, _, format_ in CASES if format_ == "pulumi"])
def test_a_preview_says_nothing_else_than_what_will_be(family: str, tmp_path: Path) -> None:
    (tmp_path / "preview.json").write_text(preview_of(family), encoding="utf-8")
    result = api.scan(tmp_path, persona="auditor", today=TODAY)
    assert [f"{gap.what}: {gap.why}" for gap in result.gaps if gap.kind != "join"] == []
    said = {(row.rule.code, only(row.function.name)): row.verdict for row in result.rows}
    _, deployed = scanned(family, "pulumi", AS_IT_IS.name)
    assert said.keys() == deployed.keys()
    wrong = {
        key: (deployed[key], verdict) for key, verdict in said.items() if verdict not in {deployed[key], "unknown"}
    }
    assert wrong == {}
    told = [key for key, verdict in said.items() if verdict != "unknown"]
    assert len(told) * 4 > len(said) * 3, "most of it is told before it is deployed"


@pytest.mark.parametrize("stated", STATED, ids=lambda s: f"{s.kind}-{s.field}")
def test_what_is_stated_is_met(stated: Stated) -> None:
    met = {
        format_
        for family, scene, format_ in CASES
        if format_ in stated.formats and (not stated.families or family in stated.families)
        for difference in found_in(family, scene, format_)
        if stated.covers(family, format_, difference)
    }
    assert met == stated.formats


@pytest.mark.parametrize("family", FAMILIES)
def test_an_application_has_functions_and_verdicts(family: str) -> None:
    for scene in SCENES.get(family, (AS_IT_IS,)):
        held = shape(family, "cloudformation", scene.name)
        assert held.records["function"]
        assert {"pass", "fail"} <= set(held.verdicts.values())
