"""Themes: opinions -> recurring issues with stable ids, names, quotes and trends."""
