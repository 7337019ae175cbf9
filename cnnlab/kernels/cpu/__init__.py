"""The kernels of the processor in three versions: plain loops, im2col and register tiles.

``loops_*`` is what the notes describe, ``im2col`` the common implementation, ``tiles`` what fast
libraries really do. All are compiled by Numba (see ``jit``) and split over the cores by
``threads``.
"""
