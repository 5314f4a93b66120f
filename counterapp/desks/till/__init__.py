"""The till: a form is taken once, for new goods or for money; its part 2 comes back."""
