"""From the raw scores of any model to labels: what the linear model and the encoder share."""
