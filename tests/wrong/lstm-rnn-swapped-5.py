def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        h,c=hidden_state(c,h,x); out.append(h)
    return out
