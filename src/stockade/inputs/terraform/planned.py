"""The applications that plans describe, joined to their configurations where these are beside them.

A plan decides which instances there are and what they hold; the configuration says where that is written, and what refers to
what. Without the configuration, every place is in the plan.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from stockade.inputs.given import Variables
from stockade.inputs.terraform.alone import Alone
from stockade.inputs.terraform.configuration import is_configuration, read_file
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.given import given_values
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.modules import Call, Copies, Copy, Declaration, Instance, Key
from stockade.inputs.terraform.overlay import Accounts, Overlay, part
from stockade.inputs.terraform.places import Owners, Places
from stockade.inputs.terraform.plan import Configuration, Path, Plan, Planned, parse_module
from stockade.inputs.terraform.project import Project, deep
from stockade.inputs.terraform.providers import configure, place_of, tagged
from stockade.inputs.terraform.terms import Lazy, Lit, NotKnown, Obj, Seq, Term, Txt, Unk, Wrong, alt, plain
from stockade.model.app import Gap
from stockade.model.value import Doubt, Reference, Via, When
from stockade.text.document import Problem, Span
from stockade.text.hcl import nodes as hcl

# What a resource is told to hold although nobody wrote it there, since resources beside it state it: those resources' types,
# and the attribute by which they name it.
_MIRRORS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "aws_iam_role": {
        "inline_policy": (("aws_iam_role_policy", "role"),),
        "managed_policy_arns": (("aws_iam_role_policy_attachment", "role"),),
    },
    "aws_security_group": {
        "ingress": (
            ("aws_security_group_rule", "security_group_id"),
            ("aws_vpc_security_group_ingress_rule", "security_group_id"),
        ),
        "egress": (
            ("aws_security_group_rule", "security_group_id"),
            ("aws_vpc_security_group_egress_rule", "security_group_id"),
        ),
    },
    "aws_route_table": {"route": (("aws_route", "route_table_id"),)},
    "aws_sqs_queue": {
        "policy": (("aws_sqs_queue_policy", "queue_url"),),
        "redrive_policy": (("aws_sqs_queue_redrive_policy", "queue_url"),),
        "redrive_allow_policy": (("aws_sqs_queue_redrive_allow_policy", "queue_url"),),
    },
    "aws_sns_topic": {"policy": (("aws_sns_topic_policy", "arn"),)},
    "aws_kms_key": {"policy": (("aws_kms_key_policy", "key_id"),)},
    "aws_secretsmanager_secret": {"policy": (("aws_secretsmanager_secret_policy", "secret_arn"),)},
    "aws_api_gateway_rest_api": {"policy": (("aws_api_gateway_rest_api_policy", "rest_api_id"),)},
    "aws_s3_bucket": {
        "policy": (("aws_s3_bucket_policy", "bucket"),),
        "acl": (("aws_s3_bucket_acl", "bucket"),),
        "grant": (("aws_s3_bucket_acl", "bucket"),),
        "versioning": (("aws_s3_bucket_versioning", "bucket"),),
        "logging": (("aws_s3_bucket_logging", "bucket"),),
        "website": (("aws_s3_bucket_website_configuration", "bucket"),),
        "cors_rule": (("aws_s3_bucket_cors_configuration", "bucket"),),
        "lifecycle_rule": (("aws_s3_bucket_lifecycle_configuration", "bucket"),),
        "replication_configuration": (("aws_s3_bucket_replication_configuration", "bucket"),),
        "server_side_encryption_configuration": (("aws_s3_bucket_server_side_encryption_configuration", "bucket"),),
    },
}
_OWN_NAMES = ("id", "arn", "name", "bucket", "url")
_ABOUT_FILES = frozenset({"syntax", "duplicate", "encoding", "unreadable", "too-large", "limit", "wrong-shape"})


class Mirrors:
    """Which attributes of the instances of a plan say again what instances beside them state."""

    def __init__(self, plan: Plan) -> None:
        self._by_type: dict[str, list[Planned]] = {}
        for found in plan.resources:
            self._by_type.setdefault(found.type, []).append(found)
        self._named: dict[tuple[str, str], set[str]] = {}

    def dropped(self, planned: Planned) -> frozenset[str]:
        """Those of one instance, which count only where the configuration has them."""
        if planned.type == "aws_lambda_function" and _logs_by_default(planned):
            return frozenset({"logging_config"})
        stated = _MIRRORS.get(planned.type)
        if stated is None:
            return frozenset()
        own = {name for word in _OWN_NAMES if (name := planned.text(word)) is not None}
        if not own:
            return frozenset()  # nothing beside it can name it by a text
        return frozenset(
            name for name, others in stated.items() if any(own & self._names(type_, by) for type_, by in others)
        )

    def _names(self, type_: str, by: str) -> set[str]:
        known = self._named.get((type_, by))
        if known is None:
            known = self._named[type_, by] = {
                name for found in self._by_type.get(type_, ()) if (name := found.text(by)) is not None
            }
        return known


def _logs_by_default(planned: Planned) -> bool:
    """Whether a function's logs go where they go if nobody says otherwise."""
    blocks = planned.stated("logging_config")
    block = blocks[0] if isinstance(blocks, list) and len(blocks) == 1 else None
    return (
        isinstance(block, dict)
        and block.get("log_format") == "Text"
        and block.get("log_group") == f"/aws/lambda/{planned.stated('function_name')}"
    )


class PlanOwners(Owners):
    """Says of places in a plan what stands there."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan

    def describe(self, span: Span) -> str:
        """In words what stands at a place."""
        if span.doc is self._plan.document:
            for name, term in self._plan.variables.items():
                if term.span.covers(span):
                    return f"value of variable {name} in {span.doc.path}"
        return super().describe(span)


class PlannedInstance(Instance):
    """An instance of a module whose resources, modules and data sources are those of a plan."""

    project: PlannedProject

    @cached_property
    def way(self) -> Path:
        """The calls that lead to it."""
        return parse_module(self.prefix.rstrip(".")) or ()

    def repeated(self, body: hcl.Body, what: str) -> Copies:
        """The instances that the plan has."""
        written = body.attributes.get("count") or body.attributes.get("for_each")
        keys = self.project.keys(self.way, what) if written is not None else None
        told = super().repeated(body, what)
        if written is None or keys is None:
            return told
        found = tuple((key, _names(told, key, written)) for key in keys)
        return Copies(told.form, (((), found, None),))

    def data_term(self, type_: str, name: str, span: Span) -> Term:
        """`data.type.name`, with what the plan knows of it."""
        term = super().data_term(type_, name, span)
        known = {found.key: found for found in self.project.plan.instances.get((self.way, f"data.{type_}", name), ())}
        declaration = self._data.get((type_, name))
        if not known or declaration is None:
            return term
        options: list[tuple[When, Term]] = []
        for when, keys, opened in declaration.copies.options:
            terms = [(key, self._data_of(declaration.copy(key, names), known.get(key), span)) for key, names in keys]
            if not declaration.copies.form:
                return terms[0][1]
            if declaration.copies.form == "count":
                options.append((when, Seq(span=span, items=tuple(t for _, t in terms), open=opened)))
            else:
                options.append((when, Obj(span=span, entries={key.text: t for key, t in terms}, open=opened)))
        return alt(options, span)

    def _data_of(self, copy: Copy, found: Planned | None, span: Span) -> Term:
        if found is None:
            return copy.term(span)

        def whole() -> Obj:
            return self.project.overlay.block(copy.whole(), found, span, None)

        return Lazy(
            span=span,
            get=lambda name, at: self.project.data_value(copy, found, name, at),
            whole=whole,
            what=copy.address,
        )


def _names(told: Copies, key: Key, written: hcl.Attribute) -> dict[str, Term]:
    """What `each` or `count` mean in one instance."""
    span = written.expr.span
    own: list[tuple[When, dict[str, Term]]] = []
    symbolic: dict[str, Term] = {}
    for when, keys, _ in told.options:
        for other, names in keys:
            if other == key:
                own.append((when, names))
            elif other.symbolic:
                symbolic = names
    if len(own) == 1:
        return own[0][1]
    if told.form == "count":
        index = int(key.text) if key.text.isdecimal() else 0
        return {"count": Obj(span=span, entries={"index": Lit(span=span, v=index)})}
    values = [(when, each.entries["value"]) for when, names in own if type(each := names.get("each")) is Obj]
    word = Lit(span=span, v=key.text)
    each = symbolic.get("each")
    if values:
        value = alt(values, span)
    elif type(written.expr) is hcl.Call and written.expr.name == "toset":
        value = word
    elif type(each) is Obj:
        value = each.entries["value"]
    else:
        value = Unk(span=span, doubt=Doubt(f"what `{key.text}` stands for is not known", cause="plan"))
    return {"each": Obj(span=span, entries={"key": word, "value": value})}


class PlannedProject(Project):
    """A root module of which there is a plan."""

    instances = PlannedInstance

    def __init__(
        self, disk: Disk, given: Variables, plan: Plan, *, folder: str, scope: str, edited: bool = False
    ) -> None:
        super().__init__(disk, given)
        self.plan = plan
        self.folder = folder
        self.scope = scope
        self.owners = PlanOwners(plan)
        self.edited = edited
        self._keyed = {f"{scope}#{address}": found for address, found in plan.by_address.items()}
        self._accounts = Accounts(plan.by_address.values())
        self.overlay = Overlay(self._known, self._accounts, edited=self.edited)
        self.alone = Alone(plan, scope, self._accounts)
        self.mirrors = Mirrors(plan)
        self._data_values: dict[str, Obj] = {}
        self._at: dict[Path, Instance | None] = {}
        self._placed: dict[Path, tuple[dict[str, int], dict[tuple[str, str], int]]] = {}
        self._named: dict[int, tuple[Call | Declaration, dict[Key, dict[str, Term]]]] = {}
        self._here: dict[int, bool] = {}
        self._keyed_calls: dict[tuple[Path, str], dict[Key, int]] = {}
        self.root = self._planned_root()

    def _planned_root(self) -> Instance:
        with deep():
            instance = PlannedInstance(self, self.module(self.folder), scope=self.scope, root_folder=self.folder)
            instance.given = self._given(instance)
            configure(instance)
        self.roots.append(instance)
        self._at[()] = instance
        return instance

    # --------------------------------------------------------------------------------------------------------- variables

    def _given(self, instance: Instance) -> dict[str, Term]:
        """The values of variables that the plan was made with: where they are written, if that is beside it."""
        own = given_values(self, instance.module, replace(self.given, values={}, environment={}), instance)
        files = self._value_file(instance, own)
        configured = self.plan.configuration.variables if self.plan.configuration is not None else {}
        for name, term in self.plan.variables.items():
            if name not in instance.module.variables:
                continue
            have = own.get(name)
            if have is not None and (self.edited or self.overlay.agrees(have, term)):
                continue
            said = configured.get(name)
            if have is None and isinstance(said, dict) and "default" in said and _is(term, said["default"]):
                continue  # its default, which stands in the configuration
            other = files.get(name)
            own[name] = other if other is not None else term
        return own

    def _value_file(self, instance: Instance, given: dict[str, Term]) -> dict[str, Term]:
        """The values of the one file beside the configuration that can be the one that the plan was made with."""
        found: list[tuple[hcl.HclFile, dict[str, Term]]] = []
        for name in self.disk.names(self.folder):
            if (
                not name.endswith((".tfvars", ".tfvars.json"))
                or name.startswith("terraform.tfvars")
                or ".auto." in name
            ):
                continue
            file = read_file(self.disk, posixpath.join(self.folder, name) if self.folder else name)
            if isinstance(file, Problem) or file.problems:
                continue
            terms: dict[str, Term] = {}
            for key, stated in file.body.attributes.items():
                try:
                    terms[key] = self.evaluator.evaluate(stated.expr, Scope(instance))
                except Wrong:
                    break
            own = {key: term for key, term in terms.items() if key in self.plan.variables and key not in given}
            if own and all(self.overlay.agrees(term, self.plan.variables[key]) for key, term in own.items()):
                found.append((file, own))
        if len(found) != 1:
            return {}
        self.note_values(found[0][0])
        return found[0][1]

    # --------------------------------------------------------------------------------------------------------- instances

    def keys(self, path: Path, what: str) -> list[Key] | None:
        """The instances of a resource, data source or module that the plan has; None if it does not tell."""
        type_, _, name = what.rpartition(".")
        if type_ == "module":
            found = self.plan.modules.get((path, name))
            return None if found is None else list(found)
        planned = self.plan.instances.get((path, type_, name))
        if planned is not None:
            return [found.key for found in planned]
        if type_.startswith("data.") or (path and (path[:-1], path[-1][0]) not in self.plan.modules):
            return None
        configured = self._configured(path)
        # What was not there when the plan was made, the plan can't tell of.
        return [] if configured is None or (type_, name) in configured.resources else None

    def _configured(self, path: Path) -> Configuration | None:
        whole = self.plan.configuration
        return whole.below(path) if whole is not None else None

    def called(self, call: Call, key: Key, names: dict[str, Term], when: When) -> Instance | None:
        """The instance of a module that a call makes; None where the module is not at hand: the plan tells of it."""
        here = self._here.get(id(call))
        if here is None:
            here = self._here[id(call)] = self.folder_of(call) is not None
        if not here:
            return None
        return super().called(call, key, names, when)

    def data_value(self, copy: Copy, found: Planned, name: str, at: Span) -> Term:
        """An attribute of a data source: what the plan knows, laid over what the configuration says."""
        try:
            written = copy.get(name, at)
        except Wrong:
            written = Unk(span=at, doubt=Doubt(f"`{copy.address}.{name}` is known only after apply", cause="plan"))
        if type(written) is Txt and len(written.parts) == 1:
            # What a data source is known by is nothing that is declared: its text says more.
            written = Unk(span=at, doubt=Doubt(f"`{copy.address}.{name}` is known only after apply", cause="plan"))
        if found.address not in self._data_values:
            self._data_values[found.address] = found.values()
        value = self._data_values[found.address].entries.get(name)
        mask = part(found.unknown, name)
        if value is None and not mask:
            return written
        return self.overlay.term(written, value, mask, part(found.sensitive, name), name)

    def _known(self, reference: Reference) -> str | None:
        found = self._keyed.get(reference.target)
        return found.text(reference.shown.rpartition(".")[2]) if found is not None else None

    def at(self, path: Path) -> Instance | None:
        """The instance of the module at the end of a path; None where it is not at hand."""
        if path not in self._at:
            self._at[path] = None
            above = self.at(path[:-1])
            name, key = path[-1]
            if above is not None and name in above.module.calls:
                call = above.call_of(name, above.module.calls[name].header)
                names = self._names_of(call).get(key)
                if names is not None:
                    self._at[path] = call.instance(key, names, ())
        return self._at[path]

    def _names_of(self, repeated: Call | Declaration) -> dict[Key, dict[str, Term]]:
        """What `each` and `count` mean in each instance of a declaration."""
        known = self._named.get(id(repeated))
        if known is None:
            found: dict[Key, dict[str, Term]] = {}
            for _, keys, _ in repeated.copies.options:
                for key, names in keys:
                    found.setdefault(key, names)
            known = self._named[id(repeated)] = (repeated, found)  # which keeps it, and so its id
        return known[1]

    def _copy_of(self, declaration: Declaration, key: Key) -> Copy | None:
        names = self._names_of(declaration).get(key)
        return None if names is None else declaration.copy(key, names)

    # ---------------------------------------------------------------------------------------------------------- declared

    def planned(self) -> Iterator[Declared]:
        """Every instance that the plan has."""
        with deep():
            for found in sorted(self.plan.resources, key=self._order):
                if found.type.startswith("aws_"):
                    declared = self._declared(found)
                    if declared is not None:
                        yield declared
            yield from self._since()

    def _order(self, found: Planned) -> tuple[tuple[int, ...], int]:
        """Where an instance stands in the configuration: a plan has everything in the order of its name."""
        at: tuple[int, ...] = ()
        path: Path = ()
        for name, key in found.path:
            called, keys = self._places(path)[0], self._keys_of(path, name)
            at += (called.get(name, len(called)), keys.get(key, 0))
            path = (*path, (name, key))
        own = self._places(path)[1]
        return at, own.get((found.type, found.name), len(own))

    def _places(self, path: Path) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
        """Where the calls and the resources of a module stand in it."""
        if path not in self._placed:
            instance = self.at(path)
            calls: Iterable[str] = instance.module.calls if instance is not None else ()
            own: Iterable[tuple[str, str]] = instance.module.resources if instance is not None else ()
            self._placed[path] = (
                {name: index for index, name in enumerate(calls)},
                {name: index for index, name in enumerate(own)},
            )
        return self._placed[path]

    def _keys_of(self, path: Path, name: str) -> dict[Key, int]:
        if (path, name) not in self._keyed_calls:
            keys = self.plan.modules.get((path, name), {})
            self._keyed_calls[path, name] = {key: index for index, key in enumerate(keys)}
        return self._keyed_calls[path, name]

    def _declared(self, found: Planned) -> Declared | None:
        instance = self.at(found.path)
        declaration = instance.resource(found.type, found.name) if instance is not None else None
        copy = self._copy_of(declaration, found.key) if declaration is not None else None
        if instance is None or declaration is None or copy is None:
            if instance is not None and self.edited:
                return None  # it was taken out
            return self._apart(found)
        written = declaration.block
        block = self.overlay.block(
            tagged(copy.block(), instance, written),
            found,
            written.header,
            self.alone.expressions(found),
            self.mirrors.dropped(found),
            lambda: self.alone.block(found),
        )
        declared = Declared(
            found.type,
            copy.address,
            scope=self.scope,
            block=block,
            span=written.span,
            key_span=written.header,
            places=instance.places,
            exists=(),
            written=copy,
            place=place_of(instance, written, block),
            created_first=copy.created_first,
        )
        return _within(declared, self.folder)

    def _apart(self, found: Planned) -> Declared:
        """An instance whose configuration is not at hand: its places are at the nearest call of a module."""
        above: Instance | None = None
        path = found.path
        while path and above is None:
            path = path[:-1]
            above = self.at(path)
        places = Places(self.owners)
        call = above.module.calls.get(found.path[len(path)][0]) if above is not None and found.path else None
        if above is not None and call is not None:
            name = found.path[len(path)][0]
            calls = (Via(f"call of module.{name}", call.header), *above.calls)
            foreign = frozenset({self.plan.document.path})
            places = Places(self.owners, calls, above.call or call.header, foreign)
        return _bare(self.alone, self.mirrors, found, places, self.folder)

    def _since(self) -> Iterator[Declared]:
        """What has come into the configuration since the plan was made."""
        if self.plan.configuration is None:
            return
        new: list[Declaration] = []
        seen: set[tuple[str, ...]] = set()
        todo: list[Instance] = [self.root]
        while todo:
            instance = todo.pop()
            path = parse_module(instance.prefix.rstrip(".")) or ()
            configured = self._configured(path)
            names = tuple(name for name, _ in path)
            if configured is not None and (self.edited or names not in seen):
                seen.add(names)
                new += [d for d in instance.declarations() if (d.type, d.name) not in configured.resources]
            if configured is not None:
                todo += reversed(list(instance.children()))
        if not self.edited:
            self._note_stale(new)
            return
        for declaration in new:
            for when, copy in declaration.all():
                module = declaration.module
                block = tagged(copy.block(), module, declaration.block)
                yield Declared(
                    declaration.type,
                    copy.address,
                    scope=self.scope,
                    block=block,
                    span=declaration.block.span,
                    key_span=declaration.block.header,
                    places=module.places,
                    exists=when,
                    written=copy,
                    place=place_of(module, declaration.block, block),
                    created_first=copy.created_first,
                )

    def _note_stale(self, new: list[Declaration]) -> None:
        new = [declaration for declaration in new if declaration.type.startswith("aws_")]
        if not new:
            return
        span = new[0].block.header
        more = f" (and {len(new) - 1} more)" if len(new) > 1 else ""
        self.gaps.append(
            Gap(
                what=f"`{new[0].module.prefix}{new[0].shown}`{more}",
                why=f"it is in the configuration, but not in the plan `{self.plan.document.path}`, which is older",
                remedy="make the plan again, or leave it out of the scan",
                kind="plan",
                path=span.doc.path,
                span=span,
                hides=True,
            )
        )

    def left_gaps(self) -> list[Gap]:
        """What could not be seen, without what the plan tells all the same."""
        about = [replace(gap, hides=False) for gap in self.gaps if gap.kind in _ABOUT_FILES]
        return self.plan.gaps + about + [gap for gap in self.gaps if gap.kind == "plan"]


def _is(term: Term, data: Any) -> bool:  # noqa: ANN401 - plain data
    try:
        return bool(plain(term) == data)
    except NotKnown:
        return False


def _within(declared: Declared, folder: str) -> Declared:
    """An instance that says in which folder Terraform runs, from which paths of code are taken; its key stays."""
    declared.scope = folder or "."
    return declared


def _bare(alone: Alone, mirrors: Mirrors, found: Planned, places: Places, folder: str) -> Declared:
    """An instance as the plan alone has it."""
    block = alone.block(found, mirrors.dropped(found))
    header = Span(found.document, found.span.start, found.span.start + 1)
    declared = Declared(
        found.type,
        found.address,
        scope=alone.scope,
        block=block,
        span=found.span,
        key_span=header,
        places=places,
        exists=(),
        written=None,
    )
    return _within(declared, folder)


def declared_alone(plan: Plan) -> Iterator[Declared]:
    """Every instance of a plan whose configuration is not beside it."""
    path = plan.document.path
    accounts = Accounts(plan.by_address.values())
    alone = Alone(plan, path, accounts)
    mirrors = Mirrors(plan)
    places = Places(PlanOwners(plan))
    for found in plan.resources:
        if found.type.startswith("aws_"):
            yield _bare(alone, mirrors, found, places, posixpath.dirname(path))


# -------------------------------------------------------------------------------------------------------------- matching


def root_of(project: Project, plan: Plan, folders: Iterable[str], units: Mapping[str, str]) -> tuple[str, str] | None:
    """The folder of the root module that a plan is of, and its scope: around it, or the one that declares just the same.

    `units` holds the folders of modules by the folders of the units of Terragrunt that use them.
    """
    declared = _declared_in(plan)
    if not declared:
        return None
    at = posixpath.dirname(plan.document.path)
    own = {at} if any(is_configuration(name) for name in project.disk.names(at)) else set()
    known = set(folders) | own
    while True:
        if at in units and _fits(project, units[at], declared, exactly=False):
            return units[at], at or "."
        if at in known and _fits(project, at, declared, exactly=False):
            return at, at or "."
        if not at:
            break
        at = posixpath.dirname(at)
    exact = [folder for folder in sorted(known) if _fits(project, folder, declared, exactly=True)]
    return (exact[0], exact[0] or ".") if len(exact) == 1 else None


def _declared_in(plan: Plan) -> set[tuple[str, str]]:
    """What the root module of a plan declares: resources, data sources, calls of modules."""
    if plan.configuration is not None:
        found = set(plan.configuration.resources)
        return found | {("module", name) for name in plan.configuration.calls}
    found = {(type_, name) for path, type_, name in plan.instances if not path}
    return found | {("module", name) for path, name in plan.modules if not path}


def _fits(project: Project, folder: str, declared: set[tuple[str, str]], *, exactly: bool) -> bool:
    module = project.module(folder)
    own = set(module.resources) | {(f"data.{type_}", name) for type_, name in module.data}
    own |= {("module", name) for name in module.calls}
    shared = len(own & declared)
    if exactly:
        return shared == len(declared) == len(own)
    # It may have changed since; but what has more in common with others is another one's.
    return shared * 2 >= len(declared) and shared * 2 >= min(len(own), len(declared))


def not_needed(plan: Plan, scope: str) -> Gap:
    """That a state is not read, since there is a plan of the same root module."""
    path = plan.document.path
    return Gap(
        what=path,
        why=f"there is a plan of the same configuration (`{scope}`), which tells more",
        remedy="leave the state out of the scan",
        kind="plan",
        path=path,
    )
