def steps(seq,c,h):
    if len(seq)==0: return []
    new=hidden_state(c,h,seq[0])[1]
    return [new]+steps(seq[1:],memory_cell(c,new,seq[0]),new)
def rnn(seq):
    return steps(seq,0,0)
