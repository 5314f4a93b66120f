"""What papers are made of, whatever desk they are of: pages of forms and lists, slips, and what all of them say.

Labels on forms and lists are always Chinese; a store that wants both languages has the English small beneath. Slips for
customers speak the store's language alone.
"""
