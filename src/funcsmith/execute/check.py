"""The first layer: an allow-list on the syntax tree, told to the model before it writes.

It gives early, clear answers ("`os.system` is not available; …"), not safety: the fence in
`sandbox.py` holds without it. So it is strict about what a function plainly does not need and
does not try to follow values around.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from ..syntax import parse

if TYPE_CHECKING:
    from .grants import Grants

ALLOWED_MODULES: tuple[str, ...] = (
    "abc",
    "array",
    "base64",
    "binascii",
    "bisect",
    "calendar",
    "cmath",
    "collections",
    "collections.abc",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "graphlib",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "matplotlib",
    "matplotlib.pyplot",
    "numbers",
    "numpy",
    "operator",
    "pandas",
    "random",
    "re",
    "statistics",
    "string",
    "sys",
    "textwrap",
    "time",
    "typing",
    "unicodedata",
    "urllib.parse",
    "uuid",
    "zlib",
    "zoneinfo",
)
"""What a generated function may import; `io`, `sys` and `time` only in part."""

ALLOWED_PARTS: dict[str, tuple[str, ...]] = {
    "io": ("BytesIO", "StringIO"),
    "sys": (
        "byteorder",
        "float_info",
        "getrecursionlimit",
        "int_info",
        "maxsize",
        "maxunicode",
        "set_int_max_str_digits",
        "setrecursionlimit",
        "version_info",
    ),
    "time": (
        "gmtime",
        "localtime",
        "mktime",
        "monotonic",
        "perf_counter",
        "process_time",
        "strftime",
        "strptime",
        "struct_time",
        "time",
    ),
    "urllib": ("parse",),
}
"""The modules of which only these names may be used."""


@dataclass(frozen=True)
class Finding:
    """A construct that a generated function may not use, where it is, and what to write instead."""

    construct: str
    line: int
    _said: dict[str, str] = field(repr=False)
    _substitute: dict[str, str] = field(repr=False)

    def message(self, language: str = "en") -> str:
        """One sentence: the construct, its line, the substitute."""
        said = self._said.get(language) or self._said["en"]
        substitute = self.substitute(language)
        if language == "zh":
            return f"第 {self.line} 行：{said}" + (f"；{substitute}" if substitute else "")
        return f"line {self.line}: {said}" + (f"; {substitute}" if substitute else "")

    @property
    def mendable(self) -> bool:
        """Whether what it is for can be had in another way; files and the network cannot."""
        return self.substitute() not in {said[0] for said in _OUT_OF_REACH}

    def substitute(self, language: str = "en") -> str:
        """What to write instead; empty where there is nothing."""
        return self._substitute.get(language) or self._substitute.get("en", "")


def check(source: str, *, name: str | None = None, grants: Grants | None = None) -> list[Finding]:
    """What in the source is not allowed, in the order of its lines; empty when all of it is.

    What `grants` open may be imported and used.

    >>> [finding.construct for finding in check("import os\\nos.system('ls')")]
    ['import os']
    """
    try:
        tree = parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        said = getattr(error, "msg", None) or str(error)
        return [
            Finding(
                "syntax",
                line,
                {"en": f"not Python: {said}", "zh": f"不是合法的 Python：{said}"},
                {},
            )
        ]
    except (RecursionError, MemoryError):
        return [
            Finding(
                "nesting",
                1,
                {"en": "nested too deeply to be read", "zh": "嵌套过深，无法解析"},
                {},
            )
        ]
    visitor = _Visitor(grants)
    try:
        visitor.visit(tree)
    except RecursionError:
        visitor.found(tree, "nesting", "nested too deeply to be read", "嵌套过深，无法检查")
    if name is not None and name not in _defined(tree):
        visitor.found(
            tree,
            f"def {name}",
            f"the source does not define `{name}`",
            f"源码没有定义 `{name}`",
        )
    return sorted(visitor.findings, key=lambda finding: finding.line)


@lru_cache(maxsize=512)
def allowed_imports(source: str, grants: Grants | None = None) -> tuple[str, ...]:
    """The allowed modules that the source seems to import: worth loading before it runs."""
    opened = _Opened(grants)
    found = []
    for keyword, line in _IMPORT.findall(source):
        for word in [line] if keyword == "from" else line.split(","):
            module = word.split()[0] if word.split() else ""
            package = module.partition(".")[0]
            if package in _INSTALLED:
                module = package  # what else of it a call wants is none of ours
            allowed = module in ALLOWED_MODULES or opened.module(module)
            if allowed and module not in _LOADED_ANYWAY:
                found.append(module)
    return tuple(dict.fromkeys(found))


def uses_packages(source: str) -> bool:
    """Whether the source seems to import numpy, pandas or matplotlib."""
    return any(name.partition(".")[0] in _INSTALLED for name in allowed_imports(source))


class _Opened:
    """What grants allow in a source; the fence holds them to the paths and hosts themselves."""

    def __init__(self, grants: Grants | None) -> None:
        self.packages = frozenset(grants.packages) if grants else frozenset()
        self.modules: tuple[str, ...] = ()
        self.names: tuple[str, ...] = ()
        if grants and grants.read:
            self.modules += _READING_MODULES
            self.names = ("open",)
        if grants and grants.network:
            self.modules += _NETWORK_MODULES

    def module(self, name: str) -> bool:
        """Whether a module may be imported, and every name of it used."""
        return name.partition(".")[0] in self.packages or name in self.modules


class _Visitor(ast.NodeVisitor):
    def __init__(self, grants: Grants | None = None) -> None:
        self.opened = _Opened(grants)
        self.findings: list[Finding] = []
        self.modules: dict[str, str] = {}

    def found(self, node: ast.AST, construct: str, en: str, zh: str, instead: str = "") -> None:
        said = _SUBSTITUTES.get(instead or construct, ("", ""))
        finding = Finding(
            construct,
            getattr(node, "lineno", 1),
            {"en": en, "zh": zh},
            {"en": said[0], "zh": said[1]},
        )
        if finding not in self.findings:
            self.findings.append(finding)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if self.module(node, alias.name):
                top = alias.name.partition(".")[0]
                self.modules[alias.asname or top] = alias.name if alias.asname else top

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "__future__":
            return
        if node.level or node.module is None:
            self.found(node, "relative import", "a relative import", "相对导入")
            return
        if not self.module(node, node.module, [alias.name for alias in node.names]):
            return
        # Of a granted package nobody can say here which names are modules: all of it may be used.
        granted = node.module.partition(".")[0] in self.opened.packages
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            if self.is_module(full) and not granted:
                self.modules[alias.asname or alias.name] = full
            else:
                self.member(node, node.module, alias.name)

    def module(self, node: ast.AST, module: str, names: list[str] | None = None) -> bool:
        """Whether a module may be imported; says so where not."""
        allowed = (
            module in ALLOWED_MODULES
            or self.opened.module(module)
            or module.partition(".")[0] in _INSTALLED
            or (names is not None and all(self.is_module(f"{module}.{name}") for name in names))
        )
        if not allowed:
            self.found(
                node,
                f"import {module}",
                f"`{module}` cannot be imported",
                f"不能导入 `{module}`",
                module.partition(".")[0],
            )
        return allowed

    def is_module(self, full: str) -> bool:
        return full in ALLOWED_MODULES or self.opened.module(full)

    def member(self, node: ast.AST, module: str, name: str) -> None:
        """A name looked up in a module: part of what is allowed, and not a module it imported."""
        parts = ALLOWED_PARTS.get(module)
        package = module.partition(".")[0]
        # calendar.sys, contextlib.os: modules that a module imported for itself. Some name
        # something of their own after a module: random.random, datetime.time, numpy.array.
        foreign = (
            name in sys.stdlib_module_names
            and f"{module}.{name}" not in ALLOWED_MODULES
            and name != module
            and (module, name) != ("datetime", "time")
            and (package not in _INSTALLED or name in ("os", "sys"))
        )
        hidden = name.startswith("_") and name != "__version__"
        if name == "*" or (self.opened.module(module) and not hidden):
            return
        if hidden or (parts is not None and name not in parts) or foreign:
            construct = f"{module}.{name}"
            self.found(
                node,
                construct,
                f"`{construct}` is not available",
                f"不能使用 `{construct}`",
                construct if construct in _SUBSTITUTES else name if foreign else module,
            )
        elif package in _FILE_FUNCTIONS and name in _FILE_FUNCTIONS[package]:
            self.found(
                node,
                f"{package}.{name}",
                f"`{package}.{name}` works on files",
                f"`{package}.{name}` 会读写文件",
                "open",
            )

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id in self.modules:
            module = self.modules[node.value.id]
            if not self.is_module(f"{module}.{name}"):
                self.member(node, module, name)
            return
        if (
            name == "__name__"
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "__class__"
        ):
            self.visit(node.value.value)
            return
        if name.startswith("__") and name.endswith("__") and name not in _DUNDERS:
            self.found(
                node,
                f".{name}",
                f"the attribute `{name}` is not available",
                f"不能访问属性 `{name}`",
                name,
            )
        elif name in _INNER:
            self.found(
                node,
                f".{name}",
                f"the attribute `{name}` is not available",
                f"不能访问属性 `{name}`",
            )
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if (node.id in _NAMES and node.id not in self.opened.names) or (
            node.id.startswith("__") and node.id.endswith("__") and node.id not in _DUNDER_NAMES
        ):
            self.found(node, node.id, f"`{node.id}` is not available", f"不能使用 `{node.id}`")
        elif node.id in self.modules and isinstance(node.ctx, ast.Load):
            module = self.modules[node.id]
            self.found(
                node,
                f"{module} as a value",
                f"the module `{module}` is used as a value",
                f"模块 `{module}` 被当作值使用",
                "module",
            )

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func
        if isinstance(called, ast.Name) and called.id in (
            "getattr",
            "setattr",
            "delattr",
            "hasattr",
        ):
            given = node.args[1] if len(node.args) > 1 else None
            literal = isinstance(given, ast.Constant) and isinstance(given.value, str)
            if not literal or _is_hidden(given.value):  # type: ignore[union-attr]
                self.found(
                    node,
                    called.id,
                    f"`{called.id}` with a name that is not plain text here",
                    f"`{called.id}` 的属性名必须是普通文本",
                    "getattr",
                )
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                self.visit(argument)
            return
        if (
            isinstance(called, ast.Attribute)
            and called.attr in ("format", "format_map")
            and isinstance(called.value, ast.Constant)
            and isinstance(called.value.value, str)
            and re.search(r"\{[^}]*[.\[]__", called.value.value)
        ):
            self.found(
                node,
                "format",
                "a format text that looks into attributes",
                "格式文本访问了内部属性",
            )
        if isinstance(called, ast.Attribute) and called.attr == "savefig":
            target = node.args[0] if node.args else None
            for keyword in node.keywords:
                target = keyword.value if keyword.arg == "fname" else target
            text = isinstance(target, ast.Constant) and isinstance(target.value, str)
            if text or isinstance(target, ast.JoinedStr):
                self.found(
                    node,
                    ".savefig",
                    "`savefig` writes a file",
                    "`savefig` 会写文件",
                    "savefig",
                )
        self.generic_visit(node)


def _defined(tree: ast.Module) -> set[str]:
    names = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return names


def _is_hidden(name: str) -> bool:
    return name in _INNER or (
        name.startswith("__") and name.endswith("__") and name not in _DUNDERS
    )


_IMPORT = re.compile(r"(?:^|[;:])[ \t]*(from|import)[ \t]([\w., \t]+)", re.MULTILINE)
_LOADED_ANYWAY = frozenset({"sys", "abc", "io", "time"})

# What opens with a path, and with a host.
_READING_MODULES = ("fileinput", "glob", "os.path", "pathlib", "tomllib", "xml.etree.ElementTree")
_NETWORK_MODULES = (
    "http", "http.client", "socket", "ssl", "urllib.error", "urllib.request",
)  # fmt: skip

_NAMES = frozenset(
    [
        "breakpoint",
        "compile",
        "copyright",
        "credits",
        "eval",
        "exec",
        "exit",
        "globals",
        "help",
        "input",
        "license",
        "locals",
        "open",
        "quit",
        "vars",
    ]
)
_DUNDER_NAMES = frozenset({"__name__", "__debug__", "__class__"})
_DUNDERS_SAID = """
__abs__ __add__ __and__ __annotations__ __bool__ __call__ __contains__ __copy__
__dataclass_fields__ __deepcopy__ __delitem__ __divmod__ __doc__ __enter__ __eq__ __exit__
__float__ __floordiv__ __format__ __ge__ __getitem__ __gt__ __hash__ __iadd__ __index__
__init__ __init_subclass__ __int__ __invert__ __iter__ __le__ __len__ __lshift__ __lt__
__matmul__ __members__ __mod__ __mul__ __name__ __ne__ __neg__ __new__ __next__ __or__
__pos__ __post_init__ __pow__ __qualname__ __radd__ __repr__ __reversed__ __rmul__
__round__ __rshift__ __rsub__ __set_name__ __setattr__ __setitem__ __str__ __sub__
__truediv__ __version__ __wrapped__ __xor__
"""
_DUNDERS = frozenset(_DUNDERS_SAID.split())
# The roads from a value to a frame, and from a frame to everything.
_INNER = frozenset(
    [
        "ag_frame",
        "ag_code",
        "cr_frame",
        "cr_code",
        "f_back",
        "f_builtins",
        "f_code",
        "f_globals",
        "f_locals",
        "func_code",
        "func_globals",
        "gi_code",
        "gi_frame",
        "tb_frame",
        "tb_next",
        "co_code",
        "mro",
    ]
)
_FILE_FUNCTIONS = {
    "numpy": frozenset(
        [
            "ctypeslib",
            "distutils",
            "f2py",
            "fromfile",
            "genfromtxt",
            "load",
            "loadtxt",
            "memmap",
            "save",
            "savetxt",
            "savez",
            "savez_compressed",
        ]
    ),
    "matplotlib": frozenset(
        [
            "imread",
            "imsave",
            "rc_file",
            "rc_params_from_file",
        ]
    ),
    "pandas": frozenset(
        [
            "ExcelFile",
            "ExcelWriter",
            "HDFStore",
            "eval",
            "read_clipboard",
            "read_excel",
            "read_feather",
            "read_hdf",
            "read_orc",
            "read_parquet",
            "read_pickle",
            "read_sas",
            "read_spss",
            "read_sql",
            "read_sql_query",
            "read_sql_table",
            "read_stata",
            "to_pickle",
        ]
    ),
}

_INSTALLED = ("matplotlib", "numpy", "pandas")

_NO_FILES = (
    "take the content as a parameter",
    "请把内容作为参数传入",
)
_NO_NETWORK = (
    "there is no network; take the data as a parameter",
    "没有网络；请把数据作为参数传入",
)
_NO_PROCESSES = (
    "no program can be started; compute it in Python",
    "不能启动程序；请用 Python 计算",
)
_OUT_OF_REACH = (_NO_FILES, _NO_NETWORK, _NO_PROCESSES)
_NO_THREADS = ("write a plain loop", "请写普通循环")
_NO_INSIDES = ("write the computation out plainly", "请直接写出计算过程")

_SUBSTITUTES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("open", "pathlib", "shutil", "tempfile", "glob", "fileinput", "io"), _NO_FILES
    ),
    **dict.fromkeys(("sqlite3", "shelve", "pickle", "marshal"), _NO_FILES),
    **dict.fromkeys(
        ("socket", "urllib", "http", "requests", "httpx", "aiohttp", "ssl", "ftplib", "smtplib"),
        _NO_NETWORK,
    ),
    **dict.fromkeys(("subprocess", "pty", "signal", "ctypes", "cffi"), _NO_PROCESSES),
    **dict.fromkeys(("threading", "multiprocessing", "concurrent", "asyncio"), _NO_THREADS),
    **dict.fromkeys(("inspect", "importlib", "gc", "types", "builtins", "code"), _NO_INSIDES),
    **dict.fromkeys(("eval", "exec", "compile"), _NO_INSIDES),
    **dict.fromkeys(("globals", "locals", "vars"), ("use a dict of your own", "请使用自己的字典")),
    "os": ("use plain text operations for paths", "路径请用字符串运算处理"),
    "input": ("make it a parameter", "请改为参数"),
    **dict.fromkeys(
        ("exit", "quit"), ("return, or raise ValueError", "请用 return 或抛出 ValueError")
    ),
    "getattr": ("name the attribute directly, or use a dict", "请直接写出属性名，或使用字典"),
    "savefig": (
        "return the figure; it comes back as a PNG",
        "请返回图形对象，它会以 PNG 形式返回",
    ),
    "module": ("name the function that is needed: module.function", "请写明所需函数：模块.函数"),
    "secrets": ("use random", "请使用 random"),
    "__class__": ("use type(x)", "请使用 type(x)"),
    "__dict__": ("use dataclasses.asdict or a dict", "请使用 dataclasses.asdict 或字典"),
    "time.sleep": ("a function has nothing to wait for; leave it out", "函数无需等待；请删去"),
    "scipy": ("use math, statistics or numpy", "请使用 math、statistics 或 numpy"),
    "sympy": ("use fractions or math", "请使用 fractions 或 math"),
    "dateutil": ("use datetime", "请使用 datetime"),
    "pytz": ("use zoneinfo", "请使用 zoneinfo"),
    "sys": (
        "of sys there is " + ", ".join(ALLOWED_PARTS["sys"]),
        "sys 中可用的有 " + "、".join(ALLOWED_PARTS["sys"]),
    ),
}
