#include "report_write.h"

#include <stdlib.h>
#include <string.h>

#include "asx_report_files.h" /* generated, see CMakeLists.txt */
#include "dse/memory.h"
#include "json_memory.h"

/* What stands in pages for other files; the data have none. */
static const struct {
    const char *mark, *file;
} parts[] = {{"/*DATA*/null", NULL},
             {"/*STYLE*/", "report.css"},
             {"/*COMMON*/", "report_common.js"},
             {"/*BESPOKE*/", "report_bespoke.js"}};

enum { N_PARTS = sizeof parts / sizeof *parts };

json_t *report_name(const char *text)
{
    json_t *whole = json_string(text);
    char *copy = whole ? NULL : asx_string_copy(text);
    if (!copy)
        return whole;
    for (char *c = copy; *c; c++)
        *c = (*c & 0x80) ? '?' : *c;
    whole = json_string(copy);
    free(copy);
    return whole;
}

static const char *text_of(const char *file)
{
    const struct asx_embedded_file *f = asx_report_files;
    while (f->name && strcmp(f->name, file) != 0)
        f++;
    return (const char *)f->bytes;
}

/* A name that holds "</script>" must not end the script. */
static void add_data(asx_text *page, const char *json)
{
    while (*json) {
        const size_t n = strcspn(json, "<");
        asx_text_add_bytes(page, json, n);
        json += n;
        if (*json == '<')
            asx_text_add(page, "\\u003c"), json++;
    }
}

/* The first mark in a text. @return N_PARTS: none */
static size_t find_mark(const char **at, const char *text)
{
    size_t first = N_PARTS;
    for (size_t i = 0; i < N_PARTS; i++) {
        const char *found = strstr(text, parts[i].mark);
        if (found && (first == N_PARTS || found < *at)) {
            first = i;
            *at = found;
        }
    }
    return first;
}

static void fill(asx_text *page, const char *html, const char *json)
{
    const char *at = NULL;
    for (size_t i; (i = find_mark(&at, html)) < N_PARTS; html = at + strlen(parts[i].mark)) {
        asx_text_add_bytes(page, html, (size_t)(at - html));
        if (parts[i].file)
            asx_text_add(page, "%s", text_of(parts[i].file));
        else
            add_data(page, json);
    }
    asx_text_add(page, "%s", html);
}

asx_status report_write(asx_text *page, const char *html, json_t *data, asx_error *err)
{
    char *json = json_dumps(data, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9));
    json_decref(data);
    if (!json_memory_lacked() && json)
        fill(page, text_of(html), json);
    else
        page->failed = true;
    free(json);
    return page->failed ? asx_fail(err, ASX_ENOMEM, "no memory for a report") : ASX_OK;
}
