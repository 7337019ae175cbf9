"""Messages to the browser from a thread that must not touch traits, and never more of them than the browser takes.

A trait belongs to the kernel's main thread; a message may be sent from any. The browser says when it has seen one.
"""

MOST_UNSEEN = 100  # messages: a browser that is gone, or a kernel that is busy, must not fill the memory


class Mail:
    """``push(content)`` sends plain data with arrays from ``packed``; it sends nothing while too many are unseen."""

    def __init__(self, send):
        self._send, self.unseen = send, 0

    def push(self, content):
        """Was it sent?"""
        if self.unseen >= MOST_UNSEEN:
            return False
        buffers = []
        self._send(_without_bytes(content, buffers), buffers)
        self.unseen += 1
        return True

    def seen(self):
        """The browser has seen all there was."""
        self.unseen = 0


def _without_bytes(value, buffers):
    """The same data, in which bytes have become ``{"buffer": number}``; they are added to ``buffers``."""
    if isinstance(value, dict):
        return {name: _without_bytes(inner, buffers) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_bytes(inner, buffers) for inner in value]
    if isinstance(value, bytes):
        buffers.append(value)
        return {"buffer": len(buffers) - 1}
    return value
