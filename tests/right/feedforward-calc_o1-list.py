def calc_o1(a1,v):
    a=list(a1)+[1]
    z=[max(0,sum(p*q for p,q in zip(r,a))) for r in v]
    e=[np.exp(q) for q in z]
    return z,[q/sum(e) for q in e]
