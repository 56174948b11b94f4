"""What is said of a control that another tool has, by the id that it has there."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import peers
from stockade.knowledge.peers import WORK, Row


def page(word: str) -> str:
    """What a tool means by this id, and why no rule holds it or which do; empty where no tool has it."""
    return "\n".join("\n".join(_said(word, row)) for row in peers.called(word))


def _said(word: str, row: Row) -> Iterator[str]:
    yield f"{word.strip()}: {row.fails_when}"
    yield ""
    known = "; ".join(f"{peers.tools()[tool]} {', '.join(ids)}" for tool, ids in row.ids.items())
    yield f"known as {known} (as of {peers.provenance().as_of})"
    yield ""
    if row.held:
        yield f"{'This rule holds it' if len(row.held) == 1 else 'These rules hold it'}:"
        yield from (f"  stockade explain {name}" for name in row.held)
        return
    yield "No rule of Stockade holds it."
    if row.later is not None:
        yield f"A template doesn't show what has to be seen for it ({row.later}): {WORK[row.later]}."
        if row.why:
            yield f"Here that is: {row.why}."
