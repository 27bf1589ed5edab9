"""Helpers of the course."""


def shorten(text, width=8):
    return text if len(text) <= width else text[: width - 1] + "~"


def table(rows):
    return "\n".join(" | ".join(shorten(str(cell)) for cell in row) for row in rows)
