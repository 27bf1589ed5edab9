def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        c,h=hidden_state(c,h,x); out.append((c,h))
    return out
