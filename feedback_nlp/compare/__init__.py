"""Compare: who complains of what -> differences between groups or products, with intervals."""
