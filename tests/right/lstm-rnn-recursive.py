def rnn(seq, c=0, h=0):
    if not len(seq):
        return []
    c,h=hidden_state(c,h,seq[0])
    return [h]+rnn(seq[1:],c,h)
