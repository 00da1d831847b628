"""Cloud Run, Cloud Functions and Cloud Scheduler as supervised processes of this machine."""
