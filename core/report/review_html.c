/* The review as one page: no script, nothing from elsewhere, every byte of the notebook
 * escaped (markup.h). First what the text form says, then both orders, then the cells with
 * their outputs, so that nobody needs the notebook beside it. */
#include <inttypes.h>
#include <string.h>

#include "report/markup.h"
#include "report/page.h"
#include "report/report.h"
#include "report/review.h"

struct page {
	struct builder *out;
	const struct review *review;
	struct page_limits limits;
	size_t next_other; /* the next of review->others whose cell has not been written yet */
};

/* Pages of their own for people without a terminal: legible in light and dark, narrow and
 * wide, and on paper. */
static const char style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1c1e21;--dim:#5c636b;--line:#d4d8dd;--code:#f4f5f7;--accent:#0b57a4;"
    "--stands:#1a6b33;--stale:#8a5300;--broken:#b3161b;--faint:#5c636b;--kw:#8a2b8a;--str:#1a6b33;--num:#9a4a00;"
    "--com:#5c636b;--def:#0b57a4}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#16181b;--fg:#e4e6e9;--dim:#a2a9b2;--line:#3a3f46;--code:#1f2226;"
    "--accent:#7db7f2;--stands:#79c98d;--stale:#e6b35c;--broken:#ff8f88;--faint:#a2a9b2;--kw:#d79be0;--str:#8fce9d;"
    "--num:#e8b07a;--com:#a2a9b2;--def:#7db7f2}}\n"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.5rem 1rem 4rem;background:var(--bg);"
    "color:var(--fg);font:16px/1.5 system-ui,sans-serif}h1{font-size:1.25rem;margin:0;overflow-wrap:anywhere}"
    "h2{font-size:1.15rem;margin:2.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}"
    "h3{font-size:1rem;margin:1.2rem 0 .3rem}p{margin:.4rem 0;max-width:46rem}a{color:var(--accent)}"
    ".dim{color:var(--dim)}.verdict{font-size:1.35rem;font-weight:600;margin:1.2rem 0 .4rem}"
    "code,pre{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.875em}code{overflow-wrap:anywhere}"
    "pre{margin:0;padding:.6rem .8rem;overflow-x:auto;background:var(--code);border-radius:4px;line-height:1.45;"
    "tab-size:4}pre code{font-size:1em}ul{margin:.3rem 0;padding-left:1.2rem}li{margin:.25rem 0}\n"
    ".strip{display:flex;flex-wrap:wrap;gap:3px;margin:.8rem 0;padding:0;list-style:none}.strip li{margin:0}"
    ".strip a{display:block;min-width:1.75rem;padding:0 .25rem;text-align:center;text-decoration:none;"
    "font-size:.8rem;border:1px solid;border-radius:3px}\n"
    ".stands{color:var(--stands)}.stale,.warning{color:var(--stale)}.broken,.error{color:var(--broken)}"
    ".not-run,.unknown,.perhaps,.note{color:var(--faint)}.badge{font-weight:600;white-space:nowrap}\n"
    "article.cell{color:var(--fg);margin:1.1rem 0;border-left:4px solid "
    "var(--line);padding-left:.8rem;break-inside:avoid-page}"
    ".cell.stale{border-color:var(--stale)}.cell.broken{border-color:var(--broken)}"
    ".cell header{display:flex;flex-wrap:wrap;gap:.2rem .8rem;margin-bottom:.3rem}.cell h3{margin:0}"
    ".prose{white-space:pre-wrap;overflow-wrap:anywhere;margin:1.1rem 0}"
    ".out{margin:.4rem 0 0 1rem}.out pre{background:none;border-left:2px solid var(--line);border-radius:0}"
    ".out.err pre{border-color:var(--broken)}img{max-width:100%;background:#fff}\n"
    ".k{color:var(--kw)}.s{color:var(--str)}.n{color:var(--num)}.c{color:var(--com);font-style:italic}"
    ".d,.m{color:var(--def)}.x{color:var(--broken);text-decoration:underline}\n"
    "table{border-collapse:collapse;font-size:.9rem;display:block;overflow-x:auto}th,td{text-align:left;"
    "padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line);vertical-align:top}td.r,th.r{text-align:right}\n"
    ".orders{overflow-x:auto;max-height:40rem;overflow-y:auto}svg{display:block}"
    "svg text{font:13px system-ui,sans-serif;fill:currentColor}svg path{stroke:currentColor;fill:none;stroke-width:1.5}"
    "summary{cursor:pointer}details pre.page{white-space:pre-wrap}footer{margin-top:3rem}\n"
    "@media print{body{max-width:none;font-size:11pt;padding:0}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    ".orders{max-height:none;overflow:visible}a{color:inherit;text-decoration:none}}\n";

static const char *status_class(const struct cell_status *status)
{
	return status->status == STATUS_STALE && status->certainty == POSSIBLE ? "perhaps" : status_name(status->status);
}

static void add_head(struct page *page)
{
	builder_add_string(page->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	                              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	                              "style-src 'unsafe-inline'; img-src data:\">\n"
	                              "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	escape_html(page->out, page->review->analysis->notebook->path);
	builder_add_string(page->out, ": nbscope report</title>\n<style>\n");
	builder_add_string(page->out, style);
	builder_add_string(page->out, "</style>\n</head>\n<body>\n");
}

static void add_paragraph(struct page *page, struct slice sentence)
{
	if (sentence.length == 0)
		return;
	builder_add_string(page->out, "<p>");
	escape_html_sentence(page->out, sentence);
	builder_add_string(page->out, "</p>\n");
}

static void add_heading(struct page *page, const char *title)
{
	builder_add_format(page->out, "<h2>%s</h2>\n", title);
}

/* A square for each code cell, with its sign, that leads to it. */
static void add_strip(struct page *page)
{
	enum { MANY = 400 };
	const struct review *review = page->review;
	size_t count = review->analysis->status->cell_count;
	if (!review->is_judged || count == 0 || count > MANY)
		return;
	builder_add_string(page->out, "<ol class=\"strip\" aria-label=\"The code cells in the order of the file\">\n");
	for (size_t i = 0; i < count; i++) {
		const struct cell_status *status = review->cells[i].status;
		struct slice words = status_words(review->arena, status);
		builder_add_format(page->out,
		                   "<li><a class=\"%s\" href=\"#cell-%zu\" title=\"cell %zu: %.*s\">%zu&nbsp;%s</a></li>\n",
		                   status_class(status), i + 1, i + 1, SLICE_FORMAT(words), i + 1, status_sign(status->status));
	}
	builder_add_string(page->out, "</ol>\n");
}

static void add_verdict(struct page *page)
{
	const struct review *review = page->review;
	builder_add_string(page->out, "<header>\n<h1>");
	escape_html(page->out, review->analysis->notebook->path);
	builder_add_string(page->out, "</h1>\n<p class=\"dim\">");
	escape_html(page->out, review->description);
	builder_add_string(page->out, "</p>\n</header>\n<main>\n<p class=\"verdict\">");
	escape_html_sentence(page->out, review->verdict);
	builder_add_string(page->out, "</p>\n");
	add_strip(page);
	add_paragraph(page, review->standing);
	add_paragraph(page, review->run_all);
	add_paragraph(page, review->standing_errors);
	add_paragraph(page, review->never_run);
}

static void add_to_do(struct page *page)
{
	const struct review *review = page->review;
	if (review->mending.length + review->rerun.length + review->reorder.length == 0)
		return;
	add_heading(page, "What to do");
	add_paragraph(page, review->mending);
	add_paragraph(page, review->rerun);
	add_paragraph(page, review->reorder);
}

static void add_cell_link(struct page *page, size_t cell)
{
	builder_add_format(page->out, "<a href=\"#cell-%zu\">Cell %zu</a>", cell, cell);
}

static void add_badge(struct page *page, const struct cell_status *status)
{
	struct slice words = status_words(page->review->arena, status);
	builder_add_format(page->out, "<span class=\"badge %s\">%s %.*s</span>", status_class(status),
	                   status_sign(status->status), SLICE_FORMAT(words));
}

static void add_why(struct page *page, const struct review_cell *cell)
{
	if (cell->same_as) {
		builder_add_format(page->out, " for the same reason as <a href=\"#cell-%zu\">cell %zu</a>", cell->same_as,
		                   cell->same_as);
	} else if (cell->is_consequence) {
		builder_add_string(page->out, " because it rests on ");
		escape_html_sentence(page->out, cell->rests_on);
	} else {
		builder_add_byte(page->out, ':');
		for (size_t i = 0; i < cell->sentence_count; i++) {
			builder_add_byte(page->out, ' ');
			escape_html_sentence(page->out, cell->sentences[i]);
		}
	}
}

static void add_problems(struct page *page)
{
	const struct review *review = page->review;
	bool has_any = false;
	for (size_t i = 0; i < review->analysis->status->cell_count; i++) {
		const struct review_cell *cell = &review->cells[i];
		if (!cell->is_problem)
			continue;
		if (!has_any) {
			add_heading(page, "What does not stand, and why");
			builder_add_string(page->out, "<ul>\n");
		}
		has_any = true;
		builder_add_string(page->out, "<li>");
		add_cell_link(page, i + 1);
		builder_add_byte(page->out, ' ');
		add_badge(page, cell->status);
		add_why(page, cell);
		builder_add_string(page->out, "</li>\n");
	}
	if (has_any)
		builder_add_string(page->out, "</ul>\n");
	add_paragraph(page, review->basis);
}

static void add_topic(struct page *page, const struct review_topic *topic)
{
	const char *severity = severity_name(topic->rule->severity);
	builder_add_format(page->out, "<h3 id=\"%s\"><span class=\"badge %s\">%s</span> %s %s</h3>\n<ul>\n",
	                   topic->rule->code, severity, severity, topic->rule->code, topic->rule->name);
	for (size_t i = 0; i < topic->remark_count; i++) {
		const struct review_remark *remark = &topic->remarks[i];
		builder_add_string(page->out, "<li>");
		if (remark->first_cell)
			builder_add_format(page->out, "<a href=\"#cell-%zu\">", remark->first_cell);
		escape_html(page->out, remark->where);
		builder_add_string(page->out, remark->first_cell ? "</a>" : "");
		if (remark->certainty != CERTAIN)
			builder_add_format(page->out, " (%s)", certainty_name(remark->certainty));
		builder_add_string(page->out, ": ");
		escape_html_sentence(page->out, remark->message);
		builder_add_string(page->out, "</li>\n");
	}
	builder_add_format(page->out, "</ul>\n<details><summary>The rule</summary>\n<pre class=\"page\">");
	escape_html_lines(page->out, rule_page(topic->rule));
	builder_add_string(page->out, "</pre></details>\n");
}

static void add_topics(struct page *page)
{
	if (page->review->topic_count)
		add_heading(page, "What else was found");
	for (size_t i = 0; i < page->review->topic_count; i++)
		add_topic(page, &page->review->topics[i]);
}

/* The cells. */

static void add_findings(struct page *page, size_t cell)
{
	const struct review *review = page->review;
	bool has_any = false;
	for (; page->next_other < review->other_count && review->others[page->next_other]->cell <= cell;
	     page->next_other++) {
		const struct finding *finding = review->others[page->next_other];
		if (finding->cell != cell)
			continue;
		builder_add_string(page->out, has_any ? "" : "<ul>\n");
		has_any = true;
		builder_add_format(page->out, "<li><a class=\"badge %s\" href=\"#%s\">%s</a>",
		                   severity_name(finding->rule->severity), finding->rule->code, finding->rule->name);
		if (finding->line)
			builder_add_format(page->out, " line %" PRIu32, finding->line);
		builder_add_string(page->out, ": ");
		escape_html_sentence(page->out, finding->message);
		builder_add_string(page->out, "</li>\n");
	}
	builder_add_string(page->out, has_any ? "</ul>\n" : "");
}

static void add_code_cell(struct page *page, const struct cell *cell)
{
	const struct review *review = page->review;
	const struct review_cell *reviewed = &review->cells[cell->number - 1];
	builder_add_format(page->out, "<article class=\"cell %s\" id=\"cell-%zu\">\n<header><h3>Cell %zu</h3>",
	                   review->is_judged ? status_class(reviewed->status) : "", cell->number, cell->number);
	builder_add_format(page->out, "<span class=\"dim\">%.*s</span>",
	                   SLICE_FORMAT(count_label(review->arena, cell->execution_count)));
	if (review->is_judged && !cell_is_blank(cell))
		add_badge(page, reviewed->status);
	builder_add_string(page->out, "</header>\n");
	page_add_source(page->out, cell, review->analysis->effects[cell->number - 1]->is_python, &page->limits);
	if (reviewed->is_problem) {
		builder_add_string(page->out, "<p><strong>Why</strong>");
		add_why(page, reviewed);
		builder_add_string(page->out, "</p>\n");
	}
	add_findings(page, cell->number);
	for (size_t i = 0; i < cell->output_count; i++)
		page_add_output(page->out, review->analysis->notebook, &cell->outputs[i], &page->limits);
	builder_add_string(page->out, "</article>\n");
}

static void add_cells(struct page *page)
{
	const struct notebook *notebook = page->review->analysis->notebook;
	if (notebook->cell_count)
		add_heading(page, "The notebook");
	for (size_t i = 0; i < notebook->cell_count; i++) {
		const struct cell *cell = &notebook->cells[i];
		if (cell->type == CELL_CODE)
			add_code_cell(page, cell);
		else
			page_add_prose(page->out, cell, &page->limits);
	}
}

void report_html(struct builder *out, const struct analysis *analysis)
{
	struct page page = {.out = out, .review = review_of(out->arena, analysis), .limits = page_limits(out->arena)};
	add_head(&page);
	add_verdict(&page);
	add_to_do(&page);
	add_problems(&page);
	add_topics(&page);
	page_add_orders(out, page.review, &page.limits);
	add_cells(&page);
	builder_add_string(out,
	                   "</main>\n<footer class=\"dim\"><p>Written by nbscope, which read the file and ran nothing of "
	                   "it.</p></footer>\n</body>\n</html>\n");
	if (page.limits.secrets)
		secret_finder_free(page.limits.secrets);
}
