"""How policies of several kinds decide together: AWS's documented cases, and random ones against the independent evaluator."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.iam.sets.access import Access, by_itself, weight
from stockade.iam.sets.clauses import Clauses, concrete, of_document
from stockade.iam.sets.compile import WAYS, keys_with_many
from stockade.iam.sets.formulas import Match
from stockade.iam.sets.globs import language
from stockade.iam.sets.literals import ACTION, PRINCIPAL, RESOURCE, among
from stockade.iam.sets.questions import Proved, Refuted, Setting, Unknown, nothing, within
from stockade.iam.sets.requests import Request, is_allowed
from tests.iam.sets.policies import document, documents, request, statements

ROLE = "arn:aws:iam::111122223333:role/worker"
SESSION = "arn:aws:sts::111122223333:assumed-role/worker/one"
USER = "arn:aws:iam::111122223333:user/ann"
ROOT = "arn:aws:iam::111122223333:root"
STRANGER = "arn:aws:iam::444455556666:user/bob"
ASKED = {"Action": "s3:GetObject", "Resource": "*"}


def read(clauses: Clauses) -> Any:
    return concrete(clauses, lambda name: name, lambda _: True, most=True)


def policy(*entries: dict[str, Any]) -> Clauses:
    return of_document(document(list(entries)), "p")


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", **ASKED, **more}


def deny(**more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", **ASKED, **more}


def to(name: str, kind: str = "AWS") -> Clauses:
    """A resource's policy that allows it to somebody."""
    return policy(allow(Principal={kind: name} if name != "*" else "*"))


YES, NONE, NO = policy(allow()), policy(allow(Action="sqs:*")), policy(allow(), deny())
SERVICE = "Service|lambda.amazonaws.com"

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
CASES: list[tuple[str, Access, str, bool]] = [
    ("nothing allows", Access(), SESSION, False),
    ("an identity policy allows", Access(identity=YES), SESSION, True),
    ("a deny comes before every allow", Access(identity=NO), SESSION, False),
    ("of something else", Access(identity=NONE), SESSION, False),
    ("a boundary gives nothing", Access(boundary=YES), SESSION, False),
    ("within the boundary", Access(identity=YES, boundary=YES), SESSION, True),
    ("beyond the boundary", Access(identity=YES, boundary=NONE), SESSION, False),
    ("an empty boundary", Access(identity=YES, boundary=()), SESSION, False),
    ("a deny in the boundary", Access(identity=YES, boundary=NO), SESSION, False),
    ("within the session", Access(identity=YES, session=YES), SESSION, True),
    ("beyond the session", Access(identity=YES, session=NONE), SESSION, False),
    ("each level of control policies", Access(identity=YES, control=(YES, YES)), SESSION, True),
    ("one level without it", Access(identity=YES, control=(YES, NONE)), SESSION, False),
    ("a control policy gives nothing", Access(control=(YES,)), SESSION, False),
    ("resource control policies", Access(identity=YES, resource_control=(YES,)), SESSION, True),
    ("resource control policies that deny", Access(identity=YES, resource_control=(NO,)), SESSION, False),
    (
        "control policies limit what a resource's policy gives",
        Access(resource=to(SESSION), control=(NONE,)),
        SESSION,
        False,
    ),
    ("either is enough within the account", Access(resource=to(ROLE)), SESSION, True),
    ("also the identity policy alone", Access(identity=YES, resource=NONE), SESSION, True),
    ("a resource's deny", Access(identity=YES, resource=policy(deny(Principal="*"))), SESSION, False),
    ("a deny of somebody else", Access(identity=YES, resource=policy(deny(Principal={"AWS": USER}))), SESSION, True),
    (
        "a deny of all but the role",
        Access(identity=YES, resource=policy(deny(NotPrincipal={"AWS": ROLE}))),
        SESSION,
        True,
    ),
    (
        "a deny of all but another",
        Access(identity=YES, resource=policy(deny(NotPrincipal={"AWS": USER}))),
        SESSION,
        False,
    ),
    (
        "a deny of all but the role, which has a boundary",
        Access(identity=YES, boundary=YES, resource=policy(deny(NotPrincipal={"AWS": ROLE}))),
        SESSION,
        False,
    ),
    ("the account hands it on", Access(resource=to(ROOT)), SESSION, False),
    ("by its number", Access(resource=to("111122223333")), SESSION, False),
    ("a role's grant is limited by its boundary", Access(resource=to(ROLE), boundary=NONE), SESSION, False),
    ("and by its session", Access(resource=to(ROLE), session=NONE), SESSION, False),
    ("a session's grant is not", Access(resource=to(SESSION), boundary=NONE, session=NONE), SESSION, True),
    ("nor is one of everybody", Access(resource=to("*"), boundary=NONE), SESSION, True),
    ("nor one of a user", Access(resource=to(USER), boundary=NONE, caller="user"), USER, True),
    ("but a deny is", Access(resource=to(SESSION), boundary=NO), SESSION, False),
    ("another session", Access(resource=to(SESSION.replace("one", "two"))), SESSION, False),
    ("another role", Access(resource=to(ROLE.replace("worker", "other"))), SESSION, False),
    ("a role with a path", Access(resource=to(ROLE.replace("/worker", "/a/b/worker"))), SESSION, True),
    ("a service", Access(resource=to("lambda.amazonaws.com", "Service"), caller="service"), SERVICE, True),
    ("another service", Access(resource=to("sns.amazonaws.com", "Service"), caller="service"), SERVICE, False),
    (
        "across accounts the resource has to agree",
        Access(identity=YES, other_account=True, resource=()),
        STRANGER,
        False,
    ),
    ("and the identity", Access(other_account=True, resource=to(STRANGER), caller="user"), STRANGER, False),
    ("both do", Access(identity=YES, other_account=True, resource=to(STRANGER)), STRANGER, True),
    ("by the account", Access(identity=YES, other_account=True, resource=to("444455556666")), STRANGER, True),
    ("of another account", Access(identity=YES, other_account=True, resource=to("777788889999")), STRANGER, False),
    (
        "within the boundary there",
        Access(identity=YES, boundary=NONE, other_account=True, resource=to("*")),
        STRANGER,
        False,
    ),
    ("a key's policy decides", Access(identity=YES, resource=(), resource_decides=True), SESSION, False),
    ("it leaves it to the account", Access(identity=YES, resource=to(ROOT), resource_decides=True), SESSION, True),
    ("which then has to give it", Access(resource=to(ROOT), resource_decides=True), SESSION, False),
    ("or it names the role", Access(resource=to(ROLE), resource_decides=True), SESSION, True),
    ("within its boundary", Access(resource=to(ROLE), boundary=NONE, resource_decides=True), SESSION, False),
]


def one(asked: Request) -> Setting:
    """A setting about one request alone."""
    texts = ((ACTION, asked.action.lower()), (RESOURCE, asked.resource), (PRINCIPAL, asked.principal))
    return Setting(given=Match(tuple(among(part, language((text,))) for part, text in texts)))


@pytest.mark.parametrize(
    ("access", "principal", "allowed"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_documented_cases(access: Access, principal: str, allowed: bool) -> None:  # noqa: FBT001
    asked = Request("s3:GetObject", "arn:aws:s3:::a/x", principal if "|" in principal else f"AWS|{principal}", {})
    assert is_allowed(access, asked, read) is allowed
    answer = nothing(access, one(asked))
    assert isinstance(answer, Refuted if allowed else Proved), answer


@pytest.mark.parametrize(
    ("kind", "name", "caller", "gives"),
    [
        ("AWS", ROLE, "role", "limited"),
        ("AWS", SESSION, "role", "direct"),
        ("AWS", "arn:aws:sts::111122223333:federated-user/x", "federated-user", "direct"),
        ("AWS", USER, "user", "direct"),
        ("AWS", USER, "federated-user", "limited"),
        ("AWS", ROOT, "role", "handed on"),
        ("AWS", "arn:aws-cn:iam::111122223333:root", "user", "handed on"),
        ("AWS", "111122223333", "role", "handed on"),
        ("AWS", "*", "role", "direct"),
        ("Service", "sns.amazonaws.com", "service", "direct"),
    ],
)
def test_what_naming_somebody_gives(kind: str, name: str, caller: Any, gives: str) -> None:
    assert weight(kind, name, caller) == gives


WHO = [f"AWS|{SESSION}", f"AWS|{USER}", f"AWS|{STRANGER}", SERVICE]
NAMED: list[Any] = [
    *("*", {"AWS": ROLE}, {"AWS": [SESSION, USER]}, {"AWS": ROOT}, {"AWS": "444455556666"}),
    *({"Service": "lambda.amazonaws.com"}, {"AWS": "*"}, {"AWS": ROLE, "Service": "sns.amazonaws.com"}),
]


@st.composite
def guards(draw: st.DrawFn) -> Clauses:
    """A resource's policy."""
    found = draw(st.lists(statements(), max_size=3))
    for each in found:
        each[draw(st.sampled_from(["Principal", "Principal", "NotPrincipal"]))] = draw(st.sampled_from(NAMED))
        if "NotPrincipal" in each and each["NotPrincipal"] == "*":
            each["NotPrincipal"] = {"AWS": "*"}
    return policy(*found)


@st.composite
def accesses(draw: st.DrawFn) -> Access:
    clauses = documents.map(lambda made: of_document(made, "p"))
    levels = st.lists(clauses, max_size=1).map(tuple)
    return Access(
        identity=draw(clauses),
        boundary=draw(st.none() | clauses),
        session=draw(st.none() | st.none() | clauses),
        control=draw(levels),
        resource_control=draw(levels),
        resource=draw(st.none() | guards()),
        caller=draw(st.sampled_from(["role", "user", "service"])),
        other_account=draw(st.booleans()),
        resource_decides=draw(st.booleans()),
    )


def _all(access: Access) -> list[dict[str, Any]]:
    return [document([dict(clause.most)]) for clause in access.every()]


@given(accesses(), accesses(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_proved_of_several_policies_holds_of_every_request(new: Access, old: Access, seed: int) -> None:
    many = keys_with_many([*_all(new), *_all(old)])
    for left, right in ((new, old), (new, Access(identity=new.identity, resource=new.resource, caller=new.caller))):
        answer = within(left, right)
        if isinstance(answer, Proved):
            chance = random.Random(seed)  # noqa: S311 - requests for a test
            for _ in range(40):
                made = request(chance, many)
                asked = Request(made.action, made.resource, chance.choice(WHO), made.keys)
                for way in WAYS:
                    allowed = is_allowed(left, asked, read, flat=way.flat, whole=way.whole)
                    assert not allowed or is_allowed(right, asked, read, flat=way.flat, whole=way.whole), asked
        elif isinstance(answer, Refuted):
            says = [
                [is_allowed(each, answer.witness, read, flat=way.flat, whole=way.whole) for each in (left, right)]
                for way in WAYS
            ]
            assert [True, False] in says
        else:
            assert isinstance(answer, Unknown)
            assert answer.reason.startswith("it depends on")


ANYBODY = {"Principal": "*"}
ACCOUNT, WHOLE, ONE = {"Principal": {"AWS": "111122223333"}}, {"Principal": {"AWS": ROOT}}, {"Principal": {"AWS": ROLE}}
NOT_ONE = deny(Principal={"AWS": ROLE})


@pytest.mark.parametrize(
    ("new", "old", "within_it"),
    [
        ([WHOLE], [WHOLE], True),
        ([ACCOUNT], [WHOLE], False),  # which names one partition
        ([WHOLE], [ACCOUNT], True),
        # The role needs no policy of its own where it is named, and needs one where the account is.
        ([ONE], [WHOLE], False),
        ([WHOLE, ONE], [WHOLE], False),
        ([WHOLE], [ONE], False),
        ([WHOLE], [WHOLE, ONE], True),
        ([ONE], [ANYBODY], True),
        ([WHOLE], [ANYBODY], True),
        ([ANYBODY], [WHOLE, ONE], False),
        ([{"Principal": {"AWS": [ROOT, ROLE]}}], [WHOLE, ONE], True),
        ([{"Principal": {"AWS": [ROOT, ROLE]}}], [WHOLE], False),
        ([WHOLE, ONE, NOT_ONE], [WHOLE], True),
        ([{"Principal": {"Service": "s3.amazonaws.com"}}], [WHOLE], False),
    ],
)
def test_who_is_named_with_the_account_and_who_by_itself(
    new: list[dict[str, Any]],
    old: list[dict[str, Any]],
    within_it: bool,  # noqa: FBT001
) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"""
    more, less = (by_itself(policy(*(allow() | each for each in entries))) for entries in (new, old))
    answer = within(more, less)
    assert isinstance(answer, Proved if within_it else Refuted)
    if isinstance(answer, Refuted) and old == [WHOLE] and new == [ONE]:
        assert answer.when == ("the caller is in the resource's account, and its own policies do not allow it",)
        assert [clause.most for clause in answer.statements["new"]] == [allow(**ONE)]
        assert answer.statements["old"] == ()
