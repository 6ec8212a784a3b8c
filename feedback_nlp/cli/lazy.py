"""A command group that imports a command when it is called, not when it is listed."""

from collections import UserDict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Command, Context


@dataclass(frozen=True, slots=True)
class Listed:
    """A command before it is imported: where it is, and what a list says of it."""

    place: str
    """`module:name` within this package; a function, or a `typer.Typer` for a group."""
    help: str
    """The first paragraph of the command's own help."""


class LazyGroup(TyperGroup):
    """A group whose commands are listed from a table.

    The `LazyGroup` of Click's manual imports every command for `--help`. Here only `commands` and
    `resolve_command` import, and only what they are asked for.
    """

    table: ClassVar[Mapping[str, Listed]]
    """Each command by its name, in the order of `--help`."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 (whatever Typer passes)
        """Make the group as Typer does; what `commands` holds then is imported on access."""
        super().__init__(**attributes)
        self.commands = _Imported(self.table)

    def list_commands(self, ctx: "Context") -> list[str]:  # noqa: ARG002 (Click's signature)
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: "Context", cmd_name: str) -> TyperCommand | None:  # noqa: ARG002
        """Return a stand-in with name and help, all that lists and completions look at."""
        listed = self.table.get(cmd_name)
        return None if listed is None else TyperCommand(cmd_name, help=listed.help)

    def resolve_command(
        self, ctx: "Context", args: list[str]
    ) -> "tuple[str | None, Command | None, list[str]]":
        """Return name and command, the real one, and the arguments that are left."""
        name, found, left = super().resolve_command(ctx, args)
        return name, found and self.commands[found.name or ""], left


class _Imported(UserDict[str, Any]):
    """Commands by name; each is a `Listed` until it is looked up."""

    def __getitem__(self, name: str) -> "Command":
        found: Listed | Command = self.data[name]
        if isinstance(found, Listed):
            found = self.data[name] = _import(name, found.place)
        return found


def _import(name: str, place: str) -> "Command":
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f".{module}", __package__), attribute)
    alone = typer.Typer()  # Typer makes a command only as part of an application.
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    return typer.main.get_group(alone).commands[name]
