"""Curves with a bounded number of points: however long a run takes, a few hundred show it.

A curve keeps means over equal spans of steps; when it is full, every two points become one.
"""

import numpy as np

MOST = 400  # points


class DownsampledSeries:
    """Means of a value over equal spans of steps after ``start``: at most 400 points.

    ``span`` is the number of steps in a point.
    """

    def __init__(self, start=0):
        self.start = start
        self.span = 1
        self.rows = []
        self._waiting = []

    def add(self, step, value):
        """The value of a step."""
        self._waiting.append((step, value))
        if len(self._waiting) == self.span:
            self.rows.append(_middle(self._waiting))
            self._waiting = []
        if len(self.rows) == MOST:
            self.rows = [_middle(two) for two in zip(self.rows[::2], self.rows[1::2], strict=True)]
            self.span *= 2

    def points(self):
        """The middle step of each span and the means, as two float arrays of the same length."""
        return np.array(self.rows, float).reshape(len(self.rows), 2).T

    def cut(self, step):
        """Forget what came after ``step``."""
        self.rows, self._waiting = [row for row in self.rows if row[0] <= step], []
        if not self.rows:
            self.start, self.span = min(step, self.start), 1

    def recent(self, points=8):
        """The mean of the last few points, or NaN: what to print as "the loss now"."""
        return (
            float(np.mean([value for _, value in self.rows[-points:]]))
            if self.rows
            else float("nan")
        )

    def copy(self):
        """The same curve, to be kept while this one goes on."""
        copy = DownsampledSeries(self.start)
        copy.span, copy.rows, copy._waiting = self.span, list(self.rows), list(self._waiting)
        return copy


def _middle(rows):
    return tuple(np.mean(rows, axis=0).tolist())


class SparseSeries:
    """Occasional values with their steps: when there are too many, every other one goes."""

    def __init__(self, *names):
        self.names, self.rows = names, []

    def add(self, step, *values):
        """Note the values at ``step``; a second note of the same step replaces the first."""
        if self.rows and self.rows[-1][0] == step:
            self.rows.pop()
        self.rows.append((step, *values))
        if len(self.rows) > MOST:
            self.rows = self.rows[-1::-2][::-1]

    def cut(self, step):
        """Forget what came after ``step``."""
        self.rows = [row for row in self.rows if row[0] <= step]

    def copy(self):
        """The same marks, to be kept while these go on."""
        copy = SparseSeries(*self.names)
        copy.rows = list(self.rows)
        return copy

    def columns(self):
        """A dict of float arrays: ``"step"`` and each name."""
        table = np.array(self.rows, float).reshape(len(self.rows), 1 + len(self.names))
        return dict(zip(("step", *self.names), table.T, strict=True))
