"""The scripts that come with Outbreath, and how long their lines take with each shipped voice."""
