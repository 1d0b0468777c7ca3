"""The demonstration on the local network, over HTTPS: phones give no camera to plain HTTP."""
