"""The writer that asks an endpoint: what the model is given, and what its reply is taken for."""
