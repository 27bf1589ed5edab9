def rnn(seq):
    c=h=0
    out=[]
    for x in seq:
        c,h=hidden_state(c,h,x); c=round(np.tanh(c)); out.append(h)
    return out
