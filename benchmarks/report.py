"""Keep benchmarks/RESULTS.md: every benchmark owns one section and replaces it, with the machine it
ran on.
"""

import platform
import re
from datetime import date
from importlib import metadata
from pathlib import Path

from cnnlab.machine import machine

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = (
    "# Results\n\nMeasured by the scripts in this folder, each of which writes its own "
    "section. Losses included.\n"
)


def table(header, rows):
    """A markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def write(title, body):
    """Replace the section ``title`` of RESULTS.md, or add it at the end, and print it."""
    section = f"## {title}\n\n{_where()}\n\n{body.strip()}\n"
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    old = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    text = text.replace(old.group(0), section + "\n") if old else f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text.rstrip() + "\n", encoding="utf-8")
    print(section)


def _where():
    here = machine()
    torch = f", PyTorch {metadata.version('torch')}" if has("torch") else ""
    return (
        f"*{date.today()}: {_processor()}, {here.cores} cores, {here.system}; "
        f"{here.python}{torch}.*"
    )


def has(package):
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


def _processor():
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*: (.*)", info.read_text())
        if found:
            return found.group(1)
    return platform.processor() or platform.machine()
