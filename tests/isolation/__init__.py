"""Nothing but a student's own answers decides a mark: tried through the public commands, on whole classes."""
