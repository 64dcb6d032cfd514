"""The values that a program's text states outright, found without running it."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

LONGEST_TEXT = 500
LARGEST_POWER = 64
DEEPEST = 60

_TWO: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
_ONE: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_NUMBERS = {"Decimal": float, "float": float, "int": int}
_ENVIRONMENT = frozenset({"environ", "getenv", "environb", "config", "env", "decouple"})
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CHOICES = (ast.IfExp, ast.BoolOp, ast.Compare)

Names = Mapping[str, Any]
"""What names stand for where an expression stands: plain values, lists and dicts of them, or a `NotStated`."""


class NotStated(Exception):  # noqa: N818 - reads as what it is
    """The text does not state this value; `reason` goes on after its name. line: where it stands, 0 where not known."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def stated(node: ast.expr, names: Names, depth: int = 0) -> Any:  # noqa: PLR0911 - one line a kind of expression
    """The value of an expression: a number, text, bool, None, or a list or dict of them.

    Literals, arithmetic of literals, names and members that stand for such, merged dicts, `dict(a=1)`, and `float`,
    `int` and `Decimal` of a literal. Nothing is called but those, nothing is imported, and no work grows with a number
    in the text. Raises NotStated with the reason for anything else; a dictionary holds NotStated for those of its values.
    """
    if depth > DEEPEST:
        raise NotStated("is nested too deeply to be read")
    match node:
        case ast.Constant(value=value):
            return plain(value)
        case ast.UnaryOp(op=op, operand=operand):
            return _signed(op, stated(operand, names, depth + 1))
        case ast.BinOp(left=left, op=op, right=right):
            return _joined(op, stated(left, names, depth + 1), stated(right, names, depth + 1))
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [stated(one, names, depth + 1) for one in items]
        case ast.Dict():
            return _dict(node, names, depth)
        case ast.Name(id=name):
            return known(names, name, name)
        case ast.Attribute() | ast.Subscript():
            return _member(node, names, depth)
        case ast.Call():
            return _called(node, names, depth)
    raise NotStated(why(node))


def plain(value: object) -> Any:
    """A literal as it may stand in a table of parameters. Raises NotStated for what may not."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise NotStated(f"is a text of {len(value):,} characters")
        return value
    if isinstance(value, int | float):
        if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= 2**63):
            raise NotStated("is no number of ordinary size")
        return value
    raise NotStated(f"is of type {type(value).__name__}, which no parameter has")


def why(node: ast.AST) -> str:  # noqa: PLR0911 - one line a kind of expression
    """Why an expression cannot be read, to go on after "it ..."."""
    if _mentions(node) & _ENVIRONMENT:
        return "comes from the environment or a configuration when the program runs"
    if isinstance(node, ast.Call):
        return f"is what {_short(node.func)}(...) gives when the program runs"
    if isinstance(node, ast.JoinedStr):
        return "is an f-string, put together when the program runs"
    if isinstance(node, _LOOPS):
        return "is put together by a loop when the program runs"
    if isinstance(node, _CHOICES):
        return "depends on a condition"
    if isinstance(node, ast.Lambda):
        return "is a function"
    return f"is {_short(node)}, which is known only when the program runs"


def _mentions(node: ast.AST) -> set[str]:
    """Every name and attribute in it."""
    return {str(getattr(one, "attr", getattr(one, "id", ""))) for one in ast.walk(node)}


def known(names: Names, name: str, said: str) -> Any:
    """What a name stands for. Raises NotStated where nothing is stated."""
    if name not in names:
        raise NotStated(f"is {said}, which these files do not state")
    found = names[name]
    if isinstance(found, NotStated):
        raise NotStated(f"is {said}, which {found.reason}")
    return found


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 40 else text[:37] + "..."


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _signed(op: ast.unaryop, value: Any) -> Any:
    if isinstance(op, ast.Not) and isinstance(value, bool):
        return not value
    if type(op) in _ONE and _is_number(value):
        return plain(_ONE[type(op)](value))
    raise NotStated("is computed in a way that is not read")


def _joined(op: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(op, ast.BitOr) and isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    if isinstance(op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return plain(left + right)
    if type(op) not in _TWO or not _is_number(left) or not _is_number(right):
        raise NotStated("is computed in a way that is not read")
    if isinstance(op, ast.Pow) and abs(right) > LARGEST_POWER:
        raise NotStated("is a power too large to be worked out")
    try:
        return plain(_TWO[type(op)](left, right))
    except ArithmeticError as error:
        raise NotStated(f"cannot be worked out ({error})") from error


def _dict(node: ast.Dict, names: Names, depth: int) -> dict[Any, Any]:
    whole: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        found = attempted(value, names, depth + 1)
        if key is None:
            if not isinstance(found, dict):
                raise NotStated(f"unpacks {_short(value)}, which these files do not state")
            whole.update(found)
            continue
        name = stated(key, names, depth + 1)
        if isinstance(name, list | dict):
            raise NotStated("has a key that is no word")
        whole[name] = found
    return whole


def attempted(node: ast.expr, names: Names, depth: int = 0) -> Any:
    """The value, or the NotStated that says why there is none, with its line."""
    try:
        return stated(node, names, depth)
    except NotStated as reason:
        return NotStated(reason.reason, reason.line or node.lineno)


def _member(node: ast.Attribute | ast.Subscript, names: Names, depth: int) -> Any:
    if isinstance(node, ast.Attribute):
        dotted = ast.unparse(node)
        if dotted in names or not isinstance(node.value, ast.Name):
            return known(names, dotted, _short(node))
        raise NotStated(why(node))
    if _mentions(node) & _ENVIRONMENT:
        raise NotStated(why(node))
    whole, place = stated(node.value, names, depth + 1), stated(node.slice, names, depth + 1)
    try:
        found = whole[place]
    except (KeyError, IndexError, TypeError) as error:
        raise NotStated(f"is {_short(node)}, which these files do not state") from error
    if isinstance(found, NotStated):
        raise NotStated(f"is {_short(node)}, which {found.reason}")
    return found


def _called(node: ast.Call, names: Names, depth: int) -> Any:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name == "dict" and all(one.arg is not None for one in node.keywords) and len(node.args) < 2:
        base = stated(node.args[0], names, depth + 1) if node.args else {}
        if isinstance(base, dict):
            return {**base, **{str(one.arg): attempted(one.value, names, depth + 1) for one in node.keywords}}
    if name in _NUMBERS and len(node.args) == 1 and not node.keywords:
        value = stated(node.args[0], names, depth + 1)
        try:
            return plain(_NUMBERS[name](value))
        except (ValueError, TypeError, OverflowError) as error:
            raise NotStated(f"is {_short(node)}, which is no number") from error
    raise NotStated(why(node))
