def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        _,h=hidden_state(0,h,x); out.append(h)
    return out
