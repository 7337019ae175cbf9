"""The filters of any layer with weights, as images: what each unit multiplies its inputs with."""


def filters_of(nodes, number):
    """The weights of every unit of a node as ``(K, FH, FW, C)``, C channels of what it reads.

    A Linear behind a Flatten has filters as large as the image; of unshared filters it is those of
    the middle place. Raises ValueError for a layer without weights of this kind.
    """
    node = nodes[number]
    if node.kind.filters is None:
        names = [other.name for other in nodes if other.kind.filters]
        known = ", ".join(names) or "none, it has no such layers"
        raise ValueError(f"layer {node.name} has no filters: use one of {known}")
    return node.kind.filters(nodes, node)
