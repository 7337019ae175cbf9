"""Convolution in register tiles, the fastest version: what fast libraries really do.

``conv`` holds the kernels, ``walk`` the compiled loops, ``plan`` says where every number lies,
``choice`` which tile serves, and ``simd`` and ``simd_ops`` are the tile itself.
"""
