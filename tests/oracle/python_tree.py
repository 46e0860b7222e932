"""The tree of CPython's ast as the S-expression that tests/unit/tree.h writes.

Compared by syntax_oracle.py. What the two trees leave out alike: numbers and operators, how many signs stand
in a row, the names of keywords in class patterns. Calls that IPython writes for its own syntax are shown as magics.
"""

import ast


def quoted(text):
    out = ["'"]
    for c in text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass"):
        out.append("\\x%02x" % ord(c) if c in "'\\" or ord(c) < 32 else c)
    return "".join(out) + "'"


def magic_of(node, statement):
    """What IPython's rewriting of a magic stands for, or None."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call)):
        return None
    shell = node.func.value
    if shell.args or shell.keywords or not (isinstance(shell.func, ast.Name) and shell.func.id == "get_ipython"):
        return None
    if node.keywords or not all(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in node.args):
        return None
    name, texts = node.func.attr, [a.value for a in node.args]
    if name == "run_line_magic" and len(texts) == 2:
        if texts[0] in ("pinfo", "pinfo2", "psearch"):
            return "(? %s)" % quoted(texts[1])
        return "(%% %s %s)" % tuple(map(quoted, texts))
    if name == "run_cell_magic" and len(texts) == 3 and statement:
        return "(%%%% %s %s %s)" % tuple(map(quoted, texts))
    if name == "system" and texts:
        return "(! '' %s)" % quoted(texts[0])
    if name == "getoutput" and texts:
        return "(!! '' %s)" % quoted(texts[0])
    if name == "show_usage" and not texts and statement:
        return "(? '')"
    return None


class Tree:
    def __init__(self, magics):
        self.magics = magics  # whether IPython's calls are shown as magics

    # Expressions.
    def e(self, n):
        if n is None:
            return "-"
        return getattr(self, "e_" + type(n).__name__)(n)

    def items(self, head, nodes):
        return "(" + " ".join([head] + [self.e(n) for n in nodes]) + ")"

    def e_Name(self, n):
        return n.id

    def e_Constant(self, n):
        v = n.value
        if isinstance(v, str):
            return quoted(v)
        if isinstance(v, bytes):
            return "b#"
        return "..." if v is ... else str(v) if v is None or v is True or v is False else "#"

    def e_JoinedStr(self, n):
        return self.items("f", list(self.fields(n)))

    e_TemplateStr = e_JoinedStr

    def fields(self, n):
        for v in n.values:
            if type(v).__name__ in ("FormattedValue", "Interpolation"):
                yield v.value
                if v.format_spec is not None:
                    yield from self.fields(v.format_spec)

    def e_Tuple(self, n):
        return self.items("tuple", n.elts)

    def e_List(self, n):
        return self.items("list", n.elts)

    def e_Set(self, n):
        return self.items("set", n.elts)

    def e_Dict(self, n):
        parts = ["(dict"]
        for k, v in zip(n.keys, n.values):
            parts += [self.e(k) if k is not None else "**", self.e(v)]
        return " ".join(parts) + ")"

    def e_BinOp(self, n):
        chain = [n]
        while isinstance(chain[-1].left, ast.BinOp):
            chain.append(chain[-1].left)
        out = ["(op " * len(chain), self.e(chain[-1].left)]
        for b in reversed(chain):
            out.append(" " + self.e(b.right) + ")")
        return "".join(out)

    def e_UnaryOp(self, n):
        if isinstance(n.op, ast.Not):
            return self.items("not", [n.operand])
        while isinstance(n, ast.UnaryOp) and not isinstance(n.op, ast.Not):
            n = n.operand
        return "(op %s)" % self.e(n)

    def e_Compare(self, n):
        return self.items("cmp", [n.left] + n.comparators)

    def e_BoolOp(self, n):
        return self.items("and" if isinstance(n.op, ast.And) else "or", n.values)

    def e_IfExp(self, n):
        return self.items("ifelse", [n.test, n.body, n.orelse])

    def e_NamedExpr(self, n):
        return self.items(":=", [n.target, n.value])

    def e_Lambda(self, n):
        return "(lambda %s %s)" % (self.parameters(n.args), self.e(n.body))

    def comprehension(self, head, elements, generators):
        out = [head] + [self.e(x) for x in elements]
        for g in generators:
            clause = ["async for" if g.is_async else "for", self.e(g.target), self.e(g.iter)]
            for c in g.ifs:
                clause += ["if", self.e(c)]
            out.append("(" + " ".join(clause) + ")")
        return "(" + " ".join(out) + ")"

    def e_ListComp(self, n):
        return self.comprehension("listcomp", [n.elt], n.generators)

    def e_SetComp(self, n):
        return self.comprehension("setcomp", [n.elt], n.generators)

    def e_GeneratorExp(self, n):
        return self.comprehension("generator", [n.elt], n.generators)

    def e_DictComp(self, n):
        return self.comprehension("dictcomp", [n.key, n.value], n.generators)

    def e_Attribute(self, n):
        return "(. %s %s)" % (self.e(n.value), n.attr)

    def e_Subscript(self, n):
        return self.items("[]", [n.value, n.slice])

    def e_Slice(self, n):
        return self.items(":", [n.lower, n.upper, n.step])

    def arguments(self, args, keywords):
        out = [self.e(a) for a in args]
        for k in keywords:
            out.append("(** %s)" % self.e(k.value) if k.arg is None else "(%s= %s)" % (k.arg, self.e(k.value)))
        return "".join(" " + x for x in out)

    def e_Call(self, n):
        return "(call %s%s)" % (self.e(n.func), self.arguments(n.args, n.keywords))

    def e_Starred(self, n):
        return self.items("*", [n.value])

    def e_Await(self, n):
        return self.items("await", [n.value])

    def e_Yield(self, n):
        return self.items("yield", [n.value])

    def e_YieldFrom(self, n):
        return self.items("yield-from", [n.value])

    def parameter(self, prefix, a, default=None):
        out = prefix + a.arg
        if a.annotation is not None:
            out += ":" + self.e(a.annotation)
        if default is not None:
            out += "=" + self.e(default)
        return out

    def parameters(self, a):
        positional = a.posonlyargs + a.args
        defaults = [None] * (len(positional) - len(a.defaults)) + a.defaults
        out = [self.parameter("/" if i < len(a.posonlyargs) else "", p, d) for i, (p, d) in enumerate(zip(positional, defaults))]
        if a.vararg:
            out.append(self.parameter("*", a.vararg))
        out += [self.parameter("!", p, d) for p, d in zip(a.kwonlyargs, a.kw_defaults)]
        if a.kwarg:
            out.append(self.parameter("**", a.kwarg))
        return "(" + " ".join(out) + ")"

    def type_parameters(self, n):
        out = []
        for p in getattr(n, "type_params", []):
            kind = type(p).__name__
            x = {"TypeVar": "", "TypeVarTuple": "*", "ParamSpec": "**"}[kind] + p.name
            if getattr(p, "bound", None) is not None:
                x += ":" + self.e(p.bound)
            if getattr(p, "default_value", None) is not None:
                x += "=" + self.e(p.default_value)
            out.append(x)
        return " [" + " ".join(out) + "]" if out else ""

    # Patterns.
    def p(self, n):
        return getattr(self, "p_" + type(n).__name__)(n)

    def literal(self, n):
        if isinstance(n, ast.UnaryOp):
            return self.literal(n.operand)
        if isinstance(n, ast.BinOp):
            return "(op %s %s)" % (self.literal(n.left), self.literal(n.right))
        return self.e(n)

    def p_MatchValue(self, n):
        return self.literal(n.value)

    def p_MatchSingleton(self, n):
        return str(n.value)

    def p_MatchSequence(self, n):
        return "(" + " ".join(["seq"] + [self.p(x) for x in n.patterns]) + ")"

    def p_MatchOr(self, n):
        return "(" + " ".join(["|"] + [self.p(x) for x in n.patterns]) + ")"

    def p_MatchStar(self, n):
        return "(* %s)" % (n.name or "-")

    def p_MatchMapping(self, n):
        out = ["map"]
        for k, x in zip(n.keys, n.patterns):
            out += [self.literal(k), self.p(x)]
        return "(" + " ".join(out + (["**", n.rest] if n.rest else [])) + ")"

    def p_MatchClass(self, n):
        return "(class %s %s)" % (self.e(n.cls), "(" + "".join(" " + self.p(x) for x in n.patterns + n.kwd_patterns) + ")")

    def p_MatchAs(self, n):
        if n.pattern is not None:
            return "(as %s %s)" % (self.p(n.pattern), n.name)
        return "(as %s)" % n.name if n.name else "_"

    # Statements.
    def s(self, n):
        return "%d%s" % (n.lineno, getattr(self, "s_" + type(n).__name__)(n))

    def block(self, body):
        return "(" + " ".join(self.s(x) for x in body) + ")"

    def simple(self, head, *nodes):
        return "(" + " ".join([head] + [self.e(n) for n in nodes if n is not None]) + ")"

    def orelse(self, n):
        return " else " + self.block(n.orelse) if n.orelse else ""

    def s_Expr(self, n):
        return self.magics and magic_of(n.value, True) or self.simple("expr", n.value)

    def s_Assign(self, n):
        magic = self.magics and magic_of(n.value, False)
        if magic:
            return "(" + " ".join(["="] + [self.e(t) for t in n.targets] + [magic]) + ")"
        return self.simple("=", *n.targets, n.value)

    def s_AugAssign(self, n):
        return self.simple("op=", n.target, n.value)

    def s_AnnAssign(self, n):
        return self.simple("ann" if n.simple else "ann()", n.target, n.annotation, n.value)

    def s_TypeAlias(self, n):
        return "(type %s%s %s)" % (n.name.id, self.type_parameters(n), self.e(n.value))

    def s_Delete(self, n):
        return self.simple("del", *n.targets)

    def s_Pass(self, n):
        return "(pass)"

    def s_Break(self, n):
        return "(break)"

    def s_Continue(self, n):
        return "(continue)"

    def s_Return(self, n):
        return self.simple("return", n.value)

    def s_Raise(self, n):
        return self.simple("raise", n.exc, n.cause)

    def s_Assert(self, n):
        return self.simple("assert", n.test, n.msg)

    def s_Global(self, n):
        return "(" + " ".join(["global"] + n.names) + ")"

    def s_Nonlocal(self, n):
        return "(" + " ".join(["nonlocal"] + n.names) + ")"

    def imports(self, names):
        return "".join(" " + a.name + ("=" + a.asname if a.asname else "") for a in names)

    def s_Import(self, n):
        return "(import%s)" % self.imports(n.names)

    def s_ImportFrom(self, n):
        return "(from %s%s%s)" % ("." * n.level, n.module or "", self.imports(n.names))

    def s_If(self, n):
        return "(if %s %s%s)" % (self.e(n.test), self.block(n.body), self.orelse(n))

    def s_While(self, n):
        return "(while %s %s%s)" % (self.e(n.test), self.block(n.body), self.orelse(n))

    def s_For(self, n, head="for"):
        return "(%s %s %s %s%s)" % (head, self.e(n.target), self.e(n.iter), self.block(n.body), self.orelse(n))

    def s_AsyncFor(self, n):
        return self.s_For(n, "async for")

    def s_Try(self, n, head="try"):
        out = "(%s %s" % (head, self.block(n.body))
        for h in n.handlers:
            out += " (except %s %s %s)" % (self.e(h.type), h.name or "-", self.block(h.body))
        return out + self.orelse(n) + (" finally " + self.block(n.finalbody) if n.finalbody else "") + ")"

    def s_TryStar(self, n):
        return self.s_Try(n, "try*")

    def s_With(self, n, head="with"):
        out = "(" + head
        for i in n.items:
            out += " " + self.e(i.context_expr)
            if i.optional_vars is not None:
                out += " as " + self.e(i.optional_vars)
        return out + " " + self.block(n.body) + ")"

    def s_AsyncWith(self, n):
        return self.s_With(n, "async with")

    def s_Match(self, n):
        out = "(match " + self.e(n.subject)
        for c in n.cases:
            out += " (case " + self.p(c.pattern)
            if c.guard is not None:
                out += " if " + self.e(c.guard)
            out += " " + self.block(c.body) + ")"
        return out + ")"

    def s_FunctionDef(self, n, head="def"):
        out = "(" + head + "".join(" @" + self.e(d) for d in n.decorator_list)
        out += " %s%s %s" % (n.name, self.type_parameters(n), self.parameters(n.args))
        if n.returns is not None:
            out += " -> " + self.e(n.returns)
        return out + " " + self.block(n.body) + ")"

    def s_AsyncFunctionDef(self, n):
        return self.s_FunctionDef(n, "async def")

    def s_ClassDef(self, n):
        out = "(class" + "".join(" @" + self.e(d) for d in n.decorator_list) + " " + n.name + self.type_parameters(n)
        return out + self.arguments(n.bases, n.keywords) + " " + self.block(n.body) + ")"


def tree_of(module, magics=False):
    tree = Tree(magics)
    return " ".join(tree.s(n) for n in module.body)
