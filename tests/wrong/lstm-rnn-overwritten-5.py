def rnn(seq):
    c, h = 0, 0
    for i in range(len(seq)):
        c, h = hidden_state(c, h, seq[i])
        seq[i] = h
    return seq
