"""The declared name that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, names: Iterable[str]) -> str:
    """Of some names the one that is most like this one; nothing where none is."""
    import difflib

    known = sorted(set(names))
    by_letters = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(name.casefold(), sorted(by_letters), n=1, cutoff=0.75)
    return by_letters[found[0]] if found else ""
