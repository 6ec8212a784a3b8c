"""Clauses to polarity, topics, intent and severity; opinions to the review's own polarity."""
