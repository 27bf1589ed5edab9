def step(x,y,w_1,w_2,b,rate):
    w_1=w_1-rate*backward(x,y,w_1,w_2,b)[0]
    w_2=w_2-rate*backward(x,y,w_1,w_2,b)[1]
    b=b-rate*backward(x,y,w_1,w_2,b)[2]
    return w_1,w_2,b
