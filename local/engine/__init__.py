"""An engine for Pulumi's Python programs that needs no Pulumi CLI.

It runs the program of the working directory, serves the two services that Pulumi's SDK talks to, and steps each resource
through Pulumi's provider protocol. The state that it keeps is Pulumi's own, so that the CLI can take over, and give back.

    program.py  <- runner.py          the Python program, in a process of its own
       | RegisterResource
    monitor.py  -> deployment.py      what the program wants, against what was there: plan.py decides
       | steps                        same, create, update, replace, delete
    steps.py    -> provider.py        through the provider protocol
                -> journal.py         and into the state, before and after each one
                -> display.py         and on to the screen
"""
