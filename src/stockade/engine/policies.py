"""Which policies there are to check, of what type each is, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from stockade.knowledge import iam as facts
from stockade.model.app import Api, App, Gap, Policy, Role, VpcEndpoint
from stockade.model.policy import Fault, PolicyType, Statements
from stockade.model.value import Doubt, File, Known
from stockade.text.document import Document, Problem, Span

if TYPE_CHECKING:  # what checks is imported where something is checked: every scan imports this module
    from stockade.iam.sets.modelled import Names
    from stockade.iam.validate import Class

# What stands in the type of a policy's own resource, and the type of the resource that the policy is on. Words of the sources:
# CloudFormation's types, Terraform's types.
_ON = (
    (("S3::Bucket", "aws_s3_bucket_policy"), "AWS::S3::Bucket"),
    (("S3::AccessPoint", "s3control_access_point"), "AWS::S3::AccessPoint"),
    (("::SQS::", "aws_sqs_"), "AWS::SQS::Queue"),
    (("::SNS::", "aws_sns_"), "AWS::SNS::Topic"),
    (("::KMS::", "aws_kms_"), "AWS::KMS::Key"),
    (("::SecretsManager::", "aws_secretsmanager_"), "AWS::SecretsManager::Secret"),
    (("::ECR::", "aws_ecr_"), "AWS::ECR::Repository"),
    (("::EFS::", "aws_efs_"), "AWS::EFS::FileSystem"),
    (("::DynamoDB::", "aws_dynamodb_"), "AWS::DynamoDB::Table"),
    (("::Kinesis::", "aws_kinesis_resource"), "AWS::Kinesis::Stream"),
    (("::Events::", "aws_cloudwatch_event_"), "AWS::Events::EventBus"),
    (("::Logs::", "aws_cloudwatch_log_"), "AWS::Logs::ResourcePolicy"),
    (
        ("::OpenSearchService::", "::Elasticsearch::", "aws_opensearch_", "aws_elasticsearch_"),
        "AWS::OpenSearchService::Domain",
    ),
)


# What policies are written in.
_HOLDERS = frozenset({"policy", "role", "function", "api", "vpc-endpoint"})


class Checked(Struct, frozen=True, eq=False, kw_only=True):
    """One policy that was checked.

    Attributes:
        path: the file that it is in, relative to `root`.
        root: the folder or file that was named, where paths are relative to it; "" where they stand as they are.
        address: what it is called there; "" for a file that is one policy.
        type: what kind of policy it is.
        resource_type: for a policy on a resource, the type of that; "" where it is not known.
        guessed: the type was told from what the policy says.
        statements: how many it has, as far as they are known.
        faults: what is wrong with it, in the order of the text.
        doubts: what of it is not known, and so was not checked.
    """

    path: str
    root: str = ""
    address: str
    type: PolicyType
    resource_type: str
    guessed: bool
    statements: int
    faults: tuple[Fault, ...]
    doubts: tuple[Doubt, ...]


class Checks(Struct, frozen=True, eq=False, kw_only=True):
    """All policies that were checked, and what could not be read.

    `apps`: what declares policies, by the folder or file that was named; None where nothing does but files that are policies.
    """

    apps: tuple[tuple[str, App | None], ...] = ()
    policies: tuple[Checked, ...]
    gaps: tuple[Gap, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong."""
        return tuple(fault for policy in self.policies for fault in policy.faults)

    @property
    def may_hide_some(self) -> bool:
        """Whether there may be policies in what could not be read."""
        return any(gap.hides and gap.concerns(_HOLDERS) for gap in self.gaps)

    def counts(self) -> dict[Class, int]:
        """How much of each class there is, the gravest first."""
        from stockade.iam.validate import CLASSES, grade_of

        grades = [grade_of(fault.id) for fault in self.faults]
        return {grade: grades.count(grade) for grade in CLASSES}


def guess(statements: Statements) -> PolicyType:
    """What kind of policy it is, by what it says. A service control policy looks like an identity policy."""
    if all(s.principals is None and s.not_principals is None for s in statements):
        return "identity"
    actions = [
        value.v.lower()
        for s in statements
        for value in (s.actions if s.actions is not None else ())
        if isinstance(value, Known)
    ]
    no_resource = all(s.resources is None and s.not_resources is None for s in statements)
    return "trust" if no_resource and actions and all(a.startswith("sts:") for a in actions) else "resource"


def check_document(document: Document | Problem, type_: PolicyType | None = None, resource_type: str = "") -> Checked:
    """Check a file that is a policy; what keeps it from being read is a fault of it."""
    if isinstance(document, Problem):
        nothing = Document(document.path, "")
        origin = File(document.span or Span(nothing, 0, 0))
        message = f"the file {document.message}"
        fault = Fault(id="JSON_SYNTAX_ERROR", message=message, origin=origin, help=document.remedy)
        return _checked(document.path, "", type_ or "identity", resource_type, False, Statements(), (fault,))  # noqa: FBT003
    from stockade.iam.validate import validate
    from stockade.inputs.policy_file import parse, read_policy

    statements = read_policy(parse(document))
    type_, guessed = (type_, False) if type_ is not None else (guess(statements), True)
    if resource_type and guessed and type_ == "identity":
        type_ = "resource"  # it was said that it is on a resource
    faults = validate(statements, type_, resource_type=resource_type)
    return _checked(document.path, "", type_, resource_type, guessed, statements, faults)


def check_app(app: App) -> tuple[Checked, ...]:
    """Check every policy that an application declares. What a framework makes by itself is not the user's to mend."""
    from stockade.iam.sets.modelled import Names

    names = Names(app)
    found: list[Checked] = []
    quotas = facts.language().quotas
    for policy in app.of(Policy):
        if policy.form in {"generated", "connector", "template"} or policy.framework_owned:
            continue
        if policy.form == "resource" and policy.site is not None and policy.site.made:
            continue  # the framework writes it all
        on = resource_type_of(policy.type) if policy.policy_type == "resource" else ""
        quota = None if on else quotas["managed" if policy.form == "managed" else "inline"]
        found += _of(policy.address, policy.statements, policy.policy_type, on, quota, names)
    for role in app.of(Role):
        if not role.generated and not role.framework_owned:
            found += _of(f"{role.address} (trust)", role.trust, "trust", "", None, names)
    for api in app.of(Api):
        found += _of(f"{api.address} (policy)", api.policy, "resource", "AWS::ApiGateway::RestApi", None, names)
    for endpoint in app.of(VpcEndpoint):
        found += _of(f"{endpoint.address} (policy)", endpoint.policy, "resource", "", None, names)
    return tuple(found)


def resource_type_of(source_type: str) -> str:
    """The type of the resource that a policy is on, by the type of what declares it; "" where that is not known."""
    return next((on for words, on in _ON if any(word in source_type for word in words)), "")


def _of(
    address: str, statements: Iterable[object], type_: PolicyType, on: str, quota: int | None, names: Names
) -> Iterator[Checked]:
    if not isinstance(statements, Statements) or not (statements.items or statements.faults):
        return
    from stockade.iam.validate import validate

    faults = validate(statements, type_, resource_type=on, quota=quota, names=names)
    origin = statements.origin
    path = origin.path if isinstance(origin, File) else ""
    if not path:
        path = next((s.origin.path for s in statements if isinstance(s.origin, File)), "")
    yield _checked(path, address, type_, on, False, statements, faults)  # noqa: FBT003 - said at the field's name


def _checked(
    path: str,
    address: str,
    type_: PolicyType,
    on: str,
    guessed: bool,  # noqa: FBT001
    statements: Statements,
    faults: tuple[Fault, ...],
) -> Checked:
    return Checked(
        path=path,
        address=address,
        type=type_,
        resource_type=on,
        guessed=guessed,
        statements=len(statements),
        faults=tuple(sorted(faults, key=_place)),
        doubts=statements.gaps,
    )


def _place(fault: Fault) -> tuple[str, int, int]:
    from stockade.iam.validate import CLASSES, grade_of

    origin = fault.origin
    span = origin.span if isinstance(origin, File) else None
    return (span.doc.path, span.start, CLASSES.index(grade_of(fault.id))) if span is not None else ("", 0, 0)
