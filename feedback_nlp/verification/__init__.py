"""Verification: rates before and after a release -> a verdict, and the watch that follows."""
