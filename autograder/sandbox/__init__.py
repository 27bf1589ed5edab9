"""Starting and confining student processes. Only `worker/` runs inside one."""
