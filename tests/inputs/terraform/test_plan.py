"""Plans in JSON: read, joined to their configurations, and by themselves.

The plans are Terraform's own: those of `plans/` (`scripts/oracles/record_joined_plans.py` records them) and those of
`tests/fixtures/terraform_plans`.
"""

from __future__ import annotations

import copy
import json
import shutil
import time
import tracemalloc
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from stockade import api
from stockade.inputs.given import Variables
from stockade.inputs.load import load
from stockade.inputs.terraform.attributes import ACCOUNT
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.modules import UNKNOWN, Key, anything_of
from stockade.inputs.terraform.overlay import Accounts, Opened, Overlay, Parts
from stockade.inputs.terraform.plan import Plan, address_of, form_of, parse_address, read_plan
from stockade.inputs.terraform.plan_values import Attributes, is_zero, read_values
from stockade.inputs.terraform.planned import PlannedProject, declared_alone
from stockade.inputs.terraform.terms import Json, Lit, Obj, Seq, Term, Txt, plain, text_of
from stockade.model.app import App, Function, Gap, Policy, Queue, Role, Url
from stockade.text.document import Document, read_document
from tests.support import TODAY, fails

HERE = Path(__file__).parent / "plans"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "terraform_plans"
ROOTS = sorted(p.parent for folder in (HERE, FIXTURES) for p in folder.glob("*/plan.json"))


def plan_of(text: str, path: str = "plan.json") -> Plan:
    """A plan that can be read."""
    found = read_plan(Document(path, text))
    assert isinstance(found, Plan), found
    return found


def plan_in(root: Path, name: str = "plan.json") -> Plan:
    """A recorded plan."""
    document = read_document(root / name, name)
    assert isinstance(document, Document)
    found = read_plan(document)
    assert isinstance(found, Plan), found
    return found


def joined(root: Path, plan: Plan | None = None) -> list[Declared]:
    """The instances of a recorded plan, joined to its configuration."""
    project = PlannedProject(Disk(root), Variables(), plan or plan_in(root), folder="", scope=".")
    return list(project.planned())


def data(root: Path, name: str = "plan.json") -> dict[str, Any]:
    """A recorded plan as plain data."""
    found: dict[str, Any] = json.loads((root / name).read_text(encoding="utf-8"))
    return found


def planned_in(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The managed resources of AWS in planned values."""
    yield from (r for r in module.get("resources", []) if r["mode"] == "managed" and r["type"].startswith("aws_"))
    for child in module.get("child_modules", []):
        yield from planned_in(child)


def same(ours: object, theirs: object, unknown: object = None) -> bool:
    """Whether what we say is what Terraform plans: texts in JSON by what they say, null and empty as nothing.

    We may say more only of what the plan says is known after apply.
    """
    if unknown is True:
        return True
    if ours is UNKNOWN:
        return False
    if isinstance(theirs, str) and isinstance(ours, str) and theirs[:1] in {"{", "["}:
        return bool(_sorted(json.loads(ours)) == _sorted(json.loads(theirs)))
    if isinstance(theirs, dict):
        if not isinstance(ours, dict):
            return False
        masks = unknown if isinstance(unknown, dict) else {}
        return all(same(ours.get(k), theirs.get(k), masks.get(k)) for k in ours.keys() | theirs.keys())
    if isinstance(theirs, list) and theirs:
        if not isinstance(ours, list) or len(ours) != len(theirs):
            return False
        masks_ = unknown if isinstance(unknown, list) else [None] * len(theirs)
        left = list(zip(theirs, masks_, strict=True))
        for item in ours:
            found = next((i for i, (other, mask) in enumerate(left) if same(item, other, mask)), None)
            if found is None:
                return False
            left.pop(found)
        return True
    if isinstance(ours, Decimal):
        return bool(float(ours) == theirs)
    return ours == theirs or (not ours and not theirs and ours is not False and theirs is not False)


def _sorted(held: Any) -> Any:
    if isinstance(held, list):
        return sorted((_sorted(item) for item in held), key=json.dumps)
    return {k: _sorted(v) for k, v in held.items()} if isinstance(held, dict) else held


# ----------------------------------------------------------------------------------------------- what Terraform plans


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_a_joined_plan_has_just_its_instances_and_their_values(root: Path) -> None:
    """Whatever the plan knows of an instance we know too, and say the same."""
    found = {d.address: d for d in joined(root)}
    stated = data(root)
    planned = {r["address"]: r for r in planned_in(stated["planned_values"]["root_module"])}
    masks = {c["address"]: c["change"]["after_unknown"] for c in stated["resource_changes"]}
    assert found.keys() == planned.keys()
    wrong = []
    for address, resource in planned.items():
        block = found[address].block
        values = resource["values"]
        values = {**values, "tags": values["tags_all"]} if values.get("tags_all") else values
        for name, term in block.entries.items():
            if not same(told(term), values.get(name), masks[address].get(name)):
                wrong.append((address, name, told(term), values[name]))
        missing = [n for n, v in values.items() if v not in (None, "", 0, [], {}) and n not in block.entries]
        wrong += [(address, n, None, values[n]) for n in missing if n not in {"tags_all", *_MIRRORED}]
    assert not wrong


# What the resources beside it state, and what the account has filled in.
_MIRRORED = {"inline_policy", "managed_policy_arns", "logging_config"}


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_a_plan_alone_has_just_its_instances_and_their_values(root: Path) -> None:
    plan = plan_in(root)
    found = {d.address: d for d in declared_alone(plan)}
    stated = data(root)
    planned = {r["address"]: r for r in planned_in(stated["planned_values"]["root_module"])}
    masks = {c["address"]: c["change"]["after_unknown"] for c in stated["resource_changes"]}
    assert found.keys() == planned.keys()
    wrong = []
    for address, resource in planned.items():
        values = {**resource["values"], "tags": resource["values"].get("tags_all")}
        for name, term in found[address].block.entries.items():
            held = told(term)
            if values.get(name) is None:
                if held is not UNKNOWN and not _is_reference(term):
                    wrong.append((address, name, held, None))
            elif not same(held, values[name], masks[address].get(name)):
                wrong.append((address, name, held, values[name]))
    assert not wrong


def told(term: Term) -> object:
    """What a term says, in which the own account is the one of the recorded states."""
    return anything_of(_numbered(term))


def _numbered(term: Term) -> Term:
    if type(term) is Json:
        return Json(span=term.span, inner=_numbered(term.inner))
    if type(term) is Obj:
        return Obj(span=term.span, entries={k: _numbered(v) for k, v in term.entries.items()}, open=term.open)
    if type(term) is Seq:
        return Seq(span=term.span, items=tuple(map(_numbered, term.items)), open=term.open)
    if type(term) is Txt:
        return text_of(["111122223333" if p is ACCOUNT else p for p in term.parts], term.span)
    return term


def _is_reference(term: Term) -> bool:
    return type(term) is Txt or (type(term) is Seq and all(map(_is_reference, term.items)))


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_no_instance_of_a_joined_plan_depends_on_premises(root: Path) -> None:
    assert [d.address for d in joined(root) if d.exists] == []


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_places_of_a_plan_alone_are_right(root: Path) -> None:
    """The span of a resource is its object, and the span of each value its text."""
    for declared in declared_alone(plan_in(root)):
        stated = json.loads(declared.span.text)
        assert stated["address"] == declared.address
        for name in declared.block.entries:
            if stated["values"].get(name) is not None and name != "tags":
                place = declared.block.places[name]
                assert json.loads(place.text) == stated["values"][name], (declared.address, name)
                assert json.loads(declared.block.keys[name].text) == name


def test_every_recorded_plan_is_read_without_gaps() -> None:
    assert len(ROOTS) >= 6
    for root in ROOTS:
        assert plan_in(root).gaps == []


# ------------------------------------------------------------------------------------------------------------- one scan


def placed(tmp_path: Path, name: str, *, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> Path:
    """A copy of a recorded root (or of some of its files)."""
    folder = tmp_path / name
    folder.mkdir()
    for file in sorted((HERE / name).rglob("*")):
        relative = file.relative_to(HERE / name)
        if file.is_file() and relative.as_posix() not in without and (not only or relative.as_posix() in only):
            (folder / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / relative)
    return folder


def outcomes(folder: Path, *values: Path) -> list[tuple[str, str, int, str]]:
    """Every finding: its rule, its place, what it says."""
    result = api.scan(folder, variable_files=values, today=TODAY, persona="auditor")
    return sorted(
        (f.rule.code, f.span.doc.path if f.span else "", f.span.line if f.span else 0, f.message) for f in result.shown
    )


def function(app: App, address: str) -> Function:
    """One function."""
    found = app.get(next(f.key for f in app.functions if f.address == address))
    assert isinstance(found, Function)
    return found


def test_the_findings_are_those_of_the_configuration_with_the_values_of_the_plan(tmp_path: Path) -> None:
    """The same faults at the same lines, although only the plan says with which values it was made."""
    with_plan = placed(tmp_path, "app")
    by_plan = outcomes(with_plan)
    (with_plan / "plan.json").unlink()
    by_values = outcomes(with_plan, with_plan / "dev.tfvars")
    assert by_plan == by_values
    assert len(by_plan) > 15
    assert outcomes(with_plan) != by_values  # without either, less can be told


def test_a_folder_with_a_plan_of_it_is_one_application(tmp_path: Path) -> None:
    app = load(placed(tmp_path, "app"))
    addresses = sorted(f.address for f in app.functions)
    assert addresses == [
        "aws_lambda_function.api",
        'module.worker["fast"].aws_lambda_function.this',
        'module.worker["slow"].aws_lambda_function.this',
    ]
    assert [u.address for u in app.of(Url)] == ["aws_lambda_function_url.api[0]"]
    assert [g.why for g in app.gaps] == []


def test_what_is_joined_has_its_places_in_the_configuration(tmp_path: Path) -> None:
    app = load(placed(tmp_path, "app"))
    found = function(app, 'module.worker["fast"].aws_lambda_function.this')
    assert found.memory.show() == "512"
    origin = found.memory.origin
    assert origin.span.text == "var.memory"  # type: ignore[union-attr]
    assert origin.path == "modules/worker/main.tf"  # type: ignore[union-attr]
    (via,) = origin.via
    assert via.span is not None
    assert (via.span.doc.path, via.span.text) == ("dev.tfvars", "512")
    assert via.what == "value of variable workers in dev.tfvars"
    # What nobody wrote, and the provider has filled in, is at the resource itself.
    assert found.timeout.show() == "3"
    assert found.timeout.origin.span.text == 'resource "aws_lambda_function" "this"'  # type: ignore[union-attr]
    role = app.get(found.role.references().__iter__().__next__()[1].target)
    assert isinstance(role, Role)
    assert role.address == 'module.worker["fast"].aws_iam_role.this'


def test_values_that_stand_nowhere_else_have_their_place_in_the_plan(tmp_path: Path) -> None:
    app = load(placed(tmp_path, "app", without=("dev.tfvars",)))
    origin = function(app, 'module.worker["slow"].aws_lambda_function.this').memory.origin
    (via,) = origin.via
    assert via.span is not None
    assert (via.span.doc.path, via.span.text) == ("plan.json", "128")
    assert via.what == "value of variable workers in plan.json"


def test_defaults_stay_where_they_are_written(tmp_path: Path) -> None:
    app = load(placed(tmp_path, "app"))
    (group,) = [r for r in app.resources if r.address == "aws_cloudwatch_log_group.api"]
    (via,) = group.retention.origin.via  # type: ignore[attr-defined]
    assert via.what == "default of variable retention"


def test_ignores_in_the_configuration_hold(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    result = api.scan(folder, today=TODAY)
    assert fails(result, "SK101") == []
    (hidden,) = [f for f in result.findings if f.rule.code == "SK101"]
    assert hidden.suppressed is not None
    assert hidden.suppressed.reason == "the handler verifies signatures"


def test_fixes_are_made_in_the_configuration_with_the_plan_beside_it(tmp_path: Path) -> None:
    """The plan says what was before: that must not undo a fix when it is verified."""
    folder = placed(tmp_path, "app")
    with_plan = api.fix(folder, unsafe=True, today=TODAY)
    (folder / "plan.json").unlink()
    without = api.fix(folder, unsafe=True, today=TODAY, variable_files=[folder / "dev.tfvars"])
    assert with_plan.after == without.after
    assert "source_account = data.aws_caller_identity.current.account_id" in with_plan.after["modules/worker/main.tf"]


def test_a_plan_below_the_configuration_is_joined_to_it(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    (folder / "build" / "plans").mkdir(parents=True)
    (folder / "plan.json").rename(folder / "build" / "plans" / "dev.json")
    assert [(path, line) for code, path, line, _ in outcomes(folder) if code == "SK301"] == [("main.tf", 78)]


def test_a_plan_elsewhere_is_joined_to_what_declares_just_the_same(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    (tmp_path / "plans").mkdir()
    (folder / "plan.json").rename(tmp_path / "plans" / "dev.json")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "main.tf").write_text(
        'resource "aws_sqs_queue" "dead" {\n  name = "x"\n}\n', encoding="utf-8"
    )
    app = load(tmp_path)
    assert {f.origin.path for f in app.functions} == {"app/main.tf", "app/modules/worker/main.tf"}  # type: ignore[union-attr]
    assert {r.address for r in app.resources if r.origin.path == "other/main.tf"} == {"aws_sqs_queue.dead"}  # type: ignore[union-attr]


def test_a_plan_of_something_else_is_not_joined(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app", only=("plan.json",))
    (folder / "main.tf").write_text('resource "aws_sqs_queue" "mine" {\n  name = "x"\n}\n', encoding="utf-8")
    app = load(folder)
    assert {f.origin.path for f in app.functions} == {"plan.json"}  # type: ignore[union-attr]
    assert [r.address for r in app.resources if r.origin.path == "main.tf"] == ["aws_sqs_queue.mine"]  # type: ignore[union-attr]


def test_a_plan_that_is_named_is_joined_to_what_lies_beside_it(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    app = load(folder / "plan.json")
    assert {f.origin.path for f in app.functions} == {"main.tf", "modules/worker/main.tf"}  # type: ignore[union-attr]


def test_two_plans_of_one_configuration_are_two_applications(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    shutil.copy(folder / "plan.json", folder / "other.json")
    app = load(folder)
    assert len({f.key for f in app.functions}) == len(list(app.functions)) == 6
    assert len(outcomes(folder)) >= 15


def test_a_state_beside_a_plan_is_not_needed(tmp_path: Path) -> None:
    app = load(placed(tmp_path, "deployed", without=("before.tfstate",)))
    (gap,) = app.gaps
    assert (gap.path, gap.hides) == ("state.json", False)
    assert "there is a plan of the same configuration" in gap.why
    assert [f.address for f in app.functions] == ["aws_lambda_function.reports"]


# ----------------------------------------------------------------------------------------------- plans that stand alone


def alone(tmp_path: Path, name: str = "app", change: Callable[[dict[str, Any]], None] | None = None) -> App:
    """The application of a plan without its configuration."""
    stated = data(HERE / name)
    if change is not None:
        change(stated)
    (tmp_path / "plan.json").write_text(json.dumps(stated), encoding="utf-8")
    return load(tmp_path)


def resources(stated: dict[str, Any], section: str = "planned_values") -> Iterator[dict[str, Any]]:
    """Every instance in a section of a plan."""
    todo = [stated[section]["root_module"]]
    while todo:
        module = todo.pop()
        yield from module.get("resources", [])
        todo += module.get("child_modules", [])


def test_what_is_known_after_apply_is_a_reference_where_the_plan_tells(tmp_path: Path) -> None:
    app = alone(tmp_path)
    for name in ("fast", "slow"):
        found = function(app, f'module.worker["{name}"].aws_lambda_function.this')
        (reference,) = [r for _, r in found.role.references()]
        assert app.get(reference.target).address == f'module.worker["{name}"].aws_iam_role.this'  # type: ignore[union-attr]
        (mapping,) = [
            s for s in app.resources if s.address == f'module.worker["{name}"].aws_lambda_event_source_mapping.jobs'
        ]
        # By way of the module's argument, to the instance with the same key.
        assert mapping.source.address == f'aws_sqs_queue.jobs["{name}"]'  # type: ignore[attr-defined]
    # A known text that is another one's name, and comes from it.
    (url,) = app.of(Url)
    assert [r.shown for _, r in url.function_name.references()] == ["aws_lambda_function.api.function_name"]
    # Through a module's output.
    (permission,) = [p for p in app.resources if p.address == "aws_lambda_permission.events"]
    (named,) = [r for _, r in permission.function_name.references()]  # type: ignore[attr-defined]
    assert app.get(named.target).address == 'module.worker["slow"].aws_lambda_function.this'  # type: ignore[union-attr]


def test_the_text_around_a_reference_stays_unknown(tmp_path: Path) -> None:
    """`${api.execution_arn}/*/*` is only said to refer to the API."""
    app = alone(tmp_path)
    (permission,) = [p for p in app.resources if p.address == "aws_lambda_permission.events"]
    parts = permission.source_arn.parts  # type: ignore[attr-defined]
    assert parts[0] == "arn:"
    assert parts[-2].shown == "aws_apigatewayv2_api.orders.execution_arn"
    assert parts[-1].doubt.remedy == "scan it together with the configuration that it is a plan of"


def test_a_permission_whose_end_stays_unknown_may_be_for_every_route(tmp_path: Path) -> None:
    """Alone, a plan does not tell `/*/*` from `/prod/POST/orders`; its configuration does."""
    for said, files in (("unknown", ("plan.json",)), ("fail", ())):
        (tmp_path / said).mkdir()
        rows = api.scan(placed(tmp_path / said, "app", only=files)).rows
        (row,) = [r for r in rows if r.rule.code == "SK107" and r.function.address == _SLOW]
        assert row.verdict == said


def test_what_nobody_wrote_is_not_unknown(tmp_path: Path) -> None:
    """A plan can't tell what AWS will make of `tracing_config`; that nobody wrote it, it tells."""
    found = function(alone(tmp_path), "aws_lambda_function.api")
    assert found.tracing.show() == "PassThrough by default"
    assert type(found.tracing).__name__ == "Default"


def test_a_block_that_only_a_dynamic_block_can_make_unknown_is_unknown(tmp_path: Path) -> None:
    found = function(alone(tmp_path), "aws_lambda_function.api")
    assert type(found.dead_letter).__name__ == "Unknown"
    assert "dynamic" in found.dead_letter.doubt.why  # type: ignore[attr-defined]


def test_a_policy_document_that_is_read_during_apply_keeps_its_statements(tmp_path: Path) -> None:
    app = alone(tmp_path)
    (policy,) = [p for p in app.of(Policy) if p.address == "aws_iam_role_policy.api"]
    said = []
    for statement in policy.statements:
        assert statement.actions is not None
        assert statement.resources is not None
        said.append(([a.show() for a in statement.actions], [r.show() for r in statement.resources]))
    assert said[0][0] == ["dynamodb:*"]
    assert said[0][1][0].startswith("${aws_dynamodb_table.orders.arn}")
    assert said[1] == (["sqs:SendMessage"], ["*"])
    assert policy.statements.complete


def test_a_policy_document_that_is_made_of_others_keeps_theirs(tmp_path: Path) -> None:
    app = alone(tmp_path)
    (policy,) = [p for p in app.of(Policy) if p.address == "aws_iam_policy.both"]
    said = []
    for statement in policy.statements:
        assert statement.actions is not None
        said.append([a.show() for a in statement.actions])
    assert said == [["dynamodb:*"], ["sqs:SendMessage"], ["sns:Publish"]]
    last = list(policy.statements)[-1]
    assert last.resources is not None
    shown = sorted(r.show() for r in last.resources)
    assert shown[1] == "arn:aws:sns:eu-west-1:111122223333:known"
    assert shown[0].startswith("${aws_dynamodb_table.orders.arn}")


def test_a_policy_that_is_known_after_apply_says_what_to_do(tmp_path: Path) -> None:
    app = alone(tmp_path)
    (policy,) = [p for p in app.of(Policy) if p.address.startswith('module.worker["fast"]')]
    assert not policy.statements.complete
    (doubt,) = policy.statements.gaps
    assert doubt.why == "it is known only after apply"
    assert doubt.remedy == "scan it together with the configuration that it is a plan of"


def _planned_document(stated: dict[str, Any], address: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What a plan says of a data source: its values, what of them is unknown, and its expressions."""
    (planned,) = [one for one in resources(stated) if one["address"] == address]
    (change,) = [one for one in stated["resource_changes"] if one["address"] == address]
    (written,) = [one for one in stated["configuration"]["root_module"]["resources"] if one["address"] == address]
    return planned["values"], change["change"]["after_unknown"], written["expressions"]


def _resources_of(app: App, address: str) -> list[str]:
    (policy,) = [p for p in app.of(Policy) if p.address == address]
    first = next(iter(policy.statements))
    assert first.resources is not None
    return [value.show() for value in first.resources]


def test_all_items_of_a_list_come_from_its_only_reference(tmp_path: Path) -> None:
    """`[table.arn, "${table.arn}/index/*"]`: what is around the reference stays unknown, and neither is `*`."""

    def change(stated: dict[str, Any]) -> None:
        values, unknown, _ = _planned_document(stated, "data.aws_iam_policy_document.api")
        values["statement"][0]["resources"] = [None, None]
        unknown["statement"][0]["resources"] = [True, True]

    shown = _resources_of(alone(tmp_path, change=change), "aws_iam_role_policy.api")
    assert len(shown) == 2
    assert all(text.startswith("${aws_dynamodb_table.orders.arn}${") for text in shown)


def test_items_of_a_list_with_fewer_references_than_items_are_not_told_apart(tmp_path: Path) -> None:
    def change(stated: dict[str, Any]) -> None:
        values, unknown, written = _planned_document(stated, "data.aws_iam_policy_document.api")
        values["statement"][0]["resources"] = [None, None, None]
        unknown["statement"][0]["resources"] = [True, True, True]
        written["statement"][0]["resources"]["references"] += ["aws_sqs_queue.dead.arn", "aws_sqs_queue.dead"]

    app = alone(tmp_path, change=change)
    (policy,) = [p for p in app.of(Policy) if p.address == "aws_iam_role_policy.api"]
    first = next(iter(policy.statements))
    assert first.resources is not None
    assert [type(value).__name__ for value in first.resources] == ["Unknown"] * 3


def test_an_item_that_may_come_from_a_local_value_stays_unknown(tmp_path: Path) -> None:
    def change(stated: dict[str, Any]) -> None:
        _, _, written = _planned_document(stated, "data.aws_iam_policy_document.api")
        written["statement"][0]["resources"]["references"] = ["local.table"]

    app = alone(tmp_path, change=change)
    (policy,) = [p for p in app.of(Policy) if p.address == "aws_iam_role_policy.api"]
    first = next(iter(policy.statements))
    assert first.resources is not None
    assert [type(value).__name__ for value in first.resources] == ["Unknown"]


def test_a_queue_for_what_fails_is_linked_and_how_often_is_tried_is_not_known(tmp_path: Path) -> None:
    app = alone(tmp_path)
    (queue,) = [q for q in app.of(Queue) if q.address == 'aws_sqs_queue.jobs["fast"]']
    (reference,) = [r for _, r in queue.dead_letter.references()]
    assert app.get(reference.target).address == "aws_sqs_queue.dead"  # type: ignore[union-attr]
    assert type(queue.max_receive).__name__ == "Unknown"
    (dead,) = [q for q in app.of(Queue) if q.address == "aws_sqs_queue.dead"]
    assert dead.dead_letter.is_set().is_no  # nobody wrote one


def test_a_queue_for_what_fails_that_may_be_another_is_not_linked(tmp_path: Path) -> None:
    def change(stated: dict[str, Any]) -> None:
        for one in stated["configuration"]["root_module"]["resources"]:
            if one["address"] == "aws_sqs_queue.jobs":
                one["expressions"]["redrive_policy"]["references"] = ["local.redrive"]

    app = alone(tmp_path, change=change)
    (queue,) = [q for q in app.of(Queue) if q.address == 'aws_sqs_queue.jobs["fast"]']
    assert type(queue.dead_letter).__name__ == "Unknown"


@pytest.mark.parametrize(
    ("arn", "actions"),
    [
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", ["logs:CreateLogGroup"]),
        ("arn:aws:iam::111122223333:policy/AWSLambdaBasicExecutionRole", None),
        (None, None),
    ],
)
def test_a_policy_of_aws_that_is_read_during_apply_is_known(
    tmp_path: Path, arn: str | None, actions: list[str] | None
) -> None:
    """A data source behind `depends_on` is read during apply, whatever it asks for."""
    address = "data.aws_iam_policy.logs"

    def change(stated: dict[str, Any]) -> None:
        own = {"address": address, "mode": "data", "type": "aws_iam_policy", "name": "logs"}
        module = stated["planned_values"]["root_module"]["resources"]
        module.append({**own, "values": {"arn": arn}, "sensitive_values": {}})
        unknown = {"policy": True, "name": True} | ({} if arn else {"arn": True})
        stated["resource_changes"].append({**own, "change": {"actions": ["read"], "after_unknown": unknown}})
        for one in stated["configuration"]["root_module"]["resources"]:
            if one["address"] == "aws_iam_role_policy.api":
                one["expressions"]["policy"]["references"] = [f"{address}.policy", address]

    app = alone(tmp_path, change=change)
    (policy,) = [p for p in app.of(Policy) if p.address == "aws_iam_role_policy.api"]
    assert policy.statements.complete == (actions is not None)
    said = [a.show() for statement in policy.statements if statement.actions is not None for a in statement.actions]
    assert said[: len(actions or ())] == (actions or [])


def test_references_take_the_only_instance_and_not_one_of_several(tmp_path: Path) -> None:
    def change(stated: dict[str, Any]) -> None:
        for resource in stated["configuration"]["root_module"]["resources"]:
            if resource["address"] == "aws_lambda_function_url.api":
                resource["expressions"]["function_name"]["references"] = ["local.name"]
            if resource["address"] == "aws_lambda_permission.events":
                resource["expressions"]["source_arn"]["references"] = ["aws_sqs_queue.jobs"]
        for one in resources(stated):
            if one["address"].startswith("aws_lambda_function_url"):
                del one["values"]["function_name"]
        for one in stated["resource_changes"]:
            if one["address"].startswith("aws_lambda_function_url"):
                one["change"]["after_unknown"]["function_name"] = True

    app = alone(tmp_path, change=change)
    (url,) = app.of(Url)
    assert type(url.function_name).__name__ == "Unknown"
    assert "comes from `local.name`" in url.function_name.doubt.why  # type: ignore[attr-defined]
    (permission,) = [p for p in app.resources if p.address == "aws_lambda_permission.events"]
    assert type(permission.source_arn).__name__ == "Unknown"  # type: ignore[attr-defined]


def test_sensitive_values_are_marked(tmp_path: Path) -> None:
    folder = FIXTURES / "sensitive"
    (tmp_path / "plan.json").write_text((folder / "plan.json").read_text(encoding="utf-8"), encoding="utf-8")
    found = function(load(tmp_path), "aws_lambda_function.orders")
    hidden = {v.name: any(via.hidden for via in v.value.origin.via) for v in found.environment}
    assert hidden == {"DB_PASSWORD": True, "LEVEL": False}
    result = api.scan(tmp_path, today=TODAY)
    (secret,) = fails(result, "SK301")
    from stockade.reports import text

    assert "correct-horse" not in text.render(result)
    assert secret.span is not None


def test_sensitive_values_are_marked_where_they_are_joined(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "sensitive", tmp_path / "s")
    found = function(load(tmp_path / "s"), "aws_lambda_function.orders")
    hidden = {v.name: any(via.hidden for via in v.value.origin.via) for v in found.environment}
    assert hidden == {"DB_PASSWORD": True, "LEVEL": False}


# --------------------------------------------------------------------------------------------- what is deployed already


@pytest.mark.parametrize(
    "files", [("plan.json",), ("state.json",), ("main.tf", "plan.json"), ("main.tf", "state.json")]
)
def test_the_own_account_is_no_foreign_one(tmp_path: Path, files: tuple[str, ...]) -> None:
    """A plan of what is deployed holds the account's number; the configuration alone can't tell whose it is."""
    codes = {code for code, _, _, _ in outcomes(placed(tmp_path, "deployed", only=files))}
    assert not codes & {"SK105", "SK213"}
    assert {"SK201", "SK204"} <= codes


def test_another_account_is_foreign(tmp_path: Path) -> None:
    folder = placed(tmp_path, "deployed", only=("main.tf", "plan.json"))
    for name in ("main.tf", "plan.json"):
        text = (folder / name).read_text(encoding="utf-8")
        text = text.replace('principal     = "111122223333"', 'principal     = "999988887777"')
        text = text.replace('"principal":"111122223333"', '"principal":"999988887777"')
        (folder / name).write_text(text, encoding="utf-8")
    assert [line for code, _, line, _ in outcomes(folder) if code == "SK105"] == [45]


@pytest.mark.parametrize("files", [("plan.json",), ("state.json",), ("main.tf", "plan.json")])
def test_what_resources_beside_it_state_counts_once(tmp_path: Path, files: tuple[str, ...]) -> None:
    """A role that is deployed tells its inline policies and attachments once more."""
    app = load(placed(tmp_path, "deployed", only=files))
    assert [p.address for p in app.of(Policy)] == ["aws_iam_role_policy.reports"]
    (role,) = app.of(Role)
    assert [v.show() for v in role.managed] == ["arn:aws:iam::aws:policy/AdministratorAccess"]


def test_inline_policies_that_nothing_else_states_count(tmp_path: Path) -> None:
    def change(stated: dict[str, Any]) -> None:
        module = stated["planned_values"]["root_module"]
        module["resources"] = [r for r in module["resources"] if r["type"] != "aws_iam_role_policy"]

    app = alone(tmp_path, "deployed", change)
    assert [len(p.statements) for p in app.of(Policy)] == [1]


def test_a_change_is_as_planned_and_not_as_it_was(tmp_path: Path) -> None:
    for folder, files in (("a", ("plan.json",)), ("b", ("plan.json", "main.tf"))):
        (tmp_path / folder).mkdir()
        found = function(load(placed(tmp_path / folder, "deployed", only=files)), "aws_lambda_function.reports")
        assert found.timeout.show() == "60"
        assert found.tracing.show() == "Active"


def test_logs_that_go_where_they_go_by_default_are_not_stated(tmp_path: Path) -> None:
    found = function(load(placed(tmp_path, "deployed", only=("plan.json",))), "aws_lambda_function.reports")
    assert type(found.log_group_name).__name__ == "Default"


# ------------------------------------------------------------------------------------------- what stands for something else


def _configured(stated: dict[str, Any], address: str) -> dict[str, Any]:
    """What a plan says of the configuration of a resource of its root module."""
    found: list[dict[str, Any]] = stated["configuration"]["root_module"]["resources"]
    return next(one for one in found if one["address"] == address)


def _unknown(stated: dict[str, Any], address: str, attribute: str) -> None:
    """Make an attribute of a resource known only after apply."""
    for one in resources(stated):
        if one["address"] == address:
            one["values"].pop(attribute, None)
    for one in stated["resource_changes"]:
        if one["address"] == address:
            one["change"]["after_unknown"][attribute] = True


def _values(stated: dict[str, Any], address: str) -> dict[str, Any]:
    """What a plan knows of a resource."""
    found: dict[str, Any] = next(one for one in resources(stated) if one["address"] == address)["values"]
    return found


def test_what_each_value_stands_for_is_known_where_for_each_is_constant(tmp_path: Path) -> None:
    """`${api.execution_arn}/${each.value}` refers to the API only."""

    def change(stated: dict[str, Any]) -> None:
        one = _configured(stated, "aws_lambda_permission.events")
        one["expressions"]["source_arn"]["references"] += ["each.value"]
        one["for_each_expression"] = {"constant_value": {"all": "*/*"}}
        for held in resources(stated):
            if held["address"] == "aws_lambda_permission.events":
                held |= {"address": 'aws_lambda_permission.events["all"]', "index": "all"}
        for held in stated["resource_changes"]:
            if held["address"] == "aws_lambda_permission.events":
                held |= {"address": 'aws_lambda_permission.events["all"]', "index": "all"}

    (permission,) = [
        p for p in alone(tmp_path, change=change).resources if p.address == 'aws_lambda_permission.events["all"]'
    ]
    assert [r.shown for _, r in permission.source_arn.references()] == [  # type: ignore[attr-defined]
        "aws_apigatewayv2_api.orders.execution_arn"
    ]


@pytest.mark.parametrize(
    ("for_each", "queue"),
    [
        (["aws_sqs_queue.jobs"], 'aws_sqs_queue.jobs["fast"]'),
        (["local.queues"], None),
        (["aws_sqs_queue.jobs", "local.more"], None),
        (["aws_sqs_queue.dead"], None),  # whose keys are others
        (["var.workers"], None),
    ],
)
def test_one_for_each_instance_of_a_resource_refers_to_the_one_of_its_key(
    tmp_path: Path, for_each: list[str], queue: str | None
) -> None:
    def change(stated: dict[str, Any]) -> None:
        call = stated["configuration"]["root_module"]["module_calls"]["worker"]
        call["for_each_expression"] = {"references": for_each}
        call["expressions"]["queue_arn"] = {"references": ["each.value.arn", "each.value"]}

    app = alone(tmp_path, change=change)
    (mapping,) = [m for m in app.resources if m.address == 'module.worker["fast"].aws_lambda_event_source_mapping.jobs']
    source = mapping.source  # type: ignore[attr-defined]
    assert (source.address if source is not None else None) == queue


def test_a_log_group_that_a_function_waits_for_is_its_own(tmp_path: Path) -> None:
    """Both are named by what is known only after apply; only the order tells that they belong together."""

    def change(stated: dict[str, Any], *, waits: bool = True, shared: bool = True) -> None:
        _unknown(stated, "aws_lambda_function.api", "function_name")
        _unknown(stated, "aws_cloudwatch_log_group.api", "name")
        own = _configured(stated, "aws_lambda_function.api")
        own["expressions"]["function_name"] = {"references": ["aws_s3_bucket.archive.id", "aws_s3_bucket.archive"]}
        words = ["var.group", "aws_s3_bucket.archive.id", "aws_s3_bucket.archive"] if shared else ["var.group"]
        _configured(stated, "aws_cloudwatch_log_group.api")["expressions"]["name"] = {"references": words}
        own["depends_on"] = ["aws_iam_role_policy.api"] + (["aws_cloudwatch_log_group.api"] if waits else [])

    for index, (waits, shared) in enumerate([(True, True), (False, True), (True, False)]):
        folder = tmp_path / str(index)
        folder.mkdir()
        app = alone(folder, change=lambda stated, w=waits, s=shared: change(stated, waits=w, shared=s))  # type: ignore[misc]
        groups = function(app, "aws_lambda_function.api").log_groups
        assert [g.address for g in groups] == (["aws_cloudwatch_log_group.api"] if waits and shared else [])


def test_a_log_group_that_a_function_waits_for_is_the_one_that_it_names(tmp_path: Path) -> None:
    """`logging_config` may be made by a `dynamic` block, of which a plan tells no expressions."""

    def change(stated: dict[str, Any]) -> None:
        _unknown(stated, "aws_lambda_function.api", "function_name")
        _unknown(stated, "aws_cloudwatch_log_group.api", "name")
        own = _configured(stated, "aws_lambda_function.api")
        own["expressions"]["function_name"] = {"references": ["aws_s3_bucket.archive.id", "aws_s3_bucket.archive"]}
        own["depends_on"] = ["aws_cloudwatch_log_group.api"]
        _configured(stated, "aws_cloudwatch_log_group.api")["expressions"]["name"] = {
            "references": ["var.group", "aws_s3_bucket.archive.id", "aws_s3_bucket.archive"]
        }
        _values(stated, "aws_lambda_function.api")["logging_config"] = [{"log_format": "Text"}]
        for one in stated["resource_changes"]:
            if one["address"] == "aws_lambda_function.api":
                one["change"]["after_unknown"]["logging_config"] = [{"log_group": True}]

    found = function(alone(tmp_path, change=change), "aws_lambda_function.api")
    assert [r.shown for _, r in found.log_group_name.references()] == ["aws_cloudwatch_log_group.api.name"]
    assert [g.address for g in found.log_groups] == ["aws_cloudwatch_log_group.api"]
    assert found.log_groups.complete


def test_a_log_group_that_several_wait_for_is_no_ones(tmp_path: Path) -> None:
    def change(stated: dict[str, Any]) -> None:
        module = stated["configuration"]["root_module"]["resources"]
        for name in ("api", "other"):
            address = f"aws_lambda_function.{name}"
            if name == "other":
                module.append({**copy.deepcopy(_configured(stated, "aws_lambda_function.api")), "name": name})
                module[-1]["address"] = address
                for section in (stated["planned_values"]["root_module"]["resources"], stated["resource_changes"]):
                    one = next(o for o in section if o["address"] == "aws_lambda_function.api")
                    section.append({**copy.deepcopy(one), "address": address, "name": name})
            _unknown(stated, address, "function_name")
            own = _configured(stated, address)
            own["expressions"]["function_name"] = {"references": ["aws_s3_bucket.archive.id", "aws_s3_bucket.archive"]}
            own["depends_on"] = ["aws_cloudwatch_log_group.api"]
        _unknown(stated, "aws_cloudwatch_log_group.api", "name")
        _configured(stated, "aws_cloudwatch_log_group.api")["expressions"]["name"] = {
            "references": ["aws_s3_bucket.archive.id", "aws_s3_bucket.archive"]
        }

    app = alone(tmp_path, change=change)
    for name in ("api", "other"):
        found = function(app, f"aws_lambda_function.{name}")
        assert not found.log_groups.items
        assert not found.log_groups.complete


_SLOW = 'module.worker["slow"].aws_lambda_function.this'
_API, _FAST = "aws_lambda_function.api", 'module.worker["fast"].aws_lambda_function.this'
_ALL = frozenset({_SLOW, _FAST, _API})
_NONE: frozenset[str] = frozenset()


def _trusting(principal: object, **more: object) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("permission", "trust", "may"),
    [
        ({}, None, frozenset({_SLOW})),
        ({"principal": "sns.amazonaws.com"}, None, _NONE),
        ({"principal": "111122223333"}, None, _NONE),
        ({"principal": "*"}, None, frozenset({_SLOW})),
        ({"principal": "*", "principal_org_id": "o-abcdefghij"}, None, _NONE),
        ({"principal": "*", "action": "lambda:InvokeFunctionUrl"}, None, _NONE),
        ({"principal": None}, None, frozenset({_SLOW})),  # not known
        ({"function_name": None}, None, _ALL),  # of whichever function
        ({"function_name": "elsewhere"}, None, _NONE),
        ({}, _trusting({"Service": "apigateway.amazonaws.com"}), _ALL),
        ({}, _trusting({"Service": ["lambda.amazonaws.com", "apigateway.amazonaws.com"]}), _ALL),
        ({}, _trusting("*"), _ALL),
        ({}, _trusting({"AWS": "arn:aws:iam::111122223333:root"}), frozenset({_SLOW})),
        ({}, "no document", _ALL),
        ({}, ["local.trust"], _ALL),  # not known
    ],
)
def test_an_api_whose_definition_is_not_known_calls_what_it_may(
    tmp_path: Path, permission: dict[str, str | None], trust: str | list[str] | None, may: frozenset[str]
) -> None:
    """It may call a function that permits it, or with the credentials of a role that it may assume, and that may call it."""

    def change(stated: dict[str, Any]) -> None:
        invokes = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}
        _values(stated, "aws_iam_role_policy.archive")["policy"] = json.dumps(invokes)
        _unknown(stated, "aws_apigatewayv2_api.orders", "body")
        api_ = _configured(stated, "aws_apigatewayv2_api.orders")
        api_["expressions"]["body"] = {"references": ["local.definition"]}
        for name, value in permission.items():
            if value is None:
                _unknown(stated, "aws_lambda_permission.events", name)
                one = _configured(stated, "aws_lambda_permission.events")
                one["expressions"][name] = {"references": ["local.it"]}
            else:
                _values(stated, "aws_lambda_permission.events")[name] = value
        if isinstance(trust, str):
            _values(stated, "aws_iam_role.api")["assume_role_policy"] = trust
        elif trust is not None:
            _unknown(stated, "aws_iam_role.api", "assume_role_policy")
            _configured(stated, "aws_iam_role.api")["expressions"]["assume_role_policy"] = {"references": trust}

    app = alone(tmp_path, change=change)
    (gap,) = [gap for gap in app.gaps if "definition" in gap.what]
    assert gap.kinds == ("route", "authorizer")
    assert {f.address for f in app.functions if app.hidden_from(f, {"route"}) is not None} == may


def test_a_definition_that_is_not_known_hides_its_routes_from_rules_about_the_api(tmp_path: Path) -> None:
    def change(stated: dict[str, Any]) -> None:
        _unknown(stated, "aws_apigatewayv2_api.orders", "body")
        api_ = _configured(stated, "aws_apigatewayv2_api.orders")
        api_["expressions"]["body"] = {"references": ["local.definition"]}
        _values(stated, "aws_lambda_permission.events")["principal"] = "sns.amazonaws.com"

    (found,) = alone(tmp_path, change=change).apis
    assert not found.routes.complete


# ----------------------------------------------------------------------------------------------------- modules elsewhere


def test_a_module_that_was_fetched_is_told_of_at_its_call(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    (folder / ".terraform" / "modules").mkdir(parents=True)
    (folder / "modules" / "worker").rename(folder / ".terraform" / "modules" / "worker")
    listed = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "worker", "Dir": ".terraform/modules/worker"}]}
    (folder / ".terraform" / "modules" / "modules.json").write_text(json.dumps(listed), encoding="utf-8")
    text = (folder / "main.tf").read_text(encoding="utf-8")
    (folder / "main.tf").write_text(text.replace('"./modules/worker"', '"example/worker/aws"'), encoding="utf-8")
    app = load(folder)
    found = function(app, 'module.worker["fast"].aws_lambda_function.this')
    assert (found.origin.path, found.origin.span.text) == ("main.tf", 'module "worker"')  # type: ignore[union-attr]
    assert found.memory.origin.path == "dev.tfvars"  # type: ignore[union-attr]


def test_a_module_that_is_not_here_is_told_by_the_plan(tmp_path: Path) -> None:
    """Its resources, their references and values are the plan's; their place is the call."""
    folder = placed(tmp_path, "app")
    shutil.rmtree(folder / "modules")
    text = (folder / "main.tf").read_text(encoding="utf-8")
    (folder / "main.tf").write_text(text.replace('"./modules/worker"', '"example/worker/aws"'), encoding="utf-8")
    app = load(folder)
    assert [g.why for g in app.gaps] == []
    found = function(app, 'module.worker["fast"].aws_lambda_function.this')
    assert (found.origin.path, found.origin.span.text) == ("main.tf", 'module "worker"')  # type: ignore[union-attr]
    assert (found.memory.show(), found.tracing.show()) == ("512", "Active")
    (reference,) = [r for _, r in found.role.references()]
    assert app.get(reference.target).address == 'module.worker["fast"].aws_iam_role.this'  # type: ignore[union-attr]
    # And what the root module takes from it is told by the plan too.
    (permission,) = [p for p in app.resources if p.address == "aws_lambda_permission.events"]
    assert "orders-dev-slow" in permission.function_name.show()  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------------------------- data sources

_DATA = """
data "aws_region" "here" {}

data "aws_caller_identity" "me" {}

data "aws_iam_role" "shared" {
  name = "shared"
}

data "aws_ssm_parameter" "limit" {
  name = "/limit"
}

resource "aws_lambda_function" "f" {
  function_name = "f-${data.aws_region.here.name}"
  role          = data.aws_iam_role.shared.arn
  filename      = "f.zip"
  memory_size   = data.aws_region.here.name == "eu-west-1" ? 256 : 128

  environment {
    variables = {
      ACCOUNT = data.aws_caller_identity.me.account_id
      LIMIT   = data.aws_ssm_parameter.limit.value
    }
  }
}
"""


def _with_data() -> dict[str, Any]:
    def held(type_: str, name: str, values: dict[str, Any], hides: dict[str, Any] | None = None) -> dict[str, Any]:
        return {
            "address": f"data.{type_}.{name}",
            "mode": "data",
            "type": type_,
            "name": name,
            "values": values,
            "sensitive_values": hides or {},
        }

    function_ = {
        "address": "aws_lambda_function.f",
        "mode": "managed",
        "type": "aws_lambda_function",
        "name": "f",
        "values": {
            "function_name": "f-eu-west-1",
            "role": "arn:aws:iam::111122223333:role/shared",
            "filename": "f.zip",
            "memory_size": 256,
            "environment": [{"variables": {"ACCOUNT": "111122223333", "LIMIT": "70"}}],
        },
        "sensitive_values": {"environment": [{"variables": {"LIMIT": True}}]},
    }
    read = [
        held("aws_region", "here", {"name": "eu-west-1", "id": "eu-west-1"}),
        held("aws_caller_identity", "me", {"account_id": "111122223333"}),
        held("aws_iam_role", "shared", {"arn": "arn:aws:iam::111122223333:role/shared", "name": "shared"}),
        held("aws_ssm_parameter", "limit", {"name": "/limit", "value": "70"}, {"value": True}),
    ]
    refers = {
        "function_name": {"references": ["data.aws_region.here.name", "data.aws_region.here"]},
        "role": {"references": ["data.aws_iam_role.shared.arn", "data.aws_iam_role.shared"]},
    }
    stated = [
        {"mode": "data", "type": r["type"], "name": r["name"], "address": r["address"], "expressions": {}} for r in read
    ]
    own = {"mode": "managed", "type": "aws_lambda_function", "name": "f", "expressions": refers}
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [function_]}},
        "resource_changes": [],
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": read}}},
        "configuration": {"root_module": {"resources": [own, *stated]}},
    }


def test_data_sources_that_the_plan_has_read_are_known(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_DATA, encoding="utf-8")
    (tmp_path / "plan.json").write_text(json.dumps(_with_data()), encoding="utf-8")
    found = function(load(tmp_path), "aws_lambda_function.f")
    assert found.name.show() == "f-eu-west-1"
    assert found.role.show() == "arn:aws:iam::111122223333:role/shared"
    assert found.memory.show() == "256"
    assert found.memory.origin.span.text == "256"  # type: ignore[union-attr]
    environment = {v.name: v.value for v in found.environment}
    # The own account is known as that; what is kept in Parameter Store, as kept there.
    assert environment["ACCOUNT"].show() == "${AWS::AccountId}"
    assert environment["LIMIT"].show() == "${{{resolve:ssm:data.aws_ssm_parameter.limit}}}"


def test_a_choice_that_the_plan_has_made_is_made(tmp_path: Path) -> None:
    """A condition on what only AWS knows: the configuration has two cases, the plan has one."""
    (tmp_path / "main.tf").write_text(_DATA, encoding="utf-8")
    assert type(function(load(tmp_path), "aws_lambda_function.f").memory).__name__ == "OneOf"
    (tmp_path / "plan.json").write_text(json.dumps(_with_data()), encoding="utf-8")
    assert type(function(load(tmp_path), "aws_lambda_function.f").memory).__name__ == "Known"


# ------------------------------------------------------------------------------------------------------ what has changed


@pytest.mark.parametrize(
    ("written", "planned", "agree"),
    [
        ('{"a": 1, "b": [true]}', '{"b":[true],"a":1}', True),
        ('{"a": true}', '{"a":1}', False),
        ('{"a": 1.0}', '{"a":1}', True),
        ('{"a": [1, 2]}', '{"a":[2,1]}', True),  # of sets, providers keep no order
        ('{"a": "x"}', '{"a":"y"}', False),
        ('{"a": 1', '{"a":1}', False),
    ],
)
def test_documents_are_compared_by_what_they_say(written: str, planned: str, agree: bool) -> None:  # noqa: FBT001 - parametrized
    document = Document("x", "x")
    left, right = (Lit(span=document.span(0, 1), v=text) for text in (written, planned))
    assert Overlay(lambda _: None, Accounts([])).agrees(left, right) == agree


def test_what_has_come_since_the_plan_is_told(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    more = '\nresource "aws_lambda_function" "new" {\n  function_name = "new"\n  role = aws_iam_role.api.arn\n}\n'
    text = (folder / "main.tf").read_text(encoding="utf-8") + more
    (folder / "main.tf").write_text(text, encoding="utf-8")
    app = load(folder)
    assert "aws_lambda_function.new" not in [f.address for f in app.functions]
    (gap,) = app.gaps
    assert gap.what == "`aws_lambda_function.new`"
    assert gap.why == "it is in the configuration, but not in the plan `plan.json`, which is older"
    assert (gap.hides, gap.path) == (True, "main.tf")


def test_a_text_that_stands_for_a_file_wins_over_the_plan(tmp_path: Path) -> None:
    """How a fix is verified: the configuration is as if it were written, and the plan still as it was."""
    folder = placed(tmp_path, "app")
    text = (folder / "main.tf").read_text(encoding="utf-8")
    text = text.replace('authorization_type = "NONE" # stock', 'authorization_type = "AWS_IAM" # stock')
    text += '\nresource "aws_sqs_queue" "new" {\n  name = "new"\n}\n'
    app = load(folder, replaced={"main.tf": text})
    (url,) = app.of(Url)
    assert url.auth.show() == "AWS_IAM"
    assert [q.address for q in app.resources if q.address == "aws_sqs_queue.new"] == ["aws_sqs_queue.new"]
    assert [g.why for g in app.gaps] == []
    # All else is as before.
    assert function(app, "aws_lambda_function.api").name.show() == "orders-dev-api"


def test_where_the_configuration_has_changed_the_plan_wins(tmp_path: Path) -> None:
    folder = placed(tmp_path, "app")
    text = (folder / "main.tf").read_text(encoding="utf-8")
    (folder / "main.tf").write_text(text.replace('"python3.12"', '"python3.9"'), encoding="utf-8")
    found = function(load(folder), "aws_lambda_function.api")
    assert found.runtime.show() == "python3.12"
    assert found.runtime.origin.span.text == '"python3.9"'  # type: ignore[union-attr]


# ------------------------------------------------------------------------------------------------------------- bad input


def gaps_of(tmp_path: Path, text: str | bytes, name: str = "plan.json") -> tuple[Gap, ...]:
    """What could not be seen of one file."""
    (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return load(tmp_path).gaps


WHOLE = (HERE / "app" / "plan.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 0.999])
def test_a_plan_that_is_cut_off_is_a_gap(tmp_path: Path, share: float) -> None:
    text = WHOLE[: int(len(WHOLE) * share)]
    if '"planned_values"' not in text:
        text += ', "planned_values": {'
    (gap,) = gaps_of(tmp_path, text)
    assert gap.kind == "syntax"
    assert gap.hides
    assert "terraform show -json" in gap.remedy


def test_a_plan_with_a_fault_has_a_place(tmp_path: Path) -> None:
    at = WHOLE.index('"orders-dev-api"')
    (gap,) = gaps_of(tmp_path, WHOLE[:at] + "orders" + WHOLE[at:])
    assert gap.span is not None
    assert gap.span.start == at


@pytest.mark.parametrize("version", ["2.0", "17", 3, "x"])
def test_a_format_that_is_not_known_is_a_gap(tmp_path: Path, version: object) -> None:
    (gap,) = gaps_of(tmp_path, json.dumps({**json.loads(WHOLE), "format_version": version}))
    assert gap.kind == "unsupported"
    assert "format" in gap.why


def test_a_state_as_terraform_keeps_it_says_what_to_do(tmp_path: Path) -> None:
    raw = (HERE / "deployed" / "before.tfstate").read_text(encoding="utf-8")
    (gap,) = gaps_of(tmp_path, raw, "terraform.tfstate")
    assert "terraform show -json > state.json" in gap.remedy
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n', encoding="utf-8")
    assert load(tmp_path).gaps == ()  # beside its configuration it tells nothing more
    (gap,) = load(tmp_path / "terraform.tfstate").gaps  # but it was asked for
    assert gap.hides


def test_the_log_of_a_run_says_what_to_do(tmp_path: Path) -> None:
    log = '{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","type":"version"}\n'
    (tmp_path / "plan.json").write_text(log, encoding="utf-8")
    (gap,) = load(tmp_path / "plan.json").gaps
    assert "terraform plan -out=PLAN" in gap.remedy


def test_a_plan_of_a_part_is_a_gap(tmp_path: Path) -> None:
    (gap,) = gaps_of(tmp_path, json.dumps({**json.loads(WHOLE), "complete": False}))
    assert "-target" in gap.remedy
    (gap,) = gaps_of(tmp_path, json.dumps({**json.loads(WHOLE), "errored": True}))
    assert "planning failed" in gap.why


def test_a_plan_in_the_encoding_of_power_shell_is_read(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(WHOLE.encode("utf-16"))
    app = load(tmp_path)
    assert len(list(app.functions)) == 3
    assert app.gaps == ()


def test_deep_nesting_is_a_gap_or_unknown(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    (gap,) = gaps_of(tmp_path, WHOLE.replace('"variables":{', f'"x":{deep},"variables":{{', 1))
    assert "nested too deeply" in gap.why
    some = "[" * 500 + "]" * 500
    text = WHOLE.replace('"handler":"app.handler"', f'"handler":{some}', 1)
    found = function(load_text(tmp_path, text), "aws_lambda_function.api")
    assert found.handler.show()


def load_text(folder: Path, text: str) -> App:
    """The application of a plan's text."""
    (folder / "plan.json").write_text(text, encoding="utf-8")
    return load(folder)


ODD: list[object] = [None, True, 0, -1.5, "x", "", [], {}, [[]], [None], {"a": None}, [1, "a"], {"root_module": 3}]


def _places(held: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    yield path
    if isinstance(held, dict):
        for key, value in held.items():
            yield from _places(value, (*path, key))
    elif isinstance(held, list):
        for index, value in enumerate(held[:2]):
            yield from _places(value, (*path, index))


def _put(held: Any, path: tuple[object, ...], odd: object) -> Any:
    if not path:
        return odd
    at = held
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = odd
    return held


SMALL = data(FIXTURES / "unknown")
SPOTS = [path for path in _places(SMALL) if path and len(path) < 10]


@given(st.lists(st.tuples(st.sampled_from(SPOTS), st.sampled_from(ODD)), min_size=1, max_size=3), st.booleans())
def test_nothing_in_a_plan_is_raised(changes: list[tuple[tuple[object, ...], object]], beside: bool) -> None:  # noqa: FBT001 - made by hypothesis
    """Whatever stands where: what can be read is, and the rest is a gap or unknown."""
    held: Any = copy.deepcopy(SMALL)
    for path, odd in changes:
        try:
            held = _put(held, path, copy.deepcopy(odd))
        except (KeyError, IndexError, TypeError):
            continue
    found = read_plan(Document("plan.json", json.dumps(held)))
    if isinstance(found, Plan):
        from stockade.inputs.terraform.lower import Lowering

        Lowering(joined(FIXTURES / "unknown", found) if beside else declared_alone(found)).run()
        api_gaps = found.gaps
        assert all(g.why and g.path == "plan.json" for g in api_gaps)
    elif found is not None:
        assert found.why


@given(st.text(alphabet='{}[]":,0ae\\\n', max_size=60))
def test_text_that_is_no_plan_is_none(text: str) -> None:
    assert not isinstance(read_plan(Document("plan.json", text)), Plan)


# --------------------------------------------------------------------------------------------------------------- pieces

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=25,
)


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_values_are_read_as_json_is_with_the_place_of_each(held: Any, indent: int | None, escaped: bool) -> None:  # noqa: FBT001 - made by hypothesis
    text = "  " + json.dumps(held, indent=indent, ensure_ascii=escaped)
    document = Document("x.json", text)
    term = read_values(document, 2)
    assert _floats(plain(term)) == _without_nulls(held)
    for leaf in _leaves(term):
        assert _floats(plain(leaf)) == _without_nulls(json.loads(leaf.span.text))


OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=6)


LAYOUTS: list[dict[str, Any]] = [
    {"separators": (",", ":")},
    {"separators": (",", ":"), "ensure_ascii": False},
    {},
    {"indent": 1, "ensure_ascii": False},
]


@given(OBJECTS, st.sampled_from(LAYOUTS))
def test_attributes_are_found_where_they_stand(held: dict[str, Any], layout: dict[str, Any]) -> None:
    text = "  " + json.dumps(held, **layout)
    document = Document("x.json", text)
    found = Attributes(document, Raw(text[2:].encode()), 2)
    assert list(found.names) == [name for name, value in held.items() if value is not None]
    for name in found.names:
        key, place, term = found.key(name), found.place(name), found.get(name)
        assert key is not None
        assert place is not None
        assert term is not None
        assert json.loads(key.text) == name
        assert json.loads(place.text) == held[name]
        assert _floats(plain(term)) == _without_nulls(held[name])
        assert found.is_zero(name) == is_zero(term)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a":1,"a":2}', {"a": "2"}),
        ('{"a":[1],"b":2,"a":[3,4]}', {"a": "[3,4]", "b": "2"}),
        ('{"a":"x","a":null}', {"a": '"x"'}),
        ('{"a" : 1 , "a" : 2}', {"a": "2"}),
        ("[1]", {}),
        ('{"a":' + "[" * 90 + "]" * 90 + "}", {"a": "[" * 90 + "]" * 90}),
    ],
)
def test_what_stands_twice_is_read_as_a_whole_is(text: str, shown: dict[str, str]) -> None:
    document = Document("x.json", text)
    found = Attributes(document, Raw(text.encode()), 0)
    whole = read_values(document, 0)
    assert {name: place.text for name in found.names if (place := found.place(name)) is not None} == shown
    assert list(found.names) == (list(whole.entries) if type(whole) is Obj else [])


def _floats(held: Any) -> Any:
    if isinstance(held, Decimal | int) and not isinstance(held, bool):
        return float(held)
    if isinstance(held, list):
        return [_floats(item) for item in held]
    return {k: _floats(v) for k, v in held.items()} if isinstance(held, dict) else held


def _without_nulls(held: Any) -> Any:
    if isinstance(held, int) and not isinstance(held, bool):
        return float(held)
    if isinstance(held, dict):
        return {k: _without_nulls(v) for k, v in held.items() if v is not None}
    return [_without_nulls(item) for item in held] if isinstance(held, list) else held


def _leaves(term: Term) -> Iterator[Term]:
    yield term
    for inner in term.items if type(term) is Seq else term.entries.values() if type(term) is Obj else ():
        yield from _leaves(inner)


KEYS = st.one_of(
    st.just(Key()),
    st.integers(0, 10**6).map(lambda i: Key(str(i))),
    st.text(max_size=12).filter(lambda t: "${" not in t and "%{" not in t).map(lambda t: Key(t, each=True)),
)
NAMES = st.from_regex(r"[a-z_][a-z0-9_-]{0,8}", fullmatch=True)


@given(st.lists(st.tuples(NAMES, KEYS), max_size=3), NAMES, KEYS)
def test_addresses_are_read_as_they_are_written(path: list[tuple[str, Key]], name: str, key: Key) -> None:
    address = address_of(tuple(path), f"aws_x.{name}", key)
    assert parse_address(address) == (tuple(path), f"aws_x.{name}", key)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ('aws_x.y["a\\"b"]', 'a"b'),
        ('aws_x.y["a.b[0]"]', "a.b[0]"),
        ('aws_x.y["$${x}"]', "${x}"),
        ('aws_x.y["a\\nb"]', "a\nb"),
        ('aws_x.y["\\u00e9"]', "é"),
    ],
)
def test_keys_are_as_terraform_escapes_them(address: str, key: str) -> None:
    assert parse_address(address) == ((), "aws_x.y", Key(key, each=True))


def test_what_is_no_address_is_none() -> None:
    for text in ("", "x", "module.a", 'aws_x.y["a]', "aws_x.y[a]", "aws_x.y.z", "module.a[*].aws_x.y"):
        assert parse_address(text) is None


def test_forms_are_told_apart() -> None:
    assert form_of(Document("p.json", WHOLE)) == "plan"
    assert form_of(Document("s.json", (HERE / "deployed" / "state.json").read_text(encoding="utf-8"))) == "plan"
    assert form_of(Document("p.json", '{"Resources": {"planned_values": 1}}')) == ""
    assert form_of(Document("p.yaml", "planned_values: {format_version: 1}")) == ""


def test_a_template_that_speaks_of_plans_stays_one(tmp_path: Path) -> None:
    text = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": '"format_version" and "planned_values" and "root_module"',
        "Resources": {"Q": {"Type": "AWS::SQS::Queue"}},
    }
    (tmp_path / "t.json").write_text(json.dumps(text), encoding="utf-8")
    assert [r.address for r in load(tmp_path).resources] == ["Q"]


# ---------------------------------------------------------------------------------------------------------------- size


def _large(copies: int) -> str:
    stated = data(HERE / "app")
    module = stated["planned_values"]["root_module"]
    (one,) = [m for m in module["child_modules"] if m["address"] == 'module.worker["fast"]']
    changes = [c for c in stated["resource_changes"] if c.get("module_address") == one["address"]]

    def numbered(text: str, index: int) -> str:
        return text.replace('\\"fast\\"', f'\\"k{index}\\"').replace("orders-dev-fast", f"orders-dev-k{index}")

    made = [numbered(json.dumps(one), index) for index in range(copies)]
    more = [numbered(json.dumps(changes), index)[1:-1] for index in range(copies)]
    module["child_modules"], stated["resource_changes"] = "MODULES", "CHANGES"
    text = json.dumps(stated).replace('"MODULES"', f"[{','.join(made)}]")
    return text.replace('"CHANGES"', f"[{','.join(more)}]")


def test_a_large_plan_is_read_in_time_that_grows_with_its_size() -> None:
    """The budget is wide, since the machine may be busy: what it guards against grows with the square of the size."""
    spent: list[float] = []
    for copies in (250, 1000):
        text = _large(copies)
        begin = time.process_time()
        plan = plan_of(text)
        declared = list(declared_alone(plan))
        spent.append(time.process_time() - begin)
        assert len(declared) == len(plan.resources) > copies * 4
    assert spent[1] < 8 * spent[0] + 0.5
    assert spent[1] < 8


def _all_of(blocks: list[Declared]) -> list[object]:
    return [anything_of(term) for found in blocks for term in found.block.entries.values()]


@pytest.mark.parametrize("beside", [False, True])
def test_what_was_forgotten_is_read_again(monkeypatch: pytest.MonkeyPatch, beside: bool) -> None:  # noqa: FBT001 - parametrized
    def blocks() -> list[Declared]:
        return joined(HERE / "app") if beside else list(declared_alone(plan_in(HERE / "app")))

    wanted = _all_of(blocks())
    forgotten: list[Parts] = []
    forget = Parts.forget

    def noted(parts: Parts) -> None:
        forgotten.append(parts)
        forget(parts)

    monkeypatch.setattr(Parts, "forget", noted)
    monkeypatch.setattr(Opened.__init__, "__defaults__", (1,))
    found = blocks()
    for _ in range(2):
        assert _all_of(found) == wanted
    assert len(forgotten) > len(found)


def test_what_was_read_of_a_large_plan_does_not_stay() -> None:
    """A plan with ten times as many resources as are kept open takes little more room than one with as many."""
    kept: list[int] = []
    for most in (10**9, 50):
        blocks = list(declared_alone(plan_of(_large(150))))
        opened = blocks[0].block.entries._opened  # type: ignore[attr-defined]
        opened._most = most
        tracemalloc.start()
        for found in blocks:
            for name in found.block.entries:
                found.block.entries[name]
        kept.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert kept[1] < kept[0] / 3


def test_a_plan_larger_than_other_files_may_be_is_read(tmp_path: Path) -> None:
    stated = data(HERE / "app")
    stated["prior_state"]["values"]["root_module"]["resources"][0]["values"]["json"] = "x" * (21 * 1024 * 1024)
    (tmp_path / "plan.json").write_text(json.dumps(stated), encoding="utf-8")
    app = load(tmp_path)
    assert app.gaps == ()
    assert len(list(app.functions)) == 3
    assert len(list(load(tmp_path / "plan.json").functions)) == 3


def test_a_plan_larger_than_that_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import stockade.inputs.load as loading

    monkeypatch.setattr(loading, "MAX_PLAN_BYTES", 22 * 1024 * 1024)
    text = WHOLE.replace('"variables":{', '"variables":{"x":{"value":"' + "x" * (23 * 1024 * 1024) + '"},', 1)
    (gap,) = gaps_of(tmp_path, text)
    assert gap.kind == "too-large"


def test_a_block_that_may_not_be_there_is_not_known_to_be_set(tmp_path: Path) -> None:
    found = function(alone(tmp_path), "aws_lambda_function.api")
    assert found.dead_letter.is_set().truth == "maybe"
