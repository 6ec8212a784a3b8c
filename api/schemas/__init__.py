"""What requests and answers look like; checked, bounded and described in Chinese."""
