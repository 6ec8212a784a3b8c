"""One file per noun; a route parses, calls one workflow and answers with a schema."""
