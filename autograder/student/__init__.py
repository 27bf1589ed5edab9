"""The code that runs in a student process. It knows no answer, and imports nothing of ours but the wire."""
