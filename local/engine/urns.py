"""Names of resources: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`."""

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"


def parts(urn: str) -> tuple[str, str, str, str]:
    """Stack, project, qualified type, name; the name may hold `::` itself."""
    stack, project, qualified, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    return stack, project, qualified, name


def qualified_type(urn: str) -> str:
    return parts(urn)[2]


def type_of(urn: str) -> str:
    return qualified_type(urn).split("$")[-1]


def short_type(type_: str) -> str:
    """As people are shown it: `gcp:storage:Bucket` for `gcp:storage/bucket:Bucket`."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.partition(":")
    folder, _, file = module.rpartition("/")
    return f"{package}:{folder}:{name}" if folder and file == name[:1].lower() + name[1:] else type_


def name_of(urn: str) -> str:
    return parts(urn)[3]


def make(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """The stack resource is everybody's parent and is left out of the type."""
    above = qualified_type(parent) if parent else ""
    qualified = type_ if above in ("", STACK_TYPE) else f"{above}${type_}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def is_provider(type_: str) -> bool:
    return type_.startswith(PROVIDER_PREFIX)


def package_of(type_: str) -> str:
    """The package whose provider serves the type: `gcp` for `gcp:storage/bucket:Bucket`."""
    return type_.removeprefix(PROVIDER_PREFIX) if is_provider(type_) else type_.split(":", 1)[0]


def split_reference(reference: str) -> tuple[str, str]:
    """A provider reference is the provider resource's URN and its id."""
    urn, _, id_ = reference.rpartition("::")
    return urn, id_
