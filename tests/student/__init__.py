"""Starting and confining student processes."""
