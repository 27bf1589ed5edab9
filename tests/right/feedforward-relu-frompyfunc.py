relu=np.vectorize(lambda q: max(q,0.0), otypes=[float])
