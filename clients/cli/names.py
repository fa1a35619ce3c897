"""Names of resources, as people may write them."""


def agent_name(given: str) -> str:
    """Return `agents/{uuid}`, also for the uuid alone."""
    return given if "/" in given else f"agents/{given}"


def template_name(given: str) -> str:
    """Return `templates/{id}`, also for the id alone."""
    return given if "/" in given else f"templates/{given}"


def generation_name(given: str) -> str:
    """Return `generations/{uuid}`, also for the uuid alone."""
    return given if "/" in given else f"generations/{given}"


def artifact_name(given: str) -> str:
    """Return `artifacts/{uuid}`, also for the uuid alone."""
    return given if "/" in given else f"artifacts/{given}"


def comparison_name(given: str) -> str:
    """Return `comparisons/{uuid}`, also for the uuid alone."""
    return given if "/" in given else f"comparisons/{given}"


def conversation_name(given: str) -> str:
    """Return `conversations/{uuid}`, also for the uuid alone."""
    return given if "/" in given else f"conversations/{given}"


def memory_name(given: str) -> str:
    """Return `memories/{uuid}`, also for the uuid alone."""
    return given if "/" in given else f"memories/{given}"


def recipe_name(given: str) -> str:
    """Return `recipes/{id}`, also for the id alone."""
    return given if "/" in given else f"recipes/{given}"


def short(name: str) -> str:
    """Return the id alone, which every command takes as well: its line fits a terminal's."""
    return name.rpartition("/")[2]


def conversation_of(message: str) -> str:
    """Return `conversations/{uuid}` for one of its messages; nothing for what is none."""
    conversation, is_message, _ = message.partition("/messages/")
    return conversation if is_message else ""
