"""What variables stand for; how they are written is in test_syntax."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.inputs.given import Variables
from stockade.inputs.load import load
from stockade.model.value import Known, Text
from tests.inputs.serverless.support import HEAD, app_of, function_of, shown


def value_of(folder: Path, written: str, more: str = "", files: dict[str, str] | None = None, **given: object) -> str:
    """What a variable in a function's environment is."""
    function = f"functions:\n  f:\n    handler: a.b\n    environment:\n      X: {written}\n"
    app = app_of(folder, HEAD + function + more, files, Variables(**given) if given else None)  # type: ignore[arg-type]
    return shown(app, "X")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("${self:custom.a}", "one"),
        ("${self:custom.map.${self:custom.a}}", "inner"),
        ("${self:custom.list.1}", "b"),
        ("${self:custom.none, 'fallback'}", "fallback"),
        ("${self:custom.none, self:custom.a}", "one"),
        ('${self:custom.none, "double, quoted }"}', "double, quoted }"),
        ("${self:custom.none, ${self:custom.a}}", "one"),
        ("x-${self:custom.a}-${sls:stage}-y", "x-one-dev-y"),
        ("${self:service}-${self:provider.stage}", "shop-dev"),
        ("${aws:region}", "us-east-1"),
        ("${opt:stage, 'test'}", "test"),
        ("${opt:region, self:custom.a}", "one"),
        ("${param:p}", "by default"),
        ("${env:HOME, 'nobody'}", "nobody"),
        ("${strToBool(1)}", "true"),
        ("${file(sub/x.yml):deep.leaf}", "leaf of shop"),
        ("${file(sub/x.json):n}", "5"),
        ("${file(sub/none.yml):a, 'not there'}", "not there"),
        ("${file(sub/t.txt)}", "plain"),
        ("\\${self:custom.a}", "${self:custom.a}"),
        ("'${AWS::Region}'", "${AWS::Region}"),
        ("'${A.Arn}'", "${A.Arn}"),
        ("${self:custom.number}", "12"),
    ],
)
def test_what_can_be_known_is(tmp_path: Path, written: str, found: str) -> None:
    custom = "custom: {a: one, map: {one: inner}, list: [a, b], number: 12}\nparams: {default: {p: by default}}\n"
    files = {"sub/x.yml": "deep: {leaf: 'leaf of ${self:service}'}\n", "sub/x.json": '{"n": 5}', "sub/t.txt": "plain"}
    assert value_of(tmp_path, written, custom, files) == found


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("${env:PATH}", "environment variable"),
        ("${ssm:/shop/key}", "Parameter Store"),
        ("${ssm:/shop/key, 'not this'}", "Parameter Store"),
        ("${cf:other.Output}", "another stack"),
        ("${s3:bucket/key}", "object in S3"),
        ("${git:sha1}", "working copy"),
        ("${opt:colour}", "option"),
        ("${param:none}", "parameter"),
        ("${vendor:thing}", "plugin"),
        ("${self:custom.none}", "leads to nothing"),
        ("${file(code.js):key}", "computed by a program"),
        ("${self:custom.list}${self:custom.list}", "no text"),
    ],
)
def test_what_only_a_deployment_knows_is_unknown_with_the_reason(tmp_path: Path, written: str, word: str) -> None:
    custom = "custom: {list: [a, b]}\n"
    function = f'functions:\n  f:\n    handler: a.b\n    environment:\n      X: "a-{written}"\n'
    app = app_of(tmp_path, HEAD + function + custom, {"code.js": "module.exports = {key: made()}\n"})
    value = next(iter(function_of(app).environment)).value
    assert isinstance(value, Text)
    assert not isinstance(value, Known)
    answer = value.is_("a-1")
    assert answer.truth == "maybe"
    assert any(word in doubt.why for doubt in answer.doubts), [d.why for d in answer.doubts]


def test_the_environment_is_read_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECRET", "from our environment")
    assert "from our" not in value_of(tmp_path, "${env:SHOP_SECRET}")
    assert value_of(tmp_path, "${env:SHOP_SECRET}", whole_environment={"SHOP_SECRET": "given"}) == "given"


def test_dotenv_counts_where_the_service_says_so(tmp_path: Path) -> None:
    files = {".env": "A='one'\nB=two # why\n", ".env.dev": "A=three\n"}
    assert value_of(tmp_path, "${env:A}${env:B}", "useDotenv: true\n", files) == "threetwo"
    assert value_of(tmp_path, "${env:A, 'no'}", "", files) == "no"


def test_the_stage_chooses(tmp_path: Path) -> None:
    custom = "custom: {level: {dev: debug, prod: warn}}\nparams: {prod: {p: hard}, default: {p: soft}}\n"
    assert value_of(tmp_path, "${self:custom.level.${sls:stage}}-${param:p}", custom) == "debug-soft"
    assert value_of(tmp_path, "${self:custom.level.${sls:stage}}-${param:p}", custom, stage="prod") == "warn-hard"
    assert value_of(tmp_path, "${aws:region}", custom, region="eu-north-1") == "eu-north-1"


def test_the_place_of_a_value_is_where_it_is_written(tmp_path: Path) -> None:
    text = HEAD + "functions:\n  f:\n    handler: a.b\n    timeout: ${self:custom.t}\ncustom:\n  t: 9\n"
    origin = function_of(app_of(tmp_path, text)).timeout.origin
    assert getattr(origin, "span", None) is not None
    assert origin.span.line == 10  # type: ignore[union-attr]


def test_pseudo_parameters_of_the_plugin(tmp_path: Path) -> None:
    plugin = "plugins: [serverless-pseudo-parameters]\n"
    app = app_of(
        tmp_path,
        HEAD
        + plugin
        + "functions:\n  f:\n    handler: a.b\n    environment:\n      X: 'q-#{AWS::AccountId}-${self:service}'\n",
    )
    assert shown(app, "X") == "q-${AWS::AccountId}-shop"
    assert isinstance(next(iter(function_of(app).environment)).value, Text)


def test_what_a_composition_gives_its_services(tmp_path: Path) -> None:
    compose = (
        "services:\n  other: {path: other, params: {p: no}}\n"
        "  shop:\n    path: ./shop\n    params: {p: given, q: '${other.queueUrl}'}\n"
    )
    (tmp_path / "serverless-compose.yml").write_text(compose, encoding="utf-8")
    text = HEAD + "functions:\n  f:\n    handler: a.b\n    environment: {P: '${param:p}', Q: '${param:q}'}\n"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "serverless.yml").write_text(text, encoding="utf-8")
    app = load(tmp_path)
    assert shown(app, "P") == "given"
    assert shown(app, "Q") == "${param:q}"


@pytest.mark.parametrize(
    ("provider", "field"),
    [("tracing: ${ssm:/x}", "tracing"), ("vpc: ${ssm:/x}", "subnets"), ("environment: ${ssm:/x}", "environment")],
)
def test_what_is_in_a_hole_is_a_hole(tmp_path: Path, provider: str, field: str) -> None:
    app = app_of(tmp_path, HEAD + f"  {provider}\nfunctions:\n  f: {{handler: a.b}}\n")
    value = getattr(function_of(app), field)
    assert not value.complete if hasattr(value, "complete") else value.is_("Active").truth == "maybe"


COMMON = """\
provider:
  name: aws
  runtime: python3.13
  stage: ${opt:stage, 'dev'}
  memorySize: ${self:custom.common.sizes.${self:provider.stage}}
sizes: {dev: 256, prod: 2048}
"""
MEMBER = """\
service: shop
custom:
  common: ${file(../../common.yml)}
provider: %s
functions:
  f: {handler: a.b, environment: {X: '${self:provider.stage}'}}
"""


@pytest.mark.parametrize(
    "provider",
    [
        "${file(../../common.yml):provider}",
        "${self:custom.common.provider}",
        (
            "{name: '${self:custom.common.provider.name}', stage: '${self:custom.common.provider.stage}', "
            "runtime: '${self:custom.common.provider.runtime}', memorySize: '${self:custom.common.provider.memorySize}'}"
        ),
    ],
)
@pytest.mark.parametrize(("stage", "memory"), [("", 256), ("prod", 2048)])
def test_a_file_that_services_share_names_itself_by_the_path_that_they_give_it(
    tmp_path: Path, provider: str, stage: str, memory: int
) -> None:
    (tmp_path / "services/shop").mkdir(parents=True)
    (tmp_path / "common.yml").write_text(COMMON, encoding="utf-8")
    (tmp_path / "services/shop/serverless.yml").write_text(MEMBER % provider, encoding="utf-8")
    app = load(tmp_path, variables=Variables(stage=stage))
    assert not app.gaps, [gap.why for gap in app.gaps]
    assert function_of(app).memory.is_(memory).is_yes
    assert shown(app, "X") == (stage or "dev")


def test_what_really_leads_back_to_itself_is_told(tmp_path: Path) -> None:
    custom = "custom: {a: '${self:custom.b.x}', b: '${self:custom.c}', c: '${self:custom.b}'}\n"
    app = app_of(tmp_path, HEAD + "functions:\n  f: {handler: a.b, timeout: '${self:custom.a}'}\n" + custom)
    assert any("leads back to itself" in gap.why for gap in app.gaps)


def test_another_cloud_is_told_also_where_a_file_names_it(tmp_path: Path) -> None:
    text = "service: shop\nprovider: ${file(p.yml)}\nfunctions:\n  f: {handler: a.b}\n"
    app = app_of(tmp_path, text, {"p.yml": "name: azure\n"})
    assert not list(app.functions)
    assert [gap.why for gap in app.gaps] == ["the service is deployed to `azure`, not to AWS"]


def test_an_option_does_not_change_the_stage_that_is_written(tmp_path: Path) -> None:
    environment = (
        "environment: {A: '${self:provider.stage}', B: '${sls:stage}', C: '${opt:stage, self:provider.stage}'}"
    )
    text = HEAD + f"  stage: dev\nfunctions:\n  f:\n    handler: a.b\n    {environment}\n"
    app = app_of(tmp_path, text, variables=Variables(stage="prod"))
    assert [shown(app, name) for name in "ABC"] == ["dev", "prod", "prod"]


def test_what_a_path_depends_on_is_not_what_stands_there(tmp_path: Path) -> None:
    written = "${file(${self:provider.stage}.yml):secret}"
    text = HEAD + "  stage: ${opt:stage}\n" + f"functions: {{f: {{handler: a.b, environment: {{X: '{written}'}}}}}}\n"
    assert shown(app_of(tmp_path, text), "X") == written
