"""The passcode of the page: who has given it, and what a page without it may still do."""
