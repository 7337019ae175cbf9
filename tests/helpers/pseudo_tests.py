"""What tests in the pseudo-language share: it is the present one, and what is English in a text."""

import matplotlib
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.text import Text

import cnnlab
from cnnlab import texts
from helpers import pseudo
from helpers.pseudo import unmarked

CLASSES_OF = [name for name in cnnlab.__all__ if isinstance(getattr(cnnlab, name), type)]


NAMES = [*CLASSES_OF, "Nesterov", "str", "int", "list"]


@pytest.fixture(autouse=True, scope="module")
def speaking(tmp_path_factory):
    """The pseudo-language is the present one."""
    root = tmp_path_factory.mktemp("library")
    pseudo.write_tables(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "ROOT", root)
        with cnnlab.language(pseudo.NAME):
            yield


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def english(found, names=()):
    """Those of the texts that hold a word outside of all marks, each with these words."""
    return {text: words for text in found if (words := unmarked(text, [*NAMES, *names]))}


def artists(figure):
    """What a figure writes."""
    return [text.get_text() for text in figure.findobj(Text)]
