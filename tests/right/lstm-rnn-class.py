class RNN:
    def __call__(self,seq):
        self.c=self.h=0
        return [self.step(x) for x in seq]
    def step(self,x):
        self.c,self.h=hidden_state(self.c,self.h,x)
        return self.h
rnn=RNN()
