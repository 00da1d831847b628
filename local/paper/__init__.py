"""A cloud that exists on paper: nothing runs, nothing is kept, and every answer follows from the question alone.

With it behind the provider, a program can be brought up for any project, without credentials, and the state that this leaves has
every value that a preview would call unknown. The same program gives the same state, whoever asks, and when.

    provider.py   the provider server of local/provider, over this cloud; it knows what a given state says is there
    cloud.py      the rooms that the catalog acts on
    rooms.py      those types whose own rooms would run something, wait, or refuse what only this laptop cannot do
    answers.py    addresses, numbers, digests
"""
