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
