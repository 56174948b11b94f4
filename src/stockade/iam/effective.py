"""What is left of a statement once a role's other policies are counted: its denials and its permissions boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clause
from stockade.iam.sets.derived import asking, decided
from stockade.iam.sets.formulas import And, Formula
from stockade.iam.sets.modelled import Names, of_role, of_statements
from stockade.iam.sets.questions import Proved, Says, Setting, ask
from stockade.model.app import App, Role
from stockade.model.policy import Statement
from stockade.model.value import Relation

_STEPS = 100_000


class Effective:
    """The roles of one application, each of whose policies are read once."""

    def __init__(self, app: App) -> None:
        with app.aside():
            self.names = Names(app)
        self.roles: dict[int, Access] = {}

    def is_void(
        self, role: Role, statement: Statement, actions: Sequence[str] = (), resources: Sequence[str] = ()
    ) -> bool:
        """Whether the role may do nothing of what a statement of its policies allows; with `actions`, nothing of those.

        Only where that is proved, whatever it is that is not known.
        """
        with self.names.app.aside():
            scope = role.key.partition("#")[0]
            return self._is_none(
                {
                    "statement": Access(identity=of_statements(Relation((statement,)), self.names, "statement", scope)),
                    "asked": asking(actions or ["*"], resources or ["*"]),
                    "role": self._whole(role),
                }
            )

    def passes_none_to(self, role: Role, service: str) -> bool:
        """Whether the role may pass no role at all to a service, by all of its policies together. Only where that is proved."""
        with self.names.app.aside():
            statement = {
                "Effect": "Allow",
                "Action": ["iam:PassRole"],
                "Resource": ["*"],
                "Condition": {"StringEquals": {"iam:PassedToService": service}},
            }
            asked = Access(identity=(Clause(statement, statement, ""),))
            return self._is_none({"asked": asked, "role": self._whole(role)})

    def _whole(self, role: Role) -> Access:
        whole = self.roles.get(id(role))
        if whole is None:
            whole = self.roles[id(role)] = of_role(role, self.names)
        return whole

    def _is_none(self, parties: Mapping[str, Access]) -> bool:
        """Whether no request is allowed by each of these."""
        answer = decided(partial(ask, parties, _all_allow, _all_say), self.names.setting(Setting(steps=_STEPS)))
        return isinstance(answer, Proved)


def _all_allow(allowed: Mapping[str, Formula]) -> Formula:
    return And(*allowed.values())


def _all_say(says: Says) -> bool:
    return all(says.values())
