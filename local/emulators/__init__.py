"""Google's own Firestore and Pub/Sub emulators, supervised, with a memory that outlives them."""
