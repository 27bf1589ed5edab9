relu=np.vectorize(lambda q: max(q,0))
