"""The autograder of the course *Neural networks by hand*."""

import sys

# jsonschema imports this, where it is installed, to check internationalised addresses; a notebook holds none, and
# building its grammar takes a second of every command.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
