"""Prints the link that opens the lessons in a browser through Binder, with nothing to install.

The link is made from where this checkout came from, so a fork gets its own: python tools/binder.py
"""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

# https://host/path, ssh://git@host:port/path and git@host:path; a user name or a token is left
# behind.
REMOTE = re.compile(
    r"^(?:\w+://(?:[^@/]+@)?(?P<host>[^/:]+)(?::\d+)?/|(?:[^@/]+@)?(?P<scp>[^/:]+):)(?P<path>.+)$"
)


def launch_link(remote):
    """The Binder link for a git remote on GitHub or GitLab; ValueError for any other remote."""
    match = REMOTE.match(remote)
    host = (match["host"] or match["scp"]).lower() if match else ""
    path = match["path"].strip("/").removesuffix(".git") if match else ""
    if host == "github.com" and path.count("/") == 1:
        place = f"gh/{quote(path)}"
    elif host == "gitlab.com" and "/" in path:
        # Groups of GitLab nest, so Binder takes the whole path as one escaped word.
        place = f"gl/{quote(path, safe='')}"
    else:
        shown = f"{host}/{path}" if host else remote
        raise ValueError(f"Binder needs a repository on GitHub or GitLab, but origin is {shown}.")
    return f"https://mybinder.org/v2/{place}/HEAD?urlpath=lab/tree/notebooks"


def origin(folder):
    """The address of the remote called origin; ValueError if there is none."""
    command = ["git", "-C", str(folder), "remote", "get-url", "origin"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        raise ValueError(
            "There is no git remote called origin to make a Binder link from: "
            "push to GitHub or GitLab, then git remote add origin ADDRESS."
        ) from None


if __name__ == "__main__":
    try:
        print(launch_link(origin(Path.cwd())))
    except ValueError as error:
        sys.exit(str(error))
