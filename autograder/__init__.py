"""The engine: grades a course of nbgrader notebooks. It names no assignment."""
