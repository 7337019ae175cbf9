"""Sequential, the net: layers one after another, with input checks and errors that explain.

A net is given what its layers put out and how large the images are; it infers every shape when it
is built and makes the parameters when they are first needed, so that even a huge net can be
counted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from . import kernels, storage, validation
from .layers.base import Layer
from .layers.container import LayerList, leaves
from .ledger import Ledger, row
from .net_input import NetInput, input_shape_of
from .prediction import Prediction
from .typing import Array, ArrayLike, Seed, Shape


class Sequential(NetInput, Prediction, LayerList):
    """A net: layers one after another.

    Layers taken from another net bring their parameters along and share them with it. ``net(x)`` is
    ``net.forward(x)``; ``net[0]`` is its first layer, ``net[1:]`` a tuple of layers, and
    ``len(net)`` and ``for layer in net`` count and go through them. A net serves one thread at a
    time.

    Arguments:
        *layers: the layers, the first one first.
        input_shape: the shape of one image, ``(H, W, C)``; without it the first batch gives it.
        seed: determines the parameters; None for others each time.
        dtype: float32 or float64.

    Raises:
        MisfitError: sizes do not fit; it names the layer.

    Examples:
        >>> from cnnlab import Conv2d, Flatten, Linear, ReLU
        >>> net = cnnlab.Sequential(
        ...     Conv2d(20, 5), ReLU(), Flatten(), Linear(10), input_shape=(28, 28, 1)
        ... )
        >>> net.output_shape, net.parameter_count
        ((10,), 115730)
    """

    def __init__(
        self,
        *layers: Layer,
        input_shape: Shape | None = None,
        seed: Seed = 0,
        dtype: Any = np.float32,
    ) -> None:
        super().__init__(*layers)
        self.seed, self.dtype = validation.seed(seed), validation.float_dtype(dtype)
        self._ready = False
        self._batch = None
        self._memories = ()
        if input_shape is not None:
            self.infer_shapes(input_shape_of(input_shape))

    def __call__(self, x: ArrayLike) -> Array:
        return self.forward(x)

    def __getitem__(self, index):
        try:
            return self.layers[index]
        except (IndexError, TypeError) as error:  # IndexError is what ends a loop, too
            raise type(error)(
                f"there is no layer {index!r}: use a place from 0 to {len(self) - 1}"
            ) from None

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __bool__(self):
        return True  # also a net of no layers is one

    def init(self, rng: np.random.Generator | None = None, dtype: Any = None) -> None:
        """Make the parameters now.

        Arguments:
            rng: a NumPy Generator to draw them from; one of the net's own seed if None.
            dtype: float32 or float64; the net's own if None.
        """
        self._known()
        rng = np.random.default_rng(self.seed) if rng is None else rng
        self.dtype = self.dtype if dtype is None else validation.float_dtype(dtype)
        super().init(rng, self.dtype)
        self._ready = True

    def _prepare(self):
        if not self._ready:
            self.init()

    @property
    def params(self):
        """All parameters by name, such as ``"0.weight"``; made now if there are none yet."""
        self._prepare()
        return super().params

    @property
    def trainable_params(self):
        """The parameters that training moves: all but those of frozen layers."""
        self._prepare()
        return super().trainable_params

    @property
    def grads(self):
        """The gradients of the last backward pass, by the names of the parameters."""
        self._prepare()
        return super().grads

    @property
    def state(self):
        """What is kept but not trained, such as ``"1.running_mean"``."""
        self._prepare()
        return super().state

    def to(self, device: str) -> Sequential:
        """Move the net to the memory of a device, and return it. Batches are sent there.

        On the GPU ``params`` and the results of ``forward`` and ``backward`` are device arrays:
        ``np.asarray`` fetches them. An optimiser starts again after a move.

        Arguments:
            device: ``"cuda"`` for the GPU, ``"cpu"`` for the way back.

        Raises:
            ValueError: there is no such device.
            NoGPUError: there is no GPU.
        """
        validation.choice("device", device, ("cpu", "cuda"))
        if device == "cuda":
            kernels.get_backend("cuda")
        self._prepare()
        self._batch = None
        return super().to(device)

    def forward(self, x: ArrayLike, training: bool = False) -> Array:
        """The output for a batch, as an array of its own.

        Arguments:
            x: images ``(N, H, W, C)``.
            training: True for what is different in training, such as dropout.

        Returns:
            The output ``(N, …)``.

        Raises:
            MisfitError: the images have another size than the net takes.
        """
        x = self.accept(x)
        if not len(x):
            raise ValueError(f"x has shape {x.shape}: give at least one image")
        self._batch = len(x)
        y = super().forward(x, training).copy()
        self._memories = [(leaf, leaf.saved_arrays) for leaf in leaves(self)]
        return y

    def backward(self, dy: ArrayLike, need_dx: bool = True) -> Array | None:
        """From the gradient of the last output to ``grads``, and to that of its input.

        Arguments:
            dy: the gradient of the last output, of its shape.
            need_dx: False leaves out the gradient of the input, which is then None.

        Returns:
            The gradient of the input, as a new array.

        Raises:
            RuntimeError: there was no forward pass, or a layer has seen another one since.
            ValueError: dy has another shape than the last output.
        """
        if self._batch is None:
            raise RuntimeError("backward needs a forward pass before it, so call forward first")
        for leaf, kept in self._memories:
            if leaf.saved_arrays is not kept:
                raise RuntimeError(
                    f"{leaf} has seen another pass since, for it stands in another net too or was "
                    f"called by itself: call forward of this net again before backward"
                )
        dy = dy if kernels.is_on_gpu(dy) else np.asarray(dy)
        shape = (self._batch, *self.output_shape)
        if dy.shape != shape:
            raise ValueError(
                f"dy has shape {dy.shape}, but the last output had {shape}: give one value for each"
            )
        dy = (
            kernels.to_gpu(dy, self.dtype)
            if self.device == "cuda"
            else np.ascontiguousarray(dy, self.dtype)
        )
        dx = super().backward(dy, need_dx)
        return dx.copy() if need_dx else None

    def clear_saved(self):
        super().clear_saved()
        self._batch = None
        self._memories = ()

    def release(self):
        super().release()
        self._batch = None
        self._memories = ()

    def __getstate__(self):
        return {**super().__getstate__(), "_batch": None, "_memories": ()}

    def shared_copy(self):
        """The same net with its own work arrays, for another thread; both share every parameter."""
        shared = (*self.params.values(), *self.state.values())
        return self._copied({id(array): array for array in shared})

    def copy(self) -> Sequential:
        """A net of the same layers with copies of all parameters."""
        self._prepare()
        return self._copied({})

    def _copied(self, shared):
        try:
            return deepcopy(self, shared)
        except Exception as error:  # a custom layer may hold anything
            raise TypeError(
                f"{_not_copied(self)} holds an object that cannot be copied: {error}"
            ) from error

    def ledger(self) -> Ledger:
        """Shapes, parameters and multiply-accumulates of every layer, as a Ledger."""
        self._known()
        return Ledger(
            self.input_shape, tuple(row(layer) for layer in self.layers), self.dtype.itemsize
        )

    def summary(self) -> str:
        """The ledger as text."""
        return str(self.ledger())

    def save(self, path: str | os.PathLike) -> Path:
        """Write the net to the ``.npz`` file ``path`` and return its path; see ``cnnlab.load``."""
        self._prepare()
        return storage.save(self, path)

    def config(self) -> dict[str, Any]:
        options = {"input_shape": self.input_shape, "seed": self.seed, "dtype": self.dtype.name}
        return {**super().config(), **options}

    @classmethod
    def from_config(cls, config):
        layers, options = config["layers"], {k: v for k, v in config.items() if k != "layers"}
        return cls(*layers, **options)

    def __str__(self):
        lines = [f"    {layer}," for layer in self.layers]
        return "\n".join(["Sequential(", *lines, f"    input_shape={self.input_shape},", ")"])

    __repr__ = __str__


def _not_copied(net):
    """The layer that cannot be copied, with its number, as an error names it."""
    for number, layer in enumerate(net.layers):
        try:
            deepcopy(layer)
        except Exception:  # whatever it holds
            return f"layer {number}, {layer},"
    return "the net"


def load(path: str | os.PathLike) -> Sequential:
    """The net that ``net.save`` wrote.

    Arguments:
        path: the ``.npz`` file.

    Returns:
        A Sequential.

    Raises:
        StorageError: there is no such file, or it does not hold a complete and known net.

    Examples:
        >>> import tempfile
        >>> net = cnnlab.Sequential(cnnlab.Linear(2), input_shape=(3,))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     again = cnnlab.load(net.save(f"{folder}/net"))
        >>> bool((again.params["0.weight"] == net.params["0.weight"]).all())
        True
    """
    return storage.load(path, Sequential)
