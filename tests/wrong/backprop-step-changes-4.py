def step(x,y,w_1,w_2,b,rate):
    d=backward(x,y,w_1,w_2,b)
    return rate*d[0],rate*d[1],rate*d[2]
