def step(x,y,w_1,w_2,b,rate):
    d=backward(x,y,w_1,w_2,b)
    return b-rate*d[2],w_2-rate*d[1],w_1-rate*d[0]
