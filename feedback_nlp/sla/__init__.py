"""Service levels: times of complaints and answers -> limits, breaches and rates."""
