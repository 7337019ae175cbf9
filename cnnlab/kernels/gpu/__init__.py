"""The kernels of the GPU, by Numba's CUDA compiler. Formulas and arguments: see ``reference``.

Each function takes arrays in either memory: those in the processor's are sent, and the results
fetched again. From the ground up: ``simulator``, ``memory``, ``launch``, ``ufuncs``, ``device``,
``boundary``, and on them the kernels.
"""
