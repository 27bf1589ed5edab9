c=h=0
def rnn(seq):
    global c,h
    out=[]
    for x in seq:
        c,h=hidden_state(c,h,x); out.append(h)
    return out
