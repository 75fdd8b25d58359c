"""Reading tables as they come: dirty, packed, in any encoding, larger than memory."""
