"""Reports room: records -> JSON, CSV, Excel, Markdown, HTML and charts. No database, no clock."""
