"""Templates, ratings and statistics in the terminal."""

import json

from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import parse_table, parse_tables, parsed
from tests.support.oracle import assert_story
from tests.support.scripted import Engines


async def test_templates_are_listed_kept_changed_hatched_and_deleted(
    running: Place, engines: Engines
) -> None:
    """One's own stands behind those that come with Hatchery."""
    done = await running.hatchery("templates", "list")
    rows = parse_table(done.stdout)
    assert len(rows) >= 12
    assert "knight" == rows[0][-1]
    keep = ("templates", "keep", "mine", "a fox", "who sells weather")
    done = await running.hatchery(*keep, "--title", "My fox", "--style", "ink")
    assert 0 == done.exit_code, done.output
    assert ["My fox", "“a fox who sells weather”", "Style: ink", "Name: mine, version 1"] == (
        done.stdout.splitlines()
    )
    done = await running.hatchery("hatch", "--json", "--template", "mine", "afraid of rain")
    assert_story(parsed(done.stdout))
    assert "a fox who sells weather. afraid of rain" == engines.text_calls[0].messages[-1].content
    assert "ink" == engines.image_calls[0].style
    done = await running.hatchery("templates", "keep", "mine", "a wolf")
    changed = ["My fox", "“a wolf”", "Style: ink", "Name: mine, version 2"]
    assert changed == done.stdout.splitlines()
    done = await running.hatchery("templates", "show", "mine@1", "--json")
    assert "a fox who sells weather" == json.loads(done.stdout)["description"]
    done = await running.hatchery("templates", "list")
    assert "mine" == parse_table(done.stdout)[-1][-1]
    done = await running.hatchery("templates", "delete", "mine")
    assert (0, "Deleted My fox.\n") == (done.exit_code, done.stdout)
    done = await running.hatchery("hatch", "--template", "mine")
    assert (1, True) == (done.exit_code, "there is no templates/mine" in done.stderr)


async def test_what_cannot_be_is_said_in_the_terms_of_the_command(running: Place) -> None:
    """A name that is none, and a template that nobody can change."""
    done = await running.hatchery("templates", "keep", "My Fox", "a fox")
    assert (1, True) == (done.exit_code, "the name: must be 1 to 63 small" in done.stderr)
    done = await running.hatchery("templates", "keep", "knight", "a fox")
    assert (1, True) == (done.exit_code, "knight comes with Hatchery" in done.stderr)
    done = await running.hatchery("templates", "delete", "knight")
    assert (1, True) == (done.exit_code, "comes with Hatchery" in done.stderr)


async def test_a_rating_shows_in_the_statistics(running: Place) -> None:
    """Per model and step, and of the whole."""
    done = await running.hatchery("stats")
    assert (0, "") == (done.exit_code, done.stdout)
    done = await running.hatchery("hatch", "--json", "a dragon")
    name = parsed(done.stdout)[0].generation
    rate = ("generations", "rate", name)
    done = await running.hatchery(*rate, "4", "--step", "avatar", "--comment", "a fine tail")
    assert "avatar: 4 of 5, a fine tail\n" == done.stdout
    done = await running.hatchery(*rate, "5")
    assert ["all: 5 of 5", "avatar: 4 of 5, a fine tail"] == done.stdout.splitlines()
    done = await running.hatchery("generations", "show", name)
    assert "Liked:  avatar: 4 of 5, a fine tail" in done.stdout.splitlines()
    tables = parse_tables((await running.hatchery("stats")).stdout)
    (recipe,) = tables["Completed"]
    assert ["create_agent", "1", "1", "0", "0"] == recipe[:5]
    assert "5.0 of 1 rating" == recipe[-1]
    (avatar,) = [row for row in tables["Done"] if row[0] == "avatar"]
    assert ("script (scripted)", "1", "4.0 of 1 rating") == (avatar[1], avatar[2], avatar[-1])
    done = await running.hatchery("generations", "rate", name, "6")
    assert 2 == done.exit_code
