/* json_parts.h - what several JSON documents say in the same way. */
#ifndef NBSCOPE_REPORT_JSON_PARTS_H
#define NBSCOPE_REPORT_JSON_PARTS_H

#include "analysis.h"
#include "report/json_writer.h"

/* {"schema":1,"file":... : begins a document, which the caller ends. */
void json_begin_document(struct json_writer *json, struct slice file);

/* A number, or null where `is_known` is false. */
void json_optional(struct json_writer *json, const char *key, bool is_known, int64_t number);

/* The error that an output shows, or null. */
void json_error(struct json_writer *json, const struct run_error *error);

/* The members "cells", "run_all" and "log" of a status. */
void json_status(struct json_writer *json, const struct analysis *analysis);

/* The members that every form of the log has, of a step whose object is open. */
void json_step(struct json_writer *json, const struct run *run);

#endif
