"""The autograder of the course *Neural networks by hand*."""

import sys

# jsonschema imports these, where they are installed, to check addresses and times; a notebook holds none, and building
# their grammars takes a second of every command.
for _grammar in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
    sys.modules.setdefault(_grammar, None)  # type: ignore[arg-type]
