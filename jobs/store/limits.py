"""How long one call of the store may take, and how often it tries a write that others keep overtaking."""

TIMEOUT_S = 10.0
RACES = 12
