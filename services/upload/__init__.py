"""Part 1, the service: pictures come in, are checked and kept, and a job starts when its designer says so."""
