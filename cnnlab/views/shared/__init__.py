"""What all views share: Python beside this file, JavaScript and the style sheet in ``web/``."""
