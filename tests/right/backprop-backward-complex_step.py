def backward(x,y,w_1,w_2,b):
    def L(w1,w2,bb):
        z=w1*x; a=z if z.real>0 else 0*z; a2=1/(1+np.exp(-(w2*a+bb)))
        return (y-a2)**2/2
    e=1e-30j
    return L(w_1+e,w_2+0j,b).imag/1e-30,L(w_1+0j,w_2+e,b).imag/1e-30,L(w_1+0j,w_2,b+e).imag/1e-30
