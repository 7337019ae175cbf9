"""The stored picture of a view for a notebook that is reopened without a kernel, where no widget
can be found.

It lies hidden behind the widget, and style alone shows it where the widget is not alive: no program
runs.
"""

from base64 import b64encode
from html import escape

# The output with the widget comes right before the one with the picture.
PAGE = """<style>
.jp-OutputArea-child:has(+ .jp-OutputArea-child .cnnlab-stored):not(:has(.cnnlab))
  {{ display: none; }}
.jp-OutputArea-child:not(:has(.cnnlab)) + .jp-OutputArea-child > * > .cnnlab-stored
  {{ display: block !important; }}
.jp-OutputArea-child:has(.cnnlab) + .jp-OutputArea-child:has(.cnnlab-stored) {{ display: none; }}
</style>
<div class="cnnlab-stored" style="display: none">
<img style="max-width: 100%" alt="{alt}" src="data:image/png;base64,{png}">
<p>{words}</p></div>"""


def stored(png, alt, words):
    """The picture with its sentence as HTML."""
    return PAGE.format(png=b64encode(png).decode(), alt=escape(alt), words=escape(words))
