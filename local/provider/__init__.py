"""A provider server that answers Pulumi for the packages `gcp` and `docker`."""
