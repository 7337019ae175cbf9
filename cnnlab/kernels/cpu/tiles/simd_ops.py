"""What a kernel does with a tile: begin its sums, take a step, store them. See ``simd``.

Each function is written once, in Python, for tiles of every size: the loops run while the code is
made, so the code itself has none, and every sum keeps its register.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .simd import F32_BYTES, I64, TileEmitter, VectorType


def _sums(tile):
    return types.UniTuple(VectorType(tile.width), tile.rows * tile.vectors)


def _places(tile):
    return types.UniTuple(types.intp, tile.rows)


@intrinsic
def zero_sums(typing, kind):
    """``zero_sums(tile)``: all sums 0."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = TileEmitter(context, b, tile)
        zero = ir.Constant(code.vector, [0.0] * tile.width)
        return cgutils.pack_array(b, [zero] * (tile.rows * tile.vectors))

    return _sums(tile)(kind), emit


@intrinsic
def bias_sums(typing, kind, biases, at):
    """``bias_sums(tile, biases, at)``: every row of sums begins as ``biases[at : at + lanes]``."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = TileEmitter(context, b, tile)
        address = code.address(signature.args[1], args[1], args[2])
        row = [code.load(address, v) for v in range(tile.vectors)]
        return cgutils.pack_array(b, row * tile.rows)

    return _sums(tile)(kind, biases, types.intp), emit


@intrinsic
def row_offsets(typing, kind, table, first, count, shift):
    """``row_offsets(tile, table, first, count, shift)``: ``shift + table[first + r]``, each row r.

    Rows beyond the last of ``count`` repeat it: they compute it once more, and no remainder needs
    code of its own.
    """
    tile = kind.tile

    def emit(context, b, signature, args):
        code = TileEmitter(context, b, tile)
        _, table, first, count, shift = args
        found, last = [], b.sub(count, I64(1))
        for r in range(tile.rows):
            at = b.add(first, I64(r))
            at = b.select(b.icmp_signed("<", at, last), at, last)
            found.append(b.add(shift, b.load(code.address(signature.args[1], table, at))))
        return cgutils.pack_array(b, found)

    return _places(tile)(kind, table, types.intp, types.intp, types.intp), emit


@intrinsic
def multiply_add(typing, kind, sums, x, at, shift, w, row):
    """``multiply_add(tile, sums, x, at, shift, w, row)``: one tap, for all places and filters.

    ``sums[r, :] += x[at[r] + shift] · w[row : row + lanes]``

    One number of each place meets one row of weights: rows × vectors multiply-adds for rows +
    vectors loads. A depthwise tile reads ``x[at[r] + shift + lane]`` for each lane instead.
    """
    tile = kind.tile

    def emit(context, b, signature, args):
        code = TileEmitter(context, b, tile)
        _, sums, x, at, shift, w, row = args
        inputs = code.address(signature.args[2], x, shift)
        weights = code.address(signature.args[5], w, row)
        vectors = [code.load(weights, v) for v in range(tile.vectors)]
        factors = [code.factors(b.gep(inputs, [b.extract_value(at, r)])) for r in range(tile.rows)]
        for r, v, k in code.each():
            total = code.fma(factors[r][v], vectors[v], b.extract_value(sums, k))
            sums = b.insert_value(sums, total, k)
        return sums

    return _sums(tile)(kind, sums, x, at, types.intp, w, types.intp), emit


@intrinsic
def store(typing, kind, sums, y, at, shift, lanes):
    """``store(tile, sums, y, at, shift, lanes)``: row r to ``y[at[r] + shift]`` and on."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = TileEmitter(context, b, tile)
        _, sums, y, at, shift, lanes = args
        outputs = code.address(signature.args[2], y, shift)
        for r, v, k in code.each():
            code.store_lanes(
                b.extract_value(sums, k), b.gep(outputs, [b.extract_value(at, r)]), v, lanes
            )
        return context.get_dummy_value()

    return types.void(kind, sums, y, at, types.intp, types.intp), emit


@intrinsic
def add(typing, kind, sums, y, at, lanes):
    """``add(tile, sums, y, at, lanes)``: add row r of sums to ``y[at + r · lanes]`` and on."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = TileEmitter(context, b, tile)
        _, sums, y, at, lanes = args
        for r, v, k in code.each():
            address = code.address(signature.args[2], y, b.add(at, b.mul(lanes, I64(r))))
            code.store(b.fadd(code.load(address, v), b.extract_value(sums, k)), address, v)
        return context.get_dummy_value()

    return types.void(kind, sums, y, types.intp, types.intp), emit


@intrinsic
def copy(typing, target, to, source, at, count):
    """``copy(target, to, source, at, count)``: ``target[to : to + count] = source[at : …]``."""

    def emit(context, b, signature, args):
        ends = [(signature.args[k], args[k], args[k + 1]) for k in (0, 2)]
        data = [
            b.gep(context.make_array(kind)(context, b, array).data, [place])
            for kind, array, place in ends
        ]
        cgutils.raw_memcpy(b, *data, args[4], F32_BYTES)
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp, types.intp), emit
