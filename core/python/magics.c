#include "python/magics.h"

#define TEXT(name)                                                                                                     \
	{                                                                                                                  \
		SLICE_CONSTANT(name), true, MAGIC_BODY_NONE, MAGIC_EFFECT_NONE, SLICE_CONSTANT(""), 0, 0, 0, 0                 \
	}
#define SCRIPT(name)                                                                                                   \
	{                                                                                                                  \
		SLICE_CONSTANT(name), true, MAGIC_BODY_NONE, MAGIC_EFFECT_SCRIPT, SLICE_CONSTANT(""), 0, 0, 0, 0               \
	}
#define WRITE(name)                                                                                                    \
	{                                                                                                                  \
		SLICE_CONSTANT(name), true, MAGIC_BODY_NONE, MAGIC_EFFECT_WRITE, SLICE_CONSTANT(""), 0, 0, 0, 0                \
	}
#define LINE(name, effect)                                                                                             \
	{                                                                                                                  \
		SLICE_CONSTANT(name), false, MAGIC_BODY_NONE, effect, SLICE_CONSTANT(""), 0, 0, 0, 0                           \
	}
/* A line magic of IPython's that leaves names as they are. */
#define PLAIN(name) LINE(name, MAGIC_EFFECT_NONE)
#define TIMEIT_OPTIONS SLICE_CONSTANT("n:r:tcp:qov:")
#define PRUN_OPTIONS SLICE_CONSTANT("D:l:rs:T:q")

static const struct magic_rule rules[] = {
    /* name, cell, body, effect, options, no expansion, needs text, no statement, line too */
    {SLICE_CONSTANT("time"), true, MAGIC_BODY_PYTHON, MAGIC_EFFECT_NONE, SLICE_CONSTANT(""), true, false, true, false},
    {SLICE_CONSTANT("prun"), true, MAGIC_BODY_PYTHON, MAGIC_EFFECT_NONE, PRUN_OPTIONS, true, false, false, true},
    {SLICE_CONSTANT("debug"), true, MAGIC_BODY_PYTHON, MAGIC_EFFECT_NONE, SLICE_CONSTANT(""), true, false, false,
     false},
    {SLICE_CONSTANT("timeit"), true, MAGIC_BODY_TIMEIT, MAGIC_EFFECT_NONE, TIMEIT_OPTIONS, true, false, false, false},
    {SLICE_CONSTANT("capture"), true, MAGIC_BODY_CAPTURE, MAGIC_EFFECT_NONE, SLICE_CONSTANT(""), 0, 0, 0, 0},
    SCRIPT("script"),
    SCRIPT("bash"),
    SCRIPT("sh"),
    SCRIPT("perl"),
    SCRIPT("ruby"),
    SCRIPT("pypy"),
    SCRIPT("python"),
    SCRIPT("python2"),
    SCRIPT("python3"),
    TEXT("HTML"),
    TEXT("html"),
    TEXT("SVG"),
    TEXT("svg"),
    TEXT("javascript"),
    TEXT("js"),
    TEXT("latex"),
    TEXT("markdown"),
    TEXT("sx"),
    TEXT("system"),
    TEXT("!"),
    WRITE("file"),
    WRITE("writefile"),
    {SLICE_CONSTANT("time"), false, MAGIC_BODY_SCOPE, MAGIC_EFFECT_NONE, SLICE_CONSTANT(""), true, false, false, false},
    {SLICE_CONSTANT("prun"), false, MAGIC_BODY_PYTHON, MAGIC_EFFECT_NONE, PRUN_OPTIONS, true, false, false, false},
    {SLICE_CONSTANT("debug"), false, MAGIC_BODY_PYTHON, MAGIC_EFFECT_NONE, SLICE_CONSTANT(""), true, true, false,
     false},
    {SLICE_CONSTANT("timeit"), false, MAGIC_BODY_TIMEIT, MAGIC_EFFECT_NONE, TIMEIT_OPTIONS, true, false, false, false},
    /* clang-format off */
    PLAIN("alias"), PLAIN("aimport"), PLAIN("autoawait"), PLAIN("autocall"), PLAIN("automagic"), PLAIN("autoreload"),
    PLAIN("autosave"), PLAIN("bookmark"), PLAIN("cat"), PLAIN("cd"), PLAIN("clear"), PLAIN("cls"), PLAIN("code_wrap"),
    PLAIN("colors"), PLAIN("conda"), PLAIN("config"), PLAIN("connect_info"), PLAIN("cp"), PLAIN("ddir"),
    PLAIN("dhist"), PLAIN("dirs"), PLAIN("doctest_mode"), PLAIN("echo"), PLAIN("ed"), PLAIN("edit"), PLAIN("env"),
    PLAIN("gui"), PLAIN("hist"), PLAIN("history"), PLAIN("killbgscripts"), PLAIN("ldir"), PLAIN("less"), PLAIN("lf"),
    PLAIN("lk"), PLAIN("ll"), PLAIN("load"), PLAIN("load_ext"), PLAIN("loadpy"), PLAIN("logoff"), PLAIN("logon"),
    PLAIN("logstart"), PLAIN("logstate"), PLAIN("logstop"), PLAIN("lprun"), PLAIN("ls"), PLAIN("lsmagic"),
    PLAIN("lx"), PLAIN("magic"), PLAIN("mamba"), PLAIN("man"), PLAIN("matplotlib"), PLAIN("memit"),
    PLAIN("micromamba"), PLAIN("mkdir"), PLAIN("more"), PLAIN("mprun"), PLAIN("mv"), PLAIN("notebook"), PLAIN("page"),
    PLAIN("pastebin"), PLAIN("pdb"), PLAIN("pdef"), PLAIN("pdoc"), PLAIN("pfile"), PLAIN("pinfo"), PLAIN("pinfo2"),
    PLAIN("pip"), PLAIN("popd"), PLAIN("pprint"), PLAIN("precision"), PLAIN("psearch"), PLAIN("psource"),
    PLAIN("pushd"), PLAIN("pwd"), PLAIN("pycat"), PLAIN("qtconsole"), PLAIN("quickref"), PLAIN("recall"),
    PLAIN("rehashx"), PLAIN("reload_ext"), PLAIN("ren"), PLAIN("rep"), PLAIN("rm"), PLAIN("rmdir"), PLAIN("save"),
    PLAIN("set_env"), PLAIN("subshell"), PLAIN("sx"), PLAIN("system"), PLAIN("tb"), PLAIN("tensorboard"),
    PLAIN("unalias"), PLAIN("unload_ext"), PLAIN("uv"), PLAIN("watermark"), PLAIN("who"), PLAIN("who_ls"),
    PLAIN("whos"), PLAIN("xmode"), PLAIN("!"),
    /* clang-format on */
    LINE("run", MAGIC_EFFECT_OPAQUE),
    LINE("pylab", MAGIC_EFFECT_OPAQUE),
    LINE("store", MAGIC_EFFECT_STORE),
    LINE("rerun", MAGIC_EFFECT_RERUN),
    LINE("macro", MAGIC_EFFECT_MACRO),
    LINE("alias_magic", MAGIC_EFFECT_ALIAS),
    LINE("reset", MAGIC_EFFECT_RESET),
    LINE("reset_selective", MAGIC_EFFECT_RESET_SELECTIVE),
    LINE("xdel", MAGIC_EFFECT_DELETE),
};

const struct magic_rule *python_magic_rule(struct slice name, bool cell)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].cell == cell && slice_equal(rules[i].name, name))
			return &rules[i];
	return NULL;
}

struct slice python_magic_of_line(struct slice cell)
{
	struct slice rest = slice_trim(cell);
	if (slice_find(rest, '\n', 0) < rest.length || slice_find(rest, '\r', 0) < rest.length)
		return SLICE("");
	struct slice name = slice_next_word(&rest);
	rest = slice_trim(rest);
	bool assigns = rest.length && (rest.bytes[0] == '=' || rest.bytes[0] == ',');
	return python_magic_rule(name, false) && !assigns ? name : SLICE("");
}
