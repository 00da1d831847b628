"""Every rule, in one table."""

from infra.policy.rule import Rule, StackRule
from infra.policy.rules import data, delivery, exposure, identity, workload

RULES: tuple[Rule | StackRule, ...] = (
    # who may come in
    Rule("no-public-members", "Nothing is open to everybody", exposure.public_member),
    Rule("buckets-are-closed", "No bucket can be made public", exposure.open_bucket, exposure.BUCKETS),
    Rule("browsers-from-known-origins", "A bucket answers the portal's origin, not any", exposure.any_origin, exposure.BUCKETS),
    Rule("callers-are-checked", "A service checks who calls it", exposure.unchecked_invoker, exposure.SERVICES),
    Rule("people-sign-in", "People reach a service through its sign-in alone", exposure.people_past_sign_in, exposure.INVOKERS),
    StackRule("sign-in-is-on", "A service that people are let into has IAP in front", exposure.sign_in_without_iap),
    # who acts, and with which rights
    Rule("grants-add", "A grant leaves the grants of others alone", identity.authoritative),
    Rule("no-broad-roles", "Nobody has a role on everything", identity.broad_role, settings=identity.BROAD_ROLES),
    Rule("no-default-accounts", "No default account is used", identity.default_account),
    Rule("workloads-have-accounts", "Each workload names the account it runs as", identity.no_account, identity.WORKLOADS),
    Rule("calls-have-identities", "Each call carries the identity of an account", identity.anonymous_call, identity.CALLERS),
    Rule("no-keys", "There are no long-lived keys", identity.key, identity.KEYS),
    Rule("no-key-material", "No key stands in a property", identity.key_material),
    Rule("no-plain-secrets", "No secret stands in an environment variable", identity.plain_secret),
    # what holds data
    Rule("labelled", "What can carry labels carries the stack's", data.unlabelled, data.LABELLED, settings=data.LABELS),
    Rule("data-is-protected", "What holds data is not deleted by accident", data.unprotected, data.KEEPERS, settings=data.DISPOSABLE),
    Rule("data-is-not-emptied", "Destroying does not take the data along", data.emptied, data.EMPTIED, settings=data.DISPOSABLE),
    Rule("databases-are-guarded", "A database can be recovered", data.unguarded, data.DATABASES, settings=data.DISPOSABLE),
    Rule("regions", "Data and workloads are where they may be", data.elsewhere, settings=data.REGIONS),
    # messages
    Rule("dead-letters", "What cannot be delivered is kept", delivery.no_dead_letter, delivery.SUBSCRIPTIONS | delivery.FUNCTIONS),
    Rule("subscriptions-stay", "A quiet subscription does not vanish", delivery.expiring, delivery.SUBSCRIPTIONS),
    StackRule("dead-letters-are-read", "Dead letters lie in a subscription", delivery.unread_dead_letters),
    # what runs
    Rule("images-by-digest", "What was tested is what runs", workload.tagged_image, workload.IMAGES),
    Rule("instances-are-limited", "No service grows without limit", workload.unlimited, workload.SCALED, settings=workload.MOST),
)
