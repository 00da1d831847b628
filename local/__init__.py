"""A cloud for one machine: Google's APIs, served on 127.0.0.1 to a Pulumi program and to the workloads it deploys."""
