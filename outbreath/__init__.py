"""The front door: command line, wiring, doctor."""
