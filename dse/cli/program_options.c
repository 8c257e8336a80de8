#include "program_options.h"

#include <stdlib.h>

#include "kept.h"
#include "session_options.h"
#include "table.h"
#include "text_checks.h"

asx_status design_program_check(const option_result *args, const char *design, asx_error *err)
{
    const bool stored = args->n_arguments > 1;
    if (stored && design)
        return asx_fail(err, ASX_EINVAL, "a row and '--design': which of them?");
    if (!stored && !design)
        return asx_fail(err, ASX_EINVAL, "which design? '--design TEXT', or a database and a row");
    return stored ? check_row(args->argument[1], err) : ASX_OK;
}

asx_status design_program_open(design_program *out, const option_result *args, const char *design,
                               asx_error *err)
{
    const bool stored = args->n_arguments > 1;
    char *row = NULL;
    asx_text text = {0};
    *out = (design_program){0};
    asx_status status =
        stored ? session_of_row(&out->session, &row, args->argument[0], args->argument[1], err)
               : session_open(&out->session, args->argument[0], err);
    if (status == ASX_OK)
        status = asx_design_parse(&out->design, stored ? row : design,
                                  asx_session_workload(&out->session), err);
    if (status == ASX_OK)
        status = asx_session_need_calibration(&out->session, err);
    if (status == ASX_OK)
        status = asx_program_new(&out->program, out->session.calibration, &out->design, err);
    if (status == ASX_OK) {
        asx_design_print(&text, &out->design, asx_session_workload(&out->session));
        if (text.failed)
            status = asx_fail(err, ASX_ENOMEM, "no memory for the design");
    }
    out->text = text.s;
    free(row);
    return status;
}

void design_program_close(design_program *p)
{
    asx_program_free(p->program);
    free(p->text);
    asx_design_fini(&p->design);
    asx_session_close(&p->session);
    *p = (design_program){0};
}

asx_status design_program_keeps(const design_program *p, const char *output,
                                const option_result *args, asx_error *err)
{
    return args->n_arguments > 1 ? kept_by_database(output, args->argument[0], err)
                                 : kept_by_session(output, &p->session, err);
}

asx_emit design_program_emit(const design_program *p)
{
    const asx_dataset *data = p->session.data;
    return (asx_emit){.program = p->program,
                      .network = asx_session_workload(&p->session)->name,
                      .design = p->text,
                      .data = asx_dataset_bytes(data, 0) ? data : NULL};
}

static const table_column columns[] = {{"step", TABLE_INTEGER, 0},  {"kind", TABLE_TEXT, 0},
                                       {"name", TABLE_TEXT, 0},     {"output", TABLE_TEXT, 0},
                                       {"format", TABLE_TEXT, 0},   {"weights", TABLE_INTEGER, 0},
                                       {"place", TABLE_INTEGER, 0}, {0}};

static void add_step(table *t, const asx_program *p, size_t number)
{
    const asx_step *s = &p->step[number];
    const asx_program_value *v = &p->value[s->output];
    const asx_format words = {s->weight_word, s->input_word};
    asx_text shape = {0}, format = {0};
    for (size_t i = 0; i < v->rank; i++)
        asx_text_add(&shape, "%s%zu", i ? "x" : "", v->dim[i]);
    if (s->n_weights)
        asx_format_print(&format, &words);
    table_integer(t, (long long)number);
    table_text(t, asx_step_text(s->kind));
    table_text(t, s->name);
    table_text(t, shape.failed ? NULL : shape.s);
    table_text(t, format.failed ? NULL : format.s);
    table_integer(t, (long long)s->n_weights);
    table_integer(t, (long long)v->place);
    asx_text_fini(&shape);
    asx_text_fini(&format);
}

asx_status design_program_print(const design_program *p, const char *format, asx_error *err)
{
    table *t = NULL;
    asx_status status = table_new(&t, NULL, columns, err);
    for (size_t i = 0; status == ASX_OK && i < p->program->n_steps; i++)
        add_step(t, p->program, i);
    if (status == ASX_OK)
        status = table_print(stdout, format, &t, 1, err);
    table_free(t);
    return status;
}
