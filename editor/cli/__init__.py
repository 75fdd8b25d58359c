"""What the editor adds to the command `tandem`."""
