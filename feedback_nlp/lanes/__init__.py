"""Lanes: tickets and capacities -> what is done in which release, and what waits."""
