"""The quick way in and Typer are the same command line."""

from __future__ import annotations

import pytest
import typer

from funcsmith.cli import app, quick, words


def options_of_run():
    command = typer.main.get_command(app.app("run"))
    context = typer.Context(command)
    run = command.get_command(context, "run")
    return [each for each in run.params if each.param_type_name == "option"]


def test_options_are_those_of_typer():
    """Names, flags, repeated options and defaults agree."""
    known = quick.names()
    options = quick.Options()
    theirs = {each.opts[0]: each for each in options_of_run() if each.name != "help"}

    assert set(known) == set(theirs)
    for flag, name in known.items():
        option = theirs[flag]
        ours = getattr(options, name)
        assert option.opts == [flag]
        assert option.name == name
        assert option.is_flag is isinstance(ours, bool)
        assert option.multiple is isinstance(ours, list)
        assert (option.default or ours) == ours


def test_modes_are_those_of_the_contract():
    """The quick way knows the modes that a request has."""
    import typing

    from funcsmith.contract import Mode

    assert typing.get_args(Mode) == quick.MODES


@pytest.mark.parametrize("name", quick.COMMANDS)
def test_every_listed_command_is_there(name: str):
    """Each name of the list is a command of its own file, and its line is shown whole."""
    alone = typer.main.get_command(app.app(name))
    group = typer.main.get_command(app.app())
    listed = group.get_help(typer.Context(group, max_content_width=80))

    assert alone.list_commands(typer.Context(alone)) == [name]
    assert f"{quick.COMMANDS[name]}\n" in f"{listed}\n"


def test_what_is_not_certain_is_left_to_typer():
    """Unknown options, missing values and two texts are Typer's to answer."""
    for given in (["--help"], ["-x"], ["--model"], ["--model", "--json"], ["a", "b"],
                  ["--json=1"], ["--seed", "x"], ["--mode", "x"]):  # fmt: skip
        assert quick.parsed(given) is None


def test_words_are_in_both_languages():
    """Each entry has its two languages, with the same places to fill."""
    import re

    for english, chinese in words.WORDS.values():
        assert english
        assert chinese
        assert set(re.findall("{[a-z]+}", english)) == set(re.findall("{[a-z]+}", chinese))
