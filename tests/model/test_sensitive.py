from __future__ import annotations

import json
from typing import Any

import pytest

from stockade.model.app import Variable
from stockade.model.sensitive import internal_place, is_secret_input, plain_secrets, resolves_secret, takes_secret
from stockade.model.value import Doubt, Hole, Known, ServiceDefault, Text, Unknown, Value
from tests.rules.support import app_of

HERE = ServiceDefault("test")


def known(text: str) -> Value[str]:
    return Known(v=text, origin=HERE)


def text_of(*parts: Any) -> Value[str]:
    return Text(parts=tuple(Hole(p[1:], Doubt("x")) if p.startswith("$") else p for p in parts), origin=HERE)


def test_parameters_are_variables_of_the_model() -> None:
    parameters = {"Token": {"Type": "String", "NoEcho": "true"}, "Stage": {"Type": "String", "Default": "dev"}}
    app = app_of(json.dumps({"Parameters": parameters, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}))
    token, stage = app.of(Variable)
    assert (token.address, stage.address) == ("Token", "Stage")
    assert token.hidden.is_true().is_yes
    assert stage.hidden.is_true().is_no
    assert stage.default.is_("dev").is_yes
    assert token.default.is_set().is_no


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ApiToken", True),
        ("ClientSecret", True),
        ("OAUTH_CLIENT_SECRET", True),
        ("app_secret", True),
        ("jwt-secret", True),
        ("SESSION_SECRET", True),
        ("WebhookSecret", True),
        ("DbSecret", False),
        ("DB_SECRET", False),
        ("SECRET", False),
        ("Credentials", False),
        ("GOOGLE_APPLICATION_CREDENTIALS", False),
        ("SecretArn", False),
        ("CLIENT_SECRET_NAME", False),
        ("SLACK_WEBHOOK_URL", True),
        ("SLACK_WEBHOOK_URL_PARAMETER", False),
    ],
)
def test_takes_secret(name: str, expected: bool) -> None:  # noqa: FBT001
    assert takes_secret(name) is expected


def test_inputs_by_name() -> None:
    assert is_secret_input(text_of("$ApiToken")).is_yes
    assert is_secret_input(text_of("Bearer ", "$ApiToken")).is_yes
    assert is_secret_input(text_of("$Stage")).is_no
    assert is_secret_input(text_of("$file(config.${opt:stage}.yml):oauth.CLIENT_SECRET")).is_yes
    assert is_secret_input(text_of("$file(client-secret.yml):oauth.CLIENT_ID")).is_no
    assert is_secret_input(Unknown(doubt=Doubt("x"), origin=HERE)).is_no


def test_a_partly_known_text_is_only_judged_by_its_form() -> None:
    assert not list(plain_secrets("PASSWORD", text_of("abc", "$Suffix")))
    assert list(plain_secrets("URL", text_of("postgres://a:Tk4-vW9q.zR2m@", "$Host", "/b")))
    assert not list(plain_secrets("URL", text_of("postgres://a:", "$Password", "@host/b")))


def test_where_a_dynamic_reference_leads() -> None:
    assert resolves_secret(text_of("${{resolve:secretsmanager:a:SecretString:password}}")).is_yes
    assert resolves_secret(text_of("${{resolve:secretsmanager:a:SecretString:username}}")).is_no
    assert resolves_secret(known("resolve:secretsmanager:a")).is_no


def test_internal_places_say_what_they_are() -> None:
    assert internal_place(known("10.0.0.1"))[1] == "a private address"
    assert internal_place(text_of("$Name", ".prod.internal"))[0].is_no  # the host's own label is not known
    assert internal_place(known("a.prod.internal"))[1] == "the name of an internal host"
    assert internal_place(known("999.1.1.1"))[0].is_no
