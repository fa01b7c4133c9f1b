"""The promised figures, measured: ratios to a bare view on the same server and database, in one run."""
