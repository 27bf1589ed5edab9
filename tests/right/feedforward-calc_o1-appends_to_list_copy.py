def calc_o1(a1,v):
    a=np.array(a1,dtype=float).reshape(-1,1)
    a=np.vstack([a,np.ones((1,1))])
    z=np.maximum(v.dot(a),0)
    return z.T,(np.exp(z)/np.exp(z).sum()).T
