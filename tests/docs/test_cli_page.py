"""docs/cli.md names every command and option, and nothing that does not exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer

from feedback_nlp.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def commands() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield (words of a command, its long options); groups are walked, not yielded.

    Of a switch such as --split/--no-split only the negative form is asked for.
    """
    todo = [("feedback-nlp", typer.main.get_command(app))]
    while todo:
        words, command = todo.pop()
        children = getattr(command, "commands", None)
        if children is not None:
            todo += [(f"{words} {name}", child) for name, child in children.items()]
            continue
        flags = (
            flag
            for parameter in command.params
            for flag in (parameter.secondary_opts or parameter.opts)
        )
        yield words, frozenset(flag for flag in flags if flag.startswith("--")) - {"--help"}


def sections() -> dict[str, str]:
    parts = re.split(r"^## `(feedback-nlp [^`]+)`$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def documented_options(section: str) -> frozenset[str]:
    """Return the options named in the first column of the section's table."""
    cells = re.findall(r"^\| (`--[^|]*) \|", section, flags=re.MULTILINE)
    return frozenset(flag for cell in cells for flag in re.findall(r"--[a-z][a-z-]*", cell))


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(sections()) == {words for words, _ in commands()}


def test_option_tables_and_commands_agree() -> None:
    documented = {words: documented_options(text) for words, text in sections().items()}
    actual = dict(commands())
    both = documented.keys() & actual.keys()
    assert {words: documented[words] for words in both} == {words: actual[words] for words in both}


def test_every_command_explains_itself_in_help() -> None:
    root = typer.main.get_command(app)
    children: dict[str, typer.core.TyperCommand] = getattr(root, "commands", {})
    assert children
    assert [name for name, child in children.items() if not child.help] == []


def test_exit_codes_of_the_contract_are_listed() -> None:
    codes = re.findall(r"^\| (\d) \|", PAGE, flags=re.MULTILINE)
    assert codes == ["0", "1", "2", "3"]


def test_readme_mentions_every_command() -> None:
    names = [words.split()[1] for words, _ in commands()]
    assert [name for name in names if not re.search(rf"[ `]{name}[ `]", README)] == []
