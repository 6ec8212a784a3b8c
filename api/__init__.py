"""HTTP: parse -> one workflow -> schema."""
