/* The names that are there without being bound: by CPython 3.11 (what newer
 * versions add is rare in notebooks, and a wrong guess hides an error), by
 * Python 2, and by IPython. */
#include <stdlib.h>

#include "python/names.h"

/* Each table is sorted by bytes (a test holds that). */
static const struct slice builtins[] = {
    SLICE_CONSTANT("ArithmeticError"),
    SLICE_CONSTANT("AssertionError"),
    SLICE_CONSTANT("AttributeError"),
    SLICE_CONSTANT("BaseException"),
    SLICE_CONSTANT("BaseExceptionGroup"),
    SLICE_CONSTANT("BlockingIOError"),
    SLICE_CONSTANT("BrokenPipeError"),
    SLICE_CONSTANT("BufferError"),
    SLICE_CONSTANT("BytesWarning"),
    SLICE_CONSTANT("ChildProcessError"),
    SLICE_CONSTANT("ConnectionAbortedError"),
    SLICE_CONSTANT("ConnectionError"),
    SLICE_CONSTANT("ConnectionRefusedError"),
    SLICE_CONSTANT("ConnectionResetError"),
    SLICE_CONSTANT("DeprecationWarning"),
    SLICE_CONSTANT("EOFError"),
    SLICE_CONSTANT("Ellipsis"),
    SLICE_CONSTANT("EncodingWarning"),
    SLICE_CONSTANT("EnvironmentError"),
    SLICE_CONSTANT("Exception"),
    SLICE_CONSTANT("ExceptionGroup"),
    SLICE_CONSTANT("False"),
    SLICE_CONSTANT("FileExistsError"),
    SLICE_CONSTANT("FileNotFoundError"),
    SLICE_CONSTANT("FloatingPointError"),
    SLICE_CONSTANT("FutureWarning"),
    SLICE_CONSTANT("GeneratorExit"),
    SLICE_CONSTANT("IOError"),
    SLICE_CONSTANT("ImportError"),
    SLICE_CONSTANT("ImportWarning"),
    SLICE_CONSTANT("IndentationError"),
    SLICE_CONSTANT("IndexError"),
    SLICE_CONSTANT("InterruptedError"),
    SLICE_CONSTANT("IsADirectoryError"),
    SLICE_CONSTANT("KeyError"),
    SLICE_CONSTANT("KeyboardInterrupt"),
    SLICE_CONSTANT("LookupError"),
    SLICE_CONSTANT("MemoryError"),
    SLICE_CONSTANT("ModuleNotFoundError"),
    SLICE_CONSTANT("NameError"),
    SLICE_CONSTANT("None"),
    SLICE_CONSTANT("NotADirectoryError"),
    SLICE_CONSTANT("NotImplemented"),
    SLICE_CONSTANT("NotImplementedError"),
    SLICE_CONSTANT("OSError"),
    SLICE_CONSTANT("OverflowError"),
    SLICE_CONSTANT("PendingDeprecationWarning"),
    SLICE_CONSTANT("PermissionError"),
    SLICE_CONSTANT("ProcessLookupError"),
    SLICE_CONSTANT("RecursionError"),
    SLICE_CONSTANT("ReferenceError"),
    SLICE_CONSTANT("ResourceWarning"),
    SLICE_CONSTANT("RuntimeError"),
    SLICE_CONSTANT("RuntimeWarning"),
    SLICE_CONSTANT("StopAsyncIteration"),
    SLICE_CONSTANT("StopIteration"),
    SLICE_CONSTANT("SyntaxError"),
    SLICE_CONSTANT("SyntaxWarning"),
    SLICE_CONSTANT("SystemError"),
    SLICE_CONSTANT("SystemExit"),
    SLICE_CONSTANT("TabError"),
    SLICE_CONSTANT("TimeoutError"),
    SLICE_CONSTANT("True"),
    SLICE_CONSTANT("TypeError"),
    SLICE_CONSTANT("UnboundLocalError"),
    SLICE_CONSTANT("UnicodeDecodeError"),
    SLICE_CONSTANT("UnicodeEncodeError"),
    SLICE_CONSTANT("UnicodeError"),
    SLICE_CONSTANT("UnicodeTranslateError"),
    SLICE_CONSTANT("UnicodeWarning"),
    SLICE_CONSTANT("UserWarning"),
    SLICE_CONSTANT("ValueError"),
    SLICE_CONSTANT("Warning"),
    SLICE_CONSTANT("ZeroDivisionError"),
    SLICE_CONSTANT("__annotations__"),
    SLICE_CONSTANT("__build_class__"),
    SLICE_CONSTANT("__builtin__"),
    SLICE_CONSTANT("__builtins__"),
    SLICE_CONSTANT("__cached__"),
    SLICE_CONSTANT("__debug__"),
    SLICE_CONSTANT("__doc__"),
    SLICE_CONSTANT("__file__"),
    SLICE_CONSTANT("__import__"),
    SLICE_CONSTANT("__loader__"),
    SLICE_CONSTANT("__name__"),
    SLICE_CONSTANT("__package__"),
    SLICE_CONSTANT("__path__"),
    SLICE_CONSTANT("__spec__"),
    SLICE_CONSTANT("abs"),
    SLICE_CONSTANT("aiter"),
    SLICE_CONSTANT("all"),
    SLICE_CONSTANT("anext"),
    SLICE_CONSTANT("any"),
    SLICE_CONSTANT("ascii"),
    SLICE_CONSTANT("bin"),
    SLICE_CONSTANT("bool"),
    SLICE_CONSTANT("breakpoint"),
    SLICE_CONSTANT("bytearray"),
    SLICE_CONSTANT("bytes"),
    SLICE_CONSTANT("callable"),
    SLICE_CONSTANT("chr"),
    SLICE_CONSTANT("classmethod"),
    SLICE_CONSTANT("compile"),
    SLICE_CONSTANT("complex"),
    SLICE_CONSTANT("copyright"),
    SLICE_CONSTANT("credits"),
    SLICE_CONSTANT("delattr"),
    SLICE_CONSTANT("dict"),
    SLICE_CONSTANT("dir"),
    SLICE_CONSTANT("divmod"),
    SLICE_CONSTANT("enumerate"),
    SLICE_CONSTANT("eval"),
    SLICE_CONSTANT("exec"),
    SLICE_CONSTANT("exit"),
    SLICE_CONSTANT("filter"),
    SLICE_CONSTANT("float"),
    SLICE_CONSTANT("format"),
    SLICE_CONSTANT("frozenset"),
    SLICE_CONSTANT("getattr"),
    SLICE_CONSTANT("globals"),
    SLICE_CONSTANT("hasattr"),
    SLICE_CONSTANT("hash"),
    SLICE_CONSTANT("help"),
    SLICE_CONSTANT("hex"),
    SLICE_CONSTANT("id"),
    SLICE_CONSTANT("input"),
    SLICE_CONSTANT("int"),
    SLICE_CONSTANT("isinstance"),
    SLICE_CONSTANT("issubclass"),
    SLICE_CONSTANT("iter"),
    SLICE_CONSTANT("len"),
    SLICE_CONSTANT("license"),
    SLICE_CONSTANT("list"),
    SLICE_CONSTANT("locals"),
    SLICE_CONSTANT("map"),
    SLICE_CONSTANT("max"),
    SLICE_CONSTANT("memoryview"),
    SLICE_CONSTANT("min"),
    SLICE_CONSTANT("next"),
    SLICE_CONSTANT("object"),
    SLICE_CONSTANT("oct"),
    SLICE_CONSTANT("open"),
    SLICE_CONSTANT("ord"),
    SLICE_CONSTANT("pow"),
    SLICE_CONSTANT("print"),
    SLICE_CONSTANT("property"),
    SLICE_CONSTANT("quit"),
    SLICE_CONSTANT("range"),
    SLICE_CONSTANT("repr"),
    SLICE_CONSTANT("reversed"),
    SLICE_CONSTANT("round"),
    SLICE_CONSTANT("set"),
    SLICE_CONSTANT("setattr"),
    SLICE_CONSTANT("slice"),
    SLICE_CONSTANT("sorted"),
    SLICE_CONSTANT("staticmethod"),
    SLICE_CONSTANT("str"),
    SLICE_CONSTANT("sum"),
    SLICE_CONSTANT("super"),
    SLICE_CONSTANT("tuple"),
    SLICE_CONSTANT("type"),
    SLICE_CONSTANT("vars"),
    SLICE_CONSTANT("zip"),
};

static const struct slice python2_builtins[] = {
    SLICE_CONSTANT("StandardError"), SLICE_CONSTANT("apply"),  SLICE_CONSTANT("basestring"), SLICE_CONSTANT("buffer"),
    SLICE_CONSTANT("cmp"),           SLICE_CONSTANT("coerce"), SLICE_CONSTANT("execfile"),   SLICE_CONSTANT("file"),
    SLICE_CONSTANT("intern"),        SLICE_CONSTANT("long"),   SLICE_CONSTANT("raw_input"),  SLICE_CONSTANT("reduce"),
    SLICE_CONSTANT("reload"),        SLICE_CONSTANT("unichr"), SLICE_CONSTANT("unicode"),    SLICE_CONSTANT("xrange"),
};

static int compare_name(const void *key, const void *item)
{
	return slice_compare(*(const struct slice *)key, *(const struct slice *)item);
}

bool python_is_builtin(struct slice name)
{
	return bsearch(&name, builtins, sizeof builtins / sizeof *builtins, sizeof *builtins, compare_name) != NULL;
}

bool python_is_python2_builtin(struct slice name)
{
	return bsearch(&name, python2_builtins, sizeof python2_builtins / sizeof *python2_builtins,
	               sizeof *python2_builtins, compare_name) != NULL;
}

static bool is_digits(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
	return text.length > 0;
}

/* _5, _i, _ii, _iii, _i5 */
static bool is_numbered(struct slice name)
{
	if (name.length < 2 || name.bytes[0] != '_')
		return false;
	struct slice rest = slice_part(name, 1, name.length);
	if (is_digits(rest) || slice_equal(rest, SLICE("i")) || slice_equal(rest, SLICE("ii")) ||
	    slice_equal(rest, SLICE("iii")))
		return true;
	return rest.bytes[0] == 'i' && is_digits(slice_part(rest, 1, rest.length));
}

bool python_is_history_name(struct slice name)
{
	static const struct slice names[] = {
	    SLICE_CONSTANT("_"),   SLICE_CONSTANT("__"),  SLICE_CONSTANT("___"), SLICE_CONSTANT("In"),
	    SLICE_CONSTANT("Out"), SLICE_CONSTANT("_ih"), SLICE_CONSTANT("_oh"),
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_equal(name, names[i]))
			return true;
	return is_numbered(name);
}

bool python_is_ipython_name(struct slice name)
{
	static const struct slice names[] = {
	    SLICE_CONSTANT("get_ipython"), SLICE_CONSTANT("display"), SLICE_CONSTANT("exit"),
	    SLICE_CONSTANT("quit"),        SLICE_CONSTANT("_dh"),
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_equal(name, names[i]))
			return true;
	return python_is_history_name(name);
}

bool python_is_kernel_name(struct slice name)
{
	static const struct slice names[] = {
	    SLICE_CONSTANT("_dntk"),       SLICE_CONSTANT("spark"),   SLICE_CONSTANT("sc"),
	    SLICE_CONSTANT("sqlContext"),  SLICE_CONSTANT("dbutils"), SLICE_CONSTANT("displayHTML"),
	    SLICE_CONSTANT("getArgument"),
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_equal(name, names[i]))
			return true;
	return slice_starts(name, SLICE("_deepnote_"));
}
