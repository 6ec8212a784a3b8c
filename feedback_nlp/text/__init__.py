"""Text room: a review's text becomes normalised text, then clauses, then words."""
