"""What the extra [lab] brings is asked for before it is imported, so that its lack is said with the
way out.
"""

from importlib.util import find_spec


def need(room, *packages):
    """Raise ModuleNotFoundError, in a sentence, if one of the packages that ``room`` imports is not
    installed.
    """
    for package in packages:
        if find_spec(package) is None:
            raise ModuleNotFoundError(
                f'{room} needs {package}, which is not installed: run pip install "cnnlab[lab]"',
                name=package,
            )
