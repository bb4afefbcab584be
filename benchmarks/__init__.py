"""Measure, side by side in one run, what Lumbung promises to be fast at. Judge by ratios; never change the product."""
