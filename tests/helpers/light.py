"""Keeps one module from being imported: jsonschema's check of international addresses.

Reading a notebook imports jsonschema, and that one check builds 39 grammars first: five seconds of
every process that runs tests or JupyterLab, for a format that no notebook has. It counts as
missing.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
