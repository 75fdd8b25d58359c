"""How far people agree, how far each can be relied on, and what they are told of it."""
