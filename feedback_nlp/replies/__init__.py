"""Replies: who should hear of a fix, and drafts of what to tell them."""
