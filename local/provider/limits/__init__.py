"""What Google's services refuse about several properties at once, one module for each of them.

Each check is a function whose docstring states the rule, for people: `docs/fidelity.md` quotes it. A check sees inputs that have
passed the catalog, and judges what is known of them.
"""
