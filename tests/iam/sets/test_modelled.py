"""Policies as templates and configurations have them: references, conditions, what is not known, and who is attached to what."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from stockade.engine.proofs.subjects import of_holder, setting_of
from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clause, shown
from stockade.iam.sets.modelled import Names, of_resources, of_role
from stockade.iam.sets.questions import Proved, Refuted, within
from stockade.model.app import Permission, Role
from tests.iam.sets.templates import ROLE, STAGE, may, put

TABLE = """\
T:
  Type: AWS::DynamoDB::Table
  Properties:
    BillingMode: PAY_PER_REQUEST
    AttributeDefinitions: [{AttributeName: a, AttributeType: S}]
    KeySchema: [{AttributeName: a, KeyType: HASH}]
"""
GET = "{Effect: Allow, Action: 's3:GetObject', Resource: %s}"


def own(access: Access) -> tuple[Clause, ...]:
    """The statements that the template writes, and not those of the policy that SAM attaches."""
    return tuple(each for each in access.identity if not each.name.startswith("AWSLambda"))


def clauses(folder: Path) -> tuple[Clause, ...]:
    return own(of_holder(api.load(folder), "F", "F").access)


def test_references_are_one_thing_and_others_another(tmp_path: Path) -> None:
    two = TABLE + TABLE.replace("T:", "U:", 1)
    put(tmp_path, "{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt T.Arn}", resources=two)
    assert may(tmp_path, "dynamodb:GetItem", "T").verdict == "refuted"
    assert may(tmp_path, "dynamodb:GetItem", "U").verdict == "proved"
    assert may(tmp_path, "dynamodb:PutItem", "T").verdict == "proved"
    found = may(tmp_path, "dynamodb:GetItem", "T").example
    assert found is not None
    assert found.request.resource == "arn:aws:dynamodb:us-east-1:111122223333:table/t"
    assert found.where["T"] == "t"


def test_an_arn_that_is_put_together_is_that_of_the_resource(tmp_path: Path) -> None:
    arn = "!Sub 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${T}'"
    put(tmp_path, f"{{Effect: Allow, Action: 'dynamodb:GetItem', Resource: {arn}}}", resources=TABLE)
    (only,) = clauses(tmp_path)
    names = Names(api.load(tmp_path))
    table = names.app.get("template.yaml#T") or next(each for each in names.app.resources if each.address == "T")
    assert only.most["Resource"] == [names.arn(table)]


def test_two_templates_may_call_two_things_alike(tmp_path: Path) -> None:
    put(
        tmp_path,
        "{Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt T.Arn}",
        resources=TABLE,
        at="one/template.yaml",
    )
    put(tmp_path, resources=TABLE, name="G", at="other/template.yaml")
    assert may(tmp_path, "dynamodb:GetItem", "one/template.yaml#T").verdict == "refuted"
    assert may(tmp_path, "dynamodb:GetItem", "other/template.yaml#T").verdict == "proved"


def test_conditions_are_told(tmp_path: Path) -> None:
    everything = "'*'"
    put(tmp_path, f"!If [IsProd, {GET % everything}, !Ref 'AWS::NoValue']", head=STAGE)
    proof = may(tmp_path, "s3:GetObject")
    assert proof.example is not None
    assert proof.example.when == ("Stage is prod",)
    assert may(tmp_path, "s3:GetObject", Stage="dev").verdict == "proved"
    assert may(tmp_path, "s3:GetObject", Stage="prod").verdict == "refuted"


def test_a_boundary_that_is_not_always_there_does_not_always_bound(tmp_path: Path) -> None:
    more = (
        "    PermissionsBoundary: !If [IsProd, 'arn:aws:iam::aws:policy/AmazonSQSFullAccess', !Ref 'AWS::NoValue']\n"
        "    ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']\n"
    )
    put(tmp_path, head=STAGE, resources=ROLE + more, properties="Role: !GetAtt R.Arn\n")
    proof = may(tmp_path, "s3:GetObject")
    assert proof.example is not None
    assert proof.example.when == ("Stage is not prod",)
    assert [clause.name for clause in proof.example.statements["F"]] == ["AmazonS3FullAccess[0]"]
    assert may(tmp_path, "s3:GetObject", Stage="prod").verdict == "proved"


@pytest.mark.parametrize(
    ("boundary", "verdict"),
    [
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "refuted"),
        ("arn:aws:iam::aws:policy/AmazonSQSFullAccess", "proved"),
        ("arn:aws:iam::111122223333:policy/elsewhere", "unknown"),
        ("!Ref Stage", "unknown"),
        ("!Ref Own", "proved"),
    ],
)
def test_boundaries(tmp_path: Path, boundary: str, verdict: str) -> None:
    bound = """\
Own:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}
"""
    more = (
        f"    PermissionsBoundary: {boundary}\n    ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']\n"
    )
    put(tmp_path, head=STAGE, resources=ROLE + more + bound, properties="Role: !GetAtt R.Arn\n")
    assert may(tmp_path, "s3:GetObject").verdict == verdict


MANAGED = """\
M:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}
"""


@pytest.mark.parametrize(
    ("role", "policy", "when"),
    [
        ("    ManagedPolicyArns: [!Ref M]\n", "", ()),
        ("    ManagedPolicyArns: [!If [IsProd, !Ref M, !Ref 'AWS::NoValue']]\n", "", ("Stage is prod",)),
        ("", "    Roles: [!Ref R]\n", ()),
        ("", "    Roles: [!If [IsProd, !Ref R, other]]\n", ("Stage is prod",)),
        ("    ManagedPolicyArns: !If [IsProd, [!Ref M], []]\n", "", ("Stage is prod",)),
    ],
)
def test_policies_are_attached_under_their_premises(
    tmp_path: Path, role: str, policy: str, when: tuple[str, ...]
) -> None:
    put(tmp_path, head=STAGE, resources=ROLE + role + MANAGED + policy, properties="Role: !GetAtt R.Arn\n")
    proof = may(tmp_path, "s3:GetObject")
    assert proof.example is not None
    assert proof.example.when == when


def test_a_policy_may_be_attached_to_a_role_that_is_not_known(tmp_path: Path) -> None:
    put(
        tmp_path, head=STAGE, resources=ROLE + MANAGED + "    Roles: [!Ref Stage]\n", properties="Role: !GetAtt R.Arn\n"
    )
    proof = may(tmp_path, "s3:GetObject")
    assert proof.verdict == "unknown"
    assert "whether M is attached to R" in proof.why
    assert may(tmp_path, "sqs:SendMessage").verdict == "proved"


def test_a_role_that_a_condition_chooses(tmp_path: Path) -> None:
    other = ROLE.replace("R:", "Q:", 1) + "    ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess']\n"
    put(tmp_path, head=STAGE, resources=ROLE + other, properties="Role: !If [IsProd, !GetAtt Q.Arn, !GetAtt R.Arn]\n")
    proof = may(tmp_path, "s3:GetObject")
    assert proof.example is not None
    assert proof.example.when == ("Stage is prod",)
    put(tmp_path, head=STAGE, resources=ROLE, properties="Role: !If [IsProd, 'arn:aws:iam::1:role/x', !GetAtt R.Arn]\n")
    assert may(tmp_path, "s3:GetObject").verdict == "unknown"
    assert may(tmp_path, "s3:GetObject", Stage="dev").verdict == "proved"


@pytest.mark.parametrize(
    ("statement", "action", "verdict"),
    [
        ([GET % "!Ref Stage"], "s3:GetObject", "unknown"),  # it is some resource, or of a kind that has no objects
        (["{Effect: Allow, Action: !Ref Stage, Resource: '*'}"], "s3:GetObject", "unknown"),
        (["{Effect: Allow, Action: !Split [',', !Ref Stage], Resource: '*'}"], "s3:GetObject", "unknown"),
        (["{Effect: Deny, Action: !Split [',', !Ref Stage], Resource: '*'}", GET % "'*'"], "s3:GetObject", "unknown"),
        (["{'Fn::Transform': {Name: X}}"], "s3:GetObject", "unknown"),
        (
            [
                GET.replace("}", ", Condition: {StringEquals: {'aws:RequestedRegion': !Split [',', !Ref Stage]}}}")
                % "'*'"
            ],
            "s3:GetObject",
            "unknown",
        ),
        ([GET % '"arn:aws:s3:::\\uf8f5B\\uf8f2/*"'], "s3:GetObject", "unknown"),
        (["{Effect: Allow, NotAction: 's3:*', Resource: '*'}"], "s3:GetObject", "proved"),
        (["{Effect: Allow, Action: 's3:*', NotResource: '*'}"], "s3:GetObject", "proved"),
    ],
)
def test_what_is_not_known_is_not_taken_for_known(
    tmp_path: Path, statement: tuple[str, ...], action: str, verdict: str
) -> None:
    put(tmp_path, *statement, head=STAGE)
    assert may(tmp_path, action).verdict == verdict


@pytest.mark.parametrize("value", ["!Ref 'AWS::NoValue'", "[!Ref 'AWS::NoValue']"])
def test_a_condition_without_values_may_be_none(tmp_path: Path, value: str) -> None:
    condition = f"Condition: {{StringEquals: {{'aws:RequestedRegion': !If [IsProd, x, {value}]}}}}"
    put(tmp_path, f"{{Effect: Allow, Action: 's3:GetObject', Resource: '*', {condition}}}", head=STAGE)
    assert may(tmp_path, "s3:GetObject", Stage="prod").verdict == "refuted"
    assert may(tmp_path, "s3:GetObject", Stage="dev").verdict != "proved"


def test_a_parameter_holds_no_wildcard_and_that_is_told(tmp_path: Path) -> None:
    put(tmp_path, GET % "!Sub 'arn:aws:s3:::${Stage}/*'", head=STAGE)
    subject = of_holder(api.load(tmp_path), "F", "F")
    assert subject.names is not None
    setting = setting_of(subject)
    narrow = Access(identity=own(subject.access))
    assert within(narrow, narrow, setting) == Proved(("`Stage` holds no wildcard",))
    wide = Access(identity=tuple(_at(each, "arn:aws:s3:::*/*") for each in narrow.identity))
    assert isinstance(within(narrow, wide, setting), Proved)
    assert isinstance(within(wide, narrow, setting), Refuted)


def _at(clause: Clause, resource: str) -> Clause:
    most = {**clause.most, "Resource": resource}
    return Clause(most, most, clause.name)


def test_policy_variables_stay_variables(tmp_path: Path) -> None:
    put(tmp_path, GET % "!Sub 'arn:aws:s3:::b/${!aws:PrincipalAccount}/*'")
    (only,) = clauses(tmp_path)
    assert only.most["Resource"] == ["arn:aws:s3:::b/${aws:PrincipalAccount}/*"]
    assert may(tmp_path, "s3:GetObject", "arn:aws:s3:::other/*").verdict == "proved"


PERMISSION = """\
Al:
  Type: AWS::Lambda::Alias
  Properties: {FunctionName: !Ref F, FunctionVersion: '1', Name: live}
Perm:
  Type: AWS::Lambda::Permission
  Properties: {Action: 'lambda:InvokeFunction', FunctionName: %s, Principal: %s}
"""


@pytest.mark.parametrize(
    ("function", "principal", "resource", "named"),
    [
        ("!Ref F", "s3.amazonaws.com", ":function:<F>", {"Service": ["s3.amazonaws.com"]}),
        ("!GetAtt F.Arn", "'111122223333'", ":function:<F>", {"AWS": ["111122223333"]}),
        ("!Ref Al", "'*'", ":function:<F>:<the qualifier in {Al}>", {"AWS": ["*"]}),
    ],
)
def test_permissions(tmp_path: Path, function: str, principal: str, resource: str, named: dict[str, list[str]]) -> None:
    put(tmp_path, resources=PERMISSION % (function, principal))
    app = api.load(tmp_path)
    assert len(app.of(Permission)) == 1
    (clause,) = of_resources(Names(app))[app.functions[0]]
    assert shown(str(clause.most["Resource"][0])).endswith(resource)
    assert clause.most["Principal"] == named
    assert "Condition" not in clause.most


def test_a_permission_whose_source_is_not_always_named(tmp_path: Path) -> None:
    made = PERMISSION % ("!Ref F", "'*'")
    source = ", SourceAccount: !If [IsProd, '111122223333', !Ref 'AWS::NoValue']}"
    put(tmp_path, head=STAGE, resources=made.rstrip()[:-1] + source + "\n")
    app = api.load(tmp_path)
    found = of_resources(Names(app))[app.functions[0]]
    assert [("Condition" in each.most, [p.text for p in each.when]) for each in found] == [
        (True, ["Stage is prod"]),
        (False, ["Stage is not prod"]),
    ]


def test_terraform(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
variable "stage" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket" "b" { bucket = "b-${var.stage}" }
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.a.arn}/*", "arn:aws:s3:::b-${var.stage}/in/*"]
  }
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_iam_role_policy_attachment" "q" {
  count      = var.stage == "prod" ? 1 : 0
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.r.arn
  handler       = "a.b"
  runtime       = "python3.13"
  filename      = "a.zip"
}
""",
        encoding="utf-8",
    )
    who = "aws_lambda_function.f"
    assert may(tmp_path, "s3:GetObject", "aws_s3_bucket.a", who).verdict == "refuted"
    inside = may(tmp_path, "s3:GetObject", "aws_s3_bucket.b", who).example
    assert inside is not None
    assert inside.request.resource.endswith("/in/x")
    assert may(tmp_path, "s3:PutObject", "aws_s3_bucket.a", who).verdict == "proved"
    queue = may(tmp_path, "sqs:SendMessage", who=who).example
    assert queue is not None
    assert queue.when == ("`var.stage` is prod",)
    app = api.load(tmp_path)
    names = Names(app)
    (role,) = app.of(Role)
    assert isinstance(within(of_role(role, names), of_role(role, names), names.setting(setting_of())), Proved)


def test_unknown_statements_are_the_same_only_if_they_are_written_alike(tmp_path: Path) -> None:
    head = "Parameters:\n  A: {Type: CommaDelimitedList}\n  B: {Type: CommaDelimitedList}\n"
    for name, parameter in (("a", "A"), ("b", "B"), ("c", "A")):
        put(tmp_path / name, GET % f"!Join [',', !Ref {parameter}]", head=head)
    accesses = {name: of_holder(api.load(tmp_path / name), "F", "F") for name in "abc"}
    setting = setting_of(*accesses.values())
    assert isinstance(within(accesses["a"].access, accesses["c"].access, setting), Proved)
    assert not isinstance(within(accesses["a"].access, accesses["b"].access, setting), Proved)


# https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html: without its key's policy, no policy gives access
KEYS = """\
K:
  Type: AWS::KMS::Key
  Properties:
    KeyPolicy:
      Version: '2012-10-17'
      Statement: [{Effect: Allow, Principal: {AWS: %s}, Action: 'kms:*', Resource: '*'}]
"""


@pytest.mark.parametrize(
    ("principal", "own", "verdict"),
    [
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:root'", True, "refuted"),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:root'", False, "proved"),
        ("'arn:aws:iam::111122223333:role/admin'", True, "unknown"),  # the function's role may be called so
        ("!GetAtt FRole.Arn", False, "refuted"),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/else/where'", True, "unknown"),
        ("!GetAtt GRole.Arn", True, "proved"),
    ],
)
def test_a_key_is_used_by_whom_its_policy_lets(tmp_path: Path, principal: str, own: bool, verdict: str) -> None:  # noqa: FBT001
    statement = ["{Effect: Allow, Action: 'kms:Decrypt', Resource: '*'}"] if own else []
    other = "G:\n  Type: AWS::Serverless::Function\n  Properties: {Runtime: python3.13, Handler: a.b, InlineCode: x}\n"
    put(tmp_path, *statement, resources=KEYS % principal + other)
    proof = may(tmp_path, "kms:Decrypt", "K")
    assert proof.verdict == verdict
    assert proof.example is None or set(proof.example.where) <= {
        "K",
        "FRole",
        "AWS::AccountId",
        "AWS::Region",
        "AWS::Partition",
    }


TRUSTS = ROLE.replace("{Service: lambda.amazonaws.com}", "{AWS: %s}")


@pytest.mark.parametrize(
    ("principal", "own", "verdict"),
    [
        ("!GetAtt FRole.Arn", False, "refuted"),  # within an account that is enough
        ("!Ref 'AWS::AccountId'", False, "proved"),
        ("!Ref 'AWS::AccountId'", True, "refuted"),
        ("'*'", False, "refuted"),
        ("!GetAtt GRole.Arn", True, "proved"),
    ],
)
def test_a_role_is_assumed_by_whom_it_trusts(tmp_path: Path, principal: str, own: bool, verdict: str) -> None:  # noqa: FBT001
    statement = ["{Effect: Allow, Action: 'sts:AssumeRole', Resource: '*'}"] if own else []
    other = "G:\n  Type: AWS::Serverless::Function\n  Properties: {Runtime: python3.13, Handler: a.b, InlineCode: x}\n"
    put(tmp_path, *statement, resources=TRUSTS % principal + other)
    assert may(tmp_path, "sts:AssumeRole", "R").verdict == verdict
    assert may(tmp_path, "iam:PassRole", "R").verdict == "proved"


LETS = """\
B:
  Type: AWS::S3::Bucket
  Properties: {BucketName: mine}
P:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: %s
    PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: %s, Principal: %s, Action: 's3:GetObject', Resource: %s}]}
"""


@pytest.mark.parametrize(
    ("lets", "resource", "verdict"),
    [
        (("!Ref B", "Allow", "{AWS: !GetAtt FRole.Arn}", "!Sub '${B.Arn}/*'"), "B", "refuted"),
        (("!Ref B", "Allow", "{AWS: !GetAtt FRole.Arn}", "!Sub '${B.Arn}/*'"), "arn:aws:s3:::mine/x", "refuted"),
        (("!Ref B", "Allow", "{AWS: !GetAtt FRole.Arn}", "!Sub '${B.Arn}/*'"), "*", "refuted"),
        (("!Ref B", "Allow", "{AWS: !GetAtt FRole.Arn}", "!Sub '${B.Arn}/*'"), "arn:aws:s3:::other/x", "proved"),
        (("!Ref B", "Allow", "{Service: cloudfront.amazonaws.com}", "'*'"), "B", "proved"),
        (("!ImportValue x", "Allow", "{AWS: !GetAtt FRole.Arn}", "'*'"), "B", "unknown"),
    ],
)
def test_what_a_resource_lets_one_do(tmp_path: Path, lets: tuple[str, ...], resource: str, verdict: str) -> None:
    put(tmp_path, resources=LETS % lets)
    assert may(tmp_path, "s3:GetObject", resource).verdict == verdict
    put(tmp_path)
    assert may(tmp_path, "s3:GetObject", "arn:aws:s3:::mine/x").assumes


def test_what_a_resource_keeps_one_from(tmp_path: Path) -> None:
    put(tmp_path, GET % "'*'", resources=LETS % ("!Ref B", "Deny", "'*'", "!Sub '${B.Arn}/*'"))
    assert may(tmp_path, "s3:GetObject", "B").verdict == "proved"
    assert may(tmp_path, "s3:GetObject").verdict == "refuted"
    own = "ArnNotEquals: {'aws:PrincipalArn': !GetAtt FRole.Arn}"
    kept = (LETS % ("!Ref B", "Deny", "'*'", "!Sub '${B.Arn}/*'")).replace("/*'}]", f"/*', Condition: {{{own}}}}}]")
    put(tmp_path, GET % "'*'", resources=kept)
    assert may(tmp_path, "s3:GetObject", "B").verdict == "refuted"
