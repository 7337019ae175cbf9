"""The Binder link comes from the checkout's own remote, and names no invented owner."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.binder import launch_link

SCRIPT = Path(__file__).parents[1] / "tools" / "binder.py"
END = "/HEAD?urlpath=lab/tree/notebooks"


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/ada/nets",
        "https://github.com/ada/nets.git",
        "https://github.com/ada/nets/",
        "https://x:secret@github.com/ada/nets.git",
        "git@github.com:ada/nets.git",
        "ssh://git@github.com:22/ada/nets.git",
    ],
)
def test_every_way_to_write_a_github_remote_gives_the_same_link(remote):
    assert launch_link(remote) == "https://mybinder.org/v2/gh/ada/nets" + END


def test_a_gitlab_path_is_one_escaped_word():
    link = "https://mybinder.org/v2/gl/school%2Fvision%2Fnets" + END
    assert launch_link("git@gitlab.com:school/vision/nets.git") == link


@pytest.mark.parametrize(
    "remote", ["https://git.example.org/ada/nets.git", "/srv/nets.git", "C:\\nets", "x"]
)
def test_another_place_is_refused(remote):
    with pytest.raises(ValueError, match="GitHub or GitLab"):
        launch_link(remote)


def test_a_refusal_keeps_the_password_to_itself():
    with pytest.raises(ValueError) as caught:
        launch_link("https://ada:secret@git.example.org/ada/nets.git")
    assert "secret" not in str(caught.value)


def run_in(folder):
    return subprocess.run([sys.executable, SCRIPT], cwd=folder, capture_output=True, text=True)


def test_a_checkout_prints_its_own_link(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(
        ["git", "remote", "add", "origin", "git@github.com:ada/nets.git"], cwd=tmp_path, check=True
    )
    assert run_in(tmp_path).stdout.strip() == "https://mybinder.org/v2/gh/ada/nets" + END


def test_a_checkout_without_a_remote_gets_one_sentence_and_no_link(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    result = run_in(tmp_path)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "no git remote called origin" in result.stderr
    assert len(result.stderr.splitlines()) == 1
