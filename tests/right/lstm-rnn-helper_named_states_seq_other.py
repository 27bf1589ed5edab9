def other(c,h,x):
    return hidden_state(c,h,x)
def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        c,h=other(c,h,x)
        out.append(h)
    return out
