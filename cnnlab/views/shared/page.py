"""The exported page of a view: one HTML file with its module, its style and its traits.

A stand-in for the kernel's side of the model keeps the traits.

Bytes travel as base64 behind the key "base64"; everything else is JSON.
"""

import json
from base64 import b64encode
from math import isfinite

from .bundle import scoped, standalone

TEMPLATE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ margin: 0; background: #fff; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16181c; }} }}
{style}
</style>
<div id="view"></div>
<script type="application/json" id="traits">{traits}</script>
<script type="module">
{module}
{standalone}
standalone(view);
</script>
</html>
"""

BELONGS_TO_JUPYTER = ("layout", "tooltip", "tabbable", "comm")


def page(view):
    """The whole page of a view, as text."""
    traits = {name: value for name, value in view.get_state().items() if _travels(name)}
    return TEMPLATE.format(
        language=view.language,
        title=type(view).__name__,
        style=view._css,
        # "</script>" and "<!--" inside a text would change where the element ends.
        traits=json.dumps(_finite(traits), default=_as_base64, allow_nan=False).replace(
            "<", "\\u003c"
        ),
        module=scoped(view._esm),
        standalone=standalone(),
    )


def _travels(name):
    return not name.startswith("_") and name not in BELONGS_TO_JUPYTER


def _finite(value):
    """The same data; JSON has no word for NaN and infinity, which become None."""
    if isinstance(value, dict):
        return {str(name): _finite(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _as_base64(value):
    return {"base64": b64encode(bytes(value)).decode()}
