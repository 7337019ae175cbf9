"""Every operation in NumPy, short enough to check by eye: the other backends are tested against it.

All windows rest on two moves: ``im2col`` lays the window of each output side by side, ``col2im``
adds the windows back into the image.

Arguments: ``window`` is a ``window.Window``, ``groups`` those of the channels; the last array is
written, or those that a function names last.
"""
