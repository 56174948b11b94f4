"""Edits of HCL with what they make of a file; what is there before and after is as `terraform fmt` has it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import NamedTuple

from stockade.text.edits import Edit
from stockade.text.hcl.edit import (
    Encoded,
    Nested,
    Raw,
    append_block,
    insert_attribute,
    insert_attributes,
    insert_block,
    insert_entry,
    insert_item,
    insert_members,
    remove_attribute,
    remove_block,
    remove_entry,
    remove_item,
    set_expr,
    set_value,
)
from stockade.text.hcl.nodes import Block, Body, Expr, HclFile, Object, Tuple


def block(file: HclFile, index: int = 0) -> Block:
    return file.body.blocks[index]


def body(file: HclFile) -> Body:
    return block(file).body


def value(file: HclFile, name: str = "x") -> Expr:
    return body(file).attributes[name].expr


def items(file: HclFile) -> Tuple:
    found = value(file)
    assert isinstance(found, Tuple)
    return found


def entries(file: HclFile) -> Object:
    found = value(file)
    assert isinstance(found, Object)
    return found


class Case(NamedTuple):
    name: str
    before: str
    edit: Callable[[HclFile], Edit | list[Edit]]
    after: str


def case(name: str, before: str, edit: Callable[[HclFile], Edit | list[Edit]], after: str) -> Case:
    return Case(name, textwrap.dedent(before).lstrip("\n"), edit, textwrap.dedent(after).lstrip("\n"))


CASES = [
    case(
        "a value with a comment behind it",
        """
        a "b" {
          x   = 1 # one
          yyy = 2 # two
        }
        """,
        lambda f: set_value(f.document, value(f), 12345),
        """
        a "b" {
          x   = 12345 # one
          yyy = 2     # two
        }
        """,
    ),
    case(
        "a value that becomes an object leaves its group",
        """
        a {
          x      = 1
          longer = 2
          z      = 3
        }
        """,
        lambda f: set_value(f.document, value(f, "longer"), {"k": 1, "long": {"m": [1, "a"]}, "n": None}),
        """
        a {
          x = 1
          longer = {
            k = 1
            long = {
              m = [1, "a"]
            }
            n = null
          }
          z = 3
        }
        """,
    ),
    case(
        "a reference",
        """
        a {
          x = "arn:aws:kms:…"
        }
        """,
        lambda f: set_value(f.document, value(f), Raw("aws_kms_key.k.arn")),
        """
        a {
          x = aws_kms_key.k.arn
        }
        """,
    ),
    case(
        "an expression as its source",
        """
        a {
          x = b ? c : d
        }
        """,
        lambda f: set_expr(f.document, value(f), 'var.stage == "prod" ? 1 : 2'),
        """
        a {
          x = var.stage == "prod" ? 1 : 2
        }
        """,
    ),
    case(
        "texts are escaped",
        """
        a {
          x = ""
        }
        """,
        lambda f: set_value(f.document, value(f), 'say "${x}"\t%{y}\\\n$$ é\x07'),
        r"""
        a {
          x = "say \"$${x}\"\t%%{y}\\\n$$ é\u0007"
        }
        """,
    ),
    case(
        "a heredoc stays one",
        """
        a {
          x = <<-EOT
            one
              two
          EOT
          y = 1
        }
        """,
        lambda f: set_value(f.document, value(f), "three ${x}\n\n  four\n"),
        """
        a {
          x = <<-EOT
            three $${x}

              four
          EOT
          y = 1
        }
        """,
    ),
    case(
        "a heredoc that can't stay one",
        """
        a {
          x = <<EOT
        one
        EOT
          y = 1
        }
        """,
        lambda f: set_value(f.document, value(f), "no end of line"),
        """
        a {
          x = "no end of line"
          y = 1
        }
        """,
    ),
    case(
        "a document in a call",
        """
        a {
          x = ""
        }
        """,
        lambda f: set_value(
            f.document,
            value(f),
            Encoded({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]}),
        ),
        """
        a {
          x = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Action = "s3:GetObject" }]
          })
        }
        """,
    ),
    case(
        "a long list of objects takes a line for each entry",
        """
        a {
          x = []
        }
        """,
        lambda f: set_value(
            f.document, value(f), Encoded({"S": [{"Action": ["a" * 30, "b" * 30], "Resource": "c" * 40, "e": 1}]})
        ),
        f"""
        a {{
          x = jsonencode({{
            S = [
              {{
                Action   = ["{"a" * 30}", "{"b" * 30}"]
                Resource = "{"c" * 40}"
                e        = 1
              }},
            ]
          }})
        }}
        """,
    ),
    case(
        "an argument joins its group",
        """
        a {
          x = 1 # one
          y = 2

          z = 3
        }
        """,
        lambda f: insert_attribute(f.document, body(f), "longer", None, after="x"),
        """
        a {
          x      = 1 # one
          longer = null
          y      = 2

          z = 3
        }
        """,
    ),
    case(
        "an argument behind the last one, above the blocks",
        """
        a {
          xxxx = 1

          b {
            c = 1
          }
        }
        """,
        lambda f: insert_attribute(f.document, body(f), "y", [1, 2]),
        """
        a {
          xxxx = 1
          y    = [1, 2]

          b {
            c = 1
          }
        }
        """,
    ),
    case(
        "an argument behind a value of several lines",
        """
        a {
          xxxx = [
            1,
          ] # end
        }
        """,
        lambda f: insert_attributes(f.document, body(f), {"y": 1, "zz": {"k": 2}, "w": 3}),
        """
        a {
          xxxx = [
            1,
          ] # end
          y = 1
          zz = {
            k = 2
          }
          w = 3
        }
        """,
    ),
    case(
        "an argument into a block with blocks only",
        """
        a { # note

          b {
          }
        }
        """,
        lambda f: insert_attribute(f.document, body(f), "y", 1),
        """
        a { # note
          y = 1


          b {
          }
        }
        """,
    ),
    case(
        "an argument into an empty block",
        """
        a {}
        """,
        lambda f: insert_attribute(f.document, body(f), "y", 1),
        """
        a {
          y = 1
        }
        """,
    ),
    case(
        "an argument into a block on one line",
        """
        a {
          b { mode = "x" }
        }
        """,
        lambda f: insert_attribute(f.document, body(f).blocks[0].body, "y", 1),
        """
        a {
          b {
            mode = "x"
            y    = 1
          }
        }
        """,
    ),
    case(
        "a block with blocks in it",
        """
        a {
          x = 1
        }
        """,
        lambda f: insert_block(
            f.document, body(f), "b", ("l",), {"yyy": 1, "c": Nested({"d": Raw("var.d")}), "z": "e", "e": Nested({})}
        ),
        """
        a {
          x = 1

          b "l" {
            yyy = 1
            z   = "e"

            c {
              d = var.d
            }

            e {}
          }
        }
        """,
    ),
    case(
        "a block behind another",
        """
        a {
          b {
          } # b

          c {
          }
        }
        """,
        lambda f: insert_block(f.document, body(f), "n", (), {"x": 1}, after=body(f).blocks[0]),
        """
        a {
          b {
          } # b

          n {
            x = 1
          }

          c {
          }
        }
        """,
    ),
    case(
        "arguments and blocks at once",
        """
        a {
          x = 1
        }
        """,
        lambda f: insert_members(f.document, body(f), {"yy": 2}, {"b": Nested({"c": 1}), "d": Nested({})}),
        """
        a {
          x  = 1
          yy = 2

          b {
            c = 1
          }

          d {}
        }
        """,
    ),
    case(
        "arguments and blocks into an empty block",
        """
        a {
        }
        """,
        lambda f: insert_members(f.document, body(f), {"yy": 2}, {"b": Nested({"c": 1})}),
        """
        a {
          yy = 2

          b {
            c = 1
          }
        }
        """,
    ),
    case(
        "a block at the end of the file",
        """
        a {
        }
        # the end
        """,
        lambda f: append_block(f.document, f.body, "resource", ("t", 'n"'), {"x": Raw("a.b"), "yy": "z"}),
        r"""
        a {
        }
        # the end

        resource "t" "n\"" {
          x  = a.b
          yy = "z"
        }
        """,
    ),
    case(
        "a block behind one that another follows right away",
        """
        a {
        }
        b {
        }
        """,
        lambda f: append_block(f.document, f.body, "c", (), {}, after=block(f)),
        """
        a {
        }

        c {}

        b {
        }
        """,
    ),
    case(
        "an argument less, and the group moves back",
        """
        a {
          x = 1
          # of the long one
          longer = 2 # gone
          y      = 3
        }
        """,
        lambda f: remove_attribute(f.document, body(f), "longer"),
        """
        a {
          x = 1
          # of the long one
          y = 3
        }
        """,
    ),
    case(
        "an argument less between blank lines",
        """
        a {
          x = 1

          y = <<EOT
        text
        EOT

          z = 1
        }
        """,
        lambda f: remove_attribute(f.document, body(f), "y"),
        """
        a {
          x = 1

          z = 1
        }
        """,
    ),
    case(
        "the only argument less",
        """
        a {
          b { c = 1 }
        }
        """,
        lambda f: remove_attribute(f.document, body(f).blocks[0].body, "c"),
        """
        a {
          b {}
        }
        """,
    ),
    case(
        "the last block less",
        """
        a {
          x = 1

          b {
            c = 1
          } # b
        }
        """,
        lambda f: remove_block(f.document, body(f), body(f).blocks[0]),
        """
        a {
          x = 1
        }
        """,
    ),
    case(
        "a block at the top less",
        """
        a {
        }

        # about b
        b {
        }

        c {
        }
        """,
        lambda f: remove_block(f.document, f.body, block(f, 2)),
        """
        a {
        }

        # about b
        b {
        }
        """,
    ),
    case(
        "the first block at the top less",
        """
        a {
        }

        b {
        }
        """,
        lambda f: remove_block(f.document, f.body, block(f)),
        """
        b {
        }
        """,
    ),
    case(
        "an item on the line",
        """
        a {
          x = ["b", c]
        }
        """,
        lambda f: insert_item(f.document, items(f), "d"),
        """
        a {
          x = ["b", c, "d"]
        }
        """,
    ),
    case(
        "an item on a line of its own",
        """
        a {
          x = [
            "b", # b
            c,   # c
          ]
        }
        """,
        lambda f: insert_item(f.document, items(f), Raw("d.e")),
        """
        a {
          x = [
            "b", # b
            c,   # c
            d.e,
          ]
        }
        """,
    ),
    case(
        "an item where no comma is behind the last",
        """
        a {
          x = [
            "b",
            c # c
          ]
        }
        """,
        lambda f: insert_item(f.document, items(f), {"d": 1, "ee": 2}),
        """
        a {
          x = [
            "b",
            c, # c
            { d = 1, ee = 2 }
          ]
        }
        """,
    ),
    case(
        "an item into an empty list",
        """
        a {
          x = []
        }
        """,
        lambda f: insert_item(f.document, items(f), 1),
        """
        a {
          x = [1]
        }
        """,
    ),
    case(
        "an item less on the line",
        """
        a {
          x = ["b", c, d]
        }
        """,
        lambda f: remove_item(f.document, items(f), 2),
        """
        a {
          x = ["b", c]
        }
        """,
    ),
    case(
        "an item less with its line",
        """
        a {
          x = [
            "b", # b
            "cc", # c
            "d"
          ]
        }
        """.replace('"b", #', '"b",  #'),
        lambda f: remove_item(f.document, items(f), 1),
        """
        a {
          x = [
            "b", # b
            "d"
          ]
        }
        """,
    ),
    case(
        "the last item less where no comma was behind it",
        """
        a {
          x = [
            "b", # b
            "d"  # d
          ]
        }
        """,
        lambda f: remove_item(f.document, items(f), 1),
        """
        a {
          x = [
            "b" # b
          ]
        }
        """,
    ),
    case(
        "the only item less",
        """
        a {
          x = [
            1,
          ]
        }
        """,
        lambda f: remove_item(f.document, items(f), 0),
        """
        a {
          x = []
        }
        """,
    ),
    case(
        "an entry, aligned",
        """
        a {
          x = {
            b  = 1
            cc = 2
          }
        }
        """,
        lambda f: insert_entry(f.document, entries(f), "long key", Raw("var.k"), after="b"),
        """
        a {
          x = {
            b          = 1
            "long key" = var.k
            cc         = 2
          }
        }
        """,
    ),
    case(
        "an entry of an object on one line",
        """
        a {
          x = { b = 1 }
        }
        """,
        lambda f: insert_entry(f.document, entries(f), "c", {"d": [1]}),
        """
        a {
          x = { b = 1, c = { d = [1] } }
        }
        """,
    ),
    case(
        "an entry between others on one line",
        """
        a {
          x = { b = 1, c = 2 }
        }
        """,
        lambda f: insert_entry(f.document, entries(f), "n", 3, after="b"),
        """
        a {
          x = { b = 1, n = 3, c = 2 }
        }
        """,
    ),
    case(
        "an entry where commas and quotes are the manner",
        """
        a {
          x = {
            "b" : 1,
            "c" : 2,
          }
        }
        """,
        lambda f: insert_entry(f.document, entries(f), "d", 3),
        """
        a {
          x = {
            "b" : 1,
            "c" : 2,
            "d" : 3,
          }
        }
        """,
    ),
    case(
        "an entry into an empty object",
        """
        a {
          x = {}
        }
        """,
        lambda f: insert_entry(f.document, entries(f), "for", 3),
        """
        a {
          x = { "for" = 3 }
        }
        """,
    ),
    case(
        "an entry less",
        """
        a {
          x = {
            b      = 1
            longer = [
              1
            ]
            d = 2
          }
        }
        """.replace("b      =", "b =").replace("longer =", "longer ="),
        lambda f: remove_entry(f.document, entries(f), "longer"),
        """
        a {
          x = {
            b = 1
            d = 2
          }
        }
        """,
    ),
    case(
        "values of a file of values",
        """
        x = 1
        """,
        lambda f: insert_attributes(f.document, f.body, {"yyy": "z", "l": []}),
        """
        x   = 1
        yyy = "z"
        l   = []
        """,
    ),
    case(
        "a file that is indented otherwise",
        """
        a {
            x = 1
            b {
                c = 1
            }
        }
        """,
        lambda f: insert_block(f.document, body(f).blocks[0].body, "d", (), {"e": {"f": 1}}),
        """
        a {
            x = 1
            b {
                c = 1

                d {
                    e = {
                        f = 1
                    }
                }
            }
        }
        """,
    ),
    case(
        "what is not in order is left as it is",
        """
        a {
          x = 1   # one
          yyy   = 2
          z = 3
        }
        """,
        lambda f: insert_attribute(f.document, body(f), "longer", 4),
        """
        a {
          x = 1   # one
          yyy   = 2
          z = 3
          longer = 4
        }
        """,
    ),
    case(
        "a column that is wider than it has to be is kept",
        """
        a {
          x        = 1
          yyy      = 2
        }
        """,
        lambda f: insert_attribute(f.document, body(f), "zz", 4),
        """
        a {
          x        = 1
          yyy      = 2
          zz       = 4
        }
        """,
    ),
]
UNFORMATTED = (
    "a file that is indented otherwise",
    "what is not in order is left as it is",
    "a column that is wider than it has to be is kept",
)
"""Those that `terraform fmt` would change before, too."""
