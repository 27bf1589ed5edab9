"""How good the checks of the course are."""
