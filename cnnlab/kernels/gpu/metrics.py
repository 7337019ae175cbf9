"""The loss and the accuracy of training steps, recorded on the GPU until they are asked for."""

from numba import cuda, float64

from .launch import THREADS, unwrap


@cuda.jit(device=True)
def _answer(scores, n):
    """The class of the highest score, as ``numpy.argmax`` has it: first of equals, NaN on top."""
    best = 0
    for k in range(1, scores.shape[1]):
        value, highest = scores[n, k], scores[n, best]
        if value > highest or (value != value and highest == highest):
            best = k
    return best


@cuda.jit
def _record_metrics(scores, labels, losses, metrics, row, active):
    loss_sums = cuda.shared.array(THREADS, float64)
    right_sums = cuda.shared.array(THREADS, float64)
    t = cuda.threadIdx.x
    loss, right = 0.0, 0.0
    for n in range(t, losses.size, THREADS):
        loss += losses[n]
        right += 1.0 if _answer(scores, n) == labels[n] else 0.0
    loss_sums[t] = loss
    right_sums[t] = right
    cuda.syncthreads()
    if t == 0:
        for k in range(1, THREADS):
            loss += loss_sums[k]
            right += right_sums[k]
        metrics[row, 0] = loss / losses.size
        metrics[row, 1] = right / losses.size
        if not abs(metrics[row, 0]) < float("inf"):
            active[0] = 0


def record_metrics(scores, labels, losses, metrics, row, active):
    """``metrics[row] = (mean of losses, share of right answers)``, on the GPU.

    A mean that is not finite sets ``active`` to 0, and so stops all later steps.

    One block adds in an order that never changes, so the same losses always have the same mean.
    """
    _record_metrics[1, THREADS](*unwrap((scores, labels, losses, metrics, row, active)))
