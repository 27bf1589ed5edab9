class Relu:
    def __init__(self): self.n=0
    def __call__(self,z):
        self.n+=1
        print("call",self.n)
        return np.where(z>0,z,0)
relu=Relu()
