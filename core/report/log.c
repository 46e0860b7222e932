/* The runs in the order in which they happened. */
#include <inttypes.h>

#include "base/printable.h"
#include "history/likeness.h"
#include "report/json_parts.h"
#include "report/paragraph.h"
#include "report/report.h"
#include "report/summary.h"

/* A text, or null where it is empty. */
static void add_text(struct json_writer *json, const char *key, struct slice text)
{
	json_key(json, key);
	if (text.length)
		json_string(json, text);
	else
		json_null(json);
}

/* Whether the cell's source is another now than the one that ran; null where that is not
 * known. */
static void add_edited(struct json_writer *json, const struct analysis *analysis, const struct run *run)
{
	bool is_recorded = run->link == LINK_LAST_RUN && run->known == KNOWN_RECORDED;
	json_key(json, "edited");
	if (run->edited)
		json_boolean(json, true);
	else if (is_recorded)
		json_boolean(json, !source_same(run->source, analysis->notebook->code[run->cell - 1]->source));
	else if (run->link == LINK_LAST_RUN && run->known == KNOWN_PROVED)
		json_boolean(json, false);
	else
		json_null(json);
}

static void add_sessions(struct json_writer *json, const struct log *log)
{
	json_key(json, "sessions");
	json_begin_array(json);
	for (unsigned i = 0; i < log->session_count; i++) {
		const struct session *session = &log->sessions[i];
		json_begin_object(json);
		json_number(json, "session", i + 1);
		json_optional(json, "history_session", session->history_session != 0, session->history_session);
		json_optional(json, "pid", session->pid != 0, session->pid);
		add_text(json, "started", session->started);
		add_text(json, "ended", session->ended);
		add_text(json, "known", slice_of(knowledge_name(session->known)));
		json_end_object(json);
	}
	json_end_array(json);
}

void log_json(struct builder *out, const struct analysis *analysis)
{
	struct json_writer json = {.out = out};
	json_begin_document(&json, analysis->notebook->path);
	json_key(&json, "log");
	json_begin_array(&json);
	for (size_t i = 0; i < analysis->log->run_count; i++) {
		const struct run *run = &analysis->log->runs[i];
		json_begin_object(&json);
		json_step(&json, run);
		json_key(&json, "source");
		if (run->effects)
			json_string(&json, run->source);
		else
			json_null(&json);
		add_text(&json, "started", run->started);
		add_text(&json, "ended", run->ended);
		add_text(&json, "known", slice_of(knowledge_name(run->known)));
		add_edited(&json, analysis, run);
		const char *link = run_link_name(run->link);
		add_text(&json, "link", link ? slice_of(link) : SLICE(""));
		add_text(&json, "link_known", slice_of(knowledge_name(run->link_known)));
		add_text(&json, "end", slice_of(run_end_name(run->end)));
		add_text(&json, "end_known", slice_of(knowledge_name(run->end_known)));
		json_error(&json, run->error);
		json_end_object(&json);
	}
	json_end_array(&json);
	add_sessions(&json, analysis->log);
	json_end_object(&json);
	builder_add_byte(out, '\n');
}

static size_t count_runs(const struct log *log, enum run_origin origin)
{
	size_t count = 0;
	for (size_t i = 0; i < log->run_count; i++)
		if (log->runs[i].origin == origin)
			count += origin == RUN_LOST ? log->runs[i].lost_count : 1;
	return count;
}

static void add_title(struct builder *out, const struct analysis *analysis)
{
	const struct log *log = analysis->log;
	size_t recorded = count_runs(log, RUN_RECORDED), inferred = count_runs(log, RUN_INFERRED),
	       lost = count_runs(log, RUN_LOST);
	builder_add(out, printable(out->arena, analysis->notebook->path));
	builder_add_format(out, ": %zu run%s recorded", recorded, recorded == 1 ? "" : "s");
	size_t stored = 0;
	for (size_t i = 0; i < log->run_count; i++)
		stored += log->runs[i].via == VIA_IPYTHON;
	if (stored)
		builder_add_format(out, " (%zu by IPython's history)", stored);
	if (log->history_is_foreign)
		builder_add_string(out, " (none by the history: no session of it belongs to this notebook)");
	if (inferred)
		builder_add_format(out, ", %zu inferred", inferred);
	if (lost)
		builder_add_format(out, ", %zu lost", lost);
	if (log->session_count > 1)
		builder_add_format(out, ", in %u sessions", log->session_count);
	builder_add_byte(out, '\n');
}

static void add_run(struct builder *line, const struct run *run)
{
	struct slice cell = run->cell ? slice_format(line->arena, "cell %zu", run->cell) : SLICE("no cell");
	const char *what = run->origin == RUN_INFERRED         ? "inferred"
	                   : run->link == LINK_EARLIER_RUN     ? "earlier"
	                   : run->link == LINK_EARLIER_VERSION ? "former"
	                   : run->link == LINK_LATER           ? "later"
	                                                       : "";
	builder_add_format(line, "%-10.*s%-10s%s", SLICE_FORMAT(cell), what, run->error ? "! " : "  ");
	builder_add(line, source_first_line(run->source));
}

void log_text(struct builder *out, const struct analysis *analysis, unsigned width)
{
	struct arena *arena = out->arena;
	const struct log *log = analysis->log;
	add_title(out, analysis);
	for (size_t i = 0; i < log->run_count; i++) {
		const struct run *run = &log->runs[i];
		if (log->session_count > 1 && (i == 0 || run->session != log->runs[i - 1].session))
			builder_add_format(out, "session %u\n", run->session);
		struct builder line = {.arena = arena};
		struct slice counts = run_count_label(arena, run);
		builder_add_format(&line, "%5zu  %8.*s  ", run->step, SLICE_FORMAT(counts));
		if (run->origin == RUN_LOST)
			builder_add_format(&line, "%" PRIu32 " run%s lost", run->lost_count, run->lost_count == 1 ? "" : "s");
		else
			add_run(&line, run);
		paragraph_add_line(out, 0, builder_slice(&line), width);
	}
}
