def step(x,y,w_1,w_2,b,rate):
    d=backward(x,y,w_1,w_2,b)
    w_1-=rate*d[0]
    w_2-=rate*d[1]
    b-=rate*d[2]
    return w_1,w_2,b
