def forward(x,w,v):
    x=np.reshape(x,(-1,))
    z1=w[:,:-1]@x+w[:,-1]
    a1=relu(z1)
    z2=relu(v[:,:-1]@a1+v[:,-1])
    return z1,a1,z2,np.exp(z2)/np.exp(z2).sum()
