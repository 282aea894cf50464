"""What a case is, and what can be learned from cases.

Learned models live here together with the declaration they speak about.
Pure Python and NumPy: no Flask, no SQL, no scikit-learn.
"""
