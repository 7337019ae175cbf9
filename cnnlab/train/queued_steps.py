"""Training steps on the GPU whose losses are fetched several at once, so that it never waits."""

import numpy as np

from .. import kernels
from ..losses import WITH_KERNELS, check_labels, for_each_image
from ..optim import Optimizer


class QueuedSteps:
    """Training steps on the GPU that return their losses after ``most`` of them, or ``enough()``.

    A loss that is not finite sets ``active`` to 0 on the GPU: neither that step nor any later one
    moves a parameter.
    """

    def __init__(self, net, optimizer, loss, most, enough=lambda: False):
        self.net = net
        self.optimizer = optimizer
        self.loss = loss
        self.enough = enough
        self.metrics = kernels.to_gpu(np.empty((most, 2)))
        self.count = 0
        self.most = most
        self.active = kernels.to_gpu(np.ones(1, np.int32))

    @staticmethod
    def possible(net, optimizer, loss):
        """Can the whole step stay on the GPU? A rule or a custom loss needs the processor."""
        if net.device != "cuda" or not any(loss is known for known in WITH_KERNELS):
            return False
        return (
            isinstance(optimizer, Optimizer)
            and type(optimizer).step is Optimizer.step
            and optimizer.runs_on_gpu
        )

    def __call__(self, x, y, last):
        """One step; ``[(loss, accuracy), ...]`` of all since the last time, or nothing yet."""
        self._step(x, y)
        if self.count < self.most and not last and not self.enough():
            return []
        metrics, self.count = self.metrics.numpy()[: self.count].tolist(), 0
        return metrics

    def _step(self, x, y):
        """Forward, backward, move, all on the GPU; loss and accuracy are written down there."""
        scores, y = check_labels(self.net.forward(x, training=True), y)
        labels = kernels.to_gpu(y, np.int64)
        losses, dscores = for_each_image(self.loss, scores, labels, *WITH_KERNELS[self.loss])
        row = self.metrics, self.count, self.active
        kernels.get_backend("cuda").record_metrics(scores, labels, losses, *row)
        self.net.backward(dscores, need_dx=False)
        self.optimizer.step(self.net.trainable_params, self.net.grads, active=self.active)
        self.count += 1
