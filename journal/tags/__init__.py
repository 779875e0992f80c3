"""Tags: their names, and how they are suggested."""
