"""The workshop: how models are made, measured and compared.

Reads files, writes files, and never opens the service's database.
Only here are scikit-learn and shap imported.
"""
