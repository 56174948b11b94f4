"""What every check is given: the policy, its type, and its texts as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from stockade.iam.resources import written
from stockade.iam.validate._plain import plain_statement
from stockade.knowledge import iam as facts
from stockade.knowledge.iam import ResourcePolicyType
from stockade.model.app import App
from stockade.model.policy import Condition, Fault, PolicyType, Principal, Statement, Statements
from stockade.model.value import Default, File, Known, Origin, Relation, Value, When, conjoin

if TYPE_CHECKING:
    from stockade.iam.sets.clauses import Clauses
    from stockade.iam.sets.modelled import Names

# What stands in a text for a part that is not known: see `stockade.iam.resources`.
MARKS = "\ue000\ue001\ue002"
PLAIN = "\ue001"  # one that holds neither a wildcard nor a colon


class Word(NamedTuple):
    """One text of an element, with the premises under which it is there."""

    when: When
    text: str
    leaf: Value[str]

    @property
    def known(self) -> bool:
        """Whether all of it is known."""
        return isinstance(self.leaf, Known)

    @property
    def origin(self) -> Origin:
        """Where it is."""
        return self.leaf.origin

    @property
    def shown(self) -> str:
        """For people."""
        text = self.leaf.show()
        return text if len(text) <= 120 else text[:119] + "…"


def words(values: Relation[Value[str]] | None) -> Iterator[Word]:
    """The texts of an element; those of which nothing is known are left out."""
    for value in values if values is not None else ():
        if type(value) is Known:
            yield Word((), value.v, value)
            continue
        for when, leaf in value.leaves():
            text = None if isinstance(leaf, Default) else written(leaf)
            if text is not None:
                yield Word(when, text, leaf)


class Subject(Struct, frozen=True, eq=False):
    """A policy that is checked.

    Attributes:
        statements: its statements, and what else it says.
        type: what kind of policy it is.
        resource_type: for a resource policy, the type of the resource; "" where that is not known.
        quota: how many characters it may have; None where that is not known.
        names: what references in it are called; None for those of a policy by itself.
    """

    statements: Statements
    type: PolicyType
    resource_type: str = ""
    quota: int | None = None
    names: Names | None = None

    def clauses(self, *statements: Statement) -> Clauses:
        """Some of the statements, for the engine: what is known only by a name is a symbol, what is not known a doubt."""
        from stockade.iam.sets.modelled import Names, of_statements  # of no use where all is known

        names = self.names or Names(App([], (), ()))
        # What has no name of its own is told by the number of its statement.
        found = [of_statements(Relation((each,)), names, f"statement {self._number(each)}", "") for each in statements]
        return tuple(clause for clauses in found for clause in clauses)

    def _number(self, statement: Statement) -> int:
        return next(at for at, each in enumerate(self.statements) if each is statement)

    def plain(self, statement: Statement) -> dict[str, Any] | None:
        """A statement as JSON, with symbols for what is known by a name; None where that is not all, or there are premises."""
        found = plain_statement(statement)
        if found is not None or statement.exists:
            return found
        clauses = self.clauses(statement)
        one = clauses[0] if len(clauses) == 1 else None
        return None if one is None or one.doubt or one.when else dict(one.most)

    @property
    def on(self) -> ResourcePolicyType | None:
        """What is known of policies on that type of resource."""
        return facts.language().resource_policies.get(self.resource_type)

    @property
    def has_variables(self) -> bool | None:
        """Whether `${…}` asks for the value of a key in this version of the language; None where that is not known."""
        version = self.statements.version
        if version is None or isinstance(version, Default):
            return self.statements.origin is None  # a bare list of statements gets its version elsewhere
        if isinstance(version, Known):
            return bool(version.v == "2012-10-17")
        return None


def together(*whens: When) -> When | None:
    """Premises that have to hold at once; None where they can't."""
    both: When | None = ()
    for when in whens:
        both = conjoin(both, when) if both is not None else None
    return both


def fault(
    id_: str,
    statement: Statement | None,
    at: Word | Condition | Principal | Origin | None,
    message: str,
    help_: str = "",
    **more: Any,  # noqa: ANN401 - fields of a Fault
) -> Iterator[Fault]:
    """One fault at a place of a statement, or of all of it where there is none, unless its premises exclude each other."""
    own: When = more.pop("when", ())
    origin: Origin
    if isinstance(at, Word):
        own, origin = together(own, at.when) or (), at.origin
    elif isinstance(at, Condition):
        origin = of_key(at.origin)
    elif isinstance(at, Principal):
        origin = at.value.origin
    elif at is not None:
        origin = at
    elif statement is not None:
        origin = statement.origin
    else:
        raise TypeError("a fault is somewhere")
    when = together(statement.exists if statement is not None else (), own)
    if when is not None:
        yield Fault(id=id_, message=message, origin=origin, help=help_, when=when, statement=statement, **more)


def of_key(origin: Origin) -> Origin:
    """The place of the key, where it is known: what is said of a key is said there, and not at its values."""
    if isinstance(origin, File) and origin.key_span is not None and origin.key_span.doc is origin.span.doc:
        return File(origin.key_span, None, origin.via)
    return origin


def effect(statement: Statement) -> str:
    """Allow or Deny; empty where that is not known."""
    found = statement.effect
    return found.v if isinstance(found, Known) and found.v in {"Allow", "Deny"} else ""


def listed(texts: Iterable[str], most: int = 3) -> str:
    """Some texts in code marks, and how many more there are."""
    every = [f"`{text}`" for text in dict.fromkeys(texts)]
    if len(every) > most + 1:
        return f"{', '.join(every[:most])} and {len(every) - most} more"
    return " and ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def is_wild(text: str) -> bool:
    """Whether a text holds a wildcard, escapes of policy variables aside."""
    if "${" in text:
        text = text.replace("${*}", "").replace("${?}", "")
    return "*" in text or "?" in text


def may_meet(left: str, right: str) -> bool:
    """Whether one text fits both patterns (`*` any text, `?` one character)."""
    if not is_wild(left):
        return facts.fits(right, left)
    if not is_wild(right):
        return facts.fits(left, right)
    start, stop = _alike(left, right), _alike(left[::-1], right[::-1])
    if start is None or stop is None:
        return False
    # Patterns that share their begin and end up to a wildcard: the rest tells, of which a wildcard alone takes everything in.
    left, right = left[start : len(left) - stop], right[start : len(right) - stop]
    if "*" in (left, right):
        return True
    if len(left) * len(right) > 40_000:
        return True
    row = [True] + [False] * len(right)
    for at, char in enumerate(right):
        row[at + 1] = row[at] and char == "*"
    for mine in left:
        before, row = row, [row[0] and mine == "*"] + [False] * len(right)
        for at, char in enumerate(right):
            if mine == "*" or char == "*":
                row[at + 1] = before[at + 1] or row[at]
            else:
                row[at + 1] = before[at] and (mine == char or "?" in (mine, char))
    return row[-1]


def _alike(left: str, right: str) -> int | None:
    """How many characters two patterns share before one of them has a wildcard; None where they differ before that."""
    for at, (mine, other) in enumerate(zip(left, right, strict=False)):
        if mine in "*?" or other in "*?":
            return at
        if mine != other:
            return None
    return min(len(left), len(right))
