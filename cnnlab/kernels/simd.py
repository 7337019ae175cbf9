"""Vectors and register tiles for Numba: the unrolled heart of the tiled kernels.

A processor adds and multiplies whole vectors of numbers at once: 4, 8 or 16 in float32, by its make. Numba has no word
for a vector that stays in a register, so the functions here emit the machine-independent code of LLVM themselves; a
kernel calls them like any other function.

A ``Tile`` is a rectangle of sums kept in registers: ``rows`` places times ``vectors`` vectors of ``width`` lanes. It is
a *type* for Numba, so that one kernel serves every tile and each has its own entry in the cache on disk.
"""

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from zlib import crc32

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, intrinsic, models, register_model, unbox

# Numba's cache notices when a kernel's own file changes, but not this one: so its stamp is in every tile's name.
STAMP = crc32(Path(__file__).read_bytes())
ALIGN = 4  # bytes: rows of images begin anywhere
F32_BYTES = 4
I32, I64, F32 = ir.IntType(32), ir.IntType(64), ir.FloatType()


@dataclass(frozen=True)
class Tile:
    """``rows`` places times ``vectors`` vectors of ``width`` float32 lanes. (No tuple: Numba takes those for alike.)"""

    rows: int
    vectors: int
    width: int

    @property
    def lanes(self):
        """How many filters a tile computes side by side."""
        return self.vectors * self.width

    @cached_property
    def _numba_type_(self):
        return TileType(self.rows, self.vectors, self.width)


class TileType(types.Type):
    """The type of a Tile: all it knows is in its name, and nothing is left of it in the machine code."""

    def __init__(self, rows, vectors, width):
        self.tile = Tile(rows, vectors, width)
        super().__init__(name=f"tile({rows}, {vectors}, {width}) of {STAMP}")


class VectorType(types.Type):
    """``width`` float32 numbers in one register (or several, where registers are narrower)."""

    def __init__(self, width):
        self.width = width
        super().__init__(name=f"vector({width})")


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, ir.VectorType(F32, kind.width))


register_model(TileType)(models.OpaqueModel)


@unbox(TileType)
def _tile_from_python(kind, tile, context):
    return NativeValue(context.context.get_dummy_value())


@infer_getattr
class _TileAttributes(AttributeTemplate):
    """``tile.rows`` and ``tile.lanes`` are constants of the code that is compiled for a tile."""

    key = TileType

    def resolve_rows(self, kind):
        return types.intp

    def resolve_lanes(self, kind):
        return types.intp


@lower_getattr(TileType, "rows")
def _rows(context, builder, kind, value):
    return context.get_constant(types.intp, kind.tile.rows)


@lower_getattr(TileType, "lanes")
def _lanes(context, builder, kind, value):
    return context.get_constant(types.intp, kind.tile.lanes)


@lru_cache(maxsize=1)
def width():
    """Lanes of a vector on this machine: what its instructions hold, or CNNLAB_VECTOR."""
    forced = os.environ.get("CNNLAB_VECTOR")
    return int(forced) if forced else 16 if _has("avx512f") else 8 if _has("avx2") else 4


@lru_cache(maxsize=1)
def registers():
    """How many vector registers there are: 32 with AVX-512 and on ARM, else 16."""
    return 32 if _has("avx512vl") or _has("neon") else 16


def _has(feature):
    try:
        return llvm.get_host_cpu_features().get(feature, False)
    except RuntimeError:  # LLVM does not know this system
        return False


class _Code:
    """Emits LLVM code for one tile: addresses, loads, stores, and sums in registers."""

    def __init__(self, context, builder, tile):
        self.context, self.b, self.tile = context, builder, tile
        self.vector = ir.VectorType(F32, tile.width)
        self.mask = ir.VectorType(ir.IntType(1), tile.width)

    def address(self, kind, array, place):
        data = self.context.make_array(kind)(self.context, self.b, array).data
        return self.b.gep(data, [place])

    def as_vector(self, address, v=0):
        return self.b.bitcast(self.b.gep(address, [I64(v * self.tile.width)]), self.vector.as_pointer())

    def load(self, address, v=0):
        made = self.b.load(self.as_vector(address, v))
        made.align = ALIGN
        return made

    def store(self, value, address, v=0):
        self.b.store(value, self.as_vector(address, v)).align = ALIGN

    def store_lanes(self, value, address, v, lanes):
        """Write only the lanes that there are: the last filters seldom fill a vector."""
        kind = ir.FunctionType(ir.VoidType(), [self.vector, self.vector.as_pointer(), I32, self.mask])
        name = f"llvm.masked.store.v{self.tile.width}f32.p0"
        function = cgutils.get_or_insert_function(self.b.module, kind, name)
        self.b.call(function, [value, self.as_vector(address, v), I32(ALIGN), self.first(lanes, v)])

    def first(self, lanes, v):
        """True for the lanes of vector ``v`` that lie before ``lanes``."""
        numbers = ir.VectorType(I32, self.tile.width)
        left = self.b.trunc(self.b.sub(lanes, I64(v * self.tile.width)), I32)
        return self.b.icmp_signed(
            "<", ir.Constant(numbers, list(range(self.tile.width))), self.everywhere(left, numbers)
        )

    def everywhere(self, number, kind):
        """One number in all lanes."""
        nothing = ir.Constant(kind, ir.Undefined)
        one = self.b.insert_element(nothing, number, I32(0))
        zeros = ir.Constant(ir.VectorType(I32, self.tile.width), [0] * self.tile.width)
        return self.b.shuffle_vector(one, nothing, zeros)

    def multiply_add(self, number, vector, total):
        """``total + number · vector``, rounded once."""
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        function = cgutils.get_or_insert_function(self.b.module, kind, f"llvm.fma.v{self.tile.width}f32")
        return self.b.call(function, [self.everywhere(number, self.vector), vector, total])

    def each(self):
        """Row, vector and number of every sum of the tile."""
        V = self.tile.vectors
        return [(r, v, r * V + v) for r in range(self.tile.rows) for v in range(V)]


def _sums(tile):
    return types.UniTuple(VectorType(tile.width), tile.rows * tile.vectors)


def _places(tile):
    return types.UniTuple(types.intp, tile.rows)


@intrinsic
def nothing(typing, kind):
    """``nothing(tile)``: all sums 0."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = _Code(context, b, tile)
        zero = ir.Constant(code.vector, [0.0] * tile.width)
        return cgutils.pack_array(b, [zero] * (tile.rows * tile.vectors))

    return _sums(tile)(kind), emit


@intrinsic
def beginning(typing, kind, biases, at):
    """``beginning(tile, biases, at)``: every row of sums begins as ``biases[at : at + lanes]``."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = _Code(context, b, tile)
        address = code.address(signature.args[1], args[1], args[2])
        row = [code.load(address, v) for v in range(tile.vectors)]
        return cgutils.pack_array(b, row * tile.rows)

    return _sums(tile)(kind, biases, types.intp), emit


@intrinsic
def places(typing, kind, table, first, count, shift):
    """``places(tile, table, first, count, shift)``: ``shift + table[first + r]`` for every row r of the tile.

    Rows beyond the last of ``count`` repeat it: they compute it once more, and no remainder needs code of its own.
    """
    tile = kind.tile

    def emit(context, b, signature, args):
        code = _Code(context, b, tile)
        _, table, first, count, shift = args
        found, last = [], b.sub(count, I64(1))
        for r in range(tile.rows):
            at = b.add(first, I64(r))
            at = b.select(b.icmp_signed("<", at, last), at, last)
            found.append(b.add(shift, b.load(code.address(signature.args[1], table, at))))
        return cgutils.pack_array(b, found)

    return _places(tile)(kind, table, types.intp, types.intp, types.intp), emit


@intrinsic
def step(typing, kind, sums, x, at, shift, w, row):
    """``step(tile, sums, x, at, shift, w, row)``: ``sums[r, :] += x[at[r] + shift] · w[row : row + lanes]``.

    One number of each place meets one row of weights: rows × vectors multiply-adds for rows + vectors loads.
    """
    tile = kind.tile

    def emit(context, b, signature, args):
        code = _Code(context, b, tile)
        _, sums, x, at, shift, w, row = args
        inputs, weights = code.address(signature.args[2], x, shift), code.address(signature.args[5], w, row)
        vectors = [code.load(weights, v) for v in range(tile.vectors)]
        numbers = [b.load(b.gep(inputs, [b.extract_value(at, r)])) for r in range(tile.rows)]
        for r, v, k in code.each():
            total = code.multiply_add(numbers[r], vectors[v], b.extract_value(sums, k))
            sums = b.insert_value(sums, total, k)
        return sums

    return _sums(tile)(kind, sums, x, at, types.intp, w, types.intp), emit


@intrinsic
def store(typing, kind, sums, y, at, shift, lanes):
    """``store(tile, sums, y, at, shift, lanes)``: row r goes to ``y[at[r] + shift]`` and on, ``lanes`` of it."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = _Code(context, b, tile)
        _, sums, y, at, shift, lanes = args
        outputs = code.address(signature.args[2], y, shift)
        for r, v, k in code.each():
            code.store_lanes(b.extract_value(sums, k), b.gep(outputs, [b.extract_value(at, r)]), v, lanes)
        return context.get_dummy_value()

    return types.void(kind, sums, y, at, types.intp, types.intp), emit


@intrinsic
def add(typing, kind, sums, y, at, lanes):
    """``add(tile, sums, y, at, lanes)``: add row ``at + r`` of sums to rows of ``y`` that are ``lanes`` long."""
    tile = kind.tile

    def emit(context, b, signature, args):
        code = _Code(context, b, tile)
        _, sums, y, at, lanes = args
        for r, v, k in code.each():
            address = code.address(signature.args[2], y, b.add(at, b.mul(lanes, I64(r))))
            code.store(b.fadd(code.load(address, v), b.extract_value(sums, k)), address, v)
        return context.get_dummy_value()

    return types.void(kind, sums, y, types.intp, types.intp), emit


@intrinsic
def copy(typing, target, to, source, at, count):
    """``copy(target, to, source, at, count)``: so many numbers from ``source[at]`` on to ``target[to]`` and on."""

    def emit(context, b, signature, args):
        ends = [(signature.args[k], args[k], args[k + 1]) for k in (0, 2)]
        data = [b.gep(context.make_array(kind)(context, b, array).data, [place]) for kind, array, place in ends]
        cgutils.raw_memcpy(b, *data, args[4], F32_BYTES)
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp, types.intp), emit
