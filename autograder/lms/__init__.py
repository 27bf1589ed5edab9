"""Learning platforms: a class's files taken from a download, feedback and scores given back."""
