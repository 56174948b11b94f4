"""How much a scan does for what a configuration says: so many steps, so many instances, values of such a size.

A few lines can ask for more than any machine has: texts that double forty times, loops in loops, modules that call two
others sixty levels deep. What goes beyond a limit is not known, and a gap says so at its place. The largest of the projects
that Stockade is measured with needs 250 steps for one expression, 25,000 for all, and 440 instances of modules.
"""

from __future__ import annotations

from stockade.inputs.terraform.terms import Alt, Json, Lit, Obj, Seq, Term, Txt
from stockade.text.document import Span

MAX_STEPS = 500_000  # of one expression; what it refers to has its own
MAX_ALL_STEPS = 5_000_000  # of a scan
MAX_TEXT = 5_000_000  # characters that a template makes
MAX_ALL_TEXT = 200_000_000  # characters of long texts that a scan makes
MAX_SIZE = 16_000_000  # of a value: its characters, and `_EACH` for every part
MAX_NESTED = 300  # collections in collections
MAX_INSTANCES = 2000  # of one resource or module
MAX_MODULE_INSTANCES = 10_000  # of all modules
MAX_ALL_INSTANCES = 100_000  # of everything that `count`, `for_each` and calls of modules repeat
MAX_ROUNDS = 10_000  # nested blocks that the dynamic blocks of one resource make
SPLIT = "split it into parts that are scanned one at a time"

_EACH = 32
_LONG = 10_000  # a text that is not longer is not counted
_CHARGED = 256  # a value of this size costs one step where it is gone through
_SMALL = 64 * _EACH  # what is smaller is measured again rather than remembered


class TooMuch(Exception):
    """Something goes beyond a limit. Neither `try` nor anything else in a configuration catches it.

    `whole`: it is the limit of the whole scan.
    """

    def __init__(self, message: str, span: Span | None = None, *, whole: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.whole = whole


class Budget:
    """The steps that are left, and the sizes of values that were seen."""

    def __init__(self) -> None:
        self._all = MAX_ALL_STEPS
        self._text = MAX_ALL_TEXT
        self.left = MAX_STEPS  # of the expression at hand
        self._sizes: dict[int, tuple[Term, int, int]] = {}

    def enter(self) -> tuple[int, int]:
        """Begin an expression of its own; what `leave` needs."""
        before = self.left
        self.left = given = max(min(MAX_STEPS, self._all), 0)
        return before, given

    def leave(self, entered: tuple[int, int]) -> None:
        """End it, and go on with what was left of the one around it."""
        before, given = entered
        self._all -= given - self.left
        self.left = before

    def spend(self, steps: int, span: Span) -> None:
        """Use some steps."""
        self.left -= steps
        if self.left < 0:
            self.end(span)

    def end(self, span: Span) -> None:
        """There are no steps left."""
        if self._all <= MAX_STEPS:
            raise TooMuch(f"the scan has taken {MAX_ALL_STEPS:,} steps, and evaluates no more", span, whole=True)
        raise TooMuch(f"it takes more than {MAX_STEPS:,} steps to evaluate", span)

    def charge(self, terms: tuple[Term, ...], span: Span, times: int = 1) -> None:
        """Use the steps that it costs to go through these values (so many times)."""
        size = 0
        for term in terms:
            if type(term) is Lit:
                if type(term.v) is str:
                    size += len(term.v)
            else:
                size += self._measured(term)[0]
        if size * times >= _CHARGED:
            self.spend(size * times // _CHARGED, span)

    def charge_made(self, term: Term, span: Span) -> None:
        """Use the steps that it costs to make a value: one for each of its parts."""
        if type(term) is Seq or type(term) is Obj:
            self.spend(self._measured(term)[0] // _EACH, span)

    def checked(self, term: Term, span: Span) -> Term:
        """The value, unless it is too large."""
        if type(term) is Lit and (type(term.v) is not str or len(term.v) <= _LONG):
            return term
        size, depth = self._measured(term)
        if type(term) is Lit or type(term) is Txt:
            self._text -= size
            if self._text < 0:
                raise TooMuch(
                    f"the scan has made texts of {MAX_ALL_TEXT:,} characters, and makes no more", span, whole=True
                )
        if size > MAX_SIZE:
            raise TooMuch("its value is too large", span)
        if depth > MAX_NESTED:
            raise TooMuch(f"its value is nested more than {MAX_NESTED} levels deep", span)
        return term

    def size(self, term: Term) -> int:
        """The size of a value."""
        return self._measured(term)[0]

    def _measured(self, term: Term) -> tuple[int, int]:
        """Size and depth. What is evaluated when it is asked for is not counted."""
        if type(term) is Lit:
            return (_EACH + len(term.v) if type(term.v) is str else _EACH), 0
        if type(term) is Txt:
            return sum(len(p) if isinstance(p, str) else _EACH for p in term.parts) + _EACH, 0
        known = self._sizes.get(id(term))
        if known is not None:
            return known[1], known[2]
        size, depth = _EACH, 0
        inner: list[Term] = []
        if type(term) is Seq:
            inner = list(term.items)
        elif type(term) is Obj and type(term.entries) is dict:
            inner = list(term.entries.values())
            size += sum(map(len, term.entries))
        elif type(term) is Alt:
            inner = [leaf for _, leaf in term.options]
        elif type(term) is Json:
            inner = [term.inner, term.inner]  # quotes may become two characters
        else:
            return _EACH, 0
        for one in inner:
            if type(one) is Lit:
                size += _EACH + len(one.v) if type(one.v) is str else _EACH
                depth = depth or 1
            else:
                more, below = self._measured(one)
                size += more
                depth = max(depth, below + 1)
            if size > MAX_SIZE or depth > MAX_NESTED:
                break
        if size > _SMALL or depth > 4:
            self._sizes[id(term)] = term, size, depth  # the term is kept, so that no other one gets its number
        return size, depth
