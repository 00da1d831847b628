"""Once a minute: whatever fell between two parts is repaired, what is over is let go, and what must be gone is removed.

Every repair is safe to repeat, to break off anywhere and to run beside another sweep; one that fails is logged and does not keep the
others from running.
"""

import time
from datetime import timedelta

from jobs.documents import now
from jobs.log import log
from services.trigger.clients import Clients
from services.trigger.deadlines import close, give_up
from services.trigger.erasing import erase
from services.trigger.idle import let_go
from services.trigger.letters import bury
from services.trigger.orphans import clear
from services.trigger.outbox import republish
from services.trigger.repairs import Repair
from services.trigger.runs import reconcile
from services.trigger.telling import tell
from services.trigger.waking import put_to_sleep, wake

# First what designers wait for and what costs money, then what takes long and can wait. Each may take all the time that is not kept for
# those after it. Together less than the 120 seconds of the function, since a last step may take 20 more.
REPAIRS = (
    Repair("republished", republish, 5.0),
    Repair("deadLettered", bury, 5.0),
    Repair("reconciled", reconcile, 15.0),
    Repair("overdue", close, 10.0),
    Repair("woken", wake, 5.0),
    Repair("slept", put_to_sleep, 5.0),
    Repair("letGo", let_go, 10.0),
    Repair("givenUp", give_up, 5.0),
    Repair("told", tell, 10.0),
    Repair("erased", erase, 20.0),
    Repair("orphans", clear, 5.0),
)


def sweep(clients: Clients) -> dict[str, int]:
    """How many of each were mended; those that failed are left out."""
    end, done = time.monotonic(), {}
    for repair in REPAIRS:
        end += repair.seconds
        if (mended := repair.make(clients, end)) is not None:
            done[repair.name] = mended
    waiting = [now() - job.updated for job in clients.jobs.running()]
    log("swept", repairs=done, underWay=len(waiting), oldestSeconds=round(max(waiting, default=timedelta()).total_seconds()))
    return done
