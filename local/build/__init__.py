"""Cloud Build: takes sources from the local Cloud Storage, builds them with the local cloud's own builder, answers digests."""
