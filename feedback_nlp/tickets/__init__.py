"""Tickets: a theme and its priority -> an improvement ticket and its life."""
