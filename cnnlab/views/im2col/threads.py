"""The grid of CUDA threads for a convolution: one thread an output, in square blocks."""


def grid(out, block, say):
    """``{"block", "blocks", "rows", "columns"}`` for outputs ``out = (OH, OW)``.

    ``rows[i]`` is ``{"block", "thread", "line"}`` of all threads with that ``i``, also where i is
    not below OH.
    """
    blocks = [-(-n // block) for n in out]
    rows, columns = (
        [index(axis, at, block, say) for at in range(n * block)]
        for axis, n in zip("ij", blocks, strict=True)
    )
    return {"block": block, "blocks": blocks, "rows": rows, "columns": columns}


def index(axis, at, block, say):
    """How a thread finds its ``i`` or ``j``: its block, its place in the block, and the line of
    code with numbers.
    """
    words = {"block": at // block, "thread": at % block}
    return {**words, "line": say(f"im2col.thread_{axis}", size=block, at=at, **words)}


def idle(out, threads, filters):
    """How many blocks and threads there are for all filters, and how many of the threads have no
    output.
    """
    blocks = filters * threads["blocks"][0] * threads["blocks"][1]
    total = blocks * threads["block"] ** 2
    return {"blocks": blocks, "threads": total, "idle": total - filters * out[0] * out[1]}
