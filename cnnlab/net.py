"""Sequential, the net: layers one after another, behind a door that checks and explains.

A net is told what its layers put out and how large the images are; it infers every shape when it is
built and makes the parameters when they are first needed, so that even a huge net can be counted.
"""

from copy import deepcopy

import numpy as np

from . import kernels, storage
from .checks import at_least, float_dtype
from .checks import seed as checked_seed
from .data.scale import scale_sentence, warn_of_scale
from .layers import BatchNorm2d, GroupNorm
from .layers.container import LayerList, leaves, run_child
from .ledger import Ledger, Row
from .shapes import MisfitError


class Sequential(LayerList):
    """A net: ``Sequential(Conv2d(20, 5), ReLU(), Flatten(), Linear(10), input_shape=(28, 28, 1))``.

    Without ``input_shape`` the first batch gives it. ``seed`` determines the parameters (None:
    others each time), ``dtype`` is float32 or float64. Layers taken from another net bring their
    parameters along and share them with it. ``net(x)`` is ``net.forward(x)``; ``net[0]`` is its
    first layer, ``net[1:]`` a tuple of layers, and ``len(net)`` and ``for layer in net`` count and
    go through them. A net serves one thread at a time. Raises MisfitError, naming the layer, where
    sizes do not fit.
    """

    def __init__(self, *layers, input_shape=None, seed=0, dtype=np.float32):
        super().__init__(*layers)
        self.seed, self.dtype = checked_seed(seed), float_dtype(dtype)
        self._ready = False
        self._batch = None
        self._memories = ()
        if input_shape is not None:
            self.infer_shapes(_shape(input_shape))

    def __call__(self, x):
        return self.forward(x)

    def __getitem__(self, place):
        try:
            return self.layers[place]
        except (IndexError, TypeError) as error:  # IndexError is what ends a loop, too
            raise type(error)(
                f"there is no layer {place!r}: use a place from 0 to {len(self) - 1}"
            ) from None

    def __len__(self):
        return len(self.layers)

    def __iter__(self):
        return iter(self.layers)

    def __bool__(self):
        return True  # also a net of no layers is one

    def init(self, rng=None, dtype=None):
        """Make the parameters now, from the net's own seed and dtype unless others are given."""
        self._known()
        rng = np.random.default_rng(self.seed) if rng is None else rng
        self.dtype = self.dtype if dtype is None else float_dtype(dtype)
        super().init(rng, self.dtype)
        self._ready = True

    def _known(self):
        if self.input_shape is None:
            raise ValueError(
                "the net does not know its input yet: give input_shape=(H, W, C), or call "
                "forward once"
            )

    def _prepare(self):
        if not self._ready:
            self.init()

    @property
    def params(self):
        """All parameters by name, such as ``"0.weight"``; made now if there are none yet."""
        self._prepare()
        return super().params

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

    def accept(self, x):
        """The batch ``x`` as the layers want it, or one sentence about what is wrong with it."""
        return kernels.moved(self.checked(x), self.device)

    def checked(self, x):
        """The batch ``x`` of the right shape and dtype, in the memory where it is."""
        x = kernels.to_device(x) if kernels.on_device(x) else image_array(x)
        if x.dtype.kind not in "fiub":
            raise TypeError(f"x holds {x.dtype} values: give an array of numbers, such as float32")
        if self.input_shape is None:
            self.infer_shapes(_shape(x.shape[1:]))
        if x.shape[1:] != self.input_shape:
            raise MisfitError(_misfit(x.shape, self.input_shape))
        self._prepare()
        return (
            x.astype(self.dtype, copy=False)
            if kernels.on_device(x)
            else np.ascontiguousarray(x, self.dtype)
        )

    def scale_sentence(self, x):
        """What ``data.scale`` has to say about images that look like bytes; "" where the first
        layer may scale them.

        That is a normalisation, or any layer of one's own.
        """
        first = self.layers[0] if self.layers else self
        ours = type(first).__module__.partition(".")[0] == __name__.partition(".")[0]
        return scale_sentence(x) if ours and not isinstance(first, (BatchNorm2d, GroupNorm)) else ""

    def to(self, device):
        """Move the net, and return it: to the GPU with ``"cuda"``, back with ``"cpu"``. Batches are
        sent to it.

        ``params`` then lie in the GPU's memory, and so do the results of ``forward`` and
        ``backward``: ``np.asarray`` fetches them. An optimiser begins afresh after a move. Raises
        ValueError for another device and NoGPUError where there is no GPU.
        """
        if device not in ("cpu", "cuda"):
            raise ValueError(f'device {device!r} is not known: use "cpu" or "cuda"')
        if device == "cuda":
            kernels.module("cuda")
        self._prepare()
        self._batch = None
        return super().to(device)

    def forward(self, x, training=False):
        """The output for a batch ``x (N, H, W, C)``, as an array of its own."""
        x = self.accept(x)
        if not len(x):
            raise ValueError(f"x has shape {x.shape}: give at least one image")
        self._batch = len(x)
        y = super().forward(x, training).copy()
        self._memories = [(leaf, leaf.saved_arrays) for leaf in leaves(self)]
        return y

    def backward(self, dy, need_dx=True):
        """From the gradient ``dy`` of the last output to ``grads``, and to that of its input, as a
        fresh array.
        """
        if self._batch is None:
            raise RuntimeError("backward needs a forward pass before it, so call forward first")
        for leaf, kept in self._memories:
            if leaf.saved_arrays is not kept:
                raise RuntimeError(
                    f"{leaf} has seen another pass since, for it stands in another net too or was "
                    f"called by itself: "
                    f"call forward of this net again before backward"
                )
        dy = dy if kernels.on_device(dy) else np.asarray(dy)
        shape = (self._batch, *self.output_shape)
        if dy.shape != shape:
            raise ValueError(
                f"dy has shape {dy.shape}, but the last output had {shape}: give one value for each"
            )
        dy = (
            kernels.to_device(dy, self.dtype)
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
        """The same net with a memory of its own: another thread may run it, while both share every
        parameter.
        """
        shared = (*self.params.values(), *self.state.values())
        return self._copied({id(array): array for array in shared})

    def copy(self):
        """A net of the same layers with copies of all parameters."""
        self._prepare()
        return self._copied({})

    def _copied(self, shared):
        try:
            copy = deepcopy(self, shared)
        except Exception as error:  # a layer of one's own may hold anything
            raise TypeError(
                f"the net cannot be copied, because a layer holds what cannot be ({error})"
            ) from error
        return copy

    def activations(self, x):
        """The output of every layer for a batch ``x``: a list of arrays ``(N, …)``, one for each
        layer.
        """
        x, found = self.accept(x), []
        for name, layer in self.children().items():
            x = run_child(name, layer, x)
            found.append(np.array(x))
        self.clear_saved()
        return found

    def scores(self, x, batch_size=256):
        """The output for any number of images, worked out ``batch_size`` at a time to save memory.

        Warns of images that look like bytes, see ``scale_sentence``.
        """
        at_least(batch_size, "batch_size")
        warn_of_scale(self.scale_sentence(x))
        return self.evaluate(x, batch_size)

    def evaluate(self, x, batch_size=256):
        """``scores`` for images that were looked at before."""
        x = self.checked(x)
        found = np.empty((len(x), *self.output_shape), self.dtype)
        for start in range(0, len(x), batch_size):
            part = kernels.moved(x[start : start + batch_size], self.device)
            for name, layer in self.children().items():
                part = run_child(name, layer, part)
                layer.clear_saved()  # nothing will be sent backward: let go of what the layer kept
            found[start : start + batch_size] = part
        self.clear_saved()
        return found

    def predict(self, x, batch_size=256):
        """The class with the highest score for every image: ints ``(N,)``."""
        return self.scores(x, batch_size).argmax(axis=-1)

    def ledger(self):
        """Shapes, parameters and multiply-accumulates of every layer, as a Ledger."""
        self._known()
        return Ledger(
            self.input_shape, tuple(_row(layer) for layer in self.layers), self.dtype.itemsize
        )

    def summary(self):
        """The ledger as text."""
        return str(self.ledger())

    def save(self, path):
        """Write the net to one ``.npz`` file and return its path; see ``cnnlab.load``."""
        self._prepare()
        return storage.save(self, path)

    def config(self):
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


def load(path):
    """The net that ``net.save`` wrote to ``path``; see ``storage.load``."""
    return storage.load(path, Sequential)


def image_array(x):
    """``x`` as an array. Raises ValueError for a list of images of unequal sizes."""
    try:
        return np.asarray(x)
    except ValueError:
        raise ValueError(
            "x is a ragged list: bring all images to the same size, and their labels into y"
        ) from None


def _shape(input_shape):
    shape = tuple(input_shape) if isinstance(input_shape, (tuple, list)) else (input_shape,)
    if not shape or not all(hasattr(n, "__index__") and n >= 1 for n in shape):
        raise ValueError(
            f"input_shape {input_shape!r} is not the size of an image: use (height, width, "
            f"channels)"
        )
    return tuple(int(n) for n in shape)


def _misfit(shape, wanted):
    said = f"x has shape {shape}, but the net takes {('N', *wanted)}".replace("'", "")
    if shape == wanted:
        return f"{said}: add a batch axis with x[None]"
    if len(shape) == 4 == len(wanted) + 1 and (*shape[2:], shape[1]) == wanted:
        return f"{said}: channels come last here, use x.transpose(0, 2, 3, 1)"
    if shape[1:] == wanted[:2] and wanted[2:] == (1,):
        return f"{said}: add the channel with x[..., None]"
    return f"{said}: bring the images to that size, or build the net for theirs"


def _row(layer, place=""):
    """A row of the ledger, ``place`` being where the layer stands inside the row around it."""
    name = type(layer).__name__ if layer.children() else str(layer)
    counts = layer.parameter_count, layer.macs()
    return Row(f"{place} {name}".strip(), layer.output_shape, *counts, tuple(_rows_inside(layer)))


def _rows_inside(layer, place=""):
    for name, part in layer.children().items():
        if isinstance(part, LayerList):
            yield from _rows_inside(part, f"{place}{name}.")
        else:
            yield _row(part, f"{place}{name}")
