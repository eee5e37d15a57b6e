"""From Python's spelling of options to the contract's."""

#: Beneath these the keys are the user's own.
_OWN_KEYS = {"secrets", "licences", "params", "env"}


def camel(name):
    """`timeout_ms` → `timeoutMs`."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def camel_options(value):
    """A dict with its keys, and those of dicts within, in the contract's spelling."""
    if isinstance(value, dict):
        return {camel(key): (inner if camel(key) in _OWN_KEYS else camel_options(inner)) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [camel_options(item) for item in value]
    return value
