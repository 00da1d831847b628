"""The executor of pipelines that the KFP SDK compiled (schema 2.1.0): the YAML's JSON in, containers and task details out.

    program.py     what the compiled pipeline says, checked before anything runs
    graph.py       its tasks in order of their dependencies: triggers, retries, exit handlers
    step.py        one task's container, its outputs read
    conditions.py, placeholders.py, parameters.py   the three small languages inside
    journal.py     the task details that `pipelineJobs.get` shows

Exit tasks run after success and after failure, but not once the job is cancelled: as in the cloud, a cancel ends everything.

It differs from the cloud in these points: results are never cached; importers, loops (ParallelFor), pipeline templates by URI and
`.path` of artifacts are refused by name; processor, memory and accelerators are shown but not enforced.
"""
