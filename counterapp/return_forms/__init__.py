"""The return form as money: its numbers, parts and states, and how it ends; for every desk that handles it."""
