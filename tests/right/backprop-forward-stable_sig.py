def sigmoid(z):
    return 1/(1+np.exp(-z)) if z>=0 else np.exp(z)/(1+np.exp(z))
def forward(x,y,w_1,w_2,b):
    z_1=w_1*x
    a_1=max(z_1,0)
    z_2=w_2*a_1+b
    a_2=sigmoid(z_2)
    return z_1,a_1,z_2,a_2,(y-a_2)**2/2
