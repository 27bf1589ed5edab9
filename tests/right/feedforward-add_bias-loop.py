def add_bias(x):
    out=[]
    for q in np.array(x).flatten(): out.append(q)
    out.append(1)
    return tuple(out)
