"""Sound as data, and the doors to the sound card and to audio files."""
