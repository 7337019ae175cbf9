"""Validation of the Trainer's traits: what lies beyond the range becomes the nearest value."""

import numpy as np
import traitlets

from . import rules
from .display import NOW


class Checks(traitlets.HasTraits):
    """The part of a Trainer that checks what its traits are set to."""

    @traitlets.validate("lr")
    def _choose_lr(self, proposal):
        """A learning rate that is set counts as chosen, even where it is the present one."""
        self._lr_chosen = True
        return proposal.value

    @traitlets.validate("optimizer")
    def _rule_there_is(self, proposal):
        if proposal.value == rules.OWN and self.own is None:
            raise traitlets.TraitError(
                "no custom optimiser was given: use Trainer(net, data, optimizer=yours)"
            )
        return proposal.value

    @traitlets.validate("picture", "layer")
    def _one_there_is(self, proposal):
        if self.training_run is None:
            return proposal.value
        most = len(self.images) if proposal.trait.name == "picture" else len(self.net.layers)
        return min(proposal.value, most - 1)

    @traitlets.validate("checkpoint")
    def _checkpoint_there_is(self, proposal):
        return max(
            NOW,
            proposal.value
            if self.training_run is None
            else min(proposal.value, len(self.film) - 1),
        )

    @traitlets.validate("cell")
    def _cell_there_is(self, proposal):
        cell = [k for k in proposal.value if isinstance(k, (int, np.integer))]
        return (
            cell
            if len(cell) in (2, 3) and all(0 <= k < len(self.classes) for k in cell[:2])
            else []
        )
