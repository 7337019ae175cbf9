"""Arrays on the GPU that NumPy's own functions know, and all that is sent to them and fetched.

A DeviceArray holds numbers in the GPU's memory, in C order. The kernels write into it;
``np.add(a, b, out=c)``, ``a *= 2`` and the like run there too. Anything NumPy does beyond that is
done on a copy that is fetched.
"""

from types import SimpleNamespace

import numpy as np
from numba import cuda

from .launch import launch_1d
from .ufuncs import FUNCTIONS, fill, kernel_for, meets, repeats, takes

# Methods of NumPy whose changes a fetched copy would lose.
CHANGES = (
    "byteswap",
    "fill",
    "itemset",
    "partition",
    "put",
    "resize",
    "setfield",
    "setflags",
    "sort",
)
# Functions of NumPy that write into their first argument.
WRITERS = (
    np.copyto,
    np.put,
    np.place,
    np.putmask,
    np.fill_diagonal,
    np.put_along_axis,
)


class DeviceArray(np.lib.mixins.NDArrayOperatorsMixin):
    """Numbers in the GPU's memory, with NumPy's shape, arithmetic and rows ``a[2:5]``.

    ``np.asarray(a)`` and ``a.numpy()`` fetch a copy; ``a[...] = b`` sends one. What NumPy's
    functions are given can only be read, so that no write into a copy is lost.
    """

    on_gpu = True

    def __init__(self, data):
        self.data = data

    shape = property(lambda self: tuple(self.data.shape))
    dtype = property(lambda self: np.dtype(self.data.dtype))
    ndim = property(lambda self: len(self.data.shape))
    size = property(lambda self: int(np.prod(self.data.shape)))
    nbytes = property(lambda self: self.size * self.dtype.itemsize)

    @property
    def __cuda_array_interface__(self):
        return self.data.__cuda_array_interface__

    def __len__(self):
        return self.shape[0]

    def __repr__(self):
        return f"DeviceArray({self.dtype}, {self.shape})"

    def numpy(self):
        """A copy in the processor's memory."""
        return self.data.copy_to_host() if self.size else np.empty(self.shape, self.dtype)

    def __array__(self, dtype=None, copy=None):
        array = self.numpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __deepcopy__(self, memo):
        return self.copy()

    def reshape(self, *shape):
        shape = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        known = -int(np.prod(shape))
        shape = tuple(self.size // known if n == -1 and known else n for n in shape)
        if -1 in shape or int(np.prod(shape)) != self.size:
            raise ValueError(
                f"an array of shape {self.shape} cannot take the shape {shape}: the sizes "
                f"must agree"
            )
        return DeviceArray(self.data.reshape(*shape)) if self.size else empty(shape, self.dtype)

    def copy(self):
        made = empty(self.shape, self.dtype)
        made[...] = self
        return made

    def astype(self, dtype, copy=True):
        if self.dtype == dtype:
            return self.copy() if copy else self
        return asarray(self.numpy().astype(dtype))

    def item(self):
        return self.numpy().item()

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __bool__(self):
        return bool(self.numpy())

    def __copy__(self):
        return self.copy()

    def __getitem__(self, rows):
        if isinstance(rows, slice) and rows.step in (None, 1):
            return DeviceArray(self.data[rows])
        return _read_only(self.numpy())[rows]

    def __setitem__(self, index, value):
        target = self if index is Ellipsis else self[index]
        if not isinstance(target, DeviceArray):
            raise TypeError(
                "only whole rows of an array on the GPU can be set: use a[2:5] = ..., or fetch it"
            )
        if target.size:
            _assign(target, value)

    @property
    def flags(self):
        return SimpleNamespace(c_contiguous=True)

    def __getattr__(self, name):
        """All else that NumPy's arrays can be asked: of a copy that is fetched."""
        if name.startswith("_") or name in CHANGES or not hasattr(np.ndarray, name):
            raise AttributeError(f"an array on the GPU has no {name}: fetch it with a.numpy()")
        return getattr(_read_only(self.numpy()), name)

    def __iter__(self):
        return iter(_read_only(self.numpy()))

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if method == "__call__" and not options:
            made = _elementwise(ufunc, inputs, out[0] if out else None)
            if made is not NotImplemented:
                return made
        if method == "at" or any(isinstance(one, DeviceArray) for one in out or ()):
            raise _cannot_write(ufunc)
        return getattr(ufunc, method)(*fetched(inputs), **options, **({"out": out} if out else {}))

    def __array_function__(self, function, types, args, kwargs):
        if function in (np.empty_like, np.zeros_like) and args and not kwargs.keys() - {"dtype"}:
            dtype = args[1] if len(args) > 1 else kwargs.get("dtype")
            made = empty(args[0].shape, dtype or args[0].dtype)
            if function is np.zeros_like:
                made[...] = 0
            return made
        written = kwargs.get("out"), *(args[:1] if function in WRITERS else ())
        if any(isinstance(one, DeviceArray) for one in written):
            raise _cannot_write(function)
        return function(
            *fetched(args), **{name: fetched((value,))[0] for name, value in kwargs.items()}
        )


def _elementwise(ufunc, inputs, out):
    """``ufunc(*inputs, out=out)`` on the GPU, or NotImplemented where that is not known how."""
    if ufunc not in FUNCTIONS or not all(_numeric(a) for a in inputs):
        return NotImplemented
    inputs = [
        float(a) if np.ndim(a) == 0 and not isinstance(a, DeviceArray) else asarray(a)
        for a in inputs
    ]
    arrays = [a for a in inputs if isinstance(a, DeviceArray)]
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    dtype = np.result_type(*(a.dtype for a in arrays))
    if not all(repeats(a.shape, shape) for a in arrays) or not takes(out, ufunc, shape):
        return NotImplemented
    if out is not None:
        inputs = [a.copy() if isinstance(a, DeviceArray) and meets(a, out) else a for a in inputs]
    y = empty(shape, dtype) if out is None else out
    kinds = "".join("a" if isinstance(a, DeviceArray) else "n" for a in inputs)
    flat = [a.reshape(-1) if isinstance(a, DeviceArray) else a for a in inputs]
    launch_1d(kernel_for(ufunc, kinds), y.size, *flat, y.reshape(-1))
    return y


def _numeric(a):
    """A number, or floats that the kernels know: NumPy has its own rules for whole numbers."""
    if isinstance(a, (DeviceArray, np.ndarray)) and a.ndim:
        return a.dtype in (np.float32, np.float64) and a.dtype.isnative
    return isinstance(a, (int, float, np.number))


def _assign(target, value):
    """``target[...] = value``: an array that is copied or sent, or one number everywhere."""
    if (
        isinstance(value, DeviceArray)
        and value.shape == target.shape
        and value.dtype == target.dtype
    ):
        target.data.copy_to_device((value.copy() if meets(value, target) else value).data)
    elif np.ndim(value) == 0 and not isinstance(value, DeviceArray):
        fill(target, value)
    else:
        whole = np.broadcast_to(np.asarray(value, target.dtype), target.shape)
        target.data.copy_to_device(np.ascontiguousarray(whole))


def _read_only(a):
    """A fetched copy, read-only so that it is not taken for the GPU's."""
    a.setflags(write=False)
    return a


def _cannot_write(function):
    name = function.__name__
    return TypeError(
        f"{name} cannot write into an array on the GPU: write a[...] = np.{name}(...) instead"
    )


def fetched(values):
    """The values, those on the GPU as copies in the processor's memory, in lists and tuples too."""
    return tuple(
        _read_only(v.numpy())
        if isinstance(v, DeviceArray)
        else type(v)(fetched(v))
        if type(v) in (list, tuple)
        else v
        for v in values
    )


def empty(shape, dtype=np.float32):
    """A new array on the GPU, its contents undefined."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    return DeviceArray(cuda.device_array(shape, np.dtype(dtype)))


def asarray(a, dtype=None):
    """``a`` on the GPU: itself if it is there, CuPy's and PyTorch's without a copy, else a copy."""
    if not isinstance(a, DeviceArray):
        if hasattr(a, "__cuda_array_interface__"):
            a = _adopted(a)
        else:
            return DeviceArray(cuda.to_device(np.ascontiguousarray(a, dtype)))
    return a if dtype is None or a.dtype == dtype else a.astype(dtype)


def _adopted(a):
    array = cuda.as_cuda_array(a)
    if not array.is_c_contiguous():
        raise ValueError(
            f"the array of shape {tuple(array.shape)} on the GPU is not in C order: make it "
            f"contiguous"
        )
    return DeviceArray(array)
