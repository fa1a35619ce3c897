def main() -> None:
    """Runs the command."""
