"""What texts mean: passages, the encoder that turns them into vectors, and the search for near ones."""
