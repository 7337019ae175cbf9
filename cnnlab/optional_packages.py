"""The check that optional packages are installed, with an error that says how to install them."""

from importlib.util import find_spec


def require(module, *packages):
    """Raise ModuleNotFoundError, in a sentence, if ``module`` lacks one of its ``packages``."""
    for package in packages:
        if find_spec(package) is None:
            raise ModuleNotFoundError(
                f'{module} needs {package}, which is not installed: run pip install "cnnlab[lab]"',
                name=package,
            )
