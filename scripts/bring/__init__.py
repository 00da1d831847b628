"""Brings a base model from the hub into a bucket or a folder: `make base-model MODEL=... TO=...`."""
