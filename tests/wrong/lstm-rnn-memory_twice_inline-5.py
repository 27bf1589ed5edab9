def rnn(seq):
    h,c=0,0
    result=[]
    for i in range(len(seq)):
        c=memory_cell(c,h,seq[i])
        h=output_gate(h,seq[i])*round(np.tanh(memory_cell(c,h,seq[i])))
        result.append(h)
    return result
