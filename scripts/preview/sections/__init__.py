"""What a preview says of one stack, in the order in which a reviewer decides.

verdict.py      what happens, what it costs in data and downtime, what is refused; moves.py: what an alias would have spared
access.py       who may do what now, and no longer; exposure.py: what is open to everybody; grants.py, roles.py: bindings in words
images.py       what is built anew, and because of which files; sources.py: the files of both revisions
pipeline.py     the graph of the steps, with what changed in it; compiled.py: the steps of both revisions
cost.py         an idle month and the worst month; bills.py: their items; prices.py: our table of prices; shapes.py: instances
policy.py       rules of the policy pack that are newly broken, or no longer
watch.py        what runs without an alert, and alerts without a page
permissions.py  what the deployer may not do yet, and would have to

All of them look at both graphs as sides.py pairs them, and speak with words.py.
"""

from collections.abc import Callable

from scripts.preview.look import StackPreview
from scripts.preview.section import Section
from scripts.preview.sections import access, cost, images, permissions, pipeline, policy, verdict, watch

ALL: tuple[Callable[[StackPreview], Section], ...] = (
    verdict.section,
    access.section,
    images.section,
    pipeline.section,
    cost.section,
    policy.section,
    watch.section,
    permissions.section,
)
