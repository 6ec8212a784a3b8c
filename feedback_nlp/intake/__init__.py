"""From the rows of a sheet to records: what every channel shares below the channels."""
