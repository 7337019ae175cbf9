"""How every kernel is compiled: by Numba, without Python's lock, and kept on disk.

A place that cannot be written, a full disk or a damaged file there costs time, never a result: the
kernel is compiled again, and one warning says where to put what is kept.
"""

import os
import warnings
from contextlib import suppress

from numba import config, njit
from numba.core.caching import FunctionCache

if config.DISABLE_JIT:
    raise ImportError(
        "NUMBA_DISABLE_JIT is set, so no kernel can be compiled: start Python without it"
    )

# Sums may be reordered into vector lanes; NaN and infinity keep their meaning.
OPTIONS = {"nogil": True, "fastmath": {"reassoc", "contract", "nsz"}}

_warned = False


class PatientCache(FunctionCache):
    """Numba's cache of one function; what cannot be read counts as not there."""

    def load_overload(self, sig, target_context):
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # a damaged file is unpickled: anything can come of it
            self._forget()
            return None

    def save_overload(self, sig, data):
        try:
            super().save_overload(sig, data)
        except Exception as error:
            self._forget()
            warn_uncached(getattr(error, "strerror", None) or type(error).__name__)

    def _forget(self):
        """Remove the index: without it no entry is found, neither a damaged nor an outdated one."""
        with suppress(OSError):
            os.unlink(os.path.join(self.cache_path, f"{self._impl.filename_base}.nbi"))


def compiled(function):
    """The decorator of every kernel."""
    kernel = njit(**OPTIONS)(function)
    try:
        kernel._cache = PatientCache(function)  # what njit(cache=True) does with Numba's own
    except (OSError, RuntimeError):  # no directory in which Numba would keep it can be written
        warn_uncached("no directory for them can be written")
    return kernel


def warn_uncached(why):
    """Say, once for each process, that what is compiled will be lost at its end."""
    global _warned
    if not _warned:
        _warned = True
        warnings.warn(
            f"Compiled kernels cannot be kept on disk ({why}), so every start compiles them "
            f"again: let the environment "
            "variable NUMBA_CACHE_DIR name a directory that can be written and has room.",
            RuntimeWarning,
            stacklevel=2,
        )
