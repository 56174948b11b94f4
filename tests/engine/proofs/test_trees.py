"""Whether one tree gives more access than another: folders, templates, revisions of git, across formats."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.proofs.proof import Proof
from stockade.errors import NothingToScan, UsageError
from tests.iam.sets.templates import ROLE, STAGE, put, who_may

EXAMPLES = Path(__file__).parents[3] / "examples"
GET = "{Effect: Allow, Action: 's3:GetObject', Resource: %s}"
ALL = GET % "'*'"


def compared(folder: Path, old: str = "old", new: str = "new") -> Proof:
    return api.no_new_access(str(folder / old), str(folder / new))


def more(proof: Proof) -> list[str]:
    """What is so of a tree that should not be."""
    return [item.otherwise for item in proof.items if item.verdict == "refuted"]


BUCKET = "B:\n  Type: AWS::S3::Bucket\n"
DENIES = """\
P:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: !Ref B
    PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, Principal: '*', Action: %s, Resource: '*'}]}
"""
LETS = DENIES.replace("Deny", "Allow").replace("'*', Action", "{AWS: %s}, Action") % ("%s", "'s3:GetObject'")
LOOSE = ROLE.replace("lambda.amazonaws.com", "states.amazonaws.com")
ADMIN = "    ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n"
ALIAS = "Al:\n  Type: AWS::Lambda::Alias\n  Properties: {FunctionName: !Ref F, FunctionVersion: '1', Name: live}\n"
PERMISSION = """\
Perm:
  Type: AWS::Lambda::Permission
  Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref %s, Principal: '111122223333'%s}
"""
CASES: list[tuple[str, dict[str, str], dict[str, str], list[str]]] = [
    ("the same", {"own": ALL}, {"own": ALL}, []),
    ("less", {"own": ALL}, {"own": GET % "'arn:aws:s3:::a/*'"}, []),
    ("more", {"own": GET % "'arn:aws:s3:::a/*'"}, {"own": ALL}, ["F allows more than before"]),
    (
        "a new function",
        {"name": "G"},
        {"own": ALL},
        ["F allows more than before", "the trust of F's role allows more than before"],
    ),
    ("a role of nobody", {"resources": LOOSE}, {"resources": LOOSE + ADMIN}, ["R allows more than before"]),
    ("a trust", {"resources": ROLE}, {"resources": LOOSE}, ["the trust of R allows more than before"]),
    (
        "a resource's policy",
        {"resources": BUCKET + LETS % "'111122223333'"},
        {"resources": BUCKET + LETS % "'*'"},
        ["the policy of B allows more than before"],
    ),
    (
        "a deny that is gone",
        {"resources": BUCKET + DENIES % "'s3:*'"},
        {"resources": BUCKET},
        ["the policy of B denies less than before"],
    ),
    (
        "a deny of less",
        {"resources": BUCKET + DENIES % "'s3:*'"},
        {"resources": BUCKET + DENIES % "'s3:Get*'"},
        ["the policy of B denies less than before"],
    ),
    ("a deny of more", {"resources": BUCKET + DENIES % "'s3:Get*'"}, {"resources": BUCKET + DENIES % "'s3:*'"}, []),
    ("a deny of what is gone too", {"resources": BUCKET + DENIES % "'s3:*'"}, {}, []),
    (
        "a permission behind an alias",
        {"resources": ALIAS + PERMISSION % ("Al", "")},
        {"resources": ALIAS + PERMISSION % ("F", "")},
        ["the policy of F allows more than before"],
    ),
    (
        "a permission for calls by URL alone",
        {"resources": PERMISSION % ("F", ", InvokedViaFunctionUrl: true")},
        {"resources": PERMISSION % ("F", "")},
        ["the policy of F allows more than before"],
    ),
    (
        "a premise that is gone",
        {"own": f"!If [IsProd, {ALL}, !Ref 'AWS::NoValue']", "head": STAGE},
        {"own": ALL, "head": STAGE},
        ["F allows more than before"],
    ),
    (
        "a condition that says something else",
        {"own": f"!If [IsProd, {ALL}, !Ref 'AWS::NoValue']", "head": STAGE},
        {"own": f"!If [IsProd, {ALL}, !Ref 'AWS::NoValue']", "head": STAGE.replace("prod]", "dev]")},
        ["F allows more than before"],
    ),
]


def written(folder: Path, own: str = "", **how: str) -> None:
    put(folder, *([own] if own else []), **how)


@pytest.mark.parametrize(("old", "new", "says"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_new(tmp_path: Path, old: dict[str, str], new: dict[str, str], says: list[str]) -> None:
    written(tmp_path / "old", **old)
    written(tmp_path / "new", **new)
    proof = compared(tmp_path)
    assert more(proof) == says
    assert proof.verdict == ("refuted" if says else "proved")
    assert api.no_new_access(str(tmp_path / "new"), str(tmp_path / "new")).verdict == "proved"
    for item in proof.items:
        assert item.verdict != "refuted" or item.example is not None


def test_what_is_not_known_is_not_the_same_because_it_stands_at_the_same_place(tmp_path: Path) -> None:
    head = "Parameters:\n  A: {Type: CommaDelimitedList}\n  B: {Type: CommaDelimitedList}\n"
    for name, parameter in (("old", "A"), ("new", "B")):
        put(tmp_path / name, GET % f"!Join [',', !Ref {parameter}]", head=head)
    assert compared(tmp_path).verdict == "unknown"
    assert compared(tmp_path, "old", "old").verdict == "proved"


def test_what_can_not_be_read_any_more_may_be_anything(tmp_path: Path) -> None:
    put(tmp_path / "old", ALL)
    put(tmp_path / "new", ALL)
    file = tmp_path / "new/template.yaml"
    file.write_text(file.read_text() + "   bad: [\n")
    proof = compared(tmp_path)
    assert proof.verdict == "unknown"
    assert "what could not be read of" in proof.items[-1].question
    assert compared(tmp_path, "new", "new").verdict == "proved"  # both are the same, whatever they are
    assert who_may(tmp_path / "new", "s3:GetObject").verdict == "unknown"
    put(tmp_path / "new", at="other.yaml", name="G")
    one = api.can(f"{tmp_path}/new#G", "s3:GetObject")
    assert one.verdict == "proved"
    assert any(each.startswith("what could not be read gives it nothing: ") for each in one.assumes)


def test_templates_and_folders(tmp_path: Path) -> None:
    put(tmp_path / "old", ALL)
    put(tmp_path / "new", ALL)
    assert compared(tmp_path, "old/template.yaml", "new/template.yaml").verdict == "proved"
    assert compared(tmp_path, "old", "new/template.yaml").verdict == "proved"
    assert compared(tmp_path, "old#F", "new#F").verdict == "proved"
    with pytest.raises(UsageError):
        compared(tmp_path, "old", "new#F")


def test_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    with pytest.raises(NothingToScan):
        compared(tmp_path)
    put(tmp_path / "old", ALL)
    proof = compared(tmp_path)
    assert (proof.verdict, proof.items) == ("proved", ())
    assert "declares nobody who may do anything" in proof.why
    assert compared(tmp_path, "new", "old").verdict == "refuted"


@pytest.mark.parametrize("name", ["orders", "orders-serverless", "orders-terraform"])
def test_an_example_allows_nothing_beyond_itself(name: str) -> None:
    proof = api.no_new_access(str(EXAMPLES / name), str(EXAMPLES / name))
    assert proof.verdict == "proved"
    assert len(proof.items) > 30


def test_across_formats() -> None:
    proof = api.no_new_access(str(EXAMPLES / "orders"), str(EXAMPLES / "orders-terraform"))
    by_verdict: dict[str, int] = {}
    for item in proof.items:
        by_verdict[item.verdict] = by_verdict.get(item.verdict, 0) + 1
    assert by_verdict.get("proved", 0) > 25
    assert any(each.endswith("of one is that of the other, and both are in eu-west-1") for each in proof.assumes)
    assert not any("it was not there before" in item.why for item in proof.items if " trust " not in item.question)


# ------------------------------------------------------------------------------------------------------------------ git


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, and a folder of it that people outside of ASCII named."""
    git(tmp_path, "init", "-q", "-b", "main")
    put(tmp_path / "a pp ü", ALL)
    (tmp_path / "link").symlink_to("/etc")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, input=given, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_a_revision_against_what_is_there(repository: Path) -> None:
    assert api.no_new_access("git:HEAD", ".").verdict == "proved"
    put(repository / "a pp ü", ALL, "{Effect: Allow, Action: 's3:PutObject', Resource: '*'}")
    for old, new in (
        ("git:HEAD", "."),
        ("git:main:a pp ü", "a pp ü"),
        ("git:HEAD:a pp ü/template.yaml", "a pp ü/template.yaml"),
        ("git:HEAD:a pp ü#F", "a pp ü#F"),
    ):
        proof = api.no_new_access(old, new)
        assert proof.verdict == "refuted", (old, new)
        assert proof.otherwise == f"{new} allows what {old} does not"
    git(repository, "commit", "-q", "-a", "-m", "two")
    assert api.no_new_access("git:HEAD~1", "git:HEAD").verdict == "refuted"
    assert api.no_new_access("git:HEAD", "git:HEAD~1").verdict == "proved"
    (item,) = (each for each in api.no_new_access("git:HEAD~1", "git:HEAD").items if each.verdict == "refuted")
    assert str(item.parts[0].statement.at) == "a pp ü/template.yaml:13"


def test_revisions_are_relative_to_the_folder(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "a pp ü")
    assert api.no_new_access("git:HEAD", ".").items
    assert api.no_new_access("git:HEAD:template.yaml", "template.yaml").items


def test_links_and_submodules_are_left_out(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    git(repository, "commit", "-q", "-m", "two")
    proof = api.no_new_access("git:HEAD~1", "git:HEAD")
    assert (proof.verdict, len(proof.items)) == ("proved", 2)


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("git:none", "git could not read the revision"),
        ("git:HEAD:none", "there is no `none` in the revision `HEAD`"),
        ("git:HEAD:../x", "is no revision with a path inside of it"),
        ("git:HEAD:/etc", "is no revision with a path inside of it"),
        ("git:--output=x", "is no revision with a path inside of it"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_mistakes(place: str, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        api.no_new_access(place, ".")
    assert says in raised.value.message
    assert raised.value.hint


def test_no_repository_and_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="not a git repository"):
        api.no_new_access("git:HEAD", ".")
    git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match="git could not read the revision"):
        api.no_new_access("git:HEAD", ".")


def test_a_revision_writes_nothing_outside_of_its_folder(repository: Path) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", given=b"x")
    entry = b"100644 ..\0" + bytes.fromhex(blob)
    inner = git(repository, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=entry)
    outer = b"40000 ..\0" + bytes.fromhex(inner)
    tree = git(repository, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=outer)
    with pytest.raises(UsageError, match="which is outside of it"):
        api.no_new_access(f"git:{tree}", ".")
