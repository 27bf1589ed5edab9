def backward(x,y,w_1,w_2,b):
    e=1e-5
    f=lambda *p: forward(x,y,*p)[4]
    return (f(w_1+e,w_2,b)-f(w_1-e,w_2,b))/2/e,(f(w_1,w_2+e,b)-f(w_1,w_2-e,b))/2/e,(f(w_1,w_2,b+e)-f(w_1,w_2,b-e))/2/e
