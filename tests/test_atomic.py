"""Files are written whole or not at all, by any number of threads; leftovers are removed."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from cnnlab import atomic
from cnnlab.atomic import written

KILLED = """
import os, signal, sys
from cnnlab.atomic import written
with written(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(path, content):
    with written(path) as file:
        file.write(content)


def test_an_error_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path):
    write(tmp_path / "a", b"old")
    with pytest.raises(RuntimeError), written(tmp_path / "a") as file:
        file.write(b"half")
        raise RuntimeError
    assert (tmp_path / "a").read_bytes() == b"old" and names(tmp_path) == ["a"]


def test_threads_that_write_to_one_path_leave_one_whole_file(tmp_path):
    contents, trouble = [bytes([n]) * 100_000 for n in range(6)], []

    def go(content):
        try:
            for _ in range(20):
                write(tmp_path / "a", content)
                trouble.extend(["damaged"] * ((tmp_path / "a").read_bytes() not in contents))
        except OSError as error:
            trouble.append(error)

    threads = [threading.Thread(target=go, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not trouble and names(tmp_path) == ["a"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_what_a_killed_writer_leaves_goes_with_the_next_one(tmp_path):
    path = tmp_path / "a"
    write(path, b"old")
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert path.read_bytes() == b"old" and len(names(tmp_path)) == 2
    write(path, b"new")
    assert path.read_bytes() == b"new" and names(tmp_path) == ["a"]


def test_unfinished_files_of_others_stay_while_their_writers_may_live(tmp_path):
    living = tmp_path / f".a.elsewhere-{os.getpid()}-0123abcd.unfinished"
    given_up = tmp_path / ".a.elsewhere-7-0123abcd.unfinished"
    for path in (living, given_up, tmp_path / ".b.elsewhere-7-0123abcd.unfinished"):
        path.write_bytes(b"half")
    os.utime(given_up, (0, 0))
    write(tmp_path / "a", b"new")
    assert names(tmp_path) == [living.name, ".b.elsewhere-7-0123abcd.unfinished", "a"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own there")
def test_a_link_stays_a_link(tmp_path):
    write(tmp_path / "a", b"old")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "a").read_bytes() == b"new" and (tmp_path / "link").is_symlink()


def test_text_is_written_in_the_encoding_asked_for(tmp_path):
    with written(tmp_path / "a", "w", encoding="utf-8") as file:
        file.write("1 × −2")
    assert (tmp_path / "a").read_text("utf-8") == "1 × −2"


@pytest.mark.parametrize("name", ["n" * 250, "넷" * 80])
def test_the_longest_name_the_disk_takes_can_be_written_and_is_swept(name, tmp_path):
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True
    )
    left = (
        tmp_path / f".{atomic._short(name)}.{atomic._host()}-{int(dead.stdout)}-0123abcd.unfinished"
    )
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    write(tmp_path / name, b"new")
    assert names(tmp_path) == [name] and (tmp_path / name).read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="needs permissions of POSIX")
def test_a_new_file_has_the_permissions_of_the_old_one(tmp_path):
    write(tmp_path / "a", b"old")
    (tmp_path / "a").chmod(0o640)
    write(tmp_path / "a", b"new")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
