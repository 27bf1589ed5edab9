def forward(x,y,w_1,w_2,b):
    x,y,w_1,w_2,b=map(np.float32,(x,y,w_1,w_2,b))
    z=w_1*x; a=max(np.float32(0),z); z2=w_2*a+b; a2=1/(1+np.exp(-z2))
    return z,a,z2,a2,(a2-y)**2/2
