"""Sends messages to the browser from any thread, and no more of them than the browser takes.

A trait belongs to the kernel's main thread; a message may be sent from any. The browser says when
it has seen one.
"""

from time import monotonic

MOST_UNSEEN = (
    100  # messages: a browser that is gone, or a kernel that is busy, must not fill the memory
)
PULSE = 1.0  # seconds from one short sign of life to the next, while nothing else is sent


class Outbox:
    """``send(content)`` sends plain data with arrays from ``packed``; it sends nothing while too
    many are unseen.
    """

    def __init__(self, send, clock=monotonic):
        self._send = send
        self._clock = clock
        self.unseen = 0
        self._pulsed = -PULSE

    @property
    def full(self):
        """Are there too many unseen?"""
        return self.unseen >= MOST_UNSEEN

    def send(self, content):
        """Was it sent?"""
        if self.full:
            return False
        buffers = []
        self._send(_without_bytes(content, buffers), buffers)
        self.unseen += 1
        return True

    def pulse(self, content):
        """Send a few words, at most once a second, also when nothing else may be sent. Were
        they?
        """
        now = self._clock()
        if now - self._pulsed < PULSE:
            return False
        self._pulsed = now
        self._send(content, [])
        return True

    def acknowledge(self):
        """The browser has seen all there was."""
        self.unseen = 0


def _without_bytes(value, buffers):
    """The same data, in which bytes have become ``{"buffer": number}``; they are added to
    ``buffers``.
    """
    if isinstance(value, dict):
        return {name: _without_bytes(inner, buffers) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_bytes(inner, buffers) for inner in value]
    if isinstance(value, bytes):
        buffers.append(value)
        return {"buffer": len(buffers) - 1}
    return value
