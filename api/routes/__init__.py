"""The addresses of the server, one file per thing that is asked for."""
