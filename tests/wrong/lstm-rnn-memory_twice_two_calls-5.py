def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        c=hidden_state(c,h,x)[0]
        h=hidden_state(c,h,x)[1]
        out.append(h)
    return out
