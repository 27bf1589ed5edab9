def step(x,y,w_1,w_2,b,rate):
    d=backward(x,y,w_1,w_2,b)
    return w_1-d[0],w_2-d[1],b-d[2]
