"""Curves that never grow: however long a training run takes, a few hundred points show it.

A curve keeps means over equal spans of steps; when it is full, every two points become one.
"""

import numpy as np

MOST = 400  # points


class Curve:
    """Means of a value over equal spans of the steps after ``start``: ``span`` steps a point, at most 400 points."""

    def __init__(self, start=0):
        self.start = start
        self.span, self.means, self._sum, self._count = 1, [], 0.0, 0

    def add(self, value):
        """The value of the next step."""
        self._sum, self._count = self._sum + value, self._count + 1
        if self._count == self.span:
            self.means.append(self._sum / self._count)
            self._sum, self._count = 0.0, 0
        if len(self.means) == MOST:
            self.means = [(a + b) / 2 for a, b in zip(self.means[::2], self.means[1::2], strict=True)]
            self.span *= 2

    def points(self):
        """The middle step of each span and the means, as two float arrays of the same length."""
        means = np.array(self.means, float)
        return self.start + (np.arange(len(means)) + 0.5) * self.span + 0.5, means

    def cut(self, step):
        """Forget what came after ``step``."""
        whole = max(0, step - self.start) // self.span
        self.means, self._sum, self._count = self.means[:whole], 0.0, 0
        if not whole:
            self.start, self.span = step, 1

    def recent(self, points=8):
        """The mean of the last few points, or NaN: what to print as "the loss now"."""
        return float(np.mean(self.means[-points:])) if self.means else float("nan")


class Marks:
    """Values met now and then, each with its step: when there are too many, every other one goes, never the last."""

    def __init__(self, *names):
        self.names, self.rows = names, []

    def add(self, step, *values):
        """Note the values at ``step``; a second note of one step takes the place of the first."""
        if self.rows and self.rows[-1][0] == step:
            self.rows.pop()
        self.rows.append((step, *values))
        if len(self.rows) > MOST:
            self.rows = self.rows[-1::-2][::-1]

    def cut(self, step):
        """Forget what came after ``step``."""
        self.rows = [row for row in self.rows if row[0] <= step]

    def columns(self):
        """A dict of float arrays: ``"step"`` and each name."""
        table = np.array(self.rows, float).reshape(len(self.rows), 1 + len(self.names))
        return dict(zip(("step", *self.names), table.T, strict=True))
