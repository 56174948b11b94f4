"""Names that nothing declares, and resources that wait for each other."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from stockade.api import scan
from stockade.inputs.load import load
from tests.rules.support import Verdict, judge

FUNCTION = """
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/orders
"""


def _with(more: str, head: str = "") -> str:
    return f"{head}\nResources:{FUNCTION}      {more}\n"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("Handler: !Ref Handlr", "Handlr"),
        ("Handler: !GetAtt Queue.Arn", "Queue"),
        ("Handler: {'Fn::GetAtt': [Queue, Arn]}", "Queue"),
        ("Handler: !Sub '${Queue}'", "Queue"),
        ("Handler: !Sub 'a ${Queue.Arn} ${!Later} ${AWS::Region}'", "Queue"),
        ("Handler: !Sub ['${Own} ${Queue.Arn}', {Own: a}]", "Queue"),
        ("Handler: !Sub ['${Own}', {Own: !Ref Queue}]", "Queue"),
        ("Handler: !If [IsProd, a, b]", "IsProd"),
        ("Handler: !FindInMap [ByStage, prod, handler]", "ByStage"),
        ("Handler: !Ref AWS::Regoin", "AWS::Regoin"),
        ("Handler: !Join ['-', [a, !Ref Queue]]", "Queue"),
        ("Handler: {'Fn::ToJsonString': {a: !Ref Queue}}", "Queue"),
    ],
)
def test_a_name_of_nothing_is_told(more: str, name: str) -> None:
    verdict = judge("SK804", _with(more))
    assert [f.subject.address for f in verdict.fails] == [name]
    assert verdict.by_function == {"Orders": "fail"}


@pytest.mark.parametrize(
    ("more", "head"),
    [
        ("Handler: !Sub '${!Later}'", ""),
        ("Handler: !Sub ['${Own} ${A.b}', {Own: a, A.b: c}]", ""),
        ("Handler: !Ref AWS::NoValue", ""),
        ("Handler: !Ref Stage", "Parameters: {Stage: {Type: String}}"),
        ("Handler: !If [IsProd, a, b]", "Conditions: {IsProd: !Equals [a, b]}"),
        ("Handler: {'Fn::Transform': {Name: Mine, Parameters: {A: !Ref Nothing}}}", ""),
        ("Handler: {Condition: NotOne, Ref: NotOne}", ""),
    ],
)
def test_what_is_declared_is_not(more: str, head: str) -> None:
    verdict = judge("SK804", _with(more, head))
    assert not verdict.findings
    assert verdict.by_function == {"Orders": "pass"}


@pytest.mark.parametrize(
    "head",
    [
        "Transform: Mine",
        "Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b}}",
        "Mappings: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://a/b}}}",
    ],
)
def test_nothing_is_told_where_a_macro_may_declare_it(head: str) -> None:
    assert not judge("SK804", _with("Handler: !Ref Handlr", head)).findings


def test_a_macro_leaves_it_open() -> None:
    verdict = judge("SK804", _with("Handler: !Ref Handlr", "Transform: Mine"))
    assert verdict.by_function == {"Orders": "unknown"}


def test_one_name_is_one_finding_with_all_its_places() -> None:
    text = """
Resources:
  WorkQueue: {Type: AWS::SQS::Queue, DependsOn: [Queu, WorkQeue]}
  Orders:
    Type: AWS::Lambda::Function
    DependsOn: WorkQeue
    Properties: {Role: !GetAtt WorkQeue.Arn, Handler: !Ref WorkQeue}
Outputs:
  Url: {Value: !GetAtt WorkQeue.QueueUrl}
"""
    verdict = judge("SK804", text)
    assert len(verdict.fails) == 2
    told = next(f for f in verdict.fails if f.subject.address == "WorkQeue")
    assert len(told.related) == 4
    assert "`WorkQueue`" in told.help
    assert "5 places" in told.message


def test_conditions_name_conditions() -> None:
    text = """
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Both: !And [!Condition IsProd, !Condition IsOpen]
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Condition: IsPrd
    Properties: {Role: arn:aws:iam::111122223333:role/orders}
Outputs:
  Name: {Condition: IsOpn, Value: a}
"""
    verdict = judge("SK804", text)
    assert sorted(f.subject.address for f in verdict.fails) == ["IsOpen", "IsOpn", "IsPrd", "Stage"]


@pytest.mark.parametrize(
    "name",
    [
        "OrdersRole",
        "OrdersAliaslive",
        "Orders.Version",
        "Orders.Alias",
        "ServerlessRestApi",
        "ServerlessRestApiProdStage",
        "OrdersGetPermissionProd",
    ],
)
def test_what_sam_makes_is_there(name: str) -> None:
    text = f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      Events: {{Get: {{Type: Api, Properties: {{Path: /, Method: get}}}}}}
Outputs:
  One: {{Value: !Ref {name}}}
"""
    assert not judge("SK804", text).findings


def test_globals_are_looked_at() -> None:
    text = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Environment: {Variables: {TABLE: !Ref Tabel}}}}
Resources:
  Table: {Type: AWS::Serverless::SimpleTable}
  Orders: {Type: AWS::Serverless::Function}
"""
    assert [f.subject.address for f in judge("SK804", text).fails] == ["Tabel"]


def test_a_nested_stack_has_no_such_output(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(
        "Resources:\n"
        "  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: net.yaml}}\n"
        "  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt Net.Outputs.Nam}}\n"
        "  R: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt Net.Outputs.Name}}\n"
    )
    (tmp_path / "net.yaml").write_text("Resources: {A: {Type: AWS::SQS::Queue}}\nOutputs: {Name: {Value: !Ref A}}\n")
    verdict = Verdict("SK804", load(tmp_path))
    assert [(f.subject.address, f.help) for f in verdict.fails] == [("Nam", "is `Name` meant? It is declared")]


def test_a_loop_over_what_is_not_known_may_declare_anything() -> None:
    text = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  'Fn::ForEach::Queues':
    - Name
    - !Ref Names
    - 'Queue${Name}': {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt QueueA.QueueName}}
"""
    assert not judge("SK804", text).findings


def test_language_extensions_drop_branches() -> None:
    text = _with("Handler: !If [IsProd, !Ref Nothing, b]", "Conditions: {IsProd: !Equals [a, b]}")
    assert judge("SK804", text).fails
    assert not judge("SK804", "Transform: AWS::LanguageExtensions\n" + text).findings


def test_a_template_of_which_a_part_is_not_read_leaves_it_open(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(_with("Handler: !Ref Handlr") + "\n  {% if a %}\n  Other: {Type: [}\n")
    verdict = Verdict("SK804", load(tmp_path))
    assert not verdict.fails


def test_a_service_names_what_the_framework_makes() -> None:
    text = """
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler, events: [{http: GET /}]}
resources:
  Outputs:
    A: {Value: !Ref OrdersLambdaFunction}
    B: {Value: !GetAtt IamRoleLambdaExecution.Arn}
    C: {Value: !Ref ApiGatewayRestApi}
    D: {Value: !Ref ServerlessDeploymentBucket}
    E: {Value: !Ref OrdersLogGroup}
    F: {Value: !Ref Nothing}
"""
    assert [f.subject.address for f in judge("SK804", text).fails] == ["Nothing"]


# ------------------------------------------------------------------------------------------------------------ Terraform

ROOT = """
variable "stage" {}
locals { name = "orders" }
data "aws_caller_identity" "me" {}
resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = "{}"
}
resource "aws_lambda_function" "orders" {
  count         = 2
  function_name = "orders"
  role          = aws_iam_role.orders.arn
"""


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("runtime = var.stge", ["var.stge"]),
        ("runtime = local.nam", ["local.nam"]),
        ("runtime = data.aws_caller_identity.you.id", ["data.aws_caller_identity.you"]),
        ("runtime = aws_iam_role.order.arn", ["aws_iam_role.order"]),
        ("runtime = aws_iam_role.order[0].arn", ["aws_iam_role.order"]),
        ("runtime = aws_iam_role.order[*].arn", ["aws_iam_role.order"]),
        ("runtime = aws_iam_role.order.*.arn", ["aws_iam_role.order"]),
        ("runtime = module.net.name", ["module.net"]),
        ('runtime = "a ${var.stge} %{ if var.on }b%{ endif }"', ["var.stge", "var.on"]),
        ("runtime = { for x in var.all : x.a => local.nam }", ["var.all", "local.nam"]),
        ("runtime = try(var.stge, null)", ["var.stge"]),
        ("depends_on = [aws_iam_role_policy.orders]", ["aws_iam_role_policy.orders"]),
        ('dynamic "vpc_config" {\n for_each = var.nets\n content { subnet_ids = vpc_config.value.ids }\n }', ["var.nets"]),
    ],
)  # fmt: skip
def test_a_name_of_nothing_is_told_in_terraform(more: str, names: list[str]) -> None:
    verdict = judge("SK804", ROOT + f"  {more}\n}}\n")
    assert [f.subject.address for f in verdict.fails] == names
    assert set(verdict.by_function.values()) == {"fail"}


@pytest.mark.parametrize(
    "more",
    [
        "runtime = count.index",
        "runtime = path.module",
        "runtime = terraform.workspace",
        "runtime = [for x in [1] : x.y]",
        'runtime = "%{ for x in [1] }${x.y}%{ endfor }"',
        "lifecycle { ignore_changes = [tags.a] }",
        "provider = aws.other",
        'dynamic "vpc_config" {\n for_each = [1]\n iterator = it\n content { subnet_ids = it.value.ids }\n }',
        'provisioner "local-exec" { command = self.arn }',
        "runtime = resource.aws_iam_role.orders.arn",
        "runtime = ephemeral.aws_secretsmanager_secret_version.a.secret_string",
    ],
)
def test_what_terraform_gives_is_there(more: str) -> None:
    verdict = judge("SK804", ROOT + f"  {more}\n}}\n")
    assert not verdict.findings


def test_a_module_has_no_such_output(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "main.tf").write_text('output "name" { value = var.nothing }\n')
    (tmp_path / "main.tf").write_text(
        'module "net" { source = "./net" }\n'
        'module "far" { source = "git::https://example.com/far" }\n'
        'resource "aws_sqs_queue" "a" { name = module.net.nam }\n'
        'resource "aws_sqs_queue" "b" { name = module.net.name }\n'
        'resource "aws_sqs_queue" "c" { name = module.far.anything }\n'
    )
    verdict = Verdict("SK804", load(tmp_path))
    assert sorted((f.subject.address, f.help) for f in verdict.fails) == [
        ("nam", "is `name` meant? It is declared"),
        ("var.nothing", "correct the name, or declare it"),
    ]


def test_what_is_moved_may_be_gone() -> None:
    text = 'moved {\n  from = aws_iam_role.old\n  to   = aws_iam_role.orders\n}\nresource "aws_iam_role" "orders" {}\n'
    assert not judge("SK804", text).findings


# -------------------------------------------------------------------------------------------------------------- circles


@pytest.mark.parametrize(
    "text",
    [
        "Resources:\n  A: {Type: AWS::SQS::Queue, DependsOn: A}\n",
        "Resources:\n  A: {Type: AWS::SQS::Queue, DependsOn: B}\n  B: {Type: AWS::SNS::Topic, Properties: {A: !Sub '${A}'}}\n",
        'resource "aws_sqs_queue" "a" { name = aws_sns_topic.b.id }\nresource "aws_sns_topic" "b" { name = aws_sqs_queue.a.id }',
        'locals { a = aws_sqs_queue.a.arn }\nresource "aws_sqs_queue" "a" { name = local.a }\n',
    ],
)  # fmt: skip
def test_a_circle_is_told(text: str) -> None:
    assert len(judge("SK805", text).fails) == 1


@pytest.mark.parametrize(
    "text",
    [
        # a branch may never be taken
        (
            "Conditions: {Is: !Equals [!Ref AWS::Region, a]}\nResources:\n"
            "  A: {Type: AWS::SQS::Queue, DependsOn: B}\n"
            "  B: {Type: AWS::SQS::Queue, Properties: {QueueName: !If [Is, !Ref A, b]}}\n"
        ),
        # never both
        (
            "Conditions: {Is: !Equals [!Ref AWS::Region, a], No: !Not [!Condition Is]}\nResources:\n"
            "  A: {Type: AWS::SQS::Queue, Condition: Is, DependsOn: B}\n"
            "  B: {Type: AWS::SQS::Queue, Condition: No, DependsOn: A}\n"
        ),
        # the API of SAM waits for the function, and its event is a permission
        (
            "Transform: AWS::Serverless-2016-10-31\nResources:\n"
            "  Api: {Type: AWS::Serverless::Api, Properties: {StageName: a, Tags: {A: !GetAtt F.Arn}}}\n"
            "  F: {Type: AWS::Serverless::Function, Properties: {Events: {G: {Type: Api, Properties: "
            "{Path: /, Method: get, RestApiId: !Ref Api}}}}}\n"
        ),
        "Resources:\n  A: {Type: AWS::SQS::Queue, Metadata: {B: !Ref B}}\n  B: {Type: AWS::SQS::Queue, DependsOn: A}\n",
        'resource "aws_sqs_queue" "a" { name = "a" }\nresource "aws_sqs_queue" "b" { name = aws_sqs_queue.a.name }\n',
    ],
)
def test_no_circle_is_told(text: str) -> None:
    assert not judge("SK805", text).findings


def test_a_circle_of_many_is_told_by_its_shortest_way() -> None:
    names = [f"Q{number}" for number in range(2000)]
    chain = "".join(f"  {a}: {{Type: AWS::SQS::Queue, DependsOn: {b}}}\n" for a, b in itertools.pairwise(names))
    text = "Resources:\n" + chain + "  Q1999: {Type: AWS::SQS::Queue, DependsOn: [Q1998]}\n"
    verdict = judge("SK805", text)
    assert [f.subject.address for f in verdict.fails] == ["Q1998, Q1999"]


def test_what_a_finding_tells_is_no_gap_as_well(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(_with("Handler: !Ref Handlr"))
    (tmp_path / "main.tf").write_text(ROOT + "  runtime = aws_iam_role.order.arn\n}\n")
    assert {g.kind for g in load(tmp_path).gaps} == {"undefined", "expression"}
    assert not scan(tmp_path, select=["SK804"]).gaps
    assert len(scan(tmp_path, select=["SK805"]).gaps) == 2


def test_what_deploys_no_function_is_told_to_pedantic_readers() -> None:
    (of_a_function,) = judge("SK804", _with("Handler: !Ref Handlr")).fails
    assert of_a_function.persona == "regular"
    text = "Resources:\n  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Nmae}}\n"
    (other,) = judge("SK804", text).fails
    assert other.persona == "pedantic"
