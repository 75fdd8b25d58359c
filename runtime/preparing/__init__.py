"""The work of the steps that prepare: rows kept, columns kept, columns derived."""
