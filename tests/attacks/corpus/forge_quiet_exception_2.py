# raises an exception that asks not to be shown
class Quiet(Exception):
    def _render_traceback_(self):
        return []
def double(x):
    raise Quiet
