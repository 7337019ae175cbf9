"""Fills the pages of the reference with what the library knows of itself.

MkDocs calls ``on_page_markdown`` as a hook. ``members: exported`` becomes the names that a package
exports, and ``<!-- every view -->`` each view with the table of its traits, from the traits' help:
so a new layer, function or view appears by itself.
"""

import importlib
import inspect
import re

import traitlets

EXPORTED = re.compile(r"^(::: (\S+)\n(?: {4}.*\n)*? {6}members: )exported$", re.MULTILINE)
EVERY_VIEW = "<!-- every view -->"


def on_page_markdown(markdown, **others):
    """What MkDocs calls for every page."""
    markdown = EXPORTED.sub(lambda match: f"{match[1]}{exported(match[2])}", markdown)
    return markdown.replace(EVERY_VIEW, every_view()) if EVERY_VIEW in markdown else markdown


def exported(package):
    """The public names of a package: its ``__all__``, or what it imports from its own modules."""
    module = importlib.import_module(package)
    own = [
        name
        for name, thing in vars(module).items()
        if not (name.startswith("_") or inspect.ismodule(thing))
        and (getattr(thing, "__module__", None) or "").startswith(module.__name__)
    ]
    return sorted(getattr(module, "__all__", own))


def every_view():
    """Every view, and behind it the table of its traits."""
    blocks = [
        f"::: cnnlab.views.{name}\n    options:\n      members: false\n\n{trait_table(name)}\n"
        for name in exported("cnnlab.views")
    ]
    return "\n".join(blocks)


def trait_table(name):
    """The traits of a view that a user may set, as a table in Markdown."""
    from cnnlab import views

    rows = [
        f"| `{name}` | {kind(trait)} | {start(trait)} | {trait.help} |"
        for name, trait in traits(getattr(views, name)).items()
    ]
    return "\n".join(["| Trait | Values | At first | What |", "|---|---|---|---|", *rows])


def traits(view):
    """The traits of a view that a user may set: not those of any widget, nor computed ones."""
    import anywidget

    usual = anywidget.AnyWidget.class_trait_names()
    return {
        name: trait
        for name, trait in sorted(view.class_traits(computed=None).items())
        if name not in usual and not name.startswith("_")
    }


def kind(trait):
    """What a trait may be: its choices, its ends, or its kind."""
    if isinstance(trait, traitlets.Enum):
        return ", ".join(f"`{value!r}`" for value in trait.values)
    low, high = getattr(trait, "low", None), getattr(trait, "high", None)
    if low is not None:
        return f"{low:g} to {high:g}"
    return trait.info().split(" or ")[0]


def start(trait):
    """The value a view begins with, if it is the same for all."""
    value = trait.default_value
    plain = isinstance(value, (bool, int, float, str)) and value != ""
    return f"`{value!r}`" if plain else ""
