"""Files of rows: opening, headers and cell values, shared by every channel that reads a table."""
