"""Priority: a theme -> reach, impact, confidence, effort -> RICE, each with its reason."""
