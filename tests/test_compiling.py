"""Whatever is wrong with the cache of compiled kernels, a kernel computes, with one warning."""

import importlib.util
import subprocess
import sys
import textwrap
import warnings

import pytest

pytest.importorskip("numba")

from numba import config
from numba.core import caching

from cnnlab.kernels import threads
from cnnlab.kernels.cpu import jit

KERNEL = """
from cnnlab.kernels.cpu.jit import compiled

@compiled
def twice(x):
    return x + x
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where Numba keeps its things, and nothing was said yet."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setattr(jit, "_warned", False)
    (tmp_path / "module.py").write_text(KERNEL)
    return tmp_path


def kernel(folder):
    """The kernel as a new process would meet it."""
    spec = importlib.util.spec_from_file_location("module", folder / "module.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.twice


def computes(folder):
    """Does it compute, was it loaded from the disk, and what was said?"""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        twice = kernel(folder)
        assert twice(21) == 42
    return bool(twice.stats.cache_hits), [str(one.message) for one in said]


def kept(folder, suffix):
    return sorted((folder / "kept").rglob(f"*{suffix}"))


def test_a_second_start_loads_what_the_first_compiled(folder):
    assert computes(folder) == (False, []) and computes(folder) == (True, [])


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize(
    "damage", [lambda b: b"", lambda b: b[: len(b) // 2], lambda b: b[:-1], lambda b: b"garbage"]
)
def test_a_damaged_file_is_compiled_again_and_replaced(folder, suffix, damage):
    computes(folder)
    (file,) = kept(folder, suffix)
    file.write_bytes(damage(file.read_bytes()))
    assert computes(folder) == (False, [])
    assert computes(folder) == (True, [])


@pytest.mark.parametrize("write", ["_save_index", "_save_data"])
def test_a_full_disk_costs_only_what_would_have_been_kept(folder, write, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(caching.IndexDataCacheFile, write, full)
        loaded, said = computes(folder)
        assert not loaded and len(said) == 1
        assert "(No space left on device)" in said[0] and "NUMBA_CACHE_DIR" in said[0]
        assert computes(folder) == (False, [])  # said once for each process
    assert kept(folder, ".nbi") == []
    assert computes(folder) == (False, []) and computes(folder) == (True, [])


def test_where_nothing_can_be_written_kernels_are_compiled_at_every_start(folder, monkeypatch):
    def read_only(self):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(caching._CacheLocator, "ensure_cache_path", read_only)
    for words in (["NUMBA_CACHE_DIR"], []):
        loaded, said = computes(folder)
        assert not loaded and [word in one for word, one in zip(words, said, strict=True)] == [
            True
        ] * len(words)


@pytest.mark.slow
def test_where_numba_must_not_compile_the_reference_serves_and_says_so_once():
    program = """
        import os, warnings
        os.environ["NUMBA_DISABLE_JIT"] = "1"
        warnings.simplefilter("always")
        with warnings.catch_warnings(record=True) as said:
            import cnnlab, numpy as np
            y = cnnlab.ops.conv2d(np.ones((1, 3, 3, 1)), np.ones((1, 3, 3, 1)))
            assert "NUMBA_DISABLE_JIT" in cnnlab.machine().backend
        assert y.item() == 9 and cnnlab.backend() == "numpy"
        assert ["NUMBA_DISABLE_JIT is set" in str(w.message) for w in said] == [True], said
        for name in ("numba", "tiled", "im2col", "loops"):
            try:
                cnnlab.use(name)
            except ImportError as error:
                assert f'backend "{name}" cannot be used: NUMBA_DISABLE_JIT is set' in str(error)
            else:
                raise AssertionError(name)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("told", ["two", "-3", "0", "2.5", "1e1", "²", "4 5", "nan"])
def test_what_is_no_number_of_threads_is_refused_by_the_variables_name(told, monkeypatch):
    monkeypatch.setenv("CNNLAB_THREADS", told)
    with pytest.raises(
        ValueError, match=r"CNNLAB_THREADS must be a positive integer, not .*: set it to"
    ):
        threads._chosen()


@pytest.mark.parametrize(
    ("told", "count"), [("3", 3), (" 12 ", 12), ("", None), (" ", None), (None, None)]
)
def test_a_number_of_threads_is_taken_from_the_environment(told, count, monkeypatch):
    monkeypatch.delenv("CNNLAB_THREADS", raising=False)
    if told is not None:
        monkeypatch.setenv("CNNLAB_THREADS", told)
    assert threads._chosen() == (count or threads._available())


@pytest.mark.parametrize("n", [0, -1, 2.5, True, "2", None])
def test_only_a_whole_number_of_threads_can_be_set(n):
    before = threads.count()
    with pytest.raises(ValueError, match="the number of threads must be a positive integer"):
        threads.set_count(n)
    assert threads.count() == before
