"""Channels: an export file or an API -> reviews. One file per channel."""
