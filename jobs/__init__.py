"""What a job is: its life, its documents, its names, its one message. The only code that several containers share.

A designer's pictures become a tuned model in one straight line:

    draft > uploading > uploaded > queued > provisioning > training > evaluating > registering > deploying > ready > retired

with `failed`, `cancelling > cancelled` and `expired` beside it. `jobs.job` holds the table; `jobs.store.Jobs.advance` is the one place
that moves a job along it.
"""
