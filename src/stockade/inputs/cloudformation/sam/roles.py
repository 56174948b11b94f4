"""The roles that SAM makes: for functions, state machines and schedules.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import force_setattr

from stockade.inputs import nodes
from stockade.inputs.cloudformation.evaluate import text
from stockade.inputs.cloudformation.policies import lower_statements
from stockade.inputs.intrinsic import intrinsic
from stockade.knowledge.iam import managed_policy
from stockade.knowledge.sam import generated_role, policy_template
from stockade.model.app import Policy, Role
from stockade.model.diff import plain
from stockade.model.policy import Principal, Statement
from stockade.model.value import Doubt, Known, Origin, Relation, Value, When, conjoin
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Evaluator
    from stockade.inputs.cloudformation.lower import Declared
    from stockade.inputs.cloudformation.sam.expand import Expansion

_AWS_POLICY = "arn:aws:iam::aws:policy/"


@cache
def role_parts() -> dict[str, tuple[tuple[str, ...], tuple[dict[str, Any], ...]]]:
    """What each feature adds to a generated role: managed policies and statements."""
    return {part.when: (part.managed, part.statements) for part in generated_role().parts}


@cache
def managed_arn(name: str) -> str | None:
    """The ARN of AWS's policy with this bare name, as the transform finds it."""
    if "/" in name or ":" in name:
        return None
    found = managed_policy(name)
    return found.arn if found is not None else None


def trust_of(service: str, origin: Origin) -> Relation[Statement]:
    """The trust policy with which SAM lets a service take a role."""
    return Relation(
        (
            Statement(
                origin=origin,
                effect=Known(v="Allow", origin=origin),
                actions=Relation((Known(v="sts:AssumeRole", origin=origin),)),
                principals=Relation((Principal("Service", Known(v=service, origin=origin)),)),
            ),
        )
    )


class RoleDraft:
    """A role that is being made for one resource."""

    __slots__ = ("_managed", "_owner", "_policies", "_sam", "_seen", "_shapes", "doubts", "id", "when")

    def __init__(self, sam: Expansion, owner: Declared, role_id: str, when: When = ()) -> None:
        self._sam = sam
        self._owner = owner
        self.id = role_id
        self.when = when
        self._managed: list[Value[str]] = []
        self._seen: set[str] = set()
        self._policies: list[Policy] = []
        self._shapes: list[Any] = []
        self.doubts: list[Doubt] = []

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator of the template."""
        return self._sam.evaluator

    # -------------------------------------------------------------------------------------------------------- attaching

    def attach(self, name: str, origin: Origin) -> None:
        """Attach one of AWS's policies, by its name with its path."""
        arn = name if name.startswith("arn:") else _AWS_POLICY + name
        if arn not in self._seen:
            self._seen.add(arn)
            self._managed.append(Known(v=arn, origin=origin))

    def feature(self, when: str, span: Span, holes: dict[str, Node], name: str = "") -> None:
        """Add what SAM adds for a feature."""
        managed, statements = role_parts().get(when, ((), ()))
        if managed:
            origin = self._sam.evaluator.place(span)
            for policy in managed:
                self.attach(policy, origin)
        if statements:
            self.statements(statements, span, holes, form="generated", name=name)

    def statements(  # noqa: PLR0913 - a policy, and where it is shown
        self,
        rows: tuple[dict[str, Any], ...] | list[dict[str, Any]],
        span: Span,
        holes: dict[str, Node],
        *,
        form: str,
        name: str = "",
        template: str = "",
        when: When = (),
        key_span: Span | None = None,
    ) -> None:
        """Add statements that are plain data with holes."""
        evaluator = self._sam.evaluator
        origin = evaluator.place(span, key_span)
        made = tuple(self._statement(row, span, holes, origin) for row in rows)
        relation = Relation(made)
        if form == "generated":
            # The transform adds no policy twice, whatever it is called.
            shape = plain(relation)
            if shape in self._shapes:
                return
            self._shapes.append(shape)
        self._keep(relation, span, form=form, name=name, template=template, when=when, key_span=key_span)

    def _statement(self, row: dict[str, Any], span: Span, holes: dict[str, Node], origin: Origin) -> Statement:
        actions = row.get("Action")
        resources = row.get("Resource")
        if set(row) - {"Action", "Effect", "Resource", "Sid"} or not (
            isinstance(actions, str | list) and resources is not None
        ):
            found = lower_statements(self._sam.evaluator, nodes.from_plain([row], span, holes))
            return found.items[0]
        names = actions if isinstance(actions, list) else [actions]
        return Statement(
            origin=origin,
            effect=Known(v=row["Effect"], origin=origin),
            actions=Relation(tuple(Known(v=action, origin=origin) for action in names)),
            resources=self._resources(resources, span, holes, origin),
        )

    def _resources(self, row: Any, span: Span, holes: dict[str, Node], origin: Origin) -> Relation[Value[str]]:  # noqa: ANN401
        if isinstance(row, str) and "${" not in row:
            return Relation((Known(v=row, origin=origin),))
        evaluator = self._sam.evaluator
        items: list[Value[str]] = []
        doubts: list[Doubt] = []
        for one in row if isinstance(row, list) else (row,):
            simple = self._simple(one, holes, origin)
            if simple is not None:
                items.append(simple)
                continue
            node = nodes.from_plain(one, span, holes)
            found = evaluator.texts(node)
            if not found.items and found.gaps:
                # One unknown text, such as a parameter without a default, is a value of its own.
                items.append(evaluator.value(node))
                continue
            items += [text(value) for value in found]
            doubts += found.gaps
        return Relation(tuple(items), complete=not doubts, gaps=tuple(doubts))

    def _simple(self, row: Any, holes: dict[str, Node], origin: Origin) -> Value[Any] | None:  # noqa: ANN401 - plain data
        """A resource that is a text with holes, as nearly all are."""
        inner = row.get("Fn::Sub") if isinstance(row, dict) and len(row) == 1 else None
        if not isinstance(inner, list) or len(inner) != 2:
            return None
        values: dict[str, Value[Any]] = {}
        for name, hole in inner[1].items():
            wanted = hole.get("Ref") if isinstance(hole, dict) else None
            node = holes.get(wanted) if isinstance(wanted, str) else None
            if node is None:
                return None
            values[name] = self._sam.evaluator.value(node)
        return self._sam.joined(inner[0], values, origin)

    def _keep(  # noqa: PLR0913 - a policy, and where it is shown
        self,
        statements: Relation[Statement],
        span: Span,
        *,
        form: str,
        name: str = "",
        template: str = "",
        when: When = (),
        key_span: Span | None = None,
        at: tuple[str | int, ...] | None = None,
    ) -> None:
        sam = self._sam
        both = conjoin(self.when, when)
        if both is None:
            return
        logical_id = f"{self.id}/Policies/{len(self._policies)}"
        fields = sam.base(self._owner, logical_id, span, key_span, both)
        if name:
            fields["name"] = Known(v=name, origin=fields["origin"])
        if at is not None:
            fields["site"] = sam.site(self._owner, f"{self._owner.type}/Policies", at, key_span or self._owner.key_span)
        policy = Policy(**fields, form=form, template=template, statements=statements)
        sam.add(policy)
        self._policies.append(policy)

    # ------------------------------------------------------------------------------------------------------- `Policies`

    def policies(self, node: Node | None, key_span: Span | None) -> None:
        """The property `Policies`: names, ARNs, documents and templates, alone or in a list."""
        if node is None:
            return
        evaluator = self._sam.evaluator
        for outer in evaluator.cases(node):
            if outer.node is None or (type(outer.node) is Scalar and outer.node.value is None):
                continue
            listed = type(outer.node) is Sequence and nodes.is_list(outer.node)
            items = outer.node.items if type(outer.node) is Sequence and listed else (outer.node,)
            for index, item in enumerate(items):
                at: tuple[str | int, ...] = ("Properties", "Policies", index) if listed else ("Properties", "Policies")
                for case in evaluator.cases(item):
                    when = conjoin(outer.when, case.when)
                    if when is None or case.node is None:
                        continue
                    with evaluator.assuming(when):
                        self._policy(case.node, when, index, at, key_span)

    def _policy(self, node: Node, when: When, index: int, at: tuple[str | int, ...], key_span: Span | None) -> None:
        evaluator = self._sam.evaluator
        name = nodes.literal(node)
        if name is not None and "{{resolve:" not in name:
            arn = managed_arn(name)
            value: Value[str] = Known(v=arn or name, origin=evaluator.origin(node, key_span))
            if not when and value.v in self._seen:  # type: ignore[attr-defined]
                return
            if not when:
                self._seen.add(value.v)  # type: ignore[attr-defined]
            self._managed.append(evaluator.under(when, value))
        elif name is not None or intrinsic(node) is not None:
            found = evaluator.texts(node)
            self._managed += [evaluator.under(when, text(v)) for v in found]
            self.doubts += found.gaps
        elif type(node) is Mapping and node.get("Statement") is not None:
            self._keep(
                lower_statements(evaluator, node),
                node.span,
                form="inline",
                name=f"{self.id}Policy{index}",
                when=when,
                key_span=key_span,
                at=at,
            )
        elif type(node) is Mapping and len(node.entries) == 1:
            self._template(node, when, index)
        elif not (type(node) is Scalar and node.value is None):
            self._unreadable(node, "a policy", "it is neither a name, nor a document, nor a policy template")

    def _template(self, node: Mapping, when: When, index: int) -> None:
        entry = node.entries[0]
        known = policy_template(entry.key.raw)
        if known is None:
            self._unreadable(entry.key, f"the policy `{entry.key.raw}`", "SAM has no policy template of this name")
            return
        given = entry.value
        holes: dict[str, Node] = {}
        if type(given) is Mapping and nodes.is_block(given):
            holes = {e.key.raw: e.value for e in given.entries}
        missing = [p for p in known.parameters if p not in holes]
        if missing:
            self._unreadable(entry.key, f"the policy template `{known.name}`", f"it wants {' and '.join(missing)}")
            return
        self.statements(
            known.statements,
            node.span,
            holes,
            form="template",
            name=f"{self.id}Policy{index}",
            template=known.name,
            when=when,
            key_span=entry.key.span,
        )
        if self._policies:
            force_setattr(
                self._policies[-1],
                "site",
                self._sam.site(
                    self._owner, f"{self._owner.type}/Policies", ("Properties", "Policies", index), entry.key.span
                ),
            )

    def _unreadable(self, node: Node, what: str, why: str) -> None:
        self._sam.evaluator.gap(node, what, why, kind="wrong-shape", remedy="correct it")
        self.doubts.append(Doubt(f"{what} can't be read: {why}", cause="policy"))

    # ----------------------------------------------------------------------------------------------------------- making

    def make(
        self, span: Span, *, trust: Relation[Statement], fields: dict[str, Any], key_span: Span | None = None
    ) -> Role:
        """The role, with everything that was added."""
        doubts = tuple(self.doubts)
        role = Role(
            **self._sam.base(self._owner, self.id, span, key_span, self.when),
            **fields,
            trust=trust,
            managed=Relation(tuple(self._managed), not doubts, doubts),
            inline=Relation(tuple(self._policies), not doubts, doubts),
            generated=True,
        )
        self._sam.add(role)
        return role
