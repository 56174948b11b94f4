"""Calls of public modules that are not here: what is known of them is lowered, at the call, and what is not is unknown.

That the description of the Lambda module says what the module says is checked against the module itself, in
`tests/oracles/test_known_modules.py`, where a snapshot of it is at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import Any

import msgspec
import pytest

from stockade.inputs.terraform.terms import Term
from stockade.model.app import (
    Alias,
    Api,
    App,
    Authorizer,
    Bucket,
    EventRule,
    EventSource,
    Function,
    Gap,
    LayerVersion,
    LogGroup,
    Permission,
    Policy,
    Queue,
    Repository,
    Role,
    Route,
    Schedule,
    Stage,
    StateMachine,
    Subscription,
    Table,
    Topic,
    Url,
)
from stockade.model.value import Default, File, Known, Relation, Text, Unknown, Value
from stockade.text.document import Span
from tests.inputs.terraform.support import app_of

MODULES = "terraform-aws-modules"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"


def call(module: str, body: str = "", *, name: str = "x", version: str = "") -> str:
    """The call of a module."""
    pinned = f'\n  version = "{version}"' if version else ""
    return f'module "{name}" {{\n  source  = "{MODULES}/{module}"{pinned}\n{indent(body.strip(), "  ")}\n}}\n'


def function(body: str = "", *, name: str = "x", version: str = "") -> str:
    """The call of the Lambda module, with what every function has."""
    own = 'function_name = "orders"\nhandler = "app.handler"\nruntime = "python3.13"\nsource_path = "./src"\n'
    return call("lambda/aws", own + body, name=name, version=version)


def only(app: App, kind: type[Any]) -> Any:
    """The one record of a kind."""
    (found,) = app.of(kind)
    return found


def at(app: App, kind: type[Any], address: str) -> Any:
    """The record of an address."""
    return next(r for r in app.of(kind) if r.address == address)


def shown(values: Relation[Value[Any]]) -> list[str]:
    """A complete list, as text."""
    assert values.complete
    return [value.show() for value in values]


def listed(values: Relation[Any] | None) -> list[Any]:
    """The members of a list that may not be there."""
    return [] if values is None else list(values)


def place(value: Any) -> str:
    """What stands where a value or record has its place."""
    assert isinstance(value.origin, File)
    return value.origin.span.text


def statements(policy: Policy) -> list[tuple[str, list[str], list[str]]]:
    """The statements of a policy: effect, actions and resources."""
    return [
        (s.effect.show(), sorted(a.show() for a in listed(s.actions)), sorted(r.show() for r in listed(s.resources)))
        for s in policy.statements
    ]


def trusted(role: Role) -> list[str]:
    """Who may assume a role."""
    assert role.trust.complete
    return sorted(p.value.show() for s in role.trust for p in listed(s.principals))


# ------------------------------------------------------------------------------------------------- what is told of it


def test_the_gap_names_the_remedy_and_hides_nothing() -> None:
    (gap,) = app_of(function()).gaps
    assert gap.what == "`module.x` (`terraform-aws-modules/lambda/aws`)"
    assert "described on 2026-11-28" in gap.why
    assert "7.20 to 8.8" in gap.why
    assert "terraform init" in gap.remedy
    assert not gap.hides
    assert gap.span is not None
    assert gap.span.text == 'module "x"'


@pytest.mark.parametrize("version", ["~> 3.0", ">= 9.0", "latest"])
def test_other_versions_are_not_guessed(version: str) -> None:
    app = app_of(function(version=version))
    (gap,) = app.gaps
    assert gap.hides
    assert gap.kinds == ()
    assert "terraform init" in gap.remedy
    assert app.resources == ()


def test_of_a_module_without_description_the_kinds_are_hidden() -> None:
    app = app_of(call("vpc/aws", 'name = "net"'))
    (gap,) = app.gaps
    assert gap.hides
    assert "subnet" in gap.kinds
    assert "function" not in gap.kinds
    assert app.resources == ()


def test_a_module_of_which_nothing_is_known_hides_everything() -> None:
    (gap,) = app_of('module "x" {\n  source = "somebody/lambda/aws"\n}\n').gaps
    assert gap.hides
    assert gap.kinds == ()


def test_an_argument_that_is_not_followed_is_told_and_may_change_what_is_not_stated() -> None:
    app = app_of(function("frobnicate = true\nmemory_size = 256"))
    (argument,) = (g for g in app.gaps if "argument" in g.what)
    assert argument.what == "argument `frobnicate` of `module.x`"
    assert argument.hides
    assert argument.span is not None
    assert argument.span.text == "frobnicate"
    made = only(app, Function)
    assert made.memory.is_(256).is_yes
    assert made.handler.is_("app.handler").is_yes
    # What the description leaves out might be what the argument says.
    assert isinstance(made.dead_letter, Unknown)
    assert "frobnicate" in made.dead_letter.doubt.why
    assert not made.layers.complete


def test_an_argument_that_changes_nothing_is_no_gap() -> None:
    app = app_of(function('hash_extra = "x"\nbuild_in_docker = true\nrecreate_missing_package = false'))
    assert len(app.gaps) == 1
    assert isinstance(only(app, Function).dead_letter, Default)


def test_an_argument_may_hide_some_kinds_only() -> None:
    app = app_of(call("eventbridge/aws", "create_bus = false\npipes = {}"))
    (argument,) = (g for g in app.gaps if "argument" in g.what)
    assert argument.hides
    assert "pipe" in argument.kinds
    # Nothing else changes.
    assert only(app, Role).boundary.is_(None).is_yes


def test_a_module_that_is_here_is_read_and_not_described() -> None:
    files = {
        "main.tf": function(),
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "x", "Dir": ".terraform/modules/x"}]}',
        ".terraform/modules/x/main.tf": 'variable "function_name" {}\n'
        'resource "aws_sqs_queue" "q" {\n  name = var.function_name\n}\n',
    }
    app = app_of(files)
    assert only(app, Queue).name.is_("orders").is_yes
    assert app.functions == ()
    assert not any("described" in g.why for g in app.gaps)


AS_DESCRIBED = "as its versions 7.20 to 8.8 were described on 2026-11-28"


def test_values_say_by_which_way_they_came() -> None:
    made = only(app_of(function("timeout = 30")), Function)
    assert isinstance(made.timeout.origin, File)
    assert [v.what for v in made.timeout.origin.via] == [
        "`timeout` of aws_lambda_function.this in terraform-aws-modules/lambda, " + AS_DESCRIBED
    ]
    assert isinstance(made.origin, File)
    assert made.origin.via[-1].what == "call of module.x"


# ---------------------------------------------------------------------------------------------------- where values stand


def test_what_the_caller_states_stands_at_its_argument() -> None:
    made = only(app_of(function('timeout = 30\nenvironment_variables = {\n  STAGE = "prod"\n}')), Function)
    assert place(made.timeout) == "30"
    assert place(next(iter(made.environment)).value) == '"prod"'


def test_what_the_module_states_stands_at_the_call() -> None:
    made = only(app_of(function()), Function)
    assert made.memory.is_(128).is_yes
    assert place(made.memory) == 'module "x"'
    assert place(made) == 'module "x"'


def test_what_is_passed_on_stands_at_the_argument_and_says_where_it_comes_from() -> None:
    text = function("timeout = var.timeout\nmemory_size = local.memory")
    text += 'variable "timeout" {\n  default = 30\n}\nlocals {\n  memory = 512\n}\n'
    made = only(app_of(text), Function)
    assert made.timeout.is_(30).is_yes
    assert place(made.timeout) == "var.timeout"
    assert isinstance(made.timeout.origin, File)
    assert made.timeout.origin.via[-1].what == "default of variable timeout"
    assert made.timeout.origin.via[-1].span is not None
    assert made.timeout.origin.via[-1].span.text == "30"
    assert place(made.memory) == "local.memory"


def test_an_argument_behind_a_local_value_of_the_description_is_found() -> None:
    text = function("vpc_subnet_ids = local.subnets\nvpc_security_group_ids = local.groups")
    text += 'locals {\n  subnets = ["subnet-1"]\n  groups = ["sg-1"]\n}\n'
    made = only(app_of(text), Function)
    assert [place(v) for v in made.subnets] == ["local.subnets"]
    assert [place(v) for v in made.security_groups] == ["local.groups"]


def test_one_of_several_resources_stands_at_its_entry() -> None:
    text = function('allowed_triggers = {\n  topic = {\n    service = "sns"\n  }\n}')
    for permission in app_of(text).of(Permission):
        assert permission.principal.is_("sns.amazonaws.com").is_yes
        assert isinstance(permission.origin, File)
        assert permission.origin.span.line == 8
        assert permission.origin.key_span is not None
        assert permission.origin.key_span.text == "topic"


def test_a_hidden_value_stays_hidden() -> None:
    text = function("environment_variables = {\n  TOKEN = var.token\n}")
    text += 'variable "token" {\n  sensitive = true\n  default = "abc"\n}\n'
    value = next(iter(only(app_of(text), Function).environment)).value
    assert isinstance(value.origin, File)
    assert any(v.hidden for v in value.origin.via)


def places_in(item: object, seen: set[int]) -> Iterator[Span]:
    """Every place that is named anywhere in a part of the model."""
    if isinstance(item, Span):
        yield item
    elif isinstance(item, Term) or id(item) in seen or type(item).__name__ == "Site":
        return
    elif isinstance(item, msgspec.Struct):
        seen.add(id(item))
        for name in item.__struct_fields__:
            yield from places_in(getattr(item, name), seen)
    elif isinstance(item, tuple | list | Relation):
        for inner in item:
            yield from places_in(inner, seen)


EVERYTHING = {
    "lambda/aws": """
        function_name = "f"
        allowed_triggers = { a = { service = "sns" } }
        event_source_mapping = { a = { event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:q" } }
        create_lambda_function_url = true
        attach_policy_statements = true
        policy_statements = { a = { actions = ["s3:*"], resources = ["*"] } }
    """,
    "lambda/aws//modules/alias": """
        name = "live"
        function_name = "f"
        allowed_triggers = { a = { service = "sns" } }
    """,
    "lambda/aws//modules/docker-build": 'create_ecr_repo = true\necr_repo = "r"',
    "sqs/aws": 'name = "q"\ncreate_dlq = true\ncreate_queue_policy = true',
    "sns/aws": 'name = "t"\nsubscriptions = { a = { protocol = "https", endpoint = "https://example.com" } }',
    "dynamodb-table/aws": 'name = "t"\nhash_key = "id"',
    "s3-bucket/aws": 'bucket = "b"\nversioning = { enabled = true }\nattach_deny_insecure_transport_policy = true',
    "s3-bucket/aws//modules/notification": f"""
        bucket = "b"
        lambda_notifications = {{
          a = {{ function_arn = "{FUNCTION}", function_name = "f", events = ["s3:ObjectCreated:*"] }}
        }}
    """,
    "eventbridge/aws": f"""
        rules = {{ a = {{ schedule_expression = "rate(1 day)" }} }}
        targets = {{ a = [{{ name = "t", arn = "{FUNCTION}" }}] }}
        attach_sqs_policy = true
    """,
    "step-functions/aws": 'name = "m"\ndefinition = "{}"\nlogging_configuration = { level = "ALL" }',
    "apigateway-v2/aws": f"""
        name = "a"
        routes = {{ "GET /" = {{ integration = {{ uri = "{FUNCTION}" }} }} }}
    """,
    "iam/aws//modules/iam-policy": """
        name = "p"
        policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
    """,
    "iam/aws//modules/iam-assumable-role": 'create_role = true\nrole_name = "r"\nattach_admin_policy = true',
    "iam/aws//modules/iam-role": 'name = "r"\npolicies = { a = "arn:aws:iam::aws:policy/ReadOnlyAccess" }',
}
# Arguments of a wrong shape, nothing of which may lead into a description.
BROKEN = {
    "lambda/aws": """
        allowed_triggers = 7
        attach_policy_statements = true
        policy_statements = [1]
        attach_policies = true
        number_of_policies = 2
        timeout = "soon"
        tags = 5
        environment_variables = [1]
    """,
    "sqs/aws": """
        create_queue_policy = true
        queue_policy_statements = { a = { principals = [{}] } }
        redrive_policy = 3
    """,
    "sns/aws": "subscriptions = { a = {} }\nname = {}",
    "eventbridge/aws": "rules = { a = 1 }\ntargets = { a = [{}] }",
    "apigateway-v2/aws": "routes = { nowhere = {} }\nauthorizers = 3",
    "s3-bucket/aws": "versioning = 3\ncors_rule = 3\nserver_side_encryption_configuration = [3]",
    "step-functions/aws": "service_integrations = 3\ntype = {}",
}


@pytest.mark.parametrize("module", EVERYTHING)
def test_every_described_module_is_read(module: str) -> None:
    app = app_of(call(module, EVERYTHING[module]))
    assert [g.why for g in app.gaps if "described on" not in g.why] == []
    assert app.resources


@pytest.mark.parametrize("module", EVERYTHING)
def test_no_place_lies_in_a_description(module: str) -> None:
    app = app_of(call(module, EVERYTHING[module]))
    places = [p for record in app.resources for p in places_in(record, set())]
    assert places
    assert {p.doc.path for p in places} == {"main.tf"}


@pytest.mark.parametrize("module", BROKEN)
def test_what_does_not_fit_is_told_at_the_call(module: str) -> None:
    app = app_of(call(module, BROKEN[module]))
    assert len(app.gaps) > 1
    for gap in app.gaps:
        assert gap.path == "main.tf"
        assert gap.span is not None
        assert gap.span.doc.path == "main.tf"
    places = [p for record in app.resources for p in places_in(record, set())]
    assert {p.doc.path for p in places} <= {"main.tf"}


@pytest.mark.parametrize(
    "body", ["attach_policies = true\nnumber_of_policies = 5000", "timeout = module.x.lambda_function_version + 1"]
)
def test_limits_and_circles_are_told_at_the_call(body: str) -> None:
    app = app_of(function(body))
    assert len(app.gaps) > 1 or isinstance(only(app, Function).timeout, Unknown)
    assert {gap.path for gap in app.gaps} == {"main.tf"}
    assert {p.doc.path for record in app.resources for p in places_in(record, set())} == {"main.tf"}


def test_descriptions_are_no_sources_of_the_application() -> None:
    app = app_of(function())
    assert [s.document.path for s in app.sources] == ["main.tf"]
    assert not any(r.kind == "variable" for r in app.resources)


# ----------------------------------------------------------------------------------------------------- how it is called


def test_for_each_makes_one_of_each() -> None:
    text = function('for_each = toset(["a", "b"])\ntimeout = each.key == "a" ? 5 : 6')
    app = app_of(text)
    assert {f.address: f.timeout.show() for f in app.functions} == {
        'module.x["a"].aws_lambda_function.this[0]': "5",
        'module.x["b"].aws_lambda_function.this[0]': "6",
    }
    assert len(app.gaps) == 1


def test_a_switch_that_is_not_known_makes_both_cases() -> None:
    text = function('create_role = var.own_role\nlambda_role = "arn:aws:iam::123456789012:role/r"')
    text += 'variable "own_role" {\n  type = bool\n}\n'
    app = app_of(text)
    role = only(app, Role)
    assert [p.key for p in role.exists] == ["var.own_role"]
    leaves = list(only(app, Function).role.leaves())
    assert {isinstance(leaf, Text) for _, leaf in leaves} == {True, False}
    assert all(premise.key == "var.own_role" for when, _ in leaves for premise in when)


def test_a_module_of_ones_own_may_call_it() -> None:
    files = {
        "main.tf": 'module "api" {\n  source = "./api"\n  wait   = 40\n}\n',
        "api/main.tf": 'variable "wait" {}\n' + function("timeout = var.wait"),
    }
    app = app_of(files)
    made = only(app, Function)
    assert made.address == "module.api.module.x.aws_lambda_function.this[0]"
    assert made.timeout.is_(40).is_yes
    assert place(made.timeout) == "var.wait"
    assert {p.doc.path for record in app.resources for p in places_in(record, set())} <= set(files)


def test_a_module_that_is_fetched_may_call_it() -> None:
    files = {
        "main.tf": 'module "api" {\n  source = "somebody/api/aws"\n  wait   = 40\n}\n',
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "api", "Dir": ".terraform/modules/api"}]}',
        ".terraform/modules/api/main.tf": 'variable "wait" {}\n' + function("timeout = var.wait"),
    }
    app = app_of(files)
    made = only(app, Function)
    assert made.timeout.is_(40).is_yes
    assert isinstance(made.origin, File)
    assert made.origin.path == "main.tf"
    assert made.origin.span.text == 'module "api"'
    (gap,) = app.gaps
    assert gap.path == "main.tf"


def test_what_the_provider_says_holds_in_it_too() -> None:
    provider = """
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { team = "shop" }
  }
}
"""
    app = app_of(provider + function('tags = { part = "api" }\nattach_tracing_policy = true'))
    made = only(app, Function)
    assert {tag.key.show(): tag.value.show() for tag in made.tags} == {"team": "shop", "part": "api"}
    # In a known partition AWS's own policies are known.
    policy = at(app, Policy, "module.x.aws_iam_role_policy.tracing[0]")
    assert "xray:PutTraceSegments" in statements(policy)[0][1]


def test_a_function_whose_name_is_known_in_part_has_its_log_group() -> None:
    text = call("lambda/aws", 'function_name = "orders-${var.stage}"') + 'variable "stage" {\n  type = string\n}\n'
    app = app_of(text)
    assert list(only(app, Function).log_groups) == [only(app, LogGroup)]


def test_outputs_lead_to_the_resources() -> None:
    text = """
resource "aws_lambda_permission" "p" {
  function_name = module.x.lambda_function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}
resource "aws_iam_role_policy" "more" {
  role   = module.x.lambda_role_name
  policy = jsonencode({ Statement = [] })
}
"""
    app = app_of(function() + text)
    made = only(app, Function)
    assert only(app, Permission).function is made
    assert "aws_iam_role_policy.more" in {p.address for p in only(app, Role).policies}
    assert place(only(app, Permission).function_name) == "module.x.lambda_function_name"


def test_an_output_that_is_not_described_is_unknown() -> None:
    text = function() + 'resource "aws_sqs_queue" "q" {\n  name = module.x.no_such_output\n}\n'
    app = app_of(text)
    name = only(app, Queue).name
    assert isinstance(name, Unknown)
    assert "no_such_output" in name.doubt.why
    assert "terraform init" in name.doubt.remedy
    assert len(app.gaps) == 1


def test_what_another_module_puts_out_is_an_argument() -> None:
    text = function("dead_letter_target_arn = module.q.dead_letter_queue_arn\nattach_dead_letter_policy = true")
    text += call("sqs/aws", 'name = "orders"\ncreate_dlq = true', name="q")
    app = app_of(text)
    made = only(app, Function)
    assert place(made.dead_letter) == "module.q.dead_letter_queue_arn"
    ((_, reference),) = made.dead_letter.references()
    assert app.get(reference.target) is at(app, Queue, "module.q.aws_sqs_queue.dlq[0]")
    policy = at(app, Policy, "module.x.aws_iam_role_policy.dead_letter[0]")
    assert statements(policy)[0][1] == ["sns:Publish", "sqs:SendMessage"]


def test_an_argument_that_is_not_known_counts_as_given() -> None:
    # What another module puts out is hardly ever null: no case is made of it being so.
    text = function(
        "vpc_subnet_ids = module.vpc.private_subnets\nvpc_security_group_ids = [module.vpc.default_security_group_id]"
    )
    text += call("vpc/aws", name="vpc")
    made = only(app_of(text), Function)
    assert not made.subnets.complete
    (group,) = made.security_groups
    assert isinstance(group, Unknown)


# ------------------------------------------------------------------------------------------------------------- lambda


def test_a_function_as_the_module_makes_it() -> None:
    app = app_of(function())
    made = only(app, Function)
    assert made.address == "module.x.aws_lambda_function.this[0]"
    assert made.name.is_("orders").is_yes
    assert made.timeout.is_(3).is_yes
    assert made.ephemeral_storage.is_(512).is_yes
    assert made.tracing.is_("PassThrough").is_yes
    assert isinstance(made.tracing, Default)
    assert made.code_path.is_("src").is_yes
    assert made.reserved_concurrency.is_(None).is_yes
    group = only(app, LogGroup)
    assert group.name.is_("/aws/lambda/orders").is_yes
    assert isinstance(group.retention, Default)
    role = only(app, Role)
    assert made.execution_role is role
    assert trusted(role) == ["lambda.amazonaws.com"]
    (logs,) = role.policies
    assert logs.address == "module.x.aws_iam_role_policy.logs[0]"
    assert statements(logs)[0][1] == ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


def test_until_7_20_policies_were_managed_ones() -> None:
    app = app_of(
        function(
            'attach_policy_statements = true\npolicy_statements = { a = { actions = ["s3:*"], resources = ["*"] } }',
            version="~> 4.0",
        )
    )
    role = only(app, Role)
    assert {p.address for p in role.policies} == {
        "module.x.aws_iam_policy.logs[0]",
        "module.x.aws_iam_policy.additional_inline[0]",
    }
    assert statements(at(app, Policy, "module.x.aws_iam_policy.additional_inline[0]")) == [("Allow", ["s3:*"], ["*"])]
    assert "4.0 to 7.19" in app.gaps[0].why


def test_the_policies_of_a_function() -> None:
    body = """
    attach_cloudwatch_logs_policy = false
    attach_policy_json = true
    policy_json = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
    attach_policy_jsons = true
    number_of_policy_jsons = 2
    policy_jsons = [
      jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] }),
      jsonencode({ Statement = [{ Effect = "Allow", Action = "sns:*", Resource = "*" }] }),
    ]
    attach_policy = true
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    attach_policies = true
    number_of_policies = 1
    policies = ["arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/PowerUserAccess"]
    role_permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
    trusted_entities = ["apigateway.amazonaws.com", { type = "AWS", identifiers = ["arn:aws:iam::123456789012:root"] }]
    """
    role = only(app_of(function(body)), Role)
    assert sorted(actions for p in role.policies for _, actions, _ in statements(p)) == [
        ["s3:GetObject"],
        ["sns:*"],
        ["sqs:*"],
    ]
    # Of the list only as many as the call says.
    assert sorted(shown(role.managed)) == [
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    ]
    assert role.boundary.is_("arn:aws:iam::123456789012:policy/boundary").is_yes
    assert trusted(role) == ["apigateway.amazonaws.com", "arn:aws:iam::123456789012:root", "lambda.amazonaws.com"]


def test_a_function_with_everything() -> None:
    body = """
    description = "x"
    memory_size = 512
    tracing_mode = "Active"
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/k"
    reserved_concurrent_executions = 7
    layers = ["arn:aws:lambda:eu-west-1:123456789012:layer:l:1"]
    architectures = ["arm64"]
    dead_letter_target_arn = "arn:aws:sqs:eu-west-1:123456789012:dlq"
    vpc_subnet_ids = ["subnet-1"]
    vpc_security_group_ids = ["sg-1"]
    logging_log_format = "JSON"
    logging_application_log_level = "WARN"
    cloudwatch_logs_retention_in_days = 14
    cloudwatch_logs_kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/l"
    code_signing_config_arn = "arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0f6c334abcdea4d8b"
    snap_start = true
    recursive_loop = "Allow"
    create_async_event_config = true
    maximum_retry_attempts = 1
    destination_on_failure = "arn:aws:sqs:eu-west-1:123456789012:failed"
    provisioned_concurrent_executions = 2
    """
    app = app_of(function(body))
    made = only(app, Function)
    assert made.memory.is_(512).is_yes
    assert made.tracing.is_("Active").is_yes
    assert made.reserved_concurrency.is_(7).is_yes
    assert made.recursive_loop.is_("Allow").is_yes
    assert made.snap_start.is_("PublishedVersions").is_yes
    assert made.log_format.is_("JSON").is_yes
    assert made.log_level.is_("WARN").is_yes
    assert made.dead_letter.is_("arn:aws:sqs:eu-west-1:123456789012:dlq").is_yes
    assert shown(made.subnets) == ["subnet-1"]
    assert shown(made.security_groups) == ["sg-1"]
    assert shown(made.layers) == ["arn:aws:lambda:eu-west-1:123456789012:layer:l:1"]
    assert shown(made.architectures) == ["arm64"]
    assert only(app, LogGroup).retention.is_(14).is_yes
    assert {(c.max_retries.show(), c.on_failure.show()) for c in made.async_configs} == {
        ("1", "arn:aws:sqs:eu-west-1:123456789012:failed")
    }


def test_a_url_of_the_module_is_open_unless_it_is_closed() -> None:
    url = only(app_of(function("create_lambda_function_url = true")), Url)
    assert url.auth.is_("NONE").is_yes
    assert place(url.auth) == 'module "x"'
    body = 'create_lambda_function_url = true\nauthorization_type = "AWS_IAM"\ncors = { allow_origins = ["*"], max_age = 60 }'
    url = only(app_of(function(body)), Url)
    assert url.auth.is_("AWS_IAM").is_yes
    assert place(url.auth) == '"AWS_IAM"'
    assert shown(url.cors_origins) == ["*"]
    assert url.cors_max_age.is_(60).is_yes


def test_what_calls_a_function() -> None:
    body = """
    allowed_triggers = {
      rule  = { principal = "events.amazonaws.com", source_arn = "arn:aws:events:eu-west-1:123456789012:rule/r" }
      topic = { service = "sns", source_account = "123456789012" }
    }
    event_source_mapping = {
      queue = {
        event_source_arn        = "arn:aws:sqs:eu-west-1:123456789012:orders"
        batch_size              = 5
        function_response_types = ["ReportBatchItemFailures"]
        scaling_config          = { maximum_concurrency = 10 }
        filter_criteria         = [{ pattern = "{}" }, { pattern = "[]" }]
      }
      stream = {
        event_source_arn           = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
        starting_position          = "LATEST"
        destination_arn_on_failure = "arn:aws:sqs:eu-west-1:123456789012:failed"
        enabled                    = false
      }
    }
    """
    app = app_of(function(body))
    assert len(app.of(Permission)) == 4  # of the version, and of the function without one
    rule = at(app, Permission, 'module.x.aws_lambda_permission.unqualified_alias_triggers["rule"]')
    assert rule.source_arn.is_("arn:aws:events:eu-west-1:123456789012:rule/r").is_yes
    topic = at(app, Permission, 'module.x.aws_lambda_permission.unqualified_alias_triggers["topic"]')
    assert topic.principal.is_("sns.amazonaws.com").is_yes
    assert topic.source_account.is_("123456789012").is_yes
    queue = at(app, EventSource, 'module.x.aws_lambda_event_source_mapping.this["queue"]')
    assert queue.service.is_("sqs").is_yes
    assert queue.enabled.is_true().is_yes
    assert queue.batch_size.is_(5).is_yes
    assert queue.max_concurrency.is_(10).is_yes
    assert shown(queue.response_types) == ["ReportBatchItemFailures"]
    assert shown(queue.filters) == ["{}", "[]"]
    stream = at(app, EventSource, 'module.x.aws_lambda_event_source_mapping.this["stream"]')
    assert stream.service.is_("kinesis").is_yes
    assert stream.enabled.is_true().is_no
    assert stream.on_failure.is_("arn:aws:sqs:eu-west-1:123456789012:failed").is_yes


@pytest.mark.parametrize("body", ["create = false", "create_function = false", "putin_khuylo = false"])
def test_a_function_may_be_left_out(body: str) -> None:
    app = app_of(function(body))
    assert app.resources == ()


def test_a_function_out_of_an_image() -> None:
    made = only(app_of(function('package_type = "Image"\nimage_uri = "repo:1"\ncreate_package = false')), Function)
    assert made.package_type.is_("Image").is_yes
    assert made.image_uri.is_("repo:1").is_yes
    assert made.runtime.is_(None).is_yes
    assert made.code_path.is_(None).is_yes


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ('"./src"', "src"),
        ('["./src", "./more"]', "src"),
        ('[{ path = "./src", pip_requirements = true }]', "src"),
        ('{ path = "./src" }', "src"),
    ],
)
def test_where_the_code_is(source: str, path: str) -> None:
    made = only(app_of(call("lambda/aws", f'function_name = "f"\nsource_path = {source}')), Function)
    assert made.code_path.is_(path).is_yes


def test_a_package_that_is_there_already() -> None:
    made = only(app_of(function('create_package = false\nlocal_existing_package = "build/f.zip"')), Function)
    assert made.code_path.is_("build/f.zip").is_yes
    made = only(app_of(function('create_package = false\ns3_existing_package = { bucket = "b", key = "k" }')), Function)
    assert made.code_bucket.is_("b").is_yes
    assert made.code_path.is_(None).is_yes


def test_a_layer() -> None:
    app = app_of(
        call(
            "lambda/aws",
            'create_layer = true\nlayer_name = "l"\ncompatible_runtimes = ["python3.13"]\nsource_path = "./layer"',
        )
    )
    layer = only(app, LayerVersion)
    assert layer.address == "module.x.aws_lambda_layer_version.this[0]"
    assert layer.name.is_("l").is_yes
    assert shown(layer.compatible_runtimes) == ["python3.13"]
    assert app.functions == ()
    assert app.roles == ()


def test_a_function_at_the_edge() -> None:
    app = app_of(function("lambda_at_edge = true\ntimeout = 60"))
    made = only(app, Function)
    assert made.timeout.is_(30).is_yes
    assert trusted(only(app, Role)) == ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]
    assert only(app, LogGroup).name.is_("/aws/lambda/us-east-1.orders").is_yes


def test_an_alias() -> None:
    text = function("publish = true")
    body = 'name = "live"\nfunction_name = module.x.lambda_function_name\nfunction_version = module.x.lambda_function_version\n'
    body += 'allowed_triggers = { a = { service = "sns" } }'
    app = app_of(text + call("lambda/aws//modules/alias", body, name="live"))
    alias = only(app, Alias)
    assert alias.address == "module.live.aws_lambda_alias.with_refresh[0]"
    assert alias.function is only(app, Function)
    assert {p.address for p in app.of(Permission)} == {
        'module.live.aws_lambda_permission.version_triggers["a"]',
        'module.live.aws_lambda_permission.qualified_alias_triggers["a"]',
    }


def test_an_image_that_is_built() -> None:
    text = call(
        "lambda/aws//modules/docker-build", 'create_ecr_repo = true\necr_repo = "repo"\nimage_tag = "1"', name="image"
    )
    text += function('package_type = "Image"\nimage_uri = module.image.image_uri\ncreate_package = false')
    app = app_of(text)
    repository = only(app, Repository)
    assert repository.scan_on_push.is_true().is_no
    assert repository.tag_mutability.is_("MUTABLE").is_yes
    assert only(app, Function).image_uri.show().endswith(":1")


# ------------------------------------------------------------------------------------------------------------- others


def test_a_queue_with_its_dead_letter_queue() -> None:
    body = 'name = "orders"\nvisibility_timeout_seconds = 60\ncreate_dlq = true\nredrive_policy = {\n  maxReceiveCount = 3\n}'
    app = app_of(call("sqs/aws", body))
    queue, dead = at(app, Queue, "module.x.aws_sqs_queue.this[0]"), at(app, Queue, "module.x.aws_sqs_queue.dlq[0]")
    assert queue.name.is_("orders").is_yes
    assert dead.name.is_("orders-dlq").is_yes
    assert queue.visibility_timeout.is_(60).is_yes
    assert queue.managed_sse.is_true().is_yes
    assert queue.max_receive.is_(3).is_yes
    assert dead.dead_letter_of == (queue,)


@pytest.mark.parametrize("word", ["condition", "conditions"])  # the module has called it both
def test_a_queue_with_a_key_and_a_policy(word: str) -> None:
    body = f"""
    name = "q.fifo"
    fifo_queue = true
    kms_master_key_id = "alias/aws/sqs"
    create_queue_policy = true
    queue_policy_statements = {{
      open = {{
        actions    = ["sqs:SendMessage"]
        principals = [{{ type = "AWS", identifiers = ["*"] }}]
      }}
      topic = {{
        actions    = ["sqs:SendMessage"]
        principals = [{{ type = "Service", identifiers = ["sns.amazonaws.com"] }}]
        {word} = [{{ test = "ArnEquals", variable = "aws:SourceArn", values = ["arn:aws:sns:eu-west-1:123456789012:t"] }}]
      }}
    }}
    """
    app = app_of(call("sqs/aws", body))
    queue = only(app, Queue)
    assert queue.name.is_("q.fifo").is_yes
    assert queue.kms_key.is_("alias/aws/sqs").is_yes
    stated = only(app, Policy).statements
    assert [[p.value.show() for p in listed(s.principals)] for s in stated] == [["*"], ["sns.amazonaws.com"]]
    assert [len(s.conditions) for s in stated] == [0, 1]
    assert {r.show() for s in stated for r in listed(s.resources)} == {"${module.x.aws_sqs_queue.this[0].arn}"}


def test_a_topic_with_subscriptions() -> None:
    body = """
    name = "t"
    kms_master_key_id = "alias/own"
    subscriptions = { q = { protocol = "sqs", endpoint = module.q.queue_arn } }
    """
    text = call("sns/aws", body)
    app = app_of(text + call("sqs/aws", 'name = "q"', name="q"))
    topic = only(app, Topic)
    assert topic.kms_key.is_("alias/own").is_yes
    subscription = only(app, Subscription)
    assert subscription.topic is topic
    assert subscription.protocol.is_("sqs").is_yes
    # What SNS gives a topic by itself, for its own account alone.
    policy = next(p for p in app.of(Policy) if "sns_topic_policy" in p.address)
    assert [len(s.conditions) for s in policy.statements] == [1]


def test_a_table() -> None:
    body = 'name = "t"\nhash_key = "id"\nstream_enabled = true\nstream_view_type = "NEW_IMAGE"\n'
    table = only(app_of(call("dynamodb-table/aws", body)), Table)
    assert table.address == "module.x.aws_dynamodb_table.this[0]"
    assert table.point_in_time_recovery.is_true().is_no
    assert table.customer_key.is_true().is_no
    body += "point_in_time_recovery_enabled = true\nautoscaling_enabled = true\nserver_side_encryption_enabled = true\n"
    table = only(app_of(call("dynamodb-table/aws", body)), Table)
    assert table.address == "module.x.aws_dynamodb_table.autoscaled[0]"
    assert table.point_in_time_recovery.is_true().is_yes
    assert place(table.point_in_time_recovery) == "true"


def test_a_bucket() -> None:
    body = """
    bucket = "orders"
    versioning = { enabled = true }
    logging = { target_bucket = "logs" }
    attach_policy = true
    policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }] })
    attach_deny_insecure_transport_policy = true
    server_side_encryption_configuration = {
      rule = { apply_server_side_encryption_by_default = { sse_algorithm = "aws:kms", kms_master_key_id = "k" } }
    }
    """
    app = app_of(call("s3-bucket/aws", body))
    bucket = only(app, Bucket)
    assert bucket.versioning.is_("Enabled").is_yes
    assert bucket.logging.is_("logs").is_yes
    assert bucket.kms_key.is_("k").is_yes
    assert bucket.block_public_policy.is_true().is_yes
    policy = only(app, Policy)
    assert policy.statements.complete
    assert [s[:2] for s in statements(policy)] == [("Deny", ["s3:*"]), ("Allow", ["s3:GetObject"])]
    policy = only(app_of(call("s3-bucket/aws", body + "attach_elb_log_delivery_policy = true\n")), Policy)
    assert not policy.statements.complete


def test_what_a_bucket_notifies() -> None:
    body = 'bucket = "b"\nlambda_notifications = {\n  f = {\n    function_arn  = module.x.lambda_function_arn\n'
    body += '    function_name = module.x.lambda_function_name\n    events        = ["s3:ObjectCreated:*"]\n  }\n}'
    app = app_of(function() + call("s3-bucket/aws//modules/notification", body, name="n"))
    permission = only(app, Permission)
    assert permission.function is only(app, Function)
    assert permission.principal.is_("s3.amazonaws.com").is_yes
    assert permission.source_arn.show().endswith(":s3:::b")
    assert permission.source_account.is_(None).is_yes


def test_rules_and_schedules() -> None:
    body = """
    create_bus = false
    rules = { crons = { schedule_expression = "rate(5 minutes)" } }
    targets = {
      crons = [{
        name            = "f"
        arn             = module.x.lambda_function_arn
        dead_letter_arn = "arn:aws:sqs:eu-west-1:123456789012:d"
      }]
    }
    schedules = { daily = { schedule_expression = "rate(1 day)", arn = module.x.lambda_function_arn } }
    attach_lambda_policy = true
    lambda_target_arns = [module.x.lambda_function_arn]
    """
    app = app_of(function() + call("eventbridge/aws", body, name="bus"))
    rule = only(app, EventRule)
    assert rule.name.is_("crons-rule").is_yes
    assert rule.schedule.is_("rate(5 minutes)").is_yes
    (target,) = rule.targets
    assert target.dead_letter.is_("arn:aws:sqs:eu-west-1:123456789012:d").is_yes
    schedule = only(app, Schedule)
    assert [t.role.show() for t in schedule.targets] == ["${module.bus.aws_iam_role.eventbridge[0].arn}"]
    role = at(app, Role, "module.bus.aws_iam_role.eventbridge[0]")
    assert [statements(p)[0][1] for p in role.policies] == [["lambda:InvokeFunction"]]
    assert [i.via for i in only(app, Function).invokers] == ["schedule", "schedule"]


def test_a_state_machine() -> None:
    body = """
    name = "m"
    definition = jsonencode({
      StartAt = "A"
      States = { A = { Type = "Task", Resource = module.x.lambda_function_arn, End = true } }
    })
    logging_configuration = { level = "ERROR", include_execution_data = false }
    service_integrations = { lambda = { lambda = [module.x.lambda_function_arn] } }
    """
    app = app_of(function() + call("step-functions/aws", body, name="m"))
    machine = only(app, StateMachine)
    assert machine.log_level.is_("ERROR").is_yes
    assert machine.tracing.is_true().is_no
    policy = at(app, Policy, "module.m.aws_iam_policy.service[0]")
    assert policy.statements.complete
    assert statements(policy) == [("Allow", ["lambda:InvokeFunction"], ["${module.x.aws_lambda_function.this[0].arn}"])]
    app = app_of(
        call(
            "step-functions/aws",
            'name = "m"\ndefinition = "{}"\nservice_integrations = { xray = { xray = true }, sqs = { sqs = true } }',
        )
    )
    assert only(app, StateMachine).tracing.is_true().is_yes
    # What other services want is a table of the module's own.
    assert not at(app, Policy, "module.x.aws_iam_policy.service[0]").statements.complete


def test_an_api() -> None:
    body = """
    name = "shop"
    create_domain_name = false
    cors_configuration = { allow_origins = ["*"], allow_methods = ["GET"] }
    authorizers = {
      login = { authorizer_type = "JWT", jwt_configuration = { audience = ["a"], issuer = "https://example.com" } }
    }
    stage_access_log_settings = {
      create_log_group = false
      destination_arn  = "arn:aws:logs:eu-west-1:123456789012:log-group:g"
      format           = "$context.requestId"
    }
    stage_default_route_settings = { throttling_burst_limit = 50, throttling_rate_limit = 20 }
    routes = {
      "GET /open"   = { integration = { uri = module.x.lambda_function_arn } }
      "POST /order" = {
        authorization_type = "JWT"
        authorizer_key     = "login"
        integration        = { uri = module.x.lambda_function_arn }
      }
    }
    """
    app = app_of(function() + call("apigateway-v2/aws", body, name="api"))
    api = only(app, Api)
    assert shown(api.cors_origins) == ["*"]
    assert only(app, Authorizer).form.is_("JWT").is_yes
    opened = at(app, Route, 'module.api.aws_apigatewayv2_route.this["GET /open"]')
    assert opened.authorization.is_("NONE").is_yes
    assert opened.function is only(app, Function)
    closed = at(app, Route, 'module.api.aws_apigatewayv2_route.this["POST /order"]')
    assert closed.authorization.is_("JWT").is_yes
    stage = only(app, Stage)
    assert stage.access_log.is_("arn:aws:logs:eu-west-1:123456789012:log-group:g").is_yes
    assert stage.throttle_rate.is_(20).is_yes


def test_what_the_module_decides_is_unknown() -> None:
    app = app_of(call("apigateway-v2/aws", 'name = "shop"'))
    stage = only(app, Stage)
    for value in (stage.access_log, stage.throttle_rate, stage.throttle_burst):
        assert isinstance(value, Unknown)
        assert "decides it" in value.doubt.why
        assert "terraform init" in value.doubt.remedy
    # They are not the same unknown.
    assert len({value.name for value in (stage.access_log, stage.throttle_rate, stage.throttle_burst)}) == 3


def test_roles_and_policies() -> None:
    policy = """
    name = "p"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
    """
    five = """
    create_role = true
    role_name = "five"
    role_requires_mfa = false
    trusted_role_services = ["lambda.amazonaws.com"]
    custom_role_policy_arns = [module.p.arn]
    """
    six = """
    name = "six"
    use_name_prefix = false
    policies = { p = module.p.arn }
    trust_policy_permissions = {
      f = {
        actions    = ["sts:AssumeRole"]
        principals = [{ type = "Service", identifiers = ["lambda.amazonaws.com"] }]
      }
    }
    """
    app = app_of(
        call("iam/aws//modules/iam-policy", policy, name="p")
        + call("iam/aws//modules/iam-assumable-role", five, name="five", version="~> 5.0")
        + call("iam/aws//modules/iam-role", six, name="six", version="~> 6.0")
    )
    for name in ("five", "six"):
        role = at(app, Role, f"module.{name}.aws_iam_role.this[0]")
        assert role.name.is_(name).is_yes
        assert trusted(role) == ["lambda.amazonaws.com"]
        assert [p.address for p in role.policies] == ["module.p.aws_iam_policy.policy[0]"]


def test_a_gap_knows_its_kind() -> None:
    gaps: list[Gap] = [g for m, body in EVERYTHING.items() for g in app_of(call(m, body)).gaps]
    assert {g.kind for g in gaps} == {"module"}
    assert isinstance(only(app_of(function()), Function).name, Known)


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("~> 2.8.0", "orders"),
        ("3.0.0", "orders"),
        ("~> 3.0", "/aws/vendedlogs/states/orders"),
        (">= 2.4", "/aws/vendedlogs/states/orders"),
        ("5.0.2", "/aws/vendedlogs/states/orders"),
    ],
)
def test_the_log_group_of_a_state_machine_is_named_as_its_version_names_it(version: str, name: str) -> None:
    app = app_of(
        call("step-functions/aws", 'name = "orders"\nlogging_configuration = { level = "ALL" }', version=version)
    )
    [group] = app.of(LogGroup)
    assert group.name.only() == name


def test_a_version_that_is_not_known_is_not_taken_for_the_newest() -> None:
    app = app_of(call("step-functions/aws", 'name = "m"', version="${local.v}") + 'locals { v = "4.0.0" }\n')
    assert app.of(StateMachine) == ()
    assert any(gap.what.startswith("`module.x`") and gap.hides for gap in app.gaps)
    assert app_of(call("step-functions/aws", 'name = "m"', version="2.0.0")).of(StateMachine) == ()


@pytest.mark.parametrize(
    ("integrations", "truth"),
    [
        ("{ xray = { xray = true } }", "yes"),
        ("{ xray = { xray = false } }", "no"),
        ('{ xray = { xray = ["arn:aws:xray:eu-west-1:111122223333:group/g"] } }', "no"),
        ("{ xray = {} }", "no"),
        ("{}", "no"),
    ],
)
def test_a_state_machine_traces_if_its_integration_is_on(integrations: str, truth: str) -> None:
    body = f'name = "m"\nservice_integrations = {integrations}'
    [machine] = app_of(call("step-functions/aws", body, version="5.0.2")).of(StateMachine)
    assert machine.tracing.is_true().truth == truth


def test_the_region_that_a_described_module_is_given_is_where_its_resources_are() -> None:
    text = """
module "x" {
  source        = "terraform-aws-modules/lambda/aws"
  version       = "8.1.0"
  function_name = "orders"
  region        = "us-east-1"

  use_existing_cloudwatch_log_group = true
}
provider "aws" { region = "eu-west-1" }
resource "aws_cloudwatch_log_group" "there" {
  region = "us-east-1"
  name   = "/aws/lambda/orders"
}
resource "aws_cloudwatch_log_group" "here" {
  name = "/aws/lambda/orders"
}
"""
    [function] = app_of(text).functions
    assert [group.address for group in function.log_groups] == ["aws_cloudwatch_log_group.there"]
