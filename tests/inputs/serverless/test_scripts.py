"""Services of which the configuration is a program, from the files to findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.errors import FixError, NothingToScan
from stockade.inputs.given import Variables
from stockade.inputs.load import load
from stockade.inputs.write import edits_for
from stockade.model.app import App
from stockade.model.intent import Set
from stockade.model.value import File
from tests.inputs.serverless.programs import lay_out
from tests.support import fails, scan_text

SERVICE = """
import resize from './functions/resize';
const service = {
  service: 'images',
  provider: {
    name: 'aws',
    runtime: 'nodejs22.x',
    stage: process.env.STAGE ?? 'dev',
    environment: { BUCKET: '${self:custom.bucket}', WHERE: `\\${AWS::Region}` },
  },
  custom: { bucket: 'images-${sls:stage}', bundle: bundler() },
  functions: {
    resize,
    open: { handler: 'src/open.handler', url: true, timeout: limit() },
  },
};
module.exports = service;
"""
RESIZE = """
import { here } from '../here';
export default {
  handler: `${here(__dirname)}/index.handler`,
  timeout: 3 * 60,
};
"""
HERE = "export const here = (folder: string) => folder.match(/functions.*/)[0];\n"
FILES = {"serverless.ts": SERVICE, "functions/resize.ts": RESIZE, "here.ts": HERE}


def gaps(app: App) -> list[tuple[str, str, str]]:
    return [(g.path or "", g.span.text if g.span else "", g.kind) for g in app.gaps]


def test_a_service_in_typescript(tmp_path: Path) -> None:
    app = load(lay_out(tmp_path, FILES))
    resize, opened = sorted(app.functions, key=lambda f: f.address, reverse=True)
    assert (resize.address, opened.address) == ("resize", "open")
    assert resize.timeout.is_(180).is_yes
    origin = resize.timeout.origin
    assert isinstance(origin, File)
    assert (origin.span.doc.path, origin.span.text) == ("functions/resize.ts", "3 * 60")
    names = {v.name: v.value for v in opened.environment.items}
    assert names["BUCKET"].is_("images-dev").is_yes
    # What plugins are told is passed over; the rest is told where it is called.
    assert gaps(app) == [
        ("functions/resize.ts", "here(__dirname)", "computed"),
        ("serverless.ts", "limit()", "computed"),
    ]
    assert all("serverless package" in g.remedy for g in app.gaps)


def test_the_environment_counts_where_it_is_asked_for(tmp_path: Path) -> None:
    app = load(lay_out(tmp_path, FILES), variables=Variables(whole_environment={"STAGE": "prod"}))
    opened = next(f for f in app.functions if f.address == "open")
    names = {v.name: v.value for v in opened.environment.items}
    assert names["BUCKET"].is_("images-prod").is_yes


ONE = "module.exports = {service: 'a', provider: {name: 'aws', runtime: 'x'}, functions: {%s: {handler: 'a.b'}}};"


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["serverless.ts", "serverless.js"], "js"),
        (["serverless.ts", "serverless.mjs"], "mjs"),
        (["serverless.mts", "serverless.cts"], "cts"),
        (["serverless.prod.ts"], "ts"),
    ],
)
def test_which_file_the_framework_takes(tmp_path: Path, names: list[str], taken: str) -> None:
    app = load(lay_out(tmp_path, {name: ONE % name.rpartition(".")[2] for name in names}))
    assert [f.address for f in app.functions] == [taken]


def test_yaml_comes_first(tmp_path: Path) -> None:
    yaml = "service: a\nprovider: {name: aws}\nfunctions:\n  yaml: {handler: a.b}\n"
    root = lay_out(tmp_path, {"serverless.yml": yaml, "serverless.ts": ONE % "ts"})
    assert [f.address for f in load(root).functions] == ["yaml"]
    assert [f.address for f in load(root / "serverless.ts").functions] == ["ts"]


def test_a_part_of_a_service_is_none_of_its_own(tmp_path: Path) -> None:
    base = ONE % "base"
    files = {
        "serverless.base.js": base,
        "serverless.js": "module.exports = {...require('./serverless.base'), service: 'b'};",
    }
    assert [f.address for f in load(lay_out(tmp_path, files)).functions] == ["base"]


@pytest.mark.parametrize(
    "text",
    ["module.exports = {handler: 1};", "export const provider = () => 1;", "export {};"],
)
def test_what_is_no_service(tmp_path: Path, text: str) -> None:
    with pytest.raises(NothingToScan):
        load(lay_out(tmp_path, {"serverless.js": text}))


def test_another_cloud(tmp_path: Path) -> None:
    app = load(lay_out(tmp_path, {"serverless.ts": (ONE % "f").replace("'aws'", "'google'")}))
    assert [g.kind for g in app.gaps] == ["unsupported"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("module.exports = build({provider: 1, functions: 2});", "computed"),
        ("const provider = {functions: {\nexport default", "syntax"),
        ("//" + "x" * 2_200_000 + "\nexport const provider = {functions: 1}", "too-large"),
    ],
)
def test_a_configuration_of_which_nothing_is_known_is_told(tmp_path: Path, text: str, kind: str) -> None:
    app = load(lay_out(tmp_path, {"serverless.ts": text}))
    assert {g.kind for g in app.gaps} == {kind}
    assert all(g.hides for g in app.gaps)


def test_unknown_entries_are_told_and_the_others_read(tmp_path: Path) -> None:
    text = """export default {
      service: 'a', provider: { name: 'aws', runtime: 'nodejs22.x', stage: stageOf() },
      functions: { ...make(), f: { handler: 'a.b', layers: [...layers(), 'arn:aws:lambda:eu-west-1:1:layer:x:1'] } },
    };"""
    app = load(lay_out(tmp_path, {"serverless.ts": text}))
    assert [f.address for f in app.functions] == ["f"]
    told = {g.span.text: g.hides for g in app.gaps if g.span is not None}
    assert told == {"stageOf()": False, "...make()": True, "...layers()": False}
    [function] = app.functions
    assert not function.layers.complete


def test_changes_after_the_fact_are_told(tmp_path: Path) -> None:
    text = (ONE % "f").replace("module.exports =", "const c =") + "\nc.functions.f.timeout = 900;\nmodule.exports = c;"
    app = load(lay_out(tmp_path, {"serverless.js": text}))
    assert [(g.span.line if g.span else 0, g.hides) for g in app.gaps] == [(2, True)]


YAML = """
service: a
provider:
  name: aws
  runtime: nodejs22.x
  environment: ${file(env.js):%s}
functions:
  f: {handler: a.b, timeout: "${file(./times.ts):times.f}"}
"""


@pytest.mark.parametrize("key", ["plain", "called", "later"])
def test_programs_that_a_variable_includes(tmp_path: Path, key: str) -> None:
    env = """
    module.exports.plain = { A: 'x' };
    module.exports.called = () => ({ A: 'x' });
    module.exports.later = async ({ options }) => { return { A: 'x' }; };
    """
    files = {
        "serverless.yml": YAML % key,
        "env.js": env,
        "times.ts": "export const times = { f: 7 };\nexport default {};",
    }
    app = load(lay_out(tmp_path, files))
    (function,) = app.functions
    assert not app.gaps
    assert function.timeout.is_(7).is_yes
    assert [(v.name, v.value.is_("x").is_yes) for v in function.environment.items] == [("A", True)]


def test_a_program_that_does_more_than_to_return_is_told(tmp_path: Path) -> None:
    env = "module.exports.plain = async () => { const s = await fetch('x'); s.check(); return { A: s }; };"
    files = {"serverless.yml": YAML % "plain", "env.js": env, "times.ts": "export const times = { f: 7 };"}
    app = load(lay_out(tmp_path, files))
    assert [g.path for g in app.gaps][:1] == ["env.js"]


def test_fixes_are_refused_with_the_reason(tmp_path: Path) -> None:
    (function,) = load(lay_out(tmp_path, {"serverless.ts": ONE % "f"})).functions
    for field in ("timeout", "handler", "tracing"):
        with pytest.raises(FixError, match=r"serverless\.ts is a program in TypeScript, which is read but not edited"):
            edits_for((Set(function, field, "Active"),))


OPEN = """module.exports = {
  service: 'a',
  provider: { name: 'aws', runtime: 'nodejs22.x' },
  functions: {
    other: { handler: 'a.c', url: true },%s
    hook: {%s
      handler: 'a.b',
      url: true,%s
    },
  },
};
"""
IGNORE = 'stockade: ignore[public-function-url] reason="the handler verifies it"'


@pytest.mark.parametrize(
    "places",
    [
        (f"\n    // {IGNORE}", "", ""),
        (f"\n    /* {IGNORE} */", "", ""),
        ("", f" // {IGNORE}", ""),
        ("", f"\n      // {IGNORE}", ""),
    ],
    ids=["above", "block comment", "name", "first line inside"],
)
def test_comments_ignore_findings(tmp_path: Path, places: tuple[str, str, str]) -> None:
    result = scan_text(tmp_path, OPEN % places, name="serverless.ts", select=("SK101",))
    assert len(fails(result, "SK101")) == 1
    assert [f.suppressed.reason for f in result.findings if f.suppressed] == ["the handler verifies it"]


def test_a_statement_that_may_be_there_leaves_open_what_the_role_allows_and_nothing_else(tmp_path: Path) -> None:
    text = """
const offline = process.env.IS_OFFLINE === 'true';
module.exports = {
  service: 'shop',
  provider: {
    name: 'aws',
    runtime: 'nodejs22.x',
    iam: { role: { statements: [...(offline ? [] : [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }])] } },
  },
  functions: { f: { handler: 'a.b' } },
};
"""
    (tmp_path / "serverless.ts").write_text(text, encoding="utf-8")
    result = scan_text(tmp_path, text, name="serverless.ts")
    verdicts = {row.rule.code: row for row in result.rows}
    assert verdicts["SK204"].verdict == "unknown"
    assert "`offline` holds" in verdicts["SK204"].reason
    assert verdicts["SK112"].verdict == "not_applicable"
    assert [gap.kind for gap in result.app.gaps] == ["computed"]


def test_a_function_that_a_helper_makes_stands_where_it_is_declared(tmp_path: Path) -> None:
    files = {
        "serverless.ts": (
            "import * as functions from './functions';\n"
            "const inline = (extra) => ({ timeout: 3, ...extra });\n"
            "export default { service: 'a', provider: { name: 'aws', runtime: 'nodejs22.x' },\n"
            "  functions: { ...functions, here: inline({ handler: 'a.here' }) } };\n"
        ),
        "functions.ts": (
            "const made = (extra) => ({ timeout: 3, ...extra });\n"
            "export const first = made({ handler: 'a.first' });\nexport const second = made({ handler: 'a.second' });\n"
        ),
    }
    app = load(lay_out(tmp_path, files))
    places = {f.address: f.origin.span.text for f in app.functions if isinstance(f.origin, File)}
    assert places == {"first": "first", "second": "second", "here": "here: inline({ handler: 'a.here' })"}
