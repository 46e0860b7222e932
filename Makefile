# nbscope - see README.md; `make help` lists the goals.

prefix ?= /usr/local
BUILD ?= build
PKG_CONFIG ?= pkg-config
LIBRARIES := ncursesw libcjson libpcre2-8 libutf8proc
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wvla
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo 0.1.0)

# make WERROR=1 turns warnings into errors (CI does).
ALL_CFLAGS = -std=c11 $(WARNINGS) $(if $(WERROR),-Werror) -D_GNU_SOURCE -Icore -I. $(SANITIZE) $(CFLAGS) \
	$(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
ALL_LIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARIES)) -lm

CORE_SOURCES := $(wildcard core/*.c core/*/*.c)
TUI_SOURCES := $(wildcard tui/*.c tui/*/*.c)
TEST_SOURCES := $(wildcard tests/unit/test_*.c)
CORE_OBJECTS := $(CORE_SOURCES:%.c=$(BUILD)/%.o)
TUI_OBJECTS := $(TUI_SOURCES:%.c=$(BUILD)/%.o)
TESTS := $(TEST_SOURCES:%.c=$(BUILD)/%)

Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)	$(2)")

.PHONY: all test unit clean
all: $(if $(wildcard tui/main.c),$(BUILD)/nbscope,$(BUILD)/libnbscope.a)

$(BUILD)/nbscope: $(TUI_OBJECTS) $(BUILD)/libnbscope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/libnbscope.a: $(CORE_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libnbscope.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP $(shell $(PKG_CONFIG) --cflags cmocka) $(LDFLAGS) -o $@ $< \
		$(BUILD)/libnbscope.a $(ALL_LIBS) $(shell $(PKG_CONFIG) --libs cmocka)

test: unit

unit: $(TESTS)
	@for test in $(TESTS); do $$test || exit 1; done

clean:
	rm -rf $(BUILD)

-include $(CORE_OBJECTS:.o=.d) $(TUI_OBJECTS:.o=.d) $(TESTS:%=%.d)
