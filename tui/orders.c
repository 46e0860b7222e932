#include "tui/orders.h"

int decimal_width(uint64_t number)
{
	int width = 1;
	for (; number >= 10; number /= 10)
		width++;
	return width;
}

static void index_runs(struct orders *orders, const struct analysis *analysis)
{
	const struct log *log = analysis->log;
	size_t previous = 0;
	for (size_t at = 0; at < log->run_count; at++) {
		const struct run *run = &log->runs[at];
		orders->inferred += run->origin == RUN_INFERRED;
		orders->lost += run->origin == RUN_LOST ? run->lost_count : 0;
		orders->lost_steps += run->origin == RUN_LOST;
		if (run->count != NO_COUNT) {
			int width = decimal_width((uint64_t)run->count) + 2;
			orders->count_width = width > orders->count_width ? width : orders->count_width;
		}
		if (run->cell == 0 || run->cell > analysis->notebook->code_count)
			continue;
		orders->last_run[run->cell] = at;
		orders->goes_back[at] = run->cell < previous;
		previous = run->cell;
	}
}

/* What is not in a longest stretch of cells whose runs follow each other, by
 * patience sorting: `ends[l]` is the cell that ends the stretch of length l + 1 with
 * the earliest run, `before[n]` the one before cell n in its stretch. */
static void find_displaced(struct orders *orders, struct arena *arena, size_t count)
{
	size_t *ends = arena_array(arena, count + 1, sizeof *ends), *before = arena_array(arena, count + 1, sizeof *before);
	size_t longest = 0;
	for (size_t number = 1; number <= count; number++) {
		size_t run = orders->last_run[number], low = 0, high = longest;
		if (run == NO_RUN)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (orders->last_run[ends[middle]] < run)
				low = middle + 1;
			else
				high = middle;
		}
		before[number] = low ? ends[low - 1] : 0;
		ends[low] = number;
		longest += low == longest;
		orders->displaced[number] = true;
		orders->displaced_count++;
	}
	for (size_t number = longest ? ends[longest - 1] : 0; number; number = before[number]) {
		orders->displaced[number] = false;
		orders->displaced_count--;
	}
}

struct orders *orders_new(struct arena *arena, const struct analysis *analysis)
{
	struct orders *orders = arena_alloc(arena, sizeof *orders);
	size_t count = analysis->notebook->code_count;
	orders->last_run = arena_array(arena, count + 1, sizeof *orders->last_run);
	orders->ran_earlier = arena_array(arena, count + 1, sizeof *orders->ran_earlier);
	orders->goes_back = arena_array(arena, analysis->log->run_count, sizeof *orders->goes_back);
	orders->number_width = decimal_width(count);
	orders->count_width = 3;
	for (size_t number = 0; number <= count; number++)
		orders->last_run[number] = NO_RUN;
	index_runs(orders, analysis);
	orders->displaced = arena_array(arena, count + 1, sizeof *orders->displaced);
	find_displaced(orders, arena, count);
	size_t latest = 0;
	for (size_t number = 1; number <= count; number++) {
		const struct cell_status *status = &analysis->status->cells[number - 1];
		orders->statuses[status->status]++;
		orders->failed += status->error != NULL;
		size_t run = orders->last_run[number];
		if (run == NO_RUN)
			continue;
		orders->ran_earlier[number] = run < latest;
		latest = run > latest ? run : latest;
	}
	return orders;
}

size_t orders_run_of(const struct orders *orders, const struct cell *cell)
{
	return cell->number ? orders->last_run[cell->number] : NO_RUN;
}
