def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        c=memory_cell(c,h,x)
        _,h=hidden_state(c,h,x)
        out.append(h)
    return out
