"""An assignment with several notebooks, by all commands."""
