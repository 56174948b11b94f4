"""The names that somebody may have meant by one that there is not: the only place that says what is near."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_OF = 0.6  # of a name, for what stands there to be its beginning
_LONGEST = 100  # characters that are looked at: likeness is found in quadratic time
MOST_NAMES = (
    40  # for which a file is searched for what may be meant: where more are lost, a slip of the pen is no reason
)


def near(name: str, names: Iterable[str], *, most: int = 3, cutoff: float = 0.6) -> list[str]:
    """Of some names those that are most like this one, the nearest first.

    Case doesn't count. A name that goes on where this one ends is nearer than others. `cutoff`: the share of letters in common
    (`difflib`'s ratio) from which names are near, from 0 to 1.
    """
    import difflib

    by_letters = {each.casefold(): each for each in sorted(set(names))}
    word = name.casefold()[:_LONGEST]
    longer = [each for each in by_letters if each.startswith(word) and len(word) >= _MOST_OF * len(each)]
    found = [*sorted(longer, key=len), *difflib.get_close_matches(word, by_letters, n=most, cutoff=cutoff)]
    return [by_letters[each] for each in dict.fromkeys(found)][:most]


def nearest(name: str, names: Iterable[str], *, cutoff: float = 0.72) -> str:
    """Of some names the one that was most likely meant; empty where none is near."""
    return next(iter(near(name, names, most=1, cutoff=cutoff)), "")


def did_you_mean(name: str, names: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> str:
    """A question that names what somebody may have meant; empty where nothing that there is comes near."""
    found = near(name, names, most=most, cutoff=cutoff)
    return f"did you mean {' or '.join(f'`{each}`' for each in found)}?" if found else ""
