"""Which reviews do not count for now, and why: always visible, counted and reversible."""
