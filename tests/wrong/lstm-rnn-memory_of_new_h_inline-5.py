def rnn(seq):
    c_prev,h_prev=0,0
    hidden=[]
    for x in seq:
        h=output_gate(h_prev,x)*round(np.tanh(memory_cell(c_prev,h_prev,x)))
        c=memory_cell(c_prev,h,x)
        hidden.append(h)
        c_prev,h_prev=c,h
    return hidden
