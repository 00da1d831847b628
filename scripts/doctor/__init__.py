"""`make doctor STACK=...`: what stands between this machine and the first `up` of a stack on Google Cloud, each with its fix."""
