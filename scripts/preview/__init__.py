"""What a change of the program would do to each stack, worked out without credentials, state or network.

revisions.py      BASE as a git worktree, HEAD as the working tree; environments.py: each with the packages of its own lock
evaluate.py       brings every stack of both up on paper, and asks the engine what lies between them
  engine.py       one command of the embedded engine, and what it answered
  graph.py        its resources and steps
  broken.py       a program that does not evaluate: the error, and the line of it that is the user's
changes.py        what happens to each resource, why, and at which property
  details.py      the leaves at which two values differ; lists.py: which members of two lists are the same thing
  renames.py      a delete and a create that are one resource under another name
  holdings.py     what holds data, and what it costs to replace or delete that
sections/         what a reviewer has to know of it, part by part, as the lines of section.py
report.py         all sections of all stacks; what several stacks say, once
  summary.py      the worst that there is, and each stack in figures
  listing.py      the changes as a list
markdown.py       the comment of a pull request, preview.md; items.py: lines and changes as Markdown; escape.py: other people's texts in it
  fitting.py      what matters least goes first where there is no room
terminal.py       the same for a terminal, in ten seconds
document.py       all of it as preview.json, which docs/preview.schema.json describes
"""
