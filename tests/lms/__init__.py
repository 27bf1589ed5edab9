"""Tests of what comes from learning platforms and goes back to them."""
