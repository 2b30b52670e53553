"""What can be done: one function per use case, session first, never a commit."""
