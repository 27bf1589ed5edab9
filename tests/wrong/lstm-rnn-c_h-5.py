def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        c,h=hidden_state(h,h,x); out.append(h)
    return out
