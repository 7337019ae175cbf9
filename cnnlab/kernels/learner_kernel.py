"""A learner's own kernel on a real GPU, and as the text that the compiler makes of it.

Only the extra [cuda] brings a compiler; Numba's own old CUDA target is left alone, for it warns and
lacks one.
"""

import warnings
from functools import lru_cache
from importlib.util import find_spec
from types import CellType, FunctionType

WAY_OUT = (
    'install it with pip install "cnnlab[cuda]" on Linux or Windows, "cnnlab[cuda12]" for '
    "a driver before 580"
)


class NoCompilerError(ImportError):
    """There is no CUDA compiler here."""


def compiler():
    """The module ``numba.cuda`` of the extra [cuda], not its simulator, or NoCompilerError."""
    if find_spec("numba_cuda") is None:
        raise NoCompilerError(f"there is no CUDA compiler here: {WAY_OUT}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from numba import config, cuda
    except Exception as error:
        raise NoCompilerError(
            f"numba.cuda cannot be loaded ({type(error).__name__}): {WAY_OUT}"
        ) from None
    if config.ENABLE_CUDASIM:
        raise NoCompilerError(
            "NUMBA_ENABLE_CUDASIM is set, so numba.cuda only simulates: start Python without it"
        )
    return cuda


@lru_cache(maxsize=1)
def device():
    """The name of the GPU that can be used, or None; it never raises."""
    try:
        cuda = compiler()
        name = cuda.get_current_device().name if cuda.is_available() else None
    except Exception:
        return None
    return name.decode() if isinstance(name, bytes) else name


def start(kernel, words, blocks, threads, arrays):
    """Run ``kernel`` on the GPU, numba.cuda for ``words``; ValueError if it does not compile."""
    cuda = compiler()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about small grids, and arrays that must be copied
        try:
            cuda.jit(with_words(kernel, words, cuda))[blocks, threads](*arrays)
            cuda.synchronize()
        except Exception as error:
            raise _refused(kernel, error) from None


def compile_ptx(kernel, words, arrays, cc):
    """The PTX of ``kernel`` for compute capability ``cc``; ValueError if it does not compile."""
    cuda = compiler()
    from numba import typeof

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return cuda.compile_ptx(
                with_words(kernel, words, cuda), tuple(map(typeof, arrays)), cc=cc
            )[0]
        except Exception as error:
            raise _refused(kernel, error) from None


def with_words(kernel, words, cuda):
    """The same function, with ``cuda`` wherever it names ``words``."""

    def put(value):
        return cuda if value is words else value

    cells = tuple(CellType(put(cell.cell_contents)) for cell in kernel.__closure__ or ())
    space = {name: put(value) for name, value in kernel.__globals__.items()}
    return FunctionType(kernel.__code__, space, kernel.__name__, kernel.__defaults__, cells)


def _refused(kernel, error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    why = next((line for line in lines if not line.startswith("Failed in")), type(error).__name__)
    return ValueError(f"{kernel.__name__} does not run on a GPU: {why}")
