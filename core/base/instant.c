#include "base/instant.h"

#include <time.h>

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t days_since_1970(int64_t year, int64_t month, int64_t day)
{
	/* Years that begin in March put the leap day last. */
	year -= month <= 2;
	int64_t era = year / 400, in_era = year % 400;
	int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

/* A place in a text; what lies behind its end reads as NUL. */
struct cursor {
	struct slice text;
	size_t at;
};

static char current(const struct cursor *cursor)
{
	return cursor->at < cursor->text.length ? cursor->text.bytes[cursor->at] : '\0';
}

static bool take(struct cursor *cursor, char byte)
{
	if (current(cursor) != byte)
		return false;
	cursor->at++;
	return true;
}

/* Reads digits, exactly as many. */
static bool take_digits(struct cursor *cursor, int count, int64_t *number)
{
	*number = 0;
	for (; count > 0; count--, cursor->at++) {
		char digit = current(cursor);
		if (digit < '0' || digit > '9')
			return false;
		*number = *number * 10 + (digit - '0');
	}
	return true;
}

static int64_t take_fraction(struct cursor *cursor)
{
	int64_t fraction = 0;
	if (take(cursor, '.'))
		for (int64_t unit = MICROSECONDS / 10; current(cursor) >= '0' && current(cursor) <= '9'; unit /= 10)
			fraction += unit * (cursor->text.bytes[cursor->at++] - '0');
	return fraction;
}

/* Seconds by which a zone is ahead of UTC: "Z", "+01:00", "-0730". */
static bool take_zone(struct cursor *cursor, bool *zoned, int64_t *ahead)
{
	int64_t hours, minutes, sign = current(cursor) == '+' ? 1 : -1;
	*ahead = 0;
	*zoned = take(cursor, 'Z');
	if (*zoned || (!take(cursor, '+') && !take(cursor, '-')))
		return true;
	*zoned = true;
	if (!take_digits(cursor, 2, &hours))
		return false;
	take(cursor, ':');
	if (!take_digits(cursor, 2, &minutes))
		return false;
	*ahead = sign * (hours * 3600 + minutes * 60);
	return true;
}

int64_t instant_of_text(struct slice text, bool *zoned)
{
	struct cursor cursor = {.text = text};
	int64_t year, month, day, hour, minute, second, ahead;
	bool names_zone;
	if (!take_digits(&cursor, 4, &year) || !take(&cursor, '-') || !take_digits(&cursor, 2, &month) ||
	    !take(&cursor, '-') || !take_digits(&cursor, 2, &day) || (!take(&cursor, 'T') && !take(&cursor, ' ')))
		return NO_INSTANT;
	if (!take_digits(&cursor, 2, &hour) || !take(&cursor, ':') || !take_digits(&cursor, 2, &minute) ||
	    !take(&cursor, ':') || !take_digits(&cursor, 2, &second))
		return NO_INSTANT;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
		return NO_INSTANT;
	int64_t fraction = take_fraction(&cursor);
	if (!take_zone(&cursor, &names_zone, &ahead) || cursor.at != text.length)
		return NO_INSTANT;
	if (zoned)
		*zoned = names_zone;
	int64_t seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - ahead;
	return seconds >= 0 ? seconds * MICROSECONDS + fraction : NO_INSTANT;
}

int64_t instant_of_local_text(struct slice text)
{
	bool zoned = false;
	int64_t instant = instant_of_text(text, &zoned);
	if (zoned || instant == NO_INSTANT)
		return instant;
	time_t seconds = (time_t)(instant / MICROSECONDS);
	struct tm parts = {0};
	gmtime_r(&seconds, &parts);
	parts.tm_isdst = -1; /* let the zone's rules say */
	int64_t local = (int64_t)mktime(&parts);
	return local >= 0 ? local * MICROSECONDS + instant % MICROSECONDS : NO_INSTANT;
}

struct slice instant_text(struct arena *arena, int64_t instant)
{
	if (instant == NO_INSTANT)
		return SLICE("");
	time_t seconds = (time_t)(instant / MICROSECONDS);
	struct tm parts = {0};
	gmtime_r(&seconds, &parts);
	return slice_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year + 1900, parts.tm_mon + 1,
	                    parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, (int)(instant % MICROSECONDS));
}
