"""The core is pure: an AST walk that finds what ruff's banned-api cannot see.

Looks for floats, divisions, sets, hashes, identities, coroutines, input and output, and for imports
outside a short list. Also, in the whole package, for floats near the names of money. Not for style.
"""

import ast
import re
from collections.abc import Iterator

from tools.findings import Finding

# What the core may import beside itself; everything here gives the same answer every time.
PURE_IMPORTS = (
    "__future__",
    "abc",
    "bisect",
    "collections",
    "dataclasses",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "itertools",
    "msgspec",
    "operator",
    "struct",
    "types",
    "typing",
)

WHY_NOT_IMPORT = {
    "time": "time comes with the entry, as ts_ns",
    "datetime": "time comes with the entry, as ts_ns",
    "random": "the core knows no chance: the same entries give the same bytes",
    "secrets": "the core knows no chance: the same entries give the same bytes",
    "uuid": "ids follow from seq (L15.1)",
    "os": "the core reads no environment and no files; settings come as commands",
    "sys": "the core reads no environment; settings come as commands",
    "io": "the core does no input or output",
    "pathlib": "the core does no input or output",
    "socket": "the core does no input or output",
    "logging": "the core does not log: events say all that happened",
    "asyncio": "the core has one control flow; waiting is the sequencer's",
    "threading": "the core has one control flow; the sequencer is its only caller",
    "decimal": "numbers of the core are integers: ticks, lots, units, ppm",
    "fractions": "numbers of the core are integers: ticks, lots, units, ppm",
    "math": "it speaks float; units.py has the integer operations",
}

WHY_NOT_NAME = {
    "float": "numbers of the core are integers: ticks, lots, units, ppm",
    "complex": "numbers of the core are integers: ticks, lots, units, ppm",
    "round": "only units.py rounds, and it says which way",
    "set": "its order differs from run to run; use a dict with None, or a sorted tuple",
    "frozenset": "its order differs from run to run; use a dict with None, or a sorted tuple",
    "hash": "it differs from run to run; compare the values, or digest their canonical bytes",
    "id": "it is an address, other in each run; give the thing a number of its own",
    "open": "the core does no input or output",
    "print": "the core does no input or output; events say all that happened",
    "input": "the core does no input or output",
    "eval": "what runs must stand in the file",
    "exec": "what runs must stand in the file",
}

_DIVISIONS: dict[type[ast.operator], str] = {ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%"}

_MONEY = re.compile(
    r"(?:^|_)(price|prices|qty|quantity|units|amount|balance|balances|fee|fees|notional|available|"
    r"hold|lots|ticks|cost|budget|volume|money|funds)(?:_|$)",
)


def check_core(path: str, tree: ast.Module) -> Iterator[Finding]:
    """Yield what makes a file of the core impure; `units.py` alone may divide."""
    may_divide = path.endswith("/units.py")
    for node in ast.walk(tree):
        if (found := _impurity(node, may_divide=may_divide)) is not None:
            what, why = found
            yield Finding(path, getattr(node, "lineno", 1), "pure-core", f"{what}: {why}")


def _impurity(node: ast.AST, *, may_divide: bool) -> tuple[str, str] | None:
    match node:
        case ast.Constant(value=float() | complex()):
            return f"the number {node.value!r}", WHY_NOT_NAME["float"]
        case ast.Name(id=name, ctx=ast.Load()) if name in WHY_NOT_NAME:
            return f"`{name}`", WHY_NOT_NAME[name]
        case ast.Name(id="divmod", ctx=ast.Load()) if not may_divide:
            return "`divmod`", "only units.py divides, and says which way it rounds"
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _DIVISIONS:
            return _division(_DIVISIONS[type(op)], may_divide=may_divide)
        case ast.BinOp(op=ast.Pow(), right=ast.UnaryOp(op=ast.USub())):
            return "a negative power", WHY_NOT_NAME["float"]
        case ast.Set() | ast.SetComp():
            return "a set", WHY_NOT_NAME["set"]
        case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
            return "a coroutine", WHY_NOT_IMPORT["asyncio"]
        case ast.Import(names=names):
            return _import([alias.name for alias in names])
        case ast.ImportFrom(module=module):
            return _import([module or "."])
        case _:
            return None


def _division(sign: str, *, may_divide: bool) -> tuple[str, str] | None:
    if sign == "/":
        return (
            "`/`",
            "it gives a float; units.py divides whole numbers and says which way it rounds",
        )
    if may_divide:
        return None
    return f"`{sign}`", "only units.py divides, and says which way it rounds"


def _import(modules: list[str]) -> tuple[str, str] | None:
    for module in modules:
        top = module.partition(".")[0]
        if top in PURE_IMPORTS or module == "bezant.core" or module.startswith("bezant.core."):
            continue
        if top == "bezant":
            return f"import of `{module}`", "the core is the lowest floor and sees only itself"
        why = WHY_NOT_IMPORT.get(top, "the core imports msgspec and the pure part of the library")
        return f"import of `{module}`", why
    return None


def check_money(path: str, tree: ast.Module) -> Iterator[Finding]:
    """Yield each place where a float meets a name of money."""
    for node in ast.walk(tree):
        if (name := _float_money(node)) is not None:
            message = (
                f"`{name}` is money and touches a float: inside it is an int of ticks, lots or "
                "units, outside a decimal string"
            )
            yield Finding(path, getattr(node, "lineno", 1), "money-is-whole", message)


def _float_money(node: ast.AST) -> str | None:
    match node:
        case ast.arg(arg=name, annotation=kind) if _says_float(kind):
            return _money_name(name)
        case ast.AnnAssign(target=target, annotation=kind) if _says_float(kind):
            return _money_in(target)
        case ast.FunctionDef(name=name, returns=kind) if _says_float(kind):
            return _money_name(name)
        case ast.AsyncFunctionDef(name=name, returns=kind) if _says_float(kind):
            return _money_name(name)
        case ast.Call(func=ast.Name(id="float"), args=[argument, *_]):
            return _money_in(argument)
        case ast.BinOp(left=left, right=ast.Constant(value=float())):
            return _money_in(left)
        case ast.BinOp(left=ast.Constant(value=float()), right=right):
            return _money_in(right)
        case _:
            return None


def _says_float(annotation: ast.expr | None) -> bool:
    return annotation is not None and any(
        isinstance(node, ast.Name) and node.id == "float" for node in ast.walk(annotation)
    )


def _money_in(expression: ast.AST) -> str | None:
    for node in ast.walk(expression):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if _money_name(name):
                return name
            case _:
                continue
    return None


def _money_name(name: str) -> str | None:
    is_time_or_count = name.endswith(("_s", "_ms", "_ns", "_count", "_ratio", "_share", "_rate"))
    return name if _MONEY.search(name.lower()) and not is_time_or_count else None
