"""What is wrong with a payload, in one line that names the field and never shows what stands in it."""

from pydantic import ValidationError


def first_mistake(error: ValidationError, skip: int = 0) -> str:
    """The first mistake, and how many more there are; `skip` steps of its path are noise to a reader."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(step) for step in first["loc"][skip:])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{field or 'message'}: {first['msg']}{more}"
