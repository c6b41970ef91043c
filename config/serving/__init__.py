"""The server: uvicorn, with limits on what a client may hold and a stop that loses nothing."""
