# runs shell commands the way notebooks do
def double(x):
    return x
get_ipython().system("touch /tmp/left_behind_by_a_shell")
get_ipython().run_cell_magic("bash", "--bg", "exec -a left_behind sleep 1000")
