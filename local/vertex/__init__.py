"""Vertex AI for one machine: pipeline jobs, custom jobs, models and endpoints, over REST and gRPC.

    client ── rest.py ──┐                     ┌── pipelines.py ── pipeline/ (the executor of compiled KFP pipelines)
                        ├── methods.py, ──────┼── customjobs.py
    client ── rpc.py ───┘   schema.py         ├── models.py, endpoints.py ── serving.py
                            (JSON both ways)  ├── prediction.py
                                              └── operations.py            all keep their state in store.py

Both transports turn a call into the same JSON and ask the same method. Google's own message types, read from the installed
client library, check every request and shape every answer.
"""
