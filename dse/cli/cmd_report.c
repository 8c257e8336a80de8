/* asx report: a campaign as one page to look at, to keep and to send. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "option.h"
#include "report.h"

static const option_usage usage = {
    .synopsis = "report DB -o FILE.html [--campaign NAME] [--tier TIER] [--where EXPR]",
    .about = "Writes a campaign as one self-contained page: the front to explore by mouse and "
             "keyboard, filters, a design's energy and layers, provenance, and how to reproduce "
             "it. The page needs no network and no other file.",
    .examples = "  asx report resnet20-cifar10.db -o report.html\n",
    .min_arguments = 1,
    .max_arguments = 1};

/* A file appears whole or not at all. */
static asx_status write_file(const char *path, const asx_text *page, asx_error *err)
{
    asx_text part = {0};
    asx_text_add(&part, "%s.part", path);
    if (part.failed)
        return asx_fail(err, ASX_ENOMEM, "no memory for a file's name");
    FILE *out = fopen(part.s, "wb");
    bool written = out && fwrite(page->s, 1, page->n, out) == page->n;
    if (out && fclose(out) != 0)
        written = false;
    asx_status st = ASX_OK;
    if (!written || rename(part.s, path) != 0) {
        st = asx_fail(err, ASX_EIO, "cannot write '%s': %s", path, strerror(errno));
        if (out)
            remove(part.s);
    }
    asx_text_fini(&part);
    return st;
}

static asx_status run(const char *db, const char *path, const front_options *options,
                      asx_error *err)
{
    asx_store *store = NULL;
    front f = {0};
    asx_text page = {0};
    asx_status st = asx_store_open(&store, db, ASX_STORE_READ, err);
    if (st == ASX_OK)
        st = front_load(&f, store, options, err);
    if (st == ASX_OK && f.n == 0)
        st = asx_fail(err, ASX_ENOTFOUND, "'%s' holds no evaluation%s", db,
                      options->where ? " that fits --where" : " yet");
    if (st == ASX_OK)
        st = report_page(&page, store, &f, db, options, err);
    if (st == ASX_OK)
        st = write_file(path, &page, err);
    asx_text_fini(&page);
    front_fini(&f);
    asx_store_free(store);
    return st;
}

int cmd_report(int argc, char **argv)
{
    front_options which = {0};
    const char *path = NULL;
    const option options[] = {{.name = "output",
                               .letter = 'o',
                               .kind = OPTION_TEXT,
                               .target = &path,
                               .argument = "FILE",
                               .help = "the page (required)"},
                              FRONT_OPTIONS(which),
                              {0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    if (!path) {
        fprintf(stderr, "asx report: where to? -o FILE.html\nusage: asx %s\n", usage.synopsis);
        return CMD_USAGE;
    }
    asx_error err = {0};
    return cmd_end(run(args.argument[0], path, &which, &err), &err);
}
