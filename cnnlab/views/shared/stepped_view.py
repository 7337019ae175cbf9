"""The base of views with sliders: clamped sizes, arrays to paint, one scene for joint changes.

A slider never raises: what lies beyond its ends becomes the nearest end, and what does not fit is
shown.
"""

import numpy as np
import traitlets

from ...validation import integer
from .inputs import image_from_bytes, resized
from .scene_view import SceneView


class Size(traitlets.CInt):
    """The whole number of a slider, from ``low`` to ``high``; beyond its ends it becomes the
    nearest end.
    """

    def __init__(self, low, high, start, meaning):
        super().__init__(start, help=f"{meaning}, from {low} to {high}")
        self.low, self.high = low, high
        self.tag(sync=True, bounded=True)

    def validate(self, obj, value):
        return min(max(super().validate(obj, value), self.low), self.high)


class Real(traitlets.CFloat):
    """The number of a slider, from ``low`` to ``high``; beyond its ends it becomes the nearest
    end.
    """

    def __init__(self, low, high, start, meaning):
        super().__init__(start, help=f"{meaning}, from {low:g} to {high:g}")
        self.low, self.high = low, high
        self.tag(sync=True, bounded=True)

    def validate(self, obj, value):
        return min(max(self.low, super().validate(obj, value)), self.high)


def split_sizes(traits, limits):
    """The sizes among a constructor's arguments, and the other traits.

    Raises ValueError, with the numbers, for a size that its slider cannot show.
    """
    sizes = {name: value for name, value in traits.items() if name in limits}
    for name, value in sizes.items():
        integer(name, value, *limits[name])
    return sizes, {name: value for name, value in traits.items() if name not in limits}


def numbers(name, value, rank, batched=False):
    """``value`` as a new float array with ``rank`` axes; where it may be ``batched``, a batch of
    one loses its axis.

    Raises ValueError for another number of axes, or an empty one.
    """
    array = np.array(value, float)
    if batched and array.ndim == rank + 1 and len(array) == 1:
        array = array[0]
    if array.ndim != rank or not array.size:
        axes = f"{rank} axes, none of them empty" if rank != 1 else "one axis that is not empty"
        raise ValueError(f"{name} has shape {array.shape}: give {axes}")
    return array


def increment(*arrays):
    """By how much a painted cell changes at a time: 1 among whole numbers, else 0.05."""
    return 1 if all(np.all(array == np.round(array)) for array in arrays) else 0.05


def _corner(shape):
    """The first cells along each axis, as many as ``shape`` says."""
    return tuple(map(slice, shape))


class SteppedView(SceneView):
    """A view whose outputs are played one after another, with sliders and cells to paint.

    A subclass gives ``_scene()``, which is all there is to paint, with ``"outputs"``, and
    ``_resize_arrays()``, which brings its arrays to the sizes of the sliders by ``_resize``;
    ``SIZED`` names these arrays, ``PAINTED`` all one can paint. Its constructor takes its arrays
    and ends with ``_start(sizes)``. ``PLACE`` is the key of the words for an output's place, with
    their letters.
    """

    PAINTED = SIZED = ()

    step = traitlets.CInt(0, help="the output shown, in the order of the trace").tag(sync=True)
    speed = traitlets.CFloat(1.0, help="times the usual pace").tag(sync=True)
    playing = traitlets.Bool(False, help="it plays, output by output").tag(sync=True)
    predict = traitlets.Bool(False, help="hide the outputs: the learner computes them").tag(
        sync=True
    )

    @property
    def outputs(self):
        """How many outputs there are; 0 where nothing fits."""
        return self.scene.get("outputs", 0)

    def _start(self, sizes):
        """Set the sizes, compute the first scene, and listen to the browser."""
        self._place = None
        self._whole = {name: getattr(self, name).copy() for name in self.SIZED}
        for name, value in sizes.items():
            self.set_trait(name, value)
        self._resize_arrays()
        self._compute()
        self.begin()

    def _resize_arrays(self):
        raise NotImplementedError

    def _scene(self):
        raise NotImplementedError

    def _replace(self, **arrays):
        """Set arrays that are new: nothing of the old ones comes back. Inside ``rearranging``."""
        for name, array in arrays.items():
            setattr(self, name, array)
            self._whole[name] = getattr(self, name).copy()

    def _remember(self, name):
        """This array was set: unless it is what was shown anyway, nothing of the old one
        comes back.
        """
        array, whole = getattr(self, name), self._whole[name]
        if not np.array_equal(whole[_corner(array.shape)], array, equal_nan=True):
            self._whole[name] = array.copy()

    def _resize(self, name, shape, low, high):
        """Bring an array to ``shape``: what a slider cut off comes back, what never was is seeded
        integers.
        """
        largest = tuple(map(max, self._whole[name].shape, shape))
        self._whole[name] = resized(self._whole[name], largest, low, high)
        if getattr(self, name).shape != shape:
            setattr(self, name, self._whole[name][_corner(shape)].copy())

    def _compute(self, last=False):
        """Compute the scene; the output shown stays at its place, or, if asked for, becomes the
        last.
        """
        place = self._place_shown()
        with self.changing():
            # Of several sizes that change at once, this may hear of one before the arrays have
            # followed the others.
            self._resize_arrays()
        with self.hold_sync():
            settings = {name: getattr(self, name) for name in self.limits}
            self.publish({**self._scene(), "settings": settings})
            self.step = self.outputs - 1 if last else self._step_at(place)

    def caption(self):
        if not (self.predict and self.outputs):
            return super().caption()
        key, letters = self.PLACE
        return self.say(
            key, **dict(zip(letters, np.atleast_1d(self.frame()["place"]).tolist(), strict=True))
        )

    def shown_outputs(self):
        """The outputs as a static image may show them: in predict mode they are left out."""
        y = np.frombuffer(self.scene["y"]["data"]).reshape(self.scene["y"]["shape"])
        return np.full_like(y, np.nan) if self.predict else y

    def _order(self):
        """The shape of the outputs in the order of the trace: slice by slice, each row by row."""
        shape = self.scene["y"]["shape"]
        return (*shape[-1:], *shape[:-1])

    def _place_shown(self):
        """Where the output shown lies; where it lay before, while there is none."""
        if self.outputs:
            self._place = np.unravel_index(min(self.step, self.outputs - 1), self._order())
        return self._place

    def _step_at(self, place):
        """The number of the output at this place, or of the nearest to it."""
        if place is None or not self.outputs:
            return min(self.step, max(0, self.outputs - 1))
        return int(np.ravel_multi_index(place, self._order(), mode="clip"))

    def _gradient(self, dy):
        """``dy`` as a new array, None for ones. Raises ValueError if it has not the shape of the
        outputs.
        """
        dy = None if dy is None else numbers("dy", dy, 3, batched=True)
        wanted = tuple(self.scene["y"]["shape"]) if self.outputs and not self.is_changing else None
        if dy is not None and wanted and dy.shape != wanted:
            raise ValueError(
                f"dy has shape {dy.shape}: give {wanted}, one gradient for each output"
            )
        return dy

    @traitlets.validate("step")
    def _clamp_step(self, proposal):
        return max(0, proposal.value if self.is_changing else min(proposal.value, self.outputs - 1))

    def _on_message(self, widget, content, buffers):
        """A cell was painted in the browser, or an image opened there."""
        if content.get("kind") == "paint" and content.get("array") in self.PAINTED:
            self._paint(content["array"], tuple(content["place"]), float(content["value"]))
        if content.get("kind") == "image" and self.has_trait("source"):
            self.source = "own"
            self._take_image(image_from_bytes(content, buffers))

    def _take_image(self, x):
        """Show another image; a view with a ``source`` has it."""
        raise NotImplementedError

    def _paint(self, name, index, value):
        packed = self.scene[name]  # what is drawn: gradients that were not given are ones
        array = np.frombuffer(packed["data"]).reshape(packed["shape"]).copy()
        # The array may have changed since the cell was drawn.
        if len(index) == array.ndim and all(
            0 <= i < n for i, n in zip(index, array.shape, strict=True)
        ):
            array[index] = value
            with self.rearranging():
                self._set_cell(name, index, array)

    def _set_cell(self, name, index, array):
        """Show the array with its painted cell; one that a slider may cut keeps it, and is the
        learner's own now.
        """
        setattr(self, name, array)
        if name in self.SIZED:
            self._whole[name][index] = array[index]
            if self.has_trait("source"):
                self.source = "own"
