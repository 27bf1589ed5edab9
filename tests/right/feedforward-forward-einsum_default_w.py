def forward(x,w=w,v=v,verbose=0):
    z1=np.einsum("ij,j->i",w,add_bias(x))
    a1=relu(z1)
    z2=relu(np.einsum("ij,j->i",v,add_bias(a1)))
    return z1,a1,z2,softmax(z2)
