"""Data to try a flow with: shipments whose truth is known, and the sets that scikit-learn carries."""
