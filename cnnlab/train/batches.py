"""An endless supply of batches: every image once in an epoch, in a new order each time."""

import numpy as np


class Batches:
    """Deals out images ``x`` and labels ``y``; the size of a batch may change from one to the next.

    No batch is smaller than ``least``, 1 or 2: a single image that is left over joins the batch
    before it. An object with a position, not a generator: an error does not end it.
    """

    def __init__(self, x, y, seed, least=1):
        self.x = x
        self.y = y
        self.epoch = 0
        self.least = least
        self._rng = np.random.default_rng(seed)
        self._order = np.empty(0, int)
        self._position = 0

    def ending(self, size):
        """The epoch, from 1, that a batch of ``size`` would end; 0 where it would end none."""
        left = len(self._order) - self._position
        if self._end(size, left or len(self.x)) < (left or len(self.x)):
            return 0
        return self.epoch if left else self.epoch + 1

    def _end(self, size, left):
        """How many images of those ``left`` the next batch takes."""
        size = max(self.least, int(size))
        return left if left - size < self.least else size

    def next(self, size):
        """The next ``size`` images and their labels; fewer where an epoch ends."""
        if self._position >= len(self._order):
            self._order = self._rng.permutation(len(self.x))
            self._position = 0
            self.epoch = self.epoch + 1
        indices = self._order[
            self._position : self._position + self._end(size, len(self._order) - self._position)
        ]
        self._position += len(indices)
        return self.x[indices], self.y[indices]
