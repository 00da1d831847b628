"""docs/access.md, printed from the table of infra.access: `python -m scripts.access --write`."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.access import CUSTOM_ROLES, GRANTS, Agent, Grant, Resource

PAGE = Path("docs/access.md")
_INTRODUCTION = """# Who may do what

Printed from the table in `infra/access.py` (`python -m scripts.access --write`), in the order of a job's life. Every line is
one binding of the stack, and the stack has no other: each is additive, on the narrowest resource that Google binds on, for an
account that does one thing. There are no keys, nothing runs as a default account, and nobody is let in without a name. The local
cloud refuses whatever is not in this table, so that a grant that is missing is found on a laptop.
"""
_NARROWED = """
"only" is an IAM condition: a grant on a bucket reaches the objects under these prefixes (names can be listed in the whole bucket),
and one on a database is bound on the project for that database, because Google binds on no narrower resource. The base model's
prefix is the configuration's.
"""
_AGENTS = """
An agent is an account that Google makes and runs in the project. Those that pull images, run containers and store logs in the
same project have their roles from Google; here stand those that a project must give. The last seven are there with `cmek` only.
"""


def page() -> str:
    agents = frozenset(Agent)
    ours = [_INTRODUCTION, "\n## Our own accounts and the designers\n\n", *_table(lambda grant: grant.principal not in agents), _NARROWED]
    theirs = ["\n## Google's agents\n", _AGENTS, "\n", *_table(lambda grant: grant.principal in agents)]
    return "".join([*ours, *theirs, "\n## Roles of our own\n\n", *_roles()])


def _table(shown: Callable[[Grant], bool]) -> Iterator[str]:
    yield "| who | may | permission | role | on | only |\n|---|---|---|---|---|---|\n"
    for grant in filter(shown, GRANTS):
        yield f"| {grant.principal} | {grant.operation} | `{grant.permission}` | `{grant.role}` | {grant.resource} | {_only(grant)} |\n"


def _only(grant: Grant) -> str:
    if grant.resource is Resource.DATABASE:
        return "this stack's database"
    if grant.resource is Resource.BASE_MODEL:
        return "the base model's prefix"
    return ", ".join(f"`{prefix}`" for prefix in grant.within)


def _roles() -> Iterator[str]:
    yield "| role | permissions |\n|---|---|\n"
    for name, permissions in CUSTOM_ROLES.items():
        yield f"| `{name}` | {', '.join(f'`{permission}`' for permission in permissions)} |\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"to {PAGE}, instead of printing it")
    if parser.parse_args().write:
        PAGE.write_text(page())
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
