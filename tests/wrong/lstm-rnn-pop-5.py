def rnn(seq):
    c=h=0
    out=[]
    while seq:
        c,h=hidden_state(c,h,seq.pop(0))
        out.append(h)
    return out
