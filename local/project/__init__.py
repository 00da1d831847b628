"""What Google says about a project as a whole: its APIs, billing, quotas, organisation policies, and the caller's permissions."""
