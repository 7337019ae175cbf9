"""What a training step tells: its loss and how often it was right, written down on the GPU until
somebody asks.
"""

from numba import cuda, float64

from .launch import THREADS, bare


@cuda.jit(device=True)
def _answer(scores, n):
    """The class of the highest score, as ``numpy.argmax`` finds it: the first of equals, NaN above
    all.
    """
    best = 0
    for k in range(1, scores.shape[1]):
        value, highest = scores[n, k], scores[n, best]
        if value > highest or (value != value and highest == highest):
            best = k
    return best


@cuda.jit
def _tell(scores, labels, losses, told, row, gate):
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
        told[row, 0] = loss / losses.size
        told[row, 1] = right / losses.size
        if not abs(told[row, 0]) < float("inf"):
            gate[0] = 0


def tell(scores, labels, losses, told, row, gate):
    """``told[row] = (mean of losses, share of right answers)``; a mean that is not finite closes
    the ``gate``.

    One block adds in an order that never changes, so the same losses always have the same mean.
    """
    _tell[1, THREADS](*bare((scores, labels, losses, told, row, gate)))
