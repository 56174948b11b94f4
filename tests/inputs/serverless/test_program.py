"""What a program says literally, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inputs.serverless.programs import exported, lay_out

WAYS = {
    "default": "export default {a: 1};",
    "module": "module.exports = {a: 1};",
    "both": "module.exports = exports = {a: 1};",
    "equals": "const c = {a: 1};\nexport = c;",
    "name": "const c: AWS = {a: 1};\nmodule.exports = c;",
    "hoisted": "module.exports = c;\nvar c = {a: 1};",
    "satisfies": "export default ({a: 1} as const) satisfies AWS;",
    "as": "const c = <AWS>{a: 1} as AWS;\nexport { c as default };",
    "function": "module.exports = () => ({a: 1});",
    "async function": "module.exports = async () => { const a = 1; return {a}; };",
    "declared": "export default async function (): Promise<AWS> { return {a: 1}; }",
    "called": "module.exports = (async () => ({a: 1}))();",
    "promise": "module.exports = Promise.resolve({a: 1});",
    "frozen": "module.exports = Object.freeze({a: 1});",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS.keys())
def test_ways_to_export(tmp_path: Path, text: str) -> None:
    assert exported(lay_out(tmp_path, {"serverless.ts": text})) == {"a": 1}


LITERALS: dict[str, object] = {
    "1_000": 1000,
    "0x1F": 31,
    "1.5": 1.5,
    "2e3": 2000,
    "-3": -3,
    "60 * 15": 900,
    "7 / 2 - 1": 2.5,
    "1 / 0": "<1 / 0>",
    "null": None,
    "!0": True,
    "'a' + 1 + true": "a1true",
    "1 + 2 + 'a'": "3a",
    "`a${1}${'b'}`": "a1b",
    "`a\\${self:x}`": "a${self:x}",
    "['a', , 'b'].length": 2,
    "['a', 'b'].join('-')": "a-b",
    "[1].concat([2], 3)": [1, 2, 3],
    "[...['a'], 'b']": ["a", "b"],
    "[undefined, null]": [None, None],
    "{x: undefined, 'y-z': 1, 200: 2, ['k' + 1]: 3}": {"y-z": 1, "200": 2, "k1": 3},
    "{...{x: 1, y: 2}, x: 3, ...null, ...(false && {z: 1})}": {"y": 2, "x": 3},
    "Object.assign({}, {x: 1}, {x: 2})": {"x": 2},
    "{x: {y: [5]}}.x['y'][0]": 5,
    "({}).x?.y ?? 4": 4,
    r"'a\\b\\c'.replace(/\\/g, '/').toUpperCase()": "A/B/C",
    "'a.b.c'.replace(/\\./, '-').split('-')[1].slice(0, 1)": "b",
    "['a', 'b'].map((t, i) => `${t}${i}`)": ["a0", "b1"],
    "['a', 'b'].flatMap((t) => [t, {k: t}])": ["a", {"k": "a"}, "b", {"k": "b"}],
    "Object.fromEntries(['a', 'b'].map((t) => ['on-' + t, {x: t}]))": {"on-a": {"x": "a"}, "on-b": {"x": "b"}},
    "Object.entries({a: 1, b: 2}).map(([k, v]) => k + v)": ["a1", "b2"],
    "Object.keys({a: 1}).concat(Object.values({b: 2}))": ["a", 2],
    "[['a'], 'a', {}].map((a) => Array.isArray(a) ? a : [a])": [["a"], ["a"], [{}]],
    "Array.isArray(fetch()) ? 1 : 2": "<Array.isArray(fetch()) ? 1 : 2>",
    "['a'].map(fetch)": "<['a'].map(fetch)>",
    "[...fetch()].map((t) => t)": "<[...fetch()].map((t) => t)>",
    "__dirname.split(process.cwd())[1].substring(1)": "",
    "'abc'.replace(/b+/, '-')": "<'abc'.replace(/b+/, '-')>",
    "null || 'a'": "a",
    "0 ?? 'a'": 0,
    "'a' && 'b'": "b",
    "1 === 1 ? 'a' : 'b'": "a",
    "'1' !== 1 ? 'a' : 'b'": "a",
    "2 > 3 ? 'a' : 'b'": "b",
    "unknown ? 'a' : 'b'": "<unknown ? 'a' : 'b'>",
    "fetch('x')": "<fetch('x')>",
    "new Thing()": "<new Thing()>",
    "`a-${fetch()}-b`": "a-<fetch()>-b",
    "'a-' + fetch()": "a-<fetch()>",
    "__dirname + '/x'": "<__dirname + '/x'>/x",
    "{...fetch(), x: 1}": {"x": 1, "...": "<...fetch()>"},
    "{[fetch()]: 1}": {"...": "<[fetch()]: 1>"},
    "[...fetch(), 1]": ["<...fetch()>", 1],
    "{f() { return 1; }}": {"f": "<f() { return 1; }>"},
    "/x/": "</x/>",
}


@pytest.mark.parametrize(("text", "meant"), LITERALS.items(), ids=LITERALS.keys())
def test_expressions(tmp_path: Path, text: str, meant: object) -> None:
    for name in ("serverless.ts", "serverless.js"):
        lay_out(tmp_path, {name: f"module.exports = {{v: {text}}};"})
        assert exported(tmp_path, name) == {"v": meant}


def test_names_of_the_file(tmp_path: Path) -> None:
    text = """
    enum Stage { Dev = 'dev', Prod = 'prod' }
    const base = { memory: 128, tags: ['a'] };
    const { memory: m, missing = 'none', tags: [first] } = base;
    let later = 1;
    later = 2;
    const of = (name: string, more = {}) => ({ handler: `src/${name}.main`, ...base, ...more });
    function twice(x) { if (x === 1) { return 'one'; } return { x }; }
    const circle = { circle: inner };
    const inner = circle;
    const t = [twice(1), twice(2)];
    export default { m, missing, first, stage: Stage.Prod, later, a: of('a'), b: of('b', { memory: 1 }), t };
    """
    assert exported(lay_out(tmp_path, {"serverless.ts": text})) == {
        "m": 128,
        "missing": "none",
        "first": "a",
        "stage": "prod",
        "later": 1,
        "a": {"handler": "src/a.main", "memory": 128, "tags": ["a"]},
        "b": {"handler": "src/b.main", "tags": ["a"], "memory": 1},
        "t": ["one", {"x": 2}],
    }


def test_a_circle_ends(tmp_path: Path) -> None:
    text = "const a = { b }; const b = { a }; const f = (x) => f(x); export default { a, f: f(1) };"
    assert exported(lay_out(tmp_path, {"serverless.ts": text})) == {"a": {"b": {"a": "<a>"}}, "f": "<f(1)>"}


def test_the_environment_is_not_read_unless_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "secret")
    text = """
    const { STAGE = 'dev', OTHER } = process.env;
    export default {
      a: process.env.STAGE, b: process.env['STAGE'] || 'x', c: process.env.STAGE ?? 'y', d: STAGE, e: `${OTHER}-z`,
      f: process.env.STAGE === 'prod' ? 1 : 2, g: process.env.STAGE!,
    };
    """
    lay_out(tmp_path, {"serverless.ts": text})
    unread = exported(tmp_path)
    assert isinstance(unread, dict)
    assert unread["a"] == "<process.env.STAGE>"
    assert (unread["b"], unread["c"], unread["d"], unread["e"]) == ("x", "y", "dev", "<OTHER>-z")
    assert unread["f"] == "<process.env.STAGE === 'prod' ? 1 : 2>"
    given = exported(tmp_path, environment={"STAGE": "prod", "OTHER": "o"})
    assert given == {"a": "prod", "b": "prod", "c": "prod", "d": "prod", "e": "o-z", "f": 1, "g": "prod"}


def test_imports(tmp_path: Path) -> None:
    files = {
        "serverless.ts": """
            import type { AWS } from '@serverless/typescript';
            import hello, { timeout as seconds } from '@functions/hello';
            import * as all from './src/functions';
            import old from './old';
            import data from './data.json';
            import { a as renamed } from './old.js';
            import chalk from 'chalk';
            import { nothing } from './src/functions';
            const { b } = require('./old');
            const c = require('./old').c;
            export default { hello, seconds, all, old, data, renamed, chalk, b, c, based, nothing, up: require('../x') };
            import based from 'src/based';
        """,
        "src/functions/hello/index.ts": "export default { handler: 'h' }; export const timeout = 3;",
        "src/functions/index.ts": """
            export { default as hello } from './hello';
            export * from './more';
            export type { T } from './t';
        """,
        "src/functions/more.ts": "export const bye = { handler: 'b' }; export default 1;",
        "src/based.mts": "export default 'based';",
        "old.js": "exports.a = 1; module.exports.b = 2; exports.c = 'c';",
        "data.json": '{"x": [1]}',
        "tsconfig.json": '{"extends": "./tsconfig.paths.json", "compilerOptions": {"strict": true,}}',
        "tsconfig.paths.json": """{
            // where things are
            "compilerOptions": {"baseUrl": ".", "paths": {"@functions/*": ["src/functions/*"]}}
        }""",
    }
    assert exported(lay_out(tmp_path, files)) == {
        "hello": {"handler": "h"},
        "seconds": 3,
        "all": {"hello": {"handler": "h"}, "bye": {"handler": "b"}},
        "old": {"a": 1, "b": 2, "c": "c"},
        "data": {"x": [1]},
        "renamed": 1,
        "chalk": "<import chalk from 'chalk';>",
        "b": 2,
        "c": "c",
        "based": "based",
        "nothing": "<import { nothing } from './src/functions';>",
        "up": "<require('../x')>",
    }


ENDLESS = {
    "arrays": "[" * 50_000 + "]" * 50_000,
    "objects": "{a:" * 5_000 + "1" + "}" * 5_000,
    "parentheses": "(" * 50_000 + "1" + ")" * 50_000,
    "sum": " + ".join(["'a'"] * 20_000),
    "members": "x" + ".y" * 20_000,
    "spread": "(() => { " + "".join(f"const a{i + 1} = [...a{i}, ...a{i}];" for i in range(60)) + "return a60; })()",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_nothing_is_too_much(tmp_path: Path, text: str) -> None:
    files = {"serverless.ts": f"const a0 = ['x']; module.exports = {{a: 1, v: {text}}};"}
    found = exported(lay_out(tmp_path, files))
    assert isinstance(found, dict)
    assert found["a"] == 1


def test_what_cannot_be_read_does_not_hide_the_rest(tmp_path: Path) -> None:
    text = "export default {a: , b: {c: 1 2, d: 'x'}, e: [1, 2]};"
    found = exported(lay_out(tmp_path, {"serverless.ts": text}))
    assert isinstance(found, dict)
    assert found["e"] == [1, 2]


HANDLER_PATH = """\
export const handlerPath = (context: string) => {
  return `${context.split(process.cwd())[1].substring(1).replace(/\\\\/g, '/')}`
};
"""


def test_a_handler_stands_beside_the_file_that_declares_it(tmp_path: Path) -> None:
    files = {
        "shop/serverless.ts": "import hello from './src/hello';\nmodule.exports = {functions: {hello}};",
        "shop/src/handler.ts": HANDLER_PATH,
        "shop/src/hello/index.ts": (
            "import { handlerPath } from '../handler';\nexport default {handler: `${handlerPath(__dirname)}/main.run`};"
        ),
    }
    program = lay_out(tmp_path, files)
    assert exported(program, "shop/serverless.ts") == {"functions": {"hello": {"handler": "src/hello/main.run"}}}
