"""`bezant user`: create a user, look at who there is, set and credit an account."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.apps.operator import Desk

PAGE: int = 1_000

app = typer.Typer(no_args_is_help=True, help="Users: create, list, set, credit.")


@app.command("create")
def create(
    email: str,
    *,
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, help="Asked for where not given.")
    ],
    role: Annotated[
        str, typer.Option(help="USER, SUPPORT, COMPLIANCE, TREASURER, ADMIN.")
    ] = "USER",
    tier: Annotated[int, typer.Option(help="Limits: Free 0, Basic 1, Pro 2, VIP 3.")] = 0,
    data_dir: DataDirOption = None,
) -> None:
    """Create a user with one account."""
    from bezant.accounts.staffing import UserSpec
    from bezant.cli.desk import at_desk

    spec = UserSpec(email, password, role, tier)
    account = at_desk(data_dir, lambda desk: desk.create_user(spec))
    typer.echo(f"user {email} created, account {account}")


@app.command("list")
def list_(
    *,
    after: Annotated[int, typer.Option(help="Show users with a higher id.")] = 0,
    data_dir: DataDirOption = None,
    json: JSONOption = False,
) -> None:
    """Show users by id, at most 1,000 at once."""
    from bezant.cli.desk import at_desk, print_rows

    rows = [
        {
            "userId": str(user.user_id),
            "email": user.email,
            "role": user.role,
            "tier": str(user.tier),
            "status": user.status,
            "accountId": str(user.account),
        }
        for user in at_desk(data_dir, lambda desk: desk.list_users(after, PAGE))
    ]
    print_rows(rows, json=json)


@app.command("set")
def set_(
    email: str,
    *,
    self_trade_prevention: Annotated[
        Literal["none", "expire_taker", "expire_maker", "expire_both", "decrement"],
        typer.Option(help="What happens when an order that names no mode meets its own account."),
    ],
    data_dir: DataDirOption = None,
) -> None:
    """Change the settings of a user's account, as its owner may over the API."""
    from bezant.cli.desk import at_desk
    from bezant.core.ids import AccountId
    from bezant.core.words import STPMode

    async def deed(desk: "Desk") -> None:
        account = AccountId((await desk.get_user(email)).account)
        await desk.set_prevention(account, STPMode[self_trade_prevention.upper()])

    at_desk(data_dir, deed)
    typer.echo(f"{email} has self-trade prevention {self_trade_prevention}")


@app.command("credit")
def credit(
    email: str,
    asset: Annotated[str, typer.Argument(help="Such as USDT.")],
    amount: Annotated[str, typer.Argument(help="A decimal amount such as 100.50.")],
    *,
    data_dir: DataDirOption = None,
) -> None:
    """Deposit an amount from the hot wallet into a user's account."""
    from bezant.cli.desk import at_desk
    from bezant.core.ids import AccountId

    async def deed(desk: "Desk") -> None:
        await desk.get_asset(asset)
        account = AccountId((await desk.get_user(email)).account)
        await desk.credit(account, {asset: amount})

    at_desk(data_dir, deed)
    typer.echo(f"{email} has {amount} {asset} more")
