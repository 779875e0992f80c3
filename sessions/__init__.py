"""Guided sessions: scripts, breathing, timeline, rendering, and the guide that runs them."""
