"""The page on which a person says who they are. It stands in for Google's, so it asks for no password."""

import base64
import hashlib
from html import escape

DESIGNERS = ("ada@example.com", "grace@example.com", "lin@example.com")

_STYLE = """
:root { color-scheme: light dark; --paper: oklch(.984 .004 85); --raised: #fff; --ink: oklch(.23 .012 60); --soft: oklch(.47 .012 60);
  --line: oklch(.89 .006 80); --edge: oklch(.64 .01 80); --safelight: oklch(.56 .2 28); --on-safelight: #fff; }
@media (prefers-color-scheme: dark) { :root { --paper: oklch(.165 .008 50); --raised: oklch(.205 .009 50); --ink: oklch(.93 .008 80);
  --soft: oklch(.7 .012 70); --line: oklch(.3 .01 50); --edge: oklch(.5 .01 50);
  --safelight: oklch(.66 .2 30); --on-safelight: oklch(.15 .02 30); } }
* { box-sizing: border-box; margin: 0; }
body { background: var(--paper); color: var(--ink); font: 15px/1.5 "Instrument Sans", "Helvetica Neue", "Segoe UI", system-ui, sans-serif; }
main { max-width: 400px; margin: 0 auto; padding: 14vh 24px 64px; }
.mark { display: flex; gap: 8px; align-items: center; font-weight: 600; font-size: 15px; letter-spacing: -.02em; margin-bottom: 40px; }
.mark::before { content: ""; width: 14px; height: 14px; border-radius: 50%; background: var(--safelight); }
h1 { font-size: 40px; line-height: 1.05; font-weight: 600; letter-spacing: -.032em; margin-bottom: 12px; }
.lead { font-size: 17px; color: var(--soft); margin-bottom: 24px; }
label, h2 { display: block; font: inherit; font-weight: 600; margin-bottom: 8px; }
input, button { font: inherit; width: 100%; min-height: 44px; border-radius: 3px; padding: 8px 12px; }
input { background: var(--raised); color: inherit; border: 1px solid var(--edge); margin-bottom: 12px; }
button { cursor: pointer; border: 0; }
.go { background: var(--safelight); color: var(--on-safelight); font-weight: 600; }
h2 { margin: 40px 0 0; padding-bottom: 8px; border-bottom: 1px solid var(--line); }
.who button { background: none; color: inherit; text-align: left; padding: 8px 0; border-bottom: 1px solid var(--line); border-radius: 0; }
.who button:hover { color: var(--safelight); }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.problem { margin-bottom: 12px; } .problem::before { content: "\\26A0\\FE0E\\00A0"; }
.note { color: var(--soft); margin-top: 24px; }
a { color: inherit; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would make the browser send `Origin: null` with the form
    "Referrer-Policy": "same-origin",
}

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title><style>{style}</style></head>
<body><main>
<p class="mark">local cloud</p>
<h1>Who is there?</h1>
<p class="lead">{lead}</p>
<form method="post" action="/_iap/sign-in">
<input type="hidden" name="continue" value="{target}">
<label for="email">Your e-mail address</label>
{problem}<input id="email" name="email" type="email" value="{email}" required autofocus autocomplete="username" maxlength="254"{described}>
<button class="go">Sign in</button>
</form>
<h2 id="examples">Or be one of these</h2>
<form class="who" method="post" action="/_iap/sign-in" aria-labelledby="examples">
<input type="hidden" name="continue" value="{target}">
{designers}
</form>
<p class="note">On Google Cloud this is Google's own sign-in. Here, any address is believed, and you stay signed in for 12 hours.</p>
</main></body>
</html>
"""


_NO_ACCESS = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>No access</title><style>{style}</style></head>
<body><main>
<p class="mark">local cloud</p>
<h1>You don’t have access</h1>
<p class="lead">You are {email}, and this service has not been opened to you.</p>
<p>Whoever runs it can open it. Or <a href="/_iap/sign-out">sign in as somebody else</a>.</p>
<p class="note">A binding of roles/iap.httpsResourceAccessor lets a person in, a group, or everybody of a domain.</p>
</main></body>
</html>
"""


def no_access_page(email: str) -> tuple[str, dict[str, str]]:
    """For whoever is known and not let in."""
    return _NO_ACCESS.format(style=_STYLE, email=escape(email)), _HEADERS


def page(target: str, signed_in: str | None, problem: str, email: str) -> tuple[str, dict[str, str]]:
    """HTML and headers. Everything that a client can choose is escaped; the policy allows this style and nothing else."""
    lead = "This service asks who you are before it lets you in."
    if signed_in:
        go_on = f'<a href="{escape(target)}">Go on</a>, <a href="/_iap/sign-out">sign out</a>, or become somebody else.'
        lead = f"You are {escape(signed_in)}. {go_on}"
    text = _PAGE.format(
        style=_STYLE,
        lead=lead,
        target=escape(target),
        email=escape(email),
        problem=f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>\n' if problem else "",
        described=' aria-invalid="true" aria-describedby="problem"' if problem else "",
        designers="\n".join(f'<button name="email" value="{one}">{one}</button>' for one in DESIGNERS),
    )
    return text, _HEADERS
