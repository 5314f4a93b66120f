"""How the store's tables came to be: one linear history, which is never changed once it has landed."""
