"""Records <-> SQL: one module of functions per noun; nothing here commits."""
