"""Expressions whose values Terraform has told us (`record.py` asks it): each exercises something that readers get wrong."""

from __future__ import annotations

PREAMBLE = """\
  n = 3
  m = 2
  yes = true
  no = false
  s = "Str"
  l = ["p", "q"]
  o = { k = "v", z = 5 }
  ol = [{ a = 1, b = [{ c = "x" }] }, { a = 2, b = [{ c = "y" }, { c = "w" }] }]
"""

NUMBERS = [
    "1e3",
    "2.0",
    "1.50",
    "0.1",
    "12E-1",
    "1e+2",
    "100000000000000000000",
    "007",
    "-5",
    "- 2.5",
    "-local.n",
    "1.0e1",
]

OPERATORS = [
    "1 + 2 * 3",
    "(1 + 2) * 3",
    "10 - 3 - 2",
    "2 * 3 % 4",
    "7 % 4 * 2",
    "-2 + 3 * 2 - 1",
    "- (1 + 2) * 2",
    "1 + 2 == 3",
    "1 < 2 == true",
    "true == (1 > 2)",
    "!true || true",
    "!(true || true)",
    "true || false && false",
    "(true || false) && false",
    "1 < 2 && 2 < 3 || false",
    "local.n>=3&&local.m<=2",
    "local.n!=local.m",
    "true ? 1 : 2",
    "false ? 1 : true ? 2 : 3",
    "true ? false ? 1 : 2 : 3",
    "1 == 1 ? 2 + 3 : 4 * 5",
    "local.no ? 1 : local.m - 5",
    "!local.yes == local.no",
    "local.n -local.m",
    "local.n - -local.m",
    "(\n  1\n  + # one\n  2 /* two\n */ * 3\n)",
    "1 +/* a */2",
]

PATHS = [
    "local.o.k",
    'local.o["k"]',
    "local.l[0]",
    "local.l.1",
    "local.ol[1].b[0].c",
    "local.ol.1.b.0.c",
    "local.ol[*].a",
    "local.ol.*.a",
    "local.ol[*].b[0].c",
    "local.ol[*].b[*].c",
    "local.ol.*.b[0]",
    "local.ol.*.b.0.c",
    "local.s[*]",
    "null[*]",
    "local . o . z",
    "[1, 2, 3][1]",
    "{ a = 1 }.a",
    "(local.o).z",
    "local.l[local.n - local.m]",
    "[\n  local.l\n  [1]\n]",
    '"${local.l[1]}"',
    "local.ol[\n  1\n].a",
]

COLLECTIONS = [
    "[]",
    "[1,2]",
    "[1, 2,]",
    "[\n  1, # one\n  2\n]",
    "[[], [[]], {}]",
    "{}",
    "{ a = 1 }",
    "{a=1,b=2}",
    "{ a : 1, b : 2, }",
    "{\n  a = 1\n  b = 2, c = 3\n\n  # four\n  d = 4 // d\n}",
    '{ "a b" = 1, "${local.s}x" = 2, (local.s) = 3, 4 = 5 }',
    "{ true = 1, null = 2, a-b = 3, for_each = 4, if = 5 }",
    '{ "a" : "b:c", d = { e = [1] } }',
    "{ a = 1, /* b */ c = 2 }",
    "{ # first\n a = 1 }",
    "{ a = true ? 1 : 2, b = local.no ? 3 : 4 }",
    "{ 1.5 = 2 }",
]

LOOPS = [
    "[for v in local.l : upper(v)]",
    "[for i, v in local.l : i]",
    '[for v in ["a", "b"] : v if v != "a"]',
    "{ for k, v in local.o : k => v }",
    "{ for v in local.l : v => v... }",
    '{for v in ["a", "a", "b"]: v => "${v}1"...}',
    "[\n  for o in local.ol :\n  [for b in o.b : b.c]\n  if o.a > 1\n]",
    "[ # c\n for /* d */ v in local.l : v]",
    "{ for v in [1, 2, 3] : v => v if v % 2 == 1 }",
    "[for v in [1]: v]",
    "[for x in [for y in [1, 2] : y * 2] : x + 1]",
]

CALLS = [
    "upper(local.s)",
    "max(1, 2,)",
    "max(\n  1,\n  2\n)",
    "max([1, 5, 3]...)",
    "max(1, [2, 7]...)",
    'format("%s-%s", "a", local.s)',
    "length(concat([], [1]))",
    "upper (local.s)",
    "max(-1, - 2)",
    "concat([1], [[2], [3]]...)",
]

TEXTS = [
    '""',
    '"a"',
    r'"a\nb\t\"c\"\\d"',
    r'"é\U0001F600"',
    '"$${a}"',
    '"%%{a}"',
    '"$$${local.n}"',
    '"$$$${local.n}"',
    '"$"',
    '"a$b%c$$d%%"',
    '"$ {a} % {b}"',
    '"${local.n}"',
    '"${local.yes}x"',
    '"x${local.n}"',
    '"${local.n}${local.m}"',
    '"a${"b${"c"}"}d"',
    '"${local.n > 2 ? "big" : "small"}"',
    '"${ { a = "}" }.a }"',
    '"${\n  local.n\n}"',
    '"a${/* } */ local.n}b"',
    '"$%{ if true }x%{ endif }"',
    '"%${local.n}"',
    '"#{not} // a comment /* */"',
    "\"it's 'quoted'\"",
    '"${[1, 2]}"',
    '"${null}"',
    '"${local.o}"',
    '"$${local.n}${local.n}"',
    '"\\\\${local.n}"',
    '"{${local.n}}"',
]

DIRECTIVES = [
    '"%{ if local.yes }yes%{ else }no%{ endif }"',
    '"%{if local.no}yes%{else}no%{endif}"',
    '"%{ if local.no }yes%{ endif }"',
    '"%{ for v in local.l }<${v}>%{ endfor }"',
    '"%{ for k, v in local.o }${k}=${v};%{ endfor }"',
    '"%{ for v in local.l }%{ if v == "p" }P%{ else }${v}%{ endif }%{ endfor }"',
    '"%{ for v in [] }x%{ endfor }"',
    '"%{ if true }%{ endif }"',
    '"%{ if true }%{ else }x%{ endif }"',
    '"a%{ if true }b%{ if false }c%{ endif }d%{ endif }e"',
]

STRIPS = [
    '"x   ${~ local.n ~}   y"',
    '"x   ${~ local.n }   y"',
    '"x   ${ local.n ~}   y"',
    r'"x \n ${~ local.n ~} \t y"',
    '"  %{~ if true ~}  a  %{~ endif ~}  b"',
    '"a ${~ "b" ~} ${~ "c" ~} d"',
    '" ${~ local.n ~} "',
    '"${~local.n~}"',
    '"a ~ ${local.n} ~ b"',
    '"%{ for v in local.l ~}  ${v}  %{~ endfor }"',
    '"$  ${~ local.n ~}  $"',
]

HEREDOCS = [
    "<<EOT\nEOT\n",
    "<<EOT\n\nEOT\n",
    "<<EOT\na\nEOT\n",
    "<<EOT\n  a\n    b\n  EOT\n",
    "<<EOT\na\nEOT  \n",
    "<<-EOT\n      a\n    b\n\n        c\n    EOT\n",
    "<<-EOT\n    a\n  EOT\n",
    "<<-EOT\n\ta\n\t\tb\nEOT\n",
    "<<-EOT\n  \n    a\n      \n  EOT\n",
    "<<-EOT\nEOT\n",
    '<<EOT\na \\n "b" \\\nEOT\n',
    "<<EOT\n$${a} %%{b} $ % $$ %%\nEOT\n",
    "<<EOT\na$\n%\nEOT\n",
    "<<EOT\n${local.n}\nEOT\n",
    "<<EOT\na ${local.n} b ${local.s}\n${local.m}EOT\nEOT\n",
    "<<-EOT\n    a ${local.n}\n      ${local.m} b\n    EOT\n",
    "<<-EOT\n  ${local.n}\n      b\n  EOT\n",
    "<<-EOT\n${local.n}\n      b\n  EOT\n",
    "<<EOT\nEOTX\n EOT EOT\nEOT\n",
    "<<E-1\na\nE-1\n",
    "<<EOT\n${\n  local.n\n}\nEOT\n",
    "<<EOT\n${<<IN\ninner ${local.n}\nIN\n}outer\nEOT\n",
    "<<A\n${<<A\ninner\nA\n}outer\nA\n",
    "<<-EOT\n    %{ if true ~}\n      a\n    %{ endif ~}\n    b\n  EOT\n",
    "<<-EOT\n    %{ for v in local.l }\n    - ${v}\n    %{ endfor }\n  EOT\n",
    "<<-EOT\n    %{~ for v in local.l ~}\n    - ${v}\n    %{~ endfor ~}\n  EOT\n",
    "<<EOT\n%{ for v in local.l ~}\n- ${v}\n%{ endfor ~}\nend\nEOT\n",
    "<<EOT\n  ${~ local.n ~}  \n  b\nEOT\n",
    "<<-EOT\n  ${ local.n ~}\n  EOT\n",
    "<<-EOT\n    a ${~ local.n }\n    b\n    EOT\n",
    "upper(<<EOT\na\nEOT\n)",
    "[<<A\na\nA\n, <<B\nb\nB\n]",
    "{ a = <<A\na\nA\n  b = 1 }",
    "<<EOT\n# a\n// b\n/* c\nEOT\n",
    '<<EOT\n{"a": "${local.s}", "b": {"c": []}}\nEOT\n',
    "(true ? <<A\na\nA\n  : <<B\nb\nB\n)",
]
EXPRESSIONS = [
    *NUMBERS,
    *OPERATORS,
    *PATHS,
    *COLLECTIONS,
    *LOOPS,
    *CALLS,
    *TEXTS,
    *DIRECTIVES,
    *STRIPS,
    *HEREDOCS,
]


def configuration(expressions: list[str], newline: str = "\n") -> str:
    """A file of locals `x0`, `x1`, … with these values."""
    lines = "".join(f"  x{index} = {source}\n" for index, source in enumerate(expressions))
    return f"locals {{\n{PREAMBLE}{lines}}}\n".replace("\n", newline)
