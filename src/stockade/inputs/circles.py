"""Names that wait for each other."""

from __future__ import annotations


def circles(edges: dict[str, list[str]]) -> list[tuple[str, ...]]:
    """One circle for each set of names that all lead to each other, by the names that each leads to; in a stable order."""
    found: list[tuple[str, ...]] = []
    for group in _groups(edges):
        start = min(group)
        if len(group) > 1 or start in edges.get(start, ()):
            found.append(_shortest(start, edges, group))
    return sorted(found)


def _shortest(start: str, edges: dict[str, list[str]], group: set[str]) -> tuple[str, ...]:
    """The shortest way from a name back to itself."""
    todo: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in todo:
        for name in edges.get(way[-1], ()):
            if name == start:
                return way
            if name in group and name not in seen:
                seen.add(name)
                todo.append((*way, name))
    return (start,)


def _groups(edges: dict[str, list[str]]) -> list[set[str]]:
    """The strongly connected components, by Tarjan's algorithm without recursion: there may be thousands of names."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    groups: list[set[str]] = []
    for root in edges:
        if root in index:
            continue
        work: list[tuple[str, int]] = [(root, 0)]
        while work:
            name, at = work.pop()
            if at == 0:
                index[name] = low[name] = len(index)
                stack.append(name)
                on_stack.add(name)
            following = edges.get(name, [])
            for position in range(at, len(following)):
                other = following[position]
                if other not in index:
                    work += [(name, position + 1), (other, 0)]
                    break
                if other in on_stack:
                    low[name] = min(low[name], index[other])
            else:
                if low[name] == index[name]:
                    group: set[str] = set()
                    while not group or name not in group:
                        group.add(stack.pop())
                    on_stack -= group
                    groups.append(group)
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[name])
    return groups
