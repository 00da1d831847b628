"""The local cloud's front door: Google's host names, identities and sign-in, on loopback."""
