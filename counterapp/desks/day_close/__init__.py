"""The closing of the day: what is not done, the register, the stock correction, the seal."""
