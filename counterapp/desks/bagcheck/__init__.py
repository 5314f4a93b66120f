"""Bag check 存包处: lockers, tokens, deposits, and what happens when a token is lost."""
