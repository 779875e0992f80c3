"""How the tagger's model is made. Needs PyTorch, which Outbreath itself does not: see ``docs/tags.md``."""
