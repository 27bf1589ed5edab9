def rnn(seq):
    out=[];r=0
    for x in seq:
        r=r+1 if x else 0
        out.append(0 if not r else (1 if r%2 else -1))
    return out
