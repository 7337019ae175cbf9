"""Changes a saved file, for the tests of damaged and foreign files."""

import json

import numpy as np


def altered(path, change, structure=None):
    """Write the file again, its arrays changed by a function; ``structure`` is text, or a function
    of the data.
    """
    with np.load(path) as archive:
        arrays = dict(archive)
    data = json.loads(str(arrays.pop("structure")))
    change(arrays)
    text = (
        structure
        if isinstance(structure, str)
        else json.dumps(structure(data) if structure else data)
    )
    np.savez(path, structure=np.array(text), **arrays)
    return path


def nothing(arrays):
    pass
