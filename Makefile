# nbscope - see README.md; `make help` lists the goals.
#
# GNU make 3.81 or newer. Nothing here runs a tool before a recipe needs it, so that `make deps`, `make help` and
# `make clean` work on a bare machine.
#
#   make V=1              shows the commands
#   make WERROR=1         turns warnings into errors (as CI does)
#   make BUILD=DIR        builds elsewhere; changed flags rebuild what is there, so one directory for each set saves time

prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
BUILD ?= build
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
AR ?= ar
INSTALL ?= install

# What `make deps` installs; pkg-config's names.
LIBRARIES := libcjson libpcre2-8 libutf8proc ncursesw sqlite3
TEST_LIBRARIES := cmocka
# Used where they are installed: without md4c, Markdown is shown as its source; without the others, no image is painted.
EXTRAS := md4c chafa libpng libjpeg
IMAGES := chafa libpng libjpeg

# Loaded when a history is read or an image painted, not when nbscope starts (core/base/library.h); `make LOADED=` links them.
LOADED := sqlite3 $(IMAGES)
READELF ?= readelf

EXAMPLE := docs/examples/hidden-state.ipynb
RELEASE := 0.1.0
VERSION = $(or $(shell [ -e .git ] && git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null | sed 's/^v//'),$(RELEASE)$(addprefix \
	+g,$(shell [ -e .git ] && git describe --always --exclude '*' --dirty 2>/dev/null)))

# Tables leave out what is zero, which gcc lets pass in most of them and clang does not.
WARNINGS := -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wconversion -Wstrict-prototypes -Wvla
ALL_CFLAGS = -std=c11 -pthread $(WARNINGS) $(if $(WERROR),-Werror) -D_GNU_SOURCE -Icore -I. -I$(BUILD) $(LIBRARY_CFLAGS) $(SANITIZE) $(CFLAGS)
ALL_LDFLAGS = $(SANITIZE) $(CFLAGS) -pthread $(LDFLAGS)

# Asked once, when a recipe first needs it; what is missing is named in one line. Homebrew keeps its ncurses out of the way.
KEG := $(firstword $(wildcard /opt/homebrew/opt/ncurses/lib/pkgconfig /usr/local/opt/ncurses/lib/pkgconfig))
PACKAGES = $(if $(KEG),PKG_CONFIG_PATH="$(KEG):$$PKG_CONFIG_PATH" )$(PKG_CONFIG)
missing = $(strip $(foreach library,$(1),$(shell $(PACKAGES) --exists $(library) 2>/dev/null || echo $(library))))
ask = $(if $(call missing,$(2)),$(error missing: $(call missing,$(2)). Run "make deps", which installs it),$(shell $(PACKAGES) $(1) $(2)))
FOUND = $(eval FOUND := $(filter-out $(call missing,$(EXTRAS)),$(EXTRAS)))$(FOUND)
WITH = $(if $(filter md4c,$(FOUND)),-DWITH_MARKDOWN) $(if $(filter-out $(FOUND),$(IMAGES)),,-DWITH_IMAGES)
# The name under which the system's loader finds a library stands in the library; where one does not tell it (only ELF does), all are linked.
soname = $(shell $(READELF) -d "$$($(PACKAGES) --variable=libdir $(1))/lib$(1:lib%=%).so" 2>/dev/null | sed -n 's/.*(SONAME).*\[\(.*\)\]$$/\1/p')
LATER = $(eval LATER := $(foreach library,$(filter $(LOADED),$(LIBRARIES) $(FOUND)),-DLIBRARY_$(library)=$(call soname,$(library))))$(LATER)
LINKED = $(if $(LATER),$(filter %=,$(LATER)),all)
LIBRARY_CFLAGS = $(eval LIBRARY_CFLAGS := $(call ask,--cflags,$(LIBRARIES) $(FOUND)) $(WITH) $(if $(LINKED),-DLIBRARIES_ARE_LINKED,$(LATER)))$(LIBRARY_CFLAGS)
LIBRARY_LIBS = $(eval LIBRARY_LIBS := $(call ask,--libs,$(filter-out $(if $(LINKED),,$(LOADED)),$(LIBRARIES) $(FOUND))) -lm \
	$(if $(LINKED),,$(filter -ldl,$(subst Linux,-ldl,$(shell uname -s)))))$(LIBRARY_LIBS)
version_of = $(shell $(PACKAGES) --modversion $(1) 2>/dev/null)
LIBRARY_VERSIONS = with ncurses $(call version_of,ncursesw), cJSON $(call version_of,libcjson), PCRE2 $(call version_of,libpcre2-8), utf8proc \
	$(call version_of,libutf8proc), SQLite $(call version_of,sqlite3)
EXTRA_VERSIONS = extras: $(or $(foreach library,$(FOUND),$(library) $(call version_of,$(library))),none)
TEST_CFLAGS = $(eval TEST_CFLAGS := $(call ask,--cflags,$(TEST_LIBRARIES)))$(TEST_CFLAGS)
# With SQLite, through which a test writes a history.
TEST_LIBS = $(eval TEST_LIBS := $(call ask,--libs,$(TEST_LIBRARIES) sqlite3))$(TEST_LIBS)

CORE_SOURCES := $(wildcard core/*.c core/*/*.c)
TUI_SOURCES := $(wildcard tui/*.c tui/*/*.c)
TEST_SOURCES := $(wildcard tests/unit/test_*.c)
WRITTEN_OBJECTS := $(BUILD)/core/findings/rule_texts.o $(BUILD)/tui/theme_texts.o $(BUILD)/tui/config_texts.o
CORE_OBJECTS := $(CORE_SOURCES:%.c=$(BUILD)/%.o) $(filter $(BUILD)/core/%,$(WRITTEN_OBJECTS))
TUI_OBJECTS := $(TUI_SOURCES:%.c=$(BUILD)/%.o) $(filter $(BUILD)/tui/%,$(WRITTEN_OBJECTS))
THEMES := $(sort $(wildcard themes/*))
RULE_PAGES := $(sort $(wildcard docs/rules/NB*.md))
TEST_OBJECTS := $(TEST_SOURCES:%.c=$(BUILD)/%.o)
TESTS := $(TEST_SOURCES:%.c=$(BUILD)/%)
C_FILES = $(wildcard core/*.[ch] core/*/*.[ch] tui/*.[ch] tui/*/*.[ch] tests/*/*.[ch])

Q := $(if $(V),,@)
say = $(if $(or $(V),$(findstring s,$(firstword -$(MAKEFLAGS)))),,@echo "  $(1)	$(2)")

.DELETE_ON_ERROR:
.PHONY: all run bench test unit lint asan coverage pictures screens test-truth deps install uninstall clean format help FORCE

all: $(BUILD)/nbscope ## build nbscope (the default)

$(BUILD)/nbscope: $(TUI_OBJECTS) $(BUILD)/libnbscope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/libnbscope.a: $(CORE_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# For tests of the front end: everything of it but main().
$(BUILD)/libtui.a: $(filter-out $(BUILD)/tui/main.o,$(TUI_OBJECTS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Files compiled in as text: the themes, the configuration, and the pages of the rules. $(1): the table; the rows are named after the files.
define write_texts
	@mkdir -p $(@D)
	@{ echo '#include "$(1)_texts.h"'; echo 'const struct $(notdir $(1))_text $(notdir $(1))_texts[] = {'; \
	for file in $(2); do \
	    name=$${file##*/}; echo "{\"$${name%.md}\","; sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $$file; echo '},'; \
	done; echo '{0}};'; } >$@
endef

$(BUILD)/tui/theme_texts.c: $(THEMES) Makefile
	$(call write_texts,tui/theme,$(THEMES))

$(BUILD)/tui/config_texts.c: docs/config Makefile
	$(call write_texts,tui/config,docs/config)

$(BUILD)/core/findings/rule_texts.c: $(RULE_PAGES) Makefile
	$(call write_texts,findings/rule,$(RULE_PAGES))

$(WRITTEN_OBJECTS): %.o: %.c $(BUILD)/flags
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(filter-out $(WRITTEN_OBJECTS),$(CORE_OBJECTS) $(TUI_OBJECTS)) $(TEST_OBJECTS) $(BUILD)/tests/keys/random_keys.o: $(BUILD)/%.o: %.c $(BUILD)/flags | $(BUILD)/version.h
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(filter $(BUILD)/tests/%,$@),$(TEST_CFLAGS)) -MMD -MP -c -o $@ $<

$(TESTS): %: %.o $(BUILD)/libtui.a $(BUILD)/libnbscope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBRARY_LIBS) $(TEST_LIBS)

# Both are rewritten only when what they say changes.
$(BUILD)/flags: FORCE
	@command -v $(firstword $(CC)) >/dev/null || { echo 'missing: a C compiler ($(CC)). Run "make deps", which installs one' >&2; exit 1; }
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS) | $(ALL_LDFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) | $(ALL_LDFLAGS)' >$@

$(BUILD)/version.h: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '#define NBSCOPE_VERSION "$(VERSION)"' '#define NBSCOPE_LIBRARIES "$(LIBRARY_VERSIONS)\n$(EXTRA_VERSIONS)"' >$@.new
	@cmp -s $@.new $@ || cp $@.new $@; rm -f $@.new

run: all ## open the example notebook (prints the report where there is no terminal)
	$(Q)$(BUILD)/nbscope $(EXAMPLE)

test: all $(TESTS) $(BUILD)/random_keys ## run every test
	$(Q)sh tests/run.sh $(BUILD)

unit: $(TESTS) ## run the unit tests alone
	$(Q)sh tests/run.sh $(BUILD) unit

lint: all compile_commands.json ## our own rules, then clang-format and clang-tidy (or cppcheck) where they are installed
	$(Q)sh tests/lint.sh $(BUILD) all

ASAN := SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" CFLAGS="-O1 -g"
asan: ## run every test under the address and undefined behaviour sanitizers
	$(Q)$(MAKE) BUILD=$(BUILD)/asan $(ASAN) test

coverage: ## run every test and say which lines they reach
	$(Q)$(MAKE) BUILD=$(BUILD)/coverage CFLAGS="-O0 -g --coverage" test
	$(Q)sh tests/coverage.sh $(BUILD)/coverage

screens: all ## write the screens that the tests expect anew
	$(Q)sh tests/screens/run.sh --update $(BUILD)

pictures: all ## draw the pictures of the documents anew
	$(Q)sh docs/pictures/draw.sh $(BUILD) docs/pictures

test-truth: all ## score the statuses against sessions that real kernels played
	$(Q)sh tests/oracle/run.sh $(BUILD)

# What it costs, beside its peers: make bench BENCH="many_cells", make bench BENCH="linear chain fan".
BENCH ?=
bench: all ## measure time and memory beside the peers that are installed (needs Python)
	$(Q)$(PYTHON) tests/bench/bench.py $(BUILD)/nbscope $(BENCH)

deps: ## install what is missing with the system's package manager
	$(Q)sh tests/deps.sh

# Where man and the shells look for what `nbscope manual` writes: PAGE:PLACE.
MANUAL = nbscope.1:$(mandir)/man1/nbscope.1 nbscope-config.5:$(mandir)/man5/nbscope-config.5 \
	bash:$(datadir)/bash-completion/completions/nbscope zsh:$(datadir)/zsh/site-functions/_nbscope \
	fish:$(datadir)/fish/vendor_completions.d/nbscope.fish
install: all ## install into $(DESTDIR)$(prefix)
	$(INSTALL) -d $(DESTDIR)$(bindir)
	$(INSTALL) -m 755 $(BUILD)/nbscope $(DESTDIR)$(bindir)/nbscope
	$(Q)for page in $(MANUAL); do \
	    place="$(DESTDIR)$${page#*:}"; \
	    $(BUILD)/nbscope manual $${page%%:*} >$(BUILD)/page && $(INSTALL) -d "$${place%/*}" && $(INSTALL) -m 644 $(BUILD)/page "$$place" || exit 1; \
	done

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(bindir)/nbscope $(foreach page,$(MANUAL),$(DESTDIR)$(lastword $(subst :, ,$(page))))

clean: ## remove what was built
	rm -rf $(BUILD) compile_commands.json

format: ## lay out the sources with clang-format
	clang-format -i $(C_FILES)

compile_commands.json: $(BUILD)/flags
	@{ separator='['; for file in $(CORE_SOURCES) $(TUI_SOURCES) $(TEST_SOURCES); do \
	    printf '%s\n{"directory": "$(CURDIR)", "file": "%s", "command": "$(CC) $(ALL_CFLAGS) -c %s"}' "$$separator" $$file $$file; separator=','; \
	done; printf '\n]\n'; } >$@

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

-include $(CORE_OBJECTS:.o=.d) $(TUI_OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d)

# Each parser of outside bytes, fuzzed for a while: make fuzz FUZZ_TIME=60 FUZZERS=notebook. What breaks one is left in $(BUILD)/fuzz.
FUZZ_TIME ?= 20
FUZZERS ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SANITIZE := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
.PHONY: fuzz test-json
fuzz: ## fuzz what reads outside bytes, FUZZ_TIME seconds each (needs clang)
	$(Q)$(MAKE) BUILD=$(BUILD)/fuzz CC=clang SANITIZE="$(FUZZ_SANITIZE)" CFLAGS="-O1 -g" $(FUZZERS:%=$(BUILD)/fuzz/fuzz_%)
	$(Q)for name in $(FUZZERS); do \
	    mkdir -p $(BUILD)/fuzz/corpus_$$name; \
	    $(BUILD)/fuzz/fuzz_$$name -max_total_time=$(FUZZ_TIME) -max_len=8192 -timeout=10 -artifact_prefix=$(BUILD)/fuzz/ \
	        $$([ -f tests/fuzz/$$name.dict ] && echo -dict=tests/fuzz/$$name.dict) $(BUILD)/fuzz/corpus_$$name \
	        $$(ls -d tests/fuzz/$$name tests/data/$${name}s tests/data/malformed 2>/dev/null) || exit 1; \
	done

$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/libnbscope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBRARY_LIBS)

# The reader against CPython's json and nbformat: make test-json MUTANTS=100000 PYTHON=python3.11.
PYTHON ?= python3
MUTANTS ?= 20000
test-json: $(BUILD)/notebook_dump ## hold the reader against CPython's json and nbformat (needs python3-nbformat)
	$(Q)$(PYTHON) tests/oracle/json_verdict.py --driver $< --count $(MUTANTS)
	$(Q)$(PYTHON) tests/oracle/notebook_oracle.py --driver $< --random 2000 tests/data/notebooks

# What cells bind and read against CPython's compiler: make test-oracle NAMES="FILE-OR-FOLDER..." SEED=7 CELLS=20000 SAMPLE=100.
NAMES ?= --stdlib docs/examples tests/data/notebooks
.PHONY: test-oracle
test-oracle: all ## hold the effects of cells against CPython's compiler (needs CPython 3.11 and IPython)
	$(Q)PYTHON=$(PYTHON) SEED=$(SEED) CELLS=$(or $(CELLS),3000) SAMPLE=$(SAMPLE) sh tests/names.sh $(BUILD) $(NAMES)

# The parser against CPython and IPython: make test-syntax SYNTAX="FILE-OR-FOLDER..." MUTANTS=100000.
SYNTAX ?= --stdlib docs/examples tests/data/notebooks
.PHONY: test-syntax
test-syntax: $(BUILD)/syntax_dump ## hold the parser against CPython and IPython (needs python3-ipython)
	$(Q)$(PYTHON) tests/oracle/syntax_oracle.py --driver $< --mutate $(MUTANTS) $(SYNTAX)

# What is still known of a cell that one mutation broke: make test-recovery RECOVERY="FILE-OR-FOLDER..." SEED=7 MUTANTS=100000.
RECOVERY ?= --stdlib docs/examples tests/data/notebooks
.PHONY: test-recovery
test-recovery: $(BUILD)/syntax_dump ## measure what is still known of broken cells (needs python3-ipython)
	$(Q)$(PYTHON) -B tests/oracle/recovery.py --driver $< --count $(MUTANTS) --seed $(or $(SEED),1) $(RECOVERY)

$(BUILD)/%_dump: tests/oracle/%_dump.c $(BUILD)/libnbscope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)

# Random keys on notebooks, under the sanitizers: make test-keys KEYS=1000000 SEED=7 NOTEBOOKS="FILE...".
KEYS ?= 1000000
.PHONY: test-keys
test-keys: ## press KEYS random keys under the sanitizers
	$(Q)$(MAKE) BUILD=$(BUILD)/asan $(ASAN) $(BUILD)/asan/random_keys
	$(Q)NOTEBOOKS="$(NOTEBOOKS)" sh tests/keys/run.sh $(BUILD)/asan $(KEYS) $(or $(SEED),1)

$(BUILD)/random_keys: $(BUILD)/tests/keys/random_keys.o $(BUILD)/libtui.a $(BUILD)/libnbscope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)
