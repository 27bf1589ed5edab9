def step(x,y,w_1,w_2,b,rate):
    d=backward(x,y,w_1,w_2,b)
    return round(w_1-rate*d[0],3),round(w_2-rate*d[1],3),round(b-rate*d[2],3)
