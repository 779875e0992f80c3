"""What is measured, against whom, in one run. ``make bench`` prints it and writes docs/benchmarks.md."""
