"""Measures, in one run and as ratios; `make bench` prints a table and writes .cache/bench.json."""
