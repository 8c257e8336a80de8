/* The program of the design that a command's arguments and options name. */
#ifndef ASX_CLI_PROGRAM_OPTIONS_H
#define ASX_CLI_PROGRAM_OPTIONS_H

#include "dse/design.h"
#include "eval/emit.h"
#include "eval/program.h"
#include "explore/session.h"
#include "option.h"

/* A design of a campaign with everything that a machine of it needs. */
typedef struct design_program {
    asx_session session;
    asx_design design;
    char *text; /* canonical, owned */
    asx_program *program;
} design_program;

/** Whether a design is named in one way, and a row by a number; ASX_EINVAL, ASX_EPARSE: wrong whatever files hold. */
ASX_NODISCARD asx_status design_program_check(const option_result *args, const char *design,
                                              asx_error *err);

/**
 * Opens a campaign file and a design, or a database and the number of a row of its front.
 * @param design  what '--design' says; NULL with a row
 * @param out     design_program_close it, after failure too
 */
ASX_NODISCARD asx_status design_program_open(design_program *out, const option_result *args,
                                             const char *design, asx_error *err);
void design_program_close(design_program *p);

/** Refuses an output that is one of the files which the campaign or database named keeps. */
ASX_NODISCARD asx_status design_program_keeps(const design_program *p, const char *output,
                                              const option_result *args, asx_error *err);

/** What is written of it, with bytes of the data set as images where it holds some; borrows from `p`. */
asx_emit design_program_emit(const design_program *p);

/** Prints the program's steps as a table. */
ASX_NODISCARD asx_status design_program_print(const design_program *p, const char *format,
                                              asx_error *err);

#endif
