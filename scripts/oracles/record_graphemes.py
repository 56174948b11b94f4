"""Asks Terraform how it counts characters, and writes down what it takes for one: `functions/_grapheme_table.py`.

    python scripts/oracles/record_graphemes.py

needs `terraform` (1.11) on the PATH and a few minutes. The classes are those of Unicode's text segmentation
(https://www.unicode.org/reports/tr29/), as of the version of Unicode that Terraform is built with.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

TABLE = Path(__file__).parents[2] / "src/stockade/inputs/terraform/functions/_grapheme_table.py"
AT_ONCE = 200_000
CODES = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
JOINER = "\u200d"
ACCENT = "\u0488"  # joins to anything that may be joined to, and has no composed form
LETTER = "\u0627"


def lengths(texts: list[str]) -> list[int]:
    """What Terraform takes for the lengths of texts."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "texts.json").write_text(json.dumps(texts))
        asked = 'base64encode(jsonencode([for t in jsondecode(file("texts.json")): length(t)]))\n'
        done = subprocess.run(
            ["terraform", "console"],  # noqa: S607 - by its name, as a user would
            input=asked,
            capture_output=True,
            text=True,
            cwd=folder,
            check=True,
        )
    found: list[int] = json.loads(base64.b64decode(done.stdout.strip().strip('"')))
    return found


def codes_where(length: int, before: str = "", after: str = "", *, twice: bool = False) -> set[int]:
    """The characters that make a text of a length between these texts (`twice`: with a copy at the end)."""
    texts = [before + chr(code) + after + (chr(code) if twice else "") for code in CODES]
    found: list[int] = []
    for start in range(0, len(texts), AT_ONCE):
        found += lengths(texts[start : start + AT_ONCE])
    return {code for code, got in zip(CODES, found, strict=True) if got == length}


def ranges(codes: set[int]) -> str:
    """Character codes as ranges of hexadecimal numbers."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return " ".join(f"{low:x}-{high:x}" if high > low else f"{low:x}" for low, high in found)


def constant(name: str, why: str, codes: set[int]) -> str:
    """One constant of the table, in lines of readable length."""
    lines = [""]
    for word in ranges(codes).split():
        if len(lines[-1]) + len(word) > 100:
            lines.append("")
        lines[-1] += f"{word} "
    body = "\n".join(f'    "{line}"' for line in lines)
    return f"# {why}\n{name} = (\n{body}\n)\n"


def main() -> int:
    """Writes the table."""
    joins = codes_where(1, before="a")
    controls = codes_where(2, after=ACCENT)
    prepends = codes_where(1, after=LETTER) - joins
    pictures = codes_where(1, after=JOINER, twice=True) - joins - prepends
    TABLE.write_text(
        '"""Which characters Terraform counts together with others; written by scripts/oracles/record_graphemes.py."""\n\n'
        + constant("JOINS", "Counted with what stands before them.", joins)
        + constant("CONTROLS", "Counted alone, whatever stands beside them.", controls)
        + constant("PREPENDS", "Counted with what stands behind them.", prepends)
        + constant("PICTURES", "Counted together where a zero-width joiner stands between them.", pictures)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
