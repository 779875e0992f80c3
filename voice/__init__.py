"""Speech in and speech out. Importing this room loads no engine."""
