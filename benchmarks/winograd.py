"""Would Winograd's transformation pay for 3x3 filters? Timed against the tiles whose place it would
take.

    python benchmarks/winograd.py

F(2x2, 3x3) makes four outputs of a patch of 4x4 with 16 multiplications instead of 36 (Lavin and
Gray, 2016): patches and filters are transformed, 16 matrix products follow, and their results are
transformed back. One thread, in turns.
"""

import time

import numpy as np
import report

from cnnlab import kernels
from cnnlab.kernels import threads
from cnnlab.kernels.cpu.jit import compiled
from cnnlab.kernels.window import Window

SHAPES = (
    (64, 8, 64, 128),
    (64, 16, 32, 64),
    (1, 224, 64, 64),
    (1, 56, 256, 256),
    (1, 14, 512, 512),
)  # N, size, C, K
FILTERS = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], np.float32)
WINDOW = Window(kernel=(3, 3), stride=(1, 1), pad_before=(1, 1), dilation=(1, 1))
TOGETHER = 256  # patches that go through the products at once, or those of one image
TURNS = 11


@compiled
def input_transform(x, V):
    """Patches of all images ``x``, transformed: ``V (16, patches, C)``."""
    N, H, W, C = x.shape
    patch = np.zeros((4, 4, C), x.dtype)
    rows = np.zeros((4, 4, C), x.dtype)
    t = 0
    for n in range(N):
        for i in range(-1, H - 1, 2):
            for j in range(-1, W - 1, 2):
                for a in range(4):
                    for b in range(4):
                        inside = 0 <= i + a < H and 0 <= j + b < W
                        for c in range(C):
                            patch[a, b, c] = x[n, i + a, j + b, c] if inside else 0
                for b in range(4):
                    for c in range(C):
                        rows[0, b, c] = patch[0, b, c] - patch[2, b, c]
                        rows[1, b, c] = patch[1, b, c] + patch[2, b, c]
                        rows[2, b, c] = patch[2, b, c] - patch[1, b, c]
                        rows[3, b, c] = patch[1, b, c] - patch[3, b, c]
                for a in range(4):
                    for c in range(C):
                        V[4 * a, t, c] = rows[a, 0, c] - rows[a, 2, c]
                        V[4 * a + 1, t, c] = rows[a, 1, c] + rows[a, 2, c]
                        V[4 * a + 2, t, c] = rows[a, 2, c] - rows[a, 1, c]
                        V[4 * a + 3, t, c] = rows[a, 1, c] - rows[a, 3, c]
                t += 1


@compiled
def output_transform(M, y):
    """The products ``M (16, patches, K)``, transformed back into four places of y each."""
    N, H, W, K = y.shape
    t = 0
    for n in range(N):
        for i in range(0, H, 2):
            for j in range(0, W, 2):
                for k in range(K):
                    for a in range(2):
                        s = (
                            1 - 2 * a
                        )  # row 0 adds the first three, row 1 subtracts the third and the fourth
                        f = 4 * a
                        g = 4 + 4 * a
                        h = 8 + 4 * a
                        c0 = M[f, t, k] + s * M[g, t, k] + s * M[h, t, k]
                        c1 = M[f + 1, t, k] + s * M[g + 1, t, k] + s * M[h + 1, t, k]
                        c2 = M[f + 2, t, k] + s * M[g + 2, t, k] + s * M[h + 2, t, k]
                        c3 = M[f + 3, t, k] + s * M[g + 3, t, k] + s * M[h + 3, t, k]
                        y[n, i + a, j, k], y[n, i + a, j + 1, k] = c0 + c1 + c2, c1 - c2 - c3
                t += 1


def winograd(x, w, y, V, M):
    """A convolution with 3x3 filters, padding 1, images of even size."""
    U = np.einsum("au,kuvc,bv->abck", FILTERS, w, FILTERS, optimize=True).reshape(
        16, x.shape[3], len(w)
    )
    of_one = x.shape[1] * x.shape[2] // 4
    step = max(1, TOGETHER // of_one)
    for n in range(0, len(x), step):
        images = slice(n, n + step)
        count = len(x[images]) * of_one
        input_transform(x[images], V)
        for place in range(16):
            np.dot(V[place, :count], U[place], out=M[place, :count])
        output_transform(M, y[images])


def row(N, size, C, K):
    """What is shown for one shape; nothing is timed that is not right first."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((N, size, size, C), np.float32)
    w = rng.standard_normal((K, 3, 3, C), np.float32)
    b, y, other = np.zeros(K, np.float32), *np.empty((2, N, size, size, K), np.float32)
    patches = max(TOGETHER, size * size // 4)
    V, M = np.empty((16, patches, C), np.float32), np.empty((16, patches, K), np.float32)
    calls = (
        lambda: kernels.get_backend("tiled").conv2d(x, w, b, y, WINDOW, 1),
        lambda: winograd(x, w, other, V, M),
    )
    found = np.array([[_seconds(call) for call in calls] for _ in range(TURNS + 1)][1:])
    error = np.abs(other - y).max() / np.abs(y).max()
    assert error < 1e-5, error
    ours, theirs = 1e3 * np.median(found, axis=0)
    ratio = np.median(found[:, 1] / found[:, 0])
    return [
        f"{N} x {size}x{size}x{C} → {K}",
        f"{ours:.3g} ms",
        f"{theirs:.3g} ms",
        f"{ratio:.2f}",
        f"{error:.0e}",
    ]


def _seconds(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main():
    threads.set_count(1)
    threads.single_blas()
    header = [
        "3x3, padding 1",
        "tile",
        "Winograd",
        "Winograd's time by the tile's",
        "difference by the largest",
    ]
    report.write(
        "Winograd's transformation", INTRO + report.table(header, [row(*shape) for shape in SHAPES])
    )


INTRO = """The tile does 2.25 times the multiplications. Yet for the small nets of the lessons it
is as fast: what Winograd saves in the products goes into four times the memory and two
transformations. With 256 filters it would gain, with 512 the transformation of the filters costs
more than it saves unless it is kept. The kernels do without.

"""

if __name__ == "__main__":
    main()
