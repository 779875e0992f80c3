"""The floor of the house: errors, settings, paths, clock, logging rules. Imports nothing of ours."""
