"""Stories in a real browser: an editor in a process of its own, and a person's pointer and keys."""
