"""Satisfaction: scores people gave -> NPS, CSAT, ratings, their trend, what drags them down."""
