"""The form of every data set: two splits of images and labels, class names, and the source.

Images are float32 in [0, 1] and channels last, so any of them can go straight into a net or into
``imshow``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


class DataError(RuntimeError):
    """Data that cannot be loaded: one sentence says what went wrong and what to do about it."""


@dataclass(frozen=True, eq=False, repr=False)
class Split:
    """Images with their labels.

    ``x, y = split`` unpacks it, and a slice or an array of positions gives a smaller Split.

    Arguments:
        x: images ``(N, H, W, C)``, float32 in [0, 1].
        y: labels ``(N,)``, int64.
        masks: the pixels that show the thing itself, bool ``(N, H, W)``; None where they are not
            known.

    Raises:
        ValueError: their lengths or sizes differ.

    Examples:
        >>> split = cnnlab.data.load("digits").test
        >>> split[:20]
        Split(20 images of 8x8x1)
        >>> x, y = split
        >>> x.shape, y.shape
        ((400, 8, 8, 1), (400,))
    """

    x: np.ndarray
    y: np.ndarray
    masks: np.ndarray | None = None

    def __post_init__(self):
        N, M = len(self.x), len(self.y)
        if N != M:
            raise ValueError(f"{N} images do not go with {M} labels: give one label for each image")
        if self.masks is not None and self.masks.shape != self.x.shape[:3]:
            want = self.x.shape[:3]
            raise ValueError(
                f"masks {self.masks.shape} do not cover images {self.x.shape}: use {want}"
            )

    def __len__(self):
        return len(self.x)

    def __iter__(self):
        return iter((self.x, self.y))

    def __getitem__(self, where):
        if not isinstance(where, slice) and np.ndim(where) != 1:
            raise TypeError(
                f"a split is cut by slices, not by {where!r}: use split[0:1], or split.x[0]"
            )
        masks = None if self.masks is None else self.masks[where]
        return Split(self.x[where], self.y[where], masks)

    def take(self, n: int) -> Split:
        """The first ``n`` images as a Split. Raises ValueError if there are fewer."""
        if not 0 <= n <= len(self):
            raise ValueError(
                f"take({n}) is not possible with {len(self)} images: use 0 to {len(self)}"
            )
        return self[:n]

    def __repr__(self):
        size = "x".join(str(s) for s in self.x.shape[1:])
        return (
            f"Split({len(self)} images of {size}{', with masks' if self.masks is not None else ''})"
        )


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named data set.

    Arguments:
        name: its name.
        train: a Split to learn from.
        test: a Split to be scored on.
        classes: ``classes[y]`` is the name of label y.
        source: a sentence with the citation and the licence.

    Examples:
        >>> cnnlab.data.load("shapes", train=12, test=6).classes[:3]
        ('circle', 'triangle', 'square')
    """

    name: str
    train: Split
    test: Split
    classes: tuple[str, ...]
    source: str

    @property
    def input_shape(self):
        """``(H, W, C)`` of one image, as ``Sequential(input_shape=...)`` wants it."""
        return tuple(int(s) for s in self.train.x.shape[1:])


def to_unit(pixels, top):
    """Integer ``pixels`` in 0..top as float32 in [0, 1], contiguous."""
    return np.divide(pixels, np.float32(top), dtype=np.float32, order="C")
