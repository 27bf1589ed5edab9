"""Marking by hand: all answers to one question after the other, on a page that this machine serves to itself."""
