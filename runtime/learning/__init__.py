"""How a model learns labels from a table: features, the model itself, and columns that give it away."""
