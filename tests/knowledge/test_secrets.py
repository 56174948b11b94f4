"""Secrets by form, name and randomness; and everything that is none."""

from __future__ import annotations

import random
import re
import string
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.knowledge import secrets
from tests.knowledge.secret_cases import NEGATIVES, POSITIVES, Case
from tests.support import runaway_guard


def test_the_corpus_is_large() -> None:
    assert len(POSITIVES) >= 150
    assert len(NEGATIVES) >= 250
    assert len({(case.name, case.value) for case in NEGATIVES}) == len(NEGATIVES)


@pytest.mark.parametrize("case", POSITIVES, ids=str)
def test_a_secret_is_found(case: Case) -> None:
    hit = secrets.inspect(case.name, case.value)
    assert hit is not None, case
    assert (hit.kind, hit.confidence) == (case.kind, case.confidence)
    assert hit.why.endswith(".")


@pytest.mark.parametrize("case", NEGATIVES, ids=lambda case: case.name)
def test_anything_else_is_not(case: Case) -> None:
    assert secrets.inspect(case.name, case.value) is None, case


@pytest.mark.parametrize("case", POSITIVES, ids=str)
def test_the_secret_is_not_in_the_answer(case: Case) -> None:
    hit = secrets.inspect(case.name, case.value)
    assert hit is not None
    assert len(hit.redacted) <= 80
    shown = hit.redacted + hit.why.removeprefix(case.name)
    assert "!" not in shown  # every generated password ends in one
    if hit.kind == "database-url":
        return
    for run in re.findall(r"[0-9A-Za-z+_-]{16,}", case.value):
        assert not any(run[at : at + 6] in shown for at in range(12, len(run) - 5)), shown


def test_every_form_is_tried_by_a_case() -> None:
    tried = {case.kind for case in POSITIVES}
    untried = {known.kind for known in secrets.formats()} - tried
    # Forms of which only the publisher's documentation was read: they are covered by their patterns alone.
    assert untried <= {
        *(
            "amazon-mws-token",
            "pinecone-key",
            "flutterwave-key",
            "easypost-key",
            "fly-token",
            "cloudflare-key",
            "neon-key",
        ),
        *("confluent-secret", "datadog-key", "honeycomb-key", "asana-token"),
    }


@pytest.mark.parametrize(
    "name",
    [
        *(
            "PASSWORD",
            "DB_PASSWORD",
            "dbPassword",
            "db-password",
            "DBPASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "PASSWORD_PROD",
            "PASSWORD_2",
        ),
        *(
            "SMTP_PASS",
            "DB_PWD",
            "ADMIN_PW",
            "PASSPHRASE",
            "SECRET",
            "SECRETS",
            "CLIENT_SECRET",
            "SECRET_STRING",
            "SECRET_VALUE",
        ),
        *(
            "TOKEN",
            "ACCESS_TOKEN",
            "authToken",
            "AUTH_TOKEN_V2",
            "JWT",
            "BEARER_TOKEN",
            "API_KEY",
            "apiKey",
            "APIKey",
            "APIKEY",
        ),
        *(
            "x-api-key",
            "PRIVATE_KEY",
            "SECRET_KEY",
            "SECRET_KEY_BASE",
            "ENCRYPTION_KEY",
            "SIGNING_KEY",
            "ACCESS_KEY",
            "STRIPE_KEY",
        ),
        *(
            "OPENAI_API_KEY",
            "CREDENTIAL",
            "DB_CREDENTIALS",
            "DB_CREDS",
            "CONN_STR",
            "CONNECTION_STRING",
            "ConnectionString",
        ),
        *(
            "SQL_CONNECTION_STRING",
            "MSSQL_CONN_STR",
            "clientSecret",
            "botToken",
            "HMAC_KEY",
            "WEBHOOK_SECRET",
            "ssh_key",
        ),
        *(
            "SLACK_WEBHOOK_URL",
            "slackWebhook",
            "SlackIncomingWebHookURL",
            "DISCORD_HOOK",
            "teams_alerts_webhook_url_prod",
        ),
    ],
)
def test_names_that_say_secret(name: str) -> None:
    assert secrets.names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "TOKEN_URL",
            "SECRET_ARN",
            "SECRET_NAME",
            "PASSWORD_LENGTH",
            "KEY_ID",
            "TOKEN_TTL",
            "PUBLIC_KEY",
            "PARTITION_KEY",
        ),
        *(
            "S3_KEY",
            "KEYSPACE",
            "SECRET_ID",
            "SECRETS_MANAGER_ENDPOINT",
            "ACCESS_KEY_ID",
            "AWS_ACCESS_KEY_ID",
            "KMS_KEY_ARN",
        ),
        *(
            "API_KEY_HEADER",
            "API_KEY_PARAM",
            "KEY",
            "KEYS",
            "SORT_KEY",
            "OBJECT_KEY",
            "CACHE_KEY",
            "MAX_TOKENS",
            "NUM_TOKENS",
        ),
        *(
            "NEXT_TOKEN",
            "CSRF_TOKEN",
            "ENABLE_PASSWORD",
            "REQUIRE_SECRET",
            "HAS_TOKEN",
            "PASSWORD_POLICY",
            "TOKENIZER",
            "PASS",
        ),
        *(
            "BYPASS",
            "COMPASS",
            "PWD",
            "OLDPWD",
            "SECRETARY",
            "MONKEY",
            "TURKEY",
            "KEYBOARD",
            "TABLE_NAME",
            "",
            "_",
            "123",
        ),
        *(
            "RECAPTCHA_SITE_KEY",
            "STRIPE_PUBLISHABLE_KEY",
            "TOKEN_ISSUER",
            "JWT_AUDIENCE",
            "SECRET_ROTATION_DAYS",
            "AUTH",
        ),
        *(
            "DB_SECRET_ARN",
            "CREDENTIALS_FILE",
            "PASSWORD_FILE",
            "TOKEN_PATH",
            "SECRET_VERSION",
            "KEY_PREFIX",
            "REDIS_KEY",
        ),
        *(
            "WEBHOOK_URL",
            "GITHUB_WEBHOOK_URL",
            "SLACK_URL",
            "SLACK_WEBHOOK_URL_PARAMETER",
            "SLACK_WEBHOOK_CHANNEL",
            "ENABLE_SLACK_WEBHOOK",
        ),
    ],
)
def test_names_that_do_not(name: str) -> None:
    assert not secrets.names_secret(name)


@pytest.mark.parametrize(
    "value",
    [
        "{{resolve:secretsmanager:db:SecretString:password}}",
        "{{resolve:ssm-secure:/db/password:1}}",
        " {{resolve:ssm:/db/password}} ",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
        "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/db",
        "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:1:secret:x",
        "${ssm:/db/password}",
        "${DB_PASSWORD}",
        "vault:secret/db#password",
        "op://vault/item/field",
    ],
)
def test_references(value: str) -> None:
    assert secrets.is_reference(value)


@pytest.mark.parametrize(
    "value", ["", "hunter2", "prefix-${X}", "https://acme.dev", "arn:x", "{{", "$", "pa$$word", "vault"]
)
def test_no_references(value: str) -> None:
    assert not secrets.is_reference(value)


def test_a_wrong_checksum_is_no_token() -> None:
    # A revoked token that its maker published as an example of the checksum, and the same with one letter changed.
    right = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17"
    hit = secrets.inspect("NOTE", right)
    assert hit is not None
    assert hit.kind == "github-token"
    changed = secrets.inspect("NOTE", right.replace("zQ", "zR"))
    assert changed is None or changed.kind != "github-token"
    named = secrets.inspect("GITHUB_TOKEN", right.replace("zQ", "zR"))
    assert named is not None  # the name still says so
    assert named.kind == "secret"


def test_most_random_keys_are_found_without_a_name_and_all_with_one() -> None:
    chooser = random.Random(11)  # noqa: S311
    keys = ["".join(chooser.choice(string.ascii_letters + string.digits) for _ in range(40)) for _ in range(500)]
    assert sum(secrets.inspect("VALUE", key) is not None for key in keys) > 450
    assert sum(secrets.inspect("API_KEY", key) is not None for key in keys) == 500


def test_random_hexadecimal_is_never_a_secret_without_a_name() -> None:
    chooser = random.Random(12)  # noqa: S311
    for size in (12, 32, 40, 64, 128):
        for _ in range(100):
            assert secrets.inspect("VALUE", "".join(chooser.choice("0123456789abcdef") for _ in range(size))) is None


@given(st.text(max_size=60), st.text(max_size=400))
@settings(max_examples=400, deadline=None)
def test_nothing_makes_it_fail(name: str, value: str) -> None:
    hit = secrets.inspect(name, value)
    assert hit is None or hit.redacted != value
    secrets.names_secret(name)
    secrets.is_reference(value)


@given(st.text(alphabet="{}[]\"':;=,@/\\ \n-_.AKIAeyJsk0123456789%$<>", max_size=200))
@settings(max_examples=400, deadline=None)
def test_nothing_of_this_alphabet_makes_it_fail(value: str) -> None:
    secrets.inspect("CONFIG_PASSWORD", value)


@pytest.mark.parametrize("known", secrets.formats(), ids=lambda known: f"{known.kind}-{known.pattern[:12]}")
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_match_of_a_form_has_one_of_its_hints(known: secrets.Format, data: st.DataObject) -> None:
    token = data.draw(st.from_regex(known.pattern, fullmatch=True, alphabet=st.characters(max_codepoint=126)))
    assert any(hint in token for hint in known.hints)


@pytest.mark.parametrize(
    "value",
    [
        "a" * 1_000_000,
        "A1b" * 400_000,
        "/" * 200_000,
        "x." * 100_000,
        "{" * 100_000,
        '{"a":' * 5_000,
        "=;" * 100_000,
        "password=" * 20_000,
        "-" * 200_000,
        "://:" * 50_000,
        "eyJ" * 50_000,
        "A:" * 50_000 + "@",
    ],
)
def test_long_values_take_no_time(value: str) -> None:
    with runaway_guard():
        secrets.inspect("DB_PASSWORD", value)


def test_provenance_is_dated() -> None:
    assert secrets.provenance().as_of > date(2026, 1, 1)
