"""Validation of the FilterLab's traits: arrays of its mode, sizes in range, known presets."""

import numpy as np
import traitlets

from . import presets
from .arrays import as_filter, filter_size, finite, with_channels


class Checks(traitlets.HasTraits):
    """The part of a FilterLab that checks what its traits are set to."""

    @traitlets.validate("preset")
    def _of_this_mode(self, proposal):
        # A preset of another mode changes nothing: of two linked views, one may be a moment behind
        # in its mode.
        return (
            proposal.value
            if proposal.value in (*presets.PRESETS[self.mode], "own")
            else self.preset
        )

    @traitlets.validate("kernel_size")
    def _odd(self, proposal):
        return min(self.SIZES, key=lambda size: abs(size - proposal.value))

    @traitlets.validate("step")
    def _clamp_step(self, proposal):
        return max(0, proposal.value if self.is_changing else min(proposal.value, self.outputs - 1))

    @traitlets.validate("x")
    def _picture(self, proposal):
        if self.is_changing:
            return proposal.value
        self.note = ""
        self._keep(proposal.value)  # what is no image raises here, and the view stays as it was
        return with_channels(self._taken, self.channels)

    @traitlets.validate("w")
    def _weights(self, proposal):
        F = filter_size(proposal.value) if np.ndim(proposal.value) else 0
        F = 1 if self.mode == "mix" else F if F in self.SIZES else self.kernel_size
        return as_filter(proposal.value, (self.filters, F, F, self.channels // self.groups))

    @traitlets.validate("b")
    def _biases(self, proposal):
        b = np.array(proposal.value, float).reshape(-1)
        if b.shape != (self.filters,):
            raise ValueError(
                f"b has {b.size} biases: give {self.filters}, one for each channel of the result"
            )
        return finite("b", b)
