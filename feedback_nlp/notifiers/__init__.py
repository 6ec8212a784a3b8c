"""Ways to tell others what happened; each is one module."""
