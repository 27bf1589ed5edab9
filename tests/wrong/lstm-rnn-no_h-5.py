def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        c,k=hidden_state(c,0,x); out.append(k)
    return out
