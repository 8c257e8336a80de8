/* asx --cite: BibTeX for the program, its method and a technology. */
#include <stdio.h>

#include "cite.h"
#include "cmd.h"
#include "explore/version.h"
#include "option.h"

static const option_usage usage = {
    .synopsis = "--cite [TECHNOLOGY]",
    .about = "Prints what to cite as BibTeX: this version of asx, the method that it follows, and, "
             "of a technology, the publications that its prices come from. 'asx export DB --format "
             "bibtex' does so for what a campaign used.",
    .examples = "  asx --cite nangate45 >asx.bib\n",
    .max_arguments = 1};

int cmd_cite(int argc, char **argv)
{
    const option options[] = {{0}};
    const option_result args = option_parse(argc, argv, options, &usage);
    if (args.done)
        return args.exit_code;
    asx_error err = {0};
    asx_text text = {0};
    asx_technology *technology = NULL;
    asx_status status = ASX_OK;
    if (args.n_arguments > 0 && check_technology(args.argument[0], &err) != ASX_OK)
        return option_misused(&usage, "%s", err.message);
    if (args.n_arguments > 0)
        status = asx_technology_load(&technology, args.argument[0], &err);
    if (status == ASX_OK) {
        cite_program(&text, asx_version());
        if (technology)
            cite_technology(&text, technology);
        if (text.failed)
            status = asx_fail(&err, ASX_ENOMEM, "no memory for a bibliography");
        else
            fputs(text.s, stdout);
    }
    asx_text_fini(&text);
    asx_technology_free(technology);
    return status == ASX_OK ? cmd_end_text() : cmd_end(status, &err);
}
