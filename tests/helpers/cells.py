"""Which cells of a notebook depend on the names that others bind, and which cells these need.

A cell that is left out names nothing of it: it does the same, whatever was bound.
"""

from symtable import symtable
from typing import NamedTuple


class Names(NamedTuple):
    """The names of the notebook that a cell reads, assigns or defines, and imports."""

    reads: set
    binds: set
    imports: set


def names(source):
    """The Names of a cell; what its functions keep to themselves is none of them."""
    found = Names(set(), set(), set())
    top = symtable(source, "cell", "exec")
    for symbol in top.get_symbols():
        if symbol.is_imported():
            found.imports.add(symbol.get_name())
        elif symbol.is_assigned():
            found.binds.add(symbol.get_name())
        if symbol.is_referenced():
            found.reads.add(symbol.get_name())
    found.reads.update(*map(_globals, top.get_children()))
    return found


def _globals(table):
    own = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return own.union(*map(_globals, table.get_children()))


def affected(sources, chosen):
    """The numbers of the cells ``chosen``, of those that depend on them and of what these need.

    A cell that only reads a value may change it, so it counts as one that a later reader needs.
    """
    cells = [names(source) for source in sources]
    bound = set().union(*(cells[i].binds for i in chosen))
    kept = {*chosen, *(i for i, cell in enumerate(cells) if cell.reads & bound)}
    while True:
        wanted = set().union(*(cells[i].reads for i in kept))
        values = wanted & set().union(*(cell.binds for cell in cells))
        more = {
            i
            for i, cell in enumerate(cells[: max(kept)])
            if cell.imports & wanted or (cell.reads | cell.binds) & values
        }
        if more <= kept:
            return sorted(kept)
        kept |= more
