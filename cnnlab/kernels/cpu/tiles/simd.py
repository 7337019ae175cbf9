"""Vectors and register tiles for Numba: the unrolled heart of the tiled kernels.

A processor adds and multiplies whole vectors of numbers at once: 4, 8 or 16 in float32, by its
make. Numba has no word for a vector that stays in a register, so the functions of ``simd_ops`` emit
the machine-independent code of LLVM themselves, with the TileEmitter that is here; a kernel calls
them like any other function.

A ``Tile`` is a rectangle of sums kept in registers: ``rows`` places times ``vectors`` vectors of
``width`` lanes. It is a *type* for Numba, so that one kernel serves every tile and each has its own
entry in the cache on disk.
"""

import os
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from zlib import crc32

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, unbox

# Numba's cache notices when a kernel's own file changes, but not these two: so their stamp is in
# every tile's name.
STAMP = crc32(
    b"".join(Path(__file__).with_name(name).read_bytes() for name in ("simd.py", "simd_ops.py"))
)
ALIGN = 4  # bytes: rows of images begin anywhere
F32_BYTES = 4
I32 = ir.IntType(32)
I64 = ir.IntType(64)
F32 = ir.FloatType()


@dataclass(frozen=True)
class Tile:
    """``rows`` places times ``vectors`` vectors of ``width`` float32 lanes.

    It is no tuple, for all tuples of as many ints have one type in Numba.

    ``depthwise``: every lane reads a channel of its own, where otherwise all lanes read the same
    one.
    """

    rows: int
    vectors: int
    width: int
    depthwise: bool = False

    @property
    def lanes(self):
        """How many filters a tile computes side by side."""
        return self.vectors * self.width

    @property
    def panel_stride(self):
        """Numbers from what one panel reads to what the next reads; 0 where all read the same."""
        return self.lanes if self.depthwise else 0

    @cached_property
    def _numba_type_(self):
        return TileType(self)


class TileType(types.Type):
    """The type of a Tile: all it knows is in its name, nothing is left of it in machine code."""

    def __init__(self, tile):
        self.tile = replace(tile)  # a copy without this type, so that both can be pickled
        super().__init__(name=f"{tile} of {STAMP}")


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
    """``tile.rows``, ``lanes`` and ``panel_stride``: constants of the code compiled for a tile."""

    key = TileType

    def resolve_rows(self, kind):
        return types.intp

    def resolve_lanes(self, kind):
        return types.intp

    def resolve_panel_stride(self, kind):
        return types.intp


@lower_getattr(TileType, "rows")
def _rows(context, builder, kind, value):
    return context.get_constant(types.intp, kind.tile.rows)


@lower_getattr(TileType, "lanes")
def _lanes(context, builder, kind, value):
    return context.get_constant(types.intp, kind.tile.lanes)


@lower_getattr(TileType, "panel_stride")
def _panel_stride(context, builder, kind, value):
    return context.get_constant(types.intp, kind.tile.panel_stride)


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


class TileEmitter:
    """Emits LLVM code for one tile: addresses, loads, stores, and sums in registers."""

    def __init__(self, context, builder, tile):
        self.context = context
        self.b = builder
        self.tile = tile
        self.vector = ir.VectorType(F32, tile.width)
        self.mask = ir.VectorType(ir.IntType(1), tile.width)

    def address(self, kind, array, place):
        data = self.context.make_array(kind)(self.context, self.b, array).data
        return self.b.gep(data, [place])

    def as_vector(self, address, v=0):
        return self.b.bitcast(
            self.b.gep(address, [I64(v * self.tile.width)]), self.vector.as_pointer()
        )

    def load(self, address, v=0):
        made = self.b.load(self.as_vector(address, v))
        made.align = ALIGN
        return made

    def store(self, value, address, v=0):
        self.b.store(value, self.as_vector(address, v)).align = ALIGN

    def store_lanes(self, value, address, v, lanes):
        """Write only the lanes that there are: the last filters seldom fill a vector."""
        kind = ir.FunctionType(
            ir.VoidType(), [self.vector, self.vector.as_pointer(), I32, self.mask]
        )
        name = f"llvm.masked.store.v{self.tile.width}f32.p0"
        function = cgutils.get_or_insert_function(self.b.module, kind, name)
        target, mask = self.as_vector(address, v), self.lanes_before(lanes, v)
        self.b.call(function, [value, target, I32(ALIGN), mask])

    def lanes_before(self, lanes, v):
        """True for the lanes of vector ``v`` that lie before ``lanes``."""
        numbers = ir.VectorType(I32, self.tile.width)
        left = self.b.trunc(self.b.sub(lanes, I64(v * self.tile.width)), I32)
        return self.b.icmp_signed(
            "<", ir.Constant(numbers, list(range(self.tile.width))), self.broadcast(left, numbers)
        )

    def broadcast(self, number, kind):
        """One number in all lanes."""
        undefined = ir.Constant(kind, ir.Undefined)
        one = self.b.insert_element(undefined, number, I32(0))
        zeros = ir.Constant(ir.VectorType(I32, self.tile.width), [0] * self.tile.width)
        return self.b.shuffle_vector(one, undefined, zeros)

    def factors(self, address):
        """What meets each vector of a row of weights: one number in all lanes, or one for each."""
        if self.tile.depthwise:
            return [self.load(address, v) for v in range(self.tile.vectors)]
        return [self.broadcast(self.b.load(address), self.vector)] * self.tile.vectors

    def fma(self, factor, vector, total):
        """``total + factor · vector``, rounded once."""
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        function = cgutils.get_or_insert_function(
            self.b.module, kind, f"llvm.fma.v{self.tile.width}f32"
        )
        return self.b.call(function, [factor, vector, total])

    def each(self):
        """Row, vector and number of every sum of the tile."""
        V = self.tile.vectors
        return [(r, v, r * V + v) for r in range(self.tile.rows) for v in range(V)]
