def rnn(seq):
    c,h=0,0
    out=[]
    for x in seq:
        h=hidden_state(c,h,x)[1]
        c=memory_cell(c,h,x)
        out.append(h)
    return out
