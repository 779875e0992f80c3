"""The breath pacer: a full screen of the terminal that breathes along with what is heard."""
