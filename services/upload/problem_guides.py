"""What each problem means to who writes a client: when it is answered, what to do, and whether the same request may be sent again.

`says` is a sentence of the kind that stands in `detail`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    when: str
    do: str
    repeat: str
    says: str


GUIDES: Mapping[str, Guide] = {
    "validation": Guide(
        "A field of the body, the query or the form is missing, unknown, of another type or out of its range.",
        "Show each of `errors` at its field: `pointer` is a JSON pointer into what was sent, `detail` the reason.",
        "No: the same fields are refused again.",
        "name: String should have at least 1 character",
    ),
    "not-signed-in": Guide(
        "There is no proof of who calls, or it does not hold: it is expired, for another service, or not signed by the identity provider.",
        "Get a new identity token for the portal and send the request with it. In a browser: load the page again.",
        "No: the same token is refused again. With a new one it is another request.",
        "Token expired, 1740908400 < 1740909312",
    ),
    "cross-site": Guide(
        "A request that changes something came without `X-Requested-With: XMLHttpRequest`, which a form of another site cannot send; or a"
        " browser says, by `Sec-Fetch-Site`, that another site's page sent it.",
        "Send the header with everything but GET, from the portal's own pages or from no browser at all.",
        "No: it comes from the same place again.",
        "Send the header X-Requested-With: XMLHttpRequest.",
    ),
    "not-found": Guide(
        "What the address names is not there, was deleted, or is somebody else's. The answer is the same, so that nobody learns which.",
        "Forget the id. List the jobs, models or generations to see what there is.",
        "No: what was deleted does not come back, and ids are not given twice.",
        "job 06fm3t8w2c9k5n1x7q4zr0hdvj is not there",
    ),
    "not-allowed": Guide(
        "The job's state has no such move: pictures for a job that was submitted, a retry of one that did not fail, a deletion of one that "
        "is under way.",
        "Read the job again and offer what its state allows; `detail` names it. Cancel what is under way before you delete it.",
        "No: something else must happen to the job first.",
        "job 06fm3t8w2c9k5n1x7q4zr0hdvj is queued and cannot become uploading; from here it can become: cancelling, ready",
    ),
    "not-ready": Guide(
        "Pictures were asked of a job whose model is not trained yet, or never will be.",
        "Follow the job until it is `ready`. One that failed, expired or was cancelled has no model: retry it, or make a new one.",
        "No: training takes most of an hour, and a client that asks again and again learns nothing that the job's events do not tell.",
        "This job is training. Pictures can be made once it is ready.",
    ),
    "asleep": Guide(
        "The model is trained, but has no endpoint now: nobody used it for some hours, or it still wakes up.",
        "POST the model's deployment, read it until its state is `awake`, which takes minutes, then ask again.",
        "No: a model does not wake by being asked for pictures.",
        "This model is asleep. Wake it before you ask for pictures.",
    ),
    "consent-missing": Guide(
        "A job was submitted before its owner said that they may use these pictures to train a model.",
        "Ask the designer; once they have said so, PATCH the job with `consent` true, and submit again. Never say it for them.",
        "No: the word has to come first.",
        "Say that you may use these pictures before the training starts.",
    ),
    "pictures-missing": Guide(
        "A job was submitted while pictures that were announced are not here.",
        "Send the bytes of each that `errors` names, or remove it; then submit again.",
        "No: the pictures have to come first.",
        "2 announced pictures are not here yet. Send or remove them.",
    ),
    "too-few-pictures": Guide(
        "Fewer pictures than a model can learn from were sent, or can be used.",
        "Add pictures. `errors` names those that were refused, and why; `/v1/config` says how many are needed.",
        "No: more pictures have to come first.",
        "3 pictures can be used; 5 are the fewest to learn from.",
    ),
    "too-many-pictures": Guide(
        "With these a job would have more pictures than it takes.",
        "Leave some out, or remove others first; `/v1/config` says how many a job takes.",
        "No: the same number is refused again.",
        "A job takes 20 pictures at most; this would make 23. Leave some out.",
    ),
    "picture-refused": Guide(
        "The bytes arrived, but are no picture that can be used: another format, damaged, too small, too large, or not safe.",
        "Show `detail`, which names the picture, the reason and the remedy. The other pictures of the job are untouched.",
        "No: the same bytes are refused again. Announce the mended picture as a new one.",
        "one.png is 20 × 20 pixels. 32 a side are the fewest.",
    ),
    "picture-removed": Guide(
        "The picture was removed from its job, or its time ran out, before or while its bytes came.",
        "Nothing, if that was meant. Else announce the same file again: it becomes a new upload.",
        "No: what was removed stays so.",
        "one.png was removed from this job.",
    ),
    "picture-conflict": Guide(
        "Other bytes are stored for this upload than those that were announced. No client of ours makes it happen.",
        "Remove the picture and add it again.",
        "No: what is stored is never overwritten.",
        "other bytes are stored as gs://uploads/raw/j/u. Remove the picture and add it again.",
    ),
    "checksum": Guide(
        "As many bytes came as were announced, but not the same: their CRC-32C is another. Nothing was stored.",
        "Send the same bytes again. If it comes twice, the file was changed since it was announced: announce it anew.",
        "Yes: bytes that were changed on the way arrive whole the next time.",
        "one.png has checksum UaXVHg==, not AAAAAA==. Send it again.",
    ),
    "size-mismatch": Guide(
        "`Content-Length` is not the size that was announced for this picture. Nothing was stored.",
        "The file was changed since it was announced: announce it anew, and send it where the new answer says.",
        "No: the length is the request's own, and no line changes it.",
        "243 bytes were announced; Content-Length says 244.",
    ),
    "cut-short": Guide(
        "The connection ended, or stood still for too long, before all bytes of a picture had come. Nothing was stored.",
        "Send it again.",
        "Yes: the line broke, not the request.",
        "243 bytes were announced; 100 came. Send it again.",
    ),
    "length-required": Guide(
        "A picture or a form came without `Content-Length`, so that there is no telling whether all of it arrived.",
        "Send the header; with most clients that means not to send the body in chunks.",
        "No: the header is missing again.",
        "Send a Content-Length header.",
    ),
    "too-large": Guide(
        "A picture, a form or a body of JSON is larger than is taken here.",
        "Export the picture smaller (`/v1/config` says how large it may be); send many pictures one by one instead of in a form.",
        "No: it is as large the next time.",
        "one.png is larger than 25 MiB. Export it smaller.",
    ),
    "key-reused": Guide(
        "The `Idempotency-Key` was used within a day for a request with another body.",
        "Make a new key for each new thing, and keep it for the tries of that one alone.",
        "No: the key stays what it was used for.",
        "This Idempotency-Key belongs to a request with another body. Use a new key for a new request.",
    ),
    "key-in-flight": Guide(
        "The first request with this `Idempotency-Key` is still being answered; this is its repeat.",
        "Wait for as long as `Retry-After` says, then send it again: the answer will be that of the first.",
        "Yes: the first is done within a minute.",
        "The first request with this key is still being answered. Try again in a moment.",
    ),
    "version-missing": Guide(
        "A job was to be changed without `If-Match`, so that somebody else's change could have been lost.",
        "Read the job, and send its `ETag` as `If-Match`.",
        "No: the header is missing again.",
        "Send the job's ETag as If-Match, so that nobody's change is lost.",
    ),
    "version-stale": Guide(
        "The job was changed since it was read: in another window, or by its training going on.",
        "Read it again, show what is new, and change that.",
        "No: the version that you know is gone for good.",
        "This job was changed since you read it. Read it again, then change it.",
    ),
    "too-many-jobs": Guide(
        "As many of the caller's jobs are open as one designer may have open at once.",
        "Wait for one to end, or cancel or submit one. `/v1/me` says how many are open.",
        "Yes: jobs end by themselves. `Retry-After` is a guess.",
        "3 of your jobs are open. Wait until one is ready, or cancel one.",
    ),
    "over-quota": Guide(
        "The caller's allowance of the day is used up: of pictures, of bytes or of minutes of training. A day begins at midnight UTC.",
        "Wait for as long as `Retry-After` says. `/v1/me` says what is left of each.",
        "Yes: on the next day.",
        "A day has 500 pictures for you; with this it would be 504. The count starts again at midnight UTC.",
    ),
    "busy": Guide(
        "More pictures arrive, or more watchers look on, than this instance has room for just now.",
        "Wait for as long as `Retry-After` says, then send it again, fewer at once. Poll a job that cannot be watched.",
        "Yes: there is room again in seconds.",
        "More pictures arrive at once than there is room for. Send this one again in a moment.",
    ),
    "intake-paused": Guide(
        "New jobs, new attempts and woken models are not taken: the budget is spent, or whoever runs this has closed the door for a while.",
        "Tell the designer `detail`. What is under way goes on, and the pictures stay; try again after `Retry-After`.",
        "Yes: once the door is open again, which may be tomorrow.",
        "New jobs are not taken just now: the month's budget is spent. Jobs under way go on, and the pictures that are here stay.",
    ),
    "contended": Guide(
        "Too many requests change the same thing at the same moment, and this one lost each time. Nothing was changed by it.",
        "Send it again, after a little while of random length.",
        "Yes: the others are done by then.",
        "job 06fm3t8w2c9k5n1x7q4zr0hdvj is being written by too many at once; try again",
    ),
    "unavailable": Guide(
        "Something that this service needs does not answer: the database, the pictures' storage, the endpoint or the identity provider.",
        "Send it again after `Retry-After`, then with doubled pauses. What was acknowledged is not lost.",
        "Yes: every request of this API may be repeated, and outages end.",
        "Nothing is lost. Try again in a moment.",
    ),
    "internal": Guide(
        "An error of ours that nobody foresaw. It was logged and somebody is told.",
        "Try again once or twice; if it stays so, tell whoever runs this the `traceId`.",
        "Yes: every request of this API may be repeated, and what caused it may be gone. After three times it is not.",
        "Nothing is lost. Try again; if it stays so, tell us the traceId.",
    ),
    "webhook-refused": Guide(
        "The webhook's address cannot be called: it is not https, its name is not known, or it leads into a private network.",
        "Give an address that anybody on the internet can reach by https.",
        "No: the same address is refused again until its name leads elsewhere.",
        "https://localhost/ leads to 127.0.0.1, which is not a public address",
    ),
    "method-not-allowed": Guide(
        "The address is known, but not with this method.",
        "Use one of those that `Allow` names.",
        "No.",
        "The method is not allowed for the requested URL.",
    ),
    "bad-request": Guide(
        "The request cannot be understood: JSON that is none, a cursor that is not ours, an `Idempotency-Key` that is missing or too long.",
        "Mend the client; `detail` says what is wrong.",
        "No: it is not understood again.",
        "That cursor is not one of ours. Leave it out to start at the newest.",
    ),
}
