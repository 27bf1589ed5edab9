def rnn(seq):
    c,h=0,0
    out=[]
    for x in seq:
        c,h=hidden_state(c,h,x)
        c=max(-1,min(1,c))
        out.append(h)
    return out
