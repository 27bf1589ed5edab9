"""The commands, each of which parses its options, calls one function and prints the result.

A command imports what it needs itself: that takes most of a second, in which a fork server can start.
"""
