"""Who may do what in the local cloud: denied by default, allowed by the bindings that a stack made."""
