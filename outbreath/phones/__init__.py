"""Phones that may come in over the home network: certificates, pairing, and who is paired."""
