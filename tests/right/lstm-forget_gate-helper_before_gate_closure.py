def make(a):
    def gate(h,x):
        g=globals()
        return sigmoid(g["w_%sh"%a]*h+g["w_%sx"%a]*x+g["b_"+a])
    return gate
forget_gate=make("f")
input_gate0=make("i")
