def rnn(seq):
    c=h=0
    out=()
    for x in np.array(seq):
        c,h=hidden_state(c,h,x)
        out+=(h,)
    return out
