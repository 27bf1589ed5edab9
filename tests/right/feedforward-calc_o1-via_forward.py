def calc_o1(a1,v):
    a1=np.array(a1)
    n=len(a1)
    return forward(a1,np.hstack([np.eye(n),np.zeros((n,1))]),v)[2:]
